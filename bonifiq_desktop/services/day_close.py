"""The day close: what a day of this till shows, who may close it, and the close."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bonifiq_desktop.domain.day_close import ClosedDay, DamagedClose, DayReport, ReasonNeeded
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.staff import MAX_NAME, NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ledger.day_close import read_closed, read_day
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.audit_log import read_entries
from bonifiq_desktop.services import day_export
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings

CLOSE_ENTRY = "close_day"
"""Name of a close in the audit log."""
MAX_REASON = 200
"""Characters of a reason that a record keeps."""


def read_audited_day(paths: Paths, day: date | None, *, till: str, now: datetime) -> DayReport:
    """A day, and which closes of any day the audit log has and the ledger has not. Raises LedgerError."""
    closes: dict[date, DamagedClose] = {}
    with suppress(OSError):  # what the audit log lacks is no reason to show no day
        for entry in read_entries(paths.folder, CLOSE_ENTRY):
            with suppress(KeyError, TypeError, ValueError):
                closed_on = date.fromisoformat(entry["day"])
                closes[closed_on] = DamagedClose(int(entry["number"]), closed_on, is_gone=True, code=str(entry["code"]))
    return read_day(paths.ledger, day, till=till, now=now, known_closes=tuple(closes.values()))


@dataclass(eq=False, repr=False)
class DayCloseService:
    """Reads days beside the open ledger, so that nothing waits for a long one, and closes them in it."""

    ledger: Ledger
    paths: Paths
    settings: Callable[[], Settings]
    access: AccessControl
    _files: FileExecutor = field(init=False, default_factory=FileExecutor)  # never behind a long export

    async def read(self, day: date | None) -> DayReport:
        """A day, or today. Raises LedgerError."""
        now, till = self.ledger.connection.clock(), self.settings().till
        return await self._files.run(read_audited_day, self.paths, day, till=till, now=now)

    async def closed_days(self, before: date | None) -> tuple[ClosedDay, ...]:
        """Closed days, the newest first. Raises LedgerError."""
        return await self._files.run(read_closed, self.paths.ledger, before)

    async def export(self, day: date, target: Path) -> int:
        """Write a day to a file. Raises as `day_export.save`."""
        now, till, folder = self.ledger.connection.clock(), self.settings().till, self.paths.folder
        return await self._files.run(
            day_export.save, self.paths.ledger, day, target, till=till, now=now, data_folder=folder
        )

    def close(
        self, day: date, seen_operations: int, person: str, reason: str, grant: ApprovalGrant = NO_APPROVAL
    ) -> ClosedDay:
        """Close a day. A person at the counter may close a clean one; a manager closes one with open operations.

        The manager who approves, else the user signed in, counts as the one who closed it, whatever name was typed.
        Raises DayNotClosable, DayChanged, ReasonNeeded, ApprovalNeeded, LedgerError.
        """
        days, till = self.ledger.days, self.settings().till
        report = days.report(day, till=till, seen_operations=seen_operations)
        typed = redact_personal_data(plain(person))[:MAX_NAME]
        name = grant.by.name if grant.by else self.access.current_user_name or typed
        reason = redact_personal_data(plain(reason))[:MAX_REASON]
        if report.undecided:
            if not reason:
                raise ReasonNeeded(report.undecided)
            self.access.require(Task.CLOSE_OPEN_DAY, grant, day=day.isoformat(), open=report.undecided)
        closed = days.close(day, till=till, seen_operations=seen_operations, person=name, reason=reason)
        self.access.record(
            CLOSE_ENTRY, day=day.isoformat(), number=closed.number, code=closed.code, open=closed.open_operations
        )
        return closed
