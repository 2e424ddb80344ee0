"""PySide itself: a build that loses references to None would abort the program after some thousand calls."""

import sys

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

CALLS = 500


class _Empty(QAbstractListModel):
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        del parent
        return 1

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> None:
        del index, role


def test_pyside_calls_keep_the_references_to_none(qtbot: QtBot) -> None:
    widget, model = QLabel("x"), _Empty()
    qtbot.addWidget(widget)
    index = model.index(0)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.repaint()
        model.data(index, Qt.ItemDataRole.DisplayRole)
        index.data(Qt.ItemDataRole.DecorationRole)
    assert sys.getrefcount(None) > before - CALLS // 2
