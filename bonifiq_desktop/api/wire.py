"""JSON with exact numbers, both ways."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any


class Unreadable(ValueError):
    """The bytes are not one sound JSON document."""


def dump(value: object) -> bytes:
    """Compact UTF-8 JSON; Decimals become plain JSON numbers, digit for digit. Floats are refused with TypeError."""
    return "".join(_pieces(value)).encode()


def _pieces(value: object) -> Iterator[str]:
    match value:
        case None | bool() | int() | str():
            yield json.dumps(value, ensure_ascii=False)
        case Decimal():
            if not value.is_finite():
                raise TypeError(value)
            yield format(value, "f")
        case dict():
            yield "{"
            for position, (name, item) in enumerate(value.items()):
                if not isinstance(name, str):
                    raise TypeError(name)
                yield f"{',' if position else ''}{json.dumps(name, ensure_ascii=False)}:"
                yield from _pieces(item)
            yield "}"
        case list() | tuple():
            yield "["
            for position, item in enumerate(value):
                yield "," if position else ""
                yield from _pieces(item)
            yield "]"
        case _:
            raise TypeError(type(value))


def load(content: bytes) -> Any:
    """One JSON document: fractions as Decimal; NaN, duplicate names and bottomless nesting raise Unreadable."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object_without_duplicates,
        )
    except Unreadable:
        raise
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Unreadable from error


def _refuse_constant(name: str) -> None:
    raise Unreadable(name)


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("duplicate name")
    return found
