"""The bare window, a yardstick for the size and start of a packaged PySide6 program. It is not shipped.

Prints nothing; ends after its first full paint, as the program does with `--quit-when-ready`.
"""

import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow


class _Painted(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, QApplication.quit)
        return super().eventFilter(watched, event)


def main() -> int:
    """Show a window until it is painted."""
    qt = QApplication(sys.argv)
    window = QMainWindow()
    painted = _Painted()
    window.installEventFilter(painted)
    window.show()
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main())
