"""Pages, details and exports of the history."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.services import export
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.ReadHistoryPage)
def read_history_page(backend: "Backend", command: c.ReadHistoryPage) -> list[Operation]:
    return backend.ledger.queries.page(command.search, command.before_id)


@handles(c.ReadOperationDetails)
def read_operation_details(backend: "Backend", command: c.ReadOperationDetails) -> OperationDetails | None:
    return backend.review.details(command.operation_id)


@handles(c.ExportHistory)
async def export_history(backend: "Backend", command: c.ExportHistory) -> int:
    paths = backend.paths
    return await backend.files.run(export.save, paths.ledger, Path(command.path), data_folder=paths.folder)
