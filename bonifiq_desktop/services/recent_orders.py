"""The orders that BonifiQ showed to this running program within the last minute."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from bonifiq_desktop.domain.orders import Order, normalized_order_id

MAX_AGE = 60.0
"""Seconds; within them an order needs no second look-up before something of it is sent."""


@dataclass(frozen=True)
class _Look:
    order: Order
    at: float
    at_wall: float


class RecentOrders:
    """Keeps each order as it was last shown, in memory only, so that a restart forgets all.

    Both clocks must agree that a look-up is recent. The loop's never jumps, but on Linux it stands still while the PC
    sleeps; `wall` goes on meanwhile, but it may be set.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall = wall_clock
        self._looks: dict[str, _Look] = {}

    def put(self, order: Order) -> None:
        """BonifiQ has just shown this order. Without its customer: nothing here needs one."""
        self._looks = {name: look for name, look in self._looks.items() if self._is_recent(look)}
        look = _Look(order.for_ledger(), asyncio.get_running_loop().time(), self._wall())
        self._looks[normalized_order_id(order.order_id)] = look

    def get(self, order_id: str) -> Order | None:
        """The order as it was shown within the last minute, or None.

        Two orders may differ in capitals alone, if BonifiQ tells these apart: what the one showed is not the other's.
        """
        look = self._looks.get(normalized_order_id(order_id))
        if look is None or not self._is_recent(look):
            return None
        return look.order if _written(look.order.order_id) == _written(order_id) else None

    def discard(self, order_id: str) -> None:
        """This order may have changed: a request of ours reached BonifiQ, or BonifiQ does not find it."""
        self._looks.pop(normalized_order_id(order_id), None)

    def clear(self) -> None:
        """Nothing is recent any more: the PC slept, or another account is in force."""
        self._looks.clear()

    def _is_recent(self, look: _Look) -> bool:
        return asyncio.get_running_loop().time() - look.at < MAX_AGE and abs(self._wall() - look.at_wall) < MAX_AGE


def _written(order_id: str) -> str:
    return normalize("NFC", order_id.strip())
