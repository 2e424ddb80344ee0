"""Mutants: clients with one plausible mistake about rewards. A random day catches every one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq import classify, reward_requests
from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain import operations
from bonifiq_desktop.domain.checkouts import EndStep, next_step_of_sale
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, State, resolve_attempt
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, Refused, Unknown, Verdict
from bonifiq_desktop.ledger import checkouts as ledger_checkouts
from bonifiq_desktop.ledger import queries, schema
from bonifiq_desktop.ledger.checkouts import Checkouts
from bonifiq_desktop.ledger.inserts import rewrite_request
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.services import checkouts
from bonifiq_desktop.services.checkouts import CheckoutService
from bonifiq_desktop.services.reconciliation import Reconciler
from tests.support import oracle
from tests.support.checkout_simulation import LEFT_BEHIND, SALE_FIRST, UNDONE_USED


def a_new_original_key_on_each_retry(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the key identifies the attempt, not the redemption."""
    really = Ledger.start_attempt

    def start(self: Ledger, operation_id: int, server_id: str = "") -> StartedAttempt:
        before = self.queries.operation(operation_id)
        if before.kind is Kind.REDEMPTION and before.attempts:
            request = self._verified_request(before)
            key = f"{before.cancel_key}-{before.attempts}"
            body = json.dumps({**json.loads(request.body), "OriginalKey": key}).encode()
            with self.connection.transaction():
                fresh = SerializedRequest(request.path, body, key)
                rewrite_request(self.connection.db, operation_id, fresh, cancel_key=key)
        return really(self, operation_id, server_id)

    patch.setattr(Ledger, "start_attempt", start)


