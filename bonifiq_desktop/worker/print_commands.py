"""Commands about slips and printers."""

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintJob
from bonifiq_desktop.domain.slips import Slip, SlipSubject
from bonifiq_desktop.worker.command import Command


class ReadSlip(Command[Slip]):
    """Make the slip of a subject, for the preview and for PDF or picture. Raises LookupError, LedgerError."""

    subject: SlipSubject


class PrintSlip(Command[PrintJob]):
    """Commit a print job and start it; the value is the queued job, whose changes are published as `PrintJob` events.

    Raises LookupError for a subject that does not exist, LedgerError.
    """

    subject: SlipSubject


class ReadPrintJobs(Command[tuple[PrintJob, ...]]):
    """Read the newest print jobs (at most 50), newest first."""


class RepeatPrintJob(Command[PrintJob]):
    """Send a failed job again, or an uncertain one as a new job with a further copy.

    Raises LookupError for an unknown job, TransitionRefused for one in another state, LedgerError.
    """

    job_id: int


class WithdrawPrintJob(Command[PrintJob]):
    """Give up a queued or failed job. Raises LookupError, TransitionRefused where it may be on paper, LedgerError."""

    job_id: int


class ListPrinters(Command[tuple[PrinterInfo, ...]]):
    """Ask a helper process for this PC's printers.

    Raises TimeoutError where a driver hangs, OSError where the helper ends.
    """
