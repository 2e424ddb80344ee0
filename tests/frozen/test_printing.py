"""The packaged program prints: its helper has Qt's print system, its plugin, the painter and the codes."""

import subprocess
import sys

import pytest

from bonifiq_desktop.domain.print_jobs import PrintOutcome
from bonifiq_desktop.printing import messages
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from tests.frozen.shop_pc import LINUX_ONLY, PATIENCE, ShopPC
from tests.support.cups import PRINTERS, running_cups
from tests.support.network_printer import NetworkPrinter
from tests.support.slip_pictures import NUMBER, QR, SLIP, read_codes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason=LINUX_ONLY.format("CUPS"))


def ask(pc: ShopPC, *lines: messages.Message, **more: str) -> messages.Message:
    """Give the packaged helper its lines; return its last answer."""
    done = subprocess.run(
        [pc.program, "print-job"],
        input=b"".join(map(messages.to_line, lines)),
        env=pc.environment(more),
        cwd=pc.home,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return messages.from_line(done.stdout.splitlines()[-1])


def test_packaged_helper_lists_printers_and_prints_by_a_driver(pc: ShopPC) -> None:
    request = messages.print_request(SLIP, PrinterSettings(PrintRoute.DRIVER.value, "Balcao"))
    with running_cups() as cups:
        printers = messages.read_printers(ask(pc, messages.LIST, CUPS_SERVER=cups.address))
        assert {printer.name for printer in printers} == PRINTERS.keys()
        answer = ask(pc, request, messages.GO, CUPS_SERVER=cups.address)
        assert messages.read_outcome(answer) == PrintOutcome()
        (job,) = cups.printed("Balcao")
        (page,) = job.pages(203)
    assert read_codes(page) == {NUMBER, QR}


def test_packaged_helper_prints_on_a_printer_of_the_network(pc: ShopPC) -> None:
    with NetworkPrinter() as printer:
        settings = PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=printer.port)
        answer = ask(pc, messages.print_request(SLIP, settings), messages.GO)
        assert messages.read_outcome(answer) == PrintOutcome()
    (picture,) = printer.pictures()
    assert read_codes(picture) == {NUMBER, QR}
