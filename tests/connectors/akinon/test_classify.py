"""Verdict of each answer to a cancel call, and what a reading makes of an answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.connectors.akinon.classify import classify_answer, read_answer, rows_of, without_bank_data
from bonifiq_desktop.connectors.http_client import HttpResponse, TransportFailure
from bonifiq_desktop.domain.verdicts import (
    Done,
    FailureReason,
    LookupFailed,
    NotSent,
    OrderNotFound,
    Refused,
    Unknown,
    Verdict,
)

PAGE = b"<!DOCTYPE html><html><body>Bad Gateway</body></html>"
ERROR = {"detail": "Order can't be cancelled in this status.", "code": "order_100_3"}


def _judge(body: Any, status: int = 200, retry_after: int | None = None) -> Verdict:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return classify_answer(HttpResponse(status, content, retry_after))


@pytest.mark.parametrize("reason", [FailureReason.NO_CONNECTION, FailureReason.TIMED_OUT])
def test_transport_failure_is_not_sent_or_unknown_by_possibly_sent(reason: FailureReason) -> None:
    assert classify_answer(TransportFailure(reason, possibly_sent=False)) == NotSent(reason)
    assert classify_answer(TransportFailure(reason, possibly_sent=True)) == Unknown(reason)


@pytest.mark.parametrize("body", [b"", b"  ", b"null", b"true", b"[]", b"{}", b'{"pk":1}', b'"ok"'])
def test_complete_2xx_is_taken_with_no_or_any_json(body: bytes) -> None:
    assert _judge(body) == Done()
    assert _judge(body, 202) == Done()


@pytest.mark.parametrize("body", [PAGE, b'{"pk":', b"ok", b"\xff\xfe"])
def test_2xx_without_json_is_unknown(body: bytes) -> None:
    assert _judge(body) == Unknown(FailureReason.UNREADABLE)


@pytest.mark.parametrize("status", [400, 404, 406])
@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (ERROR, "order_100_3", "Order can't be cancelled in this status."),
        ({"non_field_errors": ["Order already cancelled!"], "code": "x_1"}, "x_1", "Order already cancelled!"),
        ({"non_field_errors": "Order already cancelled!"}, "", "Order already cancelled!"),
        ({"reasons": ["Required.", "Invalid."], "order": ["Required."]}, "", "Required. · Invalid."),
        ({"reasons": {"1001": ["Invalid pk."]}}, "", "Invalid pk."),
        ({"code": 100}, "100", ""),
    ],
)
def test_documented_4xx_form_is_refused_with_its_words(status: int, body: Any, code: str, message: str) -> None:
    assert _judge(body, status) == Refused(code, message)


@pytest.mark.parametrize("status", [405, 409, 410, 413, 415, 422])
def test_other_4xx_says_no_without_a_verdict(status: int) -> None:
    expected = Unknown(FailureReason.SAYS_NO, code=str(status), message=ERROR["detail"])
    assert _judge({"detail": ERROR["detail"]}, status) == expected


@pytest.mark.parametrize("status", [400, 404, 406])
@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"type": "about:blank", "title": "Bad", "status": 400}, "Bad"),
        (b"no", "no"),
        (b"", ""),
        ([], ""),
        ({}, ""),
        ({"detail": None}, ""),
    ],
)
def test_4xx_in_another_form_says_no_without_a_verdict(status: int, body: Any, message: str) -> None:
    assert _judge(body, status) == Unknown(FailureReason.SAYS_NO, code=str(status), message=message)


@pytest.mark.parametrize("status", [400, 404, 406, 409])
@pytest.mark.parametrize("body", [PAGE, b'{"detail":'])
def test_4xx_page_or_broken_json_is_unreadable(status: int, body: bytes) -> None:
    assert _judge(body, status) == Unknown(FailureReason.UNREADABLE)


@pytest.mark.parametrize("body", [json.dumps(ERROR).encode(), PAGE, b"{}", b""])
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, FailureReason.CREDENTIALS),
        (403, FailureReason.FORBIDDEN),
        (408, FailureReason.TIMED_OUT),
        *((status, FailureReason.THROTTLED) for status in (429, 503)),
        *((status, FailureReason.REDIRECTED) for status in (100, 301, 302, 307, 308, 407)),
        *((status, FailureReason.SERVER_ERROR) for status in (499, 500, 502, 504, 599)),
    ],
)
def test_status_of_gateway_or_outage_is_unknown_with_any_body(status: int, reason: FailureReason, body: bytes) -> None:
    assert _judge(body, status, retry_after=7) == Unknown(reason, 7)


@given(st.integers(100, 999), st.binary(max_size=60))
def test_any_answer_has_a_verdict_and_only_2xx_is_done(status: int, body: bytes) -> None:
    verdict = _judge(body, status)
    assert isinstance(verdict, Done | Refused | Unknown)
    assert not isinstance(verdict, Done) or 200 <= status < 300
    assert not isinstance(verdict, Refused) or status in {400, 404, 406}


def test_reading_404_in_documented_form_only_is_order_not_found() -> None:
    with pytest.raises(OrderNotFound):
        read_answer(HttpResponse(404, b'{"detail":"Not found."}'))
    for body in (PAGE, b"", b"[]"):
        with pytest.raises(LookupFailed) as failed:
            read_answer(HttpResponse(404, body))
        assert not isinstance(failed.value, OrderNotFound)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([{"pk": 1}], ([{"pk": 1}], None)),
        ({"results": []}, ([], None)),
        ({"results": [{"pk": 1}], "next": None}, ([{"pk": 1}], False)),
        ({"results": [{"pk": 1}], "next": "https://elsewhere.example/?page=2"}, ([{"pk": 1}], True)),
    ],
)
def test_list_is_read_bare_or_in_a_page(document: Any, expected: Any) -> None:
    assert rows_of(document) == expected


@pytest.mark.parametrize("document", [None, 1, {}, {"results": None}, {"results": [1]}, [None], {"pk": 1}])
def test_list_in_another_form_is_unreadable(document: Any) -> None:
    with pytest.raises(LookupFailed):
        rows_of(document)


def test_refusal_that_repeats_iban_and_holder_is_told_without_them() -> None:
    words = "TR33 0006 1005 1978 6457 8413 26 of MARIA Souza is invalid; tr330006100519786457841326 too"
    verdict = without_bank_data(Refused("x", words), {"TR330006100519786457841326", "Maria Souza"})
    assert verdict == Refused("x", "*** of *** is invalid; *** too")
    assert without_bank_data(Refused("x", "Order W-2025/17"), set()) == Refused("x", "Order W-2025/17")
