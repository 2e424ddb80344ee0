"""Sending, repeats and the retry budget do not depend on the clock of the till."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, ReviewReason, State, resolve_by_person
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import FAST_RETRIES, Till, applied, posted_requests

YEAR = timedelta(days=365)


def jumping(step: timedelta) -> Callable[[], datetime]:
    """A clock that moves by `step` at each reading."""
    now = datetime(2026, 11, 20, tzinfo=UTC)

    def clock() -> datetime:
        nonlocal now
        now += step
        return now

    return clock


CLOCKS: dict[str, Callable[[], Callable[[], datetime]]] = {
    "stands still": lambda: jumping(timedelta(0)),
    "runs backwards": lambda: jumping(timedelta(days=-1)),
    "years ahead": lambda: jumping(YEAR),
    "battery empty": lambda: lambda: datetime(1970, 1, 1, tzinfo=UTC),
}


@pytest.fixture(name="clock", params=CLOCKS)
def wrong_clock(request: pytest.FixtureRequest) -> Callable[[], datetime]:
    """One of the wrong clocks of CLOCKS."""
    return CLOCKS[request.param]()


def test_lost_answer_with_wrong_clock_is_confirmed_by_same_key(
    till: Till, server: TrainingServer, clock: Callable[[], datetime]
) -> None:
    till.ledger.connection.clock = clock
    server.faults.add("lose_answer", only="refund")
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.KEY, 2)
    assert len({request.body for request in posted_requests(server)}) == 1
    again = till.wait_until_settled(till.refund(4990))
    assert again.cancel_key != done.cancel_key
    assert applied(server) == [("refund", "1001", 4990)] * 2


def test_retry_budget_with_wrong_clock_counts_attempts(
    make_till: MakeTill, server: TrainingServer, clock: Callable[[], datetime]
) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, max_attempts=3))
    till.ledger.connection.clock = clock
    server.faults.add("close", only="refund", times=100)
    tired = till.wait_until_settled(till.refund(4990))
    assert (tired.state, tired.review_reason, tired.attempts) == (State.REVIEW, ReviewReason.BUDGET_USED_UP, 3)
    till.ledger.resolve(tired.operation_id, State.REVIEW, resolve_by_person(Decision.TRY_AGAIN))
    till.outbox.wake()
    assert till.wait_until_settled(tired).attempts == 6, "a decision to try again renews the retry budget"


def test_operations_with_wrong_clock_are_sent_in_order_of_registration(
    till: Till, server: TrainingServer, clock: Callable[[], datetime]
) -> None:
    till.ledger.connection.clock = clock
    made = [till.refund(100, order_id) for order_id in ("1003", "1001", "1002")]
    for operation in made:
        assert till.wait_until_settled(operation).state is State.CONFIRMED
    assert [order_id for _, order_id, _ in applied(server)] == ["1003", "1001", "1002"]
