"""Types of the fields of stored settings, for pydantic."""

from collections.abc import Callable
from typing import Annotated, Any

from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.urls import is_safe_url


class Read:
    """Annotation: pydantic accepts the exact type only, then calls a function that returns or refuses the value.

    Unlike pydantic's own AfterValidator it needs no pydantic: the window imports Settings before the worker starts.
    """

    def __init__(self, function: Callable[[Any], Any] = lambda value: value, *, strict: bool = True) -> None:
        self._function = function
        self._strict = strict

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._function, {**handler(source), "strict": self._strict})


def require(is_usable: bool, value: Any) -> Any:
    """The value, where it is usable. Raises ValueError."""
    if not is_usable:
        raise ValueError
    return value


def read_url(text: str) -> str:
    """An address that credentials may go to, tidied. Raises ValueError."""
    url = text.strip().rstrip("/")
    return str(require(is_safe_url(url), url))


def one_of(numbers: range) -> Read:
    """Annotation: only these numbers."""
    return Read(lambda number: require(number in numbers, number))


Text = Annotated[str, Read(plain)]
Switch = Annotated[bool, Read()]
