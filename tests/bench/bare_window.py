"""A QMainWindow with nothing in it: the least that any window costs."""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow


def main() -> int:
    """Show it until it is killed."""
    qt = QApplication(sys.argv)
    window = QMainWindow()
    window.show()
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
