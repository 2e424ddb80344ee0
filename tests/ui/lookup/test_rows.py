"""Rows in columns: which text gets which room."""

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from bonifiq_desktop.ui.lookup import rows as rows_module
from bonifiq_desktop.ui.lookup.rows import Row, RowList

SYSTEM = Row("Marketplace (Mirakl)", "1001-A · Entregue", chip="Pode devolver", icon="store")
ITEM = Row("Camiseta básica algodão", amount="R$\u00a049,90")
NARROW = 290  # pixels: the list of the order page in the narrowest window


def test_system_takes_the_room_of_the_amount_that_it_lacks(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, int] = {}

    def note(_painter: object, place: QRect, text: str, *_look: object, **_more: object) -> None:
        drawn[text] = place.width()

    monkeypatch.setattr(rows_module, "_draw", note)

    def width_of_system(*rows: Row) -> int:
        shown = RowList("rows", "rows", two_lines=True)
        qtbot.addWidget(shown)
        shown.resize(NARROW, 300)
        shown.show_rows(rows)
        shown.grab()
        return drawn[SYSTEM.title]

    assert width_of_system(SYSTEM, ITEM) == width_of_system(SYSTEM)
    assert drawn[ITEM.title] < drawn[SYSTEM.title]
