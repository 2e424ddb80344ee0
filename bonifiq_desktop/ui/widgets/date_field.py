"""A field for one day of the calendar, and two of them for a period."""

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.labels import label

# Systems give a till no earlier time zone data, and a later day than the last one has no midnight after it.
_FIRST, _LAST = QDate(2000, 1, 1), QDate(2099, 12, 31)
_GAP = 8  # pixels at 100 %


class DateField(QDateEdit):
    """A day, today at first; typed as `28/11/2026` or chosen in a calendar. The mouse wheel scrolls past it.

    `changed` carries no half-typed day: it comes at Enter, when the focus leaves, or from the calendar.
    """

    changed = Signal()

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__(QDate.currentDate())
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setDateRange(_FIRST, _LAST)
        self.setDisplayFormat("dd/MM/yyyy")
        self.setCalendarPopup(True)
        self.setKeyboardTracking(False)
        self._told = self.day
        self.dateChanged.connect(self._tell)

    @property
    def day(self) -> date:
        return date(self.date().year(), self.date().month(), self.date().day())

    def set_day(self, day: date) -> None:
        """Show a day between 2000 and 2099; `changed` follows where it is another one."""
        self.setDate(QDate(day.year, day.month, day.day))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a typed day replace the whole one; Qt drops digits where more than one section is selected."""
        whole = self.lineEdit().selectedText() == self.text()
        if whole or event.key() == Qt.Key.Key_Home:
            self.setSelectedSection(QDateEdit.Section.DaySection)
        if event.key() != Qt.Key.Key_Home:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab leave the field; Qt stops at day, month and year, where the arrows lead as well."""
        parent = self.parentWidget()
        return parent is not None and bool(parent.focusNextPrevChild(forward))

    @Slot()
    def _tell(self) -> None:
        """Emit `changed`; Qt repeats an unchanged day at Enter."""
        if self.day != self._told:
            self._told = self.day
            self.changed.emit()


class DateRange(QWidget):
    """`De [first] até [last]`, both days included; a day that passes the other one takes it along.

    `names`: the object names of both fields. `changed`: comes once for each change of the period.
    """

    changed = Signal()

    def __init__(self, names: tuple[str, str]) -> None:
        super().__init__()
        self._first, self._last = (
            DateField(name, accessible) for name, accessible in zip(names, (self.tr("De"), self.tr("Até")), strict=True)
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(_GAP))
        for caption, field in ((self.tr("De"), self._first), (self.tr("até"), self._last)):
            row.addWidget(label(caption))
            row.addWidget(field)
        self.setFocusProxy(self._first)
        self._first.changed.connect(self._first_changed)
        self._last.changed.connect(self._last_changed)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return self._first.day, self._last.day

    def set_days(self, first: date, last: date) -> None:
        """Show a period, without a signal."""
        was_blocked = self.blockSignals(True)
        self._first.set_day(first)
        self._last.set_day(last)
        self.blockSignals(was_blocked)

    @Slot()
    def _first_changed(self) -> None:
        if self._last.day < self._first.day:
            self._last.set_day(self._first.day)  # emits for both
        else:
            self.changed.emit()

    @Slot()
    def _last_changed(self) -> None:
        if self._last.day < self._first.day:
            self._first.set_day(self._last.day)  # emits for both
        else:
            self.changed.emit()
