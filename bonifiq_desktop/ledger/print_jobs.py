"""Print jobs in the ledger: committed before anything is sent, and never repeated by themselves."""

import sqlite3
from contextlib import suppress
from datetime import datetime

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintOutcome, PrintState
from bonifiq_desktop.domain.slips import SlipKind, SlipSubject
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.database import translate_errors
from bonifiq_desktop.ledger.errors import RowDamaged, TransitionRefused
from bonifiq_desktop.ledger.row_mapping import rows_may_be_damaged, stored_text

# The number of the next copy: one more than the highest that may be on paper. A test page has no copies.
_NEXT_COPY = """(SELECT CASE WHEN :kind = 'test' THEN 1 ELSE coalesce(max(copy), 0) + 1 END FROM print_jobs
    WHERE subject_kind = :kind AND subject_id = :id AND state NOT IN ('failed', 'withdrawn'))"""

# With the order's number: of the operation, or of the first leg of the return.
_JOBS = """SELECT j.*, coalesce(CASE
        WHEN j.subject_kind = 'return' THEN (
            SELECT o.order_id FROM operations o WHERE o.return_id = j.subject_id AND o.return_id <> ''
            ORDER BY o.id LIMIT 1
        )
        WHEN j.subject_kind NOT IN ('test', 'day_close') THEN (
            SELECT o.order_id FROM operations o WHERE o.id = CAST(j.subject_id AS INTEGER)
        ) END, '') AS order_id FROM print_jobs j"""


class PrintJobs:
    """The print jobs. All methods raise LedgerFailed or LedgerDamaged when the file cannot be used.

    Those that take a job's id raise LookupError for an unknown one, and TransitionRefused in another state.
    """

    def __init__(self, connection: LedgerConnection) -> None:
        self._connection = connection

    def add(self, subject: SlipSubject, printer: str) -> PrintJob:
        """Commit a queued job, as the next copy of its subject."""
        with self._connection.transaction():
            cursor = self._connection.db.execute(
                f"""INSERT INTO print_jobs (subject_kind, subject_id, copy, printer, state, created_at)
                    VALUES (:kind, :id, {_NEXT_COPY}, :printer, 'queued', :now)""",
                {"kind": subject.kind, "id": subject.id, "printer": printer, "now": self._connection.now()},
            )
            return self.job(cursor.lastrowid or 0)

    def job(self, job_id: int) -> PrintJob:
        """One job."""
        found = self._connection.rows(f"{_JOBS} WHERE j.id = ?", (job_id,))
        if not found:
            raise LookupError(job_id)
        return _job(found[0])

    def newest(self, limit: int) -> tuple[PrintJob, ...]:
        """The newest jobs, newest first."""
        return tuple(map(_job, self._connection.rows(f"{_JOBS} ORDER BY j.id DESC LIMIT ?", (limit,))))

    def next_queued(self, after: int = 0) -> PrintJob | None:
        """The oldest queued job after an id, or None. A damaged one keeps no other waiting."""
        for row in self._connection.rows(f"{_JOBS} WHERE j.state = 'queued' AND j.id > ? ORDER BY j.id", (after,)):
            with suppress(RowDamaged):
                return _job(row)
        return None

    def next_copy(self, subject: SlipSubject) -> int:
        """The copy that the next job of a subject would be."""
        with translate_errors():
            named = {"kind": subject.kind, "id": subject.id}
            return int(self._connection.db.execute(f"SELECT {_NEXT_COPY}", named).fetchone()[0])

    def start(self, job_id: int, printer: str) -> PrintJob:
        """Commit that a queued job may be on the paper of a printer from now on."""
        return self._change(job_id, "state = 'sending', printer = :printer", "'queued'", printer=printer)

    def end(self, job_id: int, outcome: PrintOutcome) -> PrintJob:
        """Commit the end of a job: sent, else failed where nothing was sent, else uncertain."""
        if outcome.failure is None:
            return self._change(job_id, "state = 'sent', ended_at = :now", "'sending'")
        ended = """failure = :failure, ended_at = :now,
            state = CASE WHEN state = 'queued' OR :nothing_sent THEN 'failed' ELSE 'uncertain' END"""
        values: dict[str, str | bool] = {"failure": outcome.failure, "nothing_sent": outcome.nothing_sent}
        return self._change(job_id, ended, "'queued', 'sending'", **values)

    def requeue(self, job_id: int, printer: str) -> PrintJob:
        """Queue a failed job again, of which nothing was sent, for the printer of today."""
        subject = self.job(job_id).subject
        again = f"state = 'queued', copy = {_NEXT_COPY}, printer = :printer, failure = NULL, ended_at = NULL"
        return self._change(job_id, again, "'failed'", kind=subject.kind, id=subject.id, printer=printer)

    def withdraw(self, job_id: int) -> PrintJob:
        """Give up a job of which nothing was sent."""
        return self._change(job_id, "state = 'withdrawn', ended_at = :now", "'queued', 'failed'")

    def recover(self) -> None:
        """In the caller's transaction, make each `sending` job uncertain: the program died while it was sent."""
        self._connection.db.execute(
            "UPDATE print_jobs SET state = 'uncertain', failure = ?, ended_at = ? WHERE state = 'sending'",
            (PrintFailure.HELPER_ENDED, self._connection.now()),
        )

    def _change(self, job_id: int, assignments: str, states: str, **values: str | bool) -> PrintJob:
        with self._connection.transaction():
            cursor = self._connection.db.execute(
                f"UPDATE print_jobs SET {assignments} WHERE id = :job_id AND state IN ({states})",
                {**values, "job_id": job_id, "now": self._connection.now()},
            )
            job = self.job(job_id)
            if cursor.rowcount != 1:
                raise TransitionRefused(f"print job {job_id} is {job.state}")
            return job


@rows_may_be_damaged()
def _job(row: sqlite3.Row) -> PrintJob:
    return PrintJob(
        row["id"],
        SlipSubject(SlipKind(row["subject_kind"]), stored_text(row["subject_id"])),
        row["copy"],
        stored_text(row["printer"]),
        PrintState(row["state"]),
        datetime.fromisoformat(row["created_at"]),
        PrintFailure(row["failure"]) if row["failure"] else None,
        datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        stored_text(row["order_id"]),
    )
