"""The history page with a thousand to a million operations: shown, paged and searched."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QGuiApplication
from PySide6.QtSql import QSqlDatabase, QSqlQueryModel
from PySide6.QtWidgets import QApplication, QTableView

from bonifiq_desktop.ledger import history
from bonifiq_desktop.ledger.database import open_for_reading
from bonifiq_desktop.ledger.history_filter import Cursor
from bonifiq_desktop.ui.history.model import HistoryModel
from bonifiq_desktop.ui.history.table import HistoryTable
from bonifiq_desktop.ui.widgets.tables import style_table
from tests.bench.large_ledger import ledger_with, order_number
from tests.bench.measure import Bench, Figure, Goal, Result, Sample, compare, milliseconds

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SHOWN, PAGED, SEARCHED = Goal(1.5), Goal(2), Goal(1 / 50)
_SAME = "SELECT created_at, kind, order_id, value, state FROM operations ORDER BY id DESC"
_ROW = 48


def rows(bench: Bench) -> Iterator[Result]:
    """The figures of every size. The goals are for the greatest."""
    # A view needs a running application, also without a display.
    application = QApplication.instance() or QApplication(["bench", "-platform", "offscreen"])
    assert isinstance(application, QGuiApplication)
    sizes = SIZES[:2] if bench.quick else SIZES
    for size in sizes:
        path = ledger_with(bench.folder, size)
        with closing(open_for_reading(path)) as db:
            db.row_factory = sqlite3.Row
            yield from _of(bench, db, path, size, with_goals=size == sizes[-1])


def _of(bench: Bench, db: sqlite3.Connection, path: Path, size: int, *, with_goals: bool) -> Iterator[Result]:
    def figure(name: str, what: str, goal: Goal | None) -> Figure:
        return Figure("history", f"{name}, {size:,} operations", what, goal if with_goals else None)

    yield compare(
        figure("table shown", "the page read and painted, against a QSqlQueryModel over the same file", SHOWN),
        ours=_painted(lambda: _our_table(db)),
        limit=_painted(_QtTables(path)),
        rounds=bench.rounds(30),
    )
    for name, before in (("page in the middle", size // 2), ("oldest page", history.PAGE_SIZE + 1)):
        yield compare(
            figure(name, "its operations read, against those of the newest page", PAGED),
            ours=milliseconds(partial(history.read_page, db, "", Cursor(before))),
            limit=milliseconds(lambda: history.read_page(db, "")),
            rounds=bench.rounds(60),
        )
    key = history.read_page(db, "", Cursor(size // 2))[1].cancel_key or ""
    for name, text in (
        ("whole number", order_number(size // 3)),
        ("end of a number", order_number(size // 3)[-6:]),
        ("part of a key", key[4:16].lower()),
        ("what thousands hold", "caixa1"),
    ):
        yield compare(
            figure(f"search, {name}", "a page of what holds a text, against reading through the same file", SEARCHED),
            ours=milliseconds(partial(history.read_page, db, text)),
            limit=milliseconds(partial(_read_through, db, text)),
            rounds=bench.rounds(20),
        )


def _read_through(db: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """A search without an index: the ids of all matching operations."""
    query = "SELECT id FROM operations WHERE order_id LIKE :like OR cancel_key LIKE :like"
    return db.execute(query, {"like": f"%{text}%"}).fetchall()


def _our_table(db: sqlite3.Connection) -> QTableView:
    model = HistoryModel()
    table = HistoryTable(model)
    model.setParent(table)
    model.show_first_page(history.read_page(db, ""))
    return table


class _QtTables:
    """Makes tables of Qt's SQL models on a connection of Qt."""

    def __init__(self, path: Path) -> None:
        self._db = QSqlDatabase.addDatabase("QSQLITE", str(path))
        self._db.setConnectOptions("QSQLITE_OPEN_READONLY")
        self._db.setDatabaseName(str(path))
        if not self._db.open():
            raise OSError(self._db.lastError().text())

    def __call__(self) -> QTableView:
        table = QTableView()
        style_table(table, _ROW)
        model = QSqlQueryModel(table)
        model.setQuery(_SAME, self._db)
        if model.lastError().isValid():
            raise OSError(model.lastError().text())
        table.setModel(model)
        return table


def _painted(make: Callable[[], QTableView]) -> Sample:
    """Measure making a table with its model and painting it."""

    def show() -> None:
        table = make()
        table.resize(900, 700)
        table.show()
        QGuiApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        table.grab()
        table.close()
        table.deleteLater()
        QGuiApplication.sendPostedEvents(None, 52)  # runs deferred deletions now, outside the next measurement

    return milliseconds(show)
