"""A row of fields that makes one entry of a list: Enter goes through it, adds the entry, and begins the next one."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableWidget, QWidget

from bonifiq_desktop.ui.widgets.keys import is_enter


class EntryRow(QWidget):
    """`finished`: Enter where nothing is typed, or where it cannot make an entry: the form goes on, Enter never stops.

    A subclass has `half_typed` and `add`, and calls `link`. The focus given to it goes to its first field.
    """

    edited = Signal()
    finished = Signal()

    def is_half_typed(self) -> bool:
        """Whether something is typed that is no entry yet."""
        raise NotImplementedError

    def add(self) -> bool:
        """Make an entry of what is typed; False when something is missing, which is marked."""
        raise NotImplementedError

    def link_fields(self, *fields: QWidget, required: int) -> None:
        """The fields in their order; `asked`: how many of them an empty row is asked for before it is finished."""
        self._fields, self._required = fields, required
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(fields[0])
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event):
            self._enter_pressed(next(place for place, field in enumerate(self._fields) if field is watched))
            return True  # or it would reach the form as well, and go on from there
        return super().eventFilter(watched, event)

    def _enter_pressed(self, place: int) -> None:
        following = [field for field in self._fields[place + 1 :] if not field.isHidden()]
        if following and (self.is_half_typed() or place + 1 < self._required):
            following[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif not self.is_half_typed() or not self.add():
            self.finished.emit()


class EntryTable(QTableWidget):
    """The entries made so far; Delete takes one out."""

    deletePressed = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.deletePressed.emit(self.currentRow())
        else:
            super().keyPressEvent(event)
