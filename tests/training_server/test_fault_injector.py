"""Each fault acts once on a real connection and on the service as documented."""

from __future__ import annotations

import base64
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bonifiq_desktop.training_server.fault_injection.answer_forms import KeyUsedForm
from bonifiq_desktop.training_server.fault_injection.fault_injector import (
    CALL_KINDS,
    FAULT_NAMES,
    CallKind,
    FaultName,
)
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.training_calls import CANCEL, SALE, client, refund

MARIA = "52998224725"
REDEEM = {"CustomerId": MARIA, "OriginalKey": "R-1", "Value": 1}

CALLS: dict[CallKind, Callable[[httpx.Client], httpx.Response]] = {
    "lookup": lambda http: http.get("/v1/pvt/Order/1001"),
    "sale": lambda http: http.post("/v1/pvt/POS/orders", json=SALE),
    "refund": refund,
    "cancel": lambda http: http.post("/v1/pvt/POS/orders/1002/cancel", json=CANCEL),
    "rewards": lambda http: http.post("/v1/pvt/POS/rewards/available", json={"CustomerId": MARIA}),
    "balance": lambda http: http.get(f"/v1/pvt/Customer/{MARIA}/points"),
    "challenge": lambda http: http.post(f"/v1/pvt/POS/customers/{MARIA}/challenge", json={}),
    "challengevalidate": lambda http: http.post(
        f"/v1/pvt/POS/customers/{MARIA}/challengevalidate", json={"Code": "000000"}
    ),
    "redeem": lambda http: http.post("/v1/pvt/POS/rewards/11/redeem", json=REDEEM),
    "reward": lambda http: http.get("/v1/pvt/Rewards/70001"),
    "reversal": lambda http: http.delete("/v1/pvt/POS/rewards/70001"),
}


# Wine passes a reset on as an end.
_RESET = httpx.RemoteProtocolError if sys.platform == "win32" else httpx.ReadError


def applied(server: TrainingServer) -> list[str]:
    return [entry.kind for entry in server.service.applied]


@pytest.mark.parametrize(("name", "is_applied"), [("lose_answer", True), ("close", False)])
def test_cut_connection_fault_closes_before_or_after_applying(
    http: httpx.Client, server: TrainingServer, name: FaultName, is_applied: bool
) -> None:
    server.faults.add(name)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        refund(http)
    assert applied(server) == ["refund"] * is_applied
    assert refund(http).json()["HasError"] is is_applied
    assert applied(server) == ["refund"]


@pytest.mark.parametrize("name", ["lose_answer", "close"])
def test_cut_connection_fault_sends_no_byte(server: TrainingServer, name: FaultName) -> None:
    server.faults.add(name)
    login = base64.b64encode(f"{server.token}:{server.key}".encode())
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5) as line:
        line.sendall(b"GET /v1/pvt/Order/1001 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic " + login + b"\r\n\r\n")
        assert line.recv(100) == b""


