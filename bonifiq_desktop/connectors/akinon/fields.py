"""Read fields of Omnitron's answers: numbers come as text or as numbers, relations as a key or as an object."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bonifiq_desktop.domain.text import escape_hidden, plain

_MAX_KEY_DIGITS = 18
_MAX_AMOUNT = Decimal(10**13)
_FINEST = -6  # exponent of the last decimal place of an amount
_YEARS = range(1900, 3000)


def key_of(value: Any) -> int | None:
    """The integer key of a relation: a number, a number as text, or the `pk` of an object."""
    match value:
        case bool():
            return None
        case int() if value > 0 and len(str(value)) <= _MAX_KEY_DIGITS:
            return value
        case str() if value.isascii() and value.isdecimal() and len(value) <= _MAX_KEY_DIGITS:
            return int(value) or None
        case dict():
            return key_of(value.get("pk", value.get("id")))
        case _:
            return None


def text_of(value: Any) -> str:
    """A text for reading, also of a number; empty for every other value."""
    return plain(_string(value))


def code_of(value: Any) -> str:
    """A text that names something, with its invisible characters shown."""
    return escape_hidden(_string(value))


def amount_of(value: Any) -> Decimal | None:
    """An amount that is not negative, from text or number; None for every other value."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < _MAX_AMOUNT:
        return None
    exponent = amount.as_tuple().exponent
    return amount if isinstance(exponent, int) and exponent >= _FINEST else None


def moment_of(value: Any) -> datetime | None:
    """A date and time; UTC where the offset is missing."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def object_of(value: Any) -> dict[str, Any]:
    """An object; an empty one for every other value."""
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return ""
    return value if isinstance(value, str) else str(value)
