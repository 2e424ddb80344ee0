"""Rows of items: the whole row is the tick's target."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QMainWindow

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.widgets.item_row import LINE_ROLE, ItemLine, ItemRowDelegate


@pytest.fixture(name="rows")
def list_of_two_items(qapp: QApplication) -> Iterator[QListView]:
    window = QMainWindow()
    view = QListView()
    model = QStandardItemModel(view)
    for line, ticks in (
        (ItemLine("Camiseta básica", "1 de 2", "R$ 99,80", "", "R$ 49,90"), True),
        (ItemLine("Meia cano médio", "", "R$ 14,90", "devolvida 26/11, Bia"), False),
    ):
        item = QStandardItem(line.name)
        item.setData(line, LINE_ROLE)
        item.setEditable(False)
        if ticks:
            item.setCheckable(True)
            item.setCheckState(Qt.CheckState.Unchecked)
        model.appendRow(item)
    view.setModel(model)
    view.setItemDelegate(ItemRowDelegate(view))
    window.setCentralWidget(view)
    theme.apply_style(window, "light")
    window.resize(700, 300)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    yield view
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def ticks(rows: QListView) -> list[bool | None]:
    model = rows.model()
    stored = [model.index(row, 0).data(Qt.ItemDataRole.CheckStateRole) for row in range(model.rowCount())]
    return [None if tick is None else Qt.CheckState(tick) is Qt.CheckState.Checked for tick in stored]


def click(rows: QListView, row: int, x: int) -> None:
    place = QPoint(x, rows.visualRect(rows.model().index(row, 0)).center().y())
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize("x", [8, 200, 690])
def test_click_anywhere_in_the_row_ticks_it(rows: QListView, x: int) -> None:
    click(rows, 0, min(x, rows.viewport().width() - 4))
    assert ticks(rows) == [True, None]
    click(rows, 0, 300)
    assert ticks(rows) == [False, None]


def test_space_ticks_the_current_row(rows: QListView) -> None:
    rows.setFocus()
    rows.setCurrentIndex(rows.model().index(0, 0))
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert ticks(rows) == [True, None]


def test_returned_item_cannot_be_ticked(rows: QListView) -> None:
    click(rows, 1, 200)
    assert ticks(rows) == [False, None]


def test_tick_changes_what_the_row_shows(rows: QListView) -> None:
    before = rows.viewport().grab().toImage()
    click(rows, 0, 200)
    assert rows.viewport().grab().toImage() != before
