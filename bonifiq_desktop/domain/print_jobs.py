"""Print jobs: a slip on its way to a printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bonifiq_desktop.domain.slips import SlipSubject


class PrintState(StrEnum):
    """State of a print job. SENT: the printer's system took it; the program cannot see the paper.

    UNCERTAIN: the program or its helper ended while it was sent, so that paper may have come out.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class PrintFailure(StrEnum):
    """Why a job was not sent."""

    NO_PRINTER = "no_printer"
    """None is chosen in the settings."""
    PRINTER_GONE = "printer_gone"
    """The chosen printer does not exist; no other one takes its place."""
    OFFLINE = "offline"
    OUT_OF_PAPER = "out_of_paper"
    RESOLUTION_TOO_LOW = "resolution_too_low"
    PAPER_REFUSED = "paper_refused"
    """The driver took another paper size, margin or resolution than it was given."""
    TIMED_OUT = "timed_out"
    HELPER_ENDED = "helper_ended"
    SLIP_UNREADABLE = "slip_unreadable"


@dataclass(frozen=True)
class PrintJob:
    """A job as the ledger holds it. `printer`: the name or address that it was sent to. Times are UTC."""

    id: int
    subject: SlipSubject
    copy: int
    printer: str
    state: PrintState
    created_at: datetime
    failure: PrintFailure | None = None
    ended_at: datetime | None = None
