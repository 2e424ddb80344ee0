"""The Mirakl connector over real HTTP, against a scripted marketplace on loopback."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

from bonifiq_desktop.connectors.connector import CallReport
from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import Obstacle, SeveralOrders
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import Call, RemoteAccount, RemoteReason
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, OrderNotFound, Refused, Unknown, Verdict
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
    record_json,
)
from tests.support.scripted_server import DROP, Answer, Drop, Request, ScriptedServer

KEY = "shop-key-0123456789"
T = TypeVar("T")
Reply = Answer | Drop
Route = Reply | Callable[[Request], Reply]


def _orders(*orders: dict[str, Any]) -> Answer:
    return Answer(body={"orders": list(orders), "total_count": len(orders)})


def _refusal(status: int, message: str = "no") -> Answer:
    return Answer(status, {"message": message, "status": status})


@dataclass
class Marketplace:
    """Answers by path; a path without an answer is 404. `orders` are found by their filters, as OR11 does."""

    orders: list[dict[str, Any]] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)

    def script(self, request: Request) -> Reply:
        path = urlsplit(request.target).path
        route = self.routes.get(path)
        if route is None:
            return self._found(request) if path == "/api/orders" else _refusal(404, "Not found")
        return route(request) if callable(route) else route

    def _found(self, request: Request) -> Answer:
        asked = {name: values[0].split(",") for name, values in parse_qs(urlsplit(request.target).query).items()}
        fields = {
            "order_ids": "order_id",
            "order_references_for_customer": "order_reference_for_customer",
            "order_references_for_seller": "order_reference_for_seller",
        }
        (name,) = fields.keys() & asked.keys() or {""}
        return _orders(*(order for order in self.orders if not name or order.get(fields[name]) in asked[name]))


def _run(
    marketplace: Marketplace,
    act: Callable[[MiraklConnector], Awaitable[T]],
    *,
    settings: RemoteSettings = SETTINGS,
    reports: list[CallReport] | None = None,
) -> tuple[T, ScriptedServer]:
    """What a connector did, and the server with the requests that it got."""

    async def main(url: str) -> T:
        connector = MiraklConnector(
            url + "/",
            Credentials("", KEY),
            observe=(reports if reports is not None else []).append,
            settings=lambda: settings,
        )
        try:
            return await act(connector)
        finally:
            await connector.aclose()

    with ScriptedServer(marketplace.script) as server:
        return asyncio.run(main(server.url)), server


def _look_up(marketplace: Marketplace, text: str, settings: RemoteSettings = SETTINGS) -> Order:
    return _run(marketplace, lambda connector: connector.look_up(text), settings=settings)[0]


# --- look-up


def test_key_goes_bare_and_the_shop_with_every_call() -> None:
    order, server = _run(
        Marketplace([order_json()]), lambda c: c.look_up(ORDER), settings=replace(SETTINGS, shop_id=2004)
    )
    assert order.order_id == ORDER
    (request,) = server.requests
    assert request.headers["authorization"] == KEY
    assert request.headers["accept"] == "application/json"
    assert "shop_id=2004" in request.target


@pytest.mark.parametrize(
    "text", [ORDER, "8817455903", "WEB-77", "PDV-5", f" {ORDER} ", "8817455903-a"], ids=lambda text: text
)
def test_order_is_found_by_each_of_its_numbers(text: str) -> None:
    references = {"order_reference_for_customer": "WEB-77", "order_reference_for_seller": "PDV-5"}
    marketplace = Marketplace([order_json(**references)])
    if text == "8817455903-a":
        marketplace.routes["/api/orders"] = _orders(order_json())
    assert _look_up(marketplace, text).order_id == ORDER


def test_second_order_of_a_basket_is_found_by_the_baskets_number() -> None:
    assert _look_up(Marketplace([order_json(order_id="8817455903-B")]), "8817455903").order_id == "8817455903-B"


def test_basket_with_several_orders_names_them() -> None:
    both = [order_json(), order_json(order_id="8817455903-B")]
    with pytest.raises(SeveralOrders) as caught:
        _look_up(Marketplace(both), "8817455903")
    assert caught.value.order_ids == (ORDER, "8817455903-B")
    assert ORDER in caught.value.message
    assert _look_up(Marketplace(both), "8817455903-B").order_id == "8817455903-B"


@pytest.mark.parametrize("text", ["1", "1,2", " "])
def test_unknown_number_is_not_found(text: str) -> None:
    with pytest.raises(OrderNotFound):
        _look_up(Marketplace([order_json()]), text)


@pytest.mark.parametrize("numbers", [("X",), ("X", "Y")])
def test_platform_that_ignores_filters_finds_nothing(numbers: tuple[str, ...]) -> None:
    strangers = _orders(*(order_json(order_id=f"{number}-A", commercial_id=number) for number in numbers))
    with pytest.raises(OrderNotFound):
        _look_up(Marketplace(routes={"/api/orders": strangers}), "8817455903")


def test_order_found_by_a_reference_that_it_does_not_show_is_taken() -> None:
    def only_by_reference(request: Request) -> Answer:
        return _orders(order_json()) if "references_for_customer=WEB-77" in request.target else _orders()

    assert _look_up(Marketplace(routes={"/api/orders": only_by_reference}), "WEB-77").order_id == ORDER


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (_refusal(401), FailureReason.CREDENTIALS),
        (_refusal(403), FailureReason.FORBIDDEN),
        (Answer(429, {"message": "slow down"}, headers=(("Retry-After", "3600"),)), FailureReason.THROTTLED),
        (_refusal(500), FailureReason.SERVER_ERROR),
        (Answer(body=b"<html>", content_type="text/html"), FailureReason.UNREADABLE),
        (DROP, FailureReason.CONNECTION_LOST),
    ],
    ids=["401", "403", "429", "500", "html", "drop"],
)
def test_failed_look_up_says_why(reply: Reply, reason: FailureReason) -> None:
    with pytest.raises(LookupFailed) as caught:
        _look_up(Marketplace(routes={"/api/orders": reply}), ORDER)
    assert caught.value.reason is reason
    assert not isinstance(caught.value, OrderNotFound)
    assert caught.value.retry_after == (3600 if reason is FailureReason.THROTTLED else None)


# --- what other calls know of an order


def test_open_return_of_a_shipped_line_is_seen() -> None:
    lines = [{"order_line_id": LINE, "quantity": 1}]
    returns = Answer(body={"data": [{"id": "ret-1", "state": "IN_PROGRESS", "return_lines": lines}]})
    marketplace = Marketplace([paid_order(paid_line(), paid_line("b"))], {"/api/returns": returns})
    order, server = _run(marketplace, lambda c: c.look_up(ORDER))
    assert order.remote is not None
    assert [line.obstacle for line in order.remote.lines] == [Obstacle.OPEN_RETURN, None]
    assert server.requests[1].target == f"/api/returns?order_line_id={LINE}&order_line_id=b"


def _pages_of_returns(request: Request) -> Answer:
    """Eleven returns of LINE, the oldest first, ten to a page: the last one is open."""
    lines = [{"order_line_id": LINE, "quantity": 1}]
    old = [{"id": f"ret-{number}", "state": "CLOSED", "return_lines": lines} for number in range(10)]
    if "page_token=a%2Fb%3D" in request.target:
        newest = {"id": "ret-11", "rma": "DV-1", "state": "IN_PROGRESS", "return_lines": lines}
        return Answer(body={"data": [newest], "next_page_token": None})
    return Answer(body={"data": old, "next_page_token": "a/b="})


def test_open_return_on_the_second_page_is_seen() -> None:
    order, server = _run(Marketplace([paid_order()], {"/api/returns": _pages_of_returns}), lambda c: c.look_up(ORDER))
    assert order.remote is not None
    assert order.remote.lines[0].obstacle is Obstacle.OPEN_RETURN
    assert server.requests[2].target == f"/api/returns?order_line_id={LINE}&page_token=a%2Fb%3D"


def test_returns_whose_pages_have_no_end_fail() -> None:
    again = Answer(body={"data": [], "next_page_token": "again"})
    with pytest.raises(LookupFailed) as caught:
        _look_up(Marketplace([paid_order()], {"/api/returns": again}), ORDER)
    assert caught.value.reason is FailureReason.TOO_LARGE


@pytest.mark.parametrize(("status", "fails"), [(403, False), (404, False), (429, True), (500, True)])
def test_returns_that_may_not_be_read_are_none_and_failed_ones_fail(status: int, fails: bool) -> None:
    marketplace = Marketplace([paid_order()], {"/api/returns": _refusal(status)})
    if fails:
        with pytest.raises(LookupFailed):
            _look_up(marketplace, ORDER)
    else:
        remote = _look_up(marketplace, ORDER).remote
        assert remote is not None
        assert remote.obstacle is None


def test_order_before_shipment_is_not_asked_for_returns() -> None:
    _, server = _run(Marketplace([order_json()]), lambda c: c.look_up(ORDER))
    assert len(server.requests) == 1


def test_missing_tax_rules_are_asked_for_once_a_day() -> None:
    taxes = [{"code": "ICMS", "amount": 10}]
    rules = Answer(body={"taxes": [{"code": "ICMS", "label": "ICMS", "tax_calculation_rule": "NONE"}]})
    marketplace = Marketplace([order_json(line_json(taxes=taxes))], {"/api/orders/taxes": rules})

    async def twice(connector: MiraklConnector) -> list[Order]:
        return [await connector.look_up(ORDER), await connector.look_up(ORDER)]

    orders, server = _run(marketplace, twice)
    for order in orders:
        assert order.remote is not None
        assert order.remote.lines[0].taxes[0].rule == "NONE"
    assert len([r for r in server.requests if r.path == "/api/orders/taxes"]) == 1


@pytest.mark.parametrize(
    ("reply", "obstacle"),
    [
        (False, Obstacle.FEATURE_OFF),
        (True, None),
        (_refusal(403), None),
    ],
    ids=["off", "on", "not allowed"],
)
def test_direct_payment_asks_whether_shops_may_refund(reply: bool | Answer, obstacle: Obstacle | None) -> None:
    feature = {"direct_payment_customer_store": {"refund_cancel_authorized": reply}}
    answer = reply if isinstance(reply, Answer) else Answer(body={"features": feature})
    marketplace = Marketplace([order_json(customer_directly_pays_seller=True)], {"/api/platform/configuration": answer})
    remote = _look_up(marketplace, ORDER).remote
    assert remote is not None
    assert remote.obstacle is obstacle


# --- from the choice to the verdict and back


@dataclass
class Sent:
    """One leg from its look-up to its read-back."""

    call: Call
    verdict: Verdict
    found: ReadBack
    state: str


def _send(
    before: dict[str, Any],
    after: dict[str, Any],
    path: str,
    reply: Route,
    units: int = 1,
    *,
    settings: RemoteSettings = SETTINGS,
    returns: Route | None = None,
) -> tuple[Sent, ScriptedServer]:
    """Look an order up, send its leg and read it back, with the order changed in between."""
    marketplace = Marketplace([before])

    async def act(connector: MiraklConnector) -> Sent:
        order = await connector.look_up(ORDER)
        (leg,) = connector.plan(order, choice(units, return_id="RET-1"))
        request = connector.serialize(Intent(Kind.RETURN, ORDER, 1, leg=leg, return_id="RET-1"))
        operation = leg_operation()
        operation = replace(operation, baseline=connector.baseline(order, operation))
        marketplace.routes[path] = reply
        verdict = await connector.send(operation, request)
        marketplace.orders = [after]
        if returns is not None:
            marketplace.routes["/api/returns"] = returns
        found = await connector.read_back(operation, request.body)
        operation = replace(operation, evidence_id=found.evidence_id)
        order = await connector.look_up(ORDER)
        return Sent(leg.call, verdict, found, connector.remote_state(order, operation))

    return _run(marketplace, act, settings=settings)


def _made(record_id: str, **changes: Any) -> dict[str, Any]:
    return record_json(record_id, created_date="2099-01-01T00:00:00Z", **changes)


def test_cancelled_line_is_done_by_its_entry() -> None:
    entry = {"cancelation_id": "c-1", **record_json("x"), "order_line_id": LINE}
    reply = Answer(body={"cancelations": [entry], "order_tax_mode": "TAX_INCLUDED"})
    after = order_json(line_json(cancelations=[_made("c-1")]))
    sent, server = _send(order_json(), after, "/api/orders/cancel", reply)
    assert (sent.call, sent.verdict) == (Call.CANCEL_LINE, Done(evidence_id="c-1"))
    assert (sent.found.finding, sent.found.evidence_id) == (Finding.APPLIED, "c-1")
    (put,) = [r for r in server.requests if r.method == "PUT"]
    assert put.headers["content-type"] == "application/json"
    assert b'"amount":49.90' in put.body


def test_lost_answer_is_settled_by_the_new_record() -> None:
    after = order_json(line_json(cancelations=[_made("c-9")]))
    sent, server = _send(order_json(), after, "/api/orders/cancel", DROP)
    assert sent.verdict == Unknown(FailureReason.CONNECTION_LOST)
    assert (sent.found.finding, sent.found.evidence_id) == (Finding.APPLIED, "c-9")
    assert len([r for r in server.requests if r.method == "PUT"]) == 1
    assert "order_tax_mode=TAX_INCLUDED" in next(r.target for r in server.requests[2:])


def test_refund_is_followed_by_its_state() -> None:
    entry = {"refund_id": "r-1", "order_refund_id": "o", **record_json("x", reason_code="15"), "order_line_id": LINE}
    reply = Answer(body={"refunds": [entry], "order_tax_mode": "TAX_INCLUDED"})
    refund = _made("r-1", reason_code="15", refund_state="WAITING_REFUND_PAYMENT")
    sent, _ = _send(paid_order(), paid_order(paid_line(refunds=[refund])), "/api/orders/refund", reply)
    assert (sent.call, sent.verdict) == (Call.REFUND_LINE, Done(evidence_id="r-1"))
    assert (sent.found.finding, sent.state) == (Finding.APPLIED, "WAITING_REFUND_PAYMENT")


def test_whole_order_is_cancelled_without_body_and_proved_by_its_state() -> None:
    after = order_json(line_json(order_line_state="CANCELED"), order_state="CANCELED", can_cancel=False)
    sent, server = _send(order_json(), after, f"/api/orders/{ORDER}/cancel", Answer(204), 2)
    assert (sent.call, sent.verdict, sent.found.finding) == (Call.CANCEL_ORDER, Done(), Finding.APPLIED)
    assert sent.state == "CANCELED"
    (put,) = [r for r in server.requests if r.method == "PUT"]
    assert (put.body, put.headers["content-length"]) == (b"", "0")
    assert "content-type" not in put.headers


def test_return_flow_is_found_again_by_our_number() -> None:
    lines = [{"order_line_id": LINE, "quantity": 1, "reason_code": "RETURN_CHANGED_MIND"}]
    made = {"id": "ret-1", "rma": "RET-1", "order_id": ORDER, "state": "IN_PROGRESS", "return_lines": lines}
    reply = Answer(body={"return_success": [made], "return_errors": []})
    sent, server = _send(
        paid_order(),
        paid_order(),
        "/api/returns",
        reply,
        settings=replace(SETTINGS, by_return_flow=True),
        returns=Answer(body={"data": [made]}),
    )
    assert (sent.call, sent.verdict) == (Call.OPEN_RETURN, Done(evidence_id="ret-1"))
    assert (sent.found.finding, sent.found.evidence_id, sent.state) == (Finding.APPLIED, "ret-1", "IN_PROGRESS")
    assert "/api/returns?return_rma=RET-1" in [r.target for r in server.requests]
    assert not [r for r in server.requests if r.method == "PUT"]


def test_feature_off_is_refused_and_nothing_is_read_as_applied() -> None:
    reply = _refusal(403, "The partial cancelation feature is not enabled")
    sent, _ = _send(order_json(), order_json(), "/api/orders/cancel", reply)
    assert sent.verdict == Refused("feature_off", "The partial cancelation feature is not enabled")
    assert (sent.found.finding, sent.found.may_repeat) == (Finding.ABSENT, False)


def test_order_that_vanished_settles_nothing() -> None:
    async def act(connector: MiraklConnector) -> ReadBack:
        return await connector.read_back(leg_operation(), b"")

    found, _ = _run(Marketplace(), act)
    assert (found.finding, found.order, found.may_repeat) == (Finding.ABSENT, None, False)


def test_failed_reading_settles_nothing() -> None:
    with pytest.raises(LookupFailed):
        _run(Marketplace(routes={"/api/orders": _refusal(500)}), lambda c: c.read_back(leg_operation(), b""))


# --- the shop

SHOP = Answer(body={"shop_id": 2004, "shop_name": "Loja da Ana", "shop_state": "OPEN", "currency_iso_code": "BRL"})
UP = Answer(body=b"", content_type="text/plain")
REASONS = Answer(
    body={
        "reasons": [
            {"code": "34", "label": "Desistência", "type": "CANCELATION", "is_shop_right": True},
            {"code": "SYSTEM_X", "label": "Sistema", "type": "CANCELATION", "is_shop_right": False},
            {"code": "15", "label": "Arrependimento", "type": "REFUND", "is_shop_right": True},
            {"code": "99", "label": "Incidente", "type": "INCIDENT_OPEN", "is_shop_right": True},
        ]
    }
)
WORKING: dict[str, Route] = {"/api/version": UP, "/api/account": SHOP, "/api/reasons": REASONS}


def test_reasons_are_the_shops_own_and_asked_for_once_a_day() -> None:
    async def twice(connector: MiraklConnector) -> tuple[RemoteReason, ...]:
        await connector.reasons()
        return await connector.reasons()

    reasons, server = _run(Marketplace(routes=WORKING), twice)
    assert reasons == (RemoteReason("34", "Desistência", "cancel"), RemoteReason("15", "Arrependimento", "refund"))
    assert len(server.requests) == 1


def test_description_names_the_shop_and_what_its_key_may_not_read() -> None:
    account, server = _run(Marketplace(routes=WORKING), lambda c: c.describe())
    assert account == RemoteAccount("Loja da Ana", "2004", "BRL")
    assert {r.method for r in server.requests} == {"GET"}
    poor = WORKING | {"/api/account": _refusal(403), "/api/reasons": _refusal(403)}
    by_return_flow = replace(SETTINGS, by_return_flow=True)
    account, _ = _run(Marketplace(routes=poor), lambda c: c.describe(), settings=by_return_flow)
    assert (account.name, account.missing) == ("127.0.0.1", ("account", "reasons", "returns"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"/api/account": _refusal(403)}, None),
        ({"/api/account": _refusal(401)}, FailureReason.CREDENTIALS),
        ({"/api/version": _refusal(404)}, FailureReason.UNEXPECTED_STATUS),
        ({"/api/version": _refusal(503)}, FailureReason.THROTTLED),
        ({"/api/account": Answer(body=b"<html>")}, FailureReason.UNREADABLE),
        ({"/api/account": _refusal(403), "/api/orders": _refusal(403)}, FailureReason.FORBIDDEN),
        ({"/api/account": _refusal(403), "/api/orders": Answer(body={})}, FailureReason.UNREADABLE),
    ],
)
def test_verify_proves_platform_key_and_right_to_read(changes: dict[str, Route], reason: FailureReason | None) -> None:
    marketplace = Marketplace(routes=WORKING | changes)
    if reason is None:
        _run(marketplace, lambda c: c.verify())
        return
    with pytest.raises(LookupFailed) as caught:
        _run(marketplace, lambda c: c.verify())
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (_orders(order_json()), ConnectionStatus.ONLINE),
        (_refusal(400), ConnectionStatus.ONLINE),
        (_refusal(403), ConnectionStatus.ONLINE),
        (_refusal(401), ConnectionStatus.CREDENTIALS),
        (_refusal(500), ConnectionStatus.TROUBLE),
        (Answer(body=b"<html>", content_type="text/html"), ConnectionStatus.TROUBLE),
        (DROP, ConnectionStatus.TROUBLE),
    ],
    ids=["200", "400", "403", "401", "500", "html", "drop"],
)
def test_each_call_reports_how_the_connection_is(reply: Reply, status: ConnectionStatus) -> None:
    reports: list[CallReport] = []

    async def act(connector: MiraklConnector) -> None:
        with suppress(LookupFailed):
            await connector.look_up(ORDER)

    _run(Marketplace(routes={"/api/orders": reply}), act, reports=reports)
    assert reports[0].status is status
    assert (reports[0].server_time is None) == isinstance(reply, Drop)


def test_key_in_an_error_page_is_not_shown() -> None:
    with pytest.raises(LookupFailed) as caught:
        _look_up(Marketplace(routes={"/api/orders": _refusal(400, f"Key {KEY} may not")}), ORDER)
    assert KEY not in caught.value.message
    assert "***" in caught.value.message


def test_intent_without_a_leg_is_an_error() -> None:
    async def act(connector: MiraklConnector) -> None:
        connector.serialize(Intent(Kind.RETURN, ORDER, 1))

    with pytest.raises(ValueError, match="incomplete intent"):
        _run(Marketplace(), act)
