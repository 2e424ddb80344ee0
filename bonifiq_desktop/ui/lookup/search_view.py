"""Results while typing: orders of this till, and what else the typed text can mean."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.orders import OrderIdError, read_typed_order_id
from bonifiq_desktop.domain.search import QueryKind, SearchResult, SlipMatch
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.lookup.texts import hit_row, slip_message
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph

PERSONAL = QueryKind.DOCUMENT | QueryKind.PHONE | QueryKind.EMAIL


@dataclass(frozen=True)
class AskBonifiq:
    """Row that looks a number up in BonifiQ. `is_sure`: the text looks like something else."""

    order_id: str
    is_sure: bool = False


@dataclass(frozen=True)
class AskBalance:
    """Row that asks for the balance of the typed customer."""


class SearchView(QWidget):
    """`chosen` carries an OrderHit, AskBonifiq or AskBalance."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowList("searchRows", self.tr("Resultados"))
        self.rows.chosen.connect(self.chosen)
        self._note = paragraph("", "muted", "searchNote")
        self._missing = Notice("searchMissing")
        layout = lay_out(self, self._missing, spacing=px(8))
        layout.addWidget(self.rows, 1)
        layout.addWidget(self._note)

    def clear(self) -> None:
        self.rows.show_rows([])
        self._note.clear()
        self._missing.clear()

    def show_hits_of_missing(self, text: str, result: SearchResult) -> None:
        """Show this till's hits for a text that BonifiQ knows as no order."""
        self.rows.show_rows([hit_row(hit) for hit in result.hits], 0)
        self._note.clear()
        title = self.tr("O BonifiQ não tem o pedido {0}.").format(text.strip())
        self._missing.say(
            "warning", title, self.tr("Este caixa achou outra coisa com estes números: Enter abre."), code="PEDIDO-01"
        )

    def show_result(self, text: str, result: SearchResult) -> None:
        self._missing.clear()
        rows = [hit_row(hit) for hit in result.hits]
        typed, ask = confirmed_order_id(text), self.tr("consultar no BonifiQ")
        number = result.order_id if typed else ""
        if number:
            same = [row for row in rows if row.title == number]
            title = self.tr("Pedido {0}").format(number)
            asks = Row(title, ask, icon="search", target=AskBonifiq(number))
            rows = [*(same or [asks]), *(row for row in rows if row not in same)]
        has_choice = bool(rows)
        if result.kind & PERSONAL:
            title, what = self.tr("Saldo do cliente"), self.tr("pontos e cashback, sem venda")
            rows.append(Row(title, what, note="F5", icon="star", target=AskBalance()))
        if typed and not number and result.slip is not SlipMatch.TEST_PAGE:
            sure = AskBonifiq(typed, is_sure=True)
            rows.append(Row(self.tr("É um número de pedido"), ask, note="Ctrl+Enter", icon="search", target=sure))
        self.rows.show_rows(rows, 0 if has_choice else -1)
        self._note.setText(self._note_text(result))
        count = len(result.hits)
        none = slip_message(result.slip).title if result.slip else self.tr("Nada encontrado neste caixa.")
        announce(self, self.tr("%n resultados", "", count) if count else none)

    def _note_text(self, result: SearchResult) -> str:
        if result.slip is not None:
            return slip_message(result.slip).title
        if not result.index_ready:
            return self.tr("Os nomes dos clientes ainda estão sendo carregados.")
        if not result.customers_kept:
            return self.tr("Neste PC os clientes só são lembrados até fechar o programa.")
        if not result.hits and not result.order_id:
            return self.tr("Nada encontrado neste caixa. Aqui aparece só o que passou por ele.")
        return ""


def confirmed_order_id(text: str) -> str:
    """The order number that a text is if the person says so; empty where it cannot be one."""
    try:
        return read_typed_order_id(text)
    except OrderIdError as error:
        return error.order_id