def test_reset_fault_resets_the_connection_after_applying(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("reset")
    with pytest.raises(_RESET):
        refund(http)
    assert applied(server) == ["refund"]


@pytest.mark.parametrize(
    ("name", "status", "is_applied"),
    [
        ("error_500", 500, False),
        ("error_500_after", 500, True),
        ("error_503", 503, False),
        ("error_429", 429, False),
        ("unauthorized", 401, False),
    ],
)
def test_error_fault_answers_before_or_after_applying(
    http: httpx.Client, server: TrainingServer, name: FaultName, status: int, is_applied: bool
) -> None:
    server.faults.add(name)
    answer = refund(http)
    assert answer.status_code == status
    assert "HasError" not in answer.json()
    assert "retry-after" not in answer.headers
    assert applied(server) == ["refund"] * is_applied


@pytest.mark.parametrize("name", ["error_503", "error_429"])
def test_busy_fault_sends_retry_after(http: httpx.Client, server: TrainingServer, name: FaultName) -> None:
    server.faults.add(name, retry_after=7)
    assert refund(http).headers["retry-after"] == "7"


def test_html_fault_answers_200_with_a_page_and_applies_nothing(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("html")
    answer = refund(http)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.text.startswith("<!DOCTYPE html>")
    assert applied(server) == []


def test_nonsense_fault_sends_invalid_json_as_json(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("nonsense")
    answer = refund(http)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    assert applied(server) == []


def test_refuse_fault_applies_nothing_and_leaves_the_key_unused(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("refuse", code_name="CustomerBlocked", message="Cliente bloqueado.")
    body = refund(http).json()
    assert (body["CodeName"], body["ErrorMessage"], body["HasError"]) == ("CustomerBlocked", "Cliente bloqueado.", True)
    assert body["Result"] is None
    assert applied(server) == []
    assert refund(http).json()["HasError"] is False


def test_delay_fault_delays_the_answer(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("delay", seconds=0.3)
    start = time.monotonic()
    assert refund(http).json()["HasError"] is False
    assert time.monotonic() - start >= 0.3


def test_delayed_call_is_applied_after_its_client_gave_up(server: TrainingServer) -> None:
    server.faults.add("delay", seconds=0.4)
    with (
        client(server, patience=0.1) as hasty,
        pytest.raises(httpx.ReadTimeout),
    ):
        refund(hasty)
    assert applied(server) == []
    deadline = time.monotonic() + 5
    while not server.service.applied and time.monotonic() < deadline:
        time.sleep(0.02)
    assert applied(server) == ["refund"]


def test_hanging_call_is_answered_when_released(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("hang")
    answers: list[httpx.Response] = []
    caller = threading.Thread(target=lambda: answers.append(refund(http)))
    caller.start()
    assert server.faults.wait_until_held(5)
    assert applied(server) == ["refund"]
    assert answers == []
    assert server.faults.release() == 1
    caller.join(5)
    assert answers[0].json()["Result"]["Status"] == 3
    assert server.faults.release() == 0


def test_hanging_call_is_dropped_when_its_client_leaves(server: TrainingServer) -> None:
    server.faults.add("hang")
    with (
        client(server, patience=0.2) as hasty,
        pytest.raises(httpx.ReadTimeout),
    ):
        refund(hasty)
    deadline = time.monotonic() + 5
    while server.faults.wait_until_held(0) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.faults.release() == 0
    assert applied(server) == ["refund"]


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_fault_for_one_kind_of_call_affects_only_that_kind(
    http: httpx.Client, server: TrainingServer, kind: CallKind
) -> None:
    server.faults.add("error_503", only=kind)
    seen = {name: call(http).status_code for name, call in CALLS.items()}
    assert {name for name, status in seen.items() if status == 503} == {kind}
    assert CALLS[kind](http).status_code in {200, 404}


@pytest.mark.parametrize("kind", ["rewards", "balance"])
def test_fault_for_any_call_leaves_queries_in_the_background_alone(
    http: httpx.Client, server: TrainingServer, kind: CallKind
) -> None:
    server.faults.add("error_503")
    assert CALLS[kind](http).status_code == 200
    assert CALLS["lookup"](http).status_code == 503


def test_queued_faults_act_in_order(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("error_500", only="refund")
    server.faults.add("error_503", times=2)
    assert [CALLS["lookup"](http).status_code, refund(http).status_code] == [503, 500]
    assert [fault.name for fault in server.faults.pending()] == ["error_503"]
    server.faults.clear()
    assert CALLS["lookup"](http).status_code == 200


def test_call_without_credentials_uses_up_no_fault(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.add("error_503")
    with client(server, known=False) as stranger:
        assert CALLS["lookup"](stranger).status_code == 401
    assert http.get("/v1/pvt/Nowhere").status_code == 404
    assert CALLS["lookup"](http).status_code == 503


@pytest.mark.parametrize(
    "body",
    [
        {"name": "error_503", "only": "lookup", "retry_after": 3},
        [{"name": "error_503", "retry_after": 3}, {"name": "delay", "seconds": 0.01}],
    ],
)
def test_faults_can_be_queued_over_http(http: httpx.Client, body: Any) -> None:
    answer = http.post("/training/faults", json=body)
    assert answer.status_code == 200
    assert answer.json()["pending"][0]["name"] == "error_503"
    assert CALLS["lookup"](http).headers["retry-after"] == "3"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "explode"},
        {"name": "close", "only": "tea"},
        {"name": "close", "when": 1},
        {"name": "delay", "seconds": "1"},
        {"name": "delay", "seconds": -1},
        {"name": "close", "times": True},
        [{"name": "close"}, {"name": "explode"}],
        "close",
    ],
)
def test_request_with_an_unknown_fault_queues_none(http: httpx.Client, server: TrainingServer, body: Any) -> None:
    assert http.post("/training/faults", json=body).status_code == 400
    assert server.faults.pending() == []


def test_every_fault_name_can_be_queued_over_http(http: httpx.Client, server: TrainingServer) -> None:
    assert http.post("/training/faults", json=[{"name": name} for name in FAULT_NAMES]).status_code == 200
    assert [fault.name for fault in server.faults.pending()] == list(FAULT_NAMES)


@pytest.mark.parametrize(
    ("form", "status", "code_name", "fragment"),
    [
        ("code_name", 200, "CancelKeyAlreadyUsed", "chave"),
        ("message_en", 200, None, "CancelKey has already been used"),
        ("message_pt", 200, None, "CancelKey) já foi utilizada"),
        ("http_400", 400, "CancelKeyAlreadyUsed", "chave"),
        ("http_409", 409, "CancelKeyAlreadyUsed", "chave"),
        ("silent", 200, None, "Não foi possível"),
    ],
)
def test_key_used_form_sets_the_refusal_of_a_used_key(
    http: httpx.Client,
    server: TrainingServer,
    *,
    form: KeyUsedForm,
    status: int,
    code_name: str | None,
    fragment: str,
) -> None:
    server.faults.key_used_form = form
    server.faults.refusal_form = "details"  # does not apply to used keys
    refund(http)
    answer = refund(http)
    body = answer.json()
    assert (answer.status_code, body["CodeName"], body["HasError"], body["Severity"]) == (status, code_name, True, 2)
    assert fragment in body["ErrorMessage"]
    assert applied(server) == ["refund"]


def test_silent_used_key_refusal_does_not_mention_the_key(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.key_used_form = "silent"
    refund(http)
    said = refund(http).text.lower()
    assert "chave" not in said
    assert '"k"' not in said
    assert "key" not in said


def test_echo_of_a_used_key_repeats_the_first_answer(http: httpx.Client, server: TrainingServer) -> None:
    server.faults.key_used_form = "echo"
    assert refund(http).content == refund(http).content
    assert applied(server) == ["refund"]
