"""Handlers of the day close."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.day_close import ClosedDay, DayCheck, DayReport
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.ReadDay)
async def read_day(backend: "Backend", command: c.ReadDay) -> DayReport:
    return await backend.day_close.read(command.day)


@Handler(c.ReadClosedDays)
async def read_closed_days(backend: "Backend", command: c.ReadClosedDays) -> tuple[ClosedDay, ...]:
    return await backend.day_close.closed_days(command.before)


@Handler(c.CloseDay)
def close_day(backend: "Backend", command: c.CloseDay, grant: ApprovalGrant) -> ClosedDay:
    closed = backend.day_close.close(command.day, command.seen_operations, command.person, command.reason, grant)
    backend.print_at_once.day_closed(closed.day)
    return closed


@Handler(c.CheckDay, needs_credentials=True)
async def check_day(backend: "Backend", command: c.CheckDay) -> DayCheck:
    with backend.work.start(c.CheckDay) as progress:
        return await backend.day_check.check(command.day, progress)


@Handler(c.ExportDay)
async def export_day(backend: "Backend", command: c.ExportDay) -> int:
    return await backend.day_close.export(command.day, Path(command.path))
