"""A till at the counter while its shop database is far away, against a till without one."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Sample, compare, milliseconds
from tests.support.postgres import find_binaries, running_postgres
from tests.support.shop_of_tills import Shop, shop_of
from tests.support.shop_tills import TillFailed

_ROUNDS = 200
_OTHERS = 2
"""Further tills of the shop, whose refunds arrive meanwhile."""


def rows(bench: Bench) -> Iterator[Result]:
    """A look-up through the worker, in real till processes."""
    if find_binaries() is None:
        yield NotMeasured("shop_counter", "everything", "PostgreSQL is not installed")
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=bench.folder, prefix="shop-")))
        server = stack.enter_context(running_postgres(durable=True))
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
        yield compare(
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
