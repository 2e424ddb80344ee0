"""Handlers of print jobs and printers."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintJob
from bonifiq_desktop.printing.runner import list_printers
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.PrintSlip, needs_credentials=True)
def print_slip(backend: "Backend", command: c.PrintSlip) -> PrintJob:
    return backend.printing.print(command.subject)


@Handler(c.ReadPrintJobs)
def read_print_jobs(backend: "Backend", _command: c.ReadPrintJobs) -> tuple[PrintJob, ...]:
    return backend.printing.newest()


@Handler(c.RepeatPrintJob, needs_credentials=True)
def repeat_print_job(backend: "Backend", command: c.RepeatPrintJob) -> PrintJob:
    return backend.printing.repeat(command.job_id)


@Handler(c.WithdrawPrintJob)
def withdraw_print_job(backend: "Backend", command: c.WithdrawPrintJob) -> PrintJob:
    return backend.printing.withdraw(command.job_id)


@Handler(c.ListPrinters)
async def ask_printers(backend: "Backend", _command: c.ListPrinters) -> tuple[PrinterInfo, ...]:
    return await list_printers(backend.paths.folder)
