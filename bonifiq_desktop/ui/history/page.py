"""History page: search, table of operations, details of the selected one, export."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ledger.errors import RowsUnreadable
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ui.history.detail import details_html
from bonifiq_desktop.ui.history.model import ID_ROLE, HistoryModel
from bonifiq_desktop.ui.history.review_dialog import ReviewDialog
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, ask_where_to_save
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.ui.widgets.tables import style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    AcknowledgeContradiction,
    ExportHistory,
    Outcome,
    ReadHistoryPage,
    ReadOperationDetails,
    Status,
    WithdrawOperation,
)

_TYPING_PAUSE_MS = 200


class HistoryPage(QWidget):
    """Loads pages as they scroll into sight; only the newest request of each sort is shown."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._first_page_request = 0
        self._next_page_request = 0
        self._evicted_page_request = 0
        self._details_request = 0
        self._shown_id: int | None = None
        self._details: OperationDetails | None = None
        self._status: Status | None = None
        self._search = text_field("historySearch")
        self._search.setPlaceholderText(self.tr("Número do pedido ou protocolo"))
        self._search.setAccessibleName(self.tr("Procurar no histórico"))
        self._search_timer = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._search_timer.timeout.connect(self.reload)
        self._search.textEdited.connect(self._search_timer.start)
        self._search.returnPressed.connect(self.reload)
        self._export = KeyButton("historyExport", self.tr("Salvar planilha"), "Ctrl+S", has_shortcut=True)
        self._export.clicked.connect(self._choose_file)
        self._message = Banner("historyMessage")
        self._model = HistoryModel(self)
        self._model.nextPageNeeded.connect(self._load_next_page)
        self._model.evictedPageNeeded.connect(self._load_evicted_page)
        self._table = _table(self._model)
        self._table.setAccessibleName(self.tr("Registros"))
        self._table.selectionModel().currentRowChanged.connect(self._select_row)
        self._detail = QTextBrowser()
        self._detail.setObjectName("historyDetail")
        self._detail.setAccessibleName(self.tr("Detalhes do registro"))
        self._detail.setOpenLinks(False)
        self._withdraw = KeyButton("historyWithdraw", self.tr("Desistir (ainda não enviado)"), look="danger")
        self._withdraw.clicked.connect(self._withdraw_shown)
        self._decide = KeyButton(
            "historyDecide", self.tr("Decidir"), "F8", look="dangerMain", has_shortcut=True, tall=True
        )
        self._decide.clicked.connect(self._open_review)
        self._acknowledge = KeyButton(
            "historyAcknowledge", self.tr("Já verifiquei"), "F12", look="dangerMain", has_shortcut=True, tall=True
        )
        self._acknowledge.clicked.connect(self._acknowledge_shown)
        self._hide_actions()
        self._arrange()
        client.operationChanged.connect(self._operation_changed)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._search, 1)
        top.addWidget(self._export)
        right = QWidget()
        right.setMinimumWidth(260)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self._detail, 1)
        add_all(side, self._withdraw, self._decide, self._acknowledge)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._table)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        split.setSizes([640, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(10)
        add_all(layout, label(self.tr("Histórico deste caixa"), "title"), top, self._message)
        layout.addWidget(split, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reload()
        self._search.setFocus()

    @Slot()
    def reload(self) -> None:
        """Load the newest page that matches the search."""
        self._next_page_request = self._evicted_page_request = 0
        self._first_page_request = self._client.submit(ReadHistoryPage(self._search.text()), self._loaded)

    def _loaded(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._first_page_request:
            return
        page, left_out = self._readable_rows(outcome)
        if page is None:
            if not self._model.rowCount():  # an unreadable history must not look empty
                self._detail.setPlainText(self.tr("O histórico está fora de uso agora."))
            return
        if outcome.error is None:
            self._message.clear()
        self._model.show_first_page(page, left_out)
        if page:
            row = next((i for i, o in enumerate(page) if o.operation_id == self._shown_id), 0)
            self._table.setCurrentIndex(self._model.index(row, 0))
        else:
            self._show_empty()

    def _readable_rows(self, outcome: Outcome[list[Operation]]) -> tuple[list[Operation] | None, int]:
        """Return the readable rows and the count of damaged ones; show the error. None: nothing was read."""
        if outcome.error is None:
            return outcome.value or [], 0
        self._message.show_message(message_for_error(outcome.error))
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
        page, left_out = self._readable_rows(outcome)
        if page is not None:
            self._model.append_page(page, left_out)

    @Slot(int)
    def _load_evicted_page(self, before_id: int) -> None:
        self._evicted_page_request = self._client.submit(
            ReadHistoryPage(self._search.text(), before_id), self._restore_page
        )

    def _restore_page(self, outcome: Outcome[list[Operation]]) -> None:
        if outcome.request_id != self._evicted_page_request:
            return
        page, left_out = self._readable_rows(outcome)
        if page is None:
            self._model.cancel_restore()
        else:
            self._model.restore_page(page, left_out)

    def _show_empty(self) -> None:
        self._shown_id = None
        self._hide_actions()
        empty = self.tr("Nada encontrado.") if self._search.text() else self.tr("Nada registrado ainda neste caixa.")
        self._detail.setHtml(f"<p style='font-size:large'>{empty}</p>")

    def _hide_actions(self) -> None:
        self._details = None
        for button in (self._withdraw, self._decide, self._acknowledge):
            button.hide()

    @Slot(QModelIndex, QModelIndex)
    def _select_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._shown_id = int(current.data(ID_ROLE))
            self._details_request = self._client.submit(ReadOperationDetails(self._shown_id), self._show_details)

    def _show_details(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.request_id != self._details_request:
            return
        if outcome.value is None:  # never leave another operation's details beside this row
            self._detail.clear()
            self._hide_actions()
            if outcome.error is not None:
                self._message.show_message(message_for_error(outcome.error))
            return
        self._detail.setHtml(details_html(outcome.value, self._status))
        self._details = outcome.value
        self._withdraw.setVisible(outcome.value.operation.state is State.QUEUED)
        self._decide.setVisible(outcome.value.operation.state is State.REVIEW)
        self._acknowledge.setVisible(outcome.value.operation.contradicted)

    def set_status(self, status: Status) -> None:
        """Show the details again when the connection or the reason for stopped sending changes."""
        before, self._status = self._status, status
        was = (before.connection, before.stopped_by_credentials) if before else None
        if self._details is not None and was != (status.connection, status.stopped_by_credentials):
            self._detail.setHtml(details_html(self._details, status))

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if not self.isVisible():
            return
        if not self._model.update_operation(operation):
            self.reload()
        elif operation.operation_id == self._shown_id:
            self._details_request = self._client.submit(
                ReadOperationDetails(operation.operation_id), self._show_details
            )

    @Slot()
    def _open_review(self) -> None:
        if self._details is not None and self._details.operation.state is State.REVIEW:
            dialog = ReviewDialog(self._client, self._details, self)
            dialog.finished.connect(self._reviewed)
            dialog.open()

    @Slot()
    def _reviewed(self) -> None:
        self.window().activateWindow()
        self.reload()

    @Slot()
    def _acknowledge_shown(self) -> None:
        if self._details is not None and self._details.operation.contradicted:
            self._acknowledge.hide()
            self._client.submit_with_approval(
                AcknowledgeContradiction(self._details.operation.operation_id), self._acknowledged, asker=self
            )

    def _acknowledged(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self._acknowledge.show()
            self._message.show_message(message_for_error(outcome.error))
        elif outcome.value is not None:
            self._operation_changed(outcome.value)

    @Slot()
    def _withdraw_shown(self) -> None:
        if self._shown_id is not None:
            self._withdraw.hide()
            self._client.submit(WithdrawOperation(self._shown_id), self._withdrawn)

    def _withdrawn(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self._message.show_message(message_for_error(outcome.error))
        self.reload()

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
        """Save the whole history to a file."""
        self._client.submit(ExportHistory(path), self._exported)

    def _exported(self, outcome: Outcome[int]) -> None:
        if outcome.error is not None:
            self._message.show_message(message_for_error(outcome.error))
        else:
            self._message.show_message(
                Message("success", self.tr("Planilha salva com %n registro(s).", "", outcome.value or 0))
            )


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
