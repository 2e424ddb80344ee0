"""Choice of a report's period: today, seven days, this month, this year, or two days."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.date_field import DateRange
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout

_TODAY, _WEEK, _MONTH, _YEAR, _RANGE = "today", "week", "month", "year", "range"
_GAP = 8  # pixels at 100 %


class PeriodBar(QWidget):
    """Object names: `<name>Period`, `<name>From`, `<name>To`. `changed`: another period is chosen."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._choice = Choice(
            f"{name}Period",
            [
                (_TODAY, self.tr("Hoje")),
                (_WEEK, self.tr("7 dias")),
                (_MONTH, self.tr("Mês")),
                (_YEAR, self.tr("Ano")),
                (_RANGE, self.tr("Período")),
            ],
        )
        self._choice.setAccessibleName(self.tr("Período"))
        self._choice.set_value(_MONTH)
        self._range = DateRange((f"{name}From", f"{name}To"))
        self._range.set_days(*self.days)
        self._range.hide()
        layout = FlowLayout(self, spacing=px(_GAP))
        layout.addWidget(self._choice)
        layout.addWidget(self._range)
        self.setFocusProxy(self._choice)
        self._choice.changed.connect(self._chosen)
        self._range.changed.connect(self.changed)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, up to today for a named period."""
        today = datetime.now().astimezone().date()
        match self._choice.value():
            case "today":
                return today, today
            case "week":
                return today - timedelta(days=6), today
            case "month":
                return today.replace(day=1), today
            case "year":
                return today.replace(month=1, day=1), today
            case _:
                return self._range.days

    @Slot()
    def _chosen(self) -> None:
        is_range = self._choice.value() == _RANGE
        self._range.setVisible(is_range)
        if is_range:
            self._range.setFocus()
        self.changed.emit()
