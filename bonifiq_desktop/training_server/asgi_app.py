"""The ASGI application of the training server: the contract's paths over the loyalty service."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
from bonifiq_desktop.training_server.contract import Contract, ContractViolation
from bonifiq_desktop.training_server.customer_routes import customer_routes
from bonifiq_desktop.training_server.errors import INVALID_REFUND, CancelKeyUsed, Refusal
from bonifiq_desktop.training_server.fault_injection import faulty_responses
from bonifiq_desktop.training_server.fault_injection.fault_injector import CallKind, FaultInjector
from bonifiq_desktop.training_server.json_codec import JsonError, parse_timestamp, read_json
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import ORIGIN_API, ORIGIN_POS
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
    """Endpoints for orders. `on_applied` is called after each change and before its answer is sent."""

    service: LoyaltyService
    faults: FaultInjector
    contract: Contract
    connections: Connections
    on_applied: Callable[[], None]
    _late_copies: set[asyncio.Task[None]] = field(init=False, default_factory=set)

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

    def _post(self, path: str, operation_id: str, kind: CallKind, action: Action) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._answer(kind, lambda: self._validate_and_apply(request, operation_id, kind, action))

        return Route(path, endpoint, methods=["POST"])

    async def _look_up(self, request: Request) -> Response:
        return await self._answer("lookup", lambda: self._lookup_reply(request))

    async def _answer(self, kind: CallKind, act: Callable[[], Response]) -> Response:
        fault = self.faults.take(kind)
        if fault is None:
            return act()
        reply = faulty_responses.reply_without_applying(fault, self.faults, self.connections)
        if reply is not None:
            if fault.name == "late_copy":
                self._apply_later(act, fault.seconds)
            return reply
        if fault.name == "delay" and not await self.connections.sleep(fault.seconds):
            return http_replies.RawReply(self.connections)
        answer = act()
        if fault.name in {"twice", "twice_second_answer"}:
            second = act()
            return answer if fault.name == "twice" else second
        return faulty_responses.reply_after_applying(fault, answer, self.faults, self.connections)

    def _apply_later(self, act: Callable[[], Response], seconds: float) -> None:
        async def apply() -> None:
            if await self.connections.sleep(seconds):
                act()

        copy = asyncio.create_task(apply())
        self._late_copies.add(copy)
        copy.add_done_callback(self._late_copies.discard)

    def _lookup_reply(self, request: Request) -> Response:
        order_id = _order_id(request)
        order = None if order_id is None else self.service.find(order_id)
        if order is None:
            return http_replies.order_not_found_reply(self.faults.missing_form)
        return http_replies.JsonReply(200, responses.lookup_body(self.service, order, self.faults))

    def _validate_and_apply(self, request: Request, operation_id: str, kind: CallKind, action: Action) -> Response:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            return http_replies.refusal_reply(415, "Envie o corpo como application/json.")
        order_id = _order_id(request)
        if order_id is None:
            return http_replies.refusal_reply(400, "O número do pedido no endereço não é UTF-8.")
        try:
            body = read_json(request.scope["body"])
            self.contract.check(operation_id, body)
        except JsonError:
            return http_replies.refusal_reply(400, "O corpo não é um JSON válido.")
        except ContractViolation as misfit:
            # The vendor's example program has a name for a missing amount.
            code_name = INVALID_REFUND if misfit.rule == "exclusiveMinimum" else "InvalidRequest"
            return http_replies.refusal_reply(400, misfit.message, code_name=code_name)
        return self._apply(order_id, body, kind, action)

    def _apply(self, order_id: str, body: Mapping[str, Any], kind: CallKind, action: Action) -> Response:
        before = len(self.service.applied)
        try:
            result = action(order_id, body)
        except CancelKeyUsed as used:
            return http_replies.JsonReply(*responses.key_used_response(used, self.faults))
        except Refusal as refusal:
            # A sale's Result has no place for a refusal.
            form = "envelope" if kind == "sale" else self.faults.refusal_form
            status = self.faults.refusal_status if form == "envelope" else 200
            return http_replies.JsonReply(status, responses.refusal_body(refusal, form, self.service.now()))
        if len(self.service.applied) != before:
            try:
                self.on_applied()
            except OSError:
                # The change is applied but lost at a restart, so neither success nor refusal would be true.
                return http_replies.message_reply(500, "O treino não pôde ser gravado.")
        return http_replies.JsonReply(200, responses.applied_body(result, self.faults.result_form))

    def _pos_sale(self, _order_id: str, body: Mapping[str, Any]) -> responses.Body:
        order = self.service.register_sale(body, origin=ORIGIN_POS)
        bonus = responses.bonus_body(self.service, order)
        return {**responses.order_body(self.service, order), "EstimatedBonus": bonus}

    def _web_sale(self, _order_id: str, body: Mapping[str, Any]) -> responses.Body:
        return responses.order_body(self.service, self.service.register_sale(body, origin=ORIGIN_API))

    def _refund(self, order_id: str, body: Mapping[str, Any]) -> responses.Body:
        return responses.refund_body(self.service.refund(order_id, body), self.faults.refund_status)

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
    """Build the ASGI application. `credentials`: token and key. `on_applied`: see OrderRoutes."""
    counter = OrderRoutes(service, faults, contract, connections, on_applied)
    inner = Starlette(
        routes=[*counter.routes(), *customer_routes(service, faults, contract), *admin_routes(service, faults)],
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
