"""A customer's balance without a sale: points, cashback and tier."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.search import Balance
from bonifiq_desktop.ui.lookup.parts import Initials
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_WIDTH = 560


class BalanceView(QWidget):
    """`saleWanted`: the cashier goes on with a sale."""

    saleWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initials = Initials()
        self._name = UntrustedLabel("section", "balanceName")
        self._tier = UntrustedLabel("muted", "balanceTier")
        self._points = label("", "figure", "balancePoints")
        self._cashback = label("", "figure", "balanceCashback")
        self._arrange()

    def _arrange(self) -> None:
        card = QFrame()
        card.setObjectName("balanceCard")
        card.setProperty("look", "card")
        card.setMaximumWidth(px(_WIDTH))
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
        lay_out(card, head, figures, row, margins=(px(24), px(16), px(24), px(16)), spacing=px(16))
        lay_out(self, card).addStretch(1)

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

    def clear(self) -> None:
        for part in (self._name, self._tier, self._points, self._cashback):
            part.setText("")
        self._initials.show_name("")
