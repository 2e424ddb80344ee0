"""An empty QMainWindow: the least that a window costs."""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow


def main() -> int:
    """Show the window until the process is killed."""
    qt = QApplication(sys.argv)
    window = QMainWindow()
    window.show()
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
