"""Mutants: clients with one plausible mistake each. The tests must catch every one."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq import requests
from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, parse_order
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.domain import operations
from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.operations import (
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
    resolve_attempt,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import resolve_by_read_back
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, OrderNotFound, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.ledger.row_mapping import body_hash, checksum
from bonifiq_desktop.ledger.search_index import index_operation, unindex_operation
from bonifiq_desktop.services.outbox import Outbox
from bonifiq_desktop.services.reconciliation import Reconciler
from bonifiq_desktop.services.retry import Throttle
from tests.support import oracle


def a_new_key_on_each_retry(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the key identifies the attempt, not the intention."""
    really = Ledger.start_attempt

    def start(self: Ledger, operation_id: int, server_id: str = "") -> StartedAttempt:
        before = self.queries.operation(operation_id)
        if before.cancel_key is not None and self.queries.attempts.possibly_sent_attempts(operation_id):
            key = f"{before.cancel_key[:30]}-{before.attempts}"
            _freeze_anew(
                self,
                before,
                SerializedRequest(self._verified_request(before).path, requests.refund_body(before.value, key), key),
            )
        return really(self, operation_id, server_id)

    patch.setattr(Ledger, "start_attempt", start)


def _freeze_anew(ledger: Ledger, operation: Operation, request: SerializedRequest) -> None:
    with ledger.connection.transaction():
        unindex_operation(ledger.connection.db, operation.operation_id)
        written = dict(ledger._request_row(operation))
        written |= {"cancel_key": request.client_key, "body": request.body, "body_sha256": body_hash(request.body)}
        ledger.connection.db.execute(
            """UPDATE operations SET cancel_key = :cancel_key, body = :body, body_sha256 = :body_sha256,
               checksum = :checksum WHERE id = :id""",
            {**written, "checksum": checksum(written), "id": operation.operation_id},
        )
        index_operation(ledger.connection.db, operation.operation_id)


