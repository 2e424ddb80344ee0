"""Print jobs in the ledger: committed before they are sent, counted as copies, uncertain after a death."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintOutcome, PrintState
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.ledger.errors import RowDamaged, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, LATER, make_changed_backup, refund
from tests.support.return_actions import money_intent, points_intent, register_return

REFUND = SlipSubject(SlipKind.REFUND, "1")
SALE = SlipSubject(SlipKind.SALE, "2")


def add(ledger: Ledger, subject: SlipSubject = REFUND) -> PrintJob:
    return ledger.print_jobs.add(subject, "Balcão")


def reopen(ledger: Ledger, path: Path) -> Ledger:
    """Open the file as after a crash; the first connection is only closed."""
    ledger.close()
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    return again


def test_print_job_is_sent_in_two_committed_steps(ledger: Ledger) -> None:
    job = add(ledger)
    assert (job.subject, job.copy, job.printer, job.state, job.ended_at) == (
        REFUND,
        1,
        "Balcão",
        PrintState.QUEUED,
        None,
    )
    assert ledger.print_jobs.next_queued() == job
    assert ledger.print_jobs.start(job.id, "Balcão").state is PrintState.SENDING
    assert ledger.print_jobs.next_queued() is None
    sent = ledger.print_jobs.end(job.id, PrintOutcome())
    assert (sent.state, sent.failure) == (PrintState.SENT, None)
    assert sent.ended_at is not None
    assert sent.ended_at > sent.created_at
    assert ledger.print_jobs.newest(50) == (sent,)


def test_print_job_that_fails_before_its_start_was_not_printed(ledger: Ledger) -> None:
    failed = ledger.print_jobs.end(add(ledger).id, PrintOutcome(PrintFailure.OFFLINE))
    assert (failed.state, failed.failure) == (PrintState.FAILED, PrintFailure.OFFLINE)
    again = ledger.print_jobs.requeue(failed.id, "Novo")
    assert (again.id, again.state, again.copy, again.printer) == (failed.id, PrintState.QUEUED, 1, "Novo")
    assert (again.failure, again.ended_at) == (None, None)


def test_print_job_that_fails_after_its_start_is_uncertain(ledger: Ledger) -> None:
    job = ledger.print_jobs.start(add(ledger).id, "Balcão")
    ended = ledger.print_jobs.end(job.id, PrintOutcome(PrintFailure.TIMED_OUT))
    assert (ended.state, ended.failure) == (PrintState.UNCERTAIN, PrintFailure.TIMED_OUT)
    with pytest.raises(TransitionRefused):
        ledger.print_jobs.start(job.id, "Balcão")
    with pytest.raises(TransitionRefused):
        ledger.print_jobs.withdraw(job.id)
    with pytest.raises(TransitionRefused):
        ledger.print_jobs.requeue(job.id, "Balcão")


def test_print_job_that_was_refused_as_a_whole_after_its_start_was_not_printed(ledger: Ledger) -> None:
    job = ledger.print_jobs.start(add(ledger).id, "Balcão")
    refused = ledger.print_jobs.end(job.id, PrintOutcome(PrintFailure.OFFLINE, nothing_sent=True))
    assert refused.state is PrintState.FAILED
    assert add(ledger).copy == 1


def test_print_job_cannot_be_sent_without_its_start(ledger: Ledger) -> None:
    with pytest.raises(TransitionRefused):
        ledger.print_jobs.end(add(ledger).id, PrintOutcome())


def test_copies_count_what_may_be_on_paper(ledger: Ledger) -> None:
    first, other = add(ledger), add(ledger, SALE)
    assert (add(ledger).copy, other.copy) == (2, 1)
    ledger.print_jobs.start(first.id, "Balcão")
    ledger.print_jobs.end(first.id, PrintOutcome(PrintFailure.HELPER_ENDED))
    third = add(ledger)
    assert third.copy == 3
    ledger.print_jobs.withdraw(third.id)
    assert add(ledger).copy == 3


def test_failed_job_takes_the_next_copy_when_it_is_queued_again(ledger: Ledger) -> None:
    failed = ledger.print_jobs.end(add(ledger).id, PrintOutcome(PrintFailure.OUT_OF_PAPER))
    second = add(ledger)
    assert second.copy == 1
    ledger.print_jobs.start(second.id, "Balcão")
    ledger.print_jobs.end(second.id, PrintOutcome())
    assert ledger.print_jobs.requeue(failed.id, "Balcão").copy == 2


def test_next_copy_is_that_of_the_next_job(ledger: Ledger) -> None:
    assert ledger.print_jobs.next_copy(REFUND) == add(ledger).copy
    assert ledger.print_jobs.next_copy(REFUND) == add(ledger).copy == 2


def test_job_names_the_order_of_its_operation_or_return(ledger: Ledger) -> None:
    operation = refund(ledger, order_id="1001")
    assert add(ledger, SlipSubject(SlipKind.REFUND, str(operation.operation_id))).order_id == "1001"
    leg = register_return(ledger, money_intent(), points_intent())[0]
    assert add(ledger, SlipSubject(SlipKind.RETURN, leg.return_id)).order_id == leg.order_id
    for other in (SlipSubject(SlipKind.TEST), SlipSubject(SlipKind.DAY_CLOSE, f"{operation.operation_id}-11-29")):
        assert not add(ledger, other).order_id


def test_test_page_is_always_the_first_copy(ledger: Ledger) -> None:
    assert [add(ledger, SlipSubject(SlipKind.TEST)).copy for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("state", [PrintState.QUEUED, PrintState.FAILED])
def test_unprinted_job_can_be_withdrawn(ledger: Ledger, state: PrintState) -> None:
    job = add(ledger)
    if state is PrintState.FAILED:
        ledger.print_jobs.end(job.id, PrintOutcome(PrintFailure.OFFLINE))
    assert ledger.print_jobs.withdraw(job.id).state is PrintState.WITHDRAWN
    with pytest.raises(TransitionRefused):
        ledger.print_jobs.start(job.id, "Balcão")


def test_unknown_job_is_a_lookup_error(ledger: Ledger) -> None:
    with pytest.raises(LookupError):
        ledger.print_jobs.withdraw(7)


def test_job_found_sending_at_the_start_is_uncertain_and_a_queued_one_waits(ledger: Ledger, path: Path) -> None:
    sending, queued = add(ledger), add(ledger, SALE)
    ledger.print_jobs.start(sending.id, "Balcão")
    again = reopen(ledger, path)
    found = again.print_jobs.job(sending.id)
    assert (found.state, found.failure) == (PrintState.UNCERTAIN, PrintFailure.HELPER_ENDED)
    assert again.print_jobs.next_queued() == queued
    again.close()


def test_outbox_that_starts_beside_leaves_a_sending_job_alone(ledger: Ledger) -> None:
    sending = ledger.print_jobs.start(add(ledger).id, "Balcão")
    ledger.recover(connection="Marketplace")
    assert ledger.print_jobs.job(sending.id) == sending


def test_restored_ledger_prints_no_queued_job_a_second_time(ledger: Ledger, path: Path) -> None:
    queued = add(ledger)
    older = make_changed_backup(path)
    ledger.close()
    restore(path, older, decided_by="Ana", now=LATER)
    again = Ledger(path, customer_keys=KEYS)
    again.recover()
    assert again.print_jobs.next_queued() is None
    assert again.print_jobs.job(queued.id).state is PrintState.UNCERTAIN
    again.close()


def test_printed_job_never_changes_in_the_file(ledger: Ledger, path: Path) -> None:
    job = ledger.print_jobs.start(add(ledger).id, "Balcão")
    ledger.print_jobs.end(job.id, PrintOutcome())
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE print_jobs SET state = 'queued'")


def test_damaged_job_is_said_without_its_content(ledger: Ledger, path: Path) -> None:
    add(ledger)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE print_jobs SET subject_kind = 'Maria'")
    with pytest.raises(RowDamaged) as error:
        ledger.print_jobs.newest(50)
    assert "Maria" not in str(error.value)


def test_damaged_queued_job_keeps_no_other_waiting(ledger: Ledger, path: Path) -> None:
    damaged, next_one = add(ledger), add(ledger, SALE)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE print_jobs SET subject_kind = 'Maria' WHERE id = ?", (damaged.id,))
    assert ledger.print_jobs.next_queued() == next_one
    assert ledger.print_jobs.next_queued(next_one.id) is None


def test_print_job_names_the_printer_that_it_was_sent_to(ledger: Ledger) -> None:
    assert ledger.print_jobs.start(add(ledger).id, "Novo").printer == "Novo"
