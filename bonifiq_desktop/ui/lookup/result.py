"""Result of a look-up: messages, the order's card, and the pages that start from it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.operations import FINAL, Operation, State
from bonifiq_desktop.domain.orders import OrderIdError, same_order
from bonifiq_desktop.domain.staff import SignInNeeded
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.offline_notice import (
    cached_order_message,
    cached_order_sentence,
    restored_history_message,
)
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from bonifiq_desktop.ui.lookup.search_view import confirmed_order_id
from bonifiq_desktop.ui.lookup.texts import not_found_message
from bonifiq_desktop.ui.messages.errors import message_for_busy_order, message_for_error
from bonifiq_desktop.ui.messages.message import Message, nothing_changed
from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.sale.complete_page import CompletePage
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.operation_page import OperationPage
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, Outcome, RevealDocument


class LookupResultView(QWidget):
    """Looks an order up, shows it, and refreshes it after changes.

    `orderShown`: the card of a new look-up is visible; `inputWanted`: the field may take the next number;
    `operationOpened`: the page of an operation, to be shown in place of the order; `numberConfirmed`: the typed text
    is an order number, whatever it looks like.
    """

    orderShown = Signal()
    numberConfirmed = Signal()
    operationOpened = Signal(QWidget)
    inputWanted = Signal()
    orderMissing = Signal()
    """Emitted when BonifiQ does not know the typed order."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._request_id = 0
        self._reveal_request_id = 0
        self._requested_id = ""  # while the card is refreshed: the number of its first look-up
        self._is_stale = False  # refresh the card as soon as it is visible
        self._then_open = ""  # the operation to open when the order is there
        self._message = Notice("lookupMessage")
        sure = self.tr("É um número de pedido: consultar")
        self._sure_button = ActionButton("lookupSure", sure, "Ctrl+Enter", self.numberConfirmed, icon="search")
        self._sure_button.hide()
        self._card = OrderCard()
        for button in (self._sure_button, self._card.complete_button):
            for key in ("Ctrl+Return", "Ctrl+Enter"):
                QShortcut(QKeySequence(key), button).activated.connect(button.click)
        self._card.refund_button.clicked.connect(lambda: self._open(RefundPage))
        self._card.cancel_button.clicked.connect(lambda: self._open(CancelPage))
        self._card.complete_button.clicked.connect(lambda: self._open(CompletePage))
        self._card.customer.reveal_button.clicked.connect(self._reveal)
        self._layout = lay_out(self, self._message, self._sure_button, spacing=px(12))
        self._layout.setAlignment(self._sure_button, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._card, 1)
        self._layout.addStretch(0)
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
        """Show no order, and ignore the answer to an earlier look-up."""
        self._request_id = self._reveal_request_id = 0
        self._requested_id = ""
        self._is_stale = False
        self._then_open = ""
        self._card.clear()
        self._layout.insertWidget(0, self._message)
        self._sure_button.hide()
        self._message.clear()

    def look_up(self, typed: str, *, is_sure: bool = False, then_open: str = "") -> None:
        """Look up the typed text. `is_sure`: it is an order number although it looks like something else.

        `then_open`: `refund` or `cancel`, to go on with its draft.
        """
        self.clear()
        self._then_open = then_open
        self._message.say("info", self.tr("Consultando o BonifiQ…"))
        self._request_id = self._client.submit(LookUp(typed, is_order_number=is_sure), self._order_received)

    def _refresh(self, shown: LookupResult) -> None:
        """Refresh the card. The typed text stays, and so does the number of the first look-up.

        A hidden card is refreshed later: behind the lock the worker would refuse to answer.
        """
        self._requested_id = shown.requested_id
        self._is_stale = not self.isVisible()
        if self._is_stale:
            self._request_id = 0  # its answer would be out of date
            return
        self._request_id = self._client.submit(LookUp(shown.order.order_id, is_order_number=True), self._order_received)

    def _order_received(self, outcome: Outcome[LookupResult]) -> None:
        if outcome.request_id != self._request_id:
            return  # the answer to an earlier look-up
        if isinstance(outcome.error, SignInNeeded) and self._requested_id:
            self._is_stale = True  # the refresh had no user; showEvent repeats it
        elif outcome.error is not None:
            # A visible card was only refreshed: it stays, although its figures may be out of date.
            self._show_error(outcome.error)
            self._sure_button.setVisible(isinstance(outcome.error, OrderIdError) and bool(outcome.error.order_id))
            if not self._requested_id:
                self.inputWanted.emit()
                if isinstance(outcome.error, OrderNotFound):
                    self.orderMissing.emit()
        elif outcome.value is not None:
            self._show_order(replace(outcome.value, requested_id=self._requested_id or outcome.value.requested_id))

    def show_not_found(self, typed: str) -> None:
        """Say that this till knows no order by the typed text; nothing went out."""
        self.clear()
        self._message.show_message(not_found_message(typed))
        self._sure_button.setVisible(bool(confirmed_order_id(typed)))

    def say_asking(self) -> None:
        self.clear()
        self._message.say("info", self.tr("Consultando o BonifiQ…"))

    def show_balance_error(self, error: Exception | None) -> None:
        """Say why there is no balance; None: nothing was typed that names a customer."""
        self.clear()
        if error is None:
            self._message.say("info", self.tr("Digite o CPF, o CNPJ, o telefone ou o e-mail do cliente e aperte F5."))
        else:
            self._show_error(error)

    def _show_error(self, error: Exception) -> None:
        message = message_for_error(error)
        if isinstance(error, SignInNeeded):  # an earlier operation may be in progress, so the text claims less
            message = replace(message, effect=nothing_changed())
        self._message.show_message(message)

    @Slot()
    def _reveal(self) -> None:
        if self._card.found is not None:
            self._reveal_request_id = self._client.submit_with_approval(
                RevealDocument(self._card.found.order.order_id), self._document_received, asker=self
            )

    def _document_received(self, outcome: Outcome[RevealedDocument]) -> None:
        if outcome.request_id != self._reveal_request_id:
            return  # another order is visible, or none
        if outcome.error is not None:
            self._show_error(outcome.error)
        elif outcome.value is not None:
            self._card.customer.reveal(outcome.value.document)

    def _show_order(self, found: LookupResult) -> None:
        self._reveal_request_id = 0
        self._card.show_order(found)
        self._card.left.addWidget(self._message)
        if not self._requested_id:
            self.orderShown.emit()
            announce(self._card, self._card.sentence())
        message = self._order_message(found)
        if message is None:
            self._message.clear()
        else:
            self._message.show_message(message)
        self._continue_draft()

    def _continue_draft(self) -> None:
        wanted, self._then_open = self._then_open, ""
        if wanted == "refund":
            self._card.refund_button.click()
        elif wanted == "cancel":
            self._card.cancel_button.click()

    def _order_message(self, found: LookupResult) -> Message | None:
        if found.id_mismatch:
            return Message(
                "danger",
                self.tr("Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.").format(
                    found.requested_id, found.order.order_id
                ),
                cached_order_sentence(found) if found.cached_at else nothing_changed(),
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
                "",
                self.tr("Se foi paga, conclua a venda (Ctrl+Enter); se não, cancele o pedido inteiro (F7)."),
            )
        if found.refundable == 0 and not found.closed:
            return Message("info", self.tr("Não há mais nada a devolver neste pedido."))
        return restored_history_message(found.restored) if found.restored and not found.closed else None

    def _open(self, make_page: Callable[[WorkerClient, LookupResult, QWidget], OperationPage]) -> None:
        if self._card.found is not None:
            page = make_page(self._client, self._card.found, self)
            page.finished.connect(self._operation_finished)
            self.operationOpened.emit(page)

    @Slot()
    def _operation_finished(self) -> None:
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
