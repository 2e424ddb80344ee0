"""Every request that the Mirakl connector can make, recorded from real calls to a scripted marketplace."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.remote_orders import Charge
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from tests.connectors.mirakl.examples import (
    LINE,
    ORDER,
    SETTINGS,
    choice,
    leg_operation,
    line_json,
    order_json,
    paid_line,
    paid_order,
)
from tests.mocks.schema_mock import SentRequest
from tests.support.scripted_server import Answer, Request, ScriptedServer

_TAXES = [{"code": "ICMS", "amount": 4.99}, {"code": "ISS", "amount": 1.0}]
_RULES = [
    {"code": "ICMS", "tax_calculation_rule": "NONE"},
    {"code": "ISS", "tax_calculation_rule": "PROPORTIONAL_TO_AMOUNT"},
]
_TAXED: dict[str, Any] = {"taxes": _TAXES, "shipping_taxes": _TAXES}
_SHOP = replace(SETTINGS, shop_id=2004)
_BY_RETURN = replace(_SHOP, by_return_flow=True)


@dataclass(frozen=True)
class _Case:
    """An order, what goes back of it, and the settings. `fees`: named beside."""

    order: dict[str, Any]
    units: int = 1
    settings: RemoteSettings = SETTINGS
    shipping: bool = False
    fees: tuple[Charge, ...] = ()


_CASES = (
    _Case(order_json()),
    _Case(order_json(), units=2, settings=_SHOP),
    _Case(
        order_json(line_json(**_TAXED), order_tax_mode="TAX_EXCLUDED"),
        settings=_SHOP,
        shipping=True,
        fees=(Charge("ECO", Decimal("0.50")),),
    ),
    _Case(order_json(line_json(price=1.235, total_price=9.235), currency_iso_code="KWD"), shipping=True),
    _Case(order_json(line_json(price=998, shipping_price=80), currency_iso_code="JPY")),
    _Case(paid_order()),
    _Case(paid_order(paid_line(**_TAXED)), units=2, settings=_SHOP, shipping=True),
    _Case(paid_order(paid_line(state="SHIPPING"), state="SHIPPING")),
    _Case(paid_order(), settings=_BY_RETURN),
    _Case(order_json(customer_directly_pays_seller=True)),
)


def record_requests() -> list[SentRequest]:
    """The requests of each call, for orders before and after debit and shipment, with and without taxes."""
    return [request for case in _CASES for request in _recorded(case)]


def _recorded(case: _Case) -> list[SentRequest]:
    answers = {
        "/api/orders": {"orders": [case.order], "total_count": 1},
        "/api/orders/taxes": {"taxes": _RULES},
        "/api/reasons": {"reasons": []},
        "/api/returns": {"data": []},
        "/api/account": {"shop_id": 2004, "shop_name": "Loja", "currency_iso_code": "BRL"},
    }

    def script(request: Request) -> Answer:
        path = urlsplit(request.target).path
        if "references_for" not in request.target and "WEB-77" in request.target:
            return Answer(body={"orders": [], "total_count": 0})  # found by the last search only
        if "references_for_customer" in request.target:
            return Answer(body={"orders": [], "total_count": 0})
        return Answer(body=answers.get(path, {}))

    with ScriptedServer(script) as server:
        asyncio.run(_work(server.url, case))
    return [SentRequest(each.method, each.target, each.body, dict(each.headers)) for each in server.requests]


async def _work(url: str, case: _Case) -> None:
    connector = MiraklConnector(url, Credentials("", "shop-key-0123456789"), settings=lambda: case.settings)
    async with aclosing(connector):
        await connector.describe()
        await connector.reasons()
        await connector.look_up("WEB-77")
        order = await connector.look_up(ORDER)
        (leg,) = connector.plan(order, choice(case.units, LINE, shipping=case.shipping, return_id="DV-1"))
        leg = replace(leg, lines=tuple(replace(line, fees=case.fees) for line in leg.lines))
        request = connector.serialize(Intent(Kind.RETURN, ORDER, 1, leg=leg, return_id="DV-1"))
        operation = leg_operation()
        operation = replace(operation, baseline=connector.baseline(order, operation))
        await connector.send(operation, request)
        await connector.read_back(operation, request.body)
