"""Reading of rewards and one-time codes: tolerant in form, exact where an answer decides."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq.rewards import parse_code_checked, parse_code_sent, parse_rewards
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    CannotUseReason,
    CodeChecked,
    CodeSent,
    ProductPricing,
    ProductReward,
    Reward,
    RewardKind,
    RewardsNotOffered,
)
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from tests.support.reward_examples import make_reward, reward_row, rewards_answer
from tests.support.scripted_server import refusal, success

CASHBACK = {"RewardType": 3, "IsCashback": True, "CanSelectValue": True, "Value": 0, "Title": "Cashback"}
PRODUCT = {
    "RewardType": 5,
    "ExternalProductId": "SKU-9",
    "ProductDisplayName": "Caneca",
    "ProductDiscountMode": 3,
    "ProductDiscountValue": 5.0,
    "ProductMaxUnitsPerRedeem": 4,
    "ProductAvailableQuantity": 2,
}
MUG = ProductReward("SKU-9", "Caneca", ProductPricing.AMOUNT, Decimal(500))


def _each(values: list[Any]) -> list[Any]:
    """Values of several types, for one parameter."""
    return values


def _response(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, body if isinstance(body, bytes) else json.dumps(body).encode())


def _read(*rows: dict[str, Any], **changes: Any) -> AvailableRewards:
    return parse_rewards(_response(rewards_answer(*rows, **changes)))


def _one(**changes: Any) -> Reward:
    (reward,) = _read(reward_row(**changes)).rewards
    return reward


def test_answer_shows_customer_balance_and_limits() -> None:
    found = _read(HasRestrictedItems=True, RestrictedValue=10.0, EligibleValue=20.0)
    assert found.customer is not None
    assert (found.customer.name, found.customer.tier, found.customer.points) == ("Ana Lima", "Ouro", 310)
    assert (found.points, found.cashback, found.maximum) == (310, 1550, 1225)
    assert (found.restricted, found.eligible) == (1000, 2000)
    assert (found.needs_code, found.needs_signup_code) == (False, False)
    assert _read(RestrictedValue=10.0).restricted == _read().eligible == 0, "nothing is restricted"
    off = _read(CashbackEnabled=False)
    assert (off.cashback, off.maximum) == (0, 0)


@pytest.mark.parametrize("in_envelope", [True, False])
def test_reward_of_each_kind_is_read(*, in_envelope: bool) -> None:
    answer = rewards_answer(
        reward_row(),
        reward_row(Id=8, RewardType=0, Value=12.5, Title="12,5 %"),
        reward_row(Id=9, **CASHBACK),
        reward_row(Id=10, RewardType=4, Value=None, Title="Visita"),
        reward_row(Id=11, **PRODUCT, Title="Caneca"),
    )
    rewards = parse_rewards(_response(success(answer) if in_envelope else answer)).rewards
    fixed = make_reward(requirements="Compras acima de R$ 20", points=100)
    assert rewards == (
        fixed,
        replace(fixed, reward_id=8, kind=RewardKind.PERCENT, value=Decimal("12.5"), title="12,5 %"),
        replace(
            fixed,
            reward_id=9,
            kind=RewardKind.CASHBACK,
            title="Cashback",
            value=Decimal(0),
            maximum=1225,
            can_select_value=True,
        ),
        replace(fixed, reward_id=10, kind=RewardKind.CUSTOM, title="Visita", value=Decimal(0)),
        replace(fixed, reward_id=11, kind=RewardKind.PRODUCT, title="Caneca", value=Decimal(0), product=MUG),
    )


@pytest.mark.parametrize("reason", [*CannotUseReason][1:])
def test_unusable_reward_keeps_its_reason_and_stays_in_the_list(reason: CannotUseReason) -> None:
    reward = _one(CanUse=False, CannotUseReason=int(reason))
    assert (reward.can_use, reward.reason) == (False, reason)


@pytest.mark.parametrize(
    ("changes", "can_use", "reason"),
    [
        ({"CanUse": True, "CannotUseReason": 1}, True, None),  # CanUse decides
        ({"CanUse": "true"}, True, None),
        ({"CanUse": False, "CannotUseReason": 0}, False, None),
        ({"CanUse": False, "CannotUseReason": 99}, False, None),
        ({"CanUse": False, "CannotUseReason": None}, False, None),
        ({"CanUse": False, "CannotUseReason": "NotEnoughPoints"}, False, CannotUseReason.NOT_ENOUGH_POINTS),
        ({"CanUse": None}, False, None),
        ({"CanUse": "maybe"}, False, None),
        ({"CanUse": 2}, False, None),
    ],
)
def test_reward_is_usable_only_where_the_answer_says_so(
    changes: dict[str, Any], can_use: bool, reason: CannotUseReason | None
) -> None:
    reward = _one(**changes)
    assert (reward.can_use, reward.reason) == (can_use, reason)


@pytest.mark.parametrize(
    "changes",
    [
        *({"Value": value} for value in _each([None, 0, -1, "R$ 10", "1e3", True, [], {}, 1e300])),
        *({"RewardType": 0, "Value": value} for value in _each([0, -5, 100.01, None, "dez"])),
        {**CASHBACK, "MaxCashbackForCurrentPurchase": -1},
        {**PRODUCT, "ExternalProductId": None},
        {**PRODUCT, "ExternalProductId": "SKU\u200b9"},
        {**PRODUCT, "ProductDiscountMode": None},
        {**PRODUCT, "ProductDiscountMode": 7},
        {**PRODUCT, "ProductDiscountValue": None},
        {**PRODUCT, "ProductDiscountValue": -5},
        {**PRODUCT, "ProductDiscountMode": 0, "ProductDiscountValue": 101},
    ],
)
def test_reward_with_an_unreadable_amount_is_shown_and_cannot_be_used(changes: dict[str, Any]) -> None:
    reward = _one(**changes)
    assert not reward.can_use
    assert reward.reason is None


@pytest.mark.parametrize(
    "changes",
    [
        *({"Id": number} for number in _each([None, 0, -7, "7a", True, 7.5, "../1"])),
        *({"RewardType": kind} for kind in _each([2, 6, None, "Mystery", True, []])),
    ],
)
def test_reward_without_a_readable_id_or_type_is_left_out(changes: dict[str, Any]) -> None:
    assert [reward.reward_id for reward in _read(reward_row(**changes), reward_row(Id=12)).rewards] == [12]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"RewardType": "0", "Value": "12.5"}, RewardKind.PERCENT),
        ({"RewardType": "PercentDiscount", "Value": 5}, RewardKind.PERCENT),
        ({"RewardType": 1.0, "Id": "7"}, RewardKind.FIXED),
        ({"RewardType": "fixedvaluediscount"}, RewardKind.FIXED),
        ({"RewardType": None, "IsCashback": True}, RewardKind.CASHBACK),
        ({"RewardType": 1, "IsCashback": True}, RewardKind.CASHBACK),
        ({**PRODUCT, "RewardType": "ProductDiscount", "ProductDiscountMode": "FreeGift"}, RewardKind.PRODUCT),
    ],
)
def test_reward_type_is_read_as_number_and_as_name(changes: dict[str, Any], kind: RewardKind) -> None:
    reward = _one(**changes)
    assert (reward.reward_id, reward.kind, reward.can_use) == (7, kind, True)


@pytest.mark.parametrize(
    ("changes", "maximum", "can_select"),
    [
        ({**CASHBACK, "MaxCashbackForCurrentPurchase": 8.5}, 850, True),
        ({**CASHBACK, "MaxCashbackForCurrentPurchase": 0}, 1225, True),
        ({**CASHBACK, "MaxCashbackForCurrentPurchase": None}, 1225, True),
        ({**CASHBACK, "CanSelectValue": False}, 1225, True),
        ({"CanSelectValue": True}, 1000, True),
        ({"CanSelectValue": True, "MaxCashbackForCurrentPurchase": 4}, 400, True),
        ({"CanSelectValue": True, "RewardType": 0}, 0, False),
        ({**PRODUCT, "CanSelectValue": True}, 0, False),
    ],
)
def test_amount_is_chosen_only_for_cashback_and_selectable_values(
    changes: dict[str, Any], maximum: int, can_select: bool
) -> None:
    reward = _one(**changes)
    assert (reward.maximum, reward.can_select_value) == (maximum, can_select)


def test_rewards_are_none_where_the_answer_says_that_there_are_none() -> None:
    assert _read(reward_row(), HasRewards=False).rewards == ()
    assert _read(Rewards=None).rewards == _read(Rewards={"Id": 1}).rewards == ()
    assert _read(reward_row(), HasRewards=None).rewards != ()


@pytest.mark.parametrize(
    ("value", "needed"),
    [
        (True, True),
        (False, False),
        (None, False),
        ("true", True),
        ("false", False),
        (1, True),
        (0, False),
        ("sim", True),
    ],
)
def test_code_is_needed_unless_the_field_is_false_or_absent(value: Any, needed: bool) -> None:
    found = _read(ShouldValidateCustomer=value)
    assert (found.needs_code, found.needs_signup_code) == (needed, False)
    found = _read(ShouldValidateCustomerSignup=value)
    assert (found.needs_code, found.needs_signup_code) == (False, needed)


def test_unknown_customer_has_no_rewards_and_no_balance() -> None:
    for body in (
        rewards_answer(Customer=None),
        refusal("Não", "CustomerNotFound"),
        refusal("Não", "CUSTOMER_NOT_FOUND"),
    ):
        assert parse_rewards(_response(body)).customer is None


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_missing_call_is_not_offered(status: int) -> None:
    with pytest.raises(RewardsNotOffered):
        parse_rewards(_response({"message": "no route"}, status))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False), FailureReason.NO_CONNECTION),
        (_response(rewards_answer(), 401), FailureReason.CREDENTIALS),
        (_response(rewards_answer(), 500), FailureReason.SERVER_ERROR),
        (_response(rewards_answer(), 302), FailureReason.REDIRECTED),
        (_response(refusal("Loja bloqueada", "ShopBlocked")), None),
        (_response({}), FailureReason.UNREADABLE),
        (_response([]), FailureReason.UNREADABLE),
        (_response(b"<html>"), FailureReason.UNREADABLE),
        (_response(b'{"Customer": null, "Rewards": [1e'), FailureReason.UNREADABLE),
    ],
)
def test_other_answers_show_no_rewards(answer: Any, reason: FailureReason | None) -> None:
    with pytest.raises(LookupFailed) as failed:
        parse_rewards(answer)
    assert failed.value.reason is reason


# --- one-time codes


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"Success": True, "SentBySMS": True, "SentByEmail": False}, CodeSent(was_sent=True, by_sms=True)),
        ({"Success": True, "SentByEmail": True}, CodeSent(was_sent=True, by_email=True)),
        ({"Success": True, "Code": "123456"}, CodeSent(was_sent=True)),
        ({"Success": False, "ShouldInformPhone": True}, CodeSent(was_sent=False, asks_phone=True)),
        (
            {"Success": False, "ShouldInformEmail": True, "ShouldInformPhone": False},
            CodeSent(was_sent=False, asks_email=True),
        ),
        ({"Success": True, "ShouldInformPhone": True}, CodeSent(was_sent=True)),
        ({"Success": False, "Code": "123456"}, CodeSent(was_sent=False, test_code="123456")),
        ({"Success": False, "Code": 12345}, CodeSent(was_sent=False, test_code="12345")),
        ({"Success": False, "FriendlyErrorMessage": "Sem envio"}, CodeSent(was_sent=False, message="Sem envio")),
        ({"Success": False, "ErrorMessage": "Sem envio"}, CodeSent(was_sent=False, message="Sem envio")),
        (success({"Success": True, "SentBySMS": True}), CodeSent(was_sent=True, by_sms=True)),
    ],
)
def test_request_for_a_code_tells_what_became_of_it(body: Any, expected: CodeSent) -> None:
    assert parse_code_sent(_response(body)) == expected


def test_delivery_refused_under_a_4xx_is_read() -> None:
    assert parse_code_sent(_response({"Success": False, "ShouldInformPhone": True}, 400)) == CodeSent(
        was_sent=False, asks_phone=True
    )


def test_messages_about_a_code_hold_neither_code_nor_contact() -> None:
    text = "Código 123456 não enviado para (11) 98765-4321 do CPF 529.982.247-25"
    sent = parse_code_sent(_response({"Success": False, "Code": "123456", "FriendlyErrorMessage": text}))
    checked = parse_code_checked(
        _response({"Success": False, "FriendlyErrorMessage": text}), transaction_id="t", code="123456"
    )
    for message in (sent.message, checked.message):
        assert message
        assert not any(part in message for part in ("123456", "98765", "529.982.247-25"))
    assert "123456" not in repr(sent)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"Success": True}, CodeChecked(is_right=True)),
        ({"Success": True, "TransactionId": "t-1"}, CodeChecked(is_right=True)),
        (
            {"Success": False, "FriendlyErrorMessage": "Código inválido"},
            CodeChecked(is_right=False, message="Código inválido"),
        ),
        (success({"Success": True, "TransactionId": "t-1"}), CodeChecked(is_right=True)),
    ],
)
def test_code_is_right_only_where_success_is_true(body: Any, expected: CodeChecked) -> None:
    assert parse_code_checked(_response(body), transaction_id="t-1", code="123456") == expected


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_response({"Success": True, "TransactionId": "t-2"}), FailureReason.UNREADABLE),
        (_response({"Success": "true"}), FailureReason.UNREADABLE),
        (_response({"Success": 1}), FailureReason.UNREADABLE),
        (_response({"success": True}), FailureReason.UNREADABLE),
        (_response({}), FailureReason.UNREADABLE),
        (_response(b""), FailureReason.UNREADABLE),
        (_response(b"<html>"), FailureReason.UNREADABLE),
        (_response({"Success": True}, 404), FailureReason.UNEXPECTED_STATUS),
        (_response({"Success": True}, 401), FailureReason.CREDENTIALS),
        (_response({"Success": True}, 429), FailureReason.THROTTLED),
        (_response({"Success": True}, 500), FailureReason.SERVER_ERROR),
        (_response(refusal("Cliente não encontrado", "CustomerNotFound"), 400), None),
        (_response(refusal("Cliente não encontrado", "CustomerNotFound")), None),
        (TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True), FailureReason.TIMED_OUT),
    ],
)
def test_answer_without_a_verdict_on_a_code_is_a_failure(answer: Any, reason: FailureReason | None) -> None:
    with pytest.raises(LookupFailed) as failed:
        parse_code_checked(answer, transaction_id="t-1", code="123456")
    assert failed.value.reason is reason


def test_refusal_in_the_envelope_is_no_test_code() -> None:
    with pytest.raises(LookupFailed) as failed:
        parse_code_sent(_response({**refusal("Bloqueado", "Blocked"), "Success": None}))
    assert failed.value.message == "Bloqueado"
