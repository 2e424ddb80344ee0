"""Printing on a printer of the network: real helper processes and a real TCP server that paints what it gets."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintOutcome
from bonifiq_desktop.domain.slips import Paper, Slip
from bonifiq_desktop.printing import escpos
from bonifiq_desktop.printing.runner import print_slip
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from tests.support.network_printer import Behaviour, NetworkPrinter
from tests.support.slip_pictures import LONG_SLIP, NUMBER, QR, SLIP, grey, paint, read_codes, worn

DONE = PrintOutcome()


def network(port: int, paper: Paper = Paper.ROLL_80, host: str = "127.0.0.1") -> PrinterSettings:
    return PrinterSettings(PrintRoute.NETWORK.value, host=host, port=port, paper=paper.value)


def send(settings: PrinterSettings, slip: Slip = SLIP) -> tuple[PrintOutcome, int]:
    """Print a slip in a helper; return the outcome, and how often the till was asked to commit the start."""
    starts: list[None] = []
    outcome = asyncio.run(
        print_slip(slip, settings, lambda: starts.append(None), data_folder=Path(tempfile.gettempdir()))
    )
    return outcome, len(starts)


@pytest.mark.parametrize("paper", [Paper.ROLL_80, Paper.ROLL_58])
@pytest.mark.parametrize("behaviour", [Behaviour.FINE, Behaviour.SILENT, Behaviour.TALKATIVE])
def test_network_printer_gets_the_painted_picture_dot_for_dot(behaviour: Behaviour, paper: Paper) -> None:
    with NetworkPrinter(behaviour) as printer:
        assert send(network(printer.port, paper), LONG_SLIP) == (DONE, 1)
    (picture,), (painted,) = printer.pictures(), paint(LONG_SLIP, paper)
    assert painted.height() > 256  # several bands
    assert grey(picture) == grey(painted)
    assert read_codes(picture) == read_codes(worn(picture)) == {NUMBER, QR}


@pytest.mark.parametrize(("cuts", "end"), [(True, b"\x1dVB\x00"), (False, b"\x1bd\x05")])
def test_slip_ends_with_a_cut_or_with_empty_lines(cuts: bool, end: bytes) -> None:
    with NetworkPrinter() as printer:
        assert send(replace(network(printer.port), cuts=cuts)) == (DONE, 1)
    (data,) = printer.received
    assert data.startswith(b"\x1b@")
    assert data.endswith(end)


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (Behaviour.OUT_OF_PAPER, PrintFailure.OUT_OF_PAPER),
        (Behaviour.COVER_OPEN, PrintFailure.OFFLINE),
        (Behaviour.CLOSED, PrintFailure.OFFLINE),
    ],
)
def test_printer_that_cannot_print_gets_no_picture(behaviour: Behaviour, failure: PrintFailure) -> None:
    with NetworkPrinter(behaviour) as printer:
        assert send(network(printer.port)) == (PrintOutcome(failure), 0)
    assert not printer.pictures()


@pytest.mark.parametrize(
    ("behaviour", "failure"),
    [
        (Behaviour.PAPER_ENDS_MEANWHILE, PrintFailure.OUT_OF_PAPER),
        (Behaviour.CLOSES_HALF_WAY, PrintFailure.OFFLINE),
    ],
)
def test_printer_that_fails_half_way_is_not_said_to_be_fine(behaviour: Behaviour, failure: PrintFailure) -> None:
    with NetworkPrinter(behaviour) as printer:
        assert send(network(printer.port), LONG_SLIP) == (PrintOutcome(failure), 1)


def test_printer_that_is_switched_off_is_offline() -> None:
    with NetworkPrinter() as printer:
        port = printer.port
    assert send(network(port)) == (PrintOutcome(PrintFailure.OFFLINE), 0)


def test_unknown_host_is_offline() -> None:
    assert send(network(9100, host="impressora.invalid")) == (PrintOutcome(PrintFailure.OFFLINE), 0)


def test_a4_paper_is_refused() -> None:
    with NetworkPrinter() as printer:
        assert send(network(printer.port, Paper.A4)) == (PrintOutcome(PrintFailure.PAPER_REFUSED), 0)
    assert not any(printer.received)


@pytest.mark.parametrize("host", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_slip_goes_to_no_address_on_the_public_internet(host: str) -> None:
    assert send(network(9100, host=host)) == (PrintOutcome(PrintFailure.ADDRESS_REFUSED), 0)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("127.0.0.1", False),
        ("192.168.0.87", False),
        ("10.1.2.3", False),
        ("172.16.0.9", False),
        ("169.254.7.7", False),
        ("100.64.0.5", False),  # a private network of a provider or a VPN
        ("fe80::1", False),
        ("fd00::9", False),
        ("172.32.0.9", True),
        ("200.160.2.3", True),
    ],
)
def test_address_is_in_the_shop_or_public(address: str, public: bool) -> None:
    assert escpos.is_public(address) is public


@given(rows=st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x11, 0]), max_size=40))
def test_picture_holds_no_real_time_command(rows: list[int]) -> None:
    changed = escpos.without_commands(bytes(rows))
    assert not any(command in changed for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
    assert len(changed) == len(rows)
    assert all(after in {before, before | 1} for before, after in zip(rows, changed, strict=True))
