"""Print jobs behind a client, with a real backend, real helpers and a printer in the network."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintJob, PrintState
from bonifiq_desktop.domain.slips import Paper, Slip, SlipKind, SlipSubject
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.client import WorkerClient
from tests.support.network_printer import Behaviour, NetworkPrinter
from tests.support.slip_pictures import grey
from tests.worker.conftest import OpenClient, Window

TEST_PAGE = SlipSubject(SlipKind.TEST)


class Printing:
    """A till with a printer; keeps the last state of each job that was published."""

    def __init__(self, client: WorkerClient, window: Window) -> None:
        self.client = client
        self.window = window
        self.jobs: dict[int, PrintJob] = {}
        client.printJobChanged.connect(self._changed)

    def _changed(self, job: PrintJob) -> None:
        self.jobs[job.id] = job

    def choose(self, printer: PrinterSettings) -> None:
        settings = self.window.get(self.client, c.ReadSettings()).settings
        self.window.get(self.client, c.SaveSettings(type(settings)(**{**vars(settings), "printer": printer})))

    def print(self, subject: SlipSubject = TEST_PAGE) -> PrintJob:
        return self.window.get(self.client, c.PrintSlip(subject))

    def until(self, job: PrintJob, state: PrintState) -> PrintJob:
        self.window.until(lambda: self.jobs[job.id].state is state)
        return self.jobs[job.id]

    def refund(self) -> SlipSubject:
        """Register a refund, and wait for its end: a slip shows the state of its moment."""
        changes: list[Operation] = []
        self.client.operationChanged.connect(changes.append)
        order = self.window.get(self.client, c.LookUp("1001")).order
        operation: Operation = self.window.get(self.client, c.RegisterRefund(RefundRequest(order, 2590)))
        self.window.until(lambda: any(o.operation_id == operation.operation_id and o.settled_at for o in changes))
        return SlipSubject(SlipKind.REFUND, str(operation.operation_id))


@pytest.fixture(name="till")
def till_with_a_window(open_client: OpenClient, window: Window) -> Printing:
    return Printing(open_client(), window)


@pytest.fixture(name="printer")
def printer_in_the_network() -> Iterator[NetworkPrinter]:
    with NetworkPrinter() as printer:
        yield printer


def settings_of(printer: NetworkPrinter) -> PrinterSettings:
    return PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=printer.port)


def test_slip_is_queued_at_once_and_sent_in_the_background(till: Printing, printer: NetworkPrinter) -> None:
    till.choose(settings_of(printer))
    subject = till.refund()
    shown: Slip = till.window.get(till.client, c.ReadSlip(subject))
    job = till.print(subject)
    assert (job.state, job.copy, job.order_id) == (PrintState.QUEUED, 1, "1001")
    sent = till.until(job, PrintState.SENT)
    assert sent.printer == f"127.0.0.1:{printer.port}"
    (picture,), (painted,) = printer.pictures(), paint(shown, Paper.ROLL_80)
    assert grey(picture) == grey(painted)


def test_second_copy_says_so_and_is_in_the_audit_log(till: Printing, printer: NetworkPrinter, paths: Paths) -> None:
    till.choose(settings_of(printer))
    subject = till.refund()
    till.until(till.print(subject), PrintState.SENT)
    again = till.print(subject)
    assert till.until(again, PrintState.SENT).copy == 2
    first, second = printer.pictures()
    assert second.height() > first.height()  # one line more: "2ª via"
    entries = [json.loads(line) for line in (paths.folder / "audit.jsonl").read_text().splitlines()]
    (reprint,) = [entry for entry in entries if entry["did"] == "reprint"]
    assert (reprint["slip"], reprint["subject"], reprint["copy"]) == ("refund", subject.id, 2)


def test_failed_job_stops_no_other_and_prints_when_it_is_repeated(till: Printing, printer: NetworkPrinter) -> None:
    till.choose(settings_of(printer))
    printer.behaviour = Behaviour.OUT_OF_PAPER
    failed = till.until(till.print(), PrintState.FAILED)
    assert failed.failure is PrintFailure.OUT_OF_PAPER
    printer.behaviour = Behaviour.FINE
    till.until(till.print(), PrintState.SENT)
    repeated = till.window.get(till.client, c.RepeatPrintJob(failed.id))
    assert (repeated.id, repeated.state) == (failed.id, PrintState.QUEUED)
    till.until(repeated, PrintState.SENT)
    assert len(printer.pictures()) == 2


def test_uncertain_job_is_repeated_as_a_second_copy(till: Printing, printer: NetworkPrinter) -> None:
    till.choose(settings_of(printer))
    printer.behaviour = Behaviour.PAPER_ENDS_MEANWHILE
    subject = till.refund()
    uncertain = till.until(till.print(subject), PrintState.UNCERTAIN)
    assert uncertain.failure is PrintFailure.OUT_OF_PAPER
    assert isinstance(till.window.ask(till.client, c.WithdrawPrintJob(uncertain.id)).error, TransitionRefused)
    printer.behaviour = Behaviour.FINE
    copy = till.window.get(till.client, c.RepeatPrintJob(uncertain.id))
    assert (copy.copy, till.until(copy, PrintState.SENT).state) == (2, PrintState.SENT)
    assert till.jobs[uncertain.id].state is PrintState.UNCERTAIN


def test_till_without_a_printer_says_so_and_saves_the_job(till: Printing) -> None:
    job = till.until(till.print(), PrintState.FAILED)
    assert job.failure is PrintFailure.NO_PRINTER
    assert till.window.get(till.client, c.WithdrawPrintJob(job.id)).state is PrintState.WITHDRAWN
    assert [each.state for each in till.window.get(till.client, c.ReadPrintJobs())] == [PrintState.WITHDRAWN]


@pytest.mark.parametrize("command", [c.PrintSlip(SlipSubject(SlipKind.SALE, "77")), c.RepeatPrintJob(77)])
def test_unknown_subject_or_job_is_a_lookup_error(till: Printing, command: c.Command[Any]) -> None:
    assert isinstance(till.window.ask(till.client, command).error, LookupError)


def test_registration_does_not_wait_for_a_printer_that_hangs(till: Printing) -> None:
    with NetworkPrinter(Behaviour.HANGS) as printer:
        till.choose(settings_of(printer))
        till.until(till.print(), PrintState.SENDING)
        started = monotonic()
        till.refund()
        assert monotonic() - started < 10
        assert next(iter(till.jobs.values())).state is PrintState.SENDING
        assert till.client.stop()


def test_close_while_a_slip_is_sent_does_not_wait_and_leaves_it_uncertain(
    till: Printing, open_client: OpenClient, window: Window
) -> None:
    with NetworkPrinter(Behaviour.HANGS) as printer:
        till.choose(settings_of(printer))
        job = till.print()
        till.until(job, PrintState.SENDING)
        started = monotonic()
        assert till.client.stop()
        assert monotonic() - started < 5
    (found,) = window.get(open_client(), c.ReadPrintJobs())
    assert (found.id, found.state) == (job.id, PrintState.UNCERTAIN)


def test_ledger_holds_no_name_of_a_print_job(till: Printing, printer: NetworkPrinter, paths: Paths) -> None:
    till.choose(settings_of(printer))
    till.until(till.print(till.refund()), PrintState.SENT)
    till.client.stop()
    stored = b"".join(file.read_bytes() for file in paths.folder.glob("ledger.db*"))
    assert b"1001" in stored
    assert b"Maria" not in stored
