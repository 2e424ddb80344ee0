"""Hostile answers and order numbers: texts stay short and visible, order numbers stay in their path segment."""

import asyncio
import json
import unicodedata
from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, parse_order
from bonifiq_desktop.connectors.bonifiq.requests import cancel_path, order_path, refund_path
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResponse, HttpResult
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order, OrderIdError, Product, read_order_id
from bonifiq_desktop.domain.text import is_plain
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, Refused, Unknown
from bonifiq_desktop.security.credentials import Credentials
from tests.support.loopback import answer, answering, client_of

HIDDEN = "\u202eevil\u2066\u200b\x1b[2J\r\n\u2028x\x00"
anything = st.text(st.characters(), max_size=120)
near_misses = st.text(st.sampled_from("./\\%2eEfF?#;:@&= ~a\u2025\uff0e\uff0f"), max_size=12)


def _path_on_the_wire(path: str) -> bytes:
    return httpx.Request("GET", f"https://exemplo.com.br/base{path}").url.raw_path


@given(anything | near_misses)
def test_random_order_number_stays_one_path_segment_or_is_refused(text: str) -> None:
    try:
        order_id = read_order_id(text)
    except OrderIdError:
        return
    segment = quote(order_id.encode(), safe="").encode()
    assert not {b"/", b"?", b"#", b"."} & {segment} or order_id == "..."
    for path, begin, end in (
        (order_path(order_id), b"/base/v1/pvt/Order/", b""),
        (refund_path(order_id, family="POS"), b"/base/v1/pvt/POS/", b"/partialcancel"),
        (refund_path(order_id, family="Order"), b"/base/v1/pvt/Order/", b"/partialcancel"),
        (cancel_path(order_id, family="POS"), b"/base/v1/pvt/POS/orders/", b"/cancel"),
        (cancel_path(order_id, family="Order"), b"/base/v1/pvt/Order/", b"/cancel"),
    ):
        assert _path_on_the_wire(path) == begin + segment + end
        assert urlsplit(path).path == path


def test_server_receives_the_quoted_order_number() -> None:
    hard = ["..%2f..", "%2e%2e", "%2E", "a;b=c", "\\..\\", "\uff0e\uff0e\uff0f", "a&b=c+d", "~", "...", "%", "%%41"]
    server = answering(answer(b"{}"))

    async def ask() -> None:
        async with server.listening(), client_of(server.url) as client:
            for order_id in hard:
                await client.get(order_path(order_id))

    asyncio.run(ask())
    lines = [request.split(b"\r\n")[0] for request in server.requests]
    assert lines == [f"GET /v1/pvt/Order/{quote(order_id, safe='')} HTTP/1.1".encode() for order_id in hard]


def _read(body: Any) -> Order:
    return parse_order(HttpResponse(200, json.dumps(body).encode()), "1006")


def _texts_of(order: Order) -> list[str]:
    customer = order.customer
    assert customer is not None
    texts = [order.order_id, order.status_text, order.coupon]
    texts += [customer.customer_id, customer.name, customer.document, customer.email, customer.phone, customer.tier]
    return texts + [text for product in order.products for text in (product.product_id, product.title)]


@given(st.text(st.characters(), max_size=2000) | st.just(HIDDEN))
def test_order_texts_hold_no_invisible_characters(text: str) -> None:
    names = ("OriginalId", "Name", "Document", "Email", "Phone", "TierName")
    order = _read(
        {
            "OriginalId": text,
            "OrderTotal": 10,
            "OrderStatus": text,
            "Coupon": text,
            "Customer": dict.fromkeys(names, text),
            "Products": [{"OriginalId": text, "Title": text}],
        }
    )
    for shown in _texts_of(order):
        assert is_plain(shown)
        assert len(shown) <= 1000
        assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_order_number_with_hidden_character_is_another_order() -> None:
    assert _read({"OriginalId": "1006\u200b", "OrderTotal": 10}).order_id == "1006\ufffd"
    assert _read({"OriginalId": " 1006\n", "OrderTotal": 10}).order_id == "1006"
    done = {"HasError": False, "Result": {"isCanceled": True, "OriginalId": "1006\u2060"}}
    assert _judge(done) == Unknown(FailureReason.WRONG_ORDER)


