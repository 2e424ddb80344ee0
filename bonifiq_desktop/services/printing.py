"""Print jobs: committed first, then sent one after another by a helper process. Nothing else waits for a printer."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintOutcome, PrintState
from bonifiq_desktop.domain.slips import Slip, SlipSubject
from bonifiq_desktop.ledger.errors import LedgerError, TransitionRefused
from bonifiq_desktop.ledger.print_jobs import PrintJobs
from bonifiq_desktop.printing.runner import print_slip
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.storage.printer_settings import PrinterSettings

_log = logging.getLogger(__name__)
_SHOWN_JOBS = 50


@dataclass(eq=False, repr=False)
class PrintingService:
    """Commits and sends print jobs.

    `slip_of`: makes the slip of a subject; raises LookupError for an unknown one. `publish` gets each changed PrintJob.
    """

    jobs: PrintJobs
    settings: Callable[[], PrinterSettings]
    slip_of: Callable[[SlipSubject], Slip]
    publish: Callable[[object], None]
    access: AccessControl
    data_folder: Path
    _queued: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def print(self, subject: SlipSubject) -> PrintJob:
        """Commit a job and return it queued. Raises LookupError for an unknown subject, LedgerError."""
        self.slip_of(subject)
        return self._enqueued(self.jobs.add(subject, self.settings().target))

    def repeat(self, job_id: int) -> PrintJob:
        """Queue a failed job again, or a further copy of an uncertain one.

        Raises LookupError, TransitionRefused for a job in another state, LedgerError.
        """
        job = self.jobs.job(job_id)
        if job.state is PrintState.UNCERTAIN:
            return self.print(job.subject)
        return self._enqueued(self.jobs.requeue(job_id, self.settings().target))

    def withdraw(self, job_id: int) -> PrintJob:
        """Give up a queued or failed job. Raises LookupError, TransitionRefused for another one, LedgerError."""
        return self._published(self.jobs.withdraw(job_id))

    def newest(self) -> tuple[PrintJob, ...]:
        """The newest jobs, newest first. Raises LedgerError."""
        return self.jobs.newest(_SHOWN_JOBS)

    def next_copy(self, subject: SlipSubject) -> int:
        """The copy that `print` would make: 1, or the next one after what may be on paper. Raises LedgerError."""
        return self.jobs.next_copy(subject)

    async def run(self) -> None:
        """Send the queued jobs, also those of an earlier run, until cancelled."""
        while True:
            self._queued.clear()
            try:
                await self._send_queued()
            except LedgerError:
                _log.exception("print jobs not read")
            await self._queued.wait()

    async def _send_queued(self) -> None:
        last = 0
        while (job := self.jobs.next_queued(last)) is not None:
            last = job.id
            try:
                await self._send(job)
            except LedgerError:  # the job stays as it is, and keeps no other waiting; the next one wakes the loop
                _log.exception("print job not sent")

    async def _send(self, job: PrintJob) -> None:
        try:
            outcome = await self._try_to_send(job)
            self._published(self.jobs.end(job.id, outcome))
        except TransitionRefused:  # a person withdrew it meanwhile
            return
        except asyncio.CancelledError:
            self._end_interrupted(job)
            raise
        if outcome.failure is not None:
            _log.warning("print job failed", extra={"kind": job.subject.kind.value, "state": outcome.failure.value})

    def _end_interrupted(self, job: PrintJob) -> None:
        """End a job that the end of the program interrupts; the next start ends it where the ledger is not usable.

        An error must not take the cancellation's place: the worker would wait for this task for ever.
        """
        try:
            if self.jobs.job(job.id).state is PrintState.SENDING:
                self._published(self.jobs.end(job.id, PrintOutcome(PrintFailure.HELPER_ENDED)))
        except Exception:
            _log.exception("print job not ended")

    async def _try_to_send(self, job: PrintJob) -> PrintOutcome:
        settings = self.settings()
        if not settings.target:
            return PrintOutcome(PrintFailure.NO_PRINTER)
        try:
            slip = replace(self.slip_of(job.subject), copy=job.copy)
        except Exception:
            _log.exception("slip not made")
            return PrintOutcome(PrintFailure.SLIP_UNREADABLE)

        def start() -> None:
            self._published(self.jobs.start(job.id, settings.target))

        return await print_slip(slip, settings, start, data_folder=self.data_folder)

    def _enqueued(self, job: PrintJob) -> PrintJob:
        if job.copy > 1:
            self.access.record("reprint", slip=job.subject.kind, subject=job.subject.id, copy=job.copy)
        self._queued.set()
        return self._published(job)

    def _published(self, job: PrintJob) -> PrintJob:
        self.publish(job)
        return job
