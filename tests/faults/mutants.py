"""Wrong clients: each makes one mistake that a tired programmer could make, and each must be caught."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.api import requests
from bonifiq_desktop.api.client import HttpAnswer, NoAnswer, Seen
from bonifiq_desktop.api.verdict import judge
from bonifiq_desktop.domain import operations
from bonifiq_desktop.domain.operations import (
    Doubt,
    Evidence,
    Kind,
    Operation,
    Settled,
    State,
    settle_attempt,
    settle_by_lookup,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.verdicts import Refused, Trouble, Verdict
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.values import Frozen, Sending
from bonifiq_desktop.services.outbox import Outbox


def a_new_key_on_each_retry(patch: pytest.MonkeyPatch) -> None:
    """As if the key named the attempt, not the intention."""
    really = Ledger.start_attempt

    def start(self: Ledger, operation_id: int, home: str = "") -> Sending:
        sending = really(self, operation_id, home)
        key = sending.request.cancel_key
        if key is None or not sending.earlier_may_have_left:
            return sending
        other = f"{key}-{sending.attempt_id}"
        body = requests.refund_body(sending.operation.value, other)
        return replace(sending, request=Frozen(sending.request.path, body, other))

    patch.setattr(Ledger, "start_attempt", start)


def a_refusal_of_a_repeat_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """As if the earlier attempts had never been."""

    def wrong(kind: Kind, verdict: Verdict, *, earlier_may_have_left: bool, trust_used_key: bool) -> Settled:
        if isinstance(verdict, Refused):
            return Settled(State.REFUSED, Evidence.ANSWER)
        return settle_attempt(kind, verdict, earlier_may_have_left=earlier_may_have_left, trust_used_key=trust_used_key)

    patch.setattr("bonifiq_desktop.services.outbox.settle_attempt", wrong)


def a_server_error_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """As if a 500 came before anything was done."""

    def wrong(kind: Kind, seen: Seen, *, order_id: str, cancel_key: str | None) -> Verdict:
        if isinstance(seen, HttpAnswer) and seen.status >= 500:
            return Refused()
        return judge(kind, seen, order_id=order_id, cancel_key=cancel_key)

    patch.setattr("bonifiq_desktop.services.outbox.judge", wrong)


def silence_means_not_sent(patch: pytest.MonkeyPatch) -> None:
    """As if what got no answer had not arrived."""

    def wrong(kind: Kind, seen: Seen, *, order_id: str, cancel_key: str | None) -> Verdict:
        if isinstance(seen, NoAnswer):
            seen = replace(seen, may_have_left=False)
        return judge(kind, seen, order_id=order_id, cancel_key=cancel_key)

    patch.setattr("bonifiq_desktop.services.outbox.judge", wrong)


def silence_means_done(patch: pytest.MonkeyPatch) -> None:
    """As if what was sent had been done."""

    def wrong(kind: Kind, verdict: Verdict, *, earlier_may_have_left: bool, trust_used_key: bool) -> Settled:
        if getattr(verdict, "trouble", None) is Trouble.TIMED_OUT:
            return Settled(State.CONFIRMED, Evidence.ANSWER)
        return settle_attempt(kind, verdict, earlier_may_have_left=earlier_may_have_left, trust_used_key=trust_used_key)

    patch.setattr("bonifiq_desktop.services.outbox.settle_attempt", wrong)


def a_refused_cancel_was_not_done(patch: pytest.MonkeyPatch) -> None:
    """As if the network never delivered anything twice."""

    def wrong(kind: Kind, verdict: Verdict, *, earlier_may_have_left: bool, trust_used_key: bool) -> Settled:
        if isinstance(verdict, Refused) and not earlier_may_have_left and kind is Kind.CANCEL:
            return Settled(State.REFUSED, Evidence.ANSWER)
        return settle_attempt(kind, verdict, earlier_may_have_left=earlier_may_have_left, trust_used_key=trust_used_key)

    patch.setattr("bonifiq_desktop.services.outbox.settle_attempt", wrong)


def a_lookup_that_shows_nothing_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """As if no copy of the request could still be under way."""

    def wrong(kind: Kind, value: int, order: Order | None, doubt: Doubt | None) -> Settled:
        settled = settle_by_lookup(kind, value, order, doubt)
        return settled if settled.state is State.CONFIRMED else Settled(State.REFUSED, Evidence.LOOKUP)

    patch.setattr("bonifiq_desktop.services.checks.settle_by_lookup", wrong)
    patch.setitem(operations.MOVES, State.UNKNOWN, operations.MOVES[State.UNKNOWN] | {State.REFUSED})


def memory_is_as_good_as_a_look(patch: pytest.MonkeyPatch) -> None:
    """As if nothing could happen to an order between two looks at it."""
    patch.setattr("bonifiq_desktop.services.outbox.needs_lookup", lambda operation: operation.state is not State.QUEUED)


def sending_before_committing(patch: pytest.MonkeyPatch) -> None:
    """As if no process ever died."""

    async def send(self: Any, operation: Operation) -> None:
        request = self._ledger._frozen(operation)
        seen = await self._connection.post(request.path, request.body)
        sending = self._ledger.start_attempt(operation.operation_id, self._connection.home)
        verdict = judge(operation.kind, seen, order_id=operation.order_id, cancel_key=operation.cancel_key)
        settled = settle_attempt(
            operation.kind, verdict, earlier_may_have_left=sending.earlier_may_have_left, trust_used_key=True
        )
        self._unwritten = (sending, verdict, settled)
        self._write_down()

    patch.setattr(Outbox, "_send", send)


def what_a_dead_process_was_sending_has_not_left(patch: pytest.MonkeyPatch) -> None:
    """As if a process died only before it sent."""
    really = Ledger.recover

    def recover(self: Ledger) -> list[Operation]:
        with self._step():
            self._db.execute("UPDATE attempts SET may_have_left = 0 WHERE ended_at IS NULL")
            self._db.execute("UPDATE operations SET state = 'queued' WHERE state = 'sending'")
        return really(self)

    patch.setattr(Ledger, "recover", recover)


def giving_up_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """As if patience were evidence."""
    really = Ledger.settle

    def settle(self: Ledger, operation_id: int, before: State, settled: Settled, *, note: str = "") -> Operation:
        if settled.doubt is Doubt.BUDGET_USED_UP:
            settled = Settled(State.REFUSED, Evidence.ANSWER)
        return really(self, operation_id, before, settled, note=note)

    patch.setattr(Ledger, "settle", settle)
    patch.setitem(operations.MOVES, State.UNKNOWN, operations.MOVES[State.UNKNOWN] | {State.REFUSED})


# Each with the first of a few days that catch it: a test begins there, so that it need not look for one.
MUTANTS = {
    a_new_key_on_each_retry: 5,
    a_refusal_of_a_repeat_is_a_refusal: 5,
    a_server_error_is_a_refusal: 214,
    silence_means_not_sent: 315,
    silence_means_done: 10,
    a_refused_cancel_was_not_done: 84,
    a_lookup_that_shows_nothing_is_a_refusal: 55,
    memory_is_as_good_as_a_look: 7,
    sending_before_committing: 0,
    what_a_dead_process_was_sending_has_not_left: 230,
    giving_up_is_a_refusal: 16,
}
