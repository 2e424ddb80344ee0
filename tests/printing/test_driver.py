"""Printing by drivers: real helper processes, a real CUPS, and the picture that comes out."""

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from bonifiq_desktop.domain.print_jobs import PrintFailure, PrintOutcome
from bonifiq_desktop.domain.slips import Paper, Slip
from bonifiq_desktop.printing.runner import list_printers, print_slip
from bonifiq_desktop.storage.printer_settings import PrinterSettings, PrintRoute
from tests.support.cups import DEFAULT, PRINTERS, Cups
from tests.support.slip_pictures import LONG_SLIP, NUMBER, QR, SLIP, grey, paint, read_codes, worn

DONE = PrintOutcome()


def driver(name: str, paper: Paper = Paper.ROLL_80, form: str = "") -> PrinterSettings:
    return PrinterSettings(PrintRoute.DRIVER.value, name, paper=paper.value, form=form)


def send(settings: PrinterSettings, slip: Slip = SLIP) -> tuple[PrintOutcome, int]:
    """Print a slip in a helper; return the outcome, and how often the till was asked to commit the start."""
    starts: list[None] = []
    outcome = asyncio.run(
        print_slip(slip, settings, lambda: starts.append(None), data_folder=Path(tempfile.gettempdir()))
    )
    return outcome, len(starts)


def print_pages(cups: Cups, settings: PrinterSettings, resolution: int, slip: Slip = SLIP) -> list[QImage]:
    """Print a slip that must come out; return its pages in the head's dots."""
    assert send(settings, slip) == (DONE, 1)
    (job,) = cups.printed(settings.name)
    return job.pages(resolution)


def find(page: QImage, painted: QImage) -> tuple[int, int] | None:
    """Where a picture stands on a page, dot for dot: in the middle, on a roll near the top; None: not there."""
    expected, middle = grey(painted), (page.width() - painted.width()) // 2
    above = (page.height() - painted.height()) // 2
    return next(
        (
            (left, top)
            for left in range(max(0, middle - 3), middle + 4)
            for top in (*range(above - 4, above + 5), *range(4))
            if grey(page.copy(left, top, painted.width(), painted.height())) == expected
        ),
        None,
    )


@pytest.mark.parametrize(
    "settings",
    [
        driver("Balcao"),
        driver("Balcao", form="72mm x 200mm"),
        driver("Balcao", form="80mm x 297mm"),
        driver("Margens"),
        driver("Balcao", Paper.ROLL_58),
        driver("Estreita", Paper.ROLL_58, form="48mm x 210mm"),
    ],
    ids=lambda settings: f"{settings.name}-{settings.paper}-{settings.form}",
)
def test_roll_shows_the_painted_picture_dot_for_dot(cups: Cups, settings: PrinterSettings) -> None:
    (painted,) = paint(SLIP, Paper(settings.paper))
    (page,) = print_pages(cups, settings, 203)
    assert find(page, painted) is not None


def test_printed_codes_are_read_also_blurred_and_at_half_contrast(cups: Cups) -> None:
    for paper in (Paper.ROLL_80, Paper.ROLL_58):
        (page,) = print_pages(cups, driver("Balcao", paper), 203)
        assert read_codes(page) == {NUMBER, QR}
        assert read_codes(worn(page)) == {NUMBER, QR}


