"""Layout of short parts side by side, in as many rows as the width needs."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """`spacing`: pixels between the parts and between the rows."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._living())

    def itemAt(self, index: int) -> QLayoutItem | None:
        living = self._living()
        return living[index] if 0 <= index < len(living) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._items = self._living()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def _living(self) -> list[QLayoutItem]:
        """The items that Python still knows.

        It forgets those of a closed window before Qt deletes the window; an error in one of Qt's own calls would end
        the program.
        """
        return [item for item in self._items if _is_known(item)]

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._living() if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        return QSize(width, max((size.height() for size in shown), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._living():
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Place the parts, unless the height alone is asked for; return the height."""
        x, y, row_height = rect.x(), rect.y(), 0
        for item in self._living():
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(rect.width(), item.sizeHint().height()))
            if x > rect.x() and x + size.width() > rect.x() + rect.width():
                x, y, row_height = rect.x(), y + row_height + self.spacing(), 0
            if moves:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            row_height = max(row_height, size.height())
        return y + row_height - rect.y()


def side_by_side(*parts: QWidget, spacing: int) -> QWidget:
    """Lay parts out in rows of a widget of their own, which asks its parent for the height of all rows."""
    holder = QWidget()
    layout = FlowLayout(holder, spacing=spacing)
    for part in parts:
        layout.addWidget(part)
    return holder


def _is_known(item: QLayoutItem) -> bool:
    try:
        item.isEmpty()
    except RuntimeError:
        return False
    return True
