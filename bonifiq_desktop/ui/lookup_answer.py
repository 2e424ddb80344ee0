"""What BonifiQ answers to a number: the order's card, and from it a refund or the whole cancel."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import LookUp, Outcome, Reveal
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.operations import FINAL, Operation, State
from bonifiq_desktop.domain.orders import OrderIdError, same_order
from bonifiq_desktop.services.errors import SignInNeeded
from bonifiq_desktop.services.values import FoundOrder, Revealed
from bonifiq_desktop.ui.approval import submit_managed
from bonifiq_desktop.ui.cancel_dialog import CancelDialog
from bonifiq_desktop.ui.complete_dialog import CompleteDialog
from bonifiq_desktop.ui.last_seen import restored_notice, seen_notice, seen_sentence
from bonifiq_desktop.ui.ledger_words import busy
from bonifiq_desktop.ui.message import Words
from bonifiq_desktop.ui.operation_dialog import OperationDialog
from bonifiq_desktop.ui.order_card import OrderCard
from bonifiq_desktop.ui.refund_dialog import RefundDialog
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.parts import KeyButton
from bonifiq_desktop.ui.words import describe


class LookupAnswer(QWidget):
    """Asks, shows, and asks again when the order changed. `settled`: a wanted card is in sight; `fieldWanted`: the
    next number may be typed.
    """

    settled = Signal()
    fieldWanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ticket = 0
        self._reveal_ticket = 0
        self._asked = ""  # what the card in sight was first asked for, while it is asked for anew
        self._is_old = False  # the card is to be asked for anew as soon as somebody can see it
        self._doubted = ""  # what is asked for if the person says that it is an order's number
        self._message = Banner("lookupMessage")
        self._sure = KeyButton("lookupSure", self.tr("É um número de pedido: consultar"), "F5", has_shortcut=True)
        self._sure.clicked.connect(self._is_sure)
        self._sure.hide()
        self._card = OrderCard()
        self._card.refund_button.clicked.connect(self._open_refund)
        self._card.cancel_button.clicked.connect(self._open_cancel)
        self._card.complete_button.clicked.connect(self._open_complete)
        self._card.reveal_button.clicked.connect(self._reveal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self._message)
        layout.addWidget(self._sure, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._card)
        desk.operationChanged.connect(self._operation_changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_old and self._card.found is not None:
            self._ask_again(self._card.found)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reveal_ticket = 0
        self._card.cover()

    def forget(self) -> None:
        """Show no order, nor the answer to a question that was asked before."""
        self._ticket = self._reveal_ticket = 0
        self._asked = ""
        self._is_old = False
        self._card.forget()
        self._offer("")
        self._message.clear()

    def look_up(self, typed: str, *, is_sure: bool = False) -> None:
        """Ask for what is typed; `is_sure` of it that it is an order's number, whatever it looks like."""
        self._doubted = ""
        self._sure.hide()
        self._reveal_ticket = 0
        self._card.forget()
        self._message.say(Words("info", self.tr("Consultando o BonifiQ…")))
        self._asked = ""
        self._is_old = False
        self._ticket = self._desk.submit(LookUp(typed, is_sure=is_sure), self._answered)

    def _ask_again(self, shown: FoundOrder) -> None:
        """Refresh the card. What the cashier typed meanwhile is not touched, nor what was asked for first forgotten.

        Out of sight nothing is asked: behind the lock nobody would be answered.
        """
        self._asked = shown.asked
        self._is_old = not self.isVisible()
        if self._is_old:
            self._ticket = 0  # what was asked before has an old answer
            return
        self._ticket = self._desk.submit(LookUp(shown.order.order_id, is_sure=True), self._answered)

    def _answered(self, outcome: Outcome[FoundOrder]) -> None:
        if outcome.ticket != self._ticket:
            return  # the answer to an older question
        if isinstance(outcome.error, SignInNeeded) and self._asked:
            self._is_old = True  # nobody asked; whoever comes next asks anew
        elif outcome.error is not None:
            # A card that is still in sight was asked for anew: it stays to be read, but its figures may be old.
            self._message.say(self._failed(outcome.error))
            self._offer(outcome.error.order_id if isinstance(outcome.error, OrderIdError) else "")
            if not self._asked:
                self.fieldWanted.emit()
        elif outcome.value is not None:
            self._show(replace(outcome.value, asked=self._asked or outcome.value.asked))

    def _offer(self, order_id: str) -> None:
        """Let the person say that what looks like something else is an order's number."""
        self._doubted = order_id
        self._sure.setVisible(bool(order_id))

    @Slot()
    def _is_sure(self) -> None:
        if self._doubted:
            self.look_up(self._doubted, is_sure=True)

    def _failed(self, error: Exception) -> Words:
        words = describe(error)
        if isinstance(error, SignInNeeded):  # what was registered before may be under way
            words = replace(words, moved=self.tr("Nada mudou: foi só uma consulta."))
        return words

    @Slot()
    def _reveal(self) -> None:
        if self._card.found is not None:
            self._reveal_ticket = submit_managed(
                self, self._desk, Reveal(self._card.found.order.order_id), self._revealed
            )

    def _revealed(self, outcome: Outcome[Revealed]) -> None:
        if outcome.ticket != self._reveal_ticket:
            return  # another order is in sight, or none
        if outcome.error is not None:
            self._message.say(self._failed(outcome.error))
        elif outcome.value is not None:
            self._card.reveal(outcome.value.document)

    def _show(self, found: FoundOrder) -> None:
        self._reveal_ticket = 0
        self._card.show_order(found)
        if not self._asked:
            self.settled.emit()
        words = self._notice(found)
        if words is None:
            self._message.clear()
        else:
            self._message.say(words)

    def _notice(self, found: FoundOrder) -> Words | None:
        if found.is_another:
            return Words(
                "danger",
                self.tr("Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.").format(
                    found.asked, found.order.order_id
                ),
                seen_sentence(found) if found.seen_at else self.tr("Nada mudou: foi só uma consulta."),
                self.tr("Compare com o cupom fiscal antes de qualquer devolução."),
            )
        if found.seen_at is not None:
            return seen_notice(found)
        if found.unfinished is not None:
            return busy(found.unfinished, self.tr("Até terminar, não dá para fazer outra devolução nele."))
        if found.completable:
            return Words(
                "warning",
                self.tr("Esta venda está pendente: ainda não deu pontos nem cashback."),
                self.tr("Nada mudou: foi só uma consulta."),
                self.tr("Se foi paga, conclua a venda (F5); se não, cancele o pedido inteiro (F7)."),
            )
        if found.left == 0 and not found.closed:
            return Words("info", self.tr("Não há mais nada a devolver neste pedido."))
        return restored_notice(found.restored) if found.restored and not found.closed else None

    @Slot()
    def _open_refund(self) -> None:
        if self._card.found is not None and self._may_open(self._card.refund_button):
            self._open(RefundDialog(self._desk, self._card.found, self))

    @Slot()
    def _open_cancel(self) -> None:
        if self._card.found is not None and self._may_open(self._card.cancel_button):
            self._open(CancelDialog(self._desk, self._card.found, self))

    @Slot()
    def _open_complete(self) -> None:
        if self._card.found is not None and self._may_open(self._card.complete_button):
            self._open(CompleteDialog(self._desk, self._card.found, self))

    def _may_open(self, button: KeyButton) -> bool:
        return button.isEnabled() and self.findChild(OperationDialog) is None  # one at a time

    def _open(self, dialog: OperationDialog) -> None:
        dialog.finished.connect(self._look_again)
        dialog.open()

    @Slot()
    def _look_again(self) -> None:
        """After a dialog the figures may have changed: ask anew, with the card still in sight."""
        self.window().activateWindow()
        if self._card.found is not None:
            self._card.lock()
            self._ask_again(self._card.found)
        self.fieldWanted.emit()

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        shown = self._card.found
        if shown is None or not same_order(operation.order_id, shown.order.order_id):
            return
        self._card.lock()
        if operation.state in FINAL or operation.state is State.REVIEW:
            self._ask_again(shown)
