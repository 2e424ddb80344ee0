"""The log of changes: every committed row is told once and in order, in a chain without a hole."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.shop_database import NO_HASH
from bonifiq_desktop.ledger.change_log_check import ChangeLogReport, inspect_change_log
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys, SealBroken
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    ORDER,
    PERSONAL_BYTES,
    TIMED_OUT,
    UNKNOWN,
    Clock,
    bring_to_review,
    confirm,
    refund,
    sell,
    start_attempt,
)
from tests.support.told_changes import Told, broken_links, tell_everything, told_by


@pytest.fixture(name="till")
def till_of_a_shop(ledger: Ledger) -> Ledger:
    """A ledger that takes part in a shop database."""
    ledger.changes.begin(1, "1a" * 16)
    return ledger


def kinds(till: Ledger) -> list[str]:
    return [json.loads(change.body)["kind"] for change in till.changes.after(0, 1000)]


def told(till: Ledger) -> Told:
    return told_by(till.changes.after(0, 1000), KEYS)


def test_ledger_outside_a_shop_notes_nothing(ledger: Ledger, path: Path) -> None:
    confirm(ledger, refund(ledger))
    assert ledger.changes.incarnation is None
    assert ledger.changes.head() == (0, NO_HASH)
    assert not ledger.changes.tell_untold(100)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM untold_rows").fetchone() == (0,)


def test_commands_are_told_as_customer_operation_and_states(till: Ledger) -> None:
    confirm(till, refund(till))
    assert kinds(till) == ["customer", "operation", "state", "state"]
    [operation] = told(till).operations.values()
    assert (operation["state"], operation["attempts"], operation["used_indexes"]) == ("confirmed", 1, "[0]")
    assert operation["reason"] == "Veio errado"
    assert told(till).customers[operation["customer_id"]].customer == replace(ANA, points=None, cashback=None)


def test_changes_form_a_chain_that_a_changed_byte_breaks(till: Ledger) -> None:
    confirm(till, refund(till))
    changes = till.changes.after(0, 100)
    assert not broken_links(changes)
    assert till.changes.head() == (4, changes[-1].hash)
    assert till.changes.after(2, 1) == [till.changes.change_at(3)]
    assert (till.changes.count_after(1), till.changes.count_after(4), till.changes.change_at(5)) == (3, 0, None)
    forged = replace(changes[1], body=changes[1].body.replace('"value":2590', '"value":2591'))
    assert forged != changes[1]
    assert broken_links([changes[0], forged, *changes[2:]]) == [2]


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("body = replace(body, '2590', '2591')", 2),
        ("sealed = x'00' WHERE sealed IS NOT NULL", 1),
        ("sealed = NULL", 0),
        ("seq = 9 WHERE seq = 3", 3),
        ("hash = previous WHERE seq = 4", 4),
    ],
)
def test_changed_byte_in_the_log_is_found_at_its_change(till: Ledger, path: Path, change: str, seq: int) -> None:
    confirm(till, refund(till))
    assert inspect_change_log(path) == ChangeLogReport(1, 4)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"UPDATE changes SET {change}")
    assert inspect_change_log(path).broken_at == seq


def test_rolled_back_command_leaves_no_change(till: Ledger) -> None:
    refund(till)
    before = till.changes.head()
    intent = Intent(Kind.REFUND, ORDER.order_id, 100)

    def fail(_index: int) -> SerializedRequest:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        till.enqueue(intent, fail)
    assert till.changes.head() == before


def test_failing_log_refuses_the_command_as_a_whole(till: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = refund(till)
    monkeypatch.setattr("bonifiq_desktop.ledger.change_log.operation_body", lambda *_args, **_named: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        start_attempt(till, operation)
    assert till.queries.state(operation.operation_id) is State.QUEUED
    assert not till.queries.attempts.is_possibly_sent(operation.operation_id)


def test_history_from_before_is_told_in_parts_with_customers_first(ledger: Ledger) -> None:
    for number in range(5):
        confirm(ledger, sell(ledger, f"CAIXA1-{number}", replace(ORDER, order_id=f"CAIXA1-{number}")))
    refund(ledger, order_id="B", order=None)
    ledger.changes.begin(1, "1a" * 16)
    assert ledger.changes.head()[0] == 0
    assert ledger.changes.tell_untold(4)
    assert kinds(ledger) == ["customer", *["operation"] * 3]
    assert not ledger.changes.tell_untold(4)
    assert not ledger.changes.tell_untold(4)
    assert kinds(ledger) == ["customer", *["operation"] * 6]
    assert [row["state"] for row in told(ledger).operations.values()] == [*["confirmed"] * 5, "queued"]


def test_old_operation_that_changes_before_its_turn_is_told_whole_with_its_customer(ledger: Ledger) -> None:
    operation = refund(ledger)
    refund(ledger, order_id="B", order=None)
    ledger.changes.begin(1, "1a" * 16)
    start_attempt(ledger, operation)
    assert kinds(ledger) == ["customer", "operation"]
    tell_everything(ledger)
    assert kinds(ledger) == ["customer", "operation", "operation"]


def test_same_customer_seen_again_is_not_told_again(till: Ledger) -> None:
    refund(till)
    till.remember_order(ORDER)
    assert kinds(till).count("customer") == 1
    till.remember_order(replace(ORDER, customer=replace(ANA, name="Ana Moura")))
    assert kinds(till).count("customer") == 2
    assert {each.customer.name for each in told(till).customers.values()} == {"Ana Moura"}


def test_customer_without_operation_is_not_told(till: Ledger) -> None:
    till.remember_order(ORDER)
    assert kinds(till) == []


def test_used_keys_are_told_as_the_queries_count_them(till: Ledger) -> None:
    operation = bring_to_review(till, refund(till))

    def again(index: int) -> SerializedRequest:
        return SerializedRequest("/v1/again", b"{}", f"KEY-{index}")

    till.requeue_with_new_key(operation.operation_id, again, note="Bia")
    [row] = told(till).operations.values()
    assert (row["state"], row["cancel_key"], row["used_indexes"]) == ("queued", "KEY-1", "[0]")
    order = (ORDER.order_id.casefold(), "bonifiq", "bonifiq")
    assert json.loads(row["used_indexes"]) == till.queries.used_key_indexes(order, "", 2590)


def test_second_begin_with_the_same_number_changes_nothing(till: Ledger) -> None:
    refund(till)
    head = till.changes.head()
    till.changes.begin(1, "1a" * 16)
    assert till.changes.head() == head
    till.changes.begin(2, "2b" * 16)
    tell_everything(till)
    assert (till.changes.incarnation, till.changes.head()[0]) == (2, head[0])
    assert till.changes.head()[1] != head[1]


def test_next_incarnation_id_stays_until_begin(ledger: Ledger, path: Path) -> None:
    first = ledger.changes.next_incarnation_id()
    ledger.close()
    with closing(Ledger(path, customer_keys=KEYS)) as again:
        assert again.changes.next_incarnation_id() == first
        again.changes.begin(1, first)
        assert again.changes.next_incarnation_id() != first


def test_left_shop_is_told_nothing_more(till: Ledger, path: Path) -> None:
    refund(till)
    till.changes.leave()
    refund(till, order_id="B", order=None)
    assert (till.changes.incarnation, till.changes.head()) == (None, (0, NO_HASH))
    assert till.changes.next_incarnation_id()


def test_names_of_a_till_outlive_leaving_and_its_earlier_version(till: Ledger, path: Path) -> None:
    till.connection.set_metadata("shop_former_names", '["CAIXA9"]')  # as an earlier version stored what was left
    till.changes.add_name("CAIXA1")
    commits = till.connection.commit_count()
    till.changes.add_name("CAIXA1")
    assert till.connection.commit_count() == commits
    till.changes.leave()
    till.close()
    with closing(Ledger(path, customer_keys=KEYS)) as again:
        again.changes.add_name("CAIXA5")
        assert again.changes.names() == ["CAIXA1", "CAIXA5", "CAIXA9"]


def test_till_without_its_keys_tells_the_rest_once_it_has_them(path: Path) -> None:
    with closing(Ledger(path, clock=Clock(), customer_keys=KEYS)) as ledger:
        operation = refund(ledger)
        ledger.changes.begin(1, "1a" * 16)
    with closing(Ledger(path, clock=Clock(), customer_keys=CustomerKeys.for_this_run())) as ledger:
        tell_everything(ledger)
        assert kinds(ledger) == ["operation"]
        sending = start_attempt(ledger, operation)
        assert kinds(ledger) == ["operation", "operation"]
        ledger.customers.use(KEYS)
        ledger.finish_attempt(sending, TIMED_OUT, UNKNOWN)
        tell_everything(ledger)
        assert kinds(ledger) == ["operation", "operation", "operation", "customer"]
        [row] = told(ledger).operations.values()
        assert (row["state"], row["reason"]) == ("unknown", "Veio errado")


def test_other_key_than_the_files_seals_nothing(till: Ledger) -> None:
    till.customers.adopt(KEYS, KEYS)
    till.customers.use(CustomerKeys(b"x" * 32))
    refund(till, order_id="B", order=None)
    assert "private" not in json.loads(till.changes.after(0, 10)[-1].body)


def test_bodies_hold_no_readable_personal_data(till: Ledger) -> None:
    order = replace(ORDER, sales_person="7 - Marina Braga")
    confirm(till, sell(till, "CAIXA1-1", order))
    intent = Intent(Kind.REFUND, "B", 500, "reclamou a Dona Ana Prado", registered_by="Bia Souza", order=order)
    till.enqueue(intent, lambda _index: SerializedRequest("/v1/x", b"{}", "K-0"))
    changes = till.changes.after(0, 100)
    everything = b"".join(change.body.encode() + (change.sealed or b"") for change in changes)
    hashes = {str(each.identity).encode() for each in told(till).customers.values()}
    assert all(len(each) == 64 for each in hashes)
    for secret in (*PERSONAL_BYTES, b"Ana Lima", b"Souza", b"Marina", b"reclamou", *hashes):
        assert secret not in everything
    row = list(told(till).operations.values())[-1]
    assert (row["registered_by"], row["reason"]) == ("Bia Souza", "reclamou a Dona Ana Prado")
    assert json.loads(row["snapshot"])["sales_person"] == "7 - Marina Braga"


def test_sealed_record_opens_for_its_own_customer_and_incarnation_alone(till: Ledger) -> None:
    refund(till)
    [change] = [each for each in till.changes.after(0, 10) if each.sealed]
    assert change.sealed is not None
    assert sha256(change.sealed).digest() == change.sealed_sha256
    number = json.loads(change.body)["id"]
    KEYS.unseal_for(f"{'1a' * 16}/{number}", change.sealed)
    for place in (f"{'1a' * 16}/{number + 1}", f"{'2b' * 16}/{number}"):
        with pytest.raises(SealBroken):
            KEYS.unseal_for(place, change.sealed)
