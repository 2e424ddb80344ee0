"""Filters of the history page with a hundred thousand and a million operations: first pages and totals.

Also with the operations of four other tills beside.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind
from bonifiq_desktop.ledger import history
from bonifiq_desktop.ledger.database import open_for_reading
from bonifiq_desktop.ledger.history_filter import EVERYTHING, NEWEST, THIS_TILL, HistoryFilter, Query, Waiting
from bonifiq_desktop.ledger.history_totals import totals
from tests.bench.large_ledger import APART, FIRST_DAY, MARKETPLACE, PEOPLE, RARE_PERSON, ledger_with
from tests.bench.measure import Bench, Figure, Goal, Result, compare, milliseconds
from tests.bench.shop_ledger import QUIET_TILL, TILLS, shop_ledger

SIZES = (100_000, 1_000_000)
MIRRORED = 200_000
"""How many operations of other tills stand beside at most."""
PAGE_MS = 100.0
"""How long the first page of a filter may take."""
_WITHIN = Goal(1)


def filters(operations: int) -> dict[str, HistoryFilter]:
    """What the chips and lists of the page can choose, and the rare among it."""
    end = FIRST_DAY + operations * APART
    sales, cancels = frozenset({Kind.SALE, Kind.COMPLETION}), frozenset({Kind.CANCEL})
    return {
        "everything": EVERYTHING,
        "today": HistoryFilter(since=end - timedelta(days=1)),
        "a month": HistoryFilter(since=end - timedelta(days=30)),
        "a day of long ago": HistoryFilter(FIRST_DAY + timedelta(days=3), FIRST_DAY + timedelta(days=4)),
        "all years as a period": HistoryFilter(FIRST_DAY, end),
        "sales": HistoryFilter(kinds=sales),
        "refunds": HistoryFilter(kinds=frozenset({Kind.REFUND, Kind.RETURN})),
        "cancels": HistoryFilter(kinds=cancels),
        "rewards, of which there are none": HistoryFilter(kinds=frozenset({Kind.REDEMPTION, Kind.REVERSAL})),
        "pending": HistoryFilter(waiting=Waiting.PENDING),
        "to decide": HistoryFilter(waiting=Waiting.PERSON),
        "a person": HistoryFilter(person=PEOPLE[0]),
        "a rare person": HistoryFilter(person=RARE_PERSON),
        "cancels of a person": HistoryFilter(person=PEOPLE[0], kinds=cancels),
        "cancels of a rare person": HistoryFilter(person=RARE_PERSON, kinds=cancels),
        "a system": HistoryFilter(scope=MARKETPLACE),
        "BonifiQ": HistoryFilter(scope=BONIFIQ_SCOPE),
        "a rare person in a system": HistoryFilter(person=RARE_PERSON, scope=MARKETPLACE),
        "cancels in a system": HistoryFilter(kinds=cancels, scope=MARKETPLACE),
        "a person's sales of a month": HistoryFilter(end - timedelta(days=30), end, sales, person=PEOPLE[0]),
    }


def rows(bench: Bench) -> Iterator[Result]:
    """The first page of each filter against the time it may take; the totals against a bare sum over the file."""
    for size in (10_000,) if bench.quick else SIZES:
        with closing(open_for_reading(ledger_with(bench.folder, size))) as db:
            db.row_factory = sqlite3.Row
            for name, wanted in filters(size).items():
                yield compare(
                    Figure("history_chips", f"{name}, {size:,} operations", f"page, against {PAGE_MS:.0f} ms", _WITHIN),
                    ours=milliseconds(partial(history.read_page, db, "", NEWEST, wanted)),
                    limit=lambda: PAGE_MS,
                    rounds=bench.rounds(20),
                )
            for name in ("everything", "a person", "a rare person", "a system"):
                yield compare(
                    Figure("history_chips", f"totals of {name}, {size:,} operations", "against a bare sum over all"),
                    ours=milliseconds(partial(totals, db, Query(filters(size)[name]))),
                    limit=milliseconds(partial(_sum, db)),
                    rounds=bench.rounds(3),
                )
        yield from _rows_of_the_shop(bench, size)


def _rows_of_the_shop(bench: Bench, size: int) -> Iterator[Result]:
    """The same with the operations of four other tills beside: pages, and those of this till alone."""
    mirrored = min(size, MIRRORED)
    end = FIRST_DAY + size * APART
    kinds = {name: filters(size)[name] for name in ("everything", "today", "cancels", "a rare person", "a system")}
    of_tills = {
        "this till": THIS_TILL,
        "another till": HistoryFilter(till=TILLS[0]),
        "a quiet till": HistoryFilter(till=QUIET_TILL),
        "cancels of a quiet till": HistoryFilter(till=QUIET_TILL, kinds=frozenset({Kind.CANCEL})),
        "a month of another till": HistoryFilter(end - timedelta(days=30), till=TILLS[0]),
    }
    with closing(open_for_reading(shop_ledger(bench.folder, size, mirrored))) as db:
        db.row_factory = sqlite3.Row
        for name, wanted in (kinds | of_tills).items():
            shown = f"{name}, {size:,} operations and {mirrored:,} of other tills"
            yield compare(
                Figure("history_chips", shown, f"page, against {PAGE_MS:.0f} ms", _WITHIN),
                ours=milliseconds(partial(history.read_page, db, "", NEWEST, wanted)),
                limit=lambda: PAGE_MS,
                rounds=bench.rounds(20),
            )
        for name, text in (("a rare text", "00001"), ("what thousands hold", "caixa1")):
            yield compare(
                Figure("history_chips", f"{name}, {size:,} and {mirrored:,} of other tills", "page", _WITHIN),
                ours=milliseconds(partial(history.read_page, db, text)),
                limit=lambda: PAGE_MS,
                rounds=bench.rounds(20),
            )
        yield compare(
            Figure("history_chips", f"totals of a shop, {size:,} and {mirrored:,}", "against a bare sum of its own"),
            ours=milliseconds(partial(totals, db, Query())),
            limit=milliseconds(partial(_sum, db)),
            rounds=bench.rounds(3),
        )


def _sum(db: sqlite3.Connection) -> None:
    db.execute("SELECT kind, state, count(*), sum(value) FROM operations NOT INDEXED GROUP BY 1, 2").fetchall()
