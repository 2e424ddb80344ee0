"""Search of the orders that were seen here or registered in the shop: by number, amount, day and customer.

Every query reads a bounded number of rows from an index, however long the history is.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, State
from bonifiq_desktop.domain.orders import Customer, OrderState, normalized_order_id
from bonifiq_desktop.domain.search import DayTotal, HitKind, OrderHit
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.row_mapping import SEALED, SHOP_SEALED, rows_may_be_damaged, to_timestamp

MAX_HITS = 50
"""Orders of one result; a person who needs more types more."""

_RECENT = 1000
"""Newest orders in which part of a number is found, wherever it stands in it."""

_AFTER_ALL_TEXTS = "\U0010ffff"
_SEEN = f"""SELECT system, connection, order_key, order_id, last_total AS value, last_seen_at AS at, 'seen' AS kind,
    snapshot, customer_id, {SEALED} FROM seen_orders"""
_REGISTERED = f"""SELECT system, connection, order_key, order_id, value, created_at AS at, kind, state,
    customer_id, {SEALED} FROM operations WHERE changes_order"""
_OF_OTHER_TILLS = f"""SELECT system, connection, order_key, order_id, value, created_at AS at, kind, state,
    {SHOP_SEALED} FROM shop_operations o"""
_MIRRORED = f"{_OF_OTHER_TILLS} WHERE changes_order"
_MIRRORED_OF_CUSTOMER = f"""{_OF_OTHER_TILLS} INDEXED BY shop_operations_by_customer
    WHERE changes_order AND till_id = ? AND customer_id = ? ORDER BY created_at DESC LIMIT ?"""
_OF_ORDER = "order_key = ? AND system = ? AND connection = ?"
_HIT_KINDS = {Kind.SALE: HitKind.SALE, Kind.COMPLETION: HitKind.SALE, Kind.CANCEL: HitKind.CANCEL}


class OrderKey(NamedTuple):
    """An order in one connection of one system, by its normal form."""

    order_key: str
    system: str
    connection: str


class OrderSearch:
    """Search on the open ledger. All methods raise LedgerFailed or LedgerDamaged when the file cannot be read."""

    def __init__(self, connection: LedgerConnection, customers: Customers) -> None:
        self._rows = connection.rows
        self._show = customers.shown

    def recent(self, limit: int) -> list[OrderHit]:
        """The orders last seen or registered at this till, newest first."""
        seen = self._rows(f"{_SEEN} ORDER BY last_seen_at DESC LIMIT ?", (limit,))
        registered = self._rows(f"{_REGISTERED} ORDER BY id DESC LIMIT ?", (limit * 4,))
        return self._newest([*seen, *registered], limit)

    def by_number(self, text: str) -> list[OrderHit]:
        """The orders with a number, then those whose number begins with it, or holds it among the newest ones."""
        number = normalized_order_id(text)
        exact = self.exact(number)
        found = [
            *self._starting_with("seen_orders", number),
            *self._starting_with("operations", number),
            *self._starting_with("shop_operations", number),
            *self._recent_with("seen_orders", "last_seen_at", number),
            *self._recent_with("operations", "id", number),
            *self._recent_with("shop_operations", "created_at", number),
        ]
        others = self._hits(key for key in dict.fromkeys(found) if key.order_key != number)
        return [*exact, *others][:MAX_HITS]

    def exact(self, text: str) -> list[OrderHit]:
        """The orders with exactly this number; several connections may have one."""
        number = normalized_order_id(text)
        query = """SELECT order_key, system, connection FROM seen_orders WHERE order_key = ?1
            UNION SELECT order_key, system, connection FROM operations WHERE order_key = ?1
            UNION SELECT order_key, system, connection FROM shop_operations WHERE order_key = ?1"""
        return self._hits(OrderKey(*row) for row in self._rows(query, (number,)))

    def by_amount(self, cents: Cents) -> list[OrderHit]:
        """The orders that were seen with a total, and the operations of a value."""
        seen = self._rows(f"{_SEEN} WHERE last_total = ? ORDER BY last_seen_at DESC LIMIT {MAX_HITS}", (cents,))
        registered = self._rows(f"{_REGISTERED} AND value = ? ORDER BY id DESC LIMIT {MAX_HITS}", (cents,))
        mirrored = self._rows(f"{_MIRRORED} AND value = ? ORDER BY id DESC LIMIT {MAX_HITS}", (cents,))
        return self._newest([*seen, *registered, *mirrored], MAX_HITS)

    def by_time(self, begin: datetime, end: datetime) -> list[OrderHit]:
        """The orders that were placed, seen or registered in a period, which ends before `end`."""
        period = (to_timestamp(begin), to_timestamp(end))
        seen = [
            row
            for column in ("last_seen_at", "placed_at")
            for row in self._rows(
                f"{_SEEN} WHERE {column} >= ? AND {column} < ? ORDER BY {column} DESC LIMIT {MAX_HITS}", period
            )
        ]
        registered = [
            row
            for query in (_REGISTERED, _MIRRORED)
            for row in self._rows(
                f"{query} AND created_at >= ? AND created_at < ? ORDER BY created_at DESC LIMIT {MAX_HITS}", period
            )
        ]
        return self._newest([*seen, *registered], MAX_HITS)

    def by_customers(self, customers: Sequence[int], limit: int = MAX_HITS) -> list[OrderHit]:
        """The orders of some customers, also where another till knows the same person under a handle of its own."""
        rows: list[sqlite3.Row] = []
        for number in customers:
            seen = f"{_SEEN} WHERE customer_id = ? ORDER BY last_seen_at DESC LIMIT ?"
            registered = f"{_REGISTERED} AND customer_id = ? ORDER BY id DESC LIMIT ?"
            rows += [*self._rows(seen, (number, limit)), *self._rows(registered, (number, limit))]
        for till_id, number in self._mirrored(customers):
            rows += self._rows(_MIRRORED_OF_CUSTOMER, (till_id, number, limit))
        return self._newest(rows, limit)

    def _mirrored(self, customers: Iterable[int]) -> list[tuple[int, int]]:
        """The records of other tills that are these customers, or have the identity of one of them."""
        found: dict[tuple[int, int], None] = {}
        for number in customers:
            own = "customers" if number > 0 else "shop_customers"
            rows = self._rows(
                f"""SELECT till_id, customer_id FROM shop_customers WHERE id = ?2
                    UNION SELECT till_id, customer_id FROM shop_customers
                    WHERE identity = (SELECT identity FROM {own} WHERE id = ?1)""",
                (abs(number), -number),
            )
            found.update(dict.fromkeys((row["till_id"], row["customer_id"]) for row in rows))
        return list(found)

    def day_totals(self, begin: datetime) -> tuple[DayTotal, DayTotal, int]:
        """Sales, returns, and estimated points, of the operations registered at this till since `begin`.

        A return counts once. Its value is what the customer gets back, in reais: its money where another system gives
        that back, else BonifiQ's refund or whole cancel.
        """
        rows = self._rows(
            """SELECT id - max(0, leg - 1) AS row_id, kind, state, value, bonus, after_money, currency
               FROM operations WHERE created_at >= ?""",
            (to_timestamp(begin),),
        )
        counted = [row for row in rows if row["state"] not in CLOSED_NEGATIVELY]
        sales = [row["value"] for row in counted if row["kind"] == Kind.SALE]
        legs = [row for row in counted if row["kind"] in {Kind.REFUND, Kind.CANCEL, Kind.RETURN}]
        returns = len({row["row_id"] for row in legs})
        in_reais = (row for row in legs if not row["after_money"] and row["currency"] == "BRL")
        refunded = sum(row["value"] for row in in_reais)
        with rows_may_be_damaged():
            points = sum(json.loads(row["bonus"])["points"] for row in counted if row["bonus"])
        return DayTotal(len(sales), sum(sales)), DayTotal(returns, refunded), points

    def _starting_with(self, table: str, number: str) -> list[OrderKey]:
        query = f"""SELECT order_key, system, connection FROM {table} WHERE order_key >= ?1 AND order_key < ?2
            ORDER BY order_key LIMIT {MAX_HITS}"""
        return [OrderKey(*row) for row in self._rows(query, (number, number + _AFTER_ALL_TEXTS))]

    def _recent_with(self, table: str, newest: str, part: str) -> list[OrderKey]:
        query = f"""SELECT order_key, system, connection FROM
            (SELECT order_key, system, connection FROM {table} ORDER BY {newest} DESC LIMIT {_RECENT})
            WHERE instr(order_key, ?) LIMIT {MAX_HITS}"""
        return [OrderKey(*row) for row in self._rows(query, (part,))]

    def _hits(self, keys: Iterable[OrderKey]) -> list[OrderHit]:
        """The newest of what is known of each order, newest first."""
        rows: list[sqlite3.Row] = []
        for key in keys:
            rows += self._rows(f"{_SEEN} WHERE {_OF_ORDER}", key)
            rows += self._rows(f"{_REGISTERED} AND {_OF_ORDER} ORDER BY id DESC LIMIT 1", key)
            rows += self._rows(f"{_MIRRORED} AND {_OF_ORDER} ORDER BY created_at DESC LIMIT 1", key)
        return self._newest(rows, MAX_HITS)

    def _newest(self, rows: Sequence[sqlite3.Row], limit: int) -> list[OrderHit]:
        """One hit for each order: its newest operation, else its look-up. The order last touched comes first."""
        by_order: dict[OrderKey, sqlite3.Row] = {}
        touched: dict[OrderKey, str] = {}
        for row in sorted(rows, key=lambda row: (row["kind"] == HitKind.SEEN, row["at"]), reverse=True):
            key = OrderKey(row["order_key"], row["system"], row["connection"])
            touched[key] = max(touched.get(key, ""), row["at"])
            if key not in by_order or by_order[key]["kind"] == HitKind.SEEN:
                by_order[key] = row
        newest = sorted(by_order, key=lambda key: touched[key], reverse=True)[:limit]
        found = [by_order[key] for key in newest]
        return [_hit(row, self._person(row["customer_id"] or 0), self._show(row) or Customer()) for row in found]

    def _person(self, number: int) -> int:
        """One number for the records of a customer at several tills: this till's, else the first handle."""
        same = self._rows(
            """SELECT coalesce((SELECT c.id FROM customers c WHERE c.identity = s.identity),
                   (SELECT -min(first.id) FROM shop_customers first WHERE first.identity = s.identity), -s.id) AS id
               FROM shop_customers s WHERE s.id = ?""",
            (-number,),
        )
        return int(same[0]["id"]) if same else number


@rows_may_be_damaged()
def _hit(row: sqlite3.Row, person: int, customer: Customer) -> OrderHit:
    is_seen = row["kind"] == HitKind.SEEN
    return OrderHit(
        str(row["order_id"]),
        customer.name,
        customer.document,
        int(row["value"]),
        datetime.fromisoformat(row["at"]),
        HitKind.SEEN if is_seen else _HIT_KINDS.get(Kind(row["kind"]), HitKind.REFUND),
        _order_state(row["snapshot"]) if is_seen else State(row["state"]),
        person,
    )


def _order_state(snapshot: str) -> OrderState | None:
    order = json.loads(snapshot)
    if order["cancelled"]:
        return OrderState.CANCELLED
    if order["completed"]:
        return OrderState.COMPLETED
    return None if order["state"] is None else OrderState(order["state"])
