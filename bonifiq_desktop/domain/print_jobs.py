"""Print jobs: a slip on its way to a printer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bonifiq_desktop.domain.slips import SlipSubject


class PrintState(StrEnum):
    """State of a print job. SENT: the printer's system took it; the program cannot see the paper.

    QUEUED: nothing was sent. SENDING is committed before the first byte leaves. UNCERTAIN: it was not sent whole, or
    the program or its helper ended while it was sent, so that paper may have come out. FAILED: nothing was sent.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


class PrintFailure(StrEnum):
    """Why a job was not sent, or not whole."""

    NO_PRINTER = "no_printer"
    """None is chosen in the settings."""
    PRINTER_GONE = "printer_gone"
    """The chosen printer does not exist; no other one takes its place."""
    ADDRESS_REFUSED = "address_refused"
    """The printer's address is on the public internet, where a slip would travel unencrypted."""
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
    """A job as the ledger holds it. Times are UTC.

    `printer`: the name or address that it was sent to. `order_id`: the order of its subject, empty where it has none.

    It holds no slip, which is made from the subject when it is sent: the names on it stand only in sealed records.
    """

    id: int
    subject: SlipSubject
    copy: int
    printer: str
    state: PrintState
    created_at: datetime
    failure: PrintFailure | None = None
    ended_at: datetime | None = None
    order_id: str = ""


@dataclass(frozen=True)
class PrintOutcome:
    """The end of an attempt. `nothing_sent`: the printer's system refused the job as a whole, after its start."""

    failure: PrintFailure | None = None
    nothing_sent: bool = False


@dataclass(frozen=True)
class PrinterInfo:
    """A printer of this PC. `forms`: the driver's paper sizes by the driver's own names. `resolutions`: in dpi."""

    name: str
    is_default: bool = False
    forms: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()
