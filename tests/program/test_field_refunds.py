"""Answers to refunds as the field reported them, through the real window over real HTTP."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.field_window import DONE, ORDER, OpenTill, opened_till, scripted
from tests.support.scripted_server import DROP, Answer, Drop, Request, refusal, success

__all__ = ["opened_till"]


def refund(cashier: Cashier, digits: str = "2590") -> None:
    cashier.look_up("PED-1001")
    cashier.open_refund()
    cashier.type("refundValue", digits)
    cashier.confirm_refund()


def state(cashier: Cashier) -> str:
    return str(cashier.find("refundOutcome").property("state"))


IN_PROGRESS = [
    Answer(409, refusal("There is currently another in-progress request using this CancelKey", "CancelKeyInUse")),
    Answer(200, refusal("Another request with this key is still being processed. Retry later.", "CANCEL_KEY_IN_USE")),
    Answer(200, refusal("Esta CancelKey ainda está em processamento. Tente mais tarde.", None)),
]


@pytest.mark.parametrize("answer", IN_PROGRESS)
def test_repeat_refused_as_in_progress_stays_unknown(till: OpenTill, answer: Answer) -> None:
    cashier, server = till(scripted(DROP, answer, Answer(200, DONE)))
    refund(cashier)
    wait_until(lambda: len(server.sent("POST", "partialcancel")) >= 2, "the repeat")
    let_work(0.5)
    assert state(cashier) == "unknown"
    cashier.wait_for_state("refundOutcome", "confirmed")
    bodies = {r.body for r in server.sent("POST", "partialcancel")}
    assert len(bodies) == 1


NOT_USED = [
    "Nenhum estorno foi registrado com esta CancelKey",
    "No cancellation was registered for this CancelKey",
    "CancelKey inválida: deve ser única e não pode ser reutilizada",
    "CancelKey can not be duplicated; minimum length is 40",
    "CancelKey is invalid: repeated characters are not allowed",
    "Order has been registered by another branch; CancelKey not accepted",
    "Points already used by the customer, partial cancel refused (CancelKey: KEY)",
    "Esta chave de cancelamento ainda não foi utilizada",
    "CancelKey was never used before",
    "O cashback já foi utilizado pelo cliente; CancelKey recusada",
    "CancelKey must not have been used before",
]


@pytest.mark.parametrize("text", NOT_USED)
def test_repeat_refused_without_the_used_key_goes_to_review(till: OpenTill, text: str) -> None:
    posted: list[Request] = []

    def script(request: Request) -> Answer | Drop:
        if request.method == "GET":
            return Answer(200, ORDER)
        posted.append(request)
        if len(posted) == 1:
            return DROP
        key = json.loads(request.body)["CancelKey"]
        return Answer(200, refusal(text.replace("KEY", key), "PartialCancelRefused"))

    cashier, _server = till(script)
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "review")


USED = [
    "Esta CancelKey já foi processada",
    "CancelKey already processed",
    "Cancelamento já realizado com esta CancelKey",
    "This CancelKey is not unique",
    "CancelKey já utilizada",
    "The CancelKey has already been used",
]


@pytest.mark.parametrize("text", USED)
def test_repeat_refused_for_its_used_key_is_confirmed_or_in_review(till: OpenTill, text: str) -> None:
    cashier, server = till(scripted(DROP, Answer(200, refusal(text, None))))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "review", "confirmed")
    let_work(1)
    assert len(server.sent("POST", "partialcancel")) == 2


@pytest.mark.parametrize(
    "more", [{"HasError": False, "ErrorMessage": None}, {"CodeName": None}, {"Severity": 0, "HasWarning": False}]
)
def test_bare_order_with_envelope_field_names_is_an_order(till: OpenTill, more: dict[str, Any]) -> None:
    cashier, _server = till(scripted(order={**ORDER, **more}))
    cashier.look_up("PED-1001")
    assert "129,90" in cashier.text("orderTotal")


@pytest.mark.parametrize("more", [{}, {"HasError": False, "ErrorMessage": None}])
def test_bare_cancel_answer_confirms(till: OpenTill, more: dict[str, Any]) -> None:
    flat = {"isCanceled": False, "UpdatedAt": "2026-11-28T10:00:00Z", "Status": 0, **more}
    cashier, _server = till(scripted(Answer(200, flat)))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert "aceitou" in cashier.text("refundOutcome")


SAYS_NO = [
    Answer(409, {"Message": "Conflict"}),
    Answer(
        400, {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "x"}, "application/problem+json"
    ),
    Answer(422, {"title": "Unprocessable", "status": 422}, "application/problem+json"),
    Answer(400, {"Message": "The request is invalid.", "ModelState": {"request.ValueToRefund": ["invalid"]}}),
    Answer(405, b"Method Not Allowed", "text/plain"),
]


@pytest.mark.parametrize("answer", SAYS_NO)
def test_two_equal_undocumented_refusals_go_to_review(till: OpenTill, answer: Answer) -> None:
    cashier, server = till(scripted(DROP, answer))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "review")
    let_work(2)
    assert len(server.sent("POST", "partialcancel")) <= 3


def test_refusal_with_only_a_code_shows_the_code(till: OpenTill) -> None:
    cashier, _server = till(scripted(Answer(200, {"ErrorCode": 1234, "HasError": True, "Result": None})))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "refused")
    assert "1234" in cashier.text("refundOutcome")


@pytest.mark.parametrize(
    ("status", "enrolled", "wanted", "never"),
    [
        (3, True, "estornad", "pode demorar"),
        (0, True, "pode demorar", "foram estornados"),
        (3, False, "", "foram estornados"),
        (None, True, "pode demorar", "foram estornados"),
    ],
)
def test_refund_message_follows_the_status(
    till: OpenTill, status: int | None, enrolled: bool, wanted: str, never: str
) -> None:
    order = {**ORDER, "Customer": {**ORDER["Customer"], "IsEnrolled": enrolled}}
    done = success({"isCanceled": False, "UpdatedAt": "2026-11-28T10:00:00Z", "Status": status})
    cashier, _server = till(scripted(Answer(200, done), order=order))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "confirmed")
    words = cashier.text("refundOutcome")
    assert wanted in words
    assert never not in words


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_date_is_obeyed(till: OpenTill, status: int) -> None:
    # The server's clock runs two days behind the PC's.
    now = datetime.now(UTC) - timedelta(days=2)
    headers = (
        ("Date", format_datetime(now, usegmt=True)),
        ("Retry-After", format_datetime(now + timedelta(seconds=60), usegmt=True)),
    )
    cashier, server = till(scripted(Answer(status, {}, headers=headers)))
    refund(cashier)
    wait_until(lambda: server.sent("POST", "partialcancel"), "the request")
    let_work(12)
    assert len(server.sent("POST", "partialcancel")) == 1
