"""Tests of slips as files: dot for dot what is printed."""

import re
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from bonifiq_desktop.domain.slips import Paper
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.printing.pdf import pdf_bytes, png_bytes, save
from tests.printing.test_painter import SLIP
from tests.support.printed_slips import NUMBER, ORDER, read_codes

pytestmark = pytest.mark.usefixtures("qapp")

_PICTURE = re.compile(
    rb"/Width (\d+)\n/Height (\d+)\n/BitsPerComponent 1\n/ColorSpace /DeviceGray\n.*?"
    rb"stream\n(.*?)\nendstream",
    re.DOTALL,
)


def picture_in(pdf: bytes) -> QImage:
    """The one picture of a PDF."""
    [(width, height, packed)] = re.findall(_PICTURE, pdf)
    bits = zlib.decompress(packed)
    image = QImage(bits, int(width), int(height), len(bits) // int(height), QImage.Format.Format_Mono)
    image.setColorTable([0xFF000000, 0xFFFFFFFF])
    return image.copy()  # the bytes are freed


@pytest.mark.parametrize("paper", Paper)
def test_pdf_holds_the_printed_picture_dot_for_dot(paper: Paper) -> None:
    [page] = paint(SLIP, paper)
    found = picture_in(pdf_bytes([page], paper))
    same = QImage.Format.Format_Grayscale8
    assert found.convertToFormat(same) == page.convertToFormat(same)


@pytest.mark.parametrize(("paper", "width"), [(Paper.ROLL_80, 227), (Paper.ROLL_58, 165), (Paper.A4, 595)])
def test_pdf_page_has_the_width_of_the_paper_in_points(paper: Paper, width: int) -> None:
    [page] = paint(SLIP, paper)
    [box] = re.findall(rb"/MediaBox \[0 0 (\d+)[\d.]* (\d+)[\d.]*\]", pdf_bytes([page], paper))
    assert int(box[0]) == width
    dots_per_inch = 150 if paper is Paper.A4 else 203
    assert page.height() <= int(box[1]) * dots_per_inch / 72


def test_pdf_has_a_page_for_each_page() -> None:
    [page] = paint(SLIP, Paper.A4)
    assert b"/Count 3" in pdf_bytes([page] * 3, Paper.A4)


def test_png_of_several_pages_shows_them_one_below_the_other() -> None:
    [page] = paint(SLIP, Paper.A4)
    joined = QImage.fromData(png_bytes([page, page]))
    assert (joined.width(), joined.height()) == (1122, 2 * 1635 + 40)
    assert joined.depth() == 1


@pytest.mark.parametrize("name", ["slip.png", "slip.PDF", "comprovante da devolução.pdf"])
def test_saved_file_has_the_form_of_its_ending(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save(path, paint(SLIP, Paper.ROLL_58), Paper.ROLL_58, "Comprovante")
    content = path.read_bytes()
    if name.endswith("png"):
        assert read_codes(QImage.fromData(content)) == {"QR Code": ORDER, "Code 128": NUMBER}
    else:
        assert content.startswith(b"%PDF-")
