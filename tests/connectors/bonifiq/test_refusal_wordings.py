"""Table of refusal wordings against generated texts: used key, request in progress, unknown order."""

import json
import time
from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

import pytest

from bonifiq_desktop.connectors.bonifiq.classify import classify_answer, parse_order
from bonifiq_desktop.connectors.bonifiq.refusal_texts import meaning_for_key, says_order_missing
from bonifiq_desktop.connectors.bonifiq.refusal_wordings import Meaning
from bonifiq_desktop.connectors.http_client import HttpResponse
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound, Refused, Unknown
from tests.support import refusal_generator as texts

KEY, ORDER_ID = texts.KEY, texts.ORDER_ID
Note = Callable[[str, object], None]


def _of_key(text: str, code: str = "") -> Meaning | None:
    return meaning_for_key([code], [plain(text)], cancel_key=KEY, order_id=ORDER_ID)


def test_text_not_about_used_key_has_no_key_meaning(record_property: Note) -> None:
    tried = set(texts.not_spent())
    record_property("texts that do not say spent", len(tried))
    assert len(tried) > 15_000
    assert [text for text in tried if _of_key(text) is not None] == []


def test_text_about_used_key_means_key_used(record_property: Note) -> None:
    tried = set(texts.spent())
    missed = [text for text in tried if _of_key(text) is not Meaning.KEY_USED]
    record_property("texts that say spent", len(tried))
    record_property("of them missed", len(missed))
    assert len(tried) > 25_000
    assert missed == []


def test_text_about_running_request_means_in_progress() -> None:
    tried = set(texts.in_progress())
    assert len(tried) > 80
    assert [text for text in tried if _of_key(text) is not Meaning.IN_PROGRESS] == []


def test_text_not_about_unknown_order_is_not_order_missing(record_property: Note) -> None:
    tried = set(texts.not_missing())
    record_property("texts that do not say unknown order", len(tried))
    assert len(tried) > 1_000
    assert [text for text in tried if says_order_missing([], [plain(text)], ORDER_ID)] == []


def test_text_about_unknown_order_means_order_missing() -> None:
    tried = set(texts.missing())
    assert len(tried) > 70
    assert [text for text in tried if not says_order_missing([], [plain(text)], ORDER_ID)] == []


def _forms(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """A refusal with this text in each of the API's own forms."""
    envelope = {"HasError": True, "Severity": 2, "Result": None}
    yield 200, {**envelope, "ErrorMessage": text}
    yield 409, {**envelope, "ErrorMessage": text, "Code": "05", "CodeName": "InvalidOperation"}
    yield 400, {**envelope, "ErrorMessage": None, "FriendlyErrorMessage": text}
    yield 200, {"ErrorMessage": text, "Result": {"isCanceled": False, "Status": 1}}
    details = {"Code": None, "Message": text, "Field": None}
    yield 200, {"HasError": False, "Result": {"isCanceled": False, "RefundErrorDetails": details}}
    yield 200, {"HasError": False, "isCanceled": False, "RefundErrorDetails": details}


@pytest.mark.parametrize(("some", "used"), [(texts.spent, True), (texts.not_spent, False)], ids=["spent", "not spent"])
def test_used_key_text_is_recognized_in_every_refusal_form(some: Callable[[], Iterator[str]], *, used: bool) -> None:
    for text in islice(some(), 0, None, 101):
        for status, body in _forms(text):
            answer = HttpResponse(status, json.dumps(body).encode())
            verdict = classify_answer(Kind.REFUND, answer, order_id=ORDER_ID, cancel_key=KEY)
            assert isinstance(verdict, Refused)
            assert verdict.used_key is used, (text, body)


def test_in_progress_text_is_recognized_in_every_refusal_form() -> None:
    for text in texts.in_progress():
        for status, body in _forms(text):
            answer = HttpResponse(status, json.dumps(body).encode())
            verdict = classify_answer(Kind.REFUND, answer, order_id=ORDER_ID, cancel_key=KEY)
            assert isinstance(verdict, Unknown)
            assert verdict.reason is FailureReason.IN_PROGRESS, (text, body)


@pytest.mark.parametrize(("some", "is_missing"), [(texts.missing, True), (texts.not_missing, False)])
def test_unknown_order_text_is_recognized_in_every_lookup_form(
    some: Callable[[], Iterator[str]], *, is_missing: bool
) -> None:
    for text in islice(some(), 0, None, 7):
        envelope = {"HasError": True, "Severity": 2, "ErrorMessage": text, "Result": None}
        forms = [(200, json.dumps(envelope)), (404, json.dumps(envelope)), (404, text), (404, json.dumps(text))]
        for status, body in forms:
            with pytest.raises(LookupFailed) as failed:
                parse_order(HttpResponse(status, body.encode()), ORDER_ID)
            assert isinstance(failed.value, OrderNotFound) is is_missing, (status, body)


def _codes(subjects: tuple[str, ...], states: tuple[str, ...]) -> Iterator[str]:
    for subject, state in product(subjects, states):
        words = f"{subject} {state}".split()
        yield "".join(word.capitalize() for word in words)
        yield "_".join(words).upper()
        yield "-".join(words)
        yield "".join(words)


KEY_CODES = ("cancel key", "cancellation key", "refund key", "chave cancelamento", "chave de estorno")


def test_code_name_has_meaning_only_by_all_its_words() -> None:
    spent = ("already used", "used", "has been used", "duplicated", "already exists", "not unique", "already processed")
    gasta = ("ja utilizada", "duplicada", "ja processada", "repetida", "ja existe")
    other = (
        *("not used", "unused", "never used", "must be unique", "invalid", "required", "too long", "not found"),
        *("format already used", "used by another order", "reuse not allowed", "nao utilizada", "expired"),
    )
    others = ("points", "coupon", "reward", "order", "api key", "another cancel key", "no cancel key", "balance")
    for code in (*_codes(KEY_CODES[:3], spent), *_codes(KEY_CODES[3:], gasta)):
        assert _of_key("", code) is Meaning.KEY_USED, code
    for code in (*_codes(KEY_CODES, other), *_codes(others, spent + gasta)):
        assert _of_key("", code) is None, code
    for code in _codes(KEY_CODES[:3], ("in use", "in progress", "already in progress", "being processed", "locked")):
        assert _of_key("", code) is Meaning.IN_PROGRESS, code


@pytest.mark.parametrize(
    "text", ["the " * 250, "order number " * 80, "before " * 140, f"CancelKey {'KEY ' * 240}", "(" * 1000]
)
@pytest.mark.parametrize("begin", ["", "CancelKey already used ", "order id ", "a CancelKey "])
def test_long_refusal_text_is_read_within_half_a_second(begin: str, text: str) -> None:
    started = time.process_time()
    _of_key(begin + text, "cancel" * 160 + "x")
    says_order_missing(["order" * 200], [begin + text], ORDER_ID)
    assert time.process_time() - started < 0.5
