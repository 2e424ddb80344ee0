"""Settings of one connection to a marketplace or web shop, without its secret."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from bonifiq_desktop.domain.operations import BONIFIQ
from bonifiq_desktop.domain.returns import AKINON, MIRAKL, CounterReason
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.urls import is_loopback
from bonifiq_desktop.storage.field_types import Read, Switch, Text, one_of, read_url, require

MAX_NAME = 40
MIRAKL_HOST = ".mirakl.net"
"""End of the name of every operator's host (returns.md, section 5); a training server is on this machine."""
_CALL = re.compile(r"[a-z_]{1,20}")
_PREFIXES = frozenset({"i1", "v1"})
_CURRENCY = re.compile(r"[A-Z]{3}|")
_NUMBERS = range(1, 2**53)


class Unique(Read):
    """Annotation: no two entries of a tuple have the same key."""

    def __init__(self, key: Callable[[Any], Hashable]) -> None:
        super().__init__(
            lambda entries: require(len({key(each) for each in entries}) == len(entries), entries), strict=False
        )


def _read_name(text: str) -> str:
    name = plain(text)
    return str(require(0 < len(name) <= MAX_NAME and name.casefold() != BONIFIQ, name))


def _read_currency(text: str) -> str:
    code = text.strip().upper()
    return str(require(bool(_CURRENCY.fullmatch(code)), code))


def _read_prefix(pair: tuple[str, str]) -> tuple[str, str]:
    call, prefix = pair
    require(bool(_CALL.fullmatch(call)) and prefix in _PREFIXES, pair)
    return pair


class Learnable(StrEnum):
    """A capability that no field of the system tells: the first refusal does."""

    YES = "yes"
    NO = "no"
    LEARN = "learn"


@dataclass(frozen=True)
class ReasonMapping:
    """A counter reason (`CounterReason` value) and the system's codes for it, with their labels; "": not mapped."""

    reason: Annotated[str, Read(lambda reason: require(reason in set(CounterReason), reason))]
    cancel_code: Text = ""
    cancel_label: Text = ""
    refund_code: Text = ""
    refund_label: Text = ""


_Prefix = Annotated[tuple[Text, Text], Read(_read_prefix, strict=False)]


@dataclass(frozen=True)
class RemoteSettings:
    """One connection. `name`: as the window shows it and the ledger stores it; it never changes.

    Mirakl: `shop_id` for a user with several shops; `cancel_lines`: whether OR30 is on; `by_return_flow`: debited
    orders go back through the operator's return flow and not through OR28, never both.
    Akinon: `user` with a password as the secret, or no user and a token; `channel`; `prefixes`: `i1` or `v1` by call
    (`orders`, `items`, `cancel`, `reasons`); `send_return_id`: as refund invoice number, where the shop has no other;
    `ask_bank_account`: for orders paid by transfer.
    Both: `shipping_back`: freight goes back unless the cashier says otherwise.
    Assumptions that only a real system can prove: `repeat_limited`: a request that asks for more than half of what
    was left cannot be applied twice, so that it is repeated when no trace of it is found (Mirakl); `repeat_items`: a
    second cancellation of an item is refused (Akinon). Off: a person decides.
    """

    name: Annotated[str, Read(_read_name)]
    system: Annotated[str, Read(lambda system: require(system in {MIRAKL, AKINON}, system))]
    url: Annotated[str, Read(read_url)]
    user: Text = ""
    shop_id: Annotated[int, one_of(_NUMBERS)] | None = None
    channel: Annotated[int, one_of(_NUMBERS)] | None = None
    currency: Annotated[str, Read(_read_currency)] = ""
    cancel_lines: Learnable = Learnable.LEARN
    by_return_flow: Switch = False
    shipping_back: Switch = False
    send_return_id: Switch = False
    ask_bank_account: Switch = False
    repeat_limited: Switch = True
    repeat_items: Switch = True
    prefixes: Annotated[tuple[_Prefix, ...], Unique(lambda pair: pair[0])] = ()
    reasons: Annotated[tuple[ReasonMapping, ...], Unique(lambda each: each.reason)] = ()

    @property
    def has_usable_host(self) -> bool:
        """Whether the address can be one of this system: a Mirakl operator's, or a training server's."""
        host = urlsplit(self.url).hostname or ""
        return self.system != MIRAKL or host.endswith(MIRAKL_HOST) or self.is_on_this_machine

    @property
    def is_on_this_machine(self) -> bool:
        """Whether the address is a training server's."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def mapping(self, reason: str) -> ReasonMapping:
        """The system's codes of a counter reason."""
        return next((each for each in self.reasons if each.reason == reason), ReasonMapping(reason))

    def prefix(self, call: str, default: str) -> str:
        """The path's version of a call."""
        return dict(self.prefixes).get(call, default)
