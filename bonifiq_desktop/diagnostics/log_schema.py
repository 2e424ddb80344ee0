"""What a value must look like to be let into the log, a report or the support file. Whatever is not known stays out."""

import re
from collections.abc import Callable, Mapping
from typing import Any

REPORTED_OPTIONS = ("--training", "--data-dir", "--api-url", "--lang")
"""Options of the command line of which a report says that they were given, never their values."""
_MOST = 10**9  # a CPF is longer

Shape = Callable[[Any], object]
"""Whether a value may stay."""


def text(pattern: str) -> Shape:
    """A text that is all of a pattern."""
    fits = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and fits(value)


def list_of(pattern: str, most: int) -> Shape:
    """At most so many such texts."""
    fits = text(pattern)
    return lambda value: isinstance(value, list) and len(value) <= most and all(map(fits, value))


def number(value: Any) -> bool:
    """A whole number of up to nine digits."""
    return type(value) is int and abs(value) < _MOST


def kept(data: Mapping[str, Any], shapes: Mapping[str, Shape]) -> dict[str, Any]:
    """Of an object, what is named in `shapes` and looks so."""
    return {name: data[name] for name, fits in shapes.items() if name in data and fits(data[name])}
