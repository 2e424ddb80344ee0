"""Every request that the BonifiQ connector can make, recorded from real calls to a scripted server."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.operations import Kind, Line, Operation
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.rewards import Basket, CodeRequest, RewardKind
from bonifiq_desktop.domain.sales import Sale, SaleState
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings
from tests.mocks.schema_mock import SentRequest
from tests.support.operations import make_operation
from tests.support.reward_examples import (
    ANA,
    BASKET,
    ORIGINAL_KEY,
    make_redemption,
    make_request,
    make_reward,
)
from tests.support.scripted_server import Answer, ScriptedServer

AT = datetime(2026, 11, 20, 15, 30, 5, 123456, tzinfo=UTC)
_BY_EMAIL = Customer("ana@exemplo.com.br", "Ana", email="ana+loja/1@exemplo.com.br")
_SALES = (
    Sale(customer=ANA, total=2590, placed_at=AT),
    Sale(
        customer=ANA,
        total=3000,
        placed_at=AT,
        birthday=date(1990, 2, 28),
        products=(
            Product("P1", "Café", 1000, brand="B1 = Torra", category="Mercearia > Café"),
            Product("P2", "Pão", 2000),
            Product("SKU-9", "Caneca de brinde", 0),
        ),
        coupon="VIP10",
        payment_method="Cartão de crédito Visa",
        sales_person="12 = Bia",
        branch_id="L1",
        branch_name="Loja 1",
        notes=(("caixa", "CAIXA1"),),
    ),
    Sale(customer=_BY_EMAIL, total=1, placed_at=AT, state=SaleState.PENDING),
    Sale(customer=ANA, total=999_999_999_99, placed_at=AT, state=SaleState.CANCELLED, settled_at=AT),
)
_BASKETS = (BASKET, Basket(ANA, 0), Basket(_BY_EMAIL, 1, 1))
_LINES = (Line("P1", "Café", 1000), Line("P1", "Café", 500), Line("P2", "Pão", 90))
_FORMS = [
    Settings(order_paths=paths, send_refund_products=products, return_used_reward=returns)
    for paths, products, returns in product(("POS", "Order"), (True, False), ("", "yes", "no"))
]


def record_requests() -> list[SentRequest]:
    """The requests of each call, in each form that the settings allow."""
    with ScriptedServer(lambda _request: Answer(body={})) as server:
        for settings in _FORMS:
            asyncio.run(_work(server.url, settings))
    return [SentRequest(each.method, each.target, each.body, dict(each.headers)) for each in server.requests]


async def _work(url: str, settings: Settings) -> None:
    async with aclosing(BonifiqConnector(url, Credentials("token", "key"), settings=lambda: settings)) as connector:
        for intent in _intents():
            await connector.send(make_operation(kind=intent.kind), connector.serialize(intent))
        await _sell_with_reward(connector)
        for code in _code_requests():
            await _ask(connector.send_code(code))
            await _ask(connector.check_code(code, "012345"))
        for basket in _BASKETS:
            await _ask(connector.rewards(basket))
        await _ask(connector.verify())
        await _ask(connector.look_up("1006/B"))
        await _ask(connector.read_back(make_operation(kind=Kind.SALE, order_id="A-1"), None))
        await _ask(connector.read_back(make_redemption(kind=Kind.REVERSAL, remote_line="5001"), b""))


async def _ask(call: Any) -> None:
    """Wait for a call, whose empty answer is none."""
    with suppress(LookupFailed):
        await call


def _intents() -> Iterator[Intent]:
    for order_id in ("A-1", "1006/B", "ç 100%"):
        for sale in _SALES:
            yield Intent(Kind.SALE, order_id, sale.total, sale=sale, reference="K7QF-ABC")
            yield Intent(Kind.COMPLETION, order_id, sale.total, sale=sale)
        for reason in ("", "Desistência"):
            yield Intent(Kind.CANCEL, order_id, 2590, reason=reason, stated_at=AT)
        for lines in ((), _LINES, _LINES[:1]):
            yield Intent(Kind.REFUND, order_id, 1590, lines=lines, account="loja")
    for kind, chosen in product(RewardKind, (True, False)):
        reward = make_reward(kind=kind, can_select_value=chosen, value=Decimal(10))
        for basket in _BASKETS:
            request = replace(make_request(reward, 1225), basket=basket)
            yield Intent(Kind.REDEMPTION, "A-1", 1225, redemption=request, reference=ORIGINAL_KEY)
    for redeemed in _redemptions():
        yield Intent(Kind.REVERSAL, "A-1", 1225, redeemed=redeemed)


def _redemptions() -> tuple[Operation, ...]:
    return make_redemption(), make_redemption(evidence_id="")


def _code_requests() -> Iterator[CodeRequest]:
    for customer, is_signup in product((ANA, _BY_EMAIL), (True, False)):
        asked = CodeRequest(customer, "checkout-1", is_signup=is_signup)
        yield from (asked, replace(asked, phone="+5511987654321"), replace(asked, email="ana@exemplo.com.br"))


async def _sell_with_reward(connector: BonifiqConnector) -> None:
    for sale in _SALES:
        request = connector.serialize(Intent(Kind.SALE, "A-1", sale.total, sale=sale))
        body = connector.with_reward(request.body, make_redemption())
        await connector.send(make_operation(kind=Kind.SALE), SerializedRequest(request.path, body))


def changed_requests(requests: list[SentRequest]) -> Iterator[SentRequest]:
    """Requests about rewards with a field that the contract does not have, and with a field of another type."""
    for request in requests:
        if request.body and ("/rewards/" in request.target or "/challenge" in request.target):
            body = json.loads(request.body)
            yield replace(request, body=json.dumps({**body, "Unit": 1}).encode())
            yield replace(request, body=json.dumps({**body, next(iter(body)): {"a": 1}}).encode())
