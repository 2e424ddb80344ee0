"""Field types of an answer: exact ones, which refuse an invalid value, and tolerant ones, which leave it out.

Tolerant types read a number in place of a text as that text, and a text that is a number as that number: two
generations of servers, and the systems behind them, write some of these fields either way.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator

from bonifiq_desktop.domain.coded_names import format_coded_name
from bonifiq_desktop.domain.money import Cents, MoneyError, from_wire
from bonifiq_desktop.domain.orders import OrderState
from bonifiq_desktop.domain.text import escape_hidden, plain

_MAX_ITEMS = 1000
_MAX_POINTS = 10**15
_MAX_DIGITS = 30
_YEARS = range(1900, 3000)  # in others, a conversion to the PC's time zone may overflow; .NET's "no date" is year 1
_AMOUNT = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,16}", re.ASCII)
_STATES = {state.name.lower(): state for state in OrderState}
_CANCELLED = re.compile(
    r"cancell?ed|returned|cancell?edorreturned|refunded|voided|cancelad[oa]|devolvid[oa]|estornad[oa]"
    r"|cancelad[oa]oudevolvid[oa]"
)
"""Names of the state CANCELLED, without separators; "PartiallyReturned", which only contains one, does not count."""
_YEAR_AFTER_1970 = re.compile(r"(?<!\d)(?:19[7-9][1-9]|19[89]0|[2-9]\d{3})(?!\d)")
_TICKS_AFTER_1970 = re.compile(r"(?:/Date\()?[1-9]\d{8,}(?:[+-]\d{4})?(?:\)/)?", re.ASCII)
_WORDS = {"true": True, "false": False}

T = TypeVar("T", bound=BaseModel)


# --- exact


def _exact_cents(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("not a JSON number")
    return from_wire(value)


def _exact_name(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("not a JSON string")
    return escape_hidden(value)


# --- tolerant


def _string(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return ""
        case int():
            return str(value)
        case Decimal() if value.is_finite() and abs(value.adjusted()) < _MAX_DIGITS:
            return format(value if value != value.to_integral_value() else value.to_integral_value(), "f")
        case _:
            return ""


def _cents(value: Any) -> Cents | None:
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = Decimal(value)
    try:
        return _exact_cents(value)  # type: ignore[no-any-return]
    except (MoneyError, ValueError):
        return None


def parse_whole_number(value: Any) -> int | None:
    """A whole number, also as `310.0` or `"310"`; None for any other value."""
    match value:
        case bool():
            return None
        case int():
            return value
        case Decimal() if value.is_finite() and abs(value) <= _MAX_POINTS and value == value.to_integral_value():
            return int(value)
        case str() if _WHOLE.fullmatch(value):
            return int(value)
        case _:
            return None


def _number(value: Any) -> Decimal | None:
    """A number of at most `_MAX_POINTS`, also as a text; None for any other value."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    # Check the size of the exponent first: exact arithmetic with 1e-999999 would fill the memory.
    is_sane = number.is_finite() and abs(number.adjusted()) < _MAX_DIGITS
    return number if is_sane and abs(number) <= _MAX_POINTS else None


def _points(value: Any) -> int | None:
    number = parse_whole_number(value)
    return number if number is not None and abs(number) <= _MAX_POINTS else None


def parse_flag(value: Any) -> bool | None:
    """A flag, also as `1` or `"true"`; None for any other value."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _WORDS.get(value.strip().lower())
    return {0: False, 1: True}.get(value) if isinstance(value, int) else None


def _moment(value: Any) -> datetime | None:
    """A date of the API: zero to seven fraction digits, and UTC where the offset is missing."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _part(value: Any) -> Any:
    return value if isinstance(value, dict) else None


def _items(value: Any) -> list[Any]:
    # A list that is too long to be shown is left out whole: part of the items would not add up to the total.
    if not isinstance(value, list) or len(value) > _MAX_ITEMS:
        return []
    return [item for item in value if isinstance(item, dict)]


def parse_state(value: Any) -> OrderState | None:
    """The state of an order by its number or its name; None for an unknown one."""
    number = parse_whole_number(value)
    if number is not None:
        return OrderState(number) if number in set(OrderState) else None
    if not isinstance(value, str):
        return None
    name = re.sub(r"[\W_]", "", value).lower()
    return OrderState.CANCELLED if _CANCELLED.fullmatch(name) else _STATES.get(name)


def _is_date(value: Any) -> bool:
    """Whether a value is a date later than 1970, in any form: databases write 1900 and 1970 for "no date"."""
    text = _string(value).strip()
    return bool(_YEAR_AFTER_1970.search(text) or _TICKS_AFTER_1970.fullmatch(text))


def _party(value: Any) -> str:
    """A branch or a seller. The vendor's pages name these fields, but not their shape: that of a request is read."""
    if not isinstance(value, dict):
        return ""
    parts = [value.get(name) for name in ("OriginalId", "Name")]
    return format_coded_name(*(part if isinstance(part, str) else "" for part in parts))


ExactCents = Annotated[Cents | None, BeforeValidator(_exact_cents)]
ExactText = Annotated[str, BeforeValidator(_exact_name)]
OptionalCents = Annotated[Cents | None, BeforeValidator(_cents)]
Points = Annotated[int | None, BeforeValidator(_points)]
Text = Annotated[str, BeforeValidator(lambda value: plain(_string(value)))]
VisibleText = Annotated[str, BeforeValidator(lambda value: escape_hidden(_string(value)))]
Flag = Annotated[bool | None, BeforeValidator(parse_flag)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
HasDate = Annotated[bool, BeforeValidator(_is_date)]
WholeNumber = Annotated[int | None, BeforeValidator(parse_whole_number)]
OptionalNumber = Annotated[Decimal | None, BeforeValidator(_number)]
OptionalObject = Annotated[T | None, BeforeValidator(_part)]
ObjectList = Annotated[list[T], BeforeValidator(_items)]
Party = Annotated[str, BeforeValidator(_party)]
"""As `read_coded_name` reads it."""
