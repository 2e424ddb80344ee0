"""The items of a refund by keys: ticked piece by piece, never above what was paid, never twice, never negative."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.items import items_of
from bonifiq_desktop.domain.operations import Line, Operation
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.ui.refund.items import RefundItems
from tests.domain.test_items import refund

SHIRT, SHORTS = Product("CAM", "Camiseta", 5000), Product("BER", "Bermuda", 5000)
DISCOUNT = Product("D", "Desconto", -1000)
CANS = Product("LATA", "Lata", 1000, 3)


class Shown:
    """A table of items in a window, and a hand at it."""

    def __init__(self, qtbot: QtBot, products: Sequence[Product], total: int, *operations: Operation) -> None:
        self.table = RefundItems(products, items_of(products, total, operations))
        self.told: list[int] = []
        self.table.edited.connect(lambda: self.told.append(self.table.total()))
        qtbot.addWidget(self.table)
        self.table.show()

    def press(self, row: int, keys: str = " ") -> None:
        self.table.setCurrentCell(row, 0)
        QTest.keyClicks(self.table, keys)

    def type(self, row: int, keys: str) -> None:
        QTest.keyClick(self.table, Qt.Key.Key_Return)  # the end of the amount before: the next one is no scanned code
        self.table.setCurrentCell(row, 0)
        QTest.keyClicks(self.table, keys)

    def value(self, row: int) -> str:
        return self.cell(row, 2)

    def spoken(self, row: int, column: int) -> str:
        found = self.table.item(row, column)
        assert found is not None
        return str(found.data(Qt.ItemDataRole.AccessibleTextRole))

    def click(self, row: int, column: int, *, at_box: bool = False) -> None:
        place = self.table.visualRect(self.table.model().index(row, column))
        point = QPoint(place.left() + 18, place.center().y()) if at_box else place.center()
        QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, pos=point)

    def cell(self, row: int, column: int) -> str:
        found = self.table.item(row, column)
        assert found is not None
        return found.text()

    def is_checkable(self, row: int) -> bool:
        found = self.table.item(row, 0)
        assert found is not None
        return bool(found.flags() & Qt.ItemFlag.ItemIsUserCheckable) or found.data(10) is not None  # CheckStateRole


def test_space_ticks_an_item_and_then_unticks_it(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, SHORTS], 9000)
    shown.press(0)
    assert (shown.table.ticked_rows(), shown.table.total(), shown.value(0)) == ([0], 4500, "45,00")
    assert shown.table.lines() == (Line("CAM", "Camiseta", 4500, 1, 0),)
    shown.press(1)
    shown.press(0)
    assert (shown.table.ticked_rows(), shown.told) == ([1], [4500, 9000, 4500])
    assert shown.cell(0, 0) == "Camiseta", "a single unit is not counted"


def test_discount_row_cannot_be_ticked(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [DISCOUNT, Product("CAM", "Camiseta", 10000)], 9000)
    assert shown.table.currentRow() == 1, "the first item is where the space bar begins"
    for keys in (" ", "+", "-", "5"):
        shown.press(0, keys)
    box = shown.table.item(0, 0)
    assert box is not None
    box.setCheckState(Qt.CheckState.Checked)
    assert (shown.table.ticked_rows(), shown.table.total(), shown.table.lines(), shown.told) == ([], 0, (), [])
    assert (shown.cell(0, 1), shown.cell(0, 2), shown.cell(1, 1)) == ("-10,00", "desconto", "pago 90,00")


def test_item_value_stays_between_zero_and_its_price(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [Product("CAM", "Camiseta", 2500)], 2500)
    for keys in ("600,00", "9999999999", "60000"):
        shown.type(0, keys)
        assert (shown.value(0), shown.table.total()) == ("25,00", 2500)
    for _ in range(6):
        QTest.keyClick(shown.table, Qt.Key.Key_Backspace)
    assert (shown.value(0), shown.table.lines()) == ("0,00", ())
    shown.type(0, "5")
    assert shown.table.lines() == (Line("CAM", "Camiseta", 5, 0, 0),)
    shown.type(0, "abc.,")
    assert shown.table.total() == 5, "letters and separators change nothing"


def test_digit_ticks_its_row_and_begins_another_amount_after_space(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, SHORTS], 10000)
    shown.type(1, "1234")
    assert (shown.table.ticked_rows(), shown.value(1)) == ([1], "12,34")
    shown.press(1, "  ")
    assert shown.value(1) == "50,00"
    shown.type(1, "7")
    assert shown.value(1) == "0,07"
    shown.press(0, "2")
    shown.press(1, "3")
    assert shown.table.values() == [2, 3], "another row begins another amount"


def test_burst_of_more_digits_than_money_has_changes_nothing(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, SHORTS], 10000)
    shown.press(0)
    shown.type(0, "7891000315507")
    assert (shown.table.units(), shown.table.values()) == ([1, 0], [5000, 0])
    shown.type(1, "0000000000000")
    assert (shown.table.units(), shown.table.values()) == ([1, 0], [5000, 0])


def test_locked_items_follow_neither_keys_nor_clicks(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, CANS], 6000)
    shown.table.tick_all()
    shown.table.set_locked()
    for keys in (" ", "+", "-", "5"):
        shown.press(1, keys)
    shown.click(1, 0)
    assert (shown.table.units(), shown.table.values(), shown.told) == ([1, 3], [5000, 1000], [])


def test_every_cell_has_a_spoken_text(qtbot: QtBot) -> None:
    back = refund(Line("CAM", "Camiseta", 5000, 1, 0))
    shown = Shown(qtbot, [SHIRT, SHORTS, CANS, DISCOUNT, Product("X", "Sem preço", None)], 10000, back)
    shown.press(2, "  ")
    assert all(shown.spoken(row, column) for row in range(5) for column in range(3))
    assert shown.spoken(0, 0).startswith("Camiseta, devolvida")
    assert shown.spoken(1, 0) == "Bermuda, não marcado"
    assert shown.spoken(2, 0) == "Lata, marcado, 2 de 3"
    assert "R$" in shown.spoken(2, 2)


def test_item_value_above_its_price_emits_the_limit(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, Product("CAM", "Camiseta", 2500)], 7500)
    rows: list[int] = []
    shown.table.limitReached.connect(rows.append)
    shown.press(1)
    shown.type(1, "2500")
    assert rows == []
    QTest.keyClicks(shown.table, "0")
    assert (rows, shown.table.limit_of(1)) == ([1], 2500)


def test_returned_item_shows_date_and_person_and_cannot_be_ticked(qtbot: QtBot) -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    back = replace(refund(Line("CAM", "Camiseta", 5000, 1, 0)), created_at=at, registered_by="Bia")
    shown = Shown(qtbot, [SHIRT, SHORTS], 10000, back)
    day = "26/11" if datetime.now().astimezone().year == at.year else "26/11/2026"
    assert shown.cell(0, 2) == f"devolvida {day} · Bia"
    shown.press(0)
    assert (shown.table.ticked_rows(), shown.is_checkable(0), shown.is_checkable(1)) == ([], False, True)
    unnamed = Shown(qtbot, [SHIRT], 5000, replace(back, registered_by=""))
    assert unnamed.cell(0, 2) == f"devolvida {day}"


def test_partly_returned_item_is_limited_to_its_rest(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT], 5000, refund(Line("CAM", "Camiseta", 2000, 0, 0)))
    assert shown.value(0) == "resta 30,00"
    shown.press(0)
    assert shown.value(0) == "30,00"
    shown.type(0, "3001")
    assert shown.table.total() == 3000


def test_units_are_chosen_with_space_plus_and_minus(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [CANS, SHIRT], 6000)
    counts = []
    for keys in (" ", " ", " ", " ", "+", "+", "+", "+", "-", "-", "-", "-"):
        shown.press(0, keys)
        counts.append((shown.cell(0, 0), shown.table.total()))
    one, two, three, none = (
        (f"{units} de 3 × Lata", total) for units, total in ((1, 334), (2, 667), (3, 1000), (0, 0))
    )
    assert counts == [one, two, three, none, one, two, three, three, two, one, none, none]
    shown.press(0, "++")
    assert shown.table.lines() == (Line("LATA", "Lata", 667, 2, 0),)
    shown.type(0, "9999")
    assert shown.table.total() == 667, "for two pieces, not three"
    shown.type(0, "400")
    assert shown.table.lines() == (Line("LATA", "Lata", 400, 1, 0),)


def test_click_anywhere_in_a_row_ticks_one_unit(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [CANS, SHIRT], 6000)
    for column in range(3):
        shown.click(0, column)
        assert shown.table.units() == [column + 1, 0]
    shown.click(0, 0)
    assert shown.table.units() == [0, 0]
    shown.click(1, 0, at_box=True)
    assert shown.table.units() == [0, 1], "the box ticks once, like the rest of the row"
    box = shown.table.item(1, 0)
    assert box is not None
    box.setCheckState(Qt.CheckState.Unchecked)  # as assistive technology does
    assert shown.table.units() == [0, 0]


def test_item_without_price_is_limited_to_the_total_less_other_prices(qtbot: QtBot) -> None:
    shown = Shown(qtbot, [SHIRT, Product("X", "Sem preço", None)], 7000)
    shown.press(1)
    assert (shown.value(1), shown.table.lines()) == ("0,00", ())
    shown.type(1, "1500")
    assert shown.table.lines() == (Line("X", "Sem preço", 1500, 1, 1),)
    shown.type(1, "2001")
    assert shown.table.total() == 2000


@pytest.mark.parametrize("before", [(), (refund(Line("CAM", "Camiseta", 5000, 1, 0)),)])
def test_restored_draft_ticks_only_refundable_units(qtbot: QtBot, before: tuple[Operation, ...]) -> None:
    shown = Shown(qtbot, [SHIRT, SHORTS, CANS, DISCOUNT], 10000, *before)
    shown.table.restore([1, 1, 9, 1, 1], [4500, 99999, 300, 5, 5])
    whole = shown.table.values()
    assert shown.table.units() == [0 if before else 1, 1, 3, 0]
    assert whole[0] == (0 if before else 4500)
    assert whole[1] == 4545
    assert whole[2:] == [300, 0]
    shown.table.untick_all()
    assert (shown.table.total(), shown.table.values()) == (0, [0, 0, 0, 0])
