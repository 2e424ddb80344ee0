"""Each option of rewards, and the refusals that no option changes. Without HTTP where no form matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.errors import Refusal
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.rewards.errors import KeyRedeemed
from bonifiq_desktop.training_server.rewards.models import Redemption
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS, RepeatedKey
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, SALE

MARIA, ANA = "maria.santos@exemplo.com.br", "ana.goncalves@exemplo.com.br"
CASHBACK = {"CustomerId": "52998224725", "OriginalKey": "R-1", "Value": Decimal("5.00")}


@pytest.fixture(name="service")
def fresh_service() -> LoyaltyService:
    return LoyaltyService()


def customer(service: LoyaltyService, name: str = MARIA) -> Customer:
    found = service.customer(name)
    assert found is not None
    return found


def redeem(service: LoyaltyService, number: int = 11, name: str = MARIA, **change: Any) -> Redemption:
    return service.rewards.redeem(number, customer(service, name), CASHBACK | change)


def sell(service: LoyaltyService, redemption: Redemption, order_id: str = "2001") -> None:
    service.register_sale({**SALE, "OriginalId": order_id, "Coupon": redemption.external_code})


def test_unknown_reward_option_is_refused_and_changes_nothing(service: LoyaltyService) -> None:
    with pytest.raises(ValueError, match="key_place"):
        service.rewards.set_options(repeated_undo="refuses", key_place="header")  # type: ignore[arg-type]
    assert {name: getattr(service.rewards, name) for name in REWARD_OPTIONS} == {
        name: values[0] for name, values in REWARD_OPTIONS.items()
    }


@pytest.mark.parametrize("option", REWARD_OPTIONS["repeated_key"])
def test_repeated_original_key_redeems_once(http: httpx.Client, server: TrainingServer, option: RepeatedKey) -> None:
    server.service.rewards.set_options(repeated_key=option)
    body = CASHBACK | {"Value": 5}
    first, again = (http.post("/v1/pvt/POS/rewards/11/redeem", json=body) for _ in range(2))
    assert [each.kind for each in server.service.applied] == ["redemption"]
    if option == "first_result":
        assert first.json() == again.json()
        return
    answer = again.json()
    assert (again.status_code, answer["HasError"], answer["Result"]) == (
        409 if option == "http_409" else 200,
        True,
        None,
    )
    names_key = "OriginalKey" in f"{answer['CodeName']} {answer['ErrorMessage']}"
    assert names_key is (option != "silent")


@pytest.mark.parametrize("change", [{"Value": Decimal("5.01")}, {"number": 13, "Value": None}])
def test_original_key_of_another_redemption_is_refused(service: LoyaltyService, change: dict[str, Any]) -> None:
    redeem(service)
    with pytest.raises(Refusal) as refusal:
        redeem(service, **change)
    assert refusal.value.code_name == "OriginalKeyMismatch"


@pytest.mark.parametrize("option", REWARD_OPTIONS["key_after_undo"])
def test_original_key_of_an_undone_redemption_acts_as_the_option_says(service: LoyaltyService, option: Any) -> None:
    service.rewards.set_options(key_after_undo=option)
    before = customer(service).cashback_cents
    first = redeem(service)
    service.rewards.undo(first.number)
    if option == "redeems_again":
        assert redeem(service).number != first.number
        assert customer(service).cashback_cents == before - 500
        return
    with pytest.raises(KeyRedeemed) as used:
        redeem(service)
    assert used.value.echoes is (option == "first_result")
    assert customer(service).cashback_cents == before


@pytest.mark.parametrize("option", REWARD_OPTIONS["repeated_undo"])
def test_second_undo_gives_nothing_back(service: LoyaltyService, option: Any) -> None:
    service.rewards.set_options(repeated_undo=option)
    before = customer(service).cashback_cents
    redemption = redeem(service)
    service.rewards.undo(redemption.number)
    if option == "same_answer":
        assert service.rewards.undo_by_key("R-1").cancelled is not None
    else:
        with pytest.raises(Refusal) as refusal:
            service.rewards.undo(redemption.number)
        assert refusal.value.code_name == {"refuses": "RewardAlreadyCanceled", "not_found": "REWARD_NOT_FOUND"}[option]
    assert customer(service).cashback_cents == before
    assert [entry.kind for entry in service.applied] == ["redemption", "reversal"]


def test_undo_that_takes_two_deletes_answers_the_first_uncancelled(http: httpx.Client, server: TrainingServer) -> None:
    server.service.rewards.set_options(undo_takes="two_deletes")
    before = customer(server.service).cashback_cents
    path = f"/v1/pvt/POS/rewards/{redeem(server.service).number}"
    first, second = (http.delete(path).json() for _ in range(2))
    assert [answer["Result"]["IsCanceled"] for answer in (first, second)] == [False, True]
    assert first["HasError"] is False
    assert customer(server.service).cashback_cents == before
    assert [entry.kind for entry in server.service.applied] == ["redemption", "reversal"]


@pytest.mark.parametrize("place", REWARD_OPTIONS["key_place"])
def test_undo_by_key_reads_the_key_from_one_place(http: httpx.Client, server: TrainingServer, place: Any) -> None:
    server.service.rewards.set_options(key_place=place)
    redeem(server.service)
    path = "/v1/pvt/POS/rewards"
    elsewhere: dict[str, Any] = (
        {"json": {"OriginalKey": "R-1"}} if place == "query" else {"params": {"originalKey": "R-1"}}
    )
    assert http.request("DELETE", path, **elsewhere).status_code == 400
    given: dict[str, Any] = {"params": {"OriginalKey": "R-1"}} if place == "query" else {"json": {"OriginalKey": "R-1"}}
    assert http.request("DELETE", path, **given).json()["Result"]["IsCanceled"] is True


def test_used_reward_is_undone_only_where_the_option_says_so(service: LoyaltyService) -> None:
    redemption = redeem(service)
    sell(service, redemption)
    with pytest.raises(Refusal) as refusal:
        service.rewards.undo(redemption.number)
    assert refusal.value.code_name == "RewardAlreadyUsed"
    service.rewards.set_options(used_reward="undone")
    assert service.rewards.undo(redemption.number).cancelled is not None


@pytest.mark.parametrize("returns", [True, False])
def test_whole_cancel_returns_the_reward_as_the_option_says(service: LoyaltyService, returns: Any) -> None:
    service.rewards.set_options(cancel_returns_reward=returns)
    before = customer(service).cashback_cents
    redemption = redeem(service)
    sell(service, redemption)
    service.cancel("2001", CANCEL)
    assert customer(service).cashback_cents == before - 500 * (not returns)
    assert service.rewards.used_by("2001") is None or not returns


@pytest.mark.parametrize(
    ("option", "asked", "returned"),
    [(False, None, False), (True, None, True), (False, True, True), (True, False, False)],
)
def test_partial_refund_returns_the_reward_by_request_else_by_option(
    service: LoyaltyService, option: Any, asked: bool | None, returned: bool
) -> None:
    service.rewards.set_options(refund_returns_reward=option)
    redemption = redeem(service)
    sell(service, redemption)
    service.refund("2001", {"ValueToRefund": 1, "CancelKey": "K", "ShouldRefundRedeem": asked})
    found = service.rewards.find(redemption.number)
    assert found is not None
    assert (found.cancelled is not None) is returned


def test_coupon_of_an_undone_or_used_reward_is_refused(service: LoyaltyService) -> None:
    used, undone = redeem(service), redeem(service, OriginalKey="R-2")
    sell(service, used)
    service.rewards.undo(undone.number)
    for redemption, name in ((used, "RewardAlreadyUsed"), (undone, "RewardCanceled")):
        with pytest.raises(Refusal) as refusal:
            sell(service, redemption, "2002")
        assert refusal.value.code_name == name
    assert service.find("2002") is None


def test_update_of_a_sale_without_its_coupon_frees_the_reward(service: LoyaltyService) -> None:
    redemption = redeem(service)
    sell(service, redemption)
    sell(service, redemption)
    assert service.rewards.used_by("2001") is not None
    service.register_sale(SALE)
    assert service.rewards.used_by("2001") is None


@pytest.mark.parametrize("needed", [True, False])
def test_redemption_needs_a_passed_check_where_the_option_says_so(service: LoyaltyService, needed: Any) -> None:
    service.rewards.set_options(needs_check=needed)
    if not needed:
        assert redeem(service, name=ANA).cents == 500
        return
    with pytest.raises(Refusal) as refusal:
        redeem(service, name=ANA)
    assert refusal.value.code_name == "CHALLENGE_INVALID"


@pytest.mark.parametrize(
    ("style", "length", "is_digits"), [("six_digits", 6, True), ("four_digits", 4, True), ("letters", 6, False)]
)
def test_code_has_the_style_that_the_option_says(
    service: LoyaltyService, style: Any, length: int, is_digits: bool
) -> None:
    service.rewards.set_options(code_style=style)
    codes = {service.rewards.send_code(customer(service), "T", by_sms=True).code for _ in range(20)}
    assert {len(code) for code in codes} == {length}
    assert all(code.isdigit() for code in codes) is is_digits


def test_code_ends_after_its_life_or_five_wrong_tries_or_a_newer_code() -> None:
    now = datetime(2025, 3, 15, 10, tzinfo=UTC)
    times = [now]
    service = LoyaltyService(clock=lambda: times[-1])
    ana, rewards = customer(service, ANA), service.rewards
    old = rewards.send_code(ana, "T", by_sms=True).code
    fresh = rewards.send_code(ana, "T", by_sms=True).code
    assert old == fresh or not rewards.check_code(ana, "T", old)
    assert rewards.check_code(ana, "T", f" {fresh} ")
    times.append(now + timedelta(minutes=31))
    with pytest.raises(Refusal):
        redeem(service, name=ANA)
    assert not rewards.check_code(ana, "T", fresh)
    last = rewards.send_code(ana, "T", by_sms=True).code
    assert [rewards.check_code(ana, "T", "x") for _ in range(5)] == [False] * 5
    assert not rewards.check_code(ana, "T", last)


@pytest.mark.parametrize(
    ("number", "name", "change", "code_name"),
    [
        (99, MARIA, {}, "REWARD_NOT_FOUND"),
        (11, MARIA, {"Value": None}, "InvalidValue"),
        (11, MARIA, {"Points": 10}, "InvalidValue"),
        (11, MARIA, {"Value": Decimal("0.00")}, "InvalidValue"),
        (11, MARIA, {"Value": Decimal("0.001")}, "InvalidValue"),
        (11, MARIA, {"Value": Decimal("1000.00")}, "CashbackAboveBalance"),
        (13, MARIA, {}, "InvalidValue"),
        (20, MARIA, {"Value": None}, "RewardNotAvailable"),
        (13, "rui.barros@exemplo.com.br", {"Value": None}, "RewardNotAvailable"),
    ],
)
def test_redemption_that_breaks_a_rule_is_refused_and_takes_nothing(
    service: LoyaltyService, number: int, name: str, change: dict[str, Any], code_name: str
) -> None:
    before = customer(service, name)
    with pytest.raises(Refusal) as refusal:
        redeem(service, number, name, **change)
    assert refusal.value.code_name == code_name
    assert customer(service, name) == before
    assert service.applied == []


def test_cashback_may_be_named_in_points(service: LoyaltyService) -> None:
    assert redeem(service, Value=None, Points=100).cents == 500


def test_redemptions_outlive_the_training_server(service: LoyaltyService, tmp_path: Path) -> None:
    redemption = redeem(service)
    sell(service, redemption)
    service.save(tmp_path / "state.json")
    again = LoyaltyService.load(tmp_path / "state.json")
    assert again.rewards.redemptions == service.rewards.redemptions
    assert again.rewards.used_by("2001") == service.rewards.find(redemption.number)
    with pytest.raises(KeyRedeemed):
        redeem(again)


def test_look_ups_show_the_reward_and_the_balance_history(http: httpx.Client, server: TrainingServer) -> None:
    redemption = redeem(server.service)
    sell(server.service, redemption)
    order = http.get("/v1/pvt/Order/2001").json()
    assert (order["Reward"]["Id"], order["Coupon"]) == (redemption.number, redemption.external_code)
    rows = http.get("/v1/pvt/Customer/52998224725/points").json()["PointHistory"]
    assert [(row["Id"], row["CashbackAmount"]) for row in rows if row["CashbackAmount"] < 0] == [
        (redemption.number, -5)
    ]
    server.service.rewards.set_options(reward_form="envelope")
    assert http.get(f"/v1/pvt/Rewards/{redemption.number}").json()["Result"]["IsCanceled"] is False
    assert http.get("/v1/pvt/Rewards/1").status_code == 404


def test_coupon_is_generated_only_where_the_request_forces_one(http: httpx.Client) -> None:
    body = {"CustomerId": "52998224725", "OriginalKey": "R-1", "ForceGenerateCoupon": True}
    result = http.post("/v1/pvt/POS/rewards/12/redeem", json=body).json()["Result"]
    assert (result["Coupon"]["CouponCode"], result["Coupon"]["CouponType"]) == (result["ExternalCode"], 1)
