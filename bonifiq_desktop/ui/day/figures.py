"""Figures of a day: six tiles, and below them the sums by reason, person, payment and system."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.day_close import DayTotals, LoyaltySum, NamedSum, Sum
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ui.messages.day_close import count_text, sales_text
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.entry_row import EntryTable
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, card, label

_GAP, _WIDE = 12, 800  # pixels at 100 %
_COLUMNS = 3
_LONG = 15  # characters of a figure that take the smaller size
_MAX_ROWS = 8
_MINUS = "\u2212"
_LOYALTY, _PAYMENT = "loyalty", "sales_by_payment"


class Tile(QWidget):
    """A caption, a figure, and what it is made of."""

    def __init__(self, name: str, caption: str) -> None:
        super().__init__()
        frame, inside = card()
        inside.setSpacing(px(2))
        self._caption = caption
        self._figure = label("", "figure", name)
        self._note = UntrustedLabel("muted", f"{name}Note")
        for part in (label(caption, "caption"), self._figure, self._note):
            inside.addWidget(part)
        inside.addStretch(1)
        lay_out(self, frame)

    def show_figure(self, figure: str, note: str) -> None:
        self._figure.setText(figure)
        set_variant(self._figure, look="section" if len(figure) > _LONG else "figure")
        self._figure.setAccessibleName(f"{self._caption}: {figure}")
        self._note.setText(note)
        self._note.setVisible(bool(note))


class Figures(QWidget):
    """Shows totals: of an open day as of now, of a closed one as its record says."""

    def __init__(self) -> None:
        super().__init__()
        self._tiles = {
            "sales": Tile("daySales", self.tr("Vendas")),
            "refunds": Tile("dayRefunds", self.tr("Devoluções e cancelamentos")),
            "rewards": Tile("dayRewards", self.tr("Benefícios usados")),
            "points": Tile("dayPoints", self.tr("Saldo de pontos")),
            "cashback": Tile("dayCashback", self.tr("Saldo de cashback")),
            "open": Tile("dayOpen", self.tr("Em aberto")),
        }
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(_GAP))
        self._arrange(_COLUMNS)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, tile in enumerate(self._tiles.values()):
            self._grid.removeWidget(tile)
            self._grid.addWidget(tile, place // columns, place % columns)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(_COLUMNS if self.width() >= px(_WIDE) else 2)

    def show_totals(self, totals: DayTotals, open_operations: int) -> None:
        refunds, cancels = totals.refunds, totals.cancellations
        tiles = self._tiles
        tiles["sales"].show_figure(format_reais(totals.sales.value), self._sales_note(totals))
        both = joined(self.tr("%n devolução(ões)", "", refunds.count), self.tr("%n cancelamento(s)", "", cancels.count))
        tiles["refunds"].show_figure(format_reais(refunds.value + cancels.value), both)
        undone = totals.rewards_undone
        tiles["rewards"].show_figure(
            format_reais(totals.rewards.value - undone.value),
            joined(self.tr("%n usado(s)", "", totals.rewards.count), self.tr("%n desfeito(s)", "", undone.count)),
        )
        self._show_balance(totals.given, totals.taken)
        note = self.tr("fora dos totais") if open_operations else self.tr("tudo enviado e decidido")
        tiles["open"].show_figure(count_text(open_operations), note)

    def _sales_note(self, totals: DayTotals) -> str:
        pending = totals.pending_sales.count
        parts = [sales_text(totals.sales.count)]
        parts += [self.tr("%n pendente(s)", "", pending)] if pending else []
        parts += [self.tr("%n concluída(s)", "", totals.completions.count)] if totals.completions.count else []
        return joined(*parts)

    def _show_balance(self, given: LoyaltySum, taken: LoyaltySum) -> None:
        """Given less taken; what the program estimates is marked."""
        points = (given.points + given.estimated_points, taken.points + taken.estimated_points)
        money = (given.cashback + given.estimated_cashback, taken.cashback + taken.estimated_cashback)
        estimated = (
            (given.estimated_points, taken.estimated_points),
            (given.estimated_cashback, taken.estimated_cashback),
        )
        for name, (up, down), guessed, text in (
            ("points", points, estimated[0], count_text),
            ("cashback", money, estimated[1], format_reais),
        ):
            sides = self.tr("{0} dados · {1} retirados").format(text(up), text(down))
            note = joined(sides, self.tr("com estimativa") if any(guessed) else "")
            sign = "≈ " if any(guessed) else ""
            self._tiles[name].show_figure(sign + _signed(text(abs(up - down)), up - down), note)


def _signed(text: str, value: int) -> str:
    return f"{_MINUS}{text}" if value < 0 else f"+{text}" if value else text


class Tables(QWidget):
    """The day's sums in tables of two columns side by side; a group without sums is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(_GAP))
        self._grid.setVerticalSpacing(px(_GAP))
        self._tables: dict[str, tuple[QWidget, EntryTable]] = {}
        for column in range(2):
            self._grid.setColumnStretch(column, 1)
        reason, person, number = self.tr("Motivo"), self.tr("Pessoa"), self.tr("Nº")
        values = [number, self.tr("Valor")]
        for name, title, headings in (
            ("refunds_by_reason", self.tr("Devoluções por motivo"), [reason, *values]),
            ("refunds_by_person", self.tr("Devoluções por pessoa"), [person, *values]),
            ("cancellations_by_reason", self.tr("Cancelamentos por motivo"), [reason, *values]),
            ("cancellations_by_person", self.tr("Cancelamentos por pessoa"), [person, *values]),
            ("returns", self.tr("Devoluções em outros sistemas"), [self.tr("Sistema"), *values]),
            (_LOYALTY, self.tr("Pontos e cashback"), ["", self.tr("Informado"), self.tr("Estimativa")]),
            ("sales_by_person", self.tr("Vendas por pessoa"), [person, *values]),
            (_PAYMENT, self.tr("Vendas por pagamento"), [self.tr("Pagamento"), *values]),
        ):
            self._add(name, title, headings)

    def _add(self, name: str, title: str, headings: list[str]) -> None:
        camel = "".join(part.capitalize() for part in name.split("_"))
        table = EntryTable(f"day{camel}", title, headings, amounts={1, 2}, max_rows=_MAX_ROWS)
        box = QWidget(self)
        box.hide()
        lay_out(box, label(title, "caption"), table, spacing=px(4)).addStretch(1)
        self._tables[name] = (box, table)

    def show_totals(self, totals: DayTotals) -> None:
        place = 0
        for name, (box, table) in self._tables.items():
            rows = _rows(totals, name)
            table.show_rows(rows)
            box.setVisible(bool(rows))
            self._grid.removeWidget(box)
            if rows:
                self._grid.addWidget(box, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
                place += 1


def _rows(totals: DayTotals, group: str) -> list[tuple[str, ...]]:
    if group == _LOYALTY:
        return _loyalty_rows(totals)
    named: tuple[NamedSum, ...] = getattr(totals, group)
    if group == _PAYMENT:
        return [_named_row(replace(each, name=_payment_name(each.name))) for each in named]
    estimated = totals.estimated_returns if group == "returns" else ()
    return [*map(_named_row, named), *map(_estimated_row, estimated)]


def _payment_name(code: str) -> str:
    coded = read_coded_name(code)
    return coded.name if coded else ""


def _named_row(named: NamedSum) -> tuple[str, ...]:
    return named.name or translate("day", "Sem informação"), count_text(named.sum.count), _money(named.sum)


def _estimated_row(named: NamedSum) -> tuple[str, ...]:
    name = translate("day", "{0}: disso, estimativa").format(named.name)
    return name, count_text(named.sum.count), _money(named.sum)


def _money(total: Sum) -> str:
    return format_money(total.value, total.currency)


def _loyalty_rows(totals: DayTotals) -> list[tuple[str, ...]]:
    given, taken = totals.given, totals.taken
    if given == LoyaltySum() and taken == LoyaltySum():
        return []
    return [
        (translate("day", "Pontos dados"), count_text(given.points), count_text(given.estimated_points)),
        (translate("day", "Pontos retirados"), count_text(taken.points), count_text(taken.estimated_points)),
        (translate("day", "Cashback dado"), format_reais(given.cashback), format_reais(given.estimated_cashback)),
        (translate("day", "Cashback retirado"), format_reais(taken.cashback), format_reais(taken.estimated_cashback)),
    ]
