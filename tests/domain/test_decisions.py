"""What a person may decide, and whether a refusal names its cause."""

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
}


@pytest.mark.parametrize(("kind", "doubt"), list(product(Kind, [None, *ReviewReason])))
def test_each_doubt_and_kind_has_its_decisions(kind: Kind, doubt: ReviewReason | None) -> None:
    usual = [DONE, NOT_DONE] if doubt is ReviewReason.UNSENDABLE else USUAL
    wanted = OF_REFUNDS.get(doubt, usual) if doubt and kind is Kind.REFUND else usual
    assert list(spec_of(kind).decisions_for(doubt)) == wanted


@pytest.mark.parametrize("doubt", [None, *ReviewReason])
def test_what_lets_a_second_request_exist_waits_until_no_copy_of_the_first_can_arrive(
    doubt: ReviewReason | None,
) -> None:
    assert must_outlive_copies(NOT_DONE, doubt)
    assert must_outlive_copies(ANOTHER, doubt) is (
        doubt is not ReviewReason.KEY_USED_BEFORE
    )  # a spent key is refused for ever
    assert not must_outlive_copies(AGAIN, doubt)
    assert not must_outlive_copies(DONE, doubt)


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
def test_a_refusal_names_its_cause_or_an_equal_return_may_be_it(code: str, *, clear: bool) -> None:
    assert has_clear_cause(code) is clear
