"""Choice of the day: today, earlier open days with the oldest first, or any day by its date."""

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.day_close import DayReport
from bonifiq_desktop.ui.messages.day_close import day_with_weekday
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.date_field import DateField
from bonifiq_desktop.ui.widgets.labels import label

_WIDTH, _GAP = 296, 8  # pixels at 100 %


class DayChooser(QWidget):
    """`chosen` carries the day; it shows nothing new by itself."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._list = Choice("dayChoice", [], segments=False)
        self._list.setAccessibleName(self.tr("Dia"))
        self._list.changed.connect(self.chosen)
        self._date = DateField("dayDate", self.tr("Outro dia, pela data"))
        self._date.changed.connect(self._date_changed)
        self._list.setMinimumWidth(px(_WIDTH))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(_GAP))
        row.addWidget(self._list)
        row.addWidget(label(self.tr("ou"), "muted"))
        row.addWidget(self._date)
        self.setFocusProxy(self._list)

    def show_report(self, report: DayReport, today: date) -> None:
        """Offer today and the earlier open days, with the report's day chosen."""
        entries = [(today, day_with_weekday(today, today))]
        entries += [
            (day, self.tr("{0} (aberto)").format(day_with_weekday(day, today)))
            for day in report.earlier_open_days
            if day not in {today, report.day}
        ]
        if report.day != today:
            entries.insert(1, (report.day, day_with_weekday(report.day, today)))
        self._list.set_entries(entries)
        self._list.set_value(report.day)
        was_blocked = self._date.blockSignals(True)
        self._date.set_day(report.day)
        self._date.blockSignals(was_blocked)

    @Slot()
    def _date_changed(self) -> None:
        self.chosen.emit(self._date.day)
