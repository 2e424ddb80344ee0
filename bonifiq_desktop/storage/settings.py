"""The shop's settings: typed, with defaults, in one JSON file."""

import ipaddress
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bonifiq_desktop.domain.text import is_plain, plain
from bonifiq_desktop.storage.files import read_json, write_json
from bonifiq_desktop.storage.language import LANGUAGES

DEFAULT_URL = "https://api.bonifiq.com.br"
LOCK_MINUTES = range(1, 121)
"""Minutes."""
MAX_RETENTION_DAYS = 3650
TILL_NAME = re.compile(r"[A-Z0-9]{1,12}")
"""A till's short name, as it appears in the numbers of its sales."""
_PUBLIC_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes


class SettingsError(ValueError):
    """A setting cannot be used; `field` names it."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name)
        self.field = field_name


@dataclass(frozen=True)
class UpdateFeed:
    """Where notices of newer versions are published, and the public key (Ed25519) of whoever signs them."""

    address: str
    key: bytes


@dataclass(frozen=True)
class Settings:
    """Everything the owner decides. `account` goes into every CancelKey: it must be the same at all tills of a shop.

    `sales_people`, `payment_methods`, `brands`, `categories`: names, some with a code (domain/coded_names.py).
    `refund_limit`: cents; what is given back of one order beyond it needs a manager, 0: no limit. `lock_after`: minutes
    without a key or a click after which the till asks again who is there.
    `keep_personal_days`: after so many days without being seen, customers' data is dropped. `update_feed`: see
    `read_feed`; empty: nobody is asked for newer versions.
    """

    url: str = DEFAULT_URL
    account: str = ""
    till: str = "CAIXA1"
    branch_id: str = ""
    branch_name: str = ""
    sales_people: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = field(
        default=(
            "Dinheiro",
            "Pix",
            "Cartão de débito",
            "Cartão de crédito Visa",
            "Cartão de crédito Mastercard",
        )
    )
    brands: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = LANGUAGES[0]
    order_paths: str = "POS"
    send_refund_products: bool = False
    refund_limit: int = 0
    lock_after: int = 10
    trust_used_key: bool = True
    keep_personal_days: int = 365
    update_feed: str = ""

    def checked(self) -> "Settings":
        """These settings, tidied. Raises SettingsError naming the first field that cannot be used."""
        tidy = replace(
            self,
            url=self.url.strip().rstrip("/"),
            till=self.till.strip().upper(),
            account=plain(self.account),
            branch_id=plain(self.branch_id),
            branch_name=plain(self.branch_name),
            sales_people=tuple(filter(None, map(plain, self.sales_people))),
            payment_methods=tuple(filter(None, map(plain, self.payment_methods))),
            brands=tuple(filter(None, map(plain, self.brands))),
            categories=tuple(filter(None, map(plain, self.categories))),
            update_feed=self.update_feed.strip(),
        )
        if not is_safe_url(tidy.url):
            raise SettingsError("url")
        if not TILL_NAME.fullmatch(tidy.till):
            raise SettingsError("till")
        if tidy.language not in LANGUAGES:
            raise SettingsError("language")
        if tidy.order_paths not in {"POS", "Order"}:
            raise SettingsError("order_paths")
        if tidy.refund_limit < 0:
            raise SettingsError("refund_limit")
        if tidy.lock_after not in LOCK_MINUTES:
            raise SettingsError("lock_after")
        if not 1 <= tidy.keep_personal_days <= MAX_RETENTION_DAYS:
            raise SettingsError("keep_personal_days")
        parse_update_feed(tidy.update_feed)
        return tidy


def is_safe_url(url: str) -> bool:
    """Whether credentials may go to this address: HTTPS to anywhere, plain HTTP only to this very machine."""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    # By the characters, not by the parts: `https://host?` has an empty query, and a path put behind it would join it.
    plain_address = is_plain(url) and not any(sign in url for sign in " ?#@\\")
    if not parts.hostname or not plain_address or not port_is_fine:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_update_feed(text: str) -> UpdateFeed | None:
    """The one line that a publisher gives away, `https://host/path#KEY`: whom to trust stands beside where to ask.

    None for an empty one. Raises SettingsError.
    """
    if not text:
        return None
    address, _, key = text.partition("#")
    if not (is_safe_url(address) and _PUBLIC_KEY.fullmatch(key)):
        raise SettingsError("update_feed")
    decoded = urlsafe_b64decode(f"{key}=")
    if urlsafe_b64encode(decoded) != f"{key}=".encode():  # the last sign has bits to spare
        raise SettingsError("update_feed")
    return UpdateFeed(address, decoded)


def account_for_token(token: str) -> str:
    """The shop's code made from its API token, short enough to read over the telephone."""
    from hashlib import sha256

    return sha256(f"account:{token}".encode()).hexdigest()[:8].upper()


def load_settings(path: Path) -> Settings:
    """The stored settings; defaults when there are none. Raises SettingsError when the file cannot be understood."""
    try:
        data = read_json(path)
        return _from_json(data).checked()
    except SettingsError:
        raise
    except (ValueError, TypeError) as error:
        raise SettingsError("file") from error


def _from_json(data: dict[str, Any]) -> Settings:
    known = {f.name: f for f in fields(Settings)}
    defaults = Settings()
    chosen: dict[str, Any] = {}
    for name, value in data.items():
        if name not in known:
            continue  # a newer version's setting; `save_settings` leaves it there
        wanted = type(getattr(defaults, name))
        if wanted is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
            chosen[name] = tuple(value)
        elif type(value) is wanted:  # true is no number here
            chosen[name] = value
        else:
            raise SettingsError(name)
    return Settings(**chosen)


def save_settings(path: Path, settings: Settings) -> None:
    """Store the settings; those of a newer version, which was here before, stay. Raises SettingsError, OSError."""
    ours = asdict(settings.checked())
    write_json(path, {**_unknown_settings(path, ours), **ours})


def _unknown_settings(path: Path, ours: dict[str, Any]) -> dict[str, Any]:
    try:
        names = read_json(path).keys() - ours.keys()
    except ValueError:  # what nobody can read is replaced
        return {}
    written = json.loads(path.read_bytes()) if names else {}  # with its numbers as they are
    return {name: written[name] for name in written if name in names}
