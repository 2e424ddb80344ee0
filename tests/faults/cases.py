"""What the tests of faults, forms and switches have in common."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

import pytest

from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.training_server.loyalty_service import Switches
from bonifiq_desktop.training_server.server import TrainingServer
from tests.faults import oracle
from tests.faults.services import drawn_switches
from tests.support.headless_till import SALE, Till

by_kind = pytest.mark.parametrize("kind", [Kind.SALE, Kind.REFUND, Kind.CANCEL])
"""The requests that stand alone; what becomes of a completion, which needs its sale, is in `test_completions.py`."""


def switches_of(test: str) -> Switches:
    """The service that a test meets: always the same one, and over all tests every one."""
    return drawn_switches(Random(crc32(test.encode())))


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
