"""Queries on the operations of the other tills, as far as they are known here. The outbox never reads them."""

import json
import sqlite3
from collections.abc import Iterable

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Operation, Scope
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.row_mapping import SHOP_OPERATION_COLUMNS, operation_from, rows_may_be_damaged, stored_cents

OF_ORDER = "o.order_key = ?1 AND o.system = ?2 AND o.connection = ?3"


def listed(states: Iterable[str]) -> str:
    """States as an SQL list."""
    return ", ".join(f"'{state}'" for state in sorted(states))


_OPEN_OR_DONE = f"o.state NOT IN ({listed(CLOSED_NEGATIVELY)})"
_UNFINISHED = f"o.state IN ({listed(UNFINISHED)})"
# A person released its order to this till, which registers the same again under the same key.
_NOT_RELEASED = f"NOT ({_UNFINISHED} AND o.uid IN (SELECT uid FROM take_overs))"


class ShopOperations:
    """Queries on the mirror. All raise LedgerFailed or LedgerDamaged when the file cannot be read.

    Except for `operation`, `of_slip` and `of_customer`, they leave an unfinished operation out whose order a person
    released to this till.
    """

    def __init__(self, connection: LedgerConnection, customers: Customers) -> None:
        self._rows = connection.rows
        self._show = customers.shown

    def operation(self, operation_id: int) -> Operation | None:
        """The operation under a negative id, or None."""
        return next(iter(self._where("WHERE o.id = ?", -operation_id)), None)

    def of_slip(self, number: str) -> Operation | None:
        """The operation whose slips bear a number, or None; None as well where two tills share it."""
        found = self._where("WHERE o.slip = ? AND o.slip <> ''", number)
        return found[0] if len(found) == 1 else None

    def of_order(self, order_id: str, scope: Scope) -> list[Operation]:
        """The operations of an order, newest first by the clocks of their tills."""
        return self._where(
            f"WHERE {OF_ORDER} AND {_NOT_RELEASED} ORDER BY o.created_at DESC, o.id DESC",
            normalized_order_id(order_id),
            *scope,
        )

    def unfinished_of(self, order_id: str, scope: Scope) -> Operation | None:
        """The operation that keeps an order busy, or None; of a return with several legs, the first one."""
        where = f"WHERE {OF_ORDER} AND o.changes_order AND {_UNFINISHED} AND {_NOT_RELEASED} ORDER BY o.id LIMIT 1"
        return next(iter(self._where(where, normalized_order_id(order_id), *scope)), None)

    def live_of_kind(self, kind: Kind, order_id: str, scope: Scope) -> Operation | None:
        """An open or confirmed operation of one kind and order, or None."""
        where = f"WHERE {OF_ORDER} AND o.kind = ?4 AND {_OPEN_OR_DONE} AND {_NOT_RELEASED} ORDER BY o.id LIMIT 1"
        return next(iter(self._where(where, normalized_order_id(order_id), *scope, kind)), None)

    def live_legs(self, return_id: str) -> list[Operation]:
        """The legs of a return that are not closed negatively, in the order of their sending."""
        return self._where(
            f"WHERE o.return_id = ? AND o.return_id <> '' AND {_OPEN_OR_DONE} AND {_NOT_RELEASED} ORDER BY o.id",
            return_id,
        )

    def live_redemption(self, checkout_id: str) -> Operation | None:
        """The redemption of a checkout of this till that its restored ledger does not know, open or confirmed."""
        return self._live_of_checkout(checkout_id, ends=False)

    def live_end(self, checkout_id: str) -> Operation | None:
        """The sale or reversal that ended a checkout of this till elsewhere and is open or confirmed, or None.

        A restored ledger may know the redemption and not what followed it; a copy of it may have ended it.
        """
        return self._live_of_checkout(checkout_id, ends=True)

    def _live_of_checkout(self, checkout_id: str, *, ends: bool) -> Operation | None:
        where = f"WHERE o.checkout_id = ? AND o.checkout_id <> '' AND o.ends_checkout = ? AND {_OPEN_OR_DONE}"
        return next(iter(self._where(f"{where} ORDER BY o.id LIMIT 1", checkout_id, ends)), None)

    def of_customer(self, pseudonym: str) -> list[Operation]:
        """The operations of a customer, found by the keyed hash, oldest first by the clocks of their tills."""
        return self._where(
            """WHERE (o.till_id, o.customer_id) IN (SELECT till_id, customer_id FROM shop_customers WHERE identity = ?)
               ORDER BY o.created_at, o.id""",
            pseudonym,
        )

    def used_key_indexes(self, order: tuple[str, str, str], value: int) -> list[int]:
        """The running numbers of this order's and value's keys that the other tills know to be used.

        Whatever account they have: BonifiQ knows the shop once, though a till set up with another token names it anew.
        """
        rows = self._rows(
            f"SELECT o.used_indexes FROM shop_operations o WHERE {OF_ORDER} AND o.value = ?4", (*order, value)
        )
        return [index for row in rows for index in read_indexes(row)]

    def _where(self, where: str, *values: object) -> list[Operation]:
        rows = self._rows(f"SELECT {SHOP_OPERATION_COLUMNS} FROM shop_operations o {where}", values)
        return [operation_from(row, self._show) for row in rows]


@rows_may_be_damaged()
def read_indexes(row: sqlite3.Row) -> list[int]:
    """The running numbers in `used_indexes`."""
    return [stored_cents(index) for index in json.loads(row["used_indexes"])]
