"""Read and write JSON with exact numbers: integers and Decimals, never floats."""

import json
from collections.abc import Iterator
from decimal import Decimal

from bonifiq_desktop.domain.strict_json import Unreadable, load

__all__ = ["Unreadable", "dump", "load"]


def dump(value: object) -> bytes:
    """Compact UTF-8 JSON. Decimals become plain JSON numbers, digit for digit. Raises TypeError for a float."""
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
