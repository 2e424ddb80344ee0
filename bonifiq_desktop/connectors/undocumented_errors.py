"""Read the words of an error in no documented form: problem details, model errors, plain text, other JSON."""

import re
from collections.abc import Iterator
from typing import Any

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.text import plain

MAX_SHOWN = 200
"""Characters that are shown; the rest of a long explanation is for programmers."""

_HTML_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|title|script|meta)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# Fields with messages, in the forms of ASP.NET, problem details, OAuth, Spring and gateways. Other fields may name a
# customer, or differ each time (traceId), so that two equal answers would not compare equal.
_MESSAGE_FIELDS = frozenset(
    {"message", "messagedetail", "exceptionmessage", "errormessage", "friendlyerrormessage", "codename", "title"}
    | {"detail", "details", "error", "errors", "modelstate", "errordescription", "description", "reason", "msg"}
    | {"fault", "faultstring"}
)


def explanation_in(body: bytes) -> str | None:
    """The message of an answer, shortened, without personal data; empty when it has none.

    None for an answer that may be cut or come from a gateway: a web page, broken JSON, bytes that are no text.
    """
    if _HTML_PAGE.search(body[:2000]):
        return None
    if body.lstrip()[:1] in {b"{", b"[", b'"'}:
        try:
            said = list(_explaining_texts(exact_json.load(body)))
        except exact_json.Unreadable:
            return None
    else:
        text = _decoded(body)
        if not all(sign.isprintable() or sign.isspace() for sign in text):
            return None
        said = [_TAG.sub(" ", text)]
    words = redact_personal_data(plain(" · ".join(dict.fromkeys(filter(None, map(str.strip, said))))))
    return words if len(words) <= MAX_SHOWN else words[: MAX_SHOWN - 1].rstrip() + "…"


def plain_message_in(body: bytes) -> str:
    """The text of an answer that holds only a text: bare, a JSON string, or an object with a single Message."""
    if body.lstrip()[:1] in {b"{", b'"'}:
        try:
            document = exact_json.load(body)
        except exact_json.Unreadable:
            return ""
        said = document.get("Message") if isinstance(document, dict) and len(document) == 1 else document
        return plain(said) if isinstance(said, str) else ""
    return (explanation_in(body) or "") if body.lstrip()[:1] not in {b"[", b"<"} else ""


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")  # as old servers write; binary data has characters that do not print


def _explaining_texts(document: Any, *, explains: bool = False) -> Iterator[str]:
    """The texts of a document; of an object, those of fields with messages, at any depth below these."""
    match document:
        case str():
            yield document
        case list():
            for item in document:
                yield from _explaining_texts(item, explains=explains)
        case dict():
            for name, item in document.items():
                if explains or name.lower().replace("_", "") in _MESSAGE_FIELDS:
                    yield from _explaining_texts(item, explains=True)
