"""Answers, orders and numbers as the field reported them, through the real window over real HTTP."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.program.cashier import Cashier, let_work, wait_until
from tests.program.look_alike import DROP, Answer, Drop, LookAlike, Request, Script, refusal, success

ORDER: dict[str, Any] = {
    "OriginalId": "PED-1001",
    "OrderTotal": 129.90,
    "OrderPlacementDate": "2026-11-18T13:45:12Z",
    "OrderStatus": "Faturado",
    "IsCompleted": True,
    "IsCancelledOrReturned": False,
    "State": 2,
    "Origin": 3,
    "Customer": {
        "Id": 9,
        "OriginalId": "c9",
        "Name": "Cliente Teste",
        "Email": "c9@example.com",
        "Phone": "+5511987654321",
        "Document": "52998224725",
        "PointsBalance": 310,
        "Cashback": 12.5,
        "TierName": "Ouro",
    },
    "Products": [
        {"OriginalId": "P1", "Title": "Camiseta", "ProductPrice": 49.9},
        {"OriginalId": "P2", "Title": "Calca", "ProductPrice": 80.0},
    ],
}
DONE = success({"isCanceled": False, "UpdatedAt": "2026-11-28T10:00:00Z", "Status": 3})


OpenTill = Callable[[Script], tuple[Cashier, LookAlike]]


@pytest.fixture(name="till")
def opened_till(start: Callable[..., Cashier], data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenTill]:
    """Starts a look-alike with a script, and the program against it."""
    monkeypatch.setenv("BONIFIQ_API_TOKEN", "token-of-the-shop")
    monkeypatch.setenv("BONIFIQ_API_KEY", "key-of-the-shop")
    with ExitStack() as servers:

        def open_till(script: Script) -> tuple[Cashier, LookAlike]:
            server = servers.enter_context(LookAlike(script))
            cashier = start("--data-dir", str(data), "--api-url", server.url)
            wait_until(cashier.app.paths.ledger.exists, "the worker")
            return cashier, server

        yield open_till


def scripted(*posts: Answer | Drop, order: Any = None, gets: tuple[Answer, ...] = ()) -> Script:
    """Posts are answered in turn, the last one for ever; so are gets, else the order."""
    turns: dict[str, list[Answer | Drop]] = {
        "POST": list(posts),
        "GET": [*gets] or [Answer(200, order or ORDER)],
    }

    def answer(request: Request) -> Answer | Drop:
        if "invalid" in request.path:
            return Answer(200, {"CustomerExists": False})
        left = turns[request.method]
        return left.pop(0) if len(left) > 1 else left[0]

    return answer


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
def test_a_repeat_told_that_the_first_is_in_progress_is_not_done(till: OpenTill, answer: Answer) -> None:
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
def test_a_repeat_refused_without_saying_that_the_key_was_spent_is_for_a_person(till: OpenTill, text: str) -> None:
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
def test_a_repeat_told_that_the_key_was_spent_is_done_or_for_a_person(till: OpenTill, text: str) -> None:
    cashier, server = till(scripted(DROP, Answer(200, refusal(text, None))))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "review", "confirmed")
    let_work(1)
    assert len(server.sent("POST", "partialcancel")) == 2


GATEWAY_404 = [
    Answer(404, {"Message": "No HTTP resource was found that matches the request URI 'http://x/v1/pvt/Order/NOVA-1'."}),
    Answer(200, refusal("Cliente não encontrado", "CustomerNotFound")),
    Answer(404, {"message": "no Route matched with those values"}),
    Answer(404, {"error": {"code": "NotFound", "message": "Order service not found"}}),
    Answer(404, b"<html>404</html>", "text/html"),
]


@pytest.mark.parametrize("answer", GATEWAY_404)
def test_a_typed_number_is_not_free_because_something_was_not_found(till: OpenTill, answer: Answer) -> None:
    there = {**ORDER, "OriginalId": "NOVA-1", "OrderTotal": 300.0}
    cashier, server = till(scripted(Answer(200, success({"OriginalId": "NOVA-1"})), gets=(answer, Answer(200, there))))
    cashier.fill_sale("20000")
    cashier.type("saleOrderId", "NOVA-1")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "review")
    assert not server.sent("POST", "POS/orders")


@pytest.mark.parametrize(
    "more", [{"HasError": False, "ErrorMessage": None}, {"CodeName": None}, {"Severity": 0, "HasWarning": False}]
)
def test_a_flat_order_with_envelope_words_is_an_order(till: OpenTill, more: dict[str, Any]) -> None:
    cashier, _server = till(scripted(order={**ORDER, **more}))
    cashier.look_up("PED-1001")
    assert "129,90" in cashier.text("orderTotal")


@pytest.mark.parametrize("more", [{}, {"HasError": False, "ErrorMessage": None}])
def test_a_flat_cancel_is_done(till: OpenTill, more: dict[str, Any]) -> None:
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
def test_two_equal_answers_that_say_no_are_for_a_person(till: OpenTill, answer: Answer) -> None:
    cashier, server = till(scripted(DROP, answer))
    refund(cashier)
    cashier.wait_for_state("refundOutcome", "review")
    let_work(2)
    assert len(server.sent("POST", "partialcancel")) <= 3


def test_a_refusal_with_only_a_number_says_the_number(till: OpenTill) -> None:
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
def test_the_words_follow_the_status(
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
def test_a_date_to_wait_for_is_waited_for(till: OpenTill, status: int) -> None:
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


@pytest.mark.parametrize("answer", [Answer(204), Answer(200, None), Answer(200, success(None))])
def test_no_order_in_the_answer_is_not_found(till: OpenTill, answer: Answer) -> None:
    cashier, _server = till(scripted(gets=(answer,)))
    cashier.ask_for("PED-1001")
    words = cashier.wait_for_message("lookupMessage")
    assert "não encontr" in words.lower() or "não existe" in words.lower() or "não tem" in words.lower(), words


def changed(path: str, value: Any) -> dict[str, Any]:
    """The base order with another value at a dotted path."""
    order: dict[str, Any] = json.loads(json.dumps(ORDER))
    target: Any = order
    *parents, last = path.split(".")
    for name in parents:
        target = target[int(name) if name.isdigit() else name]
    target[last] = value
    return order


ODD = [
    ("Customer.PointsBalance", 310.5),
    ("Customer.PointsBalance", 310.0),
    ("Customer.PointsBalance", "310"),
    ("Customer.Cashback", "12.50"),
    ("Customer.Phone", 11987654321),
    ("Customer.Document", 52998224725),
    ("Customer.OriginalId", 9),
    ("Customer.TierName", {"Name": "Ouro"}),
    ("Customer", []),
    ("Coupon", {"Code": "X"}),
    ("Coupon", 12345),
    ("Coupon", []),
    ("OrderStatus", 3),
    ("IsCompleted", "true"),
    ("IsCompleted", 1),
    ("Products.0.OriginalId", 7891),
    ("Products.0.Title", 123),
    ("Products.0.ProductPrice", "49.90"),
    ("Products", [None, {"OriginalId": "P1"}]),
    ("Products", {}),
    ("Products", [{"OriginalId": f"P{i}", "Title": "x", "ProductPrice": 0.1} for i in range(1500)]),
    ("OrderPlacementDate", 7),
    ("Customer.Name", None),
    ("Metadatas", {"a": 1}),
    ("Metadatas", [None, 3]),
    ("Origin", "x"),
    ("Customer.IsEnrolled", "yes"),
    ("Customer", "c9"),
    ("OrderTotal", 129.89999999999998),
    ("Customer.Email", ["a"]),
]


def test_an_order_with_odd_side_fields_is_shown(till: OpenTill) -> None:
    current = {"order": ORDER}
    cashier, _server = till(lambda _request: Answer(200, current["order"]))
    for number, (path, value) in enumerate(ODD):
        current["order"] = {**changed(path, value), "OriginalId": f"PED-{number}"}
        cashier.look_up(current["order"]["OriginalId"])
        assert "129,90" in cashier.text("orderTotal"), (path, value)


@pytest.mark.parametrize(
    "fields",
    [
        {"State": "Cancelled", "IsCancelledOrReturned": None},
        {"State": None, "IsCancelledOrReturned": None, "OrderCancelledDate": "2026-11-20T10:00:00Z"},
        {"State": "cancelled", "IsCancelledOrReturned": None},
        {"State": 3, "IsCancelledOrReturned": None},
    ],
)
def test_a_cancelled_order_in_any_form_takes_no_refund(till: OpenTill, fields: dict[str, Any]) -> None:
    cashier, _server = till(scripted(order={**ORDER, **fields}))
    cashier.look_up("PED-1001")
    assert "0,00" in cashier.text("orderRefundable") or not cashier.find("refundButton").isEnabled()
    assert not cashier.find("refundButton").isEnabled()


def test_an_open_tab_that_was_closed_is_refundable_whole(till: OpenTill) -> None:
    current = {"total": 0.0}
    cashier, _server = till(lambda _request: Answer(200, {**ORDER, "OrderTotal": current["total"]}))
    cashier.look_up("PED-1001")
    current["total"] = 129.90
    cashier.ask_for("PED-1001")
    wait_until(lambda: "129,90" in cashier.text("orderRefundable"), "all of it")


def test_a_sale_whose_answer_was_lost_is_found_in_a_flat_look_up(till: OpenTill) -> None:
    stored: dict[str, Any] = {}

    def script(request: Request) -> Answer | Drop:
        if request.method == "POST":
            stored.update(json.loads(request.body))
            return DROP
        if not stored:
            return Answer(404, refusal("Pedido não encontrado", "OrderNotFound"))
        shown = {
            k: stored[k]
            for k in ("OriginalId", "OrderTotal", "OrderPlacementDate", "Customer", "Metadatas")
            if k in stored
        }
        return Answer(
            200,
            {
                **shown,
                "State": 2,
                "HasError": False,
                "ErrorMessage": None,
                "Customer": {**stored["Customer"], "PointsBalance": 509.5},
            },
        )

    cashier, server = till(script)
    cashier.fill_sale("20000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert len(server.sent("POST", "POS/orders")) == 1


def test_an_estimate_that_is_no_whole_number_does_not_matter(till: OpenTill) -> None:
    bonus = {"GenerateBonus": True, "EstimatedPoints": 199.5, "EstimatedCashback": 0}

    def script(request: Request) -> Answer:
        return Answer(200, success({**json.loads(request.body), "EstimatedBonus": bonus}))

    cashier, server = till(script)
    cashier.fill_sale("20000")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert len(server.sent("POST", "POS/orders")) == 1


PERSONAL = [
    "529982247-25",
    "529-982-247-25",
    "529.982.247–25",
    "CPF 529982247-25",
    "11222333/0001-81",
    "52998224725",
    "11987654321",
    "+55 11 98765-4321",
    "(11) 98765-4321",
    "529\u00a0982\u00a0247\u00a025",
    "52998224725\u200e",
]


def test_a_persons_number_is_never_in_an_address(till: OpenTill) -> None:
    cashier, server = till(scripted())
    for text in PERSONAL:
        cashier.press(Qt.Key.Key_F2)
        cashier.find("lookupField").setText(text)
        cashier.press(Qt.Key.Key_Return, "lookupField")
        let_work(0.3)
        assert not server.sent("GET", "/Order/"), text


def test_an_order_cancelled_elsewhere_while_offline_is_not_refunded_after_a_restart(
    till: OpenTill, start: Callable[..., Cashier], data: Path
) -> None:
    order = {"now": ORDER}

    def script(request: Request) -> Answer:
        return Answer(200, DONE if request.method == "POST" else order["now"])

    cashier, server = till(script)
    cashier.look_up("PED-1001")
    server.__exit__()  # no line: nothing listens there any more
    cashier.open_refund()
    cashier.type("refundValue", "2590")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")
    assert cashier.app.stop()
    order["now"] = {**ORDER, "State": 3, "IsCancelledOrReturned": True}
    with LookAlike(script) as again:
        other = start("--data-dir", str(data), "--api-url", again.url)
        wait_until(lambda: other.counted and "decisão" in other.counted[-1], "the review")
        assert not again.sent("POST", "partialcancel")
