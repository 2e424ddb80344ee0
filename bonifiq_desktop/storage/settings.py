"""The shop's settings: one JSON file, validated by pydantic when it is loaded and saved."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from bonifiq_desktop.domain.text import FieldError
from bonifiq_desktop.domain.urls import is_safe_url
from bonifiq_desktop.storage.field_types import Read, Switch, Text, one_of, read_url, require
from bonifiq_desktop.storage.files import read_json, write_json
from bonifiq_desktop.storage.held_files import retry_while_held
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.printer_settings import PrinterSettings
from bonifiq_desktop.storage.remote_settings import RemoteSettings, Unique
from bonifiq_desktop.storage.shop_database_settings import ShopDatabaseSettings

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


def _read_till(text: str) -> str:
    name = text.strip().upper()
    return str(require(bool(TILL_NAME.fullmatch(name)), name))


def _read_update_feed(text: str) -> str:
    parse_update_feed(text.strip())
    return text.strip()


_Names = Annotated[tuple[Text, ...], Read(lambda names: tuple(filter(None, names)), strict=False)]


@dataclass(frozen=True)
class Settings:
    """Everything the owner decides. `account` goes into every CancelKey: it must be the same at all tills of a shop.

    `sales_people`, `payment_methods`, `brands`, `categories`: names, with a code where they have one.
    `refund_limit`: cents; a refund beyond it needs a manager, 0: no limit. `reward_limit`: the same for a reward.
    `return_used_reward`: a refund states whether the reward used in the order is given back (`yes`, `no`); empty: it
    states nothing, and BonifiQ's own setting holds. `lock_after`: minutes without a key or a
    click after which the till asks for a sign-in. `keep_personal_days`: customers' data not seen for longer is deleted.
    `update_feed`: see `parse_update_feed`; empty: the till asks for no newer version.
    `connections`: to marketplaces and web shops, each with its own name. `printer`: where slips go.
    `shop_database`: the database in which the tills of a shop share their history.
    """

    url: Annotated[str, Read(read_url)] = DEFAULT_URL
    account: Text = ""
    till: Annotated[str, Read(_read_till)] = "CAIXA1"
    branch_id: Text = ""
    branch_name: Text = ""
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
    language: Annotated[str, Read(lambda name: require(name in LANGUAGES, name))] = LANGUAGES[0]
    order_paths: Annotated[str, Read(lambda name: require(name in {"POS", "Order"}, name))] = "POS"
    send_refund_products: Switch = False
    refund_limit: Annotated[int, Read(lambda cents: require(cents >= 0, cents))] = 0
    reward_limit: Annotated[int, Read(lambda cents: require(cents >= 0, cents))] = 0
    return_used_reward: Annotated[str, Read(lambda name: require(name in {"", "yes", "no"}, name))] = ""
    lock_after: Annotated[int, one_of(LOCK_MINUTES)] = 10
    trust_used_key: Switch = True
    keep_personal_days: Annotated[int, one_of(range(1, MAX_RETENTION_DAYS + 1))] = 365
    update_feed: Annotated[str, Read(_read_update_feed)] = ""
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    connections: Annotated[tuple[RemoteSettings, ...], Unique(lambda each: each.name.casefold())] = ()
    shop_database: ShopDatabaseSettings = field(default_factory=ShopDatabaseSettings)

    def validated(self) -> "Settings":
        """Return these settings, tidied.

        Raises SettingsError with the first field that cannot be used; one of a connection is `connections.url`.
        """
        return _validate(asdict(self))

    def connection(self, name: str) -> RemoteSettings | None:
        """The connection with a name, whatever its capitals, or None."""
        return next((each for each in self.connections if each.name.casefold() == name.strip().casefold()), None)


@cache
def _adapter() -> "TypeAdapter[Settings]":
    from pydantic import TypeAdapter

    return TypeAdapter(Settings)


def _validate(values: dict[str, Any]) -> Settings:
    from pydantic import ValidationError

    try:
        settings = _adapter().validate_python(values)
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        names = [str(part) for part in place if isinstance(part, str)]
        raise SettingsError(".".join(names[:2])) from None
    if not all(each.has_usable_host for each in settings.connections):
        raise SettingsError("connections.url")
    return settings


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
    write_json(path, _with_unknown(known, _written(path)))


def _written(path: Path) -> dict[str, Any]:
    """What the file holds, with its numbers as they are; nothing where it is unreadable, and is replaced."""
    try:
        if not read_json(path):
            return {}
    except ValueError:
        return {}
    written: dict[str, Any] = json.loads(retry_while_held(path.read_bytes))
    return written


_KEYS = {"connections": "name", "reasons": "reason"}
"""Lists of objects, and the field that names each object."""


def _with_unknown(known: dict[str, Any], written: Any) -> dict[str, Any]:
    """The known values, with those of the file that only a newer version knows, also in the parts of a connection."""
    if not isinstance(written, dict):
        return known
    merged = {name: value for name, value in written.items() if name not in known} | known
    for name, key in _KEYS.items():
        stored = written.get(name)
        if name in known and isinstance(stored, list):
            by_key = {str(each.get(key)): each for each in stored if isinstance(each, dict)}
            merged[name] = [_with_unknown(each, by_key.get(str(each[key]))) for each in known[name]]
    return merged
