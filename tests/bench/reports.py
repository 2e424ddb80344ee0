"""The owner's pictures and questions with a thousand to a million operations, of all time and of a month."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from bonifiq_desktop.domain.owner_questions import Question
from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.ledger.database import open_for_reading
from bonifiq_desktop.services import reports
from tests.bench.large_ledger import APART, FIRST_DAY, ledger_with
from tests.bench.measure import Bench, Figure, Goal, Result, Sample, compare, milliseconds

SIZES = (1_000, 100_000, 1_000_000)
ALL_TIME, A_MONTH = Goal(3), Goal(1 / 10)


def rows(bench: Bench) -> Iterator[Result]:
    """The figures of every size. The goals are for the greatest."""
    sizes = SIZES[:1] if bench.quick else SIZES
    for size in sizes:
        path = ledger_with(bench.folder, size)
        with closing(open_for_reading(path)) as db:
            yield from _of(bench, db, path, size, with_goals=size == sizes[-1])


def _of(bench: Bench, db: sqlite3.Connection, path: Path, size: int, *, with_goals: bool) -> Iterator[Result]:
    last = (FIRST_DAY + size * APART).date()
    for name, first, goal in (
        ("all time", FIRST_DAY.date(), ALL_TIME),
        ("a month", max(FIRST_DAY.date(), last - timedelta(days=30)), A_MONTH),
    ):
        for what, ours in _reports(path, first, last):
            figure = Figure(
                "reports",
                f"{what}, {name}, {size:,} operations",
                "read and added up, against reading all sales' rows through the same file",
                goal if with_goals else None,
            )
            yield compare(figure, ours=ours, limit=milliseconds(partial(_read_through, db)), rounds=bench.rounds(3))


def _reports(path: Path, first: date, last: date) -> Iterator[tuple[str, Sample]]:
    yield "pictures", milliseconds(partial(reports.read_pictures, path, first, last, Progress()))
    for question in Question:
        yield f"question {question}", milliseconds(partial(reports.answer, path, question, first, last, Progress()))


def _read_through(db: sqlite3.Connection) -> int:
    """Every operation's row as it comes from the file, without adding up."""
    found = db.execute("SELECT created_at, kind, state, value, bonus, snapshot FROM operations")
    return sum(1 for _row in found)
