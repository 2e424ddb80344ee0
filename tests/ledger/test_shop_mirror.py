"""The mirror of the other tills: what it takes over from their changes, and what it refuses."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Evidence, Operation, Resolution, State
from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, Change, KnownTill, TillHead
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.ledger.errors import LedgerFailed, MirrorBroken, MirrorNewer, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import NO_END, Erasure
from tests.support.ledger_actions import (
    ANA,
    KEYS,
    ORDER,
    TIMED_OUT,
    UNKNOWN,
    Clock,
    bring_to,
    cancel,
    confirm,
    make_changed_backup,
    refund,
    sell,
)
from tests.support.shop_teller import NOW, Teller, rehashed

ORDER_ID = "1006/B"
DAY = timedelta(days=1)
FOUND = "SELECT rowid FROM shop_search WHERE shop_search MATCH '\"100\"'"


@pytest.fixture(name="second")
def open_second_till(tmp_path: Path) -> Iterator[Teller]:
    """Another till of the shop, with the shop's keys."""
    ledger = Ledger(tmp_path / "second.db", clock=Clock(), customer_keys=KEYS)
    yield Teller(ledger)
    ledger.close()


def _history(ledger: Ledger, order_id: str = ORDER_ID) -> tuple[Operation, ...]:
    return ledger.queries.history_of(order_id).operations


def _same(here: Operation, there: Operation, till: str = "CAIXA2") -> bool:
    return replace(here, operation_id=there.operation_id, till="") == there and here.till == till


