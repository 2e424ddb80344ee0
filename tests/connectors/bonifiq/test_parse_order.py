"""Orders and errors parsed from the answer to a look-up."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.bonifiq.classify import parse_order
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound

ORDER = {
    "Id": 77,
    "OriginalId": "1006/B",
    "OrderPlacementDate": "2026-11-20T15:30:05.1234567Z",
    "OrderStatus": "Entregue\n",
    "IsCancelledOrReturned": False,
    "IsCompleted": True,
    "OrderTotal": 129.90,
    "State": 2,
    "Origin": 3,
    "Coupon": None,
    "Customer": {
        "OriginalId": "ana@exemplo.com.br",
        "Name": "Ana Lima",
        "Document": "52998224725",
        "Email": "ana@exemplo.com.br",
        "Phone": "+5511987654321",
        "PointsBalance": 120,
        "BalanceOfPoints": 119,
        "Cashback": 4.509,
        "TierName": "Ouro",
    },
    "Products": [{"OriginalId": "P1", "Title": "Café", "ProductPrice": 129.90}, {"OriginalId": "P2", "Title": None}],
    "Metadatas": [],
    "SomethingNew": {"x": 1},
}
ANA = Customer(
    "ana@exemplo.com.br", "Ana Lima", "52998224725", "ana@exemplo.com.br", "+5511987654321", "Ouro", 120, 450
)


def _read(body: Any, status: int = 200, retry_after: int | None = None) -> Order:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_order(HttpResponse(status, content, retry_after), "1006/B")


def _trouble(body: Any, status: int = 200) -> FailureReason | None:
    with pytest.raises(LookupFailed) as failed:
        _read(body, status)
    assert not isinstance(failed.value, OrderNotFound)
    return failed.value.reason


def test_order_bare_or_in_envelope_is_read() -> None:
    bare = _read(ORDER)
    assert bare == _read({"HasError": False, "Severity": 0, "Result": ORDER}) == _read({"Result": ORDER})
    assert bare == Order(
        order_id="1006/B",
        total=12990,
        state=OrderState.COMPLETED,
        status_text="Entregue",
        placed_at=datetime(2026, 11, 20, 15, 30, 5, 123456, tzinfo=UTC),
        completed=True,
        customer=ANA,
        products=(Product("P1", "Café", 12990), Product("P2", "", None)),
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T15:30:05Z", datetime(2026, 11, 20, 15, 30, 5, tzinfo=UTC)),
        ("2026-11-20T15:30:05.1Z", datetime(2026, 11, 20, 15, 30, 5, 100000, tzinfo=UTC)),
        ("2026-11-20T15:30:05.1234567", datetime(2026, 11, 20, 15, 30, 5, 123456, tzinfo=UTC)),
        ("2026-11-20T12:30:05-03:00", datetime(2026, 11, 20, 12, 30, 5, tzinfo=timezone(timedelta(hours=-3)))),
        ("1990-05-01", datetime(1990, 5, 1, tzinfo=UTC)),
        *(("0001-01-01T00:00:00+14:00", None), ("9999-12-31T23:59:59-12:00", None)),
        *(("", None), ("20/11/2026", None), ("2026-13-01T00:00:00Z", None), ("0001", None)),
        *((5, None), (True, None), (None, None), ([], None)),
    ],
)
def test_order_date_with_any_fraction_or_offset_is_read(text: Any, moment: datetime | None) -> None:
    assert _read({**ORDER, "OrderPlacementDate": text}).placed_at == moment


@pytest.mark.parametrize(
    ("changes", "cancelled"),
    [
        ({}, False),
        ({"IsCancelledOrReturned": True}, True),
        ({"State": 3}, True),
        ({"IsCancelledOrReturned": None, "State": None}, False),
        ({"IsCancelledOrReturned": None, "State": ""}, False),
        *(
            ({"IsCancelledOrReturned": flag, "State": state}, True)
            for flag in (None, False)
            for state in ("Cancelled", "cancelled", "CANCELED", "Returned", "3")
        ),
        *(
            ({"IsCancelledOrReturned": flag, "State": state, "OrderCancelledDate": "2026-11-20T10:00:00Z"}, True)
            for flag, state in ((None, None), (False, 2), (None, "Completed"))
        ),
        *(
            ({"IsCancelledOrReturned": None, "State": None, "OrderCancelledDate": date}, False)
            for date in (None, "", "0001-01-01T00:00:00", "1900-01-01T00:00:00Z", "1970-01-01T00:00:00Z")
        ),
    ],
)
def test_order_is_cancelled_by_flag_state_or_date(changes: dict[str, Any], *, cancelled: bool) -> None:
    assert _read({**ORDER, **changes}).cancelled is cancelled


@pytest.mark.parametrize("state", [None, 9, -1, "9", "Faturado", "", True, [], {}])
def test_unknown_state_is_read_as_none(state: Any) -> None:
    assert _read({**ORDER, "State": state}).state is None


@pytest.mark.parametrize("state", [9, "Faturado", True, [], {}])
def test_unknown_state_without_cancelled_flag_is_unreadable(state: Any) -> None:
    assert _trouble({**ORDER, "IsCancelledOrReturned": None, "State": state}) is FailureReason.UNREADABLE


@pytest.mark.parametrize(("state", "name"), [("Completed", OrderState.COMPLETED), ("2", OrderState.COMPLETED)])
def test_state_as_number_or_name_is_read(state: str, name: OrderState) -> None:
    assert _read({**ORDER, "State": state}).state is name


@pytest.mark.parametrize("flag", ["true", "false", 1, 0, [], {}])
def test_malformed_cancelled_flag_is_unreadable(flag: Any) -> None:
    assert _trouble({**ORDER, "IsCancelledOrReturned": flag}) is FailureReason.UNREADABLE


@pytest.mark.parametrize(
    "words",
    [
        {"HasError": False, "ErrorMessage": None},
        {"CodeName": None},
        {"HasError": False, "Severity": 0, "HasWarning": False, "ErrorCode": None, "Code": None, "CodeName": None},
        {"Severity": 1, "HasWarning": True, "ErrorMessage": "Atenção"},
    ],
)
def test_flat_order_with_envelope_fields_is_read(words: dict[str, Any]) -> None:
    assert _read({**ORDER, **words}) == _read(ORDER)


def test_flat_order_with_refusing_envelope_fields_fails() -> None:
    assert _trouble({**ORDER, "HasError": True, "ErrorMessage": "Não"}) is None


def test_missing_order_fields_are_empty() -> None:
    assert _read({"OrderTotal": 10}) == Order("1006/B", 1000)
    assert _read({"OrderTotal": 10, "Customer": {"BalanceOfPoints": 7}}).customer == Customer(points=7)


def test_order_other_than_requested_keeps_its_own_id() -> None:
    assert _read({**ORDER, "OriginalId": "77"}).order_id == "77"


@pytest.mark.parametrize("total", [None, "129.90", True, [], {}])
def test_order_with_unreadable_total_is_unreadable(total: Any) -> None:
    assert _trouble({**ORDER, "OrderTotal": total}) is FailureReason.UNREADABLE


@pytest.mark.parametrize("total", [b"NaN", b"1e999999", b"1e14", b"-1e999999", b"9" * 5000])
def test_order_with_impossible_total_is_unreadable(total: bytes) -> None:
    assert _trouble(b'{"OriginalId":"1006/B","OrderTotal":' + total + b"}") is FailureReason.UNREADABLE


def test_order_with_missing_total_is_unreadable() -> None:
    assert _trouble({"OriginalId": "1006/B"}) is FailureReason.UNREADABLE
    assert _trouble({"HasError": False, "Result": {}}) is FailureReason.UNREADABLE
    assert _trouble({}) is FailureReason.UNREADABLE


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (204, b""),
        (200, b"null"),
        (200, b" null\n"),
        (404, b"Order not found"),
        (404, "Pedido 1006/B não encontrado.".encode("latin-1")),
        (404, b'"Pedido nao encontrado"'),
        (404, '{"Message":"Pedido não encontrado."}'.encode()),
        (404, b'{"HasError":true,"Severity":2,"CodeName":"OrderNotFound","ErrorMessage":"Nada"}'),
        (200, b'{"HasError":false,"Result":null}'),
        (200, b'{"HasError":false,"HasWarning":true,"Severity":1,"Result":null}'),
        (200, b'{"HasError":true,"CodeName":"OrderNotFound","Result":null}'),
        (400, b'{"HasError":true,"Severity":2,"CodeName":"ORDER_NOT_FOUND"}'),
        (200, '{"HasError":true,"ErrorMessage":"Pedido não encontrado."}'.encode()),
        (200, b'{"HasError":true,"ErrorMessage":"Pedido inexistente"}'),
        (200, b'{"HasError":true,"ErrorMessage":"The order does not exist"}'),
    ],
)
def test_not_found_answer_in_any_form_raises_order_not_found(status: int, body: bytes) -> None:
    with pytest.raises(OrderNotFound) as failed:
        _read(body, status)
    assert failed.value.reason is None


GATEWAY = "No HTTP resource was found that matches the request URI 'http://x/v1/pvt/Order/1006%2FB'."


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" \n", b"{}", b"[]", b"null", b'{"message":"Not Found"}', b"Not Found", b"Route not found", b"<html>"),
        *(b"order service not found", b"Order not found here, ask the shop", b"Pedido 77 nao encontrado", b'"x"'),
        *(b'{"HasError":false,"Result":null}', b'{"Result":null}', b'{"OriginalId":"1006/B","OrderTotal":10}'),
        *(json.dumps({"Message": text}).encode() for text in (GATEWAY, "Cliente não encontrado", "Not Found")),
        b'{"title":"Not Found","status":404,"detail":"Order not found"}',
    ],
)
def test_404_of_other_origin_is_unreadable(body: bytes) -> None:
    assert _trouble(body, 404) is FailureReason.UNREADABLE


@pytest.mark.parametrize(
    ("message", "code_name"),
    [
        *(("Cliente não encontrado", "CustomerNotFound"), ("Recompensa não encontrada", "RewardNotFound")),
        *(("Não encontrado", "NotFound"), ("Nada", None), ("", "CustomerNotFound"), ("Not found", None)),
        *(("Pedido não encontrado", "CustomerNotFound"), ("Cliente não encontrado", "OrderNotFound")),
        *(("Cliente do pedido não encontrado", None), ("Order status not found", None), (GATEWAY, "NotFound")),
        *(("Pedido encontrado", None), ("Pedido não encontrado para este cliente", None)),
        *(("O pedido existe, mas não pode ser encontrado o cliente", None), ("Order 77 not found", None)),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404])
def test_not_found_text_about_other_thing_is_not_order_not_found(
    message: str, code_name: str | None, status: int
) -> None:
    body = {"HasError": True, "Severity": 2, "ErrorMessage": message, "CodeName": code_name, "Result": None}
    assert _trouble(body, status) is None
    warning = {"HasError": False, "Severity": 1, "ErrorMessage": message, "CodeName": code_name, "Result": None}
    assert _trouble(warning) is None


@pytest.mark.parametrize("status", [200, 400, 409])
def test_refused_lookup_for_other_reason_keeps_its_message(status: int) -> None:
    body = {"HasError": True, "Severity": 2, "ErrorMessage": "Erro ao consultar", "Result": None}
    with pytest.raises(LookupFailed) as failed:
        _read(body, status)
    assert not isinstance(failed.value, OrderNotFound)
    assert (failed.value.reason, failed.value.message) == (None, "Erro ao consultar")


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (404, b"<html>Not Found</html>", FailureReason.UNREADABLE),
        (200, b"", FailureReason.UNREADABLE),
        (200, b"<html>Login</html>", FailureReason.UNREADABLE),
        (200, b"[]", FailureReason.UNREADABLE),
        (200, b'{"Result":[]}', FailureReason.UNREADABLE),
        (400, b"{}", FailureReason.UNEXPECTED_STATUS),
        (302, b"", FailureReason.REDIRECTED),
        (401, b"", FailureReason.CREDENTIALS),
        (403, b"{}", FailureReason.CREDENTIALS),
        (429, b"", FailureReason.THROTTLED),
        (500, b"{}", FailureReason.SERVER_ERROR),
        (503, b"", FailureReason.THROTTLED),
    ],
)
def test_failed_lookup_has_reason_of_its_status_and_body(status: int, body: bytes, trouble: FailureReason) -> None:
    assert _trouble(body, status) is trouble


def test_failed_lookup_keeps_transport_reason_and_retry_after() -> None:
    with pytest.raises(LookupFailed) as failed:
        parse_order(TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True), "A-1")
    assert failed.value.reason is FailureReason.TIMED_OUT
    with pytest.raises(LookupFailed) as failed:
        _read(b"", 429, retry_after=30)
    assert failed.value.retry_after == 30


def test_error_of_unreadable_answer_does_not_quote_it() -> None:
    with pytest.raises(LookupFailed) as failed:
        _read({**ORDER, "OrderTotal": "52998224725"})
    cause = failed.value.__cause__
    assert "52998224725" not in f"{failed.value} {cause}"


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(ORDER, json_values)), st.integers(100, 599))
def test_any_json_lookup_answer_gives_order_or_lookup_failed(body: dict[str, Any], status: int) -> None:
    try:
        order = _read(body, status)
    except LookupFailed:
        return
    assert isinstance(order.total, int)
    assert status // 100 == 2
