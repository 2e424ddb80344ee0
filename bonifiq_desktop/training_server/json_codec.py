"""JSON without binary floats, and conversion of amounts and timestamps.

Amounts are Decimal reais in JSON and integer cents in the service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import Any, NoReturn

# Deeper than any request of the contract. Without a limit, a nested body would exhaust the interpreter's stack.
_MAX_DEPTH = 24
# Integer digits of an amount in reais. Without a limit, 1e999999 would become an integer of a million digits.
_MAX_WHOLE_DIGITS = 12
_DECIMALS = 2

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
    except JsonError:
        raise
    except (ValueError, RecursionError, DecimalException) as error:
        raise JsonError("body is not valid JSON") from error
    _check_depth(value, depth=0)
    return value


def write_json(value: Any, *, indent: int = 0) -> bytes:
    """Serialize to UTF-8 JSON. A Decimal keeps its digits (`129.90`). Raises TypeError for a float."""
    return "".join(_write(value, " " * indent, "\n" if indent else "")).encode("utf-8")


def to_cents(amount: int | Decimal) -> int:
    """Convert reais (129.9) to cents (12990) exactly. Raises AmountError."""
    sign, digits, exponent = Decimal(amount).as_tuple()
    if not isinstance(exponent, int):
        raise AmountError("amount is not finite")
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    exponent += len(text) - len(kept)
    if not kept:
        return 0
    if exponent < -_DECIMALS:
        raise AmountError("amount has more than two decimals")
    if len(kept) + exponent > _MAX_WHOLE_DIGITS:
        raise AmountError("amount is too large")
    amount_in_cents = int(kept + "0" * (exponent + _DECIMALS))
    return -amount_in_cents if sign else amount_in_cents


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
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name)
            _check_depth(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_depth(inner, depth + 1)


def _check_text(text: str) -> None:
    # A lone surrogate is legal JSON but cannot be written back as UTF-8.
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise JsonError("JSON text holds a lone surrogate")


def _write(value: Any, step: str, line: str) -> Iterable[str]:
    if isinstance(value, Mapping):
        rows = [
            f"{_text(name)}:{' ' * bool(step)}" + "".join(_write(x, step, line + step)) for name, x in value.items()
        ]
        return _wrap("{", rows, "}", step, line)
    if isinstance(value, list | tuple):
        return _wrap("[", ["".join(_write(inner, step, line + step)) for inner in value], "]", step, line)
    return (_scalar(value),)


def _wrap(opening: str, rows: list[str], closing: str, step: str, line: str) -> Iterable[str]:
    if not rows:
        return (opening, closing)
    return (opening, line, step, f",{line}{step}".join(rows), line, closing)


def _scalar(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    if value is None or isinstance(value, bool | int):
        return json.dumps(value)
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"{type(value).__name__} cannot be written to JSON exactly")


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
