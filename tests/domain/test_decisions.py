"""Tests of decisions in review, and of refusal codes that name a cause."""

from itertools import product

import pytest

from bonifiq_desktop.domain.decisions import must_outlive_copies
from bonifiq_desktop.domain.operations import Decision, Kind, ReviewReason
from bonifiq_desktop.domain.refusals import has_clear_cause
from bonifiq_desktop.domain.specs import spec_of

AGAIN, DONE, ANOTHER, NOT_DONE = Decision
USUAL, UNCLEAR = [AGAIN, DONE, NOT_DONE], [AGAIN, DONE, ANOTHER, NOT_DONE]
OF_REFUNDS = {
    ReviewReason.KEY_USED_BEFORE: [DONE, ANOTHER, NOT_DONE],
    ReviewReason.REFUSED_ON_REPEAT: UNCLEAR,
    ReviewReason.REFUSED_BEFORE: UNCLEAR,
    ReviewReason.SAYS_NO_TWICE: UNCLEAR,
    ReviewReason.MONEY_REFUSED: [AGAIN, NOT_DONE],
    ReviewReason.OTHER_TILL: [AGAIN, ANOTHER, NOT_DONE],
    ReviewReason.TAKEN_OVER: [DONE, ANOTHER, NOT_DONE],
}
OF_ALL = {
    ReviewReason.UNSENDABLE: [DONE, NOT_DONE],
    ReviewReason.OTHER_TILL: [AGAIN, NOT_DONE],
    ReviewReason.TAKEN_OVER: [DONE, NOT_DONE],
}


@pytest.mark.parametrize(("kind", "reason"), list(product(Kind, [None, *ReviewReason])))
def test_decisions_exist_for_every_kind_and_reason(kind: Kind, reason: ReviewReason | None) -> None:
    usual = OF_ALL.get(reason, USUAL) if reason else USUAL
    special = {
        Kind.REFUND: OF_REFUNDS,
        Kind.RETURN: {ReviewReason.LOOKUP_DISAGREES: [DONE, NOT_DONE]},
        Kind.SALE: {ReviewReason.REWARD_NOT_REDEEMED: [AGAIN, NOT_DONE]},
    }
    wanted = special.get(kind, {}).get(reason, usual) if reason else usual
    assert list(spec_of(kind).decisions_for(reason)) == wanted


@pytest.mark.parametrize("reason", [None, *ReviewReason])
def test_decision_that_allows_second_request_must_outlive_copies(
    reason: ReviewReason | None,
) -> None:
    assert must_outlive_copies(NOT_DONE, reason)
    assert must_outlive_copies(ANOTHER, reason) is (
        reason is not ReviewReason.KEY_USED_BEFORE
    )  # the system always refuses a used key
    assert not must_outlive_copies(AGAIN, reason)
    assert must_outlive_copies(AGAIN, reason, repeat_may_apply_twice=True), "no key: a repeat is a second request"
    assert not must_outlive_copies(DONE, reason, repeat_may_apply_twice=True)
    assert not must_outlive_copies(DONE, reason)


@pytest.mark.parametrize(
    ("code", "clear"),
    [
        ("CustomerNotFound", True),
        ("CUSTOMER_NOT_FOUND", True),
        ("VALUE_MISMATCH", True),
        ("PRODUCT_REFUND_TOTAL_MISMATCH", True),
        ("ValueAboveRemaining", True),
        ("OrderAlreadyCancelled", True),
        ("", False),
        ("05", False),
        ("1234", False),
        ("Refused", False),
        ("INVALID_REFUND", False),
        ("Conflict", False),
        ("CancelKeyAlreadyUsed", False),
        ("OrderAlreadyRefunded", False),
        ("DuplicatedOrderRefund", False),
        ("RefundOfThisOrderExists", False),
        ("VALUE_ALREADY_RETURNED", False),
    ],
)
def test_refusal_code_is_clear_only_when_it_names_a_cause(code: str, *, clear: bool) -> None:
    assert has_clear_cause(code) is clear