def a_new_body_on_each_retry(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the request holds the time of its sending."""
    really = Ledger.start_attempt

    def start(self: Ledger, operation_id: int, server_id: str = "") -> StartedAttempt:
        before = self.queries.operation(operation_id)
        if before.kind is Kind.CANCEL and before.attempts:
            request = self._verified_request(before)
            _freeze_anew(self, before, replace(request, body=request.body.replace(b"}", b" " * before.attempts + b"}")))
        return really(self, operation_id, server_id)

    patch.setattr(Ledger, "start_attempt", start)


def a_refusal_of_a_repeat_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: earlier attempts are ignored."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if isinstance(verdict, Refused):
            return Resolution(State.REFUSED, Evidence.ANSWER)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def a_used_key_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: another till must have used the key."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if isinstance(verdict, Refused) and verdict.used_key:
            return Resolution(State.REFUSED, Evidence.ANSWER)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def a_used_key_is_a_success(patch: pytest.MonkeyPatch) -> None:
    """Mistake: only this till can have used the key."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if isinstance(verdict, Refused) and verdict.used_key:
            return Resolution(State.CONFIRMED, Evidence.KEY)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def refused_credentials_are_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: 401 and 403 are BonifiQ's verdict on the request."""

    def wrong(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
        if isinstance(seen, HttpResponse) and seen.status in {401, 403}:
            return Refused()
        return classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about)

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


def any_200_is_a_success(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no proxy or portal answers in place of BonifiQ."""

    def wrong(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
        verdict = classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about)
        unclear = isinstance(seen, HttpResponse) and seen.status == 200 and isinstance(verdict, Unknown)
        return Done() if unclear else verdict

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


def a_success_is_always_about_this_order(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no answer can be about another order."""
    patch.setattr("bonifiq_desktop.connectors.bonifiq.classify.same_order", lambda _one, _other: True)


def a_key_without_the_amount(patch: pytest.MonkeyPatch) -> None:
    """Mistake: an order is refunded only once."""

    def wrong(account: str, order_id: str, _value: int, index: int) -> str:
        return cancel_key(account, order_id, 0, index)

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.cancel_key", wrong)


def a_random_key(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the ledger is never lost and no other till registers the same return."""
    patch.setattr(
        "bonifiq_desktop.connectors.bonifiq.connector.cancel_key", lambda *_parts: f"BQ-{secrets.token_hex(10).upper()}"
    )


def what_may_have_left_may_be_taken_back(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a lost connection leaves no request in flight."""

    def withdraw(self: Ledger, operation_id: int, *, by: str = "") -> Operation:
        del by
        with self.connection.transaction():
            before = self.queries.operation(operation_id).state
            self._transitions.change(operation_id, before, Resolution(State.WITHDRAWN, Evidence.PERSON))
            return self.queries.operation(operation_id)

    patch.setattr(Ledger, "withdraw", withdraw)
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, operations.TRANSITIONS[State.UNKNOWN] | {State.WITHDRAWN})


def a_server_error_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a 500 means that nothing was applied."""

    def wrong(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
        if isinstance(seen, HttpResponse) and seen.status >= 500:
            return Refused()
        return classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about)

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


def silence_means_not_sent(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a request without an answer has not arrived."""

    def wrong(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
        if isinstance(seen, TransportFailure):
            seen = replace(seen, possibly_sent=False)
        return classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about)

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


def silence_means_done(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a sent request was applied."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if getattr(verdict, "reason", None) is FailureReason.TIMED_OUT:
            return Resolution(State.CONFIRMED, Evidence.ANSWER)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def a_refused_cancel_was_not_done(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the network delivers nothing twice."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if isinstance(verdict, Refused) and not (known["earlier_possibly_sent"] or known["has_client_key"]):
            return Resolution(State.REFUSED, Evidence.ANSWER)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def a_lookup_that_shows_nothing_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no copy of the request can still be in flight."""

    def wrong(*seen: Any, **more: Any) -> Resolution:
        settled = resolve_by_read_back(*seen, **more)
        return settled if settled.state is State.CONFIRMED else Resolution(State.REFUSED, Evidence.LOOKUP)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_by_read_back", wrong)
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, operations.TRANSITIONS[State.UNKNOWN] | {State.REFUSED})


def memory_is_as_good_as_a_look(patch: pytest.MonkeyPatch) -> None:
    """Mistake: an order does not change between two look-ups."""
    patch.setattr(Reconciler, "needs_lookup", lambda _self, operation: operation.state is not State.QUEUED)


def sending_before_committing(patch: pytest.MonkeyPatch) -> None:
    """Mistake: processes do not die."""

    async def send(self: Any, operation: Operation) -> None:
        verdict = await self.connection.send(operation, self.ledger._verified_request(operation))
        attempt = self.ledger.start_attempt(operation.operation_id, self.connection.server_id)
        resolution = resolve_attempt(
            verdict,
            has_client_key=operation.cancel_key is not None,
            earlier_possibly_sent=attempt.earlier_possibly_sent,
            trust_used_key=True,
        )
        self._unsaved_outcome = (attempt, verdict, resolution)
        self._save_outcome()

    patch.setattr(Outbox, "_send", send)


def what_a_dead_process_was_sending_has_not_left(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a process dies only before it sends."""
    really = Ledger.recover

    def recover(self: Ledger, *, connection: str | None = None) -> list[Operation]:
        with self.connection.transaction():
            self.connection.db.execute("UPDATE attempts SET possibly_sent = 0 WHERE ended_at IS NULL")
            self.connection.db.execute("UPDATE operations SET state = 'queued' WHERE state = 'sending'")
        return really(self, connection=connection)

    patch.setattr(Ledger, "recover", recover)


def giving_up_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a used-up retry budget is evidence."""
    really = Ledger.resolve

    def settle(self: Ledger, operation_id: int, before: State, settled: Resolution, *, note: str = "") -> Operation:
        if settled.review_reason is ReviewReason.BUDGET_USED_UP:
            settled = Resolution(State.REFUSED, Evidence.ANSWER)
        return really(self, operation_id, before, settled, note=note)

    patch.setattr(Ledger, "resolve", settle)
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, operations.TRANSITIONS[State.UNKNOWN] | {State.REFUSED})


def _judged_otherwise(patch: pytest.MonkeyPatch, wrong: Callable[[Kind, HttpResult, Verdict], Verdict]) -> None:
    def judge_wrongly(kind: Kind, seen: HttpResult, *, order_id: str, cancel_key: str | None, **about: str) -> Verdict:
        return wrong(kind, seen, classify_answer(kind, seen, order_id=order_id, cancel_key=cancel_key, **about))

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", judge_wrongly)


def a_word_anywhere_says_that_the_key_was_used(patch: pytest.MonkeyPatch) -> None:
    """Mistake: every refusal that names the key means a used key."""

    def wrong(kind: Kind, seen: HttpResult, verdict: Verdict) -> Verdict:
        names_it = isinstance(seen, HttpResponse) and b"cancelkey" in seen.body.lower()
        return Refused(used_key=True) if names_it and kind is Kind.REFUND and verdict != Done() else verdict

    _judged_otherwise(patch, wrong)


def whatever_says_no_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: only BonifiQ answers with 400, 404, 409, 410 or 422."""

    def wrong(_kind: Kind, seen: HttpResult, verdict: Verdict) -> Verdict:
        return Refused() if isinstance(seen, HttpResponse) and seen.status in {400, 404, 409, 410, 422} else verdict

    _judged_otherwise(patch, wrong)


def blind_to_retry_after(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the outbox ignores Retry-After."""
    really = Throttle.obey_retry_after

    def obey(self: Throttle, reason: FailureReason | None, _retry_after: int | None, now: float) -> None:
        really(self, reason, None, now)

    patch.setattr(Throttle, "obey_retry_after", obey)


def any_404_means_a_free_number(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no gateway answers with 404."""

    def wrong(seen: HttpResult, asked: str) -> Order:
        if isinstance(seen, HttpResponse) and seen.status == 404:
            raise OrderNotFound
        return parse_order(seen, asked)

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.parse_order", wrong)


def no_look_before_the_first_sending(patch: pytest.MonkeyPatch) -> None:
    """Mistake: an order card never gets old."""

    def wrong(_self: Reconciler, operation: Operation) -> bool:
        return operation.look_up_first if operation.state is State.QUEUED else operation.kind is not Kind.REFUND

    patch.setattr(Reconciler, "needs_lookup", wrong)


# Mutant -> the seed of a day that catches it, where the test starts its search, and the promise broken on that day.
MUTANTS: dict[Callable[[pytest.MonkeyPatch], None], tuple[int, str]] = {
    a_new_key_on_each_retry: (20, oracle.APPLIED_TWICE),
    a_new_body_on_each_retry: (202, oracle.SENT_UNRECORDED),
    a_refusal_of_a_repeat_is_a_refusal: (17, oracle.FALSELY_REFUSED),
    a_used_key_is_a_refusal: (17, oracle.FALSELY_REFUSED),
    a_server_error_is_a_refusal: (424, oracle.FALSELY_REFUSED),
    any_200_is_a_success: (62, oracle.FALSELY_CONFIRMED),
    a_success_is_always_about_this_order: (170, oracle.FALSELY_CONFIRMED),
    silence_means_not_sent: (43, oracle.FALSELY_REFUSED),
    silence_means_done: (221, oracle.FALSELY_CONFIRMED),
    a_lookup_that_shows_nothing_is_a_refusal: (218, oracle.FALSELY_REFUSED),
    a_refused_cancel_was_not_done: (126, oracle.FALSELY_REFUSED),
    memory_is_as_good_as_a_look: (14, oracle.SENT_WITHOUT_LOOKUP),
    sending_before_committing: (0, oracle.SENT_UNRECORDED),
    what_a_dead_process_was_sending_has_not_left: (108, oracle.LOST),
    what_may_have_left_may_be_taken_back: (43, oracle.FALSELY_REFUSED),
    giving_up_is_a_refusal: (5, oracle.FALSELY_REFUSED),
}
