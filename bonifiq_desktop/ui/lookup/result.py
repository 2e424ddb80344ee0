"""What BonifiQ answers to a number: the order's card, and from it a refund or the whole cancel."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.operations import FINAL, Operation, State
from bonifiq_desktop.domain.orders import OrderIdError, same_order
from bonifiq_desktop.domain.staff import SignInNeeded
from bonifiq_desktop.services.lookup_result import LookupResult
from bonifiq_desktop.ui.lookup.offline_notice import (
    cached_order_message,
    cached_order_sentence,
    restored_history_message,
)
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.ledger_errors import message_for_busy_order
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.refund.cancel_dialog import CancelDialog
from bonifiq_desktop.ui.refund.dialog import RefundDialog
from bonifiq_desktop.ui.sale.complete_dialog import CompleteDialog
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.ui.widgets.operation_dialog import OperationDialog
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, Outcome, RevealDocument


class LookupResultView(QWidget):
    """Asks, shows, and asks again when the order changed. `settled`: a wanted card is in sight; `fieldWanted`: the
    next number may be typed.
    """

    orderShown = Signal()
    inputWanted = Signal()

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request_id = 0
        self._reveal_request_id = 0
        self._requested_id = ""  # what the card in sight was first asked for, while it is asked for anew
        self._is_stale = False  # the card is to be asked for anew as soon as somebody can see it
        self._doubtful_id = ""  # what is asked for if the person says that it is an order's number
        self._message = Banner("lookupMessage")
        self._sure_button = KeyButton(
            "lookupSure", self.tr("É um número de pedido: consultar"), "F5", has_shortcut=True
        )
        self._sure_button.clicked.connect(self._look_up_doubtful_id)
        self._sure_button.hide()
        self._card = OrderCard()
        self._card.refund_button.clicked.connect(self._open_refund)
        self._card.cancel_button.clicked.connect(self._open_cancel)
        self._card.complete_button.clicked.connect(self._open_complete)
        self._card.reveal_button.clicked.connect(self._reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self._message)
        layout.addWidget(self._sure_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._card)
        client.operationChanged.connect(self._operation_changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale and self._card.found is not None:
            self._refresh(self._card.found)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reveal_request_id = 0
        self._card.mask_document()

    def clear(self) -> None:
        """Show no order, nor the answer to a question that was asked before."""
        self._request_id = self._reveal_request_id = 0
        self._requested_id = ""
        self._is_stale = False
        self._card.clear()
        self._offer_doubtful_id("")
        self._message.clear()

    def look_up(self, typed: str, *, is_sure: bool = False) -> None:
        """Ask for what is typed; `is_sure` of it that it is an order's number, whatever it looks like."""
        self._doubtful_id = ""
        self._sure_button.hide()
        self._reveal_request_id = 0
        self._card.clear()
        self._message.show_message(Message("info", self.tr("Consultando o BonifiQ…")))
        self._requested_id = ""
        self._is_stale = False
        self._request_id = self._client.submit(LookUp(typed, is_order_number=is_sure), self._order_received)

    def _refresh(self, shown: LookupResult) -> None:
        """Refresh the card. What the cashier typed meanwhile is not touched, nor what was asked for first forgotten.

        Out of sight nothing is asked: behind the lock nobody would be answered.
        """
        self._requested_id = shown.requested_id
        self._is_stale = not self.isVisible()
        if self._is_stale:
            self._request_id = 0  # what was asked before has an old answer
            return
        self._request_id = self._client.submit(LookUp(shown.order.order_id, is_order_number=True), self._order_received)

    def _order_received(self, outcome: Outcome[LookupResult]) -> None:
        if outcome.request_id != self._request_id:
            return  # the answer to an older question
        if isinstance(outcome.error, SignInNeeded) and self._requested_id:
            self._is_stale = True  # nobody asked; whoever comes next asks anew
        elif outcome.error is not None:
            # A card that is still in sight was asked for anew: it stays to be read, but its figures may be old.
            self._message.show_message(self._error_message(outcome.error))
            self._offer_doubtful_id(outcome.error.order_id if isinstance(outcome.error, OrderIdError) else "")
            if not self._requested_id:
                self.inputWanted.emit()
        elif outcome.value is not None:
            self._show_order(replace(outcome.value, requested_id=self._requested_id or outcome.value.requested_id))

    def _offer_doubtful_id(self, order_id: str) -> None:
        """Let the person say that what looks like something else is an order's number."""
        self._doubtful_id = order_id
        self._sure_button.setVisible(bool(order_id))

    @Slot()
    def _look_up_doubtful_id(self) -> None:
        if self._doubtful_id:
            self.look_up(self._doubtful_id, is_sure=True)

    def _error_message(self, error: Exception) -> Message:
        words = message_for_error(error)
        if isinstance(error, SignInNeeded):  # what was registered before may be under way
            words = replace(words, effect=self.tr("Nada mudou: foi só uma consulta."))
        return words

    @Slot()
    def _reveal(self) -> None:
        if self._card.found is not None:
            self._reveal_request_id = self._client.submit_with_approval(
                RevealDocument(self._card.found.order.order_id), self._document_received, asker=self
            )

    def _document_received(self, outcome: Outcome[RevealedDocument]) -> None:
        if outcome.request_id != self._reveal_request_id:
            return  # another order is in sight, or none
        if outcome.error is not None:
            self._message.show_message(self._error_message(outcome.error))
        elif outcome.value is not None:
            self._card.reveal(outcome.value.document)

    def _show_order(self, found: LookupResult) -> None:
        self._reveal_request_id = 0
        self._card.show_order(found)
        if not self._requested_id:
            self.orderShown.emit()
        words = self._order_message(found)
        if words is None:
            self._message.clear()
        else:
            self._message.show_message(words)

    def _order_message(self, found: LookupResult) -> Message | None:
        if found.id_mismatch:
            return Message(
                "danger",
                self.tr("Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.").format(
                    found.requested_id, found.order.order_id
                ),
                cached_order_sentence(found) if found.cached_at else self.tr("Nada mudou: foi só uma consulta."),
                self.tr("Compare com o cupom fiscal antes de qualquer devolução."),
            )
        if found.cached_at is not None:
            return cached_order_message(found)
        if found.unfinished is not None:
            return message_for_busy_order(
                found.unfinished, self.tr("Até terminar, não dá para fazer outra devolução nele.")
            )
        if found.completable:
            return Message(
                "warning",
                self.tr("Esta venda está pendente: ainda não deu pontos nem cashback."),
                self.tr("Nada mudou: foi só uma consulta."),
                self.tr("Se foi paga, conclua a venda (F5); se não, cancele o pedido inteiro (F7)."),
            )
        if found.refundable == 0 and not found.closed:
            return Message("info", self.tr("Não há mais nada a devolver neste pedido."))
        return restored_history_message(found.restored) if found.restored and not found.closed else None

    @Slot()
    def _open_refund(self) -> None:
        if self._card.found is not None and self._may_open(self._card.refund_button):
            self._open(RefundDialog(self._client, self._card.found, self))

    @Slot()
    def _open_cancel(self) -> None:
        if self._card.found is not None and self._may_open(self._card.cancel_button):
            self._open(CancelDialog(self._client, self._card.found, self))

    @Slot()
    def _open_complete(self) -> None:
        if self._card.found is not None and self._may_open(self._card.complete_button):
            self._open(CompleteDialog(self._client, self._card.found, self))

    def _may_open(self, button: KeyButton) -> bool:
        return button.isEnabled() and self.findChild(OperationDialog) is None  # one at a time

    def _open(self, dialog: OperationDialog) -> None:
        dialog.finished.connect(self._dialog_finished)
        dialog.open()

    @Slot()
    def _dialog_finished(self) -> None:
        """After a dialog the figures may have changed: ask anew, with the card still in sight."""
        self.window().activateWindow()
        if self._card.found is not None:
            self._card.disable_actions()
            self._refresh(self._card.found)
        self.inputWanted.emit()

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        shown = self._card.found
        if shown is None or not same_order(operation.order_id, shown.order.order_id):
            return
        self._card.disable_actions()
        if operation.state in FINAL or operation.state is State.REVIEW:
            self._refresh(shown)