def test_operation_of_another_till_appears_as_it_is_there(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    second.tell_to(ledger)
    (here,) = _history(ledger)
    assert here.operation_id < 0
    assert _same(here, made)
    assert here.reason == "Veio errado"
    assert here.order is not None
    assert here.order.customer is not None


def test_sales_person_of_an_order_comes_from_the_sealed_part(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger, order=replace(ORDER, sales_person="Caio Prado"))
    second.tell_to(ledger)
    assert not any("Caio" in change.body for change in second.changes)
    (here,) = _history(ledger)
    assert _same(here, made)
    assert here.order is not None
    assert here.order.sales_person == "Caio Prado"


@pytest.mark.parametrize("finished", [True, False], ids=["confirmed", "unknown"])
def test_later_change_of_another_till_replaces_the_state(ledger: Ledger, second: Teller, finished: bool) -> None:
    made = refund(second.ledger)
    second.tell_to(ledger)
    before = _history(ledger)[0]
    if finished:
        confirm(second.ledger, made)
    else:
        bring_to(second.ledger, made, State.UNKNOWN)
    second.tell_to(ledger)
    (here,) = _history(ledger)
    assert here.operation_id == before.operation_id
    assert _same(here, second.ledger.queries.operation(made.operation_id))


def test_changes_applied_twice_or_in_parts_leave_one_mirror(ledger: Ledger, second: Teller, tmp_path: Path) -> None:
    confirm(second.ledger, refund(second.ledger))
    second.tell()
    cancel(second.ledger)
    second.tell()
    ledger.shop.apply("CAIXA2", 1, second.changes)
    ledger.shop.apply("CAIXA2", 1, second.changes)
    other = Ledger(tmp_path / "third.db", clock=Clock(), customer_keys=KEYS)
    for change in second.changes:
        other.shop.apply("CAIXA2", 1, [change])
    assert [o.uid for o in _history(ledger)] == [o.uid for o in _history(other)]
    assert ledger.shop.cursors() == other.shop.cursors() == {("CAIXA2", 1): len(second.changes)}
    other.close()


def _with_body(old: str, new: str) -> Callable[[list[Change]], list[Change]]:
    """Changes whose last one has a sound hash, and another body."""
    return lambda changes: [*changes[:-1], rehashed(changes[-1], body=changes[-1].body.replace(old, new))]


def _with_cut_record(changes: list[Change]) -> list[Change]:
    return [replace(changes[0], sealed=(changes[0].sealed or b"")[:-1]), *changes[1:]]


BROKEN: dict[str, Callable[[list[Change]], list[Change]]] = {
    "hole": lambda changes: changes[1:],
    "fork": lambda changes: [*changes[:-1], rehashed(replace(changes[-1], previous=b"f" * 32))],
    "changed body": lambda changes: [*changes[:-1], replace(changes[-1], body=changes[-1].body + " ")],
    "changed record": _with_cut_record,
    "no JSON": _with_body("}", ""),
    "unknown state": _with_body('"queued"', '"eaten"'),
    "unknown kind": _with_body('"refund"', '"gift"'),
    "negative value": _with_body('"value":2590', '"value":-2590'),
    "nested value": _with_body('"value":2590', '"value":{"a":1}'),
    "missing column": _with_body('"order_id"', '"till_id"'),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_changes_are_refused_whole(ledger: Ledger, second: Teller, name: str) -> None:
    refund(second.ledger)
    changes = BROKEN[name](second.tell())
    assert changes != second.changes
    with pytest.raises(MirrorBroken):
        ledger.shop.apply("CAIXA2", 1, changes)
    assert _history(ledger) == ()
    assert not any(ledger.shop.cursors().values())
    ledger.shop.apply("CAIXA2", 1, second.changes)
    assert len(_history(ledger)) == 1


def test_change_of_a_newer_version_stops_after_the_ones_before(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    readable = len(second.tell())
    second.add({"kind": "operation"}, version=CHANGE_VERSION + 1)
    ledger.shop.apply("CAIXA2", 1, second.changes)
    assert ledger.shop.cursors() == {("CAIXA2", 1): readable}
    with pytest.raises(MirrorNewer) as raised:
        ledger.shop.apply("CAIXA2", 1, second.changes)
    assert raised.value.till == "CAIXA2"
    assert len(_history(ledger)) == 1


def test_unknown_kind_of_change_moves_the_cursor_only(ledger: Ledger, second: Teller) -> None:
    second.add({"kind": "greeting"})
    ledger.shop.apply("CAIXA2", 1, second.changes)
    assert ledger.shop.cursors() == {("CAIXA2", 1): 1}


def test_changes_without_the_keys_of_the_customers_are_not_applied(second: Teller, tmp_path: Path) -> None:
    refund(second.ledger)
    ledger = Ledger(tmp_path / "locked.db", clock=Clock())
    with pytest.raises(LedgerFailed):
        ledger.shop.apply("CAIXA2", 1, second.tell())
    assert ledger.shop.cursors() == {}
    ledger.close()


def test_own_operation_told_by_an_earlier_incarnation_stays_out_of_the_mirror(ledger: Ledger) -> None:
    made = refund(ledger)
    Teller(ledger, "CAIXA1", 1).tell_to(ledger)
    assert _history(ledger) == (made,)
    assert ledger.connection.rows("SELECT * FROM shop_operations") == []


@pytest.mark.parametrize("kind", ["refund", "cancel"])
@pytest.mark.parametrize("is_done", [True, False])
def test_restored_operation_ends_as_it_was_told_before(ledger: Ledger, path: Path, kind: str, *, is_done: bool) -> None:
    ledger.changes.add_name("CAIXA1")
    made = refund(ledger) if kind == "refund" else cancel(ledger)
    backup = make_changed_backup(path)
    if is_done:
        confirm(ledger, made)
    else:
        ledger.withdraw(made.operation_id)
    before = Teller(ledger, "CAIXA1", 1)
    before.tell()
    ledger.close()
    restore(path, backup, decided_by="Ana", now=NOW)
    again = Ledger(path, clock=Clock(), customer_keys=KEYS)
    again.recover()
    again.changes.begin(2, "b" * 32)
    again.shop.apply("CAIXA1", 1, before.changes)
    operation = again.queries.operation(made.operation_id)
    assert operation.state is (State.CONFIRMED if is_done else State.NOT_APPLIED)
    assert operation.evidence is (Evidence.ANSWER if is_done else Evidence.PERSON)
    again.changes.tell_untold(100)
    newest = again.changes.after(0, 100)[-1]
    assert json.loads(newest.body)["state"] == operation.state
    again.close()


@pytest.mark.parametrize(
    ("is_done", "is_sent", "state"),
    [(True, False, State.CONFIRMED), (True, True, State.UNKNOWN), (False, False, State.UNKNOWN)],
)
def test_restored_operation_that_is_tried_again_ends_only_as_done(
    ledger: Ledger, path: Path, state: State, *, is_done: bool, is_sent: bool
) -> None:
    made = refund(ledger)
    backup = make_changed_backup(path)
    if is_done:
        confirm(ledger, made)
    else:
        ledger.withdraw(made.operation_id)
    before = Teller(ledger, "CAIXA1", 1)
    before.tell()
    ledger.close()
    restore(path, backup, decided_by="Ana", now=NOW)
    again = Ledger(path, clock=Clock(), customer_keys=KEYS)
    again.recover()
    again.resolve(made.operation_id, State.REVIEW, Resolution(State.UNKNOWN, Evidence.PERSON))
    if is_sent:
        again.finish_attempt(again.start_attempt(made.operation_id), TIMED_OUT, UNKNOWN)
    again.shop.apply("CAIXA1", 1, before.changes)
    assert again.queries.operation(made.operation_id).state is state
    again.close()


def test_newer_incarnation_replaces_the_older_one_and_never_back(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    second.tell_to(ledger)
    row_id = _history(ledger)[0].operation_id
    newer = Teller(second.ledger, incarnation=2)
    confirm(second.ledger, made)
    newer.tell_to(ledger)
    assert _history(ledger)[0].state is State.CONFIRMED
    second.add(json.loads(second.changes[-1].body) | {"state": "review"})
    ledger.shop.apply("CAIXA2", 1, second.changes)
    (here,) = _history(ledger)
    assert (here.state, here.operation_id) == (State.CONFIRMED, row_id)
    assert ledger.shop.cursors() == {("CAIXA2", 1): len(second.changes), ("CAIXA2", 2): len(newer.changes)}


def test_copied_history_told_by_two_tills_ends_equal_in_any_order(second: Teller, tmp_path: Path) -> None:
    made = refund(second.ledger)
    second.tell()
    copy = Teller(second.ledger, "CAIXA3")
    copy.tell()
    confirm(second.ledger, made)
    second.tell()
    shown = []
    for tellers in ((second, copy), (copy, second)):
        ledger = Ledger(tmp_path / f"{tellers[0].till}.db", clock=Clock(), customer_keys=KEYS)
        for teller in tellers:
            teller_changes = list(teller.changes)
            ledger.shop.apply(teller.till, 1, teller_changes)
        shown.append([(o.till, o.state) for o in _history(ledger)])
        ledger.close()
    assert shown == [[("CAIXA2", State.CONFIRMED)]] * 2


def test_end_of_a_copy_leaves_what_the_till_itself_has_under_way(second: Teller, tmp_path: Path) -> None:
    made = refund(second.ledger)
    second.tell()
    copy = Teller(second.ledger, "CAIXA3")
    second.ledger.withdraw(made.operation_id)
    copy.tell()
    for tellers in ((second, copy), (copy, second)):
        ledger = Ledger(tmp_path / f"{tellers[0].till}.db", clock=Clock(), customer_keys=KEYS)
        for teller in tellers:
            ledger.shop.apply(teller.till, 1, list(teller.changes))
        assert [(o.till, o.state) for o in _history(ledger)] == [("CAIXA2", State.QUEUED)]
        ledger.close()


# --- what is known of the tills


def test_known_tills_name_age_and_pending_of_the_newest_incarnation(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    changes = second.tell()
    head = TillHead("CAIXA2", 1, len(changes), changes[-1].hash, silent_seconds=540)
    ledger.shop.note_heads([head], NOW)
    heard_at = NOW - timedelta(minutes=9)
    assert ledger.shop.known_tills() == (KnownTill("CAIXA2", heard_at, pending=2),)
    assert ledger.shop.cursors() == {("CAIXA2", 1): 0}
    ledger.shop.apply("CAIXA2", 1, changes)
    assert ledger.shop.known_tills() == (KnownTill("CAIXA2", heard_at, pending=0),)
    ledger.shop.note_heads([replace(head, incarnation=2, seq=7, silent_seconds=0)], NOW)
    assert ledger.shop.known_tills() == (KnownTill("CAIXA2", NOW, pending=7),)


def test_head_behind_the_mirror_leaves_nothing_pending(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    second.tell_to(ledger)
    ledger.shop.note_heads([TillHead("CAIXA2", 1, 1, second.changes[0].hash, 0)], NOW)
    assert [each.pending for each in ledger.shop.known_tills()] == [0]
    assert len(_history(ledger)) == 1


# --- taking an order over


def test_order_taken_over_is_free_and_names_the_uids_of_its_holder(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    second.tell_to(ledger)
    assert ledger.queries.others.unfinished_of(ORDER_ID, BONIFIQ_SCOPE) is not None
    ledger.shop.take_over(made.uid, "Bia")
    ledger.shop.take_over(made.uid, "Bia")
    assert ledger.queries.others.unfinished_of(ORDER_ID, BONIFIQ_SCOPE) is None
    assert ledger.shop.taken_over(" 1006/b ", BONIFIQ_SCOPE) == [made.uid]
    assert ledger.shop.taken_over("1007", BONIFIQ_SCOPE) == []
    again = refund(ledger)
    assert again.cancel_key == made.cancel_key


def test_order_taken_over_counts_again_once_its_till_finished_it(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    second.tell_to(ledger)
    ledger.shop.take_over(made.uid, "Bia")
    assert _history(ledger) == ()
    confirm(second.ledger, made)
    second.tell_to(ledger)
    assert [o.uid for o in _history(ledger)] == [made.uid]


def test_take_over_of_a_finished_or_unknown_operation_is_refused(ledger: Ledger, second: Teller) -> None:
    made = confirm(second.ledger, refund(second.ledger))
    second.tell_to(ledger)
    for uid in (made.uid, "unknown", refund(ledger, 100, "1007").uid):
        with pytest.raises(TransitionRefused):
            ledger.shop.take_over(uid, "Bia")


# --- customers


def test_erased_customer_leaves_every_mirror_and_the_file(ledger: Ledger, second: Teller, path: Path) -> None:
    refund(second.ledger)
    second.tell_to(ledger)
    assert _history(ledger)[0].order is not None
    number = ledger.connection.rows("SELECT customer_id FROM shop_customers")[0][0]
    second.add({"kind": "customer_erased", "id": number})
    assert ledger.connection.truncate_wal()
    assert ledger.shop.apply("CAIXA2", 1, second.changes) == []
    (here,) = _history(ledger)
    assert here.order is not None
    assert here.order.customer is None
    assert ledger.connection.rows("SELECT * FROM shop_customers") == []
    assert ledger.connection.has_erased_data, "the log of the file still holds the record"


def test_erasure_by_a_person_is_handed_on_and_reaches_the_mirror(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    second.tell_to(ledger)
    identity = KEYS.identity(ANA.document)
    assert identity is not None
    third = Teller(second.ledger, "CAIXA3")
    third.add({"kind": "erasure", "identity": identity})
    assert ledger.shop.apply("CAIXA3", 1, third.changes) == [Erasure(identity)]
    assert ledger.personal_data.due_erasures() == [Erasure(identity)]
    assert ledger.connection.rows("SELECT * FROM shop_customers") == []


@pytest.mark.parametrize(
    ("decided_after", "is_erased"),
    [(-timedelta(days=60), False), (-timedelta(minutes=21), False), (-timedelta(minutes=19), True), (DAY, True)],
)
def test_told_erasure_spares_what_was_seen_after_it_but_for_minutes(
    ledger: Ledger, second: Teller, decided_after: timedelta, *, is_erased: bool
) -> None:
    refund(second.ledger)
    second.tell_to(ledger)
    seen_at = datetime.fromisoformat(ledger.connection.rows("SELECT seen_at FROM shop_customers")[0][0])
    decided_at = (seen_at + decided_after).isoformat()
    second.add({"kind": "erasure", "identity": KEYS.identity(ANA.document), "decided_at": decided_at})
    second.tell_to(ledger)
    assert len(ledger.connection.rows("SELECT * FROM shop_customers")) == (0 if is_erased else 1)


@pytest.mark.parametrize("without_time", [False, True])
def test_erasures_of_one_customer_are_due_as_the_latest(ledger: Ledger, second: Teller, *, without_time: bool) -> None:
    for days in (2, 3, 1):
        second.add({"kind": "erasure", "identity": "hash", "decided_at": (NOW + days * DAY).isoformat()})
        if without_time:
            second.add({"kind": "erasure", "identity": "hash"})
    second.tell_to(ledger)
    latest = NO_END if without_time else NOW + 3 * DAY + timedelta(minutes=20)
    assert ledger.personal_data.due_erasures() == [Erasure("hash", latest)]


@pytest.mark.parametrize("decided_at", ["", "2026-11-20", "2026-11-20T15:00:00", 5, "9999-12-31T23:59:59+00:00"])
def test_erasure_at_an_unreadable_time_is_refused(ledger: Ledger, second: Teller, decided_at: object) -> None:
    second.add({"kind": "erasure", "identity": "hash", "decided_at": decided_at})
    with pytest.raises(MirrorBroken):
        second.tell_to(ledger)
    assert ledger.personal_data.due_erasures() == []


def test_record_that_was_emptied_on_the_way_stores_no_customer(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    second.tell()
    second.changes[0] = replace(second.changes[0], sealed=None)
    ledger.shop.apply("CAIXA2", 1, second.changes)
    (here,) = _history(ledger)
    assert here.order is not None
    assert here.order.customer is None


def test_record_bound_to_another_row_stores_no_customer(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    second.tell()
    moved = json.loads(second.changes[0].body) | {"id": 77}
    stranger = Teller(second.ledger, "CAIXA3")
    stranger.add(moved, second.changes[0].sealed)
    ledger.shop.apply("CAIXA3", 1, stranger.changes)
    assert ledger.connection.rows("SELECT * FROM shop_customers") == []


def test_customers_of_a_replaced_incarnation_are_deleted(ledger: Ledger, second: Teller) -> None:
    refund(second.ledger)
    second.tell_to(ledger)
    Teller(second.ledger, incarnation=2).tell_to(ledger)
    rows = ledger.connection.rows("SELECT t.incarnation FROM shop_customers c JOIN shop_tills t ON t.id = c.till_id")
    assert [row[0] for row in rows] == [2]


def test_forgotten_shop_leaves_no_row_and_can_be_learned_again(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    own = sell(ledger)
    second.tell_to(ledger)
    handle = _history(ledger)[0].operation_id
    ledger.shop.take_over(made.uid, "Bia")
    assert len(ledger.connection.rows(FOUND)) == 1
    ledger.shop.forget()
    for table in ("shop_tills", "shop_customers", "shop_operations", "take_overs"):
        assert ledger.connection.rows(f"SELECT * FROM {table}") == []
    assert ledger.connection.rows(FOUND) == []
    assert ledger.queries.operation(own.operation_id) == own
    second.tell_to(ledger)
    (here,) = _history(ledger)
    assert _same(here, made)
    assert here.operation_id < handle
