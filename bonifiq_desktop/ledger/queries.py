"""Queries on the open ledger: operations, orders seen here, attempts, keys, and the history page."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from heapq import merge
from itertools import count

from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.keys import return_id
from bonifiq_desktop.domain.operations import (
    BONIFIQ_SCOPE,
    CLOSED_NEGATIVELY,
    UNFINISHED,
    Kind,
    Operation,
    ReviewReason,
    Scope,
    State,
    first_leg_id,
)
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger import history
from bonifiq_desktop.ledger.attempt_queries import AttemptQueries
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.database import translate_errors
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.history_choices import other_scopes, other_tills, people
from bonifiq_desktop.ledger.history_filter import EVERYTHING, NEWEST, Cursor, HistoryFilter
from bonifiq_desktop.ledger.records import OperationCounts, OrderHistory, Restoration
from bonifiq_desktop.ledger.row_mapping import (
    OPERATION_COLUMNS,
    SEALED,
    SHOP_SEALED,
    earned_from,
    operation_from,
    restoration_from,
    rows_may_be_damaged,
    seen_order_from,
    stored_cents,
    stored_text,
    to_timestamp,
)
from bonifiq_desktop.ledger.shop_operations import ShopOperations, listed
from bonifiq_desktop.ledger.waiting import ELSEWHERE, FROM_UNFINISHED_INDEX, IN_TURN, ORDER, WAITING

_RECENT = 500  # operations
_OF_RETURN = "INDEXED BY operations_by_return WHERE o.return_id = ? AND o.return_id <> ''"
_OF_ORDER = "order_key = ?1 AND system = ?2 AND connection = ?3"


class Queries:
    """Queries on an open ledger. All raise LedgerFailed or LedgerDamaged when the file cannot be read.

    `scope`: in which connection an order number is meant. `attempts`: queries on attempts. `others`: queries on the
    other tills' operations alone. The queries about one order, one return id or one customer see all tills of the shop.
    """

    def __init__(self, connection: LedgerConnection, customers: Customers) -> None:
        self._connection = connection
        self._show = customers.shown
        self._rows = connection.rows
        self.attempts = AttemptQueries(connection)
        self.others = ShopOperations(connection, customers)

    def _first(self, query: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self._rows(query, values)), None)

    def _exists(self, query: str, *values: object) -> bool:
        return self._first(f"{query} LIMIT 1", *values) is not None

    def operation(self, operation_id: int) -> Operation:
        """One operation. Raises LedgerFailed when there is none."""
        found = self._first_operation("WHERE o.id = ?", operation_id)
        if found is None:
            raise LedgerFailed(f"no operation {operation_id}")
        return found

    def state(self, operation_id: int) -> State:
        """One operation's state. Raises LedgerFailed when there is none."""
        found = self._first("SELECT state FROM operations WHERE id = ?", operation_id)
        if found is None:
            raise LedgerFailed(f"no operation {operation_id}")
        with rows_may_be_damaged():
            return State(found["state"])

    def waiting(self, server_id: str = "", account: str | None = None, scope: Scope = BONIFIQ_SCOPE) -> list[int]:
        """The ids of the operations that the outbox of a connection has to work on, in their order of sending.

        A leg of a return waits for its turn. An operation of another shop than `account`, or possibly sent to another
        server than `server_id`, waits until that one is in force again: here it would meet another order of the same
        number. None: any shop.
        """
        rows = self._rows(f"{WAITING} AND {IN_TURN} AND NOT {ELSEWHERE} {ORDER}", (server_id, account, *scope))
        return [row["id"] for row in rows]

    def waiting_elsewhere(self, server_id: str, account: str, scope: Scope = BONIFIQ_SCOPE) -> set[int]:
        """The ids of the operations that `waiting` leaves out."""
        rows = self._rows(f"{WAITING} AND {ELSEWHERE}", (server_id, account, *scope))
        return {row["id"] for row in rows}

    def unfinished_accounts(self, scope: Scope = BONIFIQ_SCOPE) -> list[str]:
        """The shop of each unfinished operation of a connection."""
        rows = self._rows(
            f"SELECT account FROM operations {FROM_UNFINISHED_INDEX} AND system = ? AND connection = ?",
            scope,
        )
        return [row["account"] for row in rows]

    def request_body(self, operation_id: int) -> bytes | None:
        """The body of an operation's request; None once a personal one was erased."""
        found = self._first("SELECT body FROM operations WHERE id = ?", operation_id)
        body = found["body"] if found else None
        return body if isinstance(body, bytes) else None

    def has_operations(self) -> bool:
        """Whether anything was ever registered here."""
        return self._exists("SELECT 1 FROM operations")

    def newest_orders(self, account: str, limit: int, scope: Scope = BONIFIQ_SCOPE) -> list[Order]:
        """The newest orders of a shop that have an operation here, as they were when it was registered."""
        rows = self._rows(
            f"""SELECT snapshot, customer_id, {SEALED}, created_at AS at FROM operations
               WHERE account = ? AND system = ? AND connection = ? AND snapshot IS NOT NULL AND changes_order
               AND (kind <> 'sale' OR state = 'confirmed') ORDER BY id DESC LIMIT ?""",
            (account, *scope, limit),
        )
        return [seen_order_from(row, self._show)[0] for row in rows]

    def counts(self) -> OperationCounts:
        """How many operations are unfinished or contradicted."""
        rows = self._rows(f"SELECT state, count(*) AS n FROM operations {FROM_UNFINISHED_INDEX} GROUP BY state")
        by_state = {State(row["state"]): int(row["n"]) for row in rows}
        review = by_state.pop(State.REVIEW, 0)
        contradicted = self._rows("SELECT count(*) AS n FROM operations WHERE contradicted")[0]["n"]
        return OperationCounts(pending=sum(by_state.values()), review=review, contradicted=int(contradicted))

    def last_registered_at(self) -> datetime | None:
        """The registration time of the newest operation."""
        found = self._first("SELECT created_at FROM operations ORDER BY id DESC LIMIT 1")
        return datetime.fromisoformat(found["created_at"]) if found else None

    def has_possibly_sent(self, scope: Scope | None = None) -> bool:
        """Whether an unfinished operation, of one connection or of any, was possibly sent."""
        of_scope = "AND system = ? AND connection = ?" if scope else ""
        query = f"SELECT 1 FROM operations WHERE state IN ('sending', 'unknown', 'review') {of_scope}"
        return self._exists(query, *(scope or ()))

    def has_seen(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> bool:
        """Whether the remote system answered a look-up of this order here."""
        query = f"SELECT 1 FROM seen_orders WHERE {_OF_ORDER}"
        return self._first(query, *_order(order_id, scope)) is not None

    def cached_order(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> tuple[Order, datetime] | None:
        """An order as last looked up here or as sold in the shop, and when; None when this till does not know it."""
        found = self._first(
            # A look-up comes after the sale of its order, whatever the clock showed at each.
            f"""SELECT snapshot, customer_id, {SEALED}, last_seen_at AS at, 2 AS place FROM seen_orders
                WHERE {_OF_ORDER}
                UNION ALL
                SELECT snapshot, customer_id, {SEALED}, created_at, 1 FROM operations
                WHERE {_OF_ORDER} AND kind = 'sale' AND snapshot IS NOT NULL
                AND state NOT IN ({listed(CLOSED_NEGATIVELY)})
                UNION ALL
                SELECT snapshot, {SHOP_SEALED}, created_at, 0 FROM shop_operations o
                WHERE {_OF_ORDER} AND kind = 'sale' AND snapshot IS NOT NULL
                AND state NOT IN ({listed(CLOSED_NEGATIVELY)})
                ORDER BY place DESC, at DESC LIMIT 1""",
            *_order(order_id, scope),
        )
        return seen_order_from(found, self._show) if found else None

    def unfinished_of(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> Operation | None:
        """The operation that keeps an order busy, or None; of a return with several legs, the first one."""
        where = f"WHERE {_OF_ORDER} AND o.changes_order AND o.state IN ({listed(UNFINISHED)}) ORDER BY o.id LIMIT 1"
        found = self._first_operation(where, *_order(order_id, scope))
        return found or self.others.unfinished_of(order_id, scope)

    def live_legs(self, return_id: str) -> list[Operation]:
        """The legs of a return that are not closed negatively, in the order of their sending; of any till."""
        where = f"{_OF_RETURN} AND o.state NOT IN ({listed(CLOSED_NEGATIVELY)}) ORDER BY o.id"
        return [*self.operations_where(where, (return_id,)), *self.others.live_legs(return_id)]

    def legs(self, return_id: str) -> tuple[Operation, ...]:
        """The legs of a return as it was registered last, in the order of their sending; empty: none is known."""
        found = self.operations_where(f"{_OF_RETURN} ORDER BY o.id", (return_id,))
        return tuple(leg for leg in found if first_leg_id(leg) == first_leg_id(found[-1]))

    def other_legs(self, leg: Operation) -> tuple[Operation, ...]:
        """The other legs of an operation's return, as it was registered with them."""
        where = (
            "WHERE o.return_id = ? AND o.return_id <> '' AND o.id - max(0, o.leg - 1) = ? AND o.id <> ? ORDER BY o.id"
        )
        return tuple(self.operations_where(where, (leg.return_id, first_leg_id(leg), leg.operation_id)))

    def followed_returns(self, scope: Scope, since: datetime) -> list[Operation]:
        """The returns that a system has accepted since a time."""
        where = """INDEXED BY confirmed_returns WHERE o.kind = 'return' AND o.state = 'confirmed'
            AND o.connection = ? AND o.system = ? AND o.settled_at >= ?"""
        return self.operations_where(where, (scope.connection, scope.system, to_timestamp(since)))

    def is_released(self, operation_id: int, reason: ReviewReason) -> bool:
        """Whether a person decided to go on with an operation that was in review for a reason."""
        query = """SELECT 1 FROM events r JOIN events e USING (operation_id) WHERE operation_id = ? AND r.id < e.id
            AND r.to_state = 'review' AND r.review_reason = ? AND e.from_state = 'review' AND e.to_state = 'unknown'"""
        return self._exists(query, operation_id, reason)

    def next_return_id(self, account: str, order_id: str, lines: Iterable[tuple[str, int]]) -> str:
        """The id of a new return of these items and units: the first one that no open or confirmed return has."""
        items = tuple(lines)
        ids = (return_id(account, order_id, items, ordinal) for ordinal in count())
        return next(each for each in ids if not self.live_legs(each))

    def linked_orders(self, order_id: str) -> tuple[str, ...]:
        """Other numbers of an order's purchase, as `link_orders` remembered them."""
        query = "SELECT other_id FROM order_links WHERE order_key = ? ORDER BY other_key"
        return tuple(stored_text(row["other_id"]) for row in self._rows(query, (normalized_order_id(order_id),)))

    def sold_order(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> Order | None:
        """An order as the shop sold it; None when the sale is not confirmed or from none of its tills."""
        found = self._of_kind(Kind.SALE, order_id, scope)
        return found.order if found and found.state is State.CONFIRMED else None

    def completion_of(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> Operation | None:
        """The open or confirmed completion of a pending sale, or None."""
        return self._of_kind(Kind.COMPLETION, order_id, scope)

    def _of_kind(self, kind: Kind, order_id: str, scope: Scope) -> Operation | None:
        open_or_done = f"o.state NOT IN ({listed(CLOSED_NEGATIVELY)})"
        where = f"WHERE {_OF_ORDER} AND o.kind = ?4 AND {open_or_done}"
        found = self._first_operation(where, *_order(order_id, scope), kind)
        return found or self.others.live_of_kind(kind, order_id, scope)

    def changed_order_summary(self, operation_id: int) -> str:
        """The summary of the changed order that last sent an operation to review, or an empty text."""
        return self._last_note(operation_id, "to_state = 'review' AND review_reason = 'order_changed'") or ""

    def last_contradiction(self, operation_id: int) -> str | None:
        """The summary of the order that last contradicted an operation, or None."""
        return self._last_note(operation_id, "from_state = to_state AND review_reason = 'lookup_disagrees'")

    def _last_note(self, operation_id: int, condition: str) -> str | None:
        query = f"SELECT note FROM events WHERE operation_id = ? AND {condition} ORDER BY id DESC LIMIT 1"
        found = self._first(query, operation_id)
        return str(found["note"]) if found else None

    def history_of(self, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> OrderHistory:
        """The operations of an order at all tills, newest first, and the totals in which they saw it."""
        same = _order(order_id, scope)
        rows = self._rows(f"SELECT largest_total FROM seen_orders WHERE {_OF_ORDER}", same)
        own = self.operations_where(f"WHERE {_OF_ORDER} ORDER BY o.id DESC", same)
        # Merged, not sorted: the clock of one till may have jumped, and its own order counts.
        others = self.others.of_order(order_id, scope)
        operations = tuple(merge(own, others, key=lambda o: o.created_at, reverse=True))
        refunds = [o for o in operations if o.kind is Kind.REFUND]
        # The snapshot of an operation is a total in which the order was seen, too.
        live = (o for o in operations if o.state not in CLOSED_NEGATIVELY and spec_of(o.kind).changes_order)
        seen = [o.order.total for o in live if o.order]
        return OrderHistory(
            largest_total=max([*(stored_cents(row["largest_total"]) for row in rows), *seen], default=None),
            confirmed_refunds=sum(o.value for o in refunds if o.state is State.CONFIRMED),
            operations=operations,
        )

    def operations_where(self, where: str, values: Iterable[object]) -> list[Operation]:
        """The operations (`o`) that an SQL condition selects. `where` holds no outside text."""
        query = f"SELECT {OPERATION_COLUMNS} FROM operations o {where}"
        return [operation_from(row, self._show) for row in self._rows(query, values)]

    def _first_operation(self, where: str, *values: object) -> Operation | None:
        return next(iter(self.operations_where(where, values)), None)

    def page(
        self, search: str, before: Cursor = NEWEST, wanted: HistoryFilter = EVERYTHING, orders: tuple[str, ...] = ()
    ) -> list[Operation]:
        """One page of the history, newest first; see `history.read_page`."""
        with translate_errors():
            return history.read_page(self._connection.db, search, before, wanted, orders, show=self._show)

    def history_choices(self) -> tuple[list[str], list[Scope], list[str]]:
        """Who registered something, the connections beside BonifiQ that have operations, and the other tills."""
        db = self._connection.db
        with translate_errors():
            return people(db), other_scopes(db), other_tills(db)

    def details(self, operation_id: int) -> history.OperationDetails | None:
        """One operation with its attempts and events."""
        with translate_errors():
            return history.read_details(self._connection.db, operation_id, show=self._show)

    def last_order_id_of_customer(self, identity: str, scope: Scope = BONIFIQ_SCOPE) -> str | None:
        """The order number last seen in the shop for a customer, found by the keyed hash of the document."""
        found = self._first(
            """SELECT order_id FROM (
                   SELECT order_id, last_seen_at AS at FROM seen_orders
                   WHERE customer_id = (SELECT id FROM customers WHERE identity = ?1)
                   AND system = ?2 AND connection = ?3
                   UNION ALL
                   SELECT order_id, created_at FROM operations
                   WHERE customer_id = (SELECT id FROM customers WHERE identity = ?1)
                   AND system = ?2 AND connection = ?3 AND state = 'confirmed'
                   UNION ALL
                   SELECT order_id, created_at FROM shop_customers c
                   JOIN shop_operations o ON o.till_id = c.till_id AND o.customer_id = c.customer_id
                   WHERE identity = ?1 AND system = ?2 AND connection = ?3 AND state = 'confirmed'
               ) ORDER BY at DESC LIMIT 1""",
            identity,
            *scope,
        )
        return stored_text(found["order_id"]) if found else None

    def used_key_indexes(self, order: tuple[str, str, str], account: str, value: int) -> list[int]:
        """The running numbers of this order's and value's keys that the shop knows to be used.

        A key is used when its operation was confirmed, when an answer called it used, or when a new key replaced it.
        """
        found = self._rows(
            f"""SELECT o.key_index FROM operations o
               WHERE {_OF_ORDER} AND o.account = ?4 AND o.value = ?5 AND o.state = 'confirmed'
               AND o.key_index IS NOT NULL
               UNION
               SELECT a.key_index FROM operations o JOIN attempts a ON a.operation_id = o.id
               WHERE {_OF_ORDER} AND o.account = ?4 AND o.value = ?5 AND a.key_index IS NOT NULL
               AND (a.key_used OR a.key_index < o.key_index)""",
            (*order, account, value),
        )
        return [*(int(row["key_index"]) for row in found), *self.others.used_key_indexes(order, value)]

    def last_earned(self, scope: Scope = BONIFIQ_SCOPE) -> Earned | None:
        """What the newest of the last sales here with an estimated bonus earned, or None."""
        found = self._first(
            """SELECT value, bonus FROM (
                   SELECT id, system, connection, kind, state, value, bonus FROM operations ORDER BY id DESC LIMIT ?3)
               WHERE system = ?1 AND connection = ?2 AND kind = 'sale' AND state = 'confirmed' AND value > 0
               AND bonus IS NOT NULL ORDER BY id DESC LIMIT 1""",
            *scope,
            _RECENT,
        )
        return earned_from(found) if found else None

    def restoration(self) -> Restoration | None:
        """When and by whom this ledger was restored from a copy or begun anew; None when it never was."""
        found = self._connection.metadata("restored")
        return restoration_from(found) if found else None


def _order(order_id: str, scope: Scope) -> tuple[str, str, str]:
    """The values of _OF_ORDER."""
    return normalized_order_id(order_id), *scope
