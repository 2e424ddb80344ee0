"""Panel beside the history table: details of the selected operation, and the buttons that act on it."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTextBrowser, QWidget

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ui.history.detail import details_html
from bonifiq_desktop.ui.history.review_dialog import ReviewDialog
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    AcknowledgeContradiction,
    Outcome,
    ReadOperationDetails,
    Status,
    WithdrawOperation,
)


class DetailPanel(QWidget):
    """Shows the details that were requested last; a button is visible while its action is allowed."""

    failed = Signal(object)
    """Emitted with the error of a request or an action."""
    operationChanged = Signal(object)
    reloadNeeded = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._request_id = 0
        self._details: OperationDetails | None = None
        self._status: Status | None = None
        self.shown_id: int | None = None
        self._text = QTextBrowser()
        self._text.setObjectName("historyDetail")
        self._text.setAccessibleName(self.tr("Detalhes do registro"))
        self._text.setOpenLinks(False)
        give_up = self.tr("Desistir (ainda não enviado)")
        self._withdraw = KeyButton("historyWithdraw", give_up, action=self._withdraw_shown, look="danger")
        self._decide = self._urgent_button("historyDecide", self.tr("Decidir"), "F8", self._open_review)
        verified = self.tr("Já verifiquei")
        self._acknowledge = self._urgent_button("historyAcknowledge", verified, "F12", self._acknowledge_shown)
        self._hide_actions()
        self.setMinimumWidth(260)
        client.statusChanged.connect(self._status_changed)
        lay_out(self, self._text, self._withdraw, self._decide, self._acknowledge).setStretch(0, 1)

    def _urgent_button(self, name: str, text: str, key: str, action: Callable[[], None]) -> KeyButton:
        return KeyButton(name, text, key, action, look="dangerMain", has_shortcut=True, tall=True)

    def request(self, operation_id: int) -> None:
        self.shown_id = operation_id
        self._request_id = self._client.submit(ReadOperationDetails(operation_id), self._show)

    def show_hint(self, text: str) -> None:
        self.shown_id = None
        self._hide_actions()
        self._text.setHtml(f"<p style='font-size:large'>{escape(text)}</p>")

    def show_unusable(self) -> None:
        """Say that the history is unusable: an unreadable history must not look empty."""
        self._text.setPlainText(self.tr("O histórico está fora de uso agora."))

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        """Show the details again when the connection or the reason for stopped sending changes."""
        before, self._status = self._status, status
        was = (before.connection, before.stopped_by_credentials) if before else None
        if self._details is not None and was != (status.connection, status.stopped_by_credentials):
            self._text.setHtml(details_html(self._details, status))

    def _hide_actions(self) -> None:
        self._details = None
        for button in (self._withdraw, self._decide, self._acknowledge):
            button.hide()

    def _show(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.value is None:  # never leave another operation's details beside the selected row
            self._text.clear()
            self._hide_actions()
            if outcome.error is not None:
                self.failed.emit(outcome.error)
            return
        self._details = outcome.value
        self._text.setHtml(details_html(outcome.value, self._status))
        operation = outcome.value.operation
        self._withdraw.setVisible(operation.state is State.QUEUED)
        self._decide.setVisible(operation.state is State.REVIEW)
        self._acknowledge.setVisible(operation.contradicted)

    @Slot()
    def _open_review(self) -> None:
        if self._details is not None and self._details.operation.state is State.REVIEW:
            dialog = ReviewDialog(self._client, self._details, self)
            dialog.finished.connect(self._reviewed)
            dialog.open()

    @Slot()
    def _reviewed(self) -> None:
        self.window().activateWindow()
        self.reloadNeeded.emit()

    @Slot()
    def _acknowledge_shown(self) -> None:
        if self._details is not None and self._details.operation.contradicted:
            self._acknowledge.hide()
            command = AcknowledgeContradiction(self._details.operation.operation_id)
            self._client.submit_with_approval(command, self._acknowledged, asker=self)

    def _acknowledged(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self._acknowledge.show()
            self.failed.emit(outcome.error)
        elif outcome.value is not None:
            self.operationChanged.emit(outcome.value)

    @Slot()
    def _withdraw_shown(self) -> None:
        if self.shown_id is not None:
            self._withdraw.hide()
            self._client.submit(WithdrawOperation(self.shown_id), self._withdrawn)

    def _withdrawn(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        self.reloadNeeded.emit()
