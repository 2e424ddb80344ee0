"""An Omnitron on loopback that holds one order, and does to each call what a test says."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import to_minor_units
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import AKINON, Leg
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from tests.support.loopback import LoopbackServer, answer
from tests.support.operations import make_operation

USER = Credentials("till@shop.example", "p4ss:wörd-of-the-till")
ORDER_KEY = 12345
NUMBER = "W-2025/17"
CANCEL = f"/api/i1/orders/{ORDER_KEY}/cancel/"
DETAIL = f"/api/i1/orders_integration/{ORDER_KEY}/detailed_integration/"
SETTINGS = RemoteSettings(
    "Loja on-line",
    AKINON,
    "https://shop.example",
    user=USER.token,
    reasons=(ReasonMapping("Arrependimento", "7", "Regret", "9", "Return"),),
)


def item(key: int, status: Any = "400", **changes: Any) -> dict[str, Any]:
    """One unit of a T-shirt at 49,90."""
    product = {"pk": 1, "sku": f"SKU-{key}", "name": f"Camiseta {key}"}
    row = {"pk": key, "order": ORDER_KEY, "status": status, "cancel_status": None, "price": "49.90"}
    return {**row, "price_currency": "brl", "discount_amount": "0.00", "product": product, **changes}


def order_row(*items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The order with these items, and a freight of 8,00."""
    row = {
        "pk": ORDER_KEY,
        "number": NUMBER,
        "channel": 1,
        "status": "400",
        "currency": "brl",
        "shipping_amount": "8.00",
    }
    amount = f"{49.90 * len(items) + 8:.2f}"
    return {**row, "amount": amount, "date_placed": "2026-11-20T12:00:00Z", "orderitem_set": list(items), **changes}


def intent_of(leg: Leg, order: Order) -> Intent:
    """The intent of a leg."""
    value = to_minor_units(leg.total, leg.currency)
    return Intent(Kind.RETURN, order.order_id, value, order=order, leg=leg, return_id=leg.return_id)


def operation_of(leg: Leg, order: Order, baseline: str = "") -> Operation:
    """The operation of a leg while its request is being sent."""
    made = make_operation(
        kind=Kind.RETURN, order_id=order.order_id, order=order, state=State.SENDING, baseline=baseline
    )
    lines = ",".join(line.line_id for line in leg.lines)
    value = to_minor_units(leg.total, leg.currency)
    return replace(made, value=value, remote_line=lines, system=AKINON, baseline=baseline)


@dataclass
class Omnitron:
    """`tokens`: good keys; a login adds the next. `replies`: raw answers to the next calls of a path, instead of ours.

    `late`: the cancel call answers before the items change. `calls`: method, path and body of each request.
    """

    order: dict[str, Any]
    tokens: set[str] = field(default_factory=set)
    replies: dict[str, list[bytes | None]] = field(default_factory=dict)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    late: bool = False
    calls: list[tuple[str, str, bytes]] = field(default_factory=list)
    wire: LoopbackServer = field(init=False)

    def __post_init__(self) -> None:
        self.wire = LoopbackServer(self._serve)

    def paths(self, *, method: str = "") -> list[str]:
        """The paths that were asked for, without their query."""
        return [path.partition("?")[0] for made, path, _ in self.calls if method in made]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            raw = await self.wire.read_request(reader)
            head, _, body = raw.partition(b"\r\n\r\n")
            method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
            self.calls.append((method, path, body))
            planned = self.replies.get(path.partition("?")[0])
            reply = planned.pop(0) if planned else self._answer(head.decode(), path, body)
            if reply is None:
                return  # hang up without an answer
            writer.write(reply)
            await writer.drain()

    def _answer(self, head: str, path: str, body: bytes) -> bytes:
        if path == "/api/i1/auth/login/":
            return self._login(json.loads(body))
        token = next((line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("auth")), "")
        if token.removeprefix("Token ") not in self.tokens:
            return refusal("401 Unauthorized", detail="Invalid token.")
        routes: dict[str, Callable[[], Any]] = {
            "/api/i1/orders/": lambda: [self.order],
            DETAIL: lambda: self.order,
            CANCEL: lambda: self.apply(json.loads(body)),
            "/api/v1/cancellation_reasons/": lambda: {"count": 1, "next": None, "results": self.reasons},
        }
        route = routes.get(path.partition("?")[0])
        return good(route()) if route else refusal("404 Not Found", detail="Not found.")

    def _login(self, sent: dict[str, str]) -> bytes:
        if sent != {"username": USER.token, "password": USER.key}:
            return refusal("400 Bad Request", non_field_errors=["Unable to log in."], code="user_100_1")
        self.tokens.add(f"key-{len(self.tokens)}")
        return good({"key": f"key-{len(self.tokens) - 1}"})

    def apply(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Take the items of a cancel call back."""
        for row in self.order["orderitem_set"]:
            if not self.late and (sent["is_all"] or row["pk"] in sent["cancel_items"]):
                row["status"] = 50
        return {}


def good(document: Any) -> bytes:
    """A complete answer."""
    return answer(json.dumps(document).encode())


def refusal(status: str, **words: Any) -> bytes:
    """A complete refusal in Omnitron's form."""
    return answer(json.dumps(words).encode(), status)
