"""History page: search, table of operations, export."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QSplitter, QTableView, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.errors import RowsUnreadable
from bonifiq_desktop.ui.history.detail_panel import DetailPanel
from bonifiq_desktop.ui.history.model import ID_ROLE, HistoryModel
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, lay_out
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.ui.widgets.tables import style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import ExportHistory, Outcome, ReadHistoryPage

_TYPING_PAUSE_MS = 200


class HistoryPage(QWidget):
    """Loads pages as they scroll into sight; only the newest request of each sort is shown."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._first_page_request = 0
        self._next_page_request = 0
        self._evicted_page_request = 0
        self._search = text_field("historySearch")
        self._search.setPlaceholderText(self.tr("Número do pedido ou protocolo"))
        self._search.setAccessibleName(self.tr("Procurar no histórico"))
        self._search_timer = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._search_timer.timeout.connect(self.reload)
        self._search.textEdited.connect(self._search_timer.start)
        self._search.returnPressed.connect(self.reload)
        export = self.tr("Salvar planilha")
        self._export = KeyButton("historyExport", export, "Ctrl+S", self._choose_file, has_shortcut=True)
        self._message = Banner("historyMessage")
        self._model = HistoryModel(self)
        self._model.nextPageNeeded.connect(self._load_next_page)
        self._model.evictedPageNeeded.connect(self._load_evicted_page)
        self._table = _table(self._model)
        self._table.setAccessibleName(self.tr("Registros"))
        self._table.selectionModel().currentRowChanged.connect(self._select_row)
        self._detail = DetailPanel(client)
        self._detail.failed.connect(self._message.show_error)
        self._detail.operationChanged.connect(self._operation_changed)
        self._detail.reloadNeeded.connect(self.reload)
        self._arrange()
        client.operationChanged.connect(self._operation_changed)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._search, 1)
        top.addWidget(self._export)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._table)
        split.addWidget(self._detail)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        split.setSizes([640, 300])
        title = label(self.tr("Histórico deste caixa"), "title")
        layout = lay_out(self, title, top, self._message, margins=(24, 16, 24, 16), spacing=10)
        layout.addWidget(split, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._search.setFocus()

    @Slot()
    def reload(self) -> None:
        self._next_page_request = self._evicted_page_request = 0
        self._first_page_request = self._client.submit(ReadHistoryPage(self._search.text()), self._loaded)

    def _loaded(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._first_page_request:
            return
        rows, damaged = self._readable_rows(outcome)
        if rows is None:
            if not self._model.rowCount():
                self._detail.show_unusable()
            return
        if outcome.error is None:
            self._message.clear()
        self._model.show_first_page(rows, damaged)
        if rows:
            shown = (row for row, operation in enumerate(rows) if operation.operation_id == self._detail.shown_id)
            self._table.setCurrentIndex(self._model.index(next(shown, 0), 0))
        else:
            nothing_found, empty = self.tr("Nada encontrado."), self.tr("Nada registrado ainda neste caixa.")
            self._detail.show_hint(nothing_found if self._search.text() else empty)

    def _readable_rows(self, outcome: Outcome[list[Operation]]) -> tuple[list[Operation] | None, int]:
        """Return the readable rows and the count of damaged ones; show the error. None: nothing was read."""
        if outcome.error is None:
            return outcome.value or [], 0
        self._message.show_error(outcome.error)
        if isinstance(outcome.error, RowsUnreadable):
            return outcome.error.readable, outcome.error.unreadable_count
        return None, 0

    @Slot(int)
    def _load_next_page(self, before_id: int) -> None:
        self._next_page_request = self._client.submit(
            ReadHistoryPage(self._search.text(), before_id), self._append_page
        )

    def _append_page(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._next_page_request:
            return  # requested before the search changed
        rows, damaged = self._readable_rows(outcome)
        if rows is not None:
            self._model.append_page(rows, damaged)

    @Slot(int)
    def _load_evicted_page(self, before_id: int) -> None:
        self._evicted_page_request = self._client.submit(
            ReadHistoryPage(self._search.text(), before_id), self._restore_page
        )

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

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if not self.isVisible():
            return
        if not self._model.update_operation(operation):
            self.reload()
        elif operation.operation_id == self._detail.shown_id:
            self._detail.request(operation.operation_id)

    @Slot()
    def _choose_file(self) -> None:
        ask_where_to_save(
            self,
            "historyExportDialog",
            self.tr("Salvar o histórico"),
            file_name="historico-bonifiq",
            filters={
                self.tr("Planilha do Excel (*.xlsx)"): "xlsx",
                self.tr("CSV, para outros programas (*.csv)"): "csv",
            },
            save=self.export_to,
        )

    @Slot(str)
    def export_to(self, path: str) -> None:
        self._client.submit(ExportHistory(path), self._exported)

    def _exported(self, outcome: Outcome[int]) -> None:
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Planilha salva com %n registro(s).", "", outcome.value or 0))


def _table(model: HistoryModel) -> QTableView:
    table = QTableView()
    table.setObjectName("historyTable")
    table.setModel(model)
    style_table(table, 40)
    table.setTextElideMode(Qt.TextElideMode.ElideLeft)  # the end of a long order number tells it from its neighbours
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    header.setMinimumSectionSize(70)
    table.setMinimumWidth(360)
    return table
