"""The API over a real connection."""

from __future__ import annotations

import base64
import socket
from typing import Any, Literal

import httpx
import pytest

from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS
from bonifiq_desktop.training_server.json_codec import read_json
from bonifiq_desktop.training_server.loyalty_service import SERVICE_OPTIONS
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import SALE, client

REFUND_PATHS = ["/v1/pvt/POS/{}/partialcancel", "/v1/pvt/Order/{}/partialcancel"]
CANCEL_PATHS = ["/v1/pvt/POS/orders/{}/cancel", "/v1/pvt/Order/{}/cancel"]


def post_raw(http: httpx.Client, path: str, body: bytes, media_type: str = "application/json") -> httpx.Response:
    return http.post(path, content=body, headers={"content-type": media_type})


def test_lookup_answers_the_bare_order_with_exact_amounts(http: httpx.Client) -> None:
    answer = http.get("/v1/pvt/Order/1001")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert b'"OrderTotal":129.90,' in answer.content
    assert b'"ProductPrice":49.90}' in answer.content
    body = answer.json()
    assert "Result" not in body
    assert (body["OriginalId"], body["State"], body["IsCancelledOrReturned"]) == ("1001", 2, False)
    assert body["Customer"]["Document"] == "52998224725"
    assert body["Customer"]["PointsBalance"] == body["Customer"]["BalanceOfPoints"] == 671


def test_amounts_that_no_float_holds_stay_exact(http: httpx.Client, server: TrainingServer) -> None:
    sent = b'{"ValueToRefund":0.07,"CancelKey":"K"}'
    answer = post_raw(http, "/v1/pvt/POS/1010/partialcancel", sent)
    assert answer.json()["HasError"] is False
    assert server.service.applied[0].cents == 7
    assert b'"OrderTotal":12345.67,' in http.get("/v1/pvt/Order/1011").content


@pytest.mark.parametrize("path", REFUND_PATHS)
def test_refund_on_both_paths_is_applied(http: httpx.Client, server: TrainingServer, path: str) -> None:
    body = http.post(path.format("1001"), json={"ValueToRefund": 49.9, "CancelKey": "K"}).json()
    assert (body["Severity"], body["HasError"], body["ErrorMessage"]) == (0, False, None)
    assert body["Result"]["isCanceled"] is False
    assert body["Result"]["Status"] == 3
    assert body["Result"]["UpdatedAt"].endswith("Z")
    assert [(entry.kind, entry.order_id, entry.key, entry.cents) for entry in server.service.applied] == [
        ("refund", "1001", "K", 4990)
    ]


@pytest.mark.parametrize("path", CANCEL_PATHS)
def test_cancel_on_both_paths_cancels_the_order(http: httpx.Client, server: TrainingServer, path: str) -> None:
    body = http.post(path.format("1001"), json={"OrderCancelledDate": "2025-03-15T10:00:00-03:00"}).json()
    assert (body["Result"]["isCanceled"], body["Result"]["Status"]) == (True, 4)
    order = http.get("/v1/pvt/Order/1001").json()
    assert (order["IsCancelledOrReturned"], order["State"]) == (True, 3)
    assert order["OrderCancelledDate"] == "2025-03-15T13:00:00.0000000Z"


def test_pos_sale_answers_order_and_estimated_bonus(http: httpx.Client) -> None:
    answer = http.post("/v1/pvt/POS/orders", json=SALE)
    assert b'"EstimatedCashback":4.50,' in answer.content
    result = answer.json()["Result"]
    assert (result["OriginalId"], result["Origin"], result["State"]) == ("2001", 3, 2)
    assert result["TenantSalesman"] == {"OriginalId": "7", "Name": "Bia"}
    assert result["Metadatas"][0]["Name"] == "caixa"
    assert result["EstimatedBonus"] == {
        "GenerateBonus": True,
        "EstimatedPoints": 90,
        "EstimatedCashback": 4.5,
        "EstimatedCashbackFormatted": "R$\N{NO-BREAK SPACE}4,50",
    }


def test_general_sale_answers_without_bonus(http: httpx.Client) -> None:
    result = http.post("/v1/pvt/Order", json=SALE).json()["Result"]
    assert result["Origin"] == 1
    assert "EstimatedBonus" not in result


