"""Faults with truncated, oversized and wrong answers, and with late or repeated delivery."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
import pytest

from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.listener import TrainingServerError
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, SALE, client, refund


def applied(server: TrainingServer) -> list[str]:
    return [entry.kind for entry in server.service.applied]


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def port_of(server: TrainingServer) -> int:
    return int(server.url.rpartition(":")[2])


@pytest.mark.parametrize("name", ["reset_midway", "cut_with_length"])
def test_cut_answer_breaks_off_after_applying(http: httpx.Client, server: TrainingServer, name: FaultName) -> None:
    server.faults.add(name)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        refund(http)
    assert applied(server) == ["refund"]


def test_cut_answer_without_length_looks_complete(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("cut_without_length")
    answer = refund(http)
    assert (answer.status_code, answer.content[:1]) == (200, b"{")
    assert "content-length" not in answer.headers
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert applied(server) == ["refund"]


def test_empty_or_null_result_answer_comes_after_applying(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("empty")
    empty = refund(http, "A")
    assert (empty.status_code, empty.content) == (200, b"")
    server.faults.add("null_result")
    body = refund(http, "B").json()
    assert (body["HasError"], body["Result"]) == (False, None)
    assert applied(server) == ["refund", "refund"]


def test_slow_answer_is_sent_byte_by_byte(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("slow", seconds=0.002)
    start = time.monotonic()
    answer = refund(http)
    assert answer.json()["HasError"] is False
    assert time.monotonic() - start > 0.002 * len(answer.content)


def test_slow_answer_ends_with_the_server(server: TrainingServer) -> None:
    server.faults.add("slow")
    with client(server, patience=0.1) as hasty, pytest.raises(httpx.ReadTimeout):
        refund(hasty)
    assert applied(server) == ["refund"]


def test_huge_answer_is_a_valid_one_after_blanks(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("huge")
    answer = refund(http)
    assert len(answer.content) > 8 << 20
    assert answer.json()["HasError"] is False


def test_gzip_bomb_is_small_before_unpacking(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("gzip_bomb")
    with http.stream("POST", "/v1/pvt/POS/1001/partialcancel", json={"ValueToRefund": 1, "CancelKey": "K"}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(raw) < 1 << 17
    assert applied(server) == ["refund"]


@pytest.mark.parametrize("status", [302, 307, 308])
def test_redirect_fault_names_another_origin_and_applies_nothing(
    http: httpx.Client, server: TrainingServer, status: int
) -> None:
    names: dict[int, FaultName] = {302: "redirect_302", 307: "redirect_307", 308: "redirect_308"}
    server.faults.add(names[status], location="http://127.0.0.1:9/x")
    answer = refund(http)
    assert (answer.status_code, answer.headers["location"]) == (status, "http://127.0.0.1:9/x")
    assert applied(server) == []


def test_forbidden_fault_applies_nothing(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("forbidden")
    assert refund(http).status_code == 403
    assert applied(server) == []


@pytest.mark.parametrize("absurd", ["-5", "soon", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_absurd_retry_after_is_sent_unchanged(http: httpx.Client, server: TrainingServer, absurd: str) -> None:
    server.faults.add("error_429", retry_after=absurd)
    assert refund(http).headers["retry-after"] == absurd


def test_wrong_order_fault_answers_with_another_order(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("wrong_order", times=4)
    answers = [
        http.get("/v1/pvt/Order/1001"),
        http.post("/v1/pvt/POS/orders", json=SALE),
        refund(http),
        http.post("/v1/pvt/POS/orders/1002/cancel", json=CANCEL),
    ]
    assert {answer.json()["Result"]["OriginalId"] for answer in answers} == {"OUTRO-PEDIDO"}
    assert applied(server) == []


def test_late_copy_is_applied_once_by_its_key(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("late_copy", seconds=0.2)
    with pytest.raises(httpx.RemoteProtocolError):
        refund(http)
    assert applied(server) == []
    wait_for(lambda: bool(server.service.applied))
    assert refund(http).json()["CodeName"] == "CancelKeyAlreadyUsed"
    assert applied(server) == ["refund"]


def test_late_copy_is_discarded_when_the_server_stops(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("late_copy", seconds=60)
    with pytest.raises(httpx.RemoteProtocolError):
        refund(http)
    start = time.monotonic()
    server.stop()
    assert time.monotonic() - start < 1.5
    assert applied(server) == []


def test_twice_delivered_request_is_applied_once(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("twice")
    assert refund(http, "A").json()["HasError"] is False
    server.faults.add("twice_second_answer")
    assert refund(http, "B").json()["CodeName"] == "CancelKeyAlreadyUsed"
    server.faults.add("twice")
    assert http.post("/v1/pvt/POS/orders", json=SALE).json()["HasError"] is False
    assert applied(server) == ["refund", "refund", "sale"]


def test_never_read_fault_accepts_without_reading(server: TrainingServer) -> None:
    server.faults.add("never_read")
    with client(server, patience=0.2) as first, pytest.raises(httpx.ReadTimeout):
        refund(first)
    assert server.service.requests == []
    with client(server) as second:
        assert refund(second).status_code == 200


def test_reset_on_accept_fault_resets_a_new_connection(server: TrainingServer) -> None:
    server.faults.add("reset_on_accept")
    with client(server) as first, pytest.raises(httpx.TransportError):
        refund(first)
    assert applied(server) == []


def test_refused_connections_are_accepted_again_on_the_same_port(http: httpx.Client, server: TrainingServer) -> None:
    http.get("/v1/pvt/Order/1001")
    for _ in range(2):
        server.refuse_connections()
        server.refuse_connections()
        with client(server) as newcomer, pytest.raises(httpx.ConnectError):
            refund(newcomer)
        assert http.get("/v1/pvt/Order/1001").status_code == 200, "an open connection goes on"
        server.accept_connections()
        server.accept_connections()
        with client(server) as newcomer:
            assert newcomer.get("/v1/pvt/Order/1001").status_code == 200


def test_server_refusing_connections_keeps_its_port_and_can_stop(server: TrainingServer) -> None:
    server.refuse_connections()
    with socket.socket() as other, pytest.raises(OSError, match=r"."):
        other.bind(("127.0.0.1", port_of(server)))
    server.stop()
    with pytest.raises(TrainingServerError):
        server.refuse_connections()
    server.start()
    with client(server) as http:
        assert http.get("/v1/pvt/Order/1001").status_code == 200


def test_logged_request_has_its_time(http: httpx.Client, server: TrainingServer) -> None:
    before = server.service.now()
    refund(http)
    assert before <= server.service.requests[0].at <= server.service.now()


@pytest.mark.parametrize(
    ("name", "status", "media", "content"),
    [
        ("refuse_by_number", 200, "application/json", b'"ErrorCode":1234'),
        ("in_progress", 409, "application/json", b"CancelKeyInUse"),
        ("in_progress_200", 200, "application/json", b"CANCEL_KEY_IN_USE"),
        ("conflict", 409, "application/json", b'{"Message":"Conflict"}'),
        ("problem_400", 400, "application/problem+json", b'"status":400'),
        ("problem_422", 422, "application/problem+json", b'"status":422'),
        ("model_state", 400, "application/json", b"ModelState"),
        ("gone", 410, "text/plain; charset=utf-8", b"Gone"),
        ("gateway_404", 404, "application/json", b"No HTTP resource was found"),
    ],
)
def test_undocumented_refusal_applies_nothing(
    http: httpx.Client, server: TrainingServer, name: FaultName, status: int, media: str, content: bytes
) -> None:
    server.faults.add(name)
    answer = refund(http)
    assert (answer.status_code, answer.headers["content-type"]) == (status, media)
    assert content in answer.content
    assert (b"HasError" in answer.content) == (name in {"refuse_by_number", "in_progress", "in_progress_200"})
    assert server.service.applied == []


@pytest.mark.parametrize(("name", "status", "content"), [("null_body", 200, b"null"), ("no_content", 204, b"")])
def test_null_body_and_no_content_come_after_applying(
    http: httpx.Client, server: TrainingServer, name: FaultName, status: int, content: bytes
) -> None:
    server.faults.add(name)
    answer = refund(http)
    assert (answer.status_code, answer.content) == (status, content)
    assert [entry.kind for entry in server.service.applied] == ["refund"]


@pytest.mark.parametrize("name", ["error_429_until", "error_503_until"])
def test_retry_after_date_counts_from_the_answers_date(
    http: httpx.Client, server: TrainingServer, name: FaultName
) -> None:
    server.faults.add(name, seconds=60)
    answer = refund(http)
    assert str(answer.status_code) in name
    until, date = (parsedate_to_datetime(answer.headers[header]) for header in ("retry-after", "date"))
    assert 59 <= (until - date).total_seconds() <= 61
    assert server.service.applied == []
