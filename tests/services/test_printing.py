"""Print jobs of a till that is killed: never lost, never repeated by themselves."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintState
from bonifiq_desktop.domain.slips import Paper, Slip, SlipKind, SlipSubject
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.printing import PrintingService
from bonifiq_desktop.services.slips import SlipService
from bonifiq_desktop.storage.files import remove_temporary_folders
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from bonifiq_desktop.storage.settings import Settings
from tests.support.ledger_actions import KEYS, confirm, refund
from tests.support.network_printer import Behaviour, NetworkPrinter
from tests.support.slip_pictures import SLIP, grey, paint
from tests.support.staff import access_control_in

TEST_PAGE = SlipSubject(SlipKind.TEST)


def test_till_killed_while_sending_finds_the_job_uncertain_and_repeats_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with NetworkPrinter(Behaviour.HANGS) as printer:
        command = [sys.executable, "-m", "tests.support.killed_printing", str(path), str(printer.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as till:
            assert till.stdout is not None
            assert [till.stdout.readline().strip() for _ in range(2)] == ["queued", "sending"]
            till.kill()
    assert list(tmp_path.glob(".temporary-*"))
    remove_temporary_folders(tmp_path)  # as the next start does
    assert not list(tmp_path.glob(".temporary-*"))
    ledger = Ledger(path)
    ledger.recover()
    (job,) = ledger.print_jobs.newest(50)
    assert (job.state, job.failure) == (PrintState.UNCERTAIN, PrintFailure.HELPER_ENDED)
    with NetworkPrinter() as printer:
        asyncio.run(_run_for_a_while(ledger, printer, tmp_path))
        assert not printer.received
    ledger.close()


def test_queued_job_of_an_earlier_run_is_sent_at_the_next_start(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    job = ledger.print_jobs.add(TEST_PAGE, "earlier")
    with NetworkPrinter() as printer:
        asyncio.run(_run_for_a_while(ledger, printer, tmp_path))
    assert ledger.print_jobs.job(job.id).state is PrintState.SENT
    assert len(printer.pictures()) == 1
    ledger.close()


@pytest.mark.parametrize("error", [LookupError("gone"), ValueError("damaged")])
def test_job_whose_slip_cannot_be_made_fails_and_the_next_one_is_sent(tmp_path: Path, error: Exception) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    broken, whole = (ledger.print_jobs.add(SlipSubject(SlipKind.REFUND, number), "x") for number in "12")

    def slip_of(subject: SlipSubject) -> Slip:
        if subject == broken.subject:
            raise error
        return SLIP

    with NetworkPrinter() as printer:
        asyncio.run(_run_for_a_while(ledger, printer, tmp_path, slip_of))
    failed = ledger.print_jobs.job(broken.id)
    assert (failed.state, failed.failure) == (PrintState.FAILED, PrintFailure.SLIP_UNREADABLE)
    assert ledger.print_jobs.job(whole.id).state is PrintState.SENT
    ledger.close()


def test_job_withdrawn_while_it_fails_keeps_no_other_waiting(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    withdrawn, whole = (ledger.print_jobs.add(SlipSubject(SlipKind.REFUND, number), "x") for number in "12")

    def slip_of(subject: SlipSubject) -> Slip:
        if subject == withdrawn.subject:
            ledger.print_jobs.withdraw(withdrawn.id)
            raise LookupError
        return SLIP

    with NetworkPrinter() as printer:
        asyncio.run(_run_for_a_while(ledger, printer, tmp_path, slip_of))
    assert ledger.print_jobs.job(withdrawn.id).state is PrintState.WITHDRAWN
    sent = ledger.print_jobs.job(whole.id)
    assert (sent.state, sent.printer) == (PrintState.SENT, f"127.0.0.1:{printer.port}")
    ledger.close()


def test_cancelled_sending_ends_though_the_ledger_file_is_gone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.print_jobs.add(TEST_PAGE, "x")

    async def cancel_while_sending(printer: NetworkPrinter) -> bool:
        settings = PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=printer.port)
        sending = asyncio.Event()
        service = PrintingService(
            ledger.print_jobs,
            lambda: settings,
            lambda _: SLIP,
            lambda _: sending.set(),
            access_control_in(tmp_path),
            tmp_path,
        )
        running = asyncio.create_task(service.run())
        async with asyncio.timeout(30):
            await sending.wait()
        (tmp_path / "ledger.db").rename(tmp_path / "gone.db")
        running.cancel()
        await asyncio.wait({running}, timeout=10)
        return running.cancelled()

    with NetworkPrinter(Behaviour.HANGS) as printer:
        assert asyncio.run(cancel_while_sending(printer))
    ledger.close()


async def _run_for_a_while(
    ledger: Ledger,
    printer: NetworkPrinter,
    folder: Path,
    slip_of: Callable[[SlipSubject], Slip] = lambda _subject: SLIP,
) -> None:
    """Run the service until every job has ended."""
    settings = PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=printer.port)
    access = access_control_in(folder)
    all_ended = asyncio.Event()

    def changed(_job: object) -> None:
        if all(job.ended_at is not None for job in ledger.print_jobs.newest(50)):
            all_ended.set()

    changed(None)
    service = PrintingService(ledger.print_jobs, lambda: settings, slip_of, changed, access, folder)
    running = asyncio.create_task(service.run())
    async with asyncio.timeout(30):
        await all_ended.wait()
    await asyncio.sleep(0.5)  # for what must not come
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.usefixtures("qapp")
def test_queued_slip_of_an_erased_customer_comes_out_without_the_name(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db", customer_keys=KEYS)
    operation = confirm(ledger, refund(ledger))
    subject = SlipSubject(SlipKind.REFUND, str(operation.operation_id))
    slips = SlipService(ledger, Settings, tmp_path / "slips", is_training=False)
    named = slips.make(subject)
    assert operation.order is not None
    assert operation.order.customer is not None
    assert operation.order.customer.name in str(named)
    ledger.print_jobs.add(subject, "later")
    ledger.personal_data.erase([operation.order_id])
    with NetworkPrinter() as printer:
        asyncio.run(_run_for_a_while(ledger, printer, tmp_path, slips.make))
    (picture,), (unnamed,) = printer.pictures(), paint(slips.make(subject), Paper.ROLL_80)
    assert operation.order.customer.name not in str(slips.make(subject))
    assert grey(picture) == grey(unnamed)
    ledger.close()