def test_lookup_after_sale_and_refund_shows_new_balance(http: httpx.Client) -> None:
    def points() -> int:
        return int(http.get("/v1/pvt/Order/1001").json()["Customer"]["PointsBalance"])

    start = points()
    http.post("/v1/pvt/POS/orders", json=SALE)
    assert points() == start + 90
    http.post("/v1/pvt/POS/2001/partialcancel", json={"ValueToRefund": 40, "CancelKey": "K"})
    assert points() == start + 50


@pytest.mark.parametrize(("shows", "total"), [(False, b'"OrderTotal":129.90,'), (True, b'"OrderTotal":80.00,')])
def test_lookup_shows_earlier_refunds_by_option(
    http: httpx.Client, server: TrainingServer, shows: bool, total: bytes
) -> None:
    server.service.shows_refunds = shows
    http.post("/v1/pvt/POS/1001/partialcancel", json={"ValueToRefund": 49.9, "CancelKey": "K"})
    assert total in http.get("/v1/pvt/Order/1001").content


@pytest.mark.parametrize("path", [*REFUND_PATHS, *CANCEL_PATHS])
def test_encoded_order_id_with_slash_is_one_id(http: httpx.Client, server: TrainingServer, path: str) -> None:
    body = (
        {"ValueToRefund": 1, "CancelKey": "K"} if "partial" in path else {"OrderCancelledDate": "2025-03-15T10:00:00Z"}
    )
    assert http.get("/v1/pvt/Order/1006%2FB").json()["OriginalId"] == "1006/B"
    assert http.post(path.format("1006%2FB"), json=body).json()["HasError"] is False
    assert server.service.applied[0].order_id == "1006/B"
    assert http.post(path.format("1006/B"), json=body).status_code == 404
    assert len(server.service.applied) == 1


@pytest.mark.parametrize("order_id", ["ã/é ?#%&+", "100%25", "\N{NO-BREAK SPACE}", "日本", "a\nb"])
def test_order_with_any_id_is_found_again(http: httpx.Client, order_id: str) -> None:
    http.post("/v1/pvt/POS/orders", json={**SALE, "OriginalId": order_id})
    encoded = "".join(f"%{byte:02X}" for byte in order_id.encode())
    assert http.get(f"/v1/pvt/Order/{encoded}").json()["OriginalId"] == order_id


def test_unknown_order_gives_404_to_lookup_and_refusal_to_refund(http: httpx.Client) -> None:
    missing = http.get("/v1/pvt/Order/9999")
    assert missing.status_code == 404
    assert missing.json()["CodeName"] == "OrderNotFound"
    refusal = http.post("/v1/pvt/POS/9999/partialcancel", json={"ValueToRefund": 1, "CancelKey": "K"})
    body = refusal.json()
    assert (refusal.status_code, body["HasError"], body["Severity"], body["Result"]) == (200, True, 2, None)
    assert body["CodeName"] == "OrderNotFound"


@pytest.mark.parametrize(
    ("form", "status", "expected"),
    [
        ("envelope", 200, {"HasError": True, "Severity": 2}),
        ("envelope", 400, {"HasError": True, "Severity": 2}),
        ("details", 400, {"HasError": False, "Severity": 0}),
        ("status", 400, {"HasError": False, "Severity": 0}),
    ],
)
def test_refusal_form_sets_the_form_of_a_refusal(
    http: httpx.Client, server: TrainingServer, form: Any, status: Literal[200, 400], expected: dict[str, Any]
) -> None:
    server.faults.refusal_form, server.faults.refusal_status = form, status
    answer = http.post("/v1/pvt/POS/1001/partialcancel", json={"ValueToRefund": 130, "CancelKey": "K"})
    body = answer.json()
    assert expected.items() <= body.items()
    assert answer.status_code == (status if form == "envelope" else 200)
    if form == "details":
        details = body["Result"]["RefundErrorDetails"]
        assert (details["Code"], details["Field"]) == ("ValueAboveRemaining", "ValueToRefund")
        assert b'"ExpectedValue":129.90,"ActualValue":130.00' in answer.content
    if form == "status":
        assert body["Result"]["Status"] == 1
        assert "RefundErrorDetails" not in body["Result"]
    assert server.service.applied == []


