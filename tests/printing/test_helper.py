"""The print helper's process: killed, hanging, left alone; what it is told, and what it leaves."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintOutcome
from bonifiq_desktop.printing import messages, runner
from bonifiq_desktop.printing.runner import list_printers, print_slip
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from tests.support.cups import Cups
from tests.support.network_printer import Behaviour, NetworkPrinter
from tests.support.print_helpers import print_helpers
from tests.support.slip_pictures import LONG_SLIP, SLIP

pytestmark = pytest.mark.posix_only("looks into /proc and sends signals")
_SHORT = 3.0  # seconds: enough for a helper to start
DRIVER = PrinterSettings(PrintRoute.DRIVER.value, "Balcao")


def network(port: int) -> PrinterSettings:
    return PrinterSettings(PrintRoute.NETWORK.value, host="127.0.0.1", port=port)


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No helper, and none of its files, outlives its job."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert not print_helpers()
    assert not list(tmp_path.iterdir())


@pytest.fixture(name="hanging_cups")
def print_system_that_hangs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A print system that takes connections and says nothing, as a driver that waits for its device does."""
    monkeypatch.setattr(runner, "DEADLINE", _SHORT)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{server.getsockname()[1]}")
        yield


@pytest.mark.usefixtures("hanging_cups")
def test_hanging_driver_is_killed_at_the_deadline_and_nothing_was_sent() -> None:
    starts: list[None] = []
    outcome = asyncio.run(
        print_slip(SLIP, DRIVER, lambda: starts.append(None), data_folder=Path(tempfile.gettempdir()))
    )
    assert (outcome, starts) == (PrintOutcome(PrintFailure.TIMED_OUT), [])


@pytest.mark.usefixtures("hanging_cups")
def test_list_of_a_hanging_driver_times_out() -> None:
    with pytest.raises(TimeoutError):
        asyncio.run(list_printers(Path(tempfile.gettempdir())))


def test_printer_that_stops_reading_is_given_up_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "DEADLINE", _SHORT)
    starts: list[None] = []
    with NetworkPrinter(Behaviour.HANGS) as printer:
        outcome = asyncio.run(
            print_slip(
                LONG_SLIP, network(printer.port), lambda: starts.append(None), data_folder=Path(tempfile.gettempdir())
            )
        )
    assert (outcome, len(starts)) == (PrintOutcome(PrintFailure.TIMED_OUT), 1)


def test_helper_that_is_killed_while_it_sends_is_noticed_at_once() -> None:
    def kill() -> None:
        (helper,) = print_helpers()
        os.kill(int(helper.name), signal.SIGKILL)

    started = time.monotonic()
    with NetworkPrinter() as printer:
        assert asyncio.run(
            print_slip(SLIP, network(printer.port), kill, data_folder=Path(tempfile.gettempdir()))
        ) == PrintOutcome(PrintFailure.HELPER_ENDED)
    assert time.monotonic() - started < runner.DEADLINE / 2


def test_error_at_the_start_ends_the_helper_and_prints_nothing() -> None:
    def refuse() -> None:
        raise RuntimeError("the ledger is full")

    with NetworkPrinter() as printer, pytest.raises(RuntimeError):
        asyncio.run(print_slip(SLIP, network(printer.port), refuse, data_folder=Path(tempfile.gettempdir())))
    assert not printer.pictures()


def test_helper_whose_till_dies_before_it_says_go_prints_nothing(cups: Cups) -> None:
    helper = subprocess.Popen(
        [sys.executable, "-m", "bonifiq_desktop", "print-job"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert helper.stdin is not None
    assert helper.stdout is not None
    with helper:
        helper.stdin.write(messages.to_line(messages.print_request(SLIP, DRIVER)))
        helper.stdin.flush()
        assert messages.from_line(helper.stdout.readline()) == messages.READY
        helper.stdin.close()
        assert helper.stdout.read() == b""
    assert helper.returncode == 1
    assert cups.got_nothing("Balcao")


@pytest.mark.parametrize("request_line", [b"", b"{}\n", b"[]\n", b'{"slip": {}, "printer": {}}\n', b"\xff\n"])
def test_request_that_is_none_is_answered_as_unreadable(request_line: bytes) -> None:
    command = [sys.executable, "-m", "bonifiq_desktop", "print-job"]
    done = subprocess.run(command, input=request_line, capture_output=True, check=True, timeout=30)
    answer = messages.read_outcome(messages.from_line(done.stdout))
    assert answer == PrintOutcome(PrintFailure.SLIP_UNREADABLE)
    assert not done.stderr


def test_helper_is_told_no_credentials_and_shows_nothing_personal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.setenv(name, "planted-secret")
    seen: list[bytes] = []

    def look() -> None:
        (helper,) = print_helpers()
        seen.extend((helper / name).read_bytes() for name in ("cmdline", "environ"))

    with NetworkPrinter() as printer:
        assert (
            asyncio.run(print_slip(SLIP, network(printer.port), look, data_folder=Path(tempfile.gettempdir())))
            == PrintOutcome()
        )
    command_line, environment = seen
    assert command_line.split(b"\0")[1:] == [b"-m", b"bonifiq_desktop", b"print-job", b""]
    assert b"planted-secret" not in environment


def test_helper_ends_without_an_error_after_a_job_by_a_driver(cups: Cups) -> None:
    helper = subprocess.run(
        [sys.executable, "-m", "bonifiq_desktop", "print-job"],
        input=messages.to_line(messages.print_request(SLIP, DRIVER)) + messages.to_line(messages.GO),
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert (helper.returncode, helper.stderr) == (0, b"")
    cups.printed("Balcao")
