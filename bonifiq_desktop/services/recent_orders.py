"""Orders that a system showed to this running program within the last minute."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from bonifiq_desktop.domain.orders import Order, normalized_order_id

MAX_AGE = 60.0
"""Seconds within which an order needs no second look-up before an operation on it is sent."""


@dataclass(frozen=True)
class _Entry:
    order: Order
    at: float
    at_wall: float


class RecentOrders:
    """Orders as they were last shown, in memory only, so that a restart forgets all.

    Both clocks must agree that a look-up is recent. The loop's clock never jumps, but on Linux it stands still while
    the PC is suspended; `wall_clock` goes on meanwhile, but it may be set.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall_clock = wall_clock
        self._entries: dict[str, _Entry] = {}

    def put(self, order: Order) -> None:
        """Keep an order that the system has just shown, without its customer, which no caller needs."""
        self._entries = {name: entry for name, entry in self._entries.items() if self._is_recent(entry)}
        entry = _Entry(order.for_ledger(), asyncio.get_running_loop().time(), self._wall_clock())
        self._entries[normalized_order_id(order.order_id)] = entry

    def get(self, order_id: str) -> Order | None:
        """The order as it was shown within the last minute, or None.

        Numbers that differ in capitals alone may name two orders in the system: neither stands for the other.
        """
        entry = self._entries.get(normalized_order_id(order_id))
        if entry is None or not self._is_recent(entry):
            return None
        return entry.order if _exact_id(entry.order.order_id) == _exact_id(order_id) else None

    def discard(self, order_id: str) -> None:
        """Forget an order that may have changed: a request of ours was sent, or the system does not find it."""
        self._entries.pop(normalized_order_id(order_id), None)

    def clear(self) -> None:
        """Forget all: the PC was suspended, or another account is in force."""
        self._entries.clear()

    def _is_recent(self, entry: _Entry) -> bool:
        is_recent = asyncio.get_running_loop().time() - entry.at < MAX_AGE
        return is_recent and abs(self._wall_clock() - entry.at_wall) < MAX_AGE


def _exact_id(order_id: str) -> str:
    return normalize("NFC", order_id.strip())
