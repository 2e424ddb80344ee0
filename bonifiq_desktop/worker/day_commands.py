"""Commands about the close of a day."""

from datetime import date

from bonifiq_desktop.domain.day_close import ClosedDay, DayCheck, DayReport
from bonifiq_desktop.worker.command import Command, NeedsApproval


class ReadDay(Command[DayReport]):
    """Read a day of this till; None: today. Raises LedgerError."""

    day: date | None = None


class CloseDay(NeedsApproval[ClosedDay]):
    """Close a day. `person`, `reason`: required where operations are open; then a manager approves, where there is one.

    `seen_operations`: `DayReport.operations` as the person saw it. `person`: the manager who approves or the user
    signed in counts before a typed name. Raises DayNotClosable, DayChanged where there are more operations by now,
    ReasonNeeded, ApprovalNeeded, LedgerError.
    """

    day: date
    seen_operations: int
    person: str = ""
    reason: str = ""


class CheckDay(Command[DayCheck]):
    """Compare each order of the day with its system, with progress; `StopWork` ends it with what was checked."""

    day: date


class ReadClosedDays(Command[tuple[ClosedDay, ...]]):
    """Read closed days, newest first, at most 50 before `before`. A damaged record is left out of them."""

    before: date | None = None


class ExportDay(Command[int]):
    """Write a day's report as CSV or XLSX by the file's ending. The value is the number of rows."""

    day: date
    path: str
