"""What was seen, judged: one pure function for requests that change something, one for look-ups."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bonifiq_desktop.api import wire
from bonifiq_desktop.api.client import HttpAnswer, NoAnswer, Seen
from bonifiq_desktop.api.models import CancelResult, Envelope, OrderAnswer, SaleResult
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Order, same_order
from bonifiq_desktop.domain.verdicts import (
    CancelStatus,
    Done,
    LookupFailed,
    NotSent,
    OrderNotFound,
    Refused,
    Trouble,
    Unknown,
    Verdict,
)

_ENVELOPE_NAMES = frozenset({"HasError", "Severity", "Result", "ErrorMessage", "CodeName", "HasWarning"})
_REFUSED_STATUS = frozenset({1, 2})  # Refuse and Error: refusals even when no flag says so
_NAMES_KEY = re.compile(r"cancel[\s_-]*key|chave\s+(?:de\s+)?(?:cancelamento|estorno)", re.IGNORECASE)
_SPENT = r"(?:used|exists?|in[\s_-]?use|taken|spent|consumed|registered)(?![a-z])"
_GASTA = r"(?:utilizad|usad|consumid|registrad|cadastrad|existe|em\s+uso)"
_SAYS_USED = re.compile(
    rf"""already[\s_-]*(?:been[\s_-]*)?{_SPENT} | already\s+(?:an?|one|another)\s | (?:has|had)\s+been\s+{_SPENT}
    | was\s+{_SPENT} | key[\s_-]*(?:exists|in[\s_-]?use)(?![a-z]) | key[\s_-]*used\W*$
    | (?<!\w)j[áa]\s+(?:foi\s+|est[áa]\s+|havia\s+sido\s+)?{_GASTA} | (?<!n[ãa]o\s)(?<!\w)foi\s+{_GASTA}
    | (?:cancelamento|estorno|key)\s+(?:utilizad|usad)[ao]\W*$
    | duplicat(?:ed?|ion) | duplicad | repetid | re-?used | reutilizad""",
    re.IGNORECASE | re.VERBOSE,
)
_SAYS_MISSING = re.compile(
    r"not[\s_-]?found|does\s?n[o']t\s+exist|no\s+such|unknown[\s_-]*order|n[ãa]o\s+(?:foi\s+)?(?:encontrad|localizad|exist)|inexistente",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Body:
    envelope: Envelope
    result: Any
    status: int


def judge(kind: Kind, seen: Seen, *, order_id: str, cancel_key: str | None) -> Verdict:
    """What an answer to a sale, refund or whole cancel says. Pure; tested as a table.

    Anything that is neither a complete success nor a well-formed refusal is Unknown.
    """
    if isinstance(seen, NoAnswer):
        return Unknown(seen.trouble) if seen.may_have_left else NotSent(seen.trouble)
    trouble = trouble_of_status(seen.status)
    if trouble is not None:
        return Unknown(trouble, seen.retry_after)
    try:
        body = _read_body(seen)
        if body.envelope.refuses:
            return _refusal(body.envelope, cancel_key)
        if not _is_success(seen.status):
            return Unknown(Trouble.UNEXPECTED_STATUS)
        if not isinstance(body.result, dict) or not body.result:
            return Unknown(Trouble.EMPTY_RESULT)
        if kind in {Kind.SALE, Kind.COMPLETION}:
            return _judge_sale(body, order_id)
        return _judge_cancel(kind, body, order_id, cancel_key)
    except (wire.Unreadable, ValidationError):
        return Unknown(Trouble.UNREADABLE)


def _judge_sale(body: _Body, order_id: str) -> Verdict:
    result = SaleResult.model_validate(body.result)
    if result.order_id and not same_order(result.order_id, order_id):
        return Unknown(Trouble.WRONG_ORDER)
    if not result.order_id and result.bonus is None:
        return Unknown(Trouble.UNREADABLE)
    return Done(bonus=result.bonus.to_domain() if result.bonus else None, warning=_warning(body.envelope))


def _judge_cancel(kind: Kind, body: _Body, order_id: str, cancel_key: str | None) -> Verdict:
    result = CancelResult.model_validate(body.result)
    # The documented answer names no order; one that does, and another one, is not the answer to this request.
    if result.order_id and not same_order(result.order_id, order_id):
        return Unknown(Trouble.WRONG_ORDER)
    if result.details is not None:
        details = result.details
        texts = (details.code, details.message, details.field)
        return Refused(details.code, details.message, used_key=names_used_key(texts, cancel_key))
    if result.status in _REFUSED_STATUS:
        return _refusal(body.envelope, cancel_key)
    if result.is_canceled is None and result.updated_at is None and result.status is None:
        return Unknown(Trouble.UNREADABLE)
    # A partial cancel may say isCanceled false (the order lives on); a whole one must say true.
    if kind is Kind.CANCEL and not result.is_canceled:
        return Unknown(Trouble.EMPTY_RESULT)
    status = None if result.status is None else CancelStatus(result.status)
    return Done(warning=_warning(body.envelope), status=status)


def _refusal(envelope: Envelope, cancel_key: str | None) -> Refused:
    code = envelope.code_name or envelope.code
    texts = (envelope.code_name, envelope.message)
    return Refused(code, envelope.message, used_key=names_used_key(texts, cancel_key))


def _warning(envelope: Envelope) -> str:
    return envelope.message if envelope.has_warning or envelope.severity == 1 else ""


def names_used_key(texts: tuple[str, ...], cancel_key: str | None) -> bool:
    """Whether a refusal says that this CancelKey was used before. No page documents its form.

    Both parts must be there: "CancelKey is too long" names the key and says nothing about a first refund. In doubt
    the answer is no: a person then decides about a repeat, where a wrong yes would call it refunded.
    """
    if cancel_key is None:
        return False
    plain = [unicodedata.normalize("NFC", text) for text in texts]
    names_key = any(cancel_key in text or _NAMES_KEY.search(text) for text in plain)
    return names_key and any(_SAYS_USED.search(text) for text in plain)


def read_order(seen: Seen, asked: str) -> Order:
    """The order of a look-up, whether it comes bare or in the envelope.

    The order may bear another number than the one asked for: the caller must compare. Raises OrderNotFound,
    LookupFailed.
    """
    if isinstance(seen, NoAnswer):
        raise LookupFailed(seen.trouble)
    trouble = trouble_of_status(seen.status)
    if trouble is not None:
        raise LookupFailed(trouble, retry_after=seen.retry_after)
    if seen.status == 404 and not seen.body.strip():  # noqa: PLR2004
        raise OrderNotFound
    try:
        body = _read_body(seen)
        if seen.status == 404 or _says_missing(body.envelope):  # noqa: PLR2004
            raise OrderNotFound(body.envelope.message)
        if body.envelope.refuses:
            # Refused for another reason: an uncertain sale must not be sent again for that.
            raise LookupFailed(None, message=body.envelope.message)
        if not _is_success(seen.status):
            raise LookupFailed(Trouble.UNEXPECTED_STATUS)
        if body.result is None:
            raise OrderNotFound(body.envelope.message)
        answer = OrderAnswer.model_validate(body.result)
    except (wire.Unreadable, ValidationError) as error:
        raise LookupFailed(Trouble.UNREADABLE) from error
    if answer.total is None:
        raise LookupFailed(Trouble.UNREADABLE)
    return answer.to_domain(asked, answer.total)


def _says_missing(envelope: Envelope) -> bool:
    text = f"{envelope.code_name} {envelope.message}"
    return envelope.refuses and bool(_SAYS_MISSING.search(unicodedata.normalize("NFC", text)))


def _read_body(answer: HttpAnswer) -> _Body:
    data = wire.load(answer.body)
    if not isinstance(data, dict):
        raise wire.Unreadable
    wrapped = not _ENVELOPE_NAMES.isdisjoint(data)
    envelope = Envelope.model_validate(data if wrapped else {})
    return _Body(envelope, data.get("Result") if wrapped else data, answer.status)


def _is_success(status: int) -> bool:
    return status // 100 == 2  # noqa: PLR2004


def trouble_of_status(status: int) -> Trouble | None:
    """Statuses that never carry a verdict, whatever their body says."""
    if status // 100 in {1, 3}:
        return Trouble.REDIRECTED
    special = {
        401: Trouble.CREDENTIALS,
        403: Trouble.CREDENTIALS,
        407: Trouble.REDIRECTED,  # a proxy in between, not BonifiQ
        408: Trouble.TIMED_OUT,
        429: Trouble.THROTTLED,
        503: Trouble.THROTTLED,
    }
    return special.get(status) or (Trouble.SERVER_ERROR if status >= 500 else None)  # noqa: PLR2004
