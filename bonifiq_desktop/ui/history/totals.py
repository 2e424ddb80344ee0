"""Totals at the foot of the history."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ledger.history_filter import HistoryTotals


class TotalsLabel(QLabel):
    """`12 registros · confirmados: vendas R$ 10,00 · devoluções R$ 5,00`; empty where nothing is selected.

    Money of marketplaces and web shops stands beside, in each currency, and is never added to BonifiQ's part of the
    same returns.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def show_totals(self, totals: HistoryTotals) -> None:
        self.setText(self._text(totals))

    def _text(self, totals: HistoryTotals) -> str:
        if totals.is_partial:
            count = QLocale().toString(totals.count)
            return self.tr("Mais de {0} registros: filtre mais para ver a soma.").format(count)
        if not totals.count:
            return ""
        text = self.tr("%n registro(s)", "", totals.count)
        refunds = self.tr("devoluções no BonifiQ") if totals.money else self.tr("devoluções")
        named = (
            (self.tr("vendas"), totals.value_of(Kind.SALE)),
            (refunds, totals.value_of(Kind.REFUND)),
            (self.tr("cancelamentos"), totals.value_of(Kind.CANCEL)),
            (self.tr("benefícios usados"), totals.value_of(Kind.REDEMPTION)),
            (self.tr("benefícios desfeitos"), totals.value_of(Kind.REVERSAL)),
        )
        parts = [f"{name} {format_reais(value)}" for name, value in named if value]
        if totals.money:
            money = ", ".join(format_money(amount, currency) for currency, amount in totals.money)
            parts.append(self.tr("devoluções em outros sistemas {0}").format(money))
        sums = " · ".join(parts)
        confirmed = self.tr("confirmados: {0}").format(sums)
        return f"{text}   ·   {confirmed}" if sums else text
