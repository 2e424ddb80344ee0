"""Commands about slips and printers."""

from dataclasses import dataclass

from bonifiq_desktop.domain.print_jobs import PrintJob
from bonifiq_desktop.domain.slips import Slip, SlipSubject
from bonifiq_desktop.worker.command import Command


@dataclass(frozen=True)
class PrinterInfo:
    """A printer of this PC. `forms`: the driver's paper sizes by the driver's own names."""

    name: str
    is_default: bool = False
    forms: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()


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
    """Send a failed or uncertain job again; an uncertain one as a further copy."""

    job_id: int


class WithdrawPrintJob(Command[PrintJob]):
    """Give up a job that was not sent."""

    job_id: int


class ListPrinters(Command[tuple[PrinterInfo, ...]]):
    """Ask a helper process for this PC's printers. Raises TimeoutError where a driver hangs."""
