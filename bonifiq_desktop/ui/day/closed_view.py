"""View of the closed days: a list, the newest first, that reads older ones as it is scrolled."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.day_close import ClosedDay
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.day.day_view import today
from bonifiq_desktop.ui.day.rows import closed_row
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadClosedDays

_GAP = 12  # pixels at 100 %


class ClosedView(QWidget):
    """`dayChosen` carries the day of the row that was clicked, or that Enter was pressed on."""

    dayChosen = Signal(object)

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._days: list[ClosedDay] = []
        self._request_id = 0
        self._is_complete = False
        self._message = Notice("closedDaysMessage")
        self._rows = RowList("closedDays", self.tr("Dias fechados, o mais novo primeiro"), two_lines=True)
        self._rows.chosen.connect(self.dayChosen)
        self._rows.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._empty = EmptyState("day", "")
        self._empty.setObjectName("closedDaysEmpty")
        self._empty.hide()
        layout = lay_out(self, self._message, spacing=px(_GAP))
        layout.addWidget(self._rows, 1)
        layout.addWidget(self._empty, 1)
        client.sessionChanged.connect(self._session_changed)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        self._rows.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._request_id = self._client.submit(ReadClosedDays(), self._first_page)

    @Slot(object)
    def _session_changed(self, _session: Session) -> None:
        """Forget what the last person saw; the next look reads it again."""
        self._request_id = 0
        self._days.clear()
        self._rows.show_rows([])

    def _first_page(self, outcome: Outcome[tuple[ClosedDay, ...]]) -> None:
        if outcome.request_id == self._request_id:
            self._request_id = 0
            self._days.clear()
            self._add(outcome)

    def _next_page(self, outcome: Outcome[tuple[ClosedDay, ...]]) -> None:
        if outcome.request_id == self._request_id:
            self._request_id = 0
            self._add(outcome)

    def _add(self, outcome: Outcome[tuple[ClosedDay, ...]]) -> None:
        self._message.clear()
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        page = outcome.value or ()
        self._is_complete = outcome.error is None and not page
        self._days += page
        chosen, scrolled = self._rows.currentIndex().row(), self._rows.verticalScrollBar().value()
        self._rows.show_rows(
            [closed_row(day, today()) for day in self._days], chosen if len(self._days) > len(page) else -1
        )
        self._rows.verticalScrollBar().setValue(scrolled)
        self._rows.setVisible(bool(self._days))
        self._empty.setVisible(not self._days)
        sentence = self.tr("Nenhum dia foi fechado ainda neste caixa.")
        failed = self.tr("Os dias fechados não puderam ser lidos.")
        self._empty.show_state("alert" if outcome.error else "day", failed if outcome.error else sentence)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        """Read older days when the end of the list comes into sight."""
        at_end = value >= self._rows.verticalScrollBar().maximum()
        if at_end and self._days and not self._is_complete and not self._request_id:
            self._request_id = self._client.submit(ReadClosedDays(self._days[-1].day), self._next_page)
