"""JSON without binary floats, and conversion of amounts and timestamps.

Amounts are Decimal reais in JSON and integer cents in the service.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, DecimalException, Inexact, InvalidOperation
from typing import Any, NoReturn

# Deeper than any request of the contract. Without a limit, a nested body would exhaust the interpreter's stack.
_MAX_DEPTH = 25
_DECIMALS = 2
_CENT = Decimal("0.01")
# 12 digits of reais and two of cents. Without a limit, 1e999999 would become an integer of a million digits.
_EXACT = Context(prec=14, traps=[Inexact, InvalidOperation])

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class JsonError(ValueError):
    """The bytes are not JSON that can be read exactly."""


class AmountError(ValueError):
    """An amount has more than two decimals or too many digits."""


def read_json(raw: bytes) -> Any:
    """Parse one JSON document. Numbers with a fraction or exponent become Decimal.

    Raises JsonError for bytes that are not UTF-8, a repeated property, NaN, lone surrogates and deep nesting. The error
    text holds no value of the document.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_duplicates,
        )
        _check_depth([value], depth=0)
        # A lone surrogate is legal JSON but cannot be written back as UTF-8.
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except JsonError:
        raise
    except (ValueError, RecursionError, DecimalException) as error:
        raise JsonError("body is not valid JSON") from error
    return value


def write_json(value: Any) -> bytes:
    """Serialize to UTF-8 JSON. A Decimal keeps its digits (`129.90`). Raises TypeError for a float."""
    return _text_of(value).encode("utf-8")


def to_cents(amount: int | Decimal) -> int:
    """Convert reais (129.9) to cents (12990) exactly. Raises AmountError."""
    try:
        return int(Decimal(amount).quantize(_CENT, context=_EXACT).scaleb(_DECIMALS))
    except (ArithmeticError, ValueError) as error:
        raise AmountError("amount is not a number of cents, or too large") from error


def to_reais(amount: int) -> Decimal:
    """Convert cents (12990) to reais with two decimals (129.90)."""
    return Decimal(amount).scaleb(-_DECIMALS)


def format_brl(amount: int) -> str:
    """Format cents as `R$ 1.234,56`, with the no-break space of the vendor's platform."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}R$\N{NO-BREAK SPACE}{whole:,}".replace(",", ".") + f",{rest:02d}"


def parse_timestamp(text: str) -> datetime:
    """Parse an RFC 3339 timestamp to UTC, dropping digits beyond the microsecond. Raises ValueError."""
    if not _TIMESTAMP.fullmatch(text.upper()):
        raise ValueError("timestamp is not RFC 3339 with an offset")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("timestamp is outside the calendar") from error


def format_timestamp(when: datetime) -> str:
    """Format a time as UTC with seven fraction digits, as in the vendor's samples."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "0Z"


def _refuse_constant(_name: str) -> NoReturn:
    raise JsonError("NaN and Infinity are not JSON")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonError("JSON property appears twice")
    return found


def _check_depth(value: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise JsonError("JSON is nested too deeply")
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            _check_depth(inner, depth + 1)


def _text_of(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text_of(name)}:{_text_of(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text_of, value)) + "]"
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if value is None or isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{type(value).__name__} cannot be written to JSON exactly")
