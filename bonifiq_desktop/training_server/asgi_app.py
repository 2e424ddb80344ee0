"""The ASGI application of the training server: the contract's paths over the loyalty service."""

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bonifiq_desktop.training_server import http_replies, responses
from bonifiq_desktop.training_server.admin_routes import admin_routes
from bonifiq_desktop.training_server.contract import Contract
from bonifiq_desktop.training_server.customer_routes import customer_routes
from bonifiq_desktop.training_server.errors import CancelKeyUsed, Refusal
from bonifiq_desktop.training_server.exchange import Exchange
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind, FaultInjector
from bonifiq_desktop.training_server.json_codec import parse_timestamp
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import ORIGIN_API, ORIGIN_POS
from bonifiq_desktop.training_server.rewards.routes import RewardRoutes
from bonifiq_desktop.training_server.transport import Connections

_LARGEST_BODY = 1 << 20

# Decoded order id ("" if the path has none) and valid body -> Result.
Action = Callable[[str, Mapping[str, Any]], responses.Body]


class RequestMiddleware:
    """Middleware: read the whole request into `scope["body"]`, log it, check the credentials, and add a Date header."""

    def __init__(self, app: ASGIApp, service: LoyaltyService, credentials: tuple[str, str]) -> None:
        self._app = app
        self._service = service
        self._authorization = b"Basic " + base64.b64encode(":".join(credentials).encode("utf-8"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        headers = Headers(scope=scope)
        path = scope["raw_path"].decode("ascii")
        if path.startswith("/v1/"):
            kept = [(name, value) for name, value in headers.items() if name != "authorization"]
            self._service.log_request(scope["method"], path, body, kept)
        dated = self._with_date_header(send)
        # Route the undecoded path: in a decoded one an encoded slash would split an order id.
        routed = {**scope, "path": path, "body": body}
        if len(body) > _LARGEST_BODY:
            await http_replies.refusal_reply(413, "O corpo é grande demais.")(routed, receive, dated)
        elif not hmac.compare_digest(headers.get("authorization", "").encode(), self._authorization):
            await http_replies.unauthorized_reply()(routed, receive, dated)
        else:
            await self._app(routed, receive, dated)

    def _with_date_header(self, send: Send) -> Send:
        """A `send` that adds a Date header from the service's clock, unless there is one."""

        async def with_date(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("date", format_datetime(parse_timestamp(self._service.now()), usegmt=True))
            await send(message)

        return with_date


@dataclass(eq=False, repr=False)
class OrderRoutes:
    """Endpoints for orders."""

    exchange: Exchange
    service: LoyaltyService

    def routes(self) -> list[Route]:
        return [
            Route("/v1/pvt/Order/{order_id}", self._look_up, methods=["GET"]),
            self._post("/v1/pvt/POS/orders", "POS_NewOrder", "sale", self._pos_sale),
            self._post("/v1/pvt/Order", "Order_Create", "sale", self._web_sale),
            self._post("/v1/pvt/POS/{order_id}/partialcancel", "POS_PartialCancelOrder", "refund", self._refund),
            self._post("/v1/pvt/Order/{order_id}/partialcancel", "Order_PartialCancelOrder", "refund", self._refund),
            self._post("/v1/pvt/POS/orders/{order_id}/cancel", "POS_CancelOrder", "cancel", self._cancel),
            self._post("/v1/pvt/Order/{order_id}/cancel", "Order_CancelOrder", "cancel", self._cancel),
        ]

    @property
    def _faults(self) -> FaultInjector:
        return self.exchange.faults

    def _post(self, path: str, operation_id: str, kind: CallKind, action: Action) -> Route:
        async def endpoint(request: Request) -> Response:
            def act(body: Mapping[str, Any]) -> Response:
                order_id = _order_id(request)
                if order_id is None:
                    return http_replies.refusal_reply(400, "O número do pedido no endereço não é UTF-8.")
                return self._apply(order_id, body, kind, action)

            return await self.exchange.post(request, operation_id, kind, act)

        return Route(path, endpoint, methods=["POST"])

    async def _look_up(self, request: Request) -> Response:
        return await self.exchange.answer("lookup", lambda: self._lookup_reply(request))

    def _lookup_reply(self, request: Request) -> Response:
        order_id = _order_id(request)
        order = None if order_id is None else self.service.find(order_id)
        if order is None:
            return http_replies.order_not_found_reply(self._faults.missing_form)
        return http_replies.JsonReply(200, responses.lookup_body(self.service, order, self._faults))

    def _apply(self, order_id: str, body: Mapping[str, Any], kind: CallKind, action: Action) -> Response:
        def act() -> Response:
            result = action(order_id, body)
            return http_replies.JsonReply(200, responses.applied_body(result, self._faults.result_form))

        try:
            return self.exchange.applied(act)
        except CancelKeyUsed as used:
            return http_replies.JsonReply(*responses.key_used_response(used, self._faults))
        except Refusal as refusal:
            # A sale's Result has no place for a refusal.
            form = "envelope" if kind == "sale" else self._faults.refusal_form
            status = self._faults.refusal_status if form == "envelope" else 200
            return http_replies.JsonReply(status, responses.refusal_body(refusal, form, self.service.now()))

    def _pos_sale(self, _order_id: str, body: Mapping[str, Any]) -> responses.Body:
        order = self.service.register_sale(body, origin=ORIGIN_POS)
        bonus = responses.bonus_body(self.service, order)
        return {**responses.order_body(self.service, order), "EstimatedBonus": bonus}

    def _web_sale(self, _order_id: str, body: Mapping[str, Any]) -> responses.Body:
        return responses.order_body(self.service, self.service.register_sale(body, origin=ORIGIN_API))

    def _refund(self, order_id: str, body: Mapping[str, Any]) -> responses.Body:
        return responses.refund_body(self.service.refund(order_id, body), self._faults.refund_status)

    def _cancel(self, order_id: str, body: Mapping[str, Any]) -> responses.Body:
        return responses.cancel_body(self.service.cancel(order_id, body))


def build_asgi_app(
    *,
    service: LoyaltyService,
    faults: FaultInjector,
    contract: Contract,
    connections: Connections,
    credentials: tuple[str, str],
    on_applied: Callable[[], None],
) -> ASGIApp:
    """Build the ASGI application. `credentials`: token and key. `on_applied`: see Exchange."""
    exchange = Exchange(service, faults, contract, connections, on_applied)
    inner = Starlette(
        routes=[
            *OrderRoutes(exchange, service).routes(),
            *RewardRoutes(exchange, service).routes(),
            *customer_routes(exchange, service),
            *admin_routes(service, faults),
        ],
        exception_handlers={HTTPException: _http_error},
    )
    # The vendor's service is not known to redirect to a path with a slash.
    inner.router.redirect_slashes = False
    return RequestMiddleware(inner, service, credentials)


def _order_id(request: Request) -> str | None:
    """The decoded order id of the path; "" if there is none, None if it is not UTF-8."""
    try:
        return unquote(request.path_params.get("order_id", ""), errors="strict")
    except UnicodeDecodeError:
        return None


async def _read_body(receive: Receive) -> bytes | None:
    """Read the body up to just above the limit. None if the caller hung up."""
    body = b""
    while len(body) <= _LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return body


def _http_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    text = {404: "Endereço desconhecido.", 405: "Método não permitido."}.get(error.status_code, "Erro.")
    return http_replies.message_reply(error.status_code, text, headers=error.headers)
