"""Commands about the close of a day."""

from datetime import date

from bonifiq_desktop.domain.day_close import ClosedDay, DayCheck, DayReport
from bonifiq_desktop.worker.command import Command, NeedsApproval


class ReadDay(Command[DayReport]):
    """Read a day of this till; None: today. Raises LedgerError."""

    day: date | None = None


class CloseDay(NeedsApproval[ClosedDay]):
    """Close a day. `person`, `reason`: required where operations are open. Raises DayNotClosable, ReasonNeeded.

    `seen_operations`: how many operations the person saw; the close is refused where there are more by now.
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
