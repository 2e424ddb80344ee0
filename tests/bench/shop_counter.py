"""A till at the counter while its shop database is far away, against a till without one."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from bonifiq_desktop.app import App
from bonifiq_desktop.worker.commands import JoinShopDatabase, SyncShopDatabase
from tests.bench.lookups import LookupToCard, rested
from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Sample, compare, milliseconds
from tests.bench.running_program import ask, running_program
from tests.support.postgres import PostgresServer, ShopDatabaseServer, find_binaries, running_postgres
from tests.support.shop_of_tills import Shop, shop_of
from tests.support.shop_tills import TillFailed
from tests.support.shop_window import invite
from tests.support.tcp_proxy import tcp_proxy

_ROUNDS = 200
_OTHERS = 2
"""Further tills of the shop, whose refunds arrive meanwhile."""
_ONE_WAY = 0.1  # seconds to the database, and as many back
_EXCHANGE_EVERY = 8
"""Look-ups from one exchange by hand to the next: one is under way nearly always."""


def rows(bench: Bench) -> Iterator[Result]:
    """A look-up through the worker in real till processes, and one from the key to the painted card."""
    if find_binaries() is None:
        yield NotMeasured("shop_counter", "everything", "PostgreSQL is not installed")
        return
    with (
        tempfile.TemporaryDirectory(dir=bench.folder, prefix="shop-") as folder,
        running_postgres(durable=True) as server,
    ):
        yield _through_the_worker(bench, Path(folder), server)
        yield _from_key_to_card(bench, Path(folder), server)  # it leaves credentials in the environment


def _from_key_to_card(bench: Bench, folder: Path, server: PostgresServer) -> Result:
    database = server.new_shop_database()
    with (
        tcp_proxy(server.port) as line,
        running_program(folder / "window-alone") as (alone, _),
        running_program(folder / "window-member") as (member, _),
    ):
        _join(member, database, line.port, folder / "till.enrolment")
        line.delay = _ONE_WAY
        figure = Figure(
            "shop_counter",
            "key to painted card, shop database 200 ms away / without one",
            "Enter in a window whose shop database answers after 200 ms, while it exchanges / in a window of no shop",
            Goal(1.05),
        )
        return compare(
            figure,
            ours=rested(_exchanging(member, LookupToCard(member).sample)),
            limit=rested(LookupToCard(alone).sample),
            rounds=bench.rounds(_ROUNDS),
            warm_up=10,
        )


def _join(app: App, database: ShopDatabaseServer, port: int, file: Path) -> None:
    """Let a till join with the address of its line to the database."""
    code = invite(database, file, port=port)
    ask(app, JoinShopDatabase(str(file), code, keep_in_file=True))


def _exchanging(app: App, sample: Sample) -> Sample:
    """Begin an exchange now and then, outside the measurement, which does not wait for it."""
    numbers = itertools.count()

    def measure() -> float:
        if next(numbers) % _EXCHANGE_EVERY == 0:
            app.client.submit(SyncShopDatabase(), lambda _outcome: None)
        return sample()

    return measure


def _through_the_worker(bench: Bench, folder: Path, server: PostgresServer) -> Result:
    with ExitStack() as stack:
        shop = stack.enter_context(shop_of(folder / "shop", 1 + _OTHERS, server))
        alone = stack.enter_context(shop_of(folder / "alone", 1, None))
        for till in shop.tills:
            shop.trouble_line_of(till, "slow")
        figure = Figure(
            "shop_counter",
            "look-up, shop database 200 ms away / without one",
            "LookUp at a till whose database answers after 200 ms, while other tills register / at a till of no shop",
            Goal(1.05),
        )
        return compare(
            figure,
            ours=_looking_up(shop),
            limit=_looking_up(alone),
            rounds=bench.rounds(_ROUNDS),
            warm_up=10,
        )


def _looking_up(shop: Shop) -> Sample:
    """Measure look-ups at the first till; now and then the others register refunds, outside the measurement."""
    numbers = itertools.count()
    measure = milliseconds(lambda: shop.tills[0].ask("look_up", order="1001"))

    def sample() -> float:
        number = next(numbers)
        for till in shop.tills[1:]:
            if number % 20 == 0:
                till.send("refund", order="1011", value=100 + number)
            elif number % 20 == 19:
                with suppress(TillFailed):  # the other till has the order
                    till.receive()
        return measure()

    return sample