def test_a4_page_has_a_square_of_dots_for_each_dot_at_each_resolution_of_the_driver(cups: Cups) -> None:
    (painted,) = paint(SLIP, Paper.A4)
    assert send(driver("Laser", Paper.A4)) == (DONE, 1)
    (job,) = cups.printed("Laser")
    for resolution in PRINTERS["Laser"].resolutions:
        (page,) = job.pages(resolution)
        large = painted.scaled(painted.size() * (resolution // 150))
        assert find(page, large) is not None
        assert read_codes(page) == {NUMBER, QR}


def test_head_of_180_dpi_prints_the_narrow_layout_on_a_wide_roll(cups: Cups) -> None:
    (painted,) = paint(SLIP, Paper.ROLL_58)
    (page,) = print_pages(cups, driver("Epson180"), 180)
    assert page.width() == 568  # 80 mm
    assert find(page, painted) is not None


def test_fine_head_prints_one_dot_for_a_dot(cups: Cups) -> None:
    (painted,) = paint(SLIP, Paper.ROLL_80)
    (page,) = print_pages(cups, driver("Fina"), 300)
    assert find(page, painted) is not None


@pytest.mark.parametrize("settings", [driver("Curta"), driver("Balcao", form="72mm x 200mm")], ids=lambda one: one.name)
def test_slip_longer_than_the_paper_is_cut_between_two_lines(cups: Cups, settings: PrinterSettings) -> None:
    (painted,) = paint(LONG_SLIP, Paper.ROLL_80)
    pages = print_pages(cups, settings, 203, LONG_SLIP)
    assert len(pages) > 1
    rows, at = grey(painted), 0
    left = max(0, (pages[0].width() - painted.width()) // 2)
    for page in pages:
        sheet = _without_white_rows(grey(page.copy(left, 0, painted.width(), page.height())), painted.width())
        assert sheet in rows[at:]
        at = rows.index(sheet, at) + len(sheet)
    assert not rows[at:].count(b"\0")


def _without_white_rows(picture: bytes, width: int) -> bytes:
    rows = [picture[at : at + width] for at in range(0, len(picture), width)]
    inked = [number for number, row in enumerate(rows) if b"\0" in row]
    return b"".join(rows[inked[0] : inked[-1] + 1])


@pytest.mark.parametrize(
    ("settings", "failure"),
    [
        (driver("Vendida"), PrintFailure.PRINTER_GONE),
        (driver("Parada"), PrintFailure.OFFLINE),
        (driver("Antiga"), PrintFailure.RESOLUTION_TOO_LOW),
        (driver("Epson180", Paper.ROLL_58), PrintFailure.PAPER_REFUSED),
        (driver("Fixa"), PrintFailure.PAPER_REFUSED),
        (driver("Balcao", form="Letter"), PrintFailure.PAPER_REFUSED),
        (driver("Balcao", Paper.A4), PrintFailure.PAPER_REFUSED),
    ],
    ids=lambda value: value.value if isinstance(value, PrintFailure) else value.name,
)
def test_printer_that_does_not_fit_gets_nothing(cups: Cups, settings: PrinterSettings, failure: PrintFailure) -> None:
    assert send(settings) == (PrintOutcome(failure), 0)
    assert cups.got_nothing(settings.name)
    assert cups.got_nothing(DEFAULT)


def test_job_that_cups_refuses_is_known_to_be_not_sent(cups: Cups) -> None:
    assert send(driver("Recusa")) == (PrintOutcome(PrintFailure.OFFLINE, nothing_sent=True), 1)


def test_job_in_the_queue_of_the_system_names_no_person_and_asks_for_one_copy(cups: Cups) -> None:
    assert send(driver("Balcao"), replace(SLIP, copy=3)) == (DONE, 1)
    (job,) = cups.printed("Balcao")
    assert (job.title, job.copies) == ("BonifiQ Desktop", "1")
    assert "Maria" not in job.options


def test_pc_without_print_system_has_no_printer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:9")
    assert asyncio.run(list_printers(Path(tempfile.gettempdir()))) == ()
    assert send(driver("Balcao")) == (PrintOutcome(PrintFailure.PRINTER_GONE), 0)


def test_list_has_each_printer_with_its_forms_and_resolutions(cups: Cups) -> None:
    found = {printer.name: printer for printer in asyncio.run(list_printers(Path(tempfile.gettempdir())))}
    assert found.keys() == PRINTERS.keys()
    assert [name for name, printer in found.items() if printer.is_default] == [DEFAULT]
    assert found["Balcao"].forms == ("72mm x 200mm", "80mm x 297mm")
    assert sorted(found["Laser"].resolutions) == [300, 600]
