"""The time to undo: a held operation is not sent before it is over, and holds up nothing else."""

import time

import pytest

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import Till, applied, posted_requests

HOLD = 0.6
LONG = 600.0


def held_refund(till: Till, value: int = 4990, order_id: str = "1001") -> Operation:
    """Register a refund as the worker does: held before the loop runs again."""
    operation = till.refund(value, order_id)

    async def hold() -> None:
        till.outbox.hold(operation.operation_id)
        till.outbox.wake()

    till.run(hold())
    return operation


def test_held_refund_is_queued_on_disk_and_sent_when_the_hold_ends(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", HOLD)
    began = time.monotonic()
    operation = held_refund(till)
    assert till.stored(operation).state is State.QUEUED
    till.run_for(HOLD / 2)
    assert (posted_requests(server), till.stored(operation).state) == ([], State.QUEUED)
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert time.monotonic() - began >= HOLD
    assert applied(server) == [("refund", "1001", 4990)]


def test_wake_during_the_hold_sends_the_others_and_not_the_held_one(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", LONG)
    held = held_refund(till)
    other, sale = till.refund(100, "1002"), till.sell()
    till.outbox.wake()
    assert till.wait_until_settled(other).state is till.wait_until_settled(sale).state is State.CONFIRMED
    till.outbox.credentials_changed()
    till.outbox.resume_after_suspend()
    till.run_for(0.2)
    assert till.stored(held).state is State.QUEUED
    assert ("refund", "1001", 4990) not in applied(server)


def test_failing_operation_is_retried_while_another_is_held(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", HOLD)
    server.faults.add("error_500", only="refund", times=2)
    failing = till.refund(100, "1002")
    till.wait_for_state(failing, State.UNKNOWN)
    held = held_refund(till)
    assert till.wait_until_settled(failing).state is State.CONFIRMED
    assert till.wait_until_settled(held).state is State.CONFIRMED


def test_undone_refund_sends_nothing_and_frees_the_order(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", HOLD)
    operation = held_refund(till)
    assert till.registration.withdraw(operation.operation_id).state is State.WITHDRAWN
    till.run_for(HOLD * 1.5)
    assert posted_requests(server) == []
    assert till.wait_until_settled(held_refund(till, 100)).state is State.CONFIRMED


def test_held_refund_is_sent_at_once_after_a_restart(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", LONG)
    till = make_till("caixa1")
    operation = held_refund(till)
    till.run_for(0.1)
    till.close()
    again = make_till("caixa1")
    assert again.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", 4990)]
