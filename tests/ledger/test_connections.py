"""Operations of several connections in one ledger: each connection has its own orders, queue and keys."""

from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Operation, Scope, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.errors import OrderBusy, RequestDamaged
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANA, KEYS, LATER, ORDER, confirm, refund, start_attempt

SHOP = Scope("mirakl", "loja-1")
OTHER_SHOP = Scope("mirakl", "loja-2")


def refund_at(ledger: Ledger, where: Scope, order_id: str = "1006/B", value: int = 2590) -> Operation:
    """Register a refund in a connection; its request is a PUT."""
    intent = Intent(Kind.REFUND, order_id, value, scope=where)
    return ledger.enqueue(
        intent, lambda index: SerializedRequest(f"/refunds/{index}", b"{}", f"KEY-{value}-{index}", "PUT")
    )


def test_order_number_in_two_connections_names_two_orders(ledger: Ledger) -> None:
    made = [refund(ledger), refund_at(ledger, SHOP), refund_at(ledger, OTHER_SHOP)]
    assert [(o.system, o.connection) for o in made] == [
        ("bonifiq", "bonifiq"),
        ("mirakl", "loja-1"),
        ("mirakl", "loja-2"),
    ]
    for operation, where in zip(made, (BONIFIQ_SCOPE, SHOP, OTHER_SHOP), strict=True):
        assert ledger.queries.waiting(scope=where) == [operation.operation_id]
        assert ledger.queries.waiting_elsewhere("", "", where) == set()
        assert ledger.queries.unfinished_of("1006/b", where) == operation
        assert ledger.queries.history_of("1006/b", where).operations == (operation,)
        assert ledger.queries.operation(operation.operation_id) == operation
    with pytest.raises(OrderBusy) as busy:
        refund_at(ledger, SHOP, value=10)
    assert busy.value.other == made[1]


def test_key_index_used_in_one_connection_is_free_in_another(ledger: Ledger) -> None:
    confirm(ledger, refund_at(ledger, SHOP))
    assert refund_at(ledger, SHOP).key_index == 1
    assert refund_at(ledger, OTHER_SHOP).key_index == 0


def test_request_read_back_has_its_method(ledger: Ledger) -> None:
    assert start_attempt(ledger, refund_at(ledger, SHOP)).request == SerializedRequest(
        "/refunds/0", b"{}", "KEY-2590-0", "PUT"
    )


@pytest.mark.parametrize("column", ["system", "connection", "method", "once_per_order", "body_is_personal"])
def test_request_with_a_changed_column_is_not_sent(ledger: Ledger, column: str) -> None:
    made = refund_at(ledger, SHOP)
    value = 1 if column in {"once_per_order", "body_is_personal"} else "PATCH"
    ledger.connection.db.execute(f"UPDATE operations SET {column} = ?", (value,))
    with pytest.raises(RequestDamaged):
        start_attempt(ledger, made)


def test_recovery_of_one_connection_leaves_attempts_of_another(ledger: Ledger) -> None:
    ours, theirs = refund(ledger), refund_at(ledger, SHOP)
    start_attempt(ledger, ours)
    attempt = start_attempt(ledger, theirs)
    assert [o.operation_id for o in ledger.recover(connection="bonifiq")] == [ours.operation_id]
    assert ledger.queries.state(theirs.operation_id) is State.SENDING
    assert attempt.operation.failure_reason is ledger.queries.operation(theirs.operation_id).failure_reason
    assert [o.operation_id for o in ledger.recover()] == [theirs.operation_id]


def test_order_seen_in_one_connection_is_unknown_to_another(ledger: Ledger) -> None:
    ledger.remember_order(replace(ORDER, total=500, customer=None), SHOP)
    ledger.remember_order(ORDER)
    assert not ledger.queries.has_seen(ORDER.order_id, OTHER_SHOP)
    assert ledger.queries.cached_order(ORDER.order_id, OTHER_SHOP) is None
    assert ledger.queries.history_of(ORDER.order_id, SHOP).largest_total == 500
    assert ledger.queries.history_of(ORDER.order_id).largest_total == ORDER.total
    known_as = KEYS.identity(ANA.document) or ""
    assert ledger.queries.last_order_id_of_customer(known_as, SHOP) is None
    assert ledger.queries.last_order_id_of_customer(known_as) == ORDER.order_id


def test_purge_erases_customers_of_every_connection(ledger: Ledger) -> None:
    ledger.remember_order(ORDER, SHOP)
    ledger.remember_order(ORDER)
    assert ledger.personal_data.purge(LATER.replace(year=2027), 10) == 2
