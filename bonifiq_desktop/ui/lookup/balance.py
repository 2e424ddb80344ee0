"""A customer's balance without a sale: points, cashback, tier, rewards, and what is lacking for the next one."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.search import Balance
from bonifiq_desktop.ui.lookup.parts import Initials
from bonifiq_desktop.ui.lookup.reward_rows import next_reward_text, reward_rows
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_WIDTH = 560  # pixels at 100 %
_MAX_NAME = 60  # characters


class BalanceView(QWidget):
    """`saleWanted`: the cashier goes on with a sale."""

    saleWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = Initials()
        self._name = UntrustedLabel("section", "balanceName", max_length=_MAX_NAME)
        self._tier = UntrustedLabel("muted", "balanceTier", max_length=_MAX_NAME)
        self._points = label("", "figure", "balancePoints")
        self._cashback = label("", "figure", "balanceCashback")
        self._next = UntrustedLabel("strong", "balanceNext", max_length=2 * _MAX_NAME)
        self._next.hide()
        self._rewards = RowList("balanceRewards", self.tr("Benefícios do cliente"), two_lines=True)
        self._rewards_card = QFrame()
        self._arrange()

    def _arrange(self) -> None:
        card = QFrame()
        card.setObjectName("balanceCard")
        card.setProperty("look", "card")
        card.setMaximumWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        names = QVBoxLayout()
        names.setSpacing(px(2))
        add_all(names, self._name, self._tier)
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self._initials, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        figures = QHBoxLayout()
        figures.setSpacing(px(32))
        for caption, figure in ((self.tr("Pontos"), self._points), (self.tr("Cashback"), self._cashback)):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            add_all(cell, label(caption, "muted"), figure)
            figures.addLayout(cell)
        figures.addStretch(1)
        sale = ActionButton("balanceSale", self.tr("Nova venda"), "F3", self.saleWanted, icon="sale")
        row = QHBoxLayout()
        row.addWidget(sale)
        row.addStretch(1)
        lay_out(card, head, figures, self._next, row, margins=(px(24), px(16), px(24), px(16)), spacing=px(16))
        self._rewards_card.setProperty("look", "card")
        heading = label(self.tr("Benefícios"), "section")
        margins = (px(12), px(16), px(12), px(12))
        lay_out(self._rewards_card, heading, margins=margins, spacing=px(8)).addWidget(self._rewards, 1)
        self._rewards_card.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(16))
        layout.addWidget(card, 2, Qt.AlignmentFlag.AlignTop)
        right = QWidget()  # keeps the card of the figures at the left while it is empty
        lay_out(right, self._rewards_card)
        layout.addWidget(right, 3)

    def show_balance(self, balance: Balance) -> None:
        name = balance.name or self.tr("Cliente sem nome")
        self._name.setText(name)
        self._initials.show_name(balance.name)
        outside = self.tr("Não participa do programa") if balance.enrolled is False else ""
        self._tier.setText(outside or balance.tier)
        points, cashback = QLocale().toString(balance.points), format_reais(balance.cashback)
        self._points.setText(points)
        self._points.setAccessibleName(self.tr("Pontos: {0}").format(points))
        self._cashback.setText(cashback)
        self._cashback.setAccessibleName(self.tr("Cashback: {0}").format(cashback))
        self._show_rewards(balance)

    def _show_rewards(self, balance: Balance) -> None:
        lacking = next_reward_text(balance.rewards, balance.points)
        self._next.setText(lacking)
        self._next.setVisible(bool(lacking))
        self._rewards.show_rows(reward_rows(balance.rewards, balance.points))
        self._rewards_card.setVisible(bool(balance.rewards))

    def clear(self) -> None:
        for part in (self._name, self._tier, self._points, self._cashback):
            part.setText("")
        self._next.hide()
        self._rewards_card.hide()
        self._rewards.show_rows([])
        self._initials.show_name("")
