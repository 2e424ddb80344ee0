"""Every request that the Akinon connector can make, recorded from real calls to a scripted Omnitron."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from bonifiq_desktop.connectors.akinon.connector import AkinonConnector
from bonifiq_desktop.domain.returns import BankAccount, ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from tests.mocks.schema_mock import SentRequest
from tests.support.omnitron import NUMBER, SETTINGS, USER, Omnitron, good, intent_of, item, operation_of, order_row

_CHANNEL = replace(SETTINGS, channel=3, prefixes=(("cancel", "v1"),))
_OPTIONAL = replace(SETTINGS, ask_bank_account=True, send_return_id=True)
_CHOICES: tuple[dict[str, Any], ...] = (
    {},
    {"shipping": True, "invoice_number": "R-2025-17"},
    {"bank_account": BankAccount("TR330006100519786457841326", "Maria Souza")},
)


def record_requests() -> list[SentRequest]:
    """The requests of each call, for part of an order and for all of it, with and without a sales channel."""
    return [
        request
        for settings in (SETTINGS, _CHANNEL, _OPTIONAL)
        for keys in ((1001,), (1001, 1002))
        for choice in _CHOICES
        for request in asyncio.run(_recorded(settings, keys, choice))
    ]


async def _recorded(settings: RemoteSettings, keys: tuple[int, ...], choice: dict[str, Any]) -> list[SentRequest]:
    server = Omnitron(order_row(item(1001), item(1002), channel=3))
    rows = server.order["orderitem_set"]
    # The detail holds no items, so that the connector asks for their list.
    server.order = {**server.order, "orderitem_set": []}
    for path in ("/api/v1/order_item/detailed_integration/", "/api/v1/channel/3/order_items/"):
        server.replies[path] = [good(rows), good(rows)]
    server.replies["/api/v1/channel/3/orders/12345/cancel/"] = [good({})]
    server.replies["/api/v1/channel/3/cancellation_reasons/"] = [good([]), good([])]
    async with server.wire.listening():
        connector = AkinonConnector(server.wire.url, USER, settings=lambda: settings)
        async with aclosing(connector):
            await connector.describe()
            await connector.reasons()
            order = await connector.look_up(NUMBER)
            lines = tuple(ChosenLine(str(key), 1) for key in keys)
            chosen = replace(ReturnChoice(lines, CounterReason.REGRET, return_id="DV-1"), **choice)
            (leg,) = connector.plan(order, chosen)
            await connector.send(operation_of(leg, order), connector.serialize(intent_of(leg, order)))
    return [SentRequest.from_bytes(raw) for raw in server.wire.requests]


def changed_bodies(request: SentRequest) -> list[SentRequest]:
    """A request to cancel without each of its required fields, and with fields of another type."""
    body = json.loads(request.body)
    without = [
        {name: value for name, value in body.items() if name != gone}
        for gone in ("order", "is_all", "cancel_items", "forced_refund_amount", "reasons")
    ]
    wrong: list[dict[str, Any]] = [{"cancel_items": {}}, {"forced_refund_amount": 49.9}, {"reasons": {"1001": "7"}}]
    return [replace(request, body=json.dumps(each).encode()) for each in (*without, *(body | each for each in wrong))]
