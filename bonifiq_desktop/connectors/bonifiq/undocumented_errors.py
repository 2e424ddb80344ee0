"""Words of an answer that has no form of the API's: problem details, model errors, plain text, another JSON."""

import re
from collections.abc import Iterator
from typing import Any

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.text import plain

MAX_SHOWN = 200
"""Characters shown; the rest of a long explanation is for programmers."""

_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|title|script|meta)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
# Fields that explain, in the forms of ASP.NET, problem details, OAuth, Spring and gateways. Everything else may name a
# customer, or differ each time (traceId), so that two equal answers would not look equal.
_EXPLAINS = frozenset(
    {"message", "messagedetail", "exceptionmessage", "errormessage", "friendlyerrormessage", "codename", "title"}
    | {"detail", "details", "error", "errors", "modelstate", "errordescription", "description", "reason", "msg"}
    | {"fault", "faultstring"}
)


def explanation_in(body: bytes) -> str | None:
    """What an answer says to people, shortened, without personal data; empty when it says nothing.

    None for what may be cut or made by something in between: a web page, broken JSON, bytes that are no text.
    """
    if _PAGE.search(body[:2000]):
        return None
    if body.lstrip()[:1] in {b"{", b"[", b'"'}:
        try:
            said = list(_strings(exact_json.load(body)))
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
    """The text of an answer that is nothing but one: bare, a JSON string, or an object with a Message and no more."""
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
        return body.decode("latin-1")  # old servers write so; bytes that are no text have signs that do not print


def _strings(document: Any, *, explains: bool = False) -> Iterator[str]:
    """The texts of a document; of an object, those of fields that explain, and all that these hold."""
    match document:
        case str():
            yield document
        case list():
            for item in document:
                yield from _strings(item, explains=explains)
        case dict():
            for name, item in document.items():
                if explains or name.lower().replace("_", "") in _EXPLAINS:
                    yield from _strings(item, explains=True)
