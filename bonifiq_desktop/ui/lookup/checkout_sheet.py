"""Question about a reward that was redeemed and has no sale: continue the sale, or undo the reward."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.search import OpenCheckout
from bonifiq_desktop.ui.lookup.texts import when
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.banner import Notice, OutcomeBanner
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, UndoRedemption

_WIDTH = 740  # pixels at 100 %


class CheckoutSheet(Sheet):
    """Nothing happens without a choice. After an undo the sheet follows the reversal until it is closed.

    `saleWanted` carries the id of the checkout whose sale goes on.
    """

    saleWanted = Signal(str)

    def __init__(self, client: WorkerClient, checkout: OpenCheckout, parent: QWidget) -> None:
        heading = translate("CheckoutSheet", "Este benefício foi usado, e a venda dele não foi registrada.")
        super().__init__(parent, "checkoutSheet", heading, _WIDTH)
        self._client = client
        self._checkout = checkout
        self._message = Notice("checkoutMessage")
        self.outcome = OutcomeBanner("checkoutOutcome")
        for notice in (self._message, self.outcome):
            notice.fit_text()
        self._question = UntrustedLabel("", "checkoutQuestion", text=_question(checkout))
        self._undo = ActionButton(
            "checkoutUndo",
            self.tr("Desfazer"),
            "Ctrl+Z",
            self._undo_pressed,
            look="dangerGhost",
            has_shortcut=True,
            tall=True,
        )
        self._continue = ActionButton(
            "checkoutContinue", self.tr("Continuar a venda"), "Enter", self._continue_pressed, look="primary", tall=True
        )
        if not checkout.can_continue:
            self._continue.hide()  # `setVisible(True)` would open a window, as long as it has no parent
        self._back = ActionButton("checkoutBack", self.tr("Agora não"), "Esc", self.reject, look="ghost", tall=True)
        self.fill(
            UntrustedLabel("section", text=heading),
            UntrustedLabel("strong", "checkoutReward", text=_facts(checkout)),
            self._question,
            self._message,
            self.outcome,
            button_row(self._back, right=(self._undo, self._continue)),
        )
        (self._continue if checkout.can_continue else self._back).setFocus()
        client.operationChanged.connect(self._operation_changed)
        client.statusChanged.connect(self.outcome.set_status)

    @Slot()
    def _continue_pressed(self) -> None:
        self.accept()
        self.saleWanted.emit(self._checkout.checkout_id)

    @Slot()
    def _undo_pressed(self) -> None:
        if not self.is_waiting:
            self.set_waiting(self._continue, self._back, waiting=True)
            self._client.submit(UndoRedemption(self._checkout.checkout_id), self._undone)

    def _undone(self, outcome: Outcome[Operation]) -> None:
        self.set_waiting(self._continue, self._back, waiting=False)
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._message.clear()
        for part in (self._question, self._undo, self._continue):
            part.hide()
        self._back.set_label(self.tr("Fechar"))
        self._back.setFocus()
        self.outcome.show_operation(outcome.value)

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if self.outcome.follows(operation):
            self.outcome.show_operation(operation)


def _facts(checkout: OpenCheckout) -> str:
    amount = format_reais(checkout.amount) if checkout.amount else ""
    return joined(checkout.title, amount, checkout.customer, when(checkout.redeemed_at))


def _question(checkout: OpenCheckout) -> str:
    if not checkout.can_continue:
        return translate(
            "CheckoutSheet",
            "O BonifiQ não informou o código que a venda levaria, por isso ele só pode ser desfeito: o que o cliente "
            "gastou volta ao saldo.",
        )
    return translate(
        "CheckoutSheet",
        "Se o cliente levou a compra com este desconto, continue a venda. Se ela não aconteceu, desfaça o benefício: "
        "o que o cliente gastou volta ao saldo.",
    )
