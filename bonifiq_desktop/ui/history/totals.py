"""Text of the totals at the foot of the history."""

from PySide6.QtCore import QCoreApplication, QLocale

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.ledger.history_filter import HistoryTotals
from bonifiq_desktop.ui.messages.message import translate


def totals_text(totals: HistoryTotals) -> str:
    """`12 registros · confirmados: vendas R$ 10,00 · devoluções R$ 5,00`; empty where nothing is selected."""
    if totals.is_partial:
        count = QLocale().toString(totals.count)
        return translate("HistoryTotals", "Mais de {0} registros: filtre mais para ver a soma.").format(count)
    if not totals.count:
        return ""
    text = QCoreApplication.translate("HistoryTotals", "%n registro(s)", "", totals.count)
    named = (
        (translate("HistoryTotals", "vendas"), totals.value_of(Kind.SALE)),
        (translate("HistoryTotals", "devoluções"), totals.value_of(Kind.REFUND)),
        (translate("HistoryTotals", "cancelamentos"), totals.value_of(Kind.CANCEL)),
    )
    sums = " · ".join(f"{name} {format_reais(value)}" for name, value in named if value)
    confirmed = translate("HistoryTotals", "confirmados: {0}").format(sums)
    return f"{text}   ·   {confirmed}" if sums else text
