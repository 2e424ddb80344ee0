"""Verdict of each answer to an operation of any kind; `test_classify_rewards.py` has the details of rewards."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.verdicts import Bonus, CancelStatus, Done, FailureReason, NotSent, Refused, Unknown, Verdict

KEY = "BQ-AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
OK = {"HasError": False, "HasWarning": False, "Severity": 0, "ErrorMessage": None, "Code": None, "CodeName": None}
CANCELLED = {"isCanceled": True, "UpdatedAt": "2026-11-20T15:30:05.1234567Z", "Status": 3}
SOLD = {"OriginalId": "A-1", "EstimatedBonus": {"GenerateBonus": True, "EstimatedPoints": 30, "EstimatedCashback": 4.5}}
REDEEMED, UNDONE = {"RewardId": 5001, "ExternalCode": "PDV-5001"}, {"Id": 5001, "IsCanceled": True}
UNREADABLE = Unknown(FailureReason.UNREADABLE)
EMPTY = Unknown(FailureReason.EMPTY_RESULT)
REFUND_DONE = {**CANCELLED, "isCanceled": False}
COMPLETED = Done(status=CancelStatus.COMPLETED)


def each(values: list[Any]) -> list[Any]:
    """Values of several types, for one parameter."""
    return values


def _envelope(result: Any, **over: Any) -> dict[str, Any]:
    return {**OK, "Result": result, **over}


def _judge(kind: Kind, body: Any, status: int = 200, retry_after: int | None = None) -> Verdict:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    key = KEY if kind is Kind.REFUND else None
    return classify_answer(kind, HttpResponse(status, content, retry_after), order_id="A-1", cancel_key=key)


def _good(kind: Kind) -> dict[str, Any]:
    results = {Kind.SALE: SOLD, Kind.COMPLETION: SOLD, Kind.REDEMPTION: REDEEMED, Kind.REVERSAL: UNDONE}
    return _envelope(results.get(kind, CANCELLED))


def _done(kind: Kind) -> Done:
    """What `_good` means."""
    sold, redeemed = Done(Bonus(30, 450)), Done(evidence_id="5001", external_code="PDV-5001")
    verdicts = {Kind.SALE: sold, Kind.COMPLETION: sold, Kind.REDEMPTION: redeemed, Kind.REVERSAL: Done()}
    return verdicts.get(kind, COMPLETED)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "trouble", [FailureReason.NO_CONNECTION, FailureReason.TIMED_OUT, FailureReason.CONNECTION_LOST]
)
def test_transport_failure_is_not_sent_or_unknown_by_possibly_sent(kind: Kind, trouble: FailureReason) -> None:
    seen = TransportFailure(trouble, possibly_sent=False)
    assert classify_answer(kind, seen, order_id="A-1", cancel_key=None) == NotSent(trouble)
    seen = TransportFailure(trouble, possibly_sent=True)
    assert classify_answer(kind, seen, order_id="A-1", cancel_key=None) == Unknown(trouble)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        *((status, FailureReason.CREDENTIALS) for status in (401, 403)),
        *((status, FailureReason.REDIRECTED) for status in (101, 300, 301, 302, 303, 304, 307, 308, 407)),
        *((status, FailureReason.SERVER_ERROR) for status in (500, 501, 502, 504, 520, 599)),
        *((status, FailureReason.THROTTLED) for status in (429, 503)),
        (408, FailureReason.TIMED_OUT),
    ],
)
def test_status_of_gateway_or_outage_is_unknown_with_any_body(
    kind: Kind, status: int, trouble: FailureReason, *, refuses: bool
) -> None:
    body = _envelope(None, HasError=True, Severity=2) if refuses else _good(kind)
    assert _judge(kind, body, status, retry_after=7) == Unknown(trouble, 7)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", [400, 404, 405, 409, 410, 413, 415, 422])
def test_4xx_answer_is_refused_only_with_refusing_envelope(kind: Kind, status: int) -> None:
    refusal = _envelope(None, Severity=2, HasError=True, CodeName="InvalidValue", ErrorMessage="Valor inválido")
    assert _judge(kind, refusal, status) == Refused("InvalidValue", "Valor inválido")
    in_other_forms: list[tuple[Any, str]] = [
        ({"message": "Not Found"}, "Not Found"),
        ({"Message": "Conflict"}, "Conflict"),
        (
            {
                "type": "about:blank",
                "title": "Bad Request",
                "status": status,
                "errors": {"x": ["y"]},
                "traceId": "00-1",
            },
            "Bad Request · y",
        ),
        ({"Message": "The request is invalid.", "ModelState": {"a": ["b", "b"]}}, "The request is invalid. · b"),
        ({"HasError": "true", "ErrorMessage": "Não"}, "Não"),
        (["one", {"Message": "two"}], "one · two"),
        ("Não permitido", "Não permitido"),
        (b"CPF 529.982.247-25 is not allowed\r\n", "CPF ***.982.247-** is not allowed"),
        ("Não".encode("latin-1"), "Não"),
        (b"<error><code>5</code> No</error>", "5 No"),
        (b"x" * 5000, "x" * 199 + "…"),
        (b"", ""),
        (b"{}", ""),
        ({"Customer": {"Name": "Ana Lima", "Message": "x"}, "Name": "Ana", "error": {"reason": "no"}}, "no"),
    ]
    for body, words in in_other_forms:
        assert _judge(kind, body, status) == Unknown(FailureReason.SAYS_NO, code=str(status), message=words)
    verdict = _judge(kind, _good(kind), status)
    assert isinstance(verdict, Unknown)
    assert (verdict.reason, verdict.code) == (FailureReason.SAYS_NO, str(status))
    for cut in (b"<html>Not Found</html>", b" <!DOCTYPE html><p>No", b'{"HasError":tr', b"[1,", b"\x1f\x8b\x08\x00"):
        assert _judge(kind, cut, status) == UNREADABLE


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", [402, 406, 411, 412, 414, 418, 421, 426, 431, 451])
def test_other_4xx_answer_is_unknown(kind: Kind, status: int) -> None:
    assert _judge(kind, {"Message": "No"}, status) == Unknown(FailureReason.UNEXPECTED_STATUS)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", [200, 201])
def test_complete_success_in_any_form_is_done(kind: Kind, status: int) -> None:
    done = _done(kind)
    assert _judge(kind, _good(kind), status) == done
    warned = {**_good(kind), "HasWarning": True, "Severity": 1, "ErrorMessage": "Atenção"}
    assert _judge(kind, warned, status) == replace(done, warning="Atenção")
    old = {"ErrorMessage": None, "ErrorCode": None, "Result": _good(kind)["Result"], "HasError": False}
    assert _judge(kind, old, status) == done
    bare = _good(kind)["Result"]
    assert _judge(kind, bare, status) == done
    for words in (OK, {"HasError": False}, {"ErrorMessage": None}, {"CodeName": None}, {"Code": "00", "Severity": 0}):
        assert _judge(kind, {**bare, **words}, status) == done
    assert _judge(kind, {**bare, "HasError": True}, status) == (UNREADABLE if kind is Kind.REDEMPTION else Refused())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "flags",
    [{"HasError": True}, {"Severity": 2}, {"Severity": 2, "HasError": False}, {"HasError": True, "Severity": 0}],
)
def test_refusing_envelope_with_any_result_is_refused(kind: Kind, flags: dict[str, Any]) -> None:
    results: list[Any] = [None, {}, _good(kind)["Result"]]
    for result in results:
        body = _envelope(result, ErrorMessage="Não", CodeName="Nope", Code="07", **flags)
        # A redemption that is refused and shown at once may hold the customer's points.
        is_shown = kind is Kind.REDEMPTION and bool(result)
        assert _judge(kind, body) == (UNREADABLE if is_shown else Refused("Nope", "Não"))


def test_refusal_takes_code_and_message_from_the_best_field() -> None:
    body = _envelope(None, HasError=True, FriendlyErrorMessage="Não deu", Code="07")
    assert _judge(Kind.REFUND, body) == Refused("07", "Não deu")
    assert _judge(Kind.REFUND, {"HasError": True}) == Refused()
    for number in (1234, "1234"):
        assert _judge(Kind.REFUND, {"ErrorCode": number, "HasError": True, "Result": None}) == Refused("1234")
    assert _judge(Kind.REFUND, {"ErrorCode": 0, "HasError": True, "Result": None}) == Refused()
    assert _judge(Kind.REFUND, _envelope(None, HasError=True, ErrorCode=5, Code=7)) == Refused("7")
    assert _judge(Kind.REFUND, _envelope(None, HasError=True, ErrorMessage=["?"], CodeName={})) == Refused()
    assert _judge(Kind.REFUND, _envelope(None, HasError=True, ErrorMessage="a\x1b[0m\nb")) == Refused("", "a [0m b")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("severity", [0, 1])
def test_success_without_result_is_unknown(kind: Kind, severity: int) -> None:
    assert _judge(kind, _envelope(None, Severity=severity, HasWarning=bool(severity))) == EMPTY
    assert _judge(kind, {"HasError": False, "Severity": severity}) == EMPTY
    results: list[Any] = [{}, [], "ok", 1, True]
    for result in results:
        assert _judge(kind, _envelope(result, Severity=severity)) == EMPTY
    assert _judge(kind, {}) == EMPTY


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"null", b"true", b'"ok"', b"[]", b"<!doctype html><title>Login</title>", b"\x1f\x8b\x08\x00"),
        *(b'{"HasError":false,"Result":{"isCanceled":true,', b'{"HasError":false,"HasError":true}', b'{"a":NaN}'),
        *(b'{"HasError":"false","Result":{"x":1}}', b'{"Severity":3,"Result":{"x":1}}', b'{"Severity":"2"}'),
        *(b'{"Result":{"unrelated":1},"HasError":false}', b'{"ok":true}', b'{"HasError":1}', b'{"HasError":[]}'),
    ],
)
def test_unreadable_body_is_unknown(kind: Kind, body: bytes) -> None:
    assert _judge(kind, body) == UNREADABLE


@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
@pytest.mark.parametrize(
    ("status", "is_refusal", "is_known"),
    [(0, False, True), (1, True, True), (2, True, True), (3, False, True), (4, False, True), (9, False, False)],
)
def test_cancel_status_decides_done_refused_or_unreadable(
    kind: Kind, status: int, *, is_refusal: bool, is_known: bool
) -> None:
    verdict = _judge(kind, _envelope({"isCanceled": True, "Status": status}, ErrorMessage="Porque não"))
    assert isinstance(verdict, Refused) is is_refusal
    if is_refusal:
        assert verdict == Refused("", "Porque não")
    else:
        assert verdict == (Done(status=CancelStatus(status)) if is_known else UNREADABLE)


@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
@pytest.mark.parametrize(
    "unsound",
    [
        *({"isCanceled": value} for value in each(["true", 1, 0, [], {}])),
        *({"Status": value} for value in each(["3", "Completed", 3.5, True, 5, -1, [], {}])),
        *({"RefundErrorDetails": value} for value in each([[], "x", 5, True])),
        *({"OriginalId": value} for value in each([1, True, [], {}])),
    ],
)
def test_cancel_with_malformed_deciding_field_is_unreadable(kind: Kind, unsound: dict[str, Any]) -> None:
    assert _judge(kind, _envelope({**CANCELLED, **unsound})) == UNREADABLE


def test_whole_cancel_is_done_only_with_is_canceled_true() -> None:
    for result, status in (
        (REFUND_DONE, CancelStatus.COMPLETED),
        ({"isCanceled": False}, None),
        ({"Status": 0}, CancelStatus.ACCEPTED),
        ({"UpdatedAt": "2026-11-20T15:30:05"}, None),
    ):
        assert _judge(Kind.REFUND, _envelope(result)) == Done(status=status)
        assert _judge(Kind.CANCEL, _envelope(result)) == EMPTY
    assert _judge(Kind.CANCEL, _envelope({"IsCanceled": True, "Status": 3})) == EMPTY  # another letter case


def test_refund_error_details_in_a_success_are_a_refusal() -> None:
    details = {"Code": "VALUE_MISMATCH", "Message": "Valor", "Field": "ValueToRefund", "ExpectedValue": 10.0}
    for kind in (Kind.REFUND, Kind.CANCEL):
        body = _envelope({**CANCELLED, "RefundErrorDetails": details})
        assert _judge(kind, body) == Refused("VALUE_MISMATCH", "Valor")
        assert _judge(kind, _envelope({**CANCELLED, "RefundErrorDetails": {}})) == Refused()
        assert _judge(kind, _envelope({**CANCELLED, "RefundErrorDetails": {"Code": 5, "Message": []}})) == Refused("5")
        assert _judge(kind, _envelope({**CANCELLED, "RefundErrorDetails": None})) == COMPLETED
        assert _judge(kind, _envelope({**CANCELLED, "RefundErrorDetails": "x"})) == UNREADABLE


def test_sale_answer_about_another_order_is_unknown() -> None:
    assert _judge(Kind.SALE, _envelope({**SOLD, "OriginalId": "B-2"})) == Unknown(FailureReason.WRONG_ORDER)
    assert _judge(Kind.SALE, _envelope({"OriginalId": "a-1 "})) == Done()
    assert _judge(Kind.SALE, _envelope({"EstimatedBonus": {"GenerateBonus": False, "EstimatedPoints": 9}})) == Done(
        Bonus()
    )
    assert _judge(Kind.SALE, _envelope({"OrderTotal": 30.0})) == UNREADABLE


@pytest.mark.parametrize("cashback", ["1e999999", '"4,50"', '"x"', "true", "1e20", "[]", "{}"])
def test_invalid_cashback_estimate_is_dropped(cashback: str) -> None:
    bonus = f'"EstimatedBonus":{{"EstimatedCashback":{cashback}}}'
    body = f'{{"HasError":false,"Result":{{"OriginalId":"A-1",{bonus}}}}}'
    assert _judge(Kind.SALE, body.encode()) == Done()
    nameless = f'{{"HasError":false,"Result":{{{bonus}}}}}'
    assert _judge(Kind.SALE, nameless.encode()) == UNREADABLE


@pytest.mark.parametrize(
    ("estimate", "bonus"),
    [
        ({"EstimatedPoints": 199.5, "EstimatedCashback": 4.5}, Bonus(0, 450)),
        ({"EstimatedPoints": 199.5}, None),
        ({"EstimatedPoints": 199.0, "EstimatedCashback": "4.50"}, Bonus(199, 450)),
        ({"EstimatedPoints": "30", "GenerateBonus": "true"}, Bonus(30, 0)),
        *(([], None), ("x", None), (5, None), ({}, None)),
    ],
)
def test_registered_sale_with_odd_bonus_estimate_is_done(estimate: Any, bonus: Bonus | None) -> None:
    assert _judge(Kind.SALE, _envelope({"OriginalId": "A-1", "EstimatedBonus": estimate})) == Done(bonus)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.decimals(allow_nan=False).map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("isCanceled", "UpdatedAt", "Status", "RefundErrorDetails", "OriginalId", "EstimatedBonus")
results = st.dictionaries(st.sampled_from(FIELDS), json_values) | json_values
envelopes = st.fixed_dictionaries({}, optional=dict.fromkeys(OK, json_values) | {"Result": results})


@given(st.sampled_from(Kind), st.integers(100, 599), envelopes | results)
def test_any_json_answer_gives_a_verdict(kind: Kind, status: int, body: Any) -> None:
    verdict = _judge(kind, body, status)
    assert isinstance(verdict, Done | Refused | Unknown)
    if isinstance(verdict, Done):
        assert status // 100 == 2
        assert isinstance(body, dict)
        assert body.get("HasError") in {None, False}
        assert body.get("Severity") in {None, 0, 1}
    if isinstance(verdict, Refused):
        assert status // 100 in {2, 4}
        assert status not in {401, 403, 407, 408, 429}


@given(st.sampled_from(Kind), st.binary(max_size=60))
def test_random_bytes_are_never_done(kind: Kind, body: bytes) -> None:
    assert not isinstance(_judge(kind, body), Done | NotSent)


@pytest.mark.parametrize("kind", [Kind.REFUND, Kind.CANCEL])
def test_cancel_answer_about_another_order_is_unknown(kind: Kind) -> None:
    assert _judge(kind, _envelope({**CANCELLED, "OriginalId": "B-2"})) == Unknown(FailureReason.WRONG_ORDER)
    assert _judge(kind, _envelope({**CANCELLED, "OriginalId": "a-1 "})) == COMPLETED
