"""Strict parser for JSON from remote systems and from files that people may have edited."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

MAX_DEPTH = 32
"""Maximum nesting of lists and objects; the API's deepest answer has five levels."""

MAX_DIGITS = 64
"""Maximum length of a number in characters; an exact double needs a third of that."""


class Unreadable(ValueError):
    """The bytes are not one valid JSON document."""


def load(content: bytes) -> Any:
    """Parse one JSON document, with fractions as Decimal.

    Raises Unreadable, also for duplicate names, NaN, and numbers or nesting beyond the limits.
    """
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object_without_duplicates,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unreadable from error
    _check_depth(document)
    return document


def _integer(digits: str) -> int:
    return int(_of_sane_length(digits))


def _fraction(digits: str) -> "Decimal":
    from decimal import Decimal

    return Decimal(_of_sane_length(digits))


def _of_sane_length(digits: str) -> str:
    if len(digits) > MAX_DIGITS:
        raise Unreadable("number")
    return digits


def _refuse_constant(name: str) -> None:
    raise Unreadable(name)


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("duplicate name")
    return found


def _check_depth(document: Any) -> None:
    level = _containers([document])
    for _ in range(MAX_DEPTH):
        level = [
            deeper for outer in level for deeper in _containers(outer.values() if isinstance(outer, dict) else outer)
        ]
    if level:
        raise Unreadable("nesting")


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]
