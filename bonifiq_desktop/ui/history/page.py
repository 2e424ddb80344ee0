"""History page: search, filters, table of operations with its totals, details, export; a decision covers all of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.errors import RowsUnreadable
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.history_filter import EVERYTHING, Cursor, HistoryTotals, Waiting
from bonifiq_desktop.ui.history.detail_panel import DetailPanel
from bonifiq_desktop.ui.history.filter_bar import FilterBar
from bonifiq_desktop.ui.history.model import ID_ROLE, HistoryModel
from bonifiq_desktop.ui.history.table import HistoryTable
from bonifiq_desktop.ui.history.totals import TotalsLabel
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, ask_where_to_save
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.progress_row import ProgressRow
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    ExportHistory,
    HistoryChoices,
    LedgerUnavailable,
    Outcome,
    ReadHistoryChoices,
    ReadHistoryPage,
    ReadHistoryTotals,
    Status,
)

if TYPE_CHECKING:
    from bonifiq_desktop.ui.history.review_page import ReviewPage

_TYPING_PAUSE_MS, _TOTALS_PAUSE_MS = 200, 400
_MARGIN, _GAP = 24, 12  # pixels at 100 %


class HistoryPage(QWidget):
    """Loads pages as they scroll into sight; only the newest request of each sort is shown."""

    orderRequested = Signal(str)
    """Emitted with the number of an order that a person wants to see."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._first_page_request = self._next_page_request = self._evicted_page_request = self._totals_request = 0
        self._newest_request = self._choices_request = 0
        self._is_unusable = False
        self._announces_totals = False
        self.review: ReviewPage | None = None
        self._search = text_field("historySearch")
        self._search.setPlaceholderText(self.tr("Pedido, protocolo, cliente, CPF ou telefone"))
        self._search.setAccessibleName(self.tr("Procurar no histórico"))
        self._search.setClearButtonEnabled(True)
        self._search.installEventFilter(self)
        self._search_timer = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._totals_timer = QTimer(self, singleShot=True, interval=_TOTALS_PAUSE_MS)
        export = self.tr("Salvar planilha")
        self._export = ActionButton(
            "historyExport", export, "Ctrl+S", self._choose_file, icon="download", has_shortcut=True
        )
        self._filters = FilterBar()
        self._progress = ProgressRow(client, "historyExport")
        self._message = Notice("historyMessage")
        self._model = HistoryModel(self)
        self._table = HistoryTable(self._model)
        self._table.setAccessibleName(self.tr("Registros"))
        self._totals = TotalsLabel("historyTotals")
        self._detail = DetailPanel(client)
        self._clear_button = ActionButton(
            "historyClearFilters", self.tr("Limpar a procura e os filtros"), action=self._clear
        )
        self._empty = EmptyState("history", "", self._clear_button)
        self._empty.setObjectName("historyEmpty")
        self._layers = QStackedLayout(self)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self._empty.hide()
        listed = QGridLayout()
        listed.addWidget(self._table, 0, 0)
        listed.addWidget(self._totals, 1, 0)
        listed.addWidget(self._empty, 0, 0)  # over the table, whose rows are gone
        top = QHBoxLayout()
        top.setSpacing(px(_GAP))
        top.addWidget(label(self.tr("Histórico"), "title"))
        top.addWidget(self._search, 1)
        top.addWidget(self._export)
        below = QHBoxLayout()
        below.setSpacing(px(_GAP))
        below.addLayout(listed, 1)
        below.addWidget(self._detail)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(px(_MARGIN), px(_MARGIN) * 2 // 3, px(_MARGIN), px(_MARGIN) * 2 // 3)
        layout.setSpacing(px(_GAP))
        layout.addLayout(top)
        add_all(layout, self._filters, self._progress, self._message)
        layout.addLayout(below, 1)
        self._layers.addWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._detail.fit(self.width())

    def _connect(self) -> None:
        self._search_timer.timeout.connect(self._selection_changed)
        self._totals_timer.timeout.connect(self._read_totals)
        self._search.textChanged.connect(self._search_timer.start)
        self._search.returnPressed.connect(self._selection_changed)
        self._filters.changed.connect(self._selection_changed)
        self._model.nextPageNeeded.connect(self._load_next_page)
        self._model.evictedPageNeeded.connect(self._load_evicted_page)
        self._table.selectionModel().currentRowChanged.connect(self._select_row)
        self._table.activated.connect(self._detail.open_order)
        self._detail.failed.connect(self._message.show_error)
        self._detail.operationChanged.connect(self._operation_changed)
        self._detail.decisionRequested.connect(self._show_review)
        self._detail.orderRequested.connect(self.orderRequested)
        self._client.operationChanged.connect(self._operation_changed)
        self._client.statusChanged.connect(self._status_changed)
        self._client.shopDatabaseChanged.connect(self._shop_changed)
        self._client.ledgerUnavailable.connect(self._ledger_unavailable)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.review is not None and not self.review.is_half_typed():
            self._leave_review()
        if self.review is not None:
            self.review.setFocus()
            return
        self.reload()
        self._choices_request = self._client.submit(ReadHistoryChoices(), self._choices_read)
        self._search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the down arrow lead from the search to the rows."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self._table.setFocus()
            return True
        return super().eventFilter(watched, event)

    # --- what is shown

    def show_waiting(self, waiting: Waiting, search: str = "") -> None:
        """Show what waits for its system or for a person, or everything that a text finds."""
        self._leave_review()
        self._search.setText(search)
        self._filters.show_waiting(waiting)

    @Slot()
    def _clear(self) -> None:
        self._search.clear()
        self._filters.reset()
        self._search.setFocus()
        self._selection_changed()

    @Slot()
    def _selection_changed(self) -> None:
        self._announces_totals = True
        self.reload()

    @Slot()
    def reload(self) -> None:
        self._search_timer.stop()
        self._next_page_request = self._evicted_page_request = self._totals_request = self._newest_request = 0
        command = ReadHistoryPage(self._search.text(), filter=self._filters.filter)
        self._first_page_request = self._client.submit(command, self._loaded)

    def _loaded(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._first_page_request:
            return
        rows, damaged = self._readable_rows(outcome)
        if rows is None:
            if not self._model.rowCount():
                self._show_unusable()
            return
        if outcome.error is None:
            self._message.clear()
        self._model.show_first_page(rows, damaged)
        if rows:
            self._empty.hide()
            self._detail.show()
            shown = (row for row, operation in enumerate(rows) if operation.operation_id == self._detail.requested_id)
            self._table.setCurrentIndex(self._model.index(next(shown, 0), 0))
        else:
            is_filtered = bool(self._search.text().strip()) or self._filters.filter != EVERYTHING
            sentence = self.tr("Nada encontrado.") if is_filtered else self.tr("Nada registrado ainda neste caixa.")
            self._show_empty("search" if is_filtered else "history", sentence, clearable=is_filtered)
        self._read_totals()

    def _show_empty(self, icon: str, sentence: str, *, clearable: bool = False) -> None:
        self._clear_button.setVisible(clearable)
        self._empty.show_state(icon, sentence)
        self._empty.show()
        self._detail.clear()
        self._detail.hide()

    def _show_unusable(self) -> None:
        """Say that the history is unusable: an unreadable history must not look empty."""
        self._show_empty("alert", self.tr("O histórico está fora de uso. O aviso acima diz o que fazer."))

    def _readable_rows(self, outcome: Outcome[list[Operation]]) -> tuple[list[Operation] | None, int]:
        """Return the readable rows and the count of damaged ones; show the error. None: nothing was read."""
        if outcome.error is None:
            return outcome.value or [], 0
        if not self._is_unusable:  # the window has one notice of an unusable ledger
            self._message.show_error(outcome.error)
        if isinstance(outcome.error, RowsUnreadable):
            return outcome.error.readable, outcome.error.unreadable_count
        return None, 0

    @Slot(object)
    def _load_next_page(self, before: Cursor) -> None:
        command = ReadHistoryPage(self._search.text(), before, self._filters.filter)
        self._next_page_request = self._client.submit(command, self._append_page)

    def _append_page(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._next_page_request:
            return  # requested before the search changed
        rows, damaged = self._readable_rows(outcome)
        if rows is not None:
            self._model.append_page(rows, damaged)

    @Slot(object)
    def _load_evicted_page(self, before: Cursor) -> None:
        command = ReadHistoryPage(self._search.text(), before, self._filters.filter)
        self._evicted_page_request = self._client.submit(command, self._restore_page)

    def _restore_page(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._evicted_page_request:
            return
        rows, damaged = self._readable_rows(outcome)
        if rows is None:
            self._model.cancel_restore()
        else:
            self._model.restore_page(rows, damaged)

    @Slot(QModelIndex, QModelIndex)
    def _select_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._detail.request(int(current.data(ID_ROLE)))

    @Slot()
    def _read_totals(self) -> None:
        command = ReadHistoryTotals(self._search.text(), self._filters.filter)
        self._totals_request = self._client.submit(command, self._show_totals)

    def _show_totals(self, outcome: Outcome[HistoryTotals]) -> None:
        if outcome.request_id != self._totals_request:
            return
        self._totals.clear()
        if outcome.value is not None:
            self._totals.show_totals(outcome.value)
        if self._announces_totals:
            self._announces_totals = False
            announce(self._totals, self._totals.text() or self.tr("Nada encontrado."))

    def _choices_read(self, outcome: Outcome[HistoryChoices]) -> None:
        if outcome.value is None or outcome.request_id != self._choices_request:
            return
        before = self._filters.filter
        self._filters.show_choices(outcome.value)
        if self._filters.filter != before:  # the chosen person, system or till is gone
            self.reload()

    # --- changes while it is shown

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if not self.isVisible():
            return
        is_there = self._model.update_operation(operation)
        if not is_there or self._filters.filter.waiting:
            self.reload()
            return
        self._totals_timer.start()
        if operation.operation_id == self._detail.requested_id:
            self._detail.request(operation.operation_id)

    @Slot()
    def _shop_changed(self) -> None:
        """Read the newest page again; a person who scrolled away from it is not disturbed."""
        if self.isVisible() and self.review is None and not self._table.verticalScrollBar().value():
            command = ReadHistoryPage(self._search.text(), filter=self._filters.filter)
            self._newest_request = self._client.submit(command, self._compare_newest)

    def _compare_newest(self, outcome: Outcome[list[Operation]]) -> None:
        is_current = outcome.request_id == self._newest_request
        if is_current and outcome.value is not None and not self._model.begins_with(outcome.value):
            self.reload()

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        self._filters.show_counts(status)
        if self._is_unusable:
            self._is_unusable = False
            self._set_usable(usable=True)
            if self.isVisible():
                self.reload()

    def _set_usable(self, *, usable: bool) -> None:
        for part in (self._filters, self._export):
            part.setEnabled(usable)

    @Slot(object)
    def _ledger_unavailable(self, _unavailable: LedgerUnavailable) -> None:
        self._is_unusable = True
        self._leave_review()
        self._message.clear()
        self._model.show_first_page([])
        self._totals.clear()
        self._set_usable(usable=False)
        self._show_unusable()

    # --- decisions

    @Slot(object)
    def _show_review(self, details: OperationDetails) -> None:
        from bonifiq_desktop.ui.history.review_page import ReviewPage  # most days need no decision

        self._leave_review()
        self.review = ReviewPage(self._client, details, self)
        self.review.finished.connect(self._reviewed)
        self._layers.addWidget(self.review)
        self._layers.setCurrentWidget(self.review)
        self.review.setFocus()

    def _leave_review(self) -> None:
        if self.review is not None:
            self.review.reject()

    @Slot()
    def _reviewed(self) -> None:
        page, self.review = self.review, None
        if page is not None:
            self._layers.setCurrentIndex(0)
            self._layers.removeWidget(page)
            page.deleteLater()
            self._table.setFocus()
            self.reload()

    # --- export

    @Slot()
    def _choose_file(self) -> None:
        ask_where_to_save(
            self,
            "historyExportDialog",
            self.tr("Salvar o que a lista mostra"),
            file_name="historico-bonifiq",
            filters={
                self.tr("Planilha do Excel (*.xlsx)"): "xlsx",
                self.tr("CSV, para outros programas (*.csv)"): "csv",
            },
            save=self.export_to,
        )

    @Slot(str)
    def export_to(self, path: str) -> None:
        """Save what the search and the filters select, to an XLSX or CSV file."""
        if not self._progress.is_running:
            self._message.clear()
            self._progress.begin(ExportHistory, self.tr("Salvando a planilha…"))
            command = ExportHistory(path, self._search.text(), self._filters.filter)
            self._client.submit(command, self._exported)

    def _exported(self, outcome: Outcome[int]) -> None:
        self._progress.end()
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Planilha salva com %n linha(s).", "", outcome.value or 0))
