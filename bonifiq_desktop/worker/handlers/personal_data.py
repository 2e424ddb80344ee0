"""Report, export and erasure of one customer's data."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.personal_data import ErasureResult, PersonalDataReport
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.FindPersonalData)
async def find_personal_data(backend: "Backend", command: c.FindPersonalData) -> PersonalDataReport:
    return await backend.personal_data.find(command.customer)


@handles(c.ExportPersonalData)
def export_personal_data(backend: "Backend", command: c.ExportPersonalData, grant: ApprovalGrant) -> int:
    return backend.personal_data.export(command.customer, Path(command.path), grant=grant)


@handles(c.ErasePersonalData)
async def erase_personal_data(backend: "Backend", command: c.ErasePersonalData, grant: ApprovalGrant) -> ErasureResult:
    result = await backend.personal_data.erase(command.customer, grant=grant)
    backend.customers.forget()
    backend.outbox.wake()  # the outbox repeats what could not be taken out of the write-ahead log at once
    return result
