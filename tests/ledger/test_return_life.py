"""Any order of events in the life of returns: what the ledger accepts keeps money, points and orders apart."""

import tempfile
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import (
    BONIFIQ_SCOPE,
    FINAL,
    UNFINISHED,
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.verdicts import Done, FailureReason, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import Clock
from tests.support.return_actions import MARKET, money_intent, points_intent, register_return, renamed

EVENTS = (
    "register",
    "withdraw",
    "baseline",
    "done",
    "refused",
    "lost",
    "not sent",
    "found",
    "review",
    "decide",
    "crash",
)
_ENDS: dict[str, tuple[Verdict, Resolution]] = {
    "done": (Done(evidence_id="R-1"), Resolution(State.CONFIRMED, Evidence.ANSWER, evidence_id="R-1")),
    "refused": (Refused("400", "no"), Resolution(State.REFUSED, Evidence.ANSWER)),
    "lost": (Unknown(FailureReason.TIMED_OUT), Resolution(State.UNKNOWN)),
    "not sent": (NotSent(FailureReason.NO_CONNECTION), Resolution(State.QUEUED)),
}


def act(ledger: Ledger, event: str, number: int) -> None:
    """Let one thing happen to the return or leg of a number; the ledger may refuse it."""
    if event == "register":
        intents = [money_intent(1), money_intent(2), points_intent()]
        draft = f"draft {number} {len(operations(ledger))}"
        register_return(ledger, *(replace(renamed(i, f"DV-{number % 2}"), intent_id=draft) for i in intents))
        return
    existing = operations(ledger)
    if not existing:
        return
    leg = existing[number % len(existing)]
    if event in _ENDS:
        send(ledger, leg, event)
        return
    match event:
        case "withdraw":
            ledger.withdraw(leg.operation_id)
        case "baseline":
            ledger.record_baseline(leg.operation_id, f"records {number}")
        case "found":
            ledger.resolve(leg.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.LOOKUP))
        case "review":
            reason = ReviewReason.NO_TRACE
            ledger.resolve(leg.operation_id, leg.state, Resolution(State.REVIEW, review_reason=reason))
        case "decide":
            after = (State.UNKNOWN, State.CONFIRMED, State.NOT_APPLIED)[number % 3]
            ledger.resolve(leg.operation_id, State.REVIEW, Resolution(after, Evidence.PERSON))
        case "crash":
            ledger.start_attempt(leg.operation_id)
            ledger.recover()


def send(ledger: Ledger, leg: Operation, event: str) -> None:
    """Send a leg that has its turn, and let the attempt end so."""
    scope = MARKET if leg.kind is Kind.RETURN else BONIFIQ_SCOPE
    if leg.operation_id not in ledger.queries.waiting(scope=scope):
        return
    verdict, resolution = _ENDS[event]
    attempt = ledger.start_attempt(leg.operation_id)
    if attempt.earlier_possibly_sent and event in {"not sent", "refused"}:
        resolution = Resolution(State.UNKNOWN)
    ledger.finish_attempt(attempt, verdict, resolution)


def operations(ledger: Ledger) -> list[Operation]:
    """All operations, oldest first."""
    return ledger.queries.operations_where("ORDER BY o.id", ())


def check(ledger: Ledger, before: dict[int, Operation]) -> None:
    """What must hold after every event."""
    now = operations(ledger)
    for place in {(o.system, o.connection, o.order_id) for o in now}:
        here = [o for o in now if (o.system, o.connection, o.order_id) == place and o.state in UNFINISHED]
        assert len({o.operation_id - o.leg for o in here}) <= 1, "two returns of one order at a time"
    live = [(o.return_id, o.leg) for o in now if o.state in UNFINISHED | {State.CONFIRMED}]
    assert len(live) == len(set(live)), "one return registered twice"
    for scope in (MARKET, BONIFIQ_SCOPE):
        waiting = ledger.queries.waiting(scope=scope)
        for leg in (o for o in now if o.operation_id in waiting):
            others = ledger.queries.other_legs(leg)
            if leg.after_money:
                assert not [o for o in others if o.state in UNFINISHED], "points before the money is settled"
            earlier = [o for o in others if o.operation_id < leg.operation_id and o.order_id == leg.order_id]
            assert not [o for o in earlier if o.state in UNFINISHED - {State.REVIEW}], "out of turn"
    for leg in now:
        then = before.get(leg.operation_id)
        if then is not None and then.state in FINAL:
            assert leg == then, "a final leg changed"
        if then is not None and ledger.queries.attempts.is_possibly_sent(leg.operation_id):
            is_first = not then.attempts
            assert is_first or leg.baseline == then.baseline, "the baseline changed after a sending"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 11)), min_size=5, max_size=40))
def test_any_life_of_returns_keeps_money_points_and_orders_apart(events: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Ledger(Path(folder) / "ledger.db", clock=Clock())) as ledger:
        for event, number in [("register", 0), *events]:
            before = {o.operation_id: o for o in operations(ledger)}
            with suppress(TransitionRefused, OrderBusy, AlreadyRegistered):
                act(ledger, event, number)
            check(ledger, before)
