"""Attempts: on disk before the first byte, ended by a verdict; and final states that stay."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Evidence, Resolution, ReviewReason, State
from bonifiq_desktop.domain.verdicts import Bonus, Done, FailureReason, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerFailed, RequestDamaged, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.row_mapping import Attempt
from tests.support.ledger_actions import (
    ANSWERED_DONE,
    CONFIRMED,
    KEYS,
    REFUSAL,
    REFUSED,
    START,
    TIMED_OUT,
    UNKNOWN,
    bring_to_review,
    cancel,
    confirm,
    refund,
    sell,
    start_attempt,
)


def _last_attempt(ledger: Ledger, operation_id: int) -> Attempt:
    details = ledger.queries.details(operation_id)
    assert details is not None
    return details.attempts[-1]


def test_attempt_is_on_disk_before_its_first_byte_is_sent(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    sending = start_attempt(ledger, made)
    assert sending.operation.state is State.SENDING
    other = sqlite3.connect(path)  # as another process sees it, without anything from this one
    row = other.execute("SELECT possibly_sent, ended_at, cancel_key FROM attempts").fetchall()
    state = other.execute("SELECT state FROM operations").fetchone()
    other.close()
    assert (row, state) == ([(1, None, made.cancel_key)], ("sending",))


@pytest.mark.parametrize(
    ("verdict", "settled", "code", "message"),
    [
        (Refused("1234"), REFUSED, "1234", "1234"),
        (Refused("InvalidValue"), REFUSED, "InvalidValue", "InvalidValue"),
        (Refused("07", "Valor inválido"), REFUSED, "07", "Valor inválido"),
        (Refused(), REFUSED, "", ""),
        (Unknown(FailureReason.SAYS_NO, code="409"), UNKNOWN, "409", "409"),
        (Unknown(FailureReason.SAYS_NO, code="409", message="Conflict"), UNKNOWN, "409", "Conflict"),
    ],
)
def test_answer_without_message_shows_its_code(
    ledger: Ledger, verdict: Verdict, settled: Resolution, code: str, message: str
) -> None:
    made = refund(ledger)
    done = ledger.finish_attempt(start_attempt(ledger, made), verdict, settled)
    attempt = _last_attempt(ledger, made.operation_id)
    assert (attempt.code, attempt.message, done.message) == (code, message, message)


@pytest.mark.parametrize(
    ("verdict", "settled", "left", "outcome"),
    [
        (ANSWERED_DONE, CONFIRMED, True, "done"),
        (REFUSAL, REFUSED, True, "refused"),
        (
            Refused("K", "usada", used_key=True),
            Resolution(State.REVIEW, review_reason=ReviewReason.KEY_USED_BEFORE),
            True,
            "refused",
        ),
        (NotSent(FailureReason.NO_CONNECTION), Resolution(State.QUEUED), False, "not_sent"),
        (TIMED_OUT, UNKNOWN, True, "unknown"),
    ],
)
def test_attempt_keeps_its_verdict(
    ledger: Ledger, verdict: Verdict, settled: Resolution, *, left: bool, outcome: str
) -> None:
    made = refund(ledger)
    done = ledger.finish_attempt(start_attempt(ledger, made), verdict, settled)
    assert (done.state, done.evidence, done.review_reason) == (settled.state, settled.evidence, settled.review_reason)
    assert done.failure_reason == (verdict.reason if isinstance(verdict, NotSent | Unknown) else None)
    assert done.bonus == (Bonus(30, 450) if isinstance(verdict, Done) else None)
    assert (done.settled_at is not None) is (settled.state in {State.CONFIRMED, State.REFUSED})
    attempt = _last_attempt(ledger, made.operation_id)
    assert (attempt.possibly_sent, attempt.outcome, attempt.failure_reason) == (left, outcome, done.failure_reason)
    assert attempt.ended_at is not None
    assert attempt.message == done.message
    assert done.attempts == 1


def test_operation_keeps_the_last_message_of_bonifiq(ledger: Ledger) -> None:
    assert confirm(ledger, refund(ledger)).message == "Atenção"
    refused = ledger.finish_attempt(start_attempt(ledger, refund(ledger, 1)), REFUSAL, REFUSED)
    assert refused.message == "Valor inválido"
    assert _last_attempt(ledger, refused.operation_id).code == "InvalidValue"


@pytest.mark.parametrize(("verdict", "counts"), [(TIMED_OUT, True), (NotSent(FailureReason.NO_CONNECTION), False)])
def test_repeat_knows_whether_an_earlier_attempt_was_possibly_sent(
    ledger: Ledger, verdict: Verdict, *, counts: bool
) -> None:
    made = refund(ledger)
    first = start_attempt(ledger, made)
    assert not first.earlier_possibly_sent
    ledger.finish_attempt(first, verdict, UNKNOWN if counts else Resolution(State.QUEUED))
    assert ledger.queries.attempts.possibly_sent_attempts(made.operation_id) == int(counts)
    assert start_attempt(ledger, made).earlier_possibly_sent is counts


def test_operation_being_sent_starts_no_second_attempt(ledger: Ledger) -> None:
    made = refund(ledger)
    start_attempt(ledger, made)
    with pytest.raises(TransitionRefused):
        start_attempt(ledger, made)
    assert ledger.queries.operation(made.operation_id).attempts == 1


def test_operation_final_or_in_review_starts_no_attempt(ledger: Ledger) -> None:
    for operation in (confirm(ledger, refund(ledger)), bring_to_review(ledger, refund(ledger, order_id="B"))):
        with pytest.raises(TransitionRefused):
            start_attempt(ledger, operation)


def test_attempt_ended_twice_is_refused(ledger: Ledger) -> None:
    made = refund(ledger)
    first = start_attempt(ledger, made)
    ledger.finish_attempt(first, TIMED_OUT, UNKNOWN)
    with pytest.raises(TransitionRefused):
        ledger.finish_attempt(first, ANSWERED_DONE, CONFIRMED)
    start_attempt(ledger, made)
    with pytest.raises(TransitionRefused):
        ledger.finish_attempt(first, REFUSAL, REFUSED)  # a late answer of the first is no verdict on the second
    assert ledger.queries.operation(made.operation_id).state is State.SENDING


def test_forbidden_transition_changes_nothing(ledger: Ledger) -> None:
    made = refund(ledger)
    sending = start_attempt(ledger, made)
    with pytest.raises(TransitionRefused):
        ledger.finish_attempt(sending, ANSWERED_DONE, Resolution(State.NOT_APPLIED))
    assert ledger.queries.operation(made.operation_id) == sending.operation
    assert _last_attempt(ledger, made.operation_id).ended_at is None
    with pytest.raises(TransitionRefused):
        ledger.resolve(made.operation_id, State.UNKNOWN, Resolution(State.REVIEW))
    with pytest.raises(LedgerFailed):
        ledger.start_attempt(999)


def test_recovery_makes_every_sending_operation_unknown(ledger: Ledger, path: Path) -> None:
    sent = refund(ledger)
    sending = start_attempt(ledger, sent)
    waiting = refund(ledger, order_id="B")
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    (found,) = again.recover()
    assert (found.operation_id, found.state, found.failure_reason) == (
        sent.operation_id,
        State.UNKNOWN,
        FailureReason.INTERRUPTED,
    )
    assert again.queries.operation(waiting.operation_id) == waiting
    attempt = _last_attempt(again, sent.operation_id)
    assert (attempt.outcome, attempt.failure_reason, attempt.possibly_sent) == (
        "unknown",
        FailureReason.INTERRUPTED,
        True,
    )
    assert again.recover() == []
    with pytest.raises(TransitionRefused):
        again.finish_attempt(sending, REFUSAL, REFUSED)
    assert again.start_attempt(sent.operation_id).earlier_possibly_sent
    again.close()


def test_resolution_by_lookup_or_person_keeps_its_evidence(ledger: Ledger) -> None:
    made = cancel(ledger)
    ledger.finish_attempt(start_attempt(ledger, made), TIMED_OUT, UNKNOWN)
    by_lookup = ledger.resolve(made.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.LOOKUP))
    assert (by_lookup.state, by_lookup.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    doubted = bring_to_review(ledger, refund(ledger, order_id="B"))
    settled = Resolution(State.NOT_APPLIED, Evidence.PERSON)
    closed = ledger.resolve(doubted.operation_id, State.REVIEW, settled, note="Bia: conferido no painel")
    assert (closed.state, closed.evidence) == (State.NOT_APPLIED, Evidence.PERSON)
    details = ledger.queries.details(doubted.operation_id)
    assert details is not None
    assert details.events[-1].note == "Bia: conferido no painel"
    assert [(e.from_state, e.to_state) for e in details.events] == [
        (None, State.QUEUED),
        (State.QUEUED, State.SENDING),
        (State.SENDING, State.UNKNOWN),
        (State.UNKNOWN, State.REVIEW),
        (State.REVIEW, State.NOT_APPLIED),
    ]
    assert all(timedelta(0) < later.at - START for later in details.events)


def test_operation_is_never_requeued_with_its_old_key(ledger: Ledger) -> None:
    doubted = bring_to_review(ledger, refund(ledger))
    with pytest.raises(TransitionRefused):
        ledger.resolve(doubted.operation_id, State.REVIEW, Resolution(State.QUEUED, Evidence.PERSON))


@pytest.mark.parametrize("again", [State.CONFIRMED, State.REVIEW, State.QUEUED, State.REFUSED, State.UNKNOWN])
def test_final_state_never_changes(ledger: Ledger, again: State) -> None:
    made = confirm(ledger, refund(ledger))
    with pytest.raises(TransitionRefused):
        ledger.resolve(made.operation_id, State.CONFIRMED, Resolution(again))
    assert ledger.queries.operation(made.operation_id) == made


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE operations SET state = 'queued'",
        "UPDATE operations SET state = 'refused'",
        "UPDATE operations SET evidence = 'lookup'",
        "UPDATE operations SET value = 1",
        "UPDATE operations SET cancel_key = 'X'",
        "UPDATE operations SET settled_at = NULL",
        "DELETE FROM operations",
        "INSERT OR REPLACE INTO operations SELECT * FROM operations",
    ],
)
def test_final_state_never_changes_by_sql(ledger: Ledger, path: Path, sql: str) -> None:
    made = confirm(ledger, refund(ledger))
    ledger.close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA recursive_triggers = ON")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(sql)
    db.rollback()
    db.close()
    again = Ledger(path, customer_keys=KEYS)
    assert again.queries.operation(made.operation_id) == made
    again.close()


def test_request_changed_on_disk_is_not_sent(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    ledger.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE operations SET body = CAST(replace(CAST(body AS TEXT), 'BQ-', 'BX-') AS BLOB)")
    db.commit()
    db.close()
    again = Ledger(path, customer_keys=KEYS)
    with pytest.raises(LedgerDamaged):
        again.start_attempt(made.operation_id)
    assert again.queries.operation(made.operation_id) == made
    again.close()


def test_unknown_operation_with_changed_attempts_still_counts_as_repeat(ledger: Ledger, path: Path) -> None:
    made = refund(ledger)
    ledger.finish_attempt(start_attempt(ledger, made), TIMED_OUT, UNKNOWN)
    ledger.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE attempts SET possibly_sent = 0")
    db.commit()
    db.close()
    again = Ledger(path, customer_keys=KEYS)
    assert start_attempt(again, made).earlier_possibly_sent
    again.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE operations SET kind = 'cancel', cancel_key = NULL",
        "UPDATE operations SET order_id = '1007'",
        "UPDATE operations SET order_key = '1007'",
        "UPDATE operations SET account = 'ANOTHER'",
        "UPDATE operations SET key_index = 1",
        "UPDATE operations SET reference = 'ANOTHER'",
        "UPDATE operations SET cancel_key = cancel_key || 'X'",
        "UPDATE operations SET value = value + 1",
        "UPDATE operations SET path = path || '/'",
        "UPDATE operations SET body = CAST(body || ' ' AS BLOB)",
        "UPDATE operations SET body = NULL",
        "UPDATE operations SET checksum = ''",
    ],
)
def test_operation_changed_on_disk_is_neither_sent_nor_resolved(ledger: Ledger, path: Path, change: str) -> None:
    made = refund(ledger)
    ledger.close()
    db = sqlite3.connect(path)
    db.execute(change)
    db.commit()
    db.close()
    again = Ledger(path, customer_keys=KEYS)
    found = again.queries.operation(made.operation_id)
    with pytest.raises(RequestDamaged):
        again.verify_request(found)
    with pytest.raises(RequestDamaged):
        again.start_attempt(made.operation_id)
    assert again.queries.operation(made.operation_id) == found
    again.close()


def test_sale_once_final_has_no_request_body(ledger: Ledger, path: Path) -> None:
    made = sell(ledger)
    other = refund(ledger)

    def bodies() -> list[bool]:
        with sqlite3.connect(path) as db:
            found = [row[0] is not None for row in db.execute("SELECT body FROM operations ORDER BY id")]
        db.close()
        return found

    ledger.finish_attempt(start_attempt(ledger, made), TIMED_OUT, UNKNOWN)
    assert bodies() == [True, True]
    confirm(ledger, made)
    confirm(ledger, other)
    assert bodies() == [False, True]
    taken_back = sell(ledger, "CAIXA1-2")
    ledger.withdraw(taken_back.operation_id)
    assert bodies() == [False, True, False]