def the_sale_leaves_before_its_reward(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the redemption will be confirmed."""
    patch.setattr(queries, "IN_TURN", "1")
    patch.setattr(checkouts, "next_step_of_sale", lambda *_known, **_named: EndStep.SEND)


def the_sale_forgets_its_coupon(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the discount alone tells that the reward was used."""
    patch.setattr(BonifiqConnector, "with_reward", lambda _self, body, _redemption: body)


def a_refused_reward_is_given_all_the_same(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the customer has paid less, so that the sale goes on."""

    def wrong(sale: Operation, redemption: Operation, *, released: bool) -> EndStep:
        step = next_step_of_sale(sale, redemption, released=released)
        return EndStep.SEND if step is EndStep.REVIEW else step

    patch.setattr(checkouts, "next_step_of_sale", wrong)


def a_crash_forgets_what_is_open(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a sale that is on no screen needs nothing."""
    patch.setattr(Checkouts, "open_redemptions", lambda _self: [])


def a_crash_ends_a_reversal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a reversal that was being sent is done."""
    really = Ledger.recover

    def recover(self: Ledger, **given: Any) -> list[Operation]:
        recovered = really(self, **given)
        for each in recovered:
            if each.kind is Kind.REVERSAL:
                self.resolve(each.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.LOOKUP))
        return recovered

    patch.setattr(Ledger, "recover", recover)


def a_refused_sale_ends_its_checkout(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a reward whose sale was refused is lost with it."""
    every_end = ledger_checkouts._OPEN.replace(f"AND {ledger_checkouts._LIVE_END}", "AND ends_checkout")
    patch.setattr(ledger_checkouts, "_OPEN", every_end.replace("INDEXED BY one_end", ""))


def a_used_reward_is_undone(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a page that closes undoes its reward, whatever became of its sale."""
    _without_index(patch)
    patch.setattr(Checkouts, "live_end", lambda _self, _checkout: None)


def an_undone_reward_is_used(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a sale takes the code of its redemption, whatever became of the reward."""
    _without_index(patch)
    really = Checkouts.live_end

    def wrong(self: Checkouts, checkout_id: str) -> Operation | None:
        end = really(self, checkout_id)
        return None if end is not None and end.kind is Kind.REVERSAL else end

    patch.setattr(Checkouts, "live_end", wrong)


def _without_index(patch: pytest.MonkeyPatch) -> None:
    weaker = tuple(each.replace("UNIQUE INDEX one_end", "INDEX one_end") for each in schema.MIGRATIONS)
    patch.setattr("bonifiq_desktop.ledger.database.MIGRATIONS", weaker)


def a_lost_redemption_needs_no_reversal(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a redemption without an answer did not happen."""
    really = CheckoutService.undo

    def undo(self: CheckoutService, checkout_id: str) -> Operation:
        known = self.ledger.checkouts.redemption(checkout_id)
        if known is None or known.state is not State.UNKNOWN:
            return really(self, checkout_id)
        given_up = Resolution(State.NOT_APPLIED, Evidence.PERSON)
        return self.ledger.resolve(known.operation_id, State.UNKNOWN, given_up)

    patch.setattr(CheckoutService, "undo", undo)
    from_unknown = operations.TRANSITIONS[State.UNKNOWN] | {State.NOT_APPLIED}
    patch.setitem(operations.TRANSITIONS, State.UNKNOWN, from_unknown)


def a_refused_repeat_redeemed_nothing(patch: pytest.MonkeyPatch) -> None:
    """Mistake: earlier attempts are ignored."""

    def wrong(verdict: Verdict, **known: bool) -> Resolution:
        if isinstance(verdict, Refused):
            return Resolution(State.REFUSED, Evidence.ANSWER)
        return resolve_attempt(verdict, **known)

    patch.setattr("bonifiq_desktop.services.reconciliation.resolve_attempt", wrong)


def any_answer_undoes(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a 200 means that the reward is undone."""
    really = classify.classify_answer

    def wrong(kind: Kind, seen: Any, **about: Any) -> Verdict:
        verdict = really(kind, seen, **about)
        is_answer = isinstance(verdict, Unknown) and getattr(seen, "status", 0) == 200
        return Done() if kind is Kind.REVERSAL and is_answer else verdict

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


def a_refused_reversal_was_undone_before(patch: pytest.MonkeyPatch) -> None:
    """Mistake: only what is undone already can be refused."""
    really = Reconciler.resolve_answer

    async def wrong(self: Reconciler, attempt: StartedAttempt, verdict: Verdict) -> Resolution:
        if attempt.operation.kind is Kind.REVERSAL and isinstance(verdict, Refused):
            return Resolution(State.CONFIRMED, Evidence.ANSWER)
        return await really(self, attempt, verdict)

    patch.setattr(Reconciler, "resolve_answer", wrong)


def the_newest_redemption_is_meant(patch: pytest.MonkeyPatch) -> None:
    """Mistake: what is undone is what was redeemed last."""
    newest: list[str] = []
    really_send, really_undo = BonifiqConnector.send, reward_requests.reversal

    async def send(self: BonifiqConnector, operation: Operation, request: SerializedRequest) -> Verdict:
        verdict = await really_send(self, operation, request)
        newest.extend([verdict.evidence_id] if isinstance(verdict, Done) and verdict.evidence_id else [])
        return verdict

    def undo(redemption: Operation) -> SerializedRequest:
        return really_undo(replace(redemption, evidence_id=newest[-1] if newest else redemption.evidence_id))

    patch.setattr(BonifiqConnector, "send", send)
    patch.setattr(reward_requests, "reversal", undo)


def an_unclear_answer_redeemed(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no proxy answers in place of BonifiQ, and the code comes later."""
    really = classify.classify_answer

    def wrong(kind: Kind, seen: Any, **about: Any) -> Verdict:
        verdict = really(kind, seen, **about)
        is_unclear = isinstance(verdict, Unknown) and verdict.reason is not FailureReason.THROTTLED
        return Done() if kind is Kind.REDEMPTION and is_unclear else verdict

    patch.setattr("bonifiq_desktop.connectors.bonifiq.connector.classify_answer", wrong)


# Mutant -> the seed of a day that catches it, where the test starts its search, and the promise broken on that day.
CHECKOUT_MUTANTS: dict[Callable[[pytest.MonkeyPatch], None], tuple[int, str]] = {
    a_new_original_key_on_each_retry: (0, oracle.LOST),
    the_sale_leaves_before_its_reward: (1, SALE_FIRST),
    the_sale_forgets_its_coupon: (1, SALE_FIRST),
    a_refused_reward_is_given_all_the_same: (6, SALE_FIRST),
    a_crash_forgets_what_is_open: (0, LEFT_BEHIND),
    a_crash_ends_a_reversal: (17, oracle.FALSELY_CONFIRMED),
    a_refused_sale_ends_its_checkout: (0, LEFT_BEHIND),
    a_used_reward_is_undone: (6, UNDONE_USED),
    an_undone_reward_is_used: (10, UNDONE_USED),
    a_lost_redemption_needs_no_reversal: (15, oracle.FALSELY_REFUSED),
    a_refused_repeat_redeemed_nothing: (7, oracle.FALSELY_REFUSED),
    any_answer_undoes: (9, oracle.FALSELY_CONFIRMED),
    a_refused_reversal_was_undone_before: (36, LEFT_BEHIND),
    the_newest_redemption_is_meant: (0, oracle.FALSELY_CONFIRMED),
    an_unclear_answer_redeemed: (0, oracle.FALSELY_CONFIRMED),
}
