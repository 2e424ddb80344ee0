"""Handlers of the owner's pictures and questions: they read beside the writing connection."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.owner_questions import Answer, RevealedCustomer
from bonifiq_desktop.domain.reports import Pictures
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.services import reports
from bonifiq_desktop.worker import report_commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.ReadPictures)
async def read_pictures(backend: "Backend", command: c.ReadPictures) -> Pictures:
    with backend.work.start(c.ReadPictures) as progress:
        return await backend.files.run(
            reports.read_pictures, backend.paths.ledger, command.first, command.last, progress
        )


@Handler(c.AskQuestion, shows_person=True)
async def ask_question(backend: "Backend", command: c.AskQuestion) -> Answer:
    with backend.work.start(c.AskQuestion) as progress:
        answer = await backend.files.run(
            reports.answer, backend.paths.ledger, command.question, command.first, command.last, progress
        )
    return reports.with_masked_customers(answer, backend.ledger.customers)


@Handler(c.ExportAnswer)
async def export_answer(backend: "Backend", command: c.ExportAnswer) -> int:
    paths = backend.paths
    with backend.work.start(c.ExportAnswer) as progress:
        rows = await backend.files.run(
            reports.all_rows, paths.ledger, command.question, command.first, command.last, progress
        )
        shown = reports.masked_rows(rows, backend.ledger.customers)
        return await backend.files.run(
            reports.save, command.question, shown, Path(command.path), data_folder=paths.folder, progress=progress
        )


@Handler(c.RevealCustomers, shows_person=True)
def reveal_customers(
    backend: "Backend", command: c.RevealCustomers, grant: ApprovalGrant
) -> tuple[RevealedCustomer, ...]:
    return reports.reveal(command.customer_ids, backend.ledger.customers, backend.access, grant)


@Handler(c.SaveReport)
async def save_report(backend: "Backend", command: c.SaveReport) -> None:
    await backend.files.run(reports.save_content, command.content, Path(command.path), data_folder=backend.paths.folder)
