"""The web shop on a loopback port."""

import secrets
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bonifiq_desktop.training_server.akinon.shop import REASONS, ShopState, Unit, WebOrder, WebShop
from bonifiq_desktop.training_server.remote.state_file import StateFile
from bonifiq_desktop.training_server.remote.system import CallRefused, RemoteSystem

_NAMES = {"50": "cancellation_waiting", "100": "canceled", "400": "approved", "500": "shipped", "550": "delivered"}


class AkinonTraining(RemoteSystem):
    """`user`, `password`, `channel`: what a connection needs. `service`: the shop, with its switches and its oracle."""

    user = "caixa"
    channel = 4

    def __init__(self, contract: Path, *, port: int = 0, state_file: Path | None = None) -> None:
        super().__init__("training-akinon", contract, port)
        self.service = WebShop()
        if state_file is not None:
            file = StateFile(state_file, ShopState, self.service.state)
            self.service.restore(file.load() or self.service.state())
            self.on_applied = file.save
        self.password = secrets.token_urlsafe(18)
        self._token = secrets.token_hex(20)

    def expire_token(self) -> None:
        """From now on the token that a client holds is refused with 401; a login gives a new one."""
        self._token = secrets.token_hex(20)

    def applied_count(self) -> int:
        return len(self.service.applied)

    def authorization(self) -> str:
        return f"Token {self._token}"

    def error_body(self, status: int, message: str) -> Any:
        return {"detail": message} if status in {401, 403, 404} else {"non_field_errors": [message]}

    def now(self) -> str:
        return self.service.now()

    def routes(self) -> list[Route]:
        made = [self.route("/api/i1/auth/login/", "POST", "login", "login", self._login, is_open=True)]
        for prefix in ("/api/i1", "/api/v1"):
            made += [
                self.route(f"{prefix}/orders/", "GET", "lookup", "listOrders", self._orders),
                self.route(
                    f"{prefix}/orders_integration/{{key:int}}/detailed_integration/",
                    "GET",
                    "lookup",
                    "getOrderDetailed",
                    self._order,
                ),
                self.route(
                    f"{prefix}/order_item/detailed_integration/", "GET", "items", "listOrderItemsDetailed", self._items
                ),
                self.route(
                    f"{prefix}/channel/{{channel:int}}/order_items/",
                    "GET",
                    "items",
                    "listChannelOrderItems",
                    self._items,
                ),
                self.route(
                    f"{prefix}/cancellation_reasons/", "GET", "reasons", "listCancellationReasons", self._reasons
                ),
                self.route(
                    f"{prefix}/channel/{{channel:int}}/cancellation_reasons/",
                    "GET",
                    "reasons",
                    "listChannelCancellationReasons",
                    self._reasons,
                ),
                self.route(f"{prefix}/orders/{{key:int}}/cancel/", "POST", "cancel", "cancelOrder", self._cancel),
                self.route(
                    f"{prefix}/channel/{{channel:int}}/orders/{{key:int}}/cancel/",
                    "POST",
                    "cancel",
                    "cancelChannelOrder",
                    self._cancel,
                ),
            ]
        return made

    # --- calls

    def _login(self, request: Request, raw: bytes) -> tuple[int, Any]:
        body = self.body_of(request, "login", raw)
        if (body["username"], body["password"]) != (self.user, self.password):
            raise CallRefused(400, {"non_field_errors": ["Unable to log in with provided credentials."]})
        return 200, {"key": self._token}

    def _orders(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        found = self.service.by_number(request.query_params.get("number", ""))
        return 200, self._list([self._shown(order) for order in found])

    def _order(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        return 200, self._shown(self.service.by_key(request.path_params["key"]))

    def _items(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        key = request.query_params.get("order", "")
        order = self.service.by_key(int(key) if key.isdecimal() else 0)
        return 200, self._list([self._unit(order, unit) for unit in order.units])

    def _reasons(self, _request: Request, _raw: bytes) -> tuple[int, Any]:
        return 200, self._list(
            [
                {"pk": key, "cancellation_type": kind, "subject": subject, "is_active": True, "order": place}
                for place, (key, kind, subject) in enumerate(REASONS)
            ]
        )

    def _cancel(self, request: Request, raw: bytes) -> tuple[int, Any]:
        operation = "cancelChannelOrder" if "channel" in request.path_params else "cancelOrder"
        body = self.body_of(request, operation, raw)
        order = self.service.cancel(request.path_params["key"], body)
        is_short = self.service.switches.short_answers or body.get("return_details") is False
        return 200, {} if is_short else self._shown(order)

    # --- answers

    def _list(self, rows: Sequence[dict[str, Any]]) -> Any:
        if self.service.switches.bare_lists:
            return list(rows)
        return {"count": len(rows), "next": None, "previous": None, "results": list(rows)}

    def _status(self, status: str) -> str:
        return _NAMES.get(status, status) if self.service.switches.names else status

    def _shown(self, order: WebOrder) -> dict[str, Any]:
        return {
            "pk": order.pk,
            "number": order.number,
            "channel": self.channel,
            "status": self._status(order.units[0].status),
            "date_placed": order.placed,
            "currency": order.currency,
            "amount": str(sum((Decimal(unit.price) for unit in order.units), Decimal(order.shipping))),
            "shipping_amount": order.shipping,
            "discount_amount": "0.00",
            "payment_option": order.payment,
            "customer": {"pk": order.pk, "first_name": order.customer[0], "last_name": order.customer[1]},
            "orderitem_set": [self._unit(order, unit) for unit in order.units],
        }

    def _unit(self, order: WebOrder, unit: Unit) -> dict[str, Any]:
        return {
            "pk": unit.pk,
            "order": order.pk,
            "product": {"pk": unit.pk * 10, "sku": unit.sku, "name": unit.name},
            "status": self._status(unit.status),
            "cancel_status": unit.cancel_status,
            "price": unit.price,
            "price_currency": order.currency,
            "retail_price": unit.price,
            "net_amount": unit.price,
            "discount_amount": "0.00",
        }