@pytest.mark.parametrize("form", ["details", "status"])
def test_refused_sale_is_always_an_envelope(http: httpx.Client, server: TrainingServer, form: Any) -> None:
    server.faults.refusal_form = form
    body = http.post("/v1/pvt/POS/orders", json={**SALE, "OrderTotal": 9.999}).json()
    assert (body["HasError"], body["Result"], body["CodeName"]) == (True, None, "InvalidValue")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"CancelKey":"K"}', "ValueToRefund"),
        (b'{"ValueToRefund":1,"CancelKey":""}', "CancelKey"),
        (b'{"ValueToRefund":"1.00","CancelKey":"K"}', "ValueToRefund"),
        (b'{"ValueToRefund":0,"CancelKey":"K"}', "ValueToRefund"),
        (b'{"ValueToRefund":true,"CancelKey":"K"}', "ValueToRefund"),
        (b'{"valueToRefund":1,"ValueToRefund":1,"CancelKey":"K"}', "valueToRefund"),
        (b'{"ValueToRefund":1,"CancelKey":"K","Reason":"x"}', "Reason"),
        (b'{"ValueToRefund":1,"CancelKey":"K","Products":[{"OriginalId":"A"}]}', "Products.0.ValueToRefund"),
        (b"[]", "corpo"),
    ],
)
def test_body_outside_the_contract_is_refused_with_field_name(
    http: httpx.Client, server: TrainingServer, body: bytes, field: str
) -> None:
    answer = post_raw(http, "/v1/pvt/POS/1001/partialcancel", body)
    said = answer.json()
    assert (answer.status_code, said["HasError"], said["Severity"]) == (400, True, 2)
    assert said["CodeName"] == ("INVALID_REFUND" if b":0," in body else "InvalidRequest")
    assert field in said["ErrorMessage"]
    assert server.service.applied == []


def test_refusal_does_not_quote_personal_data(http: httpx.Client) -> None:
    customer = {"OriginalId": "52998224725", "Document": ["529.982.247-25"], "Email": 5, "Name": None}
    said = http.post("/v1/pvt/POS/orders", json={**SALE, "Customer": customer}).text
    assert "529" not in said


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"ValueToRefund":1,"ValueToRefund":100,"CancelKey":"K"}',
        b'{"ValueToRefund":NaN,"CancelKey":"K"}',
        b'{"ValueToRefund":1e400,"CancelKey":"K"}x',
        b"[" * 50_000,
    ],
)
def test_doubtful_json_is_refused_and_applies_nothing(http: httpx.Client, server: TrainingServer, body: bytes) -> None:
    answer = post_raw(http, "/v1/pvt/POS/1001/partialcancel", body)
    assert (answer.status_code, answer.json()["HasError"]) == (400, True)
    assert server.service.applied == []


def test_huge_numbers_and_bodies_are_refused_quickly(http: httpx.Client, server: TrainingServer) -> None:
    number = post_raw(http, "/v1/pvt/POS/1001/partialcancel", b'{"ValueToRefund":1e999999999,"CancelKey":"K"}')
    assert number.json()["CodeName"] == "INVALID_REFUND"
    large = post_raw(http, "/v1/pvt/POS/1001/partialcancel", b" " * (2 << 20))
    assert large.status_code == 413
    assert server.service.applied == []


def test_endless_body_is_refused_with_413(server: TrainingServer) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5) as line:
        line.sendall(b"POST /v1/pvt/POS/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        line.sendall(b" " * (1_200_000))
        assert line.recv(12) == b"HTTP/1.1 413"


def test_body_of_other_media_type_is_refused(http: httpx.Client, server: TrainingServer) -> None:
    body = b'{"ValueToRefund":1,"CancelKey":"K"}'
    assert post_raw(http, "/v1/pvt/POS/1001/partialcancel", body, "text/plain").status_code == 415
    assert server.service.applied == []
    answer = post_raw(http, "/v1/pvt/POS/1001/partialcancel", body, "Application/JSON; charset=utf-8")
    assert answer.json()["HasError"] is False


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Basic",
        "Basic ***",
        "Basic é",
        "Bearer abc",
        "Basic " + base64.b64encode(b"training:wrong").decode(),
        "Basic " + base64.b64encode(b":").decode(),
        "Basic " + base64.b64encode(b"\xff\x00").decode(),
    ],
)
@pytest.mark.parametrize("path", ["/v1/pvt/Order/1001", "/training/state", "/nowhere"])
def test_wrong_credentials_are_refused(server: TrainingServer, authorization: str | None, path: str) -> None:
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    with client(server, known=False) as http:
        answer = http.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("wrong", ["token", "key", "both", "shorter", "longer"])
