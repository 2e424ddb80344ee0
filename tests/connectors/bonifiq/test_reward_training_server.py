"""The connector against the training server, under each behaviour of rewards that no page documents."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import replace
from itertools import product
from typing import Any, TypeVar

import pytest

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    Basket,
    CannotUseReason,
    CodeRequest,
    CodeSent,
    RedemptionRequest,
    Reward,
    RewardKind,
    discount_of,
)
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.verdicts import Done, Refused, Unknown, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS
from bonifiq_desktop.training_server.server import TrainingServer
from tests.mocks.bonifiq_requests import AT
from tests.support.operations import make_operation
from tests.support.reward_examples import ORIGINAL_KEY, make_redemption

T = TypeVar("T")
SHOP = Customer("12ABC34501DE35", document="12ABC34501DE35")
"""A customer with 5000 points and 200,00 of cashback."""
BASKET = Basket(SHOP, 10000, 0, (Product("MEI-01", "Meia", 6000, 3), Product("CAM-01", "Camiseta", 4000)))


def _set(server: TrainingServer, **options: Any) -> None:
    """Choose the behaviour of the server; see `rewards/options.py`."""
    server.service.rewards.set_options(**options)


@pytest.fixture(name="server")
def running_server() -> Iterator[TrainingServer]:
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json")) as server:
        _set(server, needs_check=False)
        yield server


def _run(
    server: TrainingServer, act: Callable[[BonifiqConnector], Awaitable[T]], settings: Settings | None = None
) -> T:
    async def main() -> T:
        pair = Credentials(server.token, server.key)
        async with aclosing(BonifiqConnector(server.url, pair, settings=lambda: settings or Settings())) as connector:
            return await act(connector)

    return asyncio.run(main())


def _rewards(server: TrainingServer, basket: Basket = BASKET) -> AvailableRewards:
    return _run(server, lambda c: c.rewards(basket))


def _redeem(
    server: TrainingServer, reward: Reward, amount: int, *, key: str = ORIGINAL_KEY, customer: Customer = SHOP
) -> Verdict:
    request = RedemptionRequest("checkout-1", replace(BASKET, customer=customer), reward, amount)
    intent = Intent(Kind.REDEMPTION, "V-1", amount, redemption=request, reference=key)
    return _run(server, lambda c: c.send(make_redemption(), c.serialize(intent)))


def _reward(server: TrainingServer, kind: RewardKind, basket: Basket = BASKET) -> Reward:
    return next(each for each in _rewards(server, basket).rewards if each.kind is kind and each.can_use)


def _undo(server: TrainingServer, redemption: Operation) -> Verdict:
    reversal = replace(redemption, kind=Kind.REVERSAL, cancel_key=None)
    return _run(server, lambda c: c.send(reversal, c.reversal(redemption)))


def _read_back(server: TrainingServer, reward_id: str) -> Finding:
    reversal = make_redemption(kind=Kind.REVERSAL, cancel_key=None, remote_line=reward_id)
    return _run(server, lambda c: c.read_back(reversal, b"")).finding


def _held(server: TrainingServer) -> tuple[int, int]:
    found = _rewards(server)
    return found.points, found.cashback


@pytest.mark.parametrize("kind", RewardKind)
def test_reward_of_each_kind_is_redeemed_and_undone(server: TrainingServer, kind: RewardKind) -> None:
    before = _held(server)
    reward = _reward(server, kind)
    amount = discount_of(reward, BASKET.gross, reward.maximum)
    done = _redeem(server, reward, amount)
    assert isinstance(done, Done)
    assert done.external_code
    assert done.external_product_id == (reward.product.product_id if reward.product else "")
    after = _held(server)
    assert after == (before[0] - reward.points, before[1] - (amount if kind is RewardKind.CASHBACK else 0))
    assert _read_back(server, done.evidence_id) is Finding.ABSENT
    assert _undo(server, make_redemption(evidence_id=done.evidence_id)) == Done()
    assert _held(server) == before
    assert _read_back(server, done.evidence_id) is Finding.APPLIED


def test_rewards_that_cannot_be_used_have_reasons(server: TrainingServer) -> None:
    answers = _rewards(server), _rewards(server, replace(BASKET, gross=500, products=()))
    reasons = {each.reason for found in answers for each in found.rewards if not each.can_use}
    assert len(reasons) > 2
    assert None not in reasons
    assert CannotUseReason.CAN_USE not in reasons


def test_unknown_customer_has_no_rewards(server: TrainingServer) -> None:
    assert _rewards(server, replace(BASKET, customer=Customer(document="39053344705"))).customer is None


@pytest.mark.parametrize("form", REWARD_OPTIONS["repeated_key"])
def test_repeated_key_redeems_once_and_is_known(server: TrainingServer, form: str) -> None:
    _set(server, repeated_key=form)
    reward = _reward(server, RewardKind.FIXED)
    first = _redeem(server, reward, 2000)
    held = _held(server)
    second = _redeem(server, reward, 2000)
    assert _held(server) == held
    if form == "first_result":
        assert second == first
    else:
        assert isinstance(second, Refused)
        assert second.used_key == (form != "silent")


@pytest.mark.parametrize(
    ("place", "form", "repeated"),
    list(product(*(REWARD_OPTIONS[name] for name in ("key_place", "reward_form", "repeated_undo")))),
)
def test_redemption_is_undone_once_by_id_and_by_key(
    server: TrainingServer, place: str, form: str, repeated: str
) -> None:
    _set(server, key_place=place, reward_form=form, repeated_undo=repeated)
    before = _held(server)
    reward = _reward(server, RewardKind.CASHBACK)
    by_id, by_key = (_redeem(server, reward, 1000, key=key) for key in ("K-1", "K/2 ç&=+"))
    assert isinstance(by_id, Done)
    assert isinstance(by_key, Done)
    known = make_redemption(evidence_id=by_id.evidence_id, cancel_key="K-1")
    assert _undo(server, known) == Done()
    assert _undo(server, make_redemption(evidence_id="", cancel_key="K/2 ç&=+")) == Done()
    assert _held(server) == before
    again = _undo(server, known)
    assert again == Done() if repeated == "same_answer" else isinstance(again, Refused | Unknown)
    assert _read_back(server, by_id.evidence_id) is Finding.APPLIED
    assert _held(server) == before


def test_reversal_of_what_was_never_redeemed_undoes_nothing(server: TrainingServer) -> None:
    before = _held(server)
    for redemption in (make_redemption(evidence_id="99999"), make_redemption(evidence_id="", cancel_key="K-9")):
        assert isinstance(_undo(server, redemption), Refused | Unknown)
    assert _held(server) == before


def _send(server: TrainingServer, request: CodeRequest) -> CodeSent:
    return _run(server, lambda c: c.send_code(request))


def _is_right(server: TrainingServer, request: CodeRequest, code: str) -> bool:
    return _run(server, lambda c: c.check_code(request, code)).is_right


@pytest.mark.parametrize("delivery", REWARD_OPTIONS["code_delivery"])
@pytest.mark.parametrize(
    ("document", "is_signup", "contact"),
    [
        ("12345678909", False, ""),
        ("71460238001", True, "phone"),
        ("15350946056", True, "email"),
    ],
)
def test_code_identifies_the_customer_in_each_form_of_delivery(
    server: TrainingServer, document: str, delivery: str, contact: str, *, is_signup: bool
) -> None:
    _set(server, code_delivery=delivery)
    customer = Customer(document=document, name="Cliente")
    found = _rewards(server, replace(BASKET, customer=customer))
    assert (found.needs_code, found.needs_signup_code) == (not is_signup, is_signup)
    asked = CodeRequest(customer, "T-1", is_signup=is_signup)
    sent = _send(server, asked)
    assert (sent.asks_phone, sent.asks_email) == (contact == "phone", contact == "email")
    if contact:
        assert (sent.was_sent, sent.test_code) == (False, "")
        named = replace(asked, phone="+5511987654321") if sent.asks_phone else replace(asked, email="h@exemplo.com.br")
        sent = _send(server, named)
    assert sent.was_sent == (delivery in {"sent", "sent_with_code"})
    assert bool(sent.test_code) == (delivery == "test")
    assert not _is_right(server, asked, "000")
    if sent.test_code:
        assert _is_right(server, asked, sent.test_code)


def _sold(server: TrainingServer) -> Operation:
    """The redemption of a fixed reward that the sale V-1 over 80,00 bears."""
    done = _redeem(server, _reward(server, RewardKind.FIXED), 2000)
    assert isinstance(done, Done)
    redemption = make_redemption(evidence_id=done.evidence_id, external_code=done.external_code)

    async def sell(connector: BonifiqConnector) -> Verdict:
        sale = Sale(customer=replace(SHOP, name="Boa Vista"), total=8000, placed_at=AT, coupon="VIP10")
        request = connector.serialize(Intent(Kind.SALE, "V-1", 8000, sale=sale, reference="R-1"))
        request = replace(request, body=connector.with_reward(request.body, redemption))
        return await connector.send(make_operation(kind=Kind.SALE, order_id="V-1"), request)

    assert isinstance(_run(server, sell), Done)
    return redemption


def test_sale_bears_the_coupon_of_its_redemption(server: TrainingServer) -> None:
    redemption = _sold(server)
    order = _run(server, lambda c: c.look_up("V-1"))
    assert (order.coupon, order.total) == (redemption.external_code, 8000)
    assert not isinstance(_undo(server, redemption), Done), "an order uses it"


@pytest.mark.parametrize("setting", ["yes", "no"])
@pytest.mark.parametrize("usual", [True, False])
def test_refund_gives_the_used_reward_back_by_the_setting(server: TrainingServer, setting: str, *, usual: bool) -> None:
    _set(server, refund_returns_reward=usual)
    redemption = _sold(server)
    settings = Settings(return_used_reward=setting)

    async def refund(connector: BonifiqConnector) -> Verdict:
        request = connector.serialize(Intent(Kind.REFUND, "V-1", 1000, account="loja"))
        return await connector.send(make_operation(kind=Kind.REFUND, order_id="V-1"), request)

    assert isinstance(_run(server, refund, settings), Done)
    assert (_read_back(server, redemption.evidence_id) is Finding.APPLIED) == (setting == "yes")
