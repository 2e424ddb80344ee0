"""What the tests of faults, forms and switches have in common."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

import pytest

from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.training.server import TrainingServer
from bonifiq_desktop.training.shop import SWITCHES, Switches
from tests.faults import oracle
from tests.services.till import SALE, Till

by_kind = pytest.mark.parametrize("kind", list(Kind))


def drawn_switches(rng: Random) -> Switches:
    """One service of the many that the documents allow. One that doubles an order is not among them: of a sale that
    the network delivers twice it would make two, whatever a client does.
    """
    drawn = {name: rng.choice(values) for name, values in SWITCHES.items()}
    drawn["known_sale"] = rng.choice(("updates", "refuses"))
    return drawn  # type: ignore[return-value]


def switches_of(test: str) -> Switches:
    """The service that a test meets: always the same one, and over all tests every one."""
    return drawn_switches(Random(crc32(test.encode())))  # noqa: S311


def register(till: Till, kind: Kind) -> Operation:
    """Register one operation of a kind; nothing is sent before the outbox works."""
    by: dict[Kind, Callable[[], Operation]] = {
        Kind.SALE: lambda: till.sell(replace(SALE, order_id="")),  # a typed number would be looked up first
        Kind.REFUND: lambda: till.refund(4990),
        Kind.CANCEL: till.cancel,
    }
    return by[kind]()


def judged(server: TrainingServer, ledger_file: Path) -> list[oracle.Finding]:
    """What the oracle finds."""
    return oracle.judge(oracle.Evidence(server.shop, {"caixa1": ledger_file}))


def applied(server: TrainingServer) -> list[str]:
    """What happened at the shop."""
    return [entry.kind for entry in server.shop.applied]