def test_half_of_the_credentials_is_refused(server: TrainingServer, wrong: str) -> None:
    token, key = server.token, server.key
    pair = {
        "token": ("x" + token[1:], key),
        "key": (token, "x" * len(key)),
        "both": ("x", "y"),
        "shorter": (token, key[:-1]),
        "longer": (token, key + "x"),
    }[wrong]
    with client(server, known=False) as http:
        assert http.get("/v1/pvt/Order/1001", auth=pair).status_code == 401
        assert http.get("/v1/pvt/Order/1001", auth=(token, key)).status_code == 200


def test_wrong_method_or_path_is_refused_without_redirect(http: httpx.Client) -> None:
    wrong = http.delete("/v1/pvt/Order/1001")
    assert wrong.status_code == 405
    assert set(wrong.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert http.get("/v1/pvt/POS/orders").status_code == 405
    for path in ("/", "/v1/pvt/Order/1001/", "/v1/pvt/order/1001", "/v1/pvt/Order/", "/v1/pvt/Order/%FF"):
        assert http.get(path).status_code == 404, path
    assert http.post("/v1/pvt/Order/%FF/cancel", json={"OrderCancelledDate": "2025-01-01T00:00:00Z"}).is_client_error


def test_calls_are_logged_in_order_without_credentials(http: httpx.Client, server: TrainingServer) -> None:
    sent = b'{ "ValueToRefund": 49.90, "CancelKey": "K" }'
    post_raw(http, "/v1/pvt/POS/1006%2FB/partialcancel", sent)
    http.get("/v1/pvt/Order/1001")
    http.get("/training/state")
    first, second = server.service.requests
    assert (first.number, first.method, first.path, first.body) == (
        1,
        "POST",
        "/v1/pvt/POS/1006%2FB/partialcancel",
        sent,
    )
    assert (second.number, second.path) == (2, "/v1/pvt/Order/1001")
    names = {name for name, _ in first.headers}
    assert "content-type" in names
    assert "authorization" not in names
    assert server.key not in repr(server.service.requests)


def test_admin_paths_show_the_state_and_change_settings(http: httpx.Client, server: TrainingServer) -> None:
    http.post("/v1/pvt/POS/1001/partialcancel", json={"ValueToRefund": 49.9, "CancelKey": "K"})
    wanted = {name: values[-1] for name, values in (ANSWER_FORMS | SERVICE_OPTIONS | REWARD_OPTIONS).items()}
    assert wanted != http.post("/training/settings", json={}).json()
    assert http.post("/training/settings", json=wanted).json() == wanted
    assert {name: getattr(server.service, name) for name in SERVICE_OPTIONS}.items() <= wanted.items()
    assert {name: getattr(server.service.rewards, name) for name in REWARD_OPTIONS}.items() <= wanted.items()
    assert {name: getattr(server.faults, name) for name in ANSWER_FORMS}.items() <= wanted.items()
    state = read_json(http.get("/training/state").content)
    assert state["settings"] == wanted
    assert state["counts"] == {"refund": 1}
    assert [(entry["order_id"], entry["key"], str(entry["value"])) for entry in state["applied"]] == [
        ("1001", "K", "49.90")
    ]
    order = next(entry for entry in state["orders"] if entry["order_id"] == "1001")
    assert [str(order[name]) for name in ("total", "refunded", "remaining")] == ["129.90", "49.90", "80.00"]
    assert "52998224725" not in http.get("/training/state").text


@pytest.mark.parametrize(
    "body", [[], {"nonsense": 1}, {"key_used_form": "loud"}, {"shows_refunds": 1}, {"refund_status": False}]
)
def test_unknown_settings_change_nothing(http: httpx.Client, server: TrainingServer, body: Any) -> None:
    mixed = {"refusal_status": 400, **body} if isinstance(body, dict) else body
    assert http.post("/training/settings", json=mixed).status_code == 400
    assert server.faults.refusal_status == 200


def test_balance_of_unknown_customer_is_zero(http: httpx.Client) -> None:
    answer = http.get("/v1/pvt/Customer/ninguem%40exemplo.invalid/points")
    assert (answer.status_code, answer.json()["CustomerExists"]) == (200, False)
    known = http.get("/v1/pvt/Customer/maria.santos%40exemplo.com.br/points")
    assert known.json()["CustomerExists"] is True
