"""A new cashier: acts on what can be read on the screen, with the mouse and the keys, and knows no object name."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QTextEdit,
    QWidget,
)

from tests.support.cashier import let_work, wait_until

Place = tuple[str, QWidget, QPoint]
_HAND_SECONDS = 0.12
"""Seconds between two keys of a hand; a scanner is faster."""


class Newcomer:
    """Reads the window and hits what it says; an act that finds no such text fails after the usual patience."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    def reads(self, *texts: str) -> None:
        """Wait until each text stands on the screen."""
        for text in texts:
            wait_until(partial(self._place_of, text), f"“{text}” among {self.screen()}")

    def does_not_read(self, text: str) -> None:
        wait_until(lambda: self._place_of(text) is None, f"“{text}” to go")

    def clicks(self, text: str) -> None:
        """Click the middle of a text."""
        self.reads(text)
        let_work(_HAND_SECONDS)
        self._activate()
        found = self._place_of(text)
        assert found is not None, f"“{text}” went away"
        _text, widget, place = found
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        let_work(_HAND_SECONDS)

    def types(self, text: str) -> None:
        """Type where the cursor is."""
        let_work(_HAND_SECONDS)
        for letter in text:
            QTest.keyClicks(self._focused(), letter)
            let_work(0.04)
        let_work(_HAND_SECONDS)

    def presses(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        let_work(_HAND_SECONDS)
        QTest.keyClick(self._focused(), key, modifier)
        let_work(_HAND_SECONDS)

    def enters(self, *, times: int = 1) -> None:
        for _time in range(times):
            self.presses(Qt.Key.Key_Return)

    def screen(self) -> list[str]:
        """All texts that can be read now."""
        return [text for text, _widget, _place in self._texts()]

    def _activate(self) -> None:
        """Bring the window to the front: that of an earlier test takes the focus with it when it is deleted."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
            assert QTest.qWaitForWindowActive(self.window)

    def _focused(self) -> QWidget:
        self._activate()
        return QApplication.focusWidget() or self.window

    def _place_of(self, wanted: str) -> Place | None:
        """The place of the shortest text that holds the wanted one: a button rather than a sentence about it."""
        found = [each for each in self._texts() if wanted in each[0]]
        return min(found, key=lambda each: len(each[0]), default=None)

    def _texts(self) -> Iterator[Place]:
        windows = [self.window, *(menu for menu in QApplication.topLevelWidgets() if isinstance(menu, QMenu))]
        for window in windows:
            for widget in (window, *window.findChildren(QWidget)):
                if widget.isVisible() and not widget.visibleRegion().isNull():
                    yield from _texts_of(widget)


def _texts_of(widget: QWidget) -> Iterator[Place]:
    middle = widget.visibleRegion().boundingRect().center()
    if isinstance(widget, QAbstractItemView):
        yield from _cells(widget)
    elif isinstance(widget, QMenu):
        for action in widget.actions():
            yield action.text().replace("&", ""), widget, widget.actionGeometry(action).center()
    elif isinstance(widget, QLineEdit):
        yield widget.text() or widget.placeholderText(), widget, middle
    elif isinstance(widget, QTextEdit):
        yield widget.toPlainText().replace("\xa0", " "), widget, middle
    elif isinstance(widget, (QLabel, QAbstractButton)):
        yield widget.text().replace("\u200b", "").replace("\xa0", " ").replace("&&", "&"), widget, middle


def _cells(view: QAbstractItemView) -> Iterator[Place]:
    model, area = view.model(), view.viewport().rect()
    for row in range(min(model.rowCount(QModelIndex()), 60)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
            index: QModelIndex = model.index(row, column)
            place = view.visualRect(index)
            if place.isValid() and area.intersects(place):
                said = index.data(Qt.ItemDataRole.DisplayRole) or index.data(Qt.ItemDataRole.AccessibleTextRole)
                yield str(said or "").replace("\xa0", " "), view.viewport(), place.intersected(area).center()
