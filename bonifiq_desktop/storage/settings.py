"""The shop's settings: one JSON file, validated by pydantic when it is loaded and saved."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from bonifiq_desktop.domain.text import FieldError, plain
from bonifiq_desktop.domain.urls import is_safe_url
from bonifiq_desktop.storage.files import read_json, write_json
from bonifiq_desktop.storage.held_files import retry_while_held
from bonifiq_desktop.storage.language import LANGUAGES

if TYPE_CHECKING:
    from pydantic import TypeAdapter

DEFAULT_URL = "https://api.bonifiq.com.br"
LOCK_MINUTES = range(1, 121)
MAX_RETENTION_DAYS = 3650
TILL_NAME = re.compile(r"[A-Z0-9]{1,12}")
"""A till's short name, as it appears in the numbers of its sales."""
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes


class SettingsError(FieldError):
    """A setting cannot be used."""


@dataclass(frozen=True)
class UpdateFeed:
    """Where notices of newer versions are published, and the publisher's public key (Ed25519)."""

    address: str
    key: bytes


class _Read:
    """Annotation: pydantic accepts the exact type only, then calls a function that returns or refuses the value.

    Unlike pydantic's own AfterValidator it needs no pydantic: the window imports Settings before the worker starts.
    """

    def __init__(self, function: Callable[[Any], Any] = lambda value: value, *, strict: bool = True) -> None:
        self._function = function
        self._strict = strict

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._function, {**handler(source), "strict": self._strict})


def _require(is_usable: bool, value: Any) -> Any:
    if not is_usable:
        raise ValueError
    return value


def _read_url(text: str) -> str:
    url = text.strip().rstrip("/")
    return str(_require(is_safe_url(url), url))


def _read_till(text: str) -> str:
    name = text.strip().upper()
    return str(_require(bool(TILL_NAME.fullmatch(name)), name))


def _read_update_feed(text: str) -> str:
    parse_update_feed(text.strip())
    return text.strip()


def _in(numbers: range) -> _Read:
    return _Read(lambda number: _require(number in numbers, number))


_Text = Annotated[str, _Read(plain)]
_Names = Annotated[tuple[_Text, ...], _Read(lambda names: tuple(filter(None, names)), strict=False)]
_Switch = Annotated[bool, _Read()]


@dataclass(frozen=True)
class Settings:
    """Everything the owner decides. `account` goes into every CancelKey: it must be the same at all tills of a shop.

    `sales_people`, `payment_methods`, `brands`, `categories`: names, with a code where they have one.
    `refund_limit`: cents; a refund beyond it needs a manager, 0: no limit. `lock_after`: minutes without a key or a
    click after which the till asks for a sign-in. `keep_personal_days`: customers' data not seen for longer is deleted.
    `update_feed`: see `parse_update_feed`; empty: the till asks for no newer version.
    """

    url: Annotated[str, _Read(_read_url)] = DEFAULT_URL
    account: _Text = ""
    till: Annotated[str, _Read(_read_till)] = "CAIXA1"
    branch_id: _Text = ""
    branch_name: _Text = ""
    sales_people: _Names = ()
    payment_methods: _Names = (
        "Dinheiro",
        "Pix",
        "Cartão de débito",
        "Cartão de crédito Visa",
        "Cartão de crédito Mastercard",
    )
    brands: _Names = ()
    categories: _Names = ()
    language: Annotated[str, _Read(lambda name: _require(name in LANGUAGES, name))] = LANGUAGES[0]
    order_paths: Annotated[str, _Read(lambda name: _require(name in {"POS", "Order"}, name))] = "POS"
    send_refund_products: _Switch = False
    refund_limit: Annotated[int, _Read(lambda cents: _require(cents >= 0, cents))] = 0
    lock_after: Annotated[int, _in(LOCK_MINUTES)] = 10
    trust_used_key: _Switch = True
    keep_personal_days: Annotated[int, _in(range(1, MAX_RETENTION_DAYS + 1))] = 365
    update_feed: Annotated[str, _Read(_read_update_feed)] = ""

    def validated(self) -> "Settings":
        """Return these settings, tidied. Raises SettingsError with the first field that cannot be used."""
        return _validate(vars(self))


@cache
def _adapter() -> "TypeAdapter[Settings]":
    from pydantic import TypeAdapter

    return TypeAdapter(Settings)


def _validate(values: dict[str, Any]) -> Settings:
    from pydantic import ValidationError

    try:
        return _adapter().validate_python(values)
    except ValidationError as error:
        raise SettingsError(str(error.errors()[0]["loc"][0])) from None


def parse_update_feed(text: str) -> UpdateFeed | None:
    """Parse `https://host/path#KEY`, the one line that a publisher gives away; None for an empty text.

    Raises SettingsError.
    """
    if not text:
        return None
    address, _, key = text.partition("#")
    if not (is_safe_url(address) and _PUBLIC_KEY.fullmatch(key)):
        raise SettingsError("update_feed")
    decoded = urlsafe_b64decode(f"{key}=")
    if urlsafe_b64encode(decoded) != f"{key}=".encode():  # the last character has bits to spare
        raise SettingsError("update_feed")
    return UpdateFeed(address, decoded)


def account_for_token(token: str) -> str:
    """Return the shop's code made from its API token, short enough to read over the telephone."""
    from hashlib import sha256

    return sha256(f"account:{token}".encode()).hexdigest()[:8].upper()


def load_settings(path: Path) -> Settings:
    """Return the stored settings; defaults when there is no file. Raises SettingsError, OSError."""
    try:
        return _validate(read_json(path))
    except SettingsError:
        raise
    except ValueError as error:
        raise SettingsError("file") from error


def save_settings(path: Path, settings: Settings) -> None:
    """Store the settings; settings of a newer version stay in the file. Raises SettingsError, OSError."""
    known = asdict(settings.validated())
    write_json(path, {**_unknown_settings(path, known), **known})


def _unknown_settings(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    try:
        names = read_json(path).keys() - known.keys()
    except ValueError:  # an unreadable file is replaced
        return {}
    written = json.loads(retry_while_held(path.read_bytes)) if names else {}  # with its numbers as they are
    return {name: written[name] for name in written if name in names}
