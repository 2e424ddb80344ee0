"""The search of the counter with a thousand to a million orders: each kind of text against the time it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.customer_index import CustomerIndex
from bonifiq_desktop.services.search import SearchService
from tests.bench.large_ledger import CUSTOMER_KEYS, customer, ledger_with, order_number
from tests.bench.measure import Bench, Figure, Goal, Result, compare, milliseconds


class Size(NamedTuple):
    """A number of orders, and the milliseconds that a search among them may take."""

    orders: int
    budget: float


QUICK = (Size(1_000, 50), Size(10_000, 50))
SIZES = (Size(100_000, 50), Size(1_000_000, 100))
WITHIN = Goal(1)


def rows(bench: Bench) -> Iterator[Result]:
    """The figures of every size, without a network."""
    for size in QUICK if bench.quick else SIZES:
        path = ledger_with(bench.folder, size.orders)
        ledger = Ledger(path, connect=partial(LedgerConnection, checked=False), customer_keys=CUSTOMER_KEYS)
        with closing(ledger):
            index = asyncio.run(_filled(ledger, path))
            yield from _of(bench, SearchService(ledger, index, path.parent / "drafts"), size)
            index.drop()


async def _filled(ledger: Ledger, path: Path) -> CustomerIndex:
    """The index as it is some seconds after the start."""
    is_ready = asyncio.Event()
    index = CustomerIndex(ledger, path, is_ready.set)
    index.start()
    await is_ready.wait()
    return index


def _of(bench: Bench, service: SearchService, size: Size) -> Iterator[Result]:
    some = customer(size.orders // 7)
    for name, text in (
        ("a whole number", order_number(size.orders // 3)),
        ("the first digits of a number", "10"),
        ("a CPF", some.document),
        ("a phone", f"({some.phone[3:5]}) {some.phone[5:]}"),
        ("the last digits of a phone", some.phone[-4:]),
        ("a name", some.name),
        ("one letter of a name", some.name[0]),
        ("two letters of two names", f"{some.name[0]} {some.name.rpartition(' ')[2][0]}"),
        ("a name that is not there", "xyzzy"),
        ("an amount", "359,90"),
        ("a day", "22/05/2018"),
    ):
        yield compare(
            Figure("search", f"{name}, {size.orders:,} orders", f"hits, against {size.budget:.0f} ms", WITHIN),
            ours=milliseconds(partial(service.search, text)),
            limit=lambda: size.budget,
            rounds=bench.rounds(20),
        )
    yield compare(
        Figure("search", f"home page, {size.orders:,} orders", f"its figures, against {size.budget:.0f} ms", WITHIN),
        ours=milliseconds(service.home),
        limit=lambda: size.budget,
        rounds=bench.rounds(20),
    )
    yield compare(
        Figure("search", f"a name, {size.orders:,} orders, by its index", "against a scan of all numbers", None),
        ours=milliseconds(partial(service.search, some.name)),
        limit=milliseconds(partial(_scan, service.ledger)),
        rounds=bench.rounds(10),
    )


def _scan(ledger: Ledger) -> None:
    ledger.connection.rows("SELECT id FROM seen_orders WHERE instr(order_id, 'xyzzy')")