def _judge(body: Any, kind: Kind = Kind.REFUND) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return classify_answer(kind, HttpResponse(200, content), order_id="1006", cancel_key="K")


def test_refusal_message_and_code_are_plain_text() -> None:
    refused = _judge({"HasError": True, "ErrorMessage": f"Valor {HIDDEN}", "CodeName": HIDDEN})
    assert isinstance(refused, Refused)
    assert refused.message == "Valor evil [2J x"
    assert is_plain(refused.code)


DEEP = b'{"a":' * 40 + b"1" + b"}" * 40


@pytest.mark.parametrize(
    "rest",
    [
        b',"HasError":true',
        b',"X":' + DEEP,
        b',"X":[' + b"[" * 40 + b"]" * 40 + b"]",
        b',"X":NaN',
        b',"X":-Infinity',
        b',"X":' + b"9" * 100,
        b',"X":0.' + b"3" * 100,
        b',"X":{"a":1,"a":2}',
    ],
)
def test_ambiguous_json_answer_is_unreadable(rest: bytes) -> None:
    for said in (b'{"HasError":false,"Result":{"isCanceled":true}', b'{"HasError":true,"ErrorMessage":"no"'):
        assert not isinstance(_judge(said + b"}"), Unknown)
        assert _judge(said + rest + b"}") == Unknown(FailureReason.UNREADABLE)
    with pytest.raises(LookupFailed) as failed:
        parse_order(HttpResponse(200, b'{"OriginalId":"1006","HasError":false,"OrderTotal":10' + rest + b"}"), "1006")
    assert failed.value.reason is FailureReason.UNREADABLE


@pytest.mark.parametrize("points", [10**16, -(10**16), 10**63])
def test_impossible_points_balance_is_dropped(points: int) -> None:
    bonus = {"HasError": False, "Result": {"OriginalId": "1006", "EstimatedBonus": {"EstimatedPoints": points}}}
    assert _judge(bonus, Kind.SALE) == Done(bonus=None)
    customer = _read({"OrderTotal": 10, "Customer": {"PointsBalance": points}}).customer
    assert customer is not None
    assert customer.points is None


def test_order_of_over_1000_items_is_read_without_them() -> None:
    assert _read({"OrderTotal": 10, "Products": [{}] * 1000}).products == (Product("", "", None),) * 1000
    assert _read({"OrderTotal": 10, "Products": [{}] * 1001}) == Order("1006", 1000)


def test_ordinary_refund_answer_is_done() -> None:
    assert _judge({"HasError": False, "Result": {"isCanceled": True}}) == Done()


TOKEN, KEY = "token-9f2c/ação", 'key+"quoted"/9f2c=='


def test_credentials_repeated_in_an_answer_are_masked_in_any_encoding() -> None:
    pair = f"{TOKEN}:{KEY}"
    told = {
        "Errors": [{"Message": f"{pair} is wrong"}, {"Message": quote(KEY, safe="")}],
        "Header": f"Basic {b64encode(pair.encode()).decode()}",
    }
    bodies = [json.dumps(told), json.dumps(told, ensure_ascii=False), json.dumps(told).replace("/", "\\/"), pair]
    for body in bodies:
        seen = asyncio.run(_ask_with(Credentials(TOKEN, KEY), answer(body.encode(), status="500 Oops")))
        assert isinstance(seen, HttpResponse)
        assert b"***" in seen.body
        for part in (b"9f2c", b64encode(pair.encode()), b"quoted"):
            assert part not in seen.body


async def _ask_with(pair: Credentials, raw: bytes) -> HttpResult:
    server = answering(raw)
    async with server.listening():
        client = HttpClient(server.url, pair)
        try:
            return await client.get("/v1/pvt/Order/1001")
        finally:
            await client.aclose()
