"""Helpers that the fault tests share."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from zlib import crc32

import pytest

from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.training_server.loyalty_service import ServiceOptions
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support import oracle
from tests.support.headless_till import SALE, Till
from tests.support.service_options import random_options

for_each_kind = pytest.mark.parametrize("kind", [Kind.SALE, Kind.REFUND, Kind.CANCEL])
"""Kinds that need no earlier operation. Completions are tested in `test_completions.py`."""


def options_of_test(test: str) -> ServiceOptions:
    """Service options by the test's name: the same in every run, and all combinations over all tests."""
    return random_options(Random(crc32(test.encode())))


def register(till: Till, kind: Kind) -> Operation:
    """Register one operation of a kind. The outbox does not run yet."""
    by: dict[Kind, Callable[[], Operation]] = {
        Kind.SALE: lambda: till.sell(replace(SALE, order_id="")),  # a typed number would be looked up first
        Kind.REFUND: lambda: till.refund(4990),
        Kind.CANCEL: till.cancel,
    }
    return by[kind]()


def check_promises(server: TrainingServer, ledger_file: Path) -> list[oracle.Violation]:
    """The oracle's violations for the only till."""
    return oracle.find_violations(oracle.Observation(server.service, {"caixa1": ledger_file}))


def applied_kinds(server: TrainingServer) -> list[str]:
    """The kinds of the changes that the service applied."""
    return [entry.kind for entry in server.service.applied]
