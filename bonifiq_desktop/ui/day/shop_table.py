"""Table of the whole shop's day: the sums of each till, and how old the knowledge of the others is."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.day_close import DayReport, Sum, TillDay, shop_total
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ui.messages.day_close import count_text
from bonifiq_desktop.ui.messages.formats import age_text, date_and_time, joined
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.entry_row import EntryTable
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_MAX_ROWS = 12


class ShopTable(QWidget):
    """Hidden where no other till is known. Of a closed day it shows what the record says."""

    def __init__(self) -> None:
        super().__init__()
        title = self.tr("Toda a loja, pelo que este caixa sabe")
        headings = [
            self.tr("Caixa"),
            self.tr("Nº"),
            self.tr("Vendas"),
            self.tr("Devolvido"),
            self.tr("Outros sistemas"),
            self.tr("Em aberto"),
            self.tr("Última notícia"),
        ]
        self._table = EntryTable("dayShop", title, headings, amounts={1, 2, 3, 4, 5}, max_rows=_MAX_ROWS)
        self._note = UntrustedLabel("muted", "dayShopNote")
        lay_out(self, label(title, "caption"), self._table, self._note, spacing=px(4))
        self.hide()

    def show_report(self, report: DayReport) -> None:
        """Show the tills of a day and their sum."""
        closed = report.closed
        tills = closed.shop if closed else report.shop
        self.setVisible(bool(tills))
        if not tills:
            return
        heard = date_and_time if closed else age_text
        rows = [self._row(till, till.till or report.till, heard) for till in tills]
        self._table.show_rows([*rows, self._row(shop_total(tills), self.tr("Toda a loja"), heard)])
        self._note.setText(self._note_text(tills, is_closed=closed is not None))

    def _row(self, till: TillDay, name: str, heard: Callable[[datetime], str]) -> tuple[str, ...]:
        back = till.refunds.value + till.cancellations.value
        return (
            name,
            count_text(till.operations),
            _money(till.sales),
            _money(Sum(0, back, till.refunds.currency)),
            ", ".join(_money(each.sum) for each in till.returns),
            count_text(till.open_operations),
            heard(till.heard_at) if till.heard_at else "",
        )

    def _note_text(self, tills: tuple[TillDay, ...], *, is_closed: bool) -> str:
        """What may be missing in the sums of the others."""
        age = (
            self.tr("Os números dos outros caixas são os que este caixa conhecia no fechamento.")
            if is_closed
            else self.tr("O que os outros caixas registraram depois da última notícia não está nas somas.")
        )
        pending = sum(till.pending for till in tills)
        return joined(age, self.tr("Falta(m) %n mudança(s) deles.", "", pending) if pending else "")


def _money(total: Sum) -> str:
    return format_money(total.value, total.currency)
