"""Handlers that write files for people: the history as a sheet, and the data of one customer."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.personal_data import ErasureResult, PersonalDataReport
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.ledger.history_filter import Query
from bonifiq_desktop.services import export
from bonifiq_desktop.services.file_executor import FileExecutor
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler, Mode, orders_of_customers

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend


@Handler(c.ExportHistory)
async def export_history(backend: "Backend", command: c.ExportHistory) -> int:
    paths, text = backend.paths, command.search.strip()
    query = Query(command.filter, text, orders_of_customers(backend, text))
    with backend.work.start(c.ExportHistory) as progress:
        # Its own executor: the totals of the page and the copies need not wait for a long history.
        return await FileExecutor().run(
            export.save,
            paths.ledger,
            Path(command.path),
            data_folder=paths.folder,
            query=query,
            progress=progress,
            till=backend.settings_store.settings.till,
        )


@Handler(c.FindPersonalData, shows_person=True)
async def find_personal_data(backend: "Backend", command: c.FindPersonalData) -> PersonalDataReport:
    with backend.work.start(c.FindPersonalData) as progress:
        return await backend.personal_data.find(command.customer, progress)


@Handler(c.ExportPersonalData)
def export_personal_data(backend: "Backend", command: c.ExportPersonalData, grant: ApprovalGrant) -> int:
    return backend.personal_data.export(command.customer, Path(command.path), grant=grant)


@Handler(c.ErasePersonalData)
async def erase_personal_data(backend: "Backend", command: c.ErasePersonalData, grant: ApprovalGrant) -> ErasureResult:
    with backend.work.start(c.ErasePersonalData) as progress:
        result = await backend.personal_data.erase(command.customer, progress, grant=grant)
    backend.customers.forget()
    backend.outbox.wake()  # the outbox repeats what could not be taken out of the write-ahead log at once
    return result


@Handler(c.StopWork, mode=Mode.BOTH, needs_sign_in=False)
def stop_work(backend: "Backend | RecoveryBackend", command: c.StopWork) -> None:
    backend.work.stop(command.command)
