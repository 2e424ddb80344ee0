"""Registration in the ledger: intents become queued operations, one alone or all legs of a return together."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NoReturn

from bonifiq_desktop.domain.keys import next_index
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.errors import AlreadyRegistered, CheckoutEnded, LedgerDamaged, OrderBusy, SaleNumberUsed
from bonifiq_desktop.ledger.inserts import insert_operation
from bonifiq_desktop.ledger.queries import Queries

Serialize = Callable[[int], SerializedRequest]
"""Makes the request of an intent with the running number for its key, where it has one."""


class Registrations:
    """Inserts intents inside the caller's transaction. Errors: see Ledger.enqueue."""

    def __init__(self, connection: LedgerConnection, queries: Queries, customers: Customers) -> None:
        self._connection = connection
        self._queries = queries
        self._customers = customers

    def insert(self, intent: Intent, serialize: Serialize) -> Operation:
        """Insert an intent as `queued`."""
        self._raise_rival(intent)
        order = (normalized_order_id(intent.order_id), *intent.scope)
        index = next_index(self._queries.used_key_indexes(order, intent.account, intent.value))
        request = serialize(index)
        customer_id = self._customers.store(
            intent.order.customer if intent.order else None, intent.order_id, intent.scope, is_typed=True
        )
        try:
            now = self._connection.now()
            row_id = insert_operation(self._connection.db, intent, request, index, now, customer_id=customer_id)
        except sqlite3.IntegrityError as error:
            self._raise_conflict(intent, error)
        # Read back before the commit: a read that fails after it would report a registered operation as lost.
        return self._queries.operation(row_id)

    def insert_return(self, legs: Sequence[tuple[Intent, Serialize]]) -> tuple[Operation, ...]:
        """Insert the legs of one return, numbered from 1, in rows that follow each other."""
        first = legs[0][0]
        if not first.return_id or any(intent.return_id != first.return_id for intent, _serialize in legs):
            raise ValueError("the legs of a return have one id")
        live = self._queries.live_legs(first.return_id)
        if live:
            raise AlreadyRegistered(live[0])
        numbered = [
            (replace(intent, leg_number=number, intent_id=_leg_intent_id(intent, number)), serialize)
            for number, (intent, serialize) in enumerate(legs, start=1)
        ]
        return tuple(self.insert(intent, serialize) for intent, serialize in numbered)

    def _raise_rival(self, intent: Intent) -> None:
        """Raise where another till has an operation that the constraints of this ledger's file do not see."""
        spec, others = spec_of(intent.kind), self._queries.others
        busy = others.unfinished_of(intent.order_id, intent.scope) if spec.changes_order else None
        if busy is not None:
            raise OrderBusy(busy)
        done = others.live_of_kind(intent.kind, intent.order_id, intent.scope) if spec.once_per_order else None
        if done is not None and spec.creates_order:
            raise SaleNumberUsed(intent.order_id)
        if done is not None:
            raise AlreadyRegistered(done)

    def _raise_conflict(self, intent: Intent, error: sqlite3.IntegrityError) -> NoReturn:
        same = self._queries.operations_where("WHERE o.intent_id = ?", (intent.intent_id,)) if intent.intent_id else []
        if same:
            raise AlreadyRegistered(same[0]) from error
        self._raise_ended(intent, error)
        other = self._queries.unfinished_of(intent.order_id, intent.scope)
        if other is not None:
            raise OrderBusy(other) from error
        if spec_of(intent.kind).creates_order:
            raise SaleNumberUsed(intent.order_id) from error
        completed = self._queries.completion_of(intent.order_id, intent.scope)
        if intent.kind is Kind.COMPLETION and completed is not None:
            raise AlreadyRegistered(completed) from error
        raise LedgerDamaged(str(error)) from error

    def _raise_ended(self, intent: Intent, error: sqlite3.IntegrityError) -> None:
        """Raise where an intent's checkout has a redemption, or a live end."""
        if not intent.checkout_id:
            return
        ends = spec_of(intent.kind).ends_checkout
        where = "WHERE o.checkout_id = ? AND o.ends_checkout = ? ORDER BY o.id DESC"
        rivals = self._queries.operations_where(where, (intent.checkout_id, ends))
        live = next((each for each in rivals if not ends or each.state not in CLOSED_NEGATIVELY), None)
        if live is None:
            return
        raise (AlreadyRegistered if live.kind is intent.kind else CheckoutEnded)(live) from error


def _leg_intent_id(intent: Intent, number: int) -> str | None:
    """The id that stops a draft from being registered again; it names one row, so that later legs add their number."""
    return intent.intent_id if intent.intent_id is None or number == 1 else f"{intent.intent_id}/{number}"
