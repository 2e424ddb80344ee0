"""Hostile answers about rewards: no other error than the documented ones, and no amount or id that was not answered."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.bonifiq.rewards import parse_code_checked, parse_code_sent, parse_rewards, read_reward
from bonifiq_desktop.connectors.http_client import HttpResponse
from bonifiq_desktop.domain.money import MAX_WIRE_CENTS
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.rewards import RewardsNotOffered, discount_of
from bonifiq_desktop.domain.text import is_plain
from bonifiq_desktop.domain.verdicts import Done, LookupFailed, Refused
from tests.support.reward_examples import ORIGINAL_KEY, reward_row, rewards_answer
from tests.support.scripted_server import success

NASTY: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 2**31, 2**63, 10**30, 0.1, -0.01, 1e300, 1e-300, "", " ", "0", "true", "NaN"),
        *("<script>alert(1)</script>", "\u202e\u0000\x1b[2J", "../..", "A" * 3000, [], {}, [[]], {"a": {}}, [None]),
    ]
)
SCALARS = NASTY | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False)
STATUS = st.sampled_from([200, 200, 200, 201, 400, 404, 409, 422])


def _changed(base: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An answer with some fields replaced or gone."""
    changes = st.dictionaries(st.sampled_from(sorted(base)), SCALARS, max_size=4)
    gone = st.sets(st.sampled_from(sorted(base)), max_size=2)
    return st.builds(lambda new, out: {k: v for k, v in (base | new).items() if k not in out}, changes, gone)


ROW = reward_row(
    RewardType=5,
    ExternalProductId="SKU-9",
    ProductDisplayName="Caneca",
    ProductDiscountMode=1,
    ProductDiscountValue=5.0,
)
ROWS = _changed(reward_row()) | _changed(ROW) | _changed(reward_row(RewardType=3, IsCashback=True))
REWARDS = st.builds(
    lambda outer, rows: outer | ({"Rewards": rows} if "Rewards" in outer else {}),
    _changed(rewards_answer(reward_row())),
    st.lists(ROWS | NASTY, max_size=4),
)
REDEEMED = _changed({"RewardId": 5001, "ExternalCode": "PDV-5001", "OriginalKey": ORIGINAL_KEY, "Point": {}})
UNDONE = _changed({"Id": 5001, "IsCanceled": True, "ExternalCode": "PDV-5001"})
CODES = _changed(
    {"Success": True, "TransactionId": "t-1", "Code": "123456", "ShouldInformPhone": False, "FriendlyErrorMessage": "x"}
)


def _response(body: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(status, json.dumps(body).encode())


@given(REWARDS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_random_rewards_hold_sane_numbers_or_fail_as_documented(body: dict[str, Any], base: int, chosen: int) -> None:
    try:
        found = parse_rewards(_response(body))
    except LookupFailed:
        return
    for cents in (found.cashback, found.maximum, found.restricted, found.eligible):
        assert 0 <= cents <= MAX_WIRE_CENTS
    for reward in found.rewards:
        assert reward.reward_id > 0
        assert 0 <= discount_of(reward, base, chosen) <= base
        assert is_plain(reward.title)
        assert reward.product is None or is_plain(reward.product.product_id)
    usable = [
        row for row in body.get("Rewards", []) if isinstance(row, dict) and row.get("CanUse") in (True, 1, "true")
    ]
    assert sum(reward.can_use for reward in found.rewards) <= len(usable)


@given(st.binary(max_size=200), STATUS)
def test_random_bytes_fail_as_documented(body: bytes, status: int) -> None:
    answer = HttpResponse(status, body)
    for read in (
        parse_rewards,
        parse_code_sent,
        lambda a: parse_code_checked(a, transaction_id="t", code="1"),
        lambda a: read_reward(a, "5001"),
    ):
        try:
            read(answer)
        except (LookupFailed, RewardsNotOffered):
            continue
        raise AssertionError(body)


@given(body=REDEEMED, status=STATUS, bare=st.booleans())
def test_random_redemption_is_done_only_with_what_was_answered(
    body: dict[str, Any], status: int, *, bare: bool
) -> None:
    answer = _response(body if bare else success(body), status)
    verdict = classify_answer(Kind.REDEMPTION, answer, order_id="A-1", cancel_key=ORIGINAL_KEY)
    assert not isinstance(verdict, Refused), "no flag says so"
    if isinstance(verdict, Done):
        assert status < 300
        assert body.get("OriginalKey") in (ORIGINAL_KEY, None, "")
        assert verdict.evidence_id or verdict.external_code
        if verdict.evidence_id:
            assert int(verdict.evidence_id) == int(body["RewardId"]) > 0
        assert verdict.external_code in (str(body.get("ExternalCode")), "")


@given(body=UNDONE, status=STATUS, bare=st.booleans())
def test_random_reversal_is_done_only_for_its_own_canceled_reward(
    body: dict[str, Any], status: int, *, bare: bool
) -> None:
    answer = _response(body if bare else success(body), status)
    verdict = classify_answer(Kind.REVERSAL, answer, order_id="A-1", cancel_key=None, reward_id="5001")
    if isinstance(verdict, Done):
        assert status < 300
        assert body["IsCanceled"] is True
        assert body.get("Id") is None or _is_no_id(body["Id"]) or int(body["Id"]) == 5001
    try:
        shown = read_reward(answer, "5001")
    except LookupFailed:
        return
    assert shown.finding in {Finding.APPLIED, Finding.ABSENT, Finding.CONFLICT}
    assert (shown.finding is Finding.APPLIED) <= (body.get("IsCanceled") is True)


def _is_no_id(value: Any) -> bool:
    return not isinstance(value, int) or isinstance(value, bool)


@given(body=CODES, status=STATUS, bare=st.booleans())
def test_random_check_of_a_code_is_right_only_with_success(body: dict[str, Any], status: int, *, bare: bool) -> None:
    answer = _response(body if bare else success(body), status)
    try:
        checked = parse_code_checked(answer, transaction_id="t-1", code="123456")
    except LookupFailed:
        return
    if checked.is_right:
        assert status < 300
        assert body["Success"] is True
    assert "123456" not in checked.message
    assert is_plain(checked.message)
