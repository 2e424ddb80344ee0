"""The test oracle of checkouts: every redeemed reward ends in a registered sale or is undone, exactly once.

It reads ledger files with its own SQL, and compares them with the service and with what the cashiers' screens said.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Order
from tests.support.checkout_simulation import LEFT_BEHIND, SALE_FIRST, UNDONE_USED, Redeemed, redeemed_at
from tests.support.oracle import APPLIED_TWICE, FALSELY_CONFIRMED, FALSELY_REFUSED, LOST, Violation

WRONG_BALANCE = "wrong balance"
"""The service's balance, or the price of a sale, is not what the screens said."""
CHECKOUT_VIOLATIONS = (SALE_FIRST, UNDONE_USED, LEFT_BEHIND, WRONG_BALANCE)

_NOT_DONE = {"refused", "withdrawn", "not_applied"}
_ENDS = {"sale", "reversal"}


@dataclass(frozen=True)
class Shown:
    """What a screen said of a redemption: the cents that it takes off, and what it costs the customer."""

    gross: int
    amount: int
    points: int
    cents: int
    customer: str


@dataclass(frozen=True)
class Row:
    """An operation of a checkout in a ledger."""

    till: str
    number: int
    kind: str
    order_id: str
    state: str
    value: int
    key: str
    checkout: str
    reward_id: str
    code: str

    def __str__(self) -> str:
        return f"{self.till}/{self.number} {self.kind} {self.order_id} {self.checkout} {self.state}"


@dataclass
class Memory:
    """What people saw. `promised`: operations shown as registered. `shown`: redemptions, by checkout.

    `balances`: points and cents of each customer before the day, with what its `earlier_orders` gave.
    """

    promised: list[tuple[str, int]] = field(default_factory=list)
    shown: dict[str, Shown] = field(default_factory=dict)
    balances: dict[str, tuple[int, int]] = field(default_factory=dict)
    earlier_orders: frozenset[str] = frozenset()

    @classmethod
    def of(cls, service: LoyaltyService) -> Memory:
        """What is known before the day."""
        balances = {each.original_id: (each.points, each.cashback_cents) for each in service.customers()}
        return cls(balances=balances, earlier_orders=frozenset(each.original_id for each in service.orders()))


def examine(
    service: LoyaltyService,
    ledgers: Mapping[str, Path],
    memory: Memory,
    *,
    released: Container[tuple[str, int]] = (),
    may_wait: bool = False,
) -> list[Violation]:
    """Find every broken promise about rewards.

    `released`: sales that a person sent without their reward. `may_wait`: no person has decided what is in review.
    """
    rows = [row for name, path in ledgers.items() for row in read_checkouts(name, path)]
    redeemed, orders = redeemed_at(service), service.orders()
    waiting = {row.checkout for row in rows if may_wait and row.state == "review"}
    found = list(_find_lost(rows, memory.promised, waiting))
    found += _check_redemptions(rows, redeemed)
    found += _check_reversals(rows, redeemed)
    found += _check_ends(rows)
    found += _check_rewards(rows, redeemed, orders, waiting)
    found += _check_prices(rows, orders, memory, released)
    found += _check_balances(service, rows, orders, memory)
    return found


def read_checkouts(name: str, path: Path) -> list[Row]:
    """All operations of a ledger file, oldest first."""
    query = """SELECT id, kind, order_id, state, value, coalesce(cancel_key, ''), checkout_id, evidence_id,
               external_code FROM operations ORDER BY id"""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [Row(name, *columns) for columns in db.execute(query)]


def _find_lost(
    rows: Sequence[Row], promised: Iterable[tuple[str, int]], waiting: Container[str]
) -> Iterator[Violation]:
    stored = {(row.till, row.number) for row in rows}
    for place in promised:
        if place not in stored:
            yield Violation(LOST, f"{place} is gone")
    for row in rows:
        is_decided_later = row.state == "review" and row.checkout in waiting
        if row.state not in _NOT_DONE | {"confirmed"} and not is_decided_later:
            yield Violation(LOST, f"{row} has not settled")


def _check_redemptions(rows: Sequence[Row], redeemed: Mapping[int, Redeemed]) -> Iterator[Violation]:
    for row in (row for row in rows if row.kind == "redemption"):
        own = [reward for reward in redeemed.values() if reward.key == row.key]
        if row.state == "confirmed" and not own:
            yield Violation(FALSELY_CONFIRMED, f"{row} was never redeemed")
        if row.state in _NOT_DONE and own:
            yield Violation(FALSELY_REFUSED, f"{row} was redeemed")
        named = {(str(reward.reward_id), reward.code) for reward in own}
        if own and row.code and (row.reward_id, row.code) not in named:
            yield Violation(FALSELY_CONFIRMED, f"{row} names {row.reward_id} {row.code}, not {named}")


