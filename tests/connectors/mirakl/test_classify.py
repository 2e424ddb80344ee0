"""What each answer of Mirakl to a request means, as a table."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.connectors.mirakl.classify import classify_answer, read_answer
from bonifiq_desktop.connectors.mirakl.plan import plan
from bonifiq_desktop.connectors.mirakl.requests import serialize
from bonifiq_desktop.connectors.mirakl.schemas import OrderList
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, NotSent, Refused, Unknown, Verdict
from tests.connectors.mirakl.examples import LINE, SETTINGS, choice, order_json, paid_order, parsed

BY_RETURN_FLOW = replace(SETTINGS, by_return_flow=True)


def _request(answer: dict[str, Any], units: int = 1, *, by_return_flow: bool = False) -> SerializedRequest:
    (leg,) = plan(parsed(answer), choice(units), BY_RETURN_FLOW if by_return_flow else SETTINGS)
    return serialize(leg, "RET-1", None)


CANCEL_LINE = _request(order_json())
CANCEL_ORDER = _request(order_json(), 2)
REFUND = _request(paid_order())
RETURN = _request(paid_order(), by_return_flow=True)
EVERY_REQUEST = [CANCEL_LINE, CANCEL_ORDER, REFUND, RETURN]


def _answer(status: int, body: Any = None, retry_after: int | None = None) -> HttpResponse:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return HttpResponse(status, raw, retry_after)


def _entry(**changes: Any) -> dict[str, Any]:
    entry = {
        "cancelation_id": "c-1",
        "refund_id": "r-1",
        "order_refund_id": "or-1",
        "order_line_id": LINE,
        "amount": 49.90,
        "quantity": 1,
        "shipping_amount": 0,
        "reason_code": "34",
    }
    return entry | changes


def _cancelled(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"cancelations": list(entries), "order_tax_mode": "TAX_INCLUDED"}


def _created_return(**changes: Any) -> dict[str, Any]:
    return {"id": "ret-1", "rma": "RET-1", "order_id": "A", "return_lines": []} | changes


@pytest.mark.parametrize(
    ("request_", "status", "body", "verdict"),
    [
        (CANCEL_LINE, 200, _cancelled(_entry()), Done(evidence_id="c-1")),
        (CANCEL_LINE, 201, _cancelled(_entry(order_line_id="other"), _entry()), Done(evidence_id="c-1")),
        (CANCEL_LINE, 200, _cancelled(_entry(cancelation_id=17, amount="49.9")), Done(evidence_id="17")),
        (REFUND, 200, {"refunds": [_entry()], "order_tax_mode": "TAX_INCLUDED"}, Done(evidence_id="r-1")),
        (CANCEL_ORDER, 204, None, Done()),
        (RETURN, 200, {"return_success": [_created_return()], "return_errors": []}, Done(evidence_id="ret-1")),
        (RETURN, 200, {"return_success": [_created_return()]}, Done(evidence_id="ret-1")),
    ],
)
def test_complete_success_about_our_line_is_done(
    request_: SerializedRequest, status: int, body: Any, verdict: Verdict
) -> None:
    assert classify_answer(request_, _answer(status, body)) == verdict


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (CANCEL_LINE, 200, _cancelled()),
        (CANCEL_LINE, 200, _cancelled(_entry(order_line_id="other"))),
        (CANCEL_LINE, 200, _cancelled(_entry(cancelation_id=None))),
        (CANCEL_LINE, 200, _cancelled(_entry(cancelation_id=""))),
        (CANCEL_LINE, 200, _cancelled(_entry(amount=49.91))),
        (CANCEL_LINE, 200, _cancelled(_entry(amount=None))),
        (CANCEL_LINE, 200, _cancelled(_entry(shipping_amount=1))),
        (CANCEL_LINE, 200, _cancelled(_entry(), _entry(cancelation_id="c-2"))),
        (CANCEL_LINE, 200, {"refunds": [_entry()]}),
        (CANCEL_LINE, 200, {}),
        (CANCEL_LINE, 200, []),
        (CANCEL_LINE, 200, None),
        (CANCEL_LINE, 204, None),
        (CANCEL_LINE, 202, {"status": "accepted"}),
        (CANCEL_LINE, 200, b'{"cancelations": [{"cancelation_id": "c-1"'),
        (CANCEL_LINE, 200, b"<html><body>OK</body></html>"),
        (REFUND, 200, {"cancelations": [_entry()]}),
        (CANCEL_ORDER, 200, {}),
        (CANCEL_ORDER, 200, None),
        (CANCEL_ORDER, 202, None),
        (RETURN, 200, {"return_success": [_created_return(rma="RET-2")]}),
        (RETURN, 200, {"return_success": [_created_return(), _created_return(id="ret-2")]}),
        (RETURN, 200, {"return_success": [], "return_errors": []}),
        (RETURN, 200, {}),
    ],
)
def test_success_without_our_entry_is_unknown(request_: SerializedRequest, status: int, body: Any) -> None:
    assert isinstance(classify_answer(request_, _answer(status, body)), Unknown)


@pytest.mark.parametrize("request_", EVERY_REQUEST)
@pytest.mark.parametrize("status", [400, 404, 405, 406, 409, 410, 413, 415, 422])
def test_refusal_in_mirakls_form_is_refused_with_its_words(request_: SerializedRequest, status: int) -> None:
    plain = _answer(status, {"message": "Order is in invalid state", "status": status})
    assert classify_answer(request_, plain) == Refused(str(status), "Order is in invalid state")
    listed = {"errors": [{"code": "ORDER_INVALID_STATE", "field": "state", "message": "Wrong state"}]}
    assert classify_answer(request_, _answer(status, listed)) == Refused("ORDER_INVALID_STATE", "Wrong state")


def test_return_error_under_200_is_refused() -> None:
    body = {"return_success": [], "return_errors": [{"order_commercial_id": "8817455903", "message": "Too late"}]}
    assert classify_answer(RETURN, _answer(200, body)) == Refused("return_error", "Too late")
    body["return_errors"] = [{"order_commercial_id": "another", "message": "Too late"}]
    assert isinstance(classify_answer(RETURN, _answer(200, body)), Unknown)


@pytest.mark.parametrize("status", [400, 403, 409])
@pytest.mark.parametrize(
    "message",
    [
        "The shop partial cancelation feature is not enabled",
        "Partial cancellation is disabled on this platform",
        "This feature has been deactivated by the operator",
        "Feature not yet activated",
        "O recurso de cancelamento parcial não está habilitado",
        "Cancelations are not enabled for this shop",
    ],
)
def test_feature_off_is_refused_under_a_code_of_its_own(status: int, message: str) -> None:
    answer = _answer(status, {"message": message})
    assert classify_answer(CANCEL_LINE, answer) == Refused("feature_off", message)


@pytest.mark.parametrize(
    "message",
    [
        "Reason code 34 is not active for cancelation",
        "The quantity is not available for cancelation",
        "Cancelation of a disabled offer is refused",
        "Shop is inactive: cancelation impossible",
    ],
)
def test_refusal_of_one_cancelation_switches_no_capability_off(message: str) -> None:
    assert classify_answer(CANCEL_LINE, _answer(400, {"message": message})) == Refused("400", message)


@pytest.mark.parametrize("request_", EVERY_REQUEST)
@pytest.mark.parametrize("message", ["Access denied", "This user account is disabled", "Payment is not active"])
def test_403_for_another_reason_is_forbidden(request_: SerializedRequest, message: str) -> None:
    assert classify_answer(request_, _answer(403, {"message": message})) == Unknown(FailureReason.FORBIDDEN)


def test_feature_off_is_a_matter_of_line_cancelling_only() -> None:
    answer = _answer(403, {"message": "This feature is not enabled"})
    for request_ in (CANCEL_ORDER, REFUND, RETURN):
        assert classify_answer(request_, answer) == Unknown(FailureReason.FORBIDDEN)
    assert classify_answer(CANCEL_LINE, _answer(403, b"<html>feature not enabled</html>")) == Unknown(
        FailureReason.FORBIDDEN
    )


@pytest.mark.parametrize("request_", EVERY_REQUEST)
@pytest.mark.parametrize(
    ("answer", "reason", "retry_after"),
    [
        (_answer(401, {"message": "Unauthorized"}), FailureReason.CREDENTIALS, None),
        (_answer(429, {"message": "Too many requests"}, 3600), FailureReason.THROTTLED, 3600),
        (_answer(503, b"", 30), FailureReason.THROTTLED, 30),
        (_answer(408, {"message": "timeout"}), FailureReason.TIMED_OUT, None),
        (_answer(500, {"message": "Internal error"}), FailureReason.SERVER_ERROR, None),
        (_answer(502, b"<html>Bad gateway</html>"), FailureReason.SERVER_ERROR, None),
        (_answer(302, b""), FailureReason.REDIRECTED, None),
        (_answer(407, {"message": "proxy"}), FailureReason.REDIRECTED, None),
        (_answer(418, {"message": "teapot"}), FailureReason.UNEXPECTED_STATUS, None),
        (_answer(400, b"<html><body>Bad Request</body></html>"), FailureReason.UNREADABLE, None),
        (_answer(400, b'{"message": "cut'), FailureReason.UNREADABLE, None),
        (TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True), FailureReason.TIMED_OUT, None),
        (TransportFailure(FailureReason.CONNECTION_LOST, possibly_sent=True), FailureReason.CONNECTION_LOST, None),
    ],
)
def test_answer_without_verdict_is_unknown(
    request_: SerializedRequest, answer: Any, reason: FailureReason, retry_after: int | None
) -> None:
    assert classify_answer(request_, answer) == Unknown(reason, retry_after)


@pytest.mark.parametrize("body", [b"no such thing", {"title": "Bad Request"}, {"status": 400}, ["no"]])
def test_400_in_another_form_says_no_and_is_no_verdict(body: Any) -> None:
    verdict = classify_answer(CANCEL_LINE, _answer(400, body))
    assert isinstance(verdict, Unknown)
    assert (verdict.reason, verdict.code) == (FailureReason.SAYS_NO, "400")


def test_request_that_never_left_is_not_sent() -> None:
    failure = TransportFailure(FailureReason.NO_CONNECTION, possibly_sent=False)
    assert classify_answer(REFUND, failure) == NotSent(FailureReason.NO_CONNECTION)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_answer(401, {}), FailureReason.CREDENTIALS),
        (_answer(403, {}), FailureReason.FORBIDDEN),
        (_answer(429, {}, 60), FailureReason.THROTTLED),
        (_answer(404, {"message": "no route"}), FailureReason.UNEXPECTED_STATUS),
        (_answer(200, b"<html></html>"), FailureReason.UNREADABLE),
        (_answer(200, {"orders": [{"order_id": "1"}]}), FailureReason.UNREADABLE),
        (_answer(400, {"message": "Bad filter"}), None),
        (TransportFailure(FailureReason.TIMED_OUT, possibly_sent=True), FailureReason.TIMED_OUT),
    ],
)
def test_look_up_without_orders_fails_for_a_reason(answer: Any, reason: FailureReason | None) -> None:
    with pytest.raises(LookupFailed) as caught:
        read_answer(OrderList, answer)
    assert caught.value.reason is reason
    assert caught.value.retry_after == (60 if reason is FailureReason.THROTTLED else None)
    assert caught.value.message == ("Bad filter" if reason is None else "")
