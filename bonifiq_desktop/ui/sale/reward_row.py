"""Rewards in the form of a sale: what the customer can use, or what the sale uses and the customer pays."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.rewards import AvailableRewards
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.reward_operations import REWARD_KINDS
from bonifiq_desktop.ui.messages.rewards import checkout_state, offer_text
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.sale.used_reward import UsedReward
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out, paragraph
from bonifiq_desktop.ui.widgets.icon_view import IconView
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel

_KEY = "F5"
_MAX_TITLE = 80


class RewardRow(QWidget):
    """Hidden while nothing is known of rewards.

    `pressed`: the button, which opens the rewards, undoes the used one, or asks again. `printPressed` carries the
    operation whose slip is to be printed.
    """

    pressed = Signal()
    printPressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checkout_id = ""
        self._spoken = ("", "")  # the reward and its state that were announced last
        self._icon = IconView(pixels=24)
        self._title = UntrustedLabel("strong", "saleRewardTitle", _MAX_TITLE)
        self._state = Chip("saleRewardState")
        self._note = paragraph("", "muted", "saleRewardNote")
        self._pays = paragraph("", "section", "saleRewardPays")
        self.button = ActionButton("saleRewardButton", "", _KEY, self.pressed, has_shortcut=True)
        self._last: Operation | None = None
        self.print_button = print_button("saleRewardPrint", lambda: self.printPressed.emit(self._last))
        self.print_button.hide()
        for button in (self.button, self.print_button):
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        frame = QFrame()
        frame.setObjectName("saleReward")
        frame.setProperty("look", "person")
        self._below = QWidget()  # hidden with its content: an empty layout would keep the lines narrow
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(px(8))
        below.addWidget(self._state, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._note, 1)
        lines = QVBoxLayout()
        lines.setSpacing(px(4))
        add_all(lines, self._title, self._pays, self._below)
        row = QHBoxLayout(frame)
        row.setContentsMargins(px(12), px(8), px(8), px(8))
        row.setSpacing(px(12))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(px(4))
        add_all(buttons, self.button, self.print_button)
        row.addLayout(buttons)
        lay_out(self, frame, margins=(0, px(4), 0, px(12)))
        self.hide()

    def show_offer(self, found: AvailableRewards) -> None:
        """Offer the rewards of a customer; hidden for one without any."""
        if not found.rewards:
            self.hide()
            return
        is_usable = any(reward.can_use for reward in found.rewards)
        self._icon.show_icon("cashback", "accent" if is_usable else "text2")
        self._show(offer_text(found), button=self.tr("Usar benefício") if is_usable else self.tr("Ver benefícios"))
        announce(self, offer_text(found))

    def wait(self) -> None:
        """Keep the offer in its place until the answer for the changed basket comes."""
        self.button.setEnabled(False)

    def show_problem(self, message: Message) -> None:
        """Say why no reward can be used now; the sale goes on."""
        self._icon.show_icon("offline", "text2")
        self._show(message.title, note=message.effect, button=self.tr("Tentar de novo"))

    def follows(self, operation: Operation) -> bool:
        """Whether the page says what becomes of an operation: of the last checkout that this row showed."""
        return operation.kind in REWARD_KINDS and operation.checkout_id == self._checkout_id

    def show_used(self, used: UsedReward, total: Cents, last: Operation | None) -> None:
        """Show the reward of the sale. `total`: of the purchase. `last`: the last operation of the checkout."""
        self._checkout_id = last.checkout_id if last is not None else self._checkout_id
        text, tone = checkout_state(last)
        self._icon.show_icon("done" if tone == "success" else "clock", "success" if tone == "success" else "text2")
        pays = self.tr("Cliente paga {0}").format(format_reais(used.net(total)))
        self._show(used_text(used), note=self.tr("Para mudar a compra, desfaça antes."), button=self.tr("Desfazer"))
        self._state.show_chip(tone, text)
        self._last = last
        self.print_button.setVisible(last is not None)
        is_new = self._spoken != (used.title, text)
        self._spoken = used.title, text
        self._pays.setText(pays)
        self._pays.show()
        if is_new:
            announce(self, f"{pays}. {used_text(used)}: {text}")

    def _show(self, title: str, *, note: str = "", button: str = "") -> None:
        self._title.setText(title)
        self._note.setText(note)
        self._below.setVisible(bool(note))
        self._state.hide()
        self._pays.hide()
        self.print_button.hide()
        self.button.set_label(button)
        self.button.setVisible(bool(button))
        self.button.setEnabled(True)
        self.show()


def used_text(used: UsedReward) -> str:
    """The title of a reward, with what it takes off, or with its product and the price."""
    if used.line is None and not used.amount:
        return used.title
    if used.line is None:
        return f"{used.title}  ·  −{format_reais(used.amount)}"
    return f"{used.title}  ·  1 × {used.line.title}  ·  {format_reais(used.line.price or 0)}"
