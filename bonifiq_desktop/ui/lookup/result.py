"""Result of a look-up: messages, the order's card, and the pages that start from it."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.documents import RevealedDocument
from bonifiq_desktop.domain.operations import FINAL, Operation, State
from bonifiq_desktop.domain.orders import OrderIdError
from bonifiq_desktop.domain.search import SlipMatch
from bonifiq_desktop.domain.slips import SlipSubject
from bonifiq_desktop.domain.staff import SignInNeeded
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.order_card import OrderCard
from bonifiq_desktop.ui.lookup.order_message import message_for_purchase
from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.lookup.purchase_lookup import PurchaseLookup
from bonifiq_desktop.ui.lookup.search_view import confirmed_order_id
from bonifiq_desktop.ui.lookup.system_rows import not_found_so_far
from bonifiq_desktop.ui.lookup.texts import not_found_message, slip_message
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import join_sentences, nothing_changed
from bonifiq_desktop.ui.printing.preview import open_preview
from bonifiq_desktop.ui.printing.slip_choice import SlipChoice, slips_of
from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.refund.systems_page import SystemsReturnPage
from bonifiq_desktop.ui.sale.complete_page import CompletePage
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.operation_page import OperationPage
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadOrderOperations, RevealDocument

_PATIENCE_MS = 4000  # that a return waits for the other systems


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
        self._lookup = PurchaseLookup(client, self._order_received, self._elsewhere_answered, self)
        self._reveal_request_id = self._others_request_id = 0
        self._requested_id = ""  # while the card is refreshed: the number of its first look-up
        self._is_stale = False  # refresh the card as soon as it is visible
        self._then_open = ""  # the operation to open when the order is there
        self._said_of_order = ""  # the message of the order itself, not of a press or a failure
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._open_without_the_rest)
        self._message = Notice("lookupMessage")
        sure = self.tr("É um número de pedido: consultar")
        self._sure_button = ActionButton("lookupSure", sure, "Ctrl+Enter", self.numberConfirmed, icon="search")
        self._sure_button.hide()
        self._card = OrderCard(client)
        for button in (self._sure_button, self._card.complete_button):
            for key in ("Ctrl+Return", "Ctrl+Enter"):
                QShortcut(QKeySequence(key), button).activated.connect(button.click)
        self._card.refund_button.clicked.connect(lambda: self._pressed("refund"))
        self._card.cancel_button.clicked.connect(lambda: self._pressed("cancel"))
        self._card.complete_button.clicked.connect(self._open_completion)
        self._card.take_over_button.clicked.connect(self._open_take_over)
        self._card.shop_age.ticked.connect(self._refresh_message)
        self._card.printPressed.connect(self._print)
        self._card.customer.reveal_button.clicked.connect(self._reveal)
        self._layout = lay_out(self, self._message, self._sure_button, spacing=px(12))
        self._layout.setAlignment(self._sure_button, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._card, 1)
        self._layout.addStretch(0)
        client.operationChanged.connect(self._operation_changed)
        client.shopDatabaseChanged.connect(self._read_others)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale and self._card.purchase.is_found:
            self._refresh()
        self._read_others()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reveal_request_id = 0
        self._card.mask_document()

    def clear(self) -> None:
        """Show no order, and ignore the answer to an earlier look-up."""
        self._lookup.clear()
        self._reveal_request_id = self._others_request_id = 0
        self._requested_id = ""
        self._is_stale = False
        self._then_open = ""
        self._patience.stop()
        self._card.clear()
        self._layout.insertWidget(0, self._message)
        self._sure_button.hide()
        self._message.clear()

    def drop_unanswered(self) -> None:
        """Ignore what was asked for an earlier text: a late answer would select the next number while it is typed."""
        if not self._card.purchase.is_found:
            self.clear()
        self._then_open = ""
        self._patience.stop()

    def look_up(self, typed: str, *, is_sure: bool = False, then_open: str = "") -> None:
        """Look up the typed text. `is_sure`: it is an order number although it looks like something else.

        `then_open`: `refund` or `cancel`, to go on with its draft.
        """
        self.clear()
        self._then_open = then_open
        self._message.say("info", self.tr("Consultando o BonifiQ…"))
        self._lookup.ask(typed, is_sure=is_sure)

    def _refresh(self) -> None:
        """Refresh the card. The typed text stays, and so does the number of the first look-up.

        A hidden card is refreshed later: behind the lock the worker would refuse to answer.
        """
        shown = self._card.purchase
        self._requested_id = shown.found.requested_id if shown.found is not None else shown.requested_id
        self._is_stale = not self.isVisible()
        if self._is_stale:
            self._lookup.ignore_answers()  # they would be out of date
            return
        self._lookup.refresh()

    @Slot()
    def _read_others(self) -> None:
        """Read what the other tills told about the order since its look-up; the systems are not asked."""
        purchase = self._card.purchase
        if self._client.shop_database is not None and self.isVisible() and purchase.is_found:
            self._others_request_id = self._client.submit(ReadOrderOperations(purchase.orders), self._others_read)

    def _others_read(self, outcome: Outcome[tuple[Operation, ...]]) -> None:
        """Look the order up again when another till began or ended something on it."""
        if outcome.request_id != self._others_request_id or outcome.value is None or self._lookup.is_waiting:
            return
        if _of_others(self._card.purchase.operations) != _of_others(outcome.value):
            self._card.disable_actions()
            self._refresh()

    def _order_received(self, outcome: Outcome[LookupResult]) -> None:
        if isinstance(outcome.error, SignInNeeded) and self._requested_id:
            self._is_stale = True  # the refresh had no user; showEvent repeats it
        elif outcome.error is not None and self._lookup.purchase.elsewhere:
            self._show_without_bonifiq()
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

    def _elsewhere_answered(self) -> None:
        """Show another answer in its row; the card of an order that BonifiQ knows waits for none."""
        if self._lookup.purchase.found is not None and self._card.found is not None:
            self._show(replace(self._lookup.purchase, found=self._card.found))
        elif self._lookup.purchase.found is None:
            self._show_without_bonifiq()

    def _show_without_bonifiq(self) -> None:
        """Show the order of another system, or say which systems do not know the number."""
        purchase = self._lookup.purchase
        if purchase.is_found:
            self._show(purchase)
        elif self._lookup.is_waiting:
            self._message.say("info", self.tr("Consultando…"), not_found_so_far(purchase))
        elif purchase.error is not None:
            error = purchase.error
            message = message_for_error(error)
            self._message.show_message(
                replace(message, effect=join_sentences(message.effect, not_found_so_far(purchase)))
            )
            self._sure_button.setVisible(isinstance(error, OrderIdError) and bool(error.order_id))
            self.inputWanted.emit()

    def show_not_found(self, typed: str, slip: SlipMatch | None = None) -> None:
        """Say that this till knows no order by the typed text; nothing went out."""
        self.clear()
        not_found = not_found_message(typed, self._client.shop_database)
        self._message.show_message(slip_message(slip) if slip else not_found)
        self._sure_button.setVisible(slip is not SlipMatch.TEST_PAGE and bool(confirmed_order_id(typed)))

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
        self._show(replace(self._lookup.purchase, found=found))

    def _show(self, purchase: Purchase) -> None:
        is_new = not self._requested_id and not self._card.purchase.is_found
        is_other = purchase.order_id != self._card.purchase.order_id
        if purchase.found is not self._card.found:
            self._reveal_request_id = 0
        self._card.show_purchase(purchase)
        if self._requested_id and self._lookup.is_waiting:
            self._card.disable_actions()  # what they would start from is being asked for again
        self._card.left.addWidget(self._message)
        if is_new or (is_other and not self._requested_id):
            self.orderShown.emit()
            announce(self._card, self._card.sentence())
        self._show_message(purchase)
        if self._then_open:
            self._open_when_answered(self._then_open)

    def _show_message(self, purchase: Purchase) -> None:
        message = message_for_purchase(purchase, self._client.shop_database)
        if message is None:
            self._message.clear()
        else:
            self._message.show_message(message)
        self._said_of_order = self._message.text()

    @Slot()
    def _refresh_message(self) -> None:
        """Show how old the news of the other tills has become, without a word to a screen reader."""
        if self._card.isVisible() and self._message.text() == self._said_of_order:
            self._message.is_quiet = True
            self._show_message(self._card.purchase)
            self._message.is_quiet = False

    def _pressed(self, wanted: str) -> None:
        """Open a return; a second press opens it without the systems that have not answered."""
        if self._patience.isActive() and self._then_open == wanted:
            self._patience.stop()
            self._open_without_the_rest()
        else:
            self._open_when_answered(wanted)

    def _open_when_answered(self, wanted: str) -> None:
        """Open a return; it waits a moment for the systems that have not answered."""
        if self._card.purchase.elsewhere and self._lookup.is_waiting:
            self._then_open = wanted
            if not self._patience.isActive():
                self._patience.start()
            self._message.say("info", self.tr("Esperando a resposta dos outros sistemas…"))
            return
        self._then_open = ""
        self._patience.stop()
        button = self._card.refund_button if wanted == "refund" else self._card.cancel_button
        if button.isEnabled():
            self._open_return(wanted)

    @Slot()
    def _open_without_the_rest(self) -> None:
        """Open what waited too long; BonifiQ's answer is waited for as long as it takes."""
        purchase = self._card.purchase
        if purchase.found is None and purchase.error is None:
            self._patience.start()
            return
        wanted, self._then_open = self._then_open, ""
        if wanted and purchase.can_return:
            self._open_return(wanted)

    def _open_return(self, wanted: str) -> None:
        """Open the page of a refund or a whole cancel; one page for all systems where another one has the order."""
        purchase = self._card.purchase
        is_cancel = wanted == "cancel"
        if purchase.money_orders or purchase.found is None:
            self._show_page(SystemsReturnPage(self._client, purchase, self, takes_all=is_cancel))
        elif is_cancel:
            self._show_page(CancelPage(self._client, purchase.found, self, purchase))
        else:
            self._show_page(RefundPage(self._client, purchase.found, self, purchase))

    @Slot()
    def _open_completion(self) -> None:
        if self._card.found is not None:
            self._show_page(CompletePage(self._client, self._card.found, self))

    @Slot()
    def _print(self) -> None:
        """Open the preview of this till's operation on the order, or the choice among several."""
        slips = slips_of(self._card.purchase.operations)
        if not slips:
            self._message.say(
                "info",
                self.tr("Este caixa não registrou nada neste pedido: não há comprovante para imprimir."),
                "",
                self.tr("O comprovante sai no caixa que fez o registro."),
            )
        elif len(slips) == 1:
            self._open_preview(next(iter(slips)))
        else:
            choice = SlipChoice(slips, self)
            choice.chosen.connect(self._open_preview)
            choice.open()

    @Slot()
    def _open_take_over(self) -> None:
        if self._card.other_till is not None:
            from bonifiq_desktop.ui.lookup.take_over_sheet import TakeOverSheet  # most days need none

            sheet = TakeOverSheet(self._client, self._card.other_till, self)
            sheet.accepted.connect(self._refresh)
            sheet.open()

    @Slot(object)
    def _open_preview(self, subject: SlipSubject) -> None:
        open_preview(self._client, subject, self)

    def _show_page(self, page: OperationPage) -> None:
        page.finished.connect(self._operation_finished)
        self.operationOpened.emit(page)

    @Slot()
    def _operation_finished(self) -> None:
        self.window().activateWindow()
        if self._card.purchase.is_found:
            self._card.disable_actions()
            self._refresh()
        self.inputWanted.emit()

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if not self._card.purchase.holds(operation):
            return
        self._card.disable_actions()
        if operation.state in FINAL or operation.state is State.REVIEW:
            self._refresh()


def _of_others(operations: tuple[Operation, ...]) -> set[tuple[int, State]]:
    return {(operation.operation_id, operation.state) for operation in operations if operation.till}