def _check_reversals(rows: Sequence[Row], redeemed: Mapping[int, Redeemed]) -> Iterator[Violation]:
    keys = {row.checkout: row.key for row in rows if row.kind == "redemption"}
    for row in (row for row in rows if row.kind == "reversal"):
        own = [reward for reward in redeemed.values() if reward.key == keys.get(row.checkout)]
        is_undone = any(reward.is_undone for reward in own)
        if row.state == "confirmed" and not is_undone:
            yield Violation(FALSELY_CONFIRMED, f"{row} was never undone")
        others = [other for other in rows if (other.checkout, other.kind) == (row.checkout, "reversal")]
        if row == others[-1] and row.state in _NOT_DONE and is_undone:
            yield Violation(FALSELY_REFUSED, f"{row} was undone")


def _check_ends(rows: Sequence[Row]) -> Iterator[Violation]:
    ends = Counter(row.checkout for row in rows if row.kind in _ENDS and row.state not in _NOT_DONE and row.checkout)
    for checkout, count in ends.items():
        if count > 1:
            yield Violation(UNDONE_USED, f"{checkout} has {count} ends")


def _check_rewards(
    rows: Sequence[Row], redeemed: Mapping[int, Redeemed], orders: Sequence[Order], waiting: Container[str]
) -> Iterator[Violation]:
    by_key = {row.key: row for row in rows if row.kind == "redemption"}
    count = Counter(reward.key for reward in redeemed.values())
    for key, times in count.items():
        if times > 1:
            yield Violation(APPLIED_TWICE, f"{key} was redeemed {times} times")
    for reward in redeemed.values():
        row = by_key.get(reward.key)
        sales = [order for order in orders if order.coupon == reward.code]
        if row is None:
            yield Violation(LOST, f"{reward} is in no ledger")
        if len({order.original_id for order in sales}) > 1:
            yield Violation(APPLIED_TWICE, f"{reward} is in {len(sales)} orders")
        if reward.is_undone and any(not order.cancelled for order in sales):
            yield Violation(UNDONE_USED, f"{reward} was undone and used in {sales[0].original_id}")
        checkout = row.checkout if row is not None else "?"
        if checkout not in waiting:
            ends = {other.kind for other in rows if (other.checkout, other.state) == (checkout, "confirmed")}
            yield from _check_end(reward, sales, ends)


def _check_end(reward: Redeemed, sales: Sequence[Order], ends: Container[str]) -> Iterator[Violation]:
    """`ends`: kinds of the confirmed operations of its checkout."""
    if sales and "sale" not in ends:
        yield Violation(FALSELY_REFUSED, f"{reward} was used in {sales[0].original_id}")
    if not reward.is_undone and not sales:
        yield Violation(LEFT_BEHIND, f"{reward} has neither a sale nor a reversal")
    if reward.is_undone and not sales and "reversal" not in ends:
        yield Violation(FALSELY_REFUSED, f"{reward} was undone by no reversal")


def _check_prices(
    rows: Sequence[Row], orders: Sequence[Order], memory: Memory, released: Container[tuple[str, int]]
) -> Iterator[Violation]:
    """A sale with a reward costs what the screen said, and names the reward."""
    by_number: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        by_number[order.original_id].append(order)
    codes = {row.checkout: row.code for row in rows if row.kind == "redemption" and row.state == "confirmed"}
    for row in (row for row in rows if row.kind == "sale" and row.checkout and row.state == "confirmed"):
        shown = memory.shown.get(row.checkout)
        for order in by_number[row.order_id]:
            if shown and order.total_cents != shown.gross - shown.amount:
                yield Violation(WRONG_BALANCE, f"{row} costs {order.total_cents}, not {shown}")
            wanted = codes.get(row.checkout)
            if (row.till, row.number) not in released and (not wanted or order.coupon != wanted):
                yield Violation(SALE_FIRST, f"{row} bears {order.coupon}, not {wanted}")


def _check_balances(
    service: LoyaltyService, rows: Sequence[Row], orders: Sequence[Order], memory: Memory
) -> Iterator[Violation]:
    """A customer has what it had, without what the screens took and with what its new orders gave."""
    checkouts = {row.key: row.checkout for row in rows if row.kind == "redemption"}
    points, cents = Counter[str](), Counter[str]()
    for reward in redeemed_at(service).values():
        shown = memory.shown.get(checkouts.get(reward.key, ""))
        if shown is not None and not reward.is_undone:
            points[shown.customer] -= shown.points
            cents[shown.customer] -= shown.cents
    for order in orders:
        if order.original_id not in memory.earlier_orders:
            points[order.customer_id] += order.points_given
            cents[order.customer_id] += order.cashback_given
    for name, (had_points, had_cents) in memory.balances.items():
        expected = (had_points + points[name], had_cents + cents[name])
        customer = service.customer(name)
        has = (customer.points, customer.cashback_cents) if customer is not None else None
        if has != expected:
            yield Violation(WRONG_BALANCE, f"{name} has {has}, not {expected}")
