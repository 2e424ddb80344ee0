"""Mutants without one rule on refundable amounts, keys, or the ownership of a sale.

Random days do not catch them: each needs the case for which its rule was made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Operation, Scope, State
from bonifiq_desktop.domain.orders import Order, normalized_order_id, still_refundable
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.records import OrderHistory
from bonifiq_desktop.services.reconciliation import Reconciler
from bonifiq_desktop.services.refundable import is_fully_cancelled


def the_first_total_for_the_largest(patch: pytest.MonkeyPatch) -> None:
    """Mistake: an order keeps its first total."""
    really = Queries.history_of

    def history_of(self: Queries, order_id: str, scope: Scope = BONIFIQ_SCOPE) -> OrderHistory:
        rows = self._rows("SELECT first_total FROM seen_orders WHERE order_key = ?", (normalized_order_id(order_id),))
        return replace(really(self, order_id, scope), largest_total=rows[0]["first_total"] if rows else None)

    def left_of(order: Order, history: OrderHistory) -> int:
        first = order.total if history.largest_total is None else history.largest_total
        return 0 if is_fully_cancelled(order, history) else still_refundable(order.total, first, history.open_refunds)

    patch.setattr(Queries, "history_of", history_of)
    patch.setattr("bonifiq_desktop.services.registration.refundable_amount", left_of)


def an_index_that_counts_refunds(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a till knows all refunds of an order, and each has used one key."""

    def used(self: Queries, order: tuple[str, str, str], _account: str, value: int) -> list[int]:
        query = """SELECT count(*) AS n FROM operations
            WHERE order_key = ? AND system = ? AND connection = ? AND value = ?
            AND kind = 'refund' AND state = 'confirmed'"""
        return list(range(self._rows(query, (*order, value))[0]["n"]))

    patch.setattr(Queries, "used_key_indexes", used)


def another_return_has_a_number_of_its_own(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a person's decision starts its own series of key indexes."""
    really = Ledger.requeue_with_new_key

    def requeue(
        self: Ledger, operation_id: int, serialize: Callable[[int], SerializedRequest], *, note: str
    ) -> Operation:
        return really(self, operation_id, lambda index: serialize(1000 + index), note=note)

    patch.setattr(Ledger, "requeue_with_new_key", requeue)


def a_total_alone_proves_a_sale(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no other till can use the same order number."""
    patch.setattr(
        "bonifiq_desktop.connectors.bonifiq.read_back.is_this_sale",
        lambda sale, found, _customer: found.total == sale.value,
    )


def a_completion_is_repeated_without_a_look(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a completion has a client key."""
    really = Reconciler.needs_lookup

    def needs_lookup(self: Reconciler, operation: Operation) -> bool:
        is_repeat = operation.kind is Kind.COMPLETION and operation.state is State.UNKNOWN
        return not is_repeat and really(self, operation)

    patch.setattr(Reconciler, "needs_lookup", needs_lookup)


def one_not_found_frees_a_typed_number(patch: pytest.MonkeyPatch) -> None:
    """Mistake: BonifiQ's look-up never lags behind its writes."""

    def believe(_self: Reconciler, _operation: Operation, _since: float | None) -> None:
        return None

    patch.setattr(Reconciler, "_confirm_not_found", believe)
