"""Classify Omnitron's answers: one pure function for the cancel call, one for readings (API docs, section 5)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.akinon.fields import object_of, text_of
from bonifiq_desktop.connectors.http_client import HttpResponse, HttpResult, TransportFailure
from bonifiq_desktop.connectors.undocumented_errors import explanation_in
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.text import plain
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

_REFUSALS = frozenset({400, 404, 406})
_UNDOCUMENTED_REFUSALS = frozenset({405, 409, 410, 413, 415, 422}) | _REFUSALS
_NOT_FOUND = 404
_SUCCESS = range(200, 300)
_UNAUTHORIZED = 401
_WRONG_CREDENTIALS = 400
_OFFLINE = frozenset({FailureReason.NO_CONNECTION, FailureReason.CERTIFICATE})
_SERVER_ERROR = range(499, 1000)  # 499: a gateway's note that the client left; Akinon's own client repeats these
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_REDACTED = "***"


def classify_answer(result: HttpResult) -> Verdict:
    """Classify the answer to a cancel call. Pure; tested as a table.

    Done means that the system took the request: the items, read again, prove the rest.
    """
    if isinstance(result, TransportFailure):
        return Unknown(result.reason) if result.possibly_sent else NotSent(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        return Unknown(failure, result.retry_after)
    if result.status in _SUCCESS:
        return Done() if _is_json(result.body) else Unknown(FailureReason.UNREADABLE)
    refusal = _refusal_in(result.body) if result.status in _REFUSALS else None
    return refusal or _classify_undocumented(result)


def read_answer(result: HttpResult) -> Any:
    """The document in the answer to a reading.

    Raises OrderNotFound for a 404 in the system's own form, LookupFailed for every other answer without a document.
    """
    if isinstance(result, TransportFailure):
        raise LookupFailed(result.reason)
    failure = failure_of_status(result.status)
    if failure is not None:
        raise LookupFailed(failure, retry_after=result.retry_after)
    refusal = None if result.status in _SUCCESS else _refusal_in(result.body)
    if refusal is not None:
        message = refusal.message or refusal.code
        raise OrderNotFound(message) if result.status == _NOT_FOUND else LookupFailed(None, message=message)
    if result.status not in _SUCCESS:
        raise LookupFailed(FailureReason.UNREADABLE if result.status == _NOT_FOUND else FailureReason.UNEXPECTED_STATUS)
    try:
        return exact_json.load(result.body)
    except exact_json.Unreadable as error:
        raise LookupFailed(FailureReason.UNREADABLE) from error


def rows_of(document: Any) -> tuple[list[dict[str, Any]], bool | None]:
    """The rows of a list, bare or in a page, and whether there is another page; None where the list does not say.

    Raises LookupFailed.
    """
    is_page = isinstance(document, dict)
    rows = document.get("results") if is_page else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LookupFailed(FailureReason.UNREADABLE)
    return rows, bool(document["next"]) if is_page and "next" in document else None


def token_in(result: HttpResult) -> str:
    """The key in the answer to a login. Raises LookupFailed: CREDENTIALS for wrong ones, which a 400 says."""
    if isinstance(result, HttpResponse) and result.status == _WRONG_CREDENTIALS and _refusal_in(result.body):
        raise LookupFailed(FailureReason.CREDENTIALS)
    key = object_of(read_answer(result)).get("key")
    if not isinstance(key, str) or not key or not key.isascii() or not key.isprintable() or " " in key:
        raise LookupFailed(FailureReason.UNREADABLE)
    return key


def is_unauthorized(result: HttpResult) -> bool:
    """Whether the key is missing or no longer good. Such a request was not executed."""
    return isinstance(result, HttpResponse) and result.status == _UNAUTHORIZED


def failure_of_status(status: int) -> FailureReason | None:
    """The reason of a status that never carries a verdict, whatever its body says; None for the others."""
    if status // 100 in {1, 3}:
        return FailureReason.REDIRECTED
    special = {
        401: FailureReason.CREDENTIALS,
        403: FailureReason.FORBIDDEN,
        407: FailureReason.REDIRECTED,
        408: FailureReason.TIMED_OUT,
        429: FailureReason.THROTTLED,
        503: FailureReason.THROTTLED,
    }
    return special.get(status) or (FailureReason.SERVER_ERROR if status in _SERVER_ERROR else None)


def status_after(result: HttpResult) -> ConnectionStatus:
    """What a call says about the connection."""
    if isinstance(result, TransportFailure):
        if result.reason is FailureReason.CREDENTIALS:
            return ConnectionStatus.CREDENTIALS
        return ConnectionStatus.OFFLINE if result.reason in _OFFLINE else ConnectionStatus.TROUBLE
    failure = failure_of_status(result.status)
    if failure in {FailureReason.CREDENTIALS, FailureReason.FORBIDDEN}:
        return ConnectionStatus.CREDENTIALS
    return ConnectionStatus.ONLINE if failure is None and _is_json(result.body) else ConnectionStatus.TROUBLE


def without_bank_data(verdict: Verdict, secrets: Iterable[str]) -> Verdict:
    """A verdict whose texts show no IBAN and none of `secrets`, as refusals repeat what was sent."""
    if not isinstance(verdict, Refused | Unknown):
        return verdict
    words = [re.escape(secret) for secret in secrets if secret.strip()]
    known = re.compile("|".join(sorted(words, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)
    code, message = (_IBAN.sub(_REDACTED, known.sub(_REDACTED, text)) for text in (verdict.code, verdict.message))
    return replace(verdict, code=code, message=message)


def _classify_undocumented(answer: HttpResponse) -> Unknown:
    words = explanation_in(answer.body)
    if words is None:
        return Unknown(FailureReason.UNREADABLE)
    if answer.status not in _UNDOCUMENTED_REFUSALS:
        return Unknown(FailureReason.UNEXPECTED_STATUS)
    return Unknown(FailureReason.SAYS_NO, code=str(answer.status), message=words)


def _refusal_in(body: bytes) -> Refused | None:
    """The refusal in Omnitron's form: an object of messages, each a text, a list, or an object of such by field."""
    try:
        document = exact_json.load(body)
    except exact_json.Unreadable:
        return None
    if not isinstance(document, dict) or not document:
        return None
    said = {name: value for name, value in document.items() if name != "code"}
    code = text_of(document.get("code"))
    try:
        texts = list(_messages(said))
    except ValueError:
        return None
    if not texts and not code:
        return None
    return Refused(code, plain(" · ".join(dict.fromkeys(texts))))


def _messages(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from filter(None, [value.strip()])
        case list():
            for item in value:
                yield from _messages(item)
        case dict():
            for item in value.values():
                yield from _messages(item)
        case _:
            raise ValueError(type(value))


def _is_json(body: bytes) -> bool:
    """Whether an answer is empty or a JSON document: a captive portal answers with a page."""
    if not body.strip():
        return True
    try:
        exact_json.load(body)
    except exact_json.Unreadable:
        return False
    return True
