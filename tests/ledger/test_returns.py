"""Legs of a return in the ledger: registered together, one return per order at a time, baseline and evidence kept."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Kind, Line, Operation, Resolution, State
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.returns import BankAccount
from bonifiq_desktop.domain.verdicts import Done, FailureReason, NotSent
from bonifiq_desktop.ledger.errors import AlreadyRegistered, LedgerDamaged, OrderBusy, RequestDamaged, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, Clock, bring_to, bring_to_review, confirm, refund
from tests.support.return_actions import (
    MARKET,
    MARKET_ORDER_ID,
    RETURN_ID,
    market_leg,
    market_order,
    money_intent,
    points_intent,
    record,
    register_return,
    renamed,
    serializer,
)

OTHER = "DV-OTHER"
DONE = Resolution(State.CONFIRMED, Evidence.ANSWER, evidence_id="R-1")


def _confirmed(ledger: Ledger, operation: Operation) -> Operation:
    attempt = ledger.start_attempt(operation.operation_id)
    return ledger.finish_attempt(attempt, Done(evidence_id="R-1"), DONE)


# --- registration


def test_return_is_registered_as_numbered_legs_in_rows_that_follow(ledger: Ledger) -> None:
    one, two, points = register_return(ledger)
    assert [(o.kind, o.leg, o.return_id, o.state) for o in (one, two, points)] == [
        (Kind.RETURN, 1, RETURN_ID, State.QUEUED),
        (Kind.RETURN, 2, RETURN_ID, State.QUEUED),
        (Kind.REFUND, 3, RETURN_ID, State.QUEUED),
    ]
    assert [o.operation_id - one.operation_id for o in (one, two, points)] == [0, 1, 2]
    assert (one.order_id, one.value, one.currency, one.is_estimate) == (MARKET_ORDER_ID, 5800, "BRL", False)
    assert one.remote_line == f"{MARKET_ORDER_ID}-1"
    assert one.lines == (Line(f"{MARKET_ORDER_ID}-1", "Camiseta", 4990, 1),)
    assert (one.after_money, points.after_money, one.cancel_key) == (False, True, None)
    assert points.cancel_key is not None


def test_return_of_which_one_leg_cannot_be_registered_leaves_none(ledger: Ledger) -> None:
    refund(ledger)
    with pytest.raises(OrderBusy):
        register_return(ledger)
    assert ledger.queries.legs(RETURN_ID) == ()
    assert ledger.queries.unfinished_of(MARKET_ORDER_ID, MARKET) is None


def test_draft_of_a_registered_return_is_not_registered_again(ledger: Ledger) -> None:
    first = register_return(ledger)
    with pytest.raises(AlreadyRegistered) as error:
        register_return(ledger)
    assert error.value.operation == first[0]


def test_leg_snapshot_keeps_amounts_and_times_of_the_system_exactly(ledger: Ledger) -> None:
    intent = replace(money_intent(), order=market_order(record("C-1", "0.10", "12345678901234567890.01")))
    stored = ledger.queries.operation(register_return(ledger, intent)[0].operation_id)
    assert stored.order == intent.order
    assert stored.order is not None
    assert stored.order.remote is not None
    shown = stored.order.remote.lines[0].records[0]
    assert (str(shown.amount), shown.shipping) == ("0.10", Decimal("12345678901234567890.01"))


def test_seen_marketplace_order_is_remembered_with_its_records(ledger: Ledger) -> None:
    order = market_order(record("C-1"))
    ledger.remember_order(order, MARKET)
    seen = ledger.queries.cached_order(MARKET_ORDER_ID, MARKET)
    assert seen is not None
    assert seen[0] == order


# --- one return per order at a time


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.UNKNOWN, State.REVIEW])
def test_other_return_of_an_order_waits_while_one_leg_is_unfinished(ledger: Ledger, state: State) -> None:
    one, two, _points = register_return(ledger)
    _confirmed(ledger, one)
    bring_to(ledger, two, state)
    with pytest.raises(OrderBusy) as busy:
        register_return(ledger, renamed(money_intent(1), OTHER))
    assert busy.value.other.operation_id == two.operation_id


def test_other_return_may_start_when_every_leg_on_the_order_is_final(ledger: Ledger) -> None:
    one, two, points = register_return(ledger)
    _confirmed(ledger, one)
    ledger.withdraw(two.operation_id)
    assert register_return(ledger, renamed(money_intent(2), OTHER))[0].state is State.QUEUED
    assert ledger.queries.operation(points.operation_id).state is State.QUEUED, "another order"


def test_database_itself_refuses_a_second_return_of_the_order(ledger: Ledger, path: Path) -> None:
    one, *_rest = register_return(ledger)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(
            """INSERT INTO operations (system, connection, kind, order_id, order_key, account, value, state, path,
               body_sha256, checksum, created_at, return_id, leg)
               SELECT system, connection, kind, order_id, order_key, account, value, 'queued', path,
               body_sha256, checksum, created_at, 'DV-X', 7 FROM operations WHERE id = ?""",
            (one.operation_id,),
        )


def test_refund_without_a_return_waits_for_the_points_of_one(ledger: Ledger) -> None:
    register_return(ledger)
    with pytest.raises(OrderBusy):
        refund(ledger)


def test_withdrawn_return_may_be_registered_again_under_its_id(ledger: Ledger) -> None:
    for leg in register_return(ledger):
        ledger.withdraw(leg.operation_id)
    with pytest.raises(AlreadyRegistered):
        register_return(ledger)  # the same draft
    again = ledger.enqueue_return(
        [(replace(i, intent_id="new draft"), serializer(i)) for i in (money_intent(1), points_intent())]
    )
    assert ledger.queries.legs(RETURN_ID) == again


def test_next_return_id_is_the_same_until_such_a_return_is_open_or_done(ledger: Ledger) -> None:
    goods = [("SKU-1", 1), ("SKU-2", 2)]
    first = ledger.queries.next_return_id("A", MARKET_ORDER_ID, goods)
    assert first == ledger.queries.next_return_id("A", f" {MARKET_ORDER_ID.lower()}", reversed(goods))
    [leg] = register_return(ledger, renamed(money_intent(), first))
    second = ledger.queries.next_return_id("A", MARKET_ORDER_ID, goods)
    assert second != first
    ledger.withdraw(leg.operation_id)
    assert ledger.queries.next_return_id("A", MARKET_ORDER_ID, goods) == first


# --- baseline


def test_baseline_is_recorded_until_an_attempt_possibly_left(ledger: Ledger) -> None:
    one, *_rest = register_return(ledger)
    assert ledger.record_baseline(one.operation_id, "C-1").baseline == "C-1"
    attempt = ledger.start_attempt(one.operation_id)
    with pytest.raises(TransitionRefused):
        ledger.record_baseline(one.operation_id, "C-1 C-2")
    ledger.finish_attempt(attempt, NotSent(FailureReason.NO_CONNECTION), Resolution(State.QUEUED))
    assert ledger.record_baseline(one.operation_id, "C-1 C-2").baseline == "C-1 C-2"
    bring_to(ledger, one, State.UNKNOWN)
    with pytest.raises(TransitionRefused):
        ledger.record_baseline(one.operation_id, "")
    assert ledger.queries.operation(one.operation_id).baseline == "C-1 C-2"


def test_changed_baseline_is_damage_and_is_never_sent(ledger: Ledger) -> None:
    one, *_rest = register_return(ledger)
    ledger.record_baseline(one.operation_id, "C-1")
    with ledger.connection.transaction():
        ledger.connection.db.execute("UPDATE operations SET baseline = 'C-2' WHERE id = ?", (one.operation_id,))
    with pytest.raises(RequestDamaged):
        ledger.start_attempt(one.operation_id)


@pytest.mark.parametrize(
    "column", ["return_id", "leg", "after_money", "remote_line", "currency", "is_estimate", "baseline"]
)
def test_request_with_a_changed_column_of_the_leg_is_damaged(ledger: Ledger, column: str) -> None:
    one, *_rest = register_return(ledger)
    value = 1 if column in {"after_money", "is_estimate"} else 9 if column == "leg" else "X"
    with ledger.connection.transaction():
        ledger.connection.db.execute(f"UPDATE operations SET {column} = ? WHERE id = ?", (value, one.operation_id))
    with pytest.raises(RequestDamaged):
        ledger.verify_request(one)


# --- what is final


def test_evidence_id_is_kept_and_stays_with_a_final_leg(ledger: Ledger) -> None:
    one, *_rest = register_return(ledger)
    assert _confirmed(ledger, one).evidence_id == "R-1"
    for column in ("evidence_id", "baseline", "return_id", "remote_line"):
        with pytest.raises(LedgerDamaged, match="never changes"), ledger.connection.transaction():
            ledger.connection.db.execute(f"UPDATE operations SET {column} = 'X' WHERE id = ?", (one.operation_id,))


def test_remote_state_of_a_confirmed_leg_follows_and_its_state_stays(ledger: Ledger) -> None:
    one, two, _points = register_return(ledger)
    done = _confirmed(ledger, one)
    followed = ledger.record_remote_state(one.operation_id, "REFUNDED")
    assert followed == replace(done, remote_state="REFUNDED")
    assert ledger.record_remote_state(two.operation_id, "REFUNDED").remote_state == "", "not confirmed"


def test_body_with_a_bank_account_is_erased_when_the_leg_is_final(ledger: Ledger, path: Path) -> None:
    account = BankAccount("TR330006100519786457841326", "Ayşe Yılmaz")
    [one] = register_return(ledger, money_intent(leg=market_leg(bank_account=account)))
    assert b"TR33" in (ledger.queries.request_body(one.operation_id) or b"")
    _confirmed(ledger, one)
    assert ledger.queries.request_body(one.operation_id) is None
    assert ledger.connection.truncate_wal()
    assert b"TR330006100519786457841326" not in path.read_bytes()


def test_body_without_a_bank_account_is_kept(ledger: Ledger) -> None:
    one, *_rest = register_return(ledger)
    _confirmed(ledger, one)
    assert ledger.queries.request_body(one.operation_id) is not None


class Watcher:
    """Counts the calls."""

    calls = 0

    def leg_settled(self) -> None:
        self.calls += 1


def test_watcher_is_told_of_final_legs_alone(ledger: Ledger) -> None:
    watcher = Watcher()
    ledger.watch_legs(watcher)
    one, two, _points = register_return(ledger)
    bring_to_review(ledger, two)
    confirm(ledger, refund(ledger, order_id="other"))
    assert watcher.calls == 0
    _confirmed(ledger, one)
    assert watcher.calls == 1


# --- linked orders


def test_order_links_lead_from_every_number_to_the_other(ledger: Ledger) -> None:
    ledger.link_orders("8817455903", [MARKET_ORDER_ID, "8817455903"])
    ledger.link_orders("8817455903", [MARKET_ORDER_ID])
    assert ledger.queries.linked_orders("8817455903 ") == (MARKET_ORDER_ID,)
    assert ledger.queries.linked_orders(MARKET_ORDER_ID.lower()) == ("8817455903",)
    assert ledger.queries.linked_orders("1001") == ()


def test_return_survives_closing_and_opening_the_ledger(ledger: Ledger, path: Path) -> None:
    legs = register_return(ledger)
    ledger.close()
    with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as again:
        assert again.queries.legs(RETURN_ID) == legs


def test_empty_body_is_kept_as_such_and_not_as_an_erased_one(ledger: Ledger) -> None:
    intent = money_intent()
    [leg] = ledger.enqueue_return([(intent, lambda _index: SerializedRequest("/api/orders/1/cancel", b""))])
    assert ledger.start_attempt(leg.operation_id).request.body == b""
    assert ledger.queries.request_body(leg.operation_id) == b""
