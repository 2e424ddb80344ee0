"""Tests of the picture of a slip: what stands in it, where, and whether its codes can be read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter

from bonifiq_desktop.domain.slips import LineStyle, Paper, Slip, SlipKind, SlipLine, SlipSubject
from bonifiq_desktop.printing.blocks import font, wrapped
from bonifiq_desktop.printing.codes import code_128_modules, qr_rows
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.printing.paper import PAPERS
from tests.support.printed_slips import NUMBER, ORDER, blurred, faded, ink, read_codes

pytestmark = pytest.mark.usefixtures("qapp")

WORD = "Pneumoultramicroscopicossilicovulcanoconiótico" * 3
SLIP = Slip(
    SlipSubject(SlipKind.REFUND, "1"),
    "pt_BR",
    header=(SlipLine("Loja Açaí & Construção", style=LineStyle.STRONG, centred=True), SlipLine(style=LineStyle.RULE)),
    lines=(
        SlipLine("Devolução", style=LineStyle.BIG, centred=True),
        SlipLine("2 × Camiseta básica de algodão orgânico manga longa tamanho GG", "R$\u00a01.234,56"),
        SlipLine(WORD, "R$\u00a05,00"),
        SlipLine("Em andamento, ainda não confirmado."),
    ),
    footer=(SlipLine("Obrigado!", style=LineStyle.SMALL, centred=True),),
    number=NUMBER,
    qr=ORDER,
)
ROLLS = (Paper.ROLL_80, Paper.ROLL_58)


@pytest.mark.parametrize("worsen", [QImage.copy, blurred, faded, lambda image: faded(blurred(image))])
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("paper", Paper)
def test_codes_are_read_back_from_the_picture(paper: Paper, training: bool, worsen: Callable[[QImage], QImage]) -> None:
    [page] = paint(replace(SLIP, training=training, copy=2), paper)
    assert read_codes(worsen(page)) == {"QR Code": ORDER, "Code 128": NUMBER}


@pytest.mark.parametrize("paper", Paper)
def test_picture_has_one_bit_and_the_papers_dots(paper: Paper) -> None:
    [page] = paint(SLIP, paper)
    assert page.format() is QImage.Format.Format_Mono
    assert page.width() == {Paper.ROLL_80: 576, Paper.ROLL_58: 384, Paper.A4: 1122}[paper]
    assert paper is not Paper.A4 or page.height() == 1635
    assert [QColor(color).name() for color in page.colorTable()] == ["#ffffff", "#000000"]


def test_same_slip_gives_the_same_picture() -> None:
    assert paint(SLIP, Paper.ROLL_58) == paint(replace(SLIP), Paper.ROLL_58)


@pytest.mark.parametrize("paper", Paper)
def test_training_adds_a_mark_and_hides_nothing(paper: Paper) -> None:
    [usual], [marked] = paint(SLIP, paper), paint(replace(SLIP, training=True), paper)
    assert usual.size() == marked.size()
    plain, practice = ink(usual), ink(marked)
    assert plain <= practice
    added = practice - plain
    columns = {left for left, _top in added}
    assert min(columns) < usual.width() // 5
    assert max(columns) > usual.width() * 4 // 5
    beside = {(left + 1, top) for left, top in added} | {(left, top + 1) for left, top in added}
    assert not added & beside, "single dots with white around them: a letter upon them stays readable"


def test_second_copy_says_so_between_header_and_text() -> None:
    [first], [second] = paint(SLIP, Paper.ROLL_80), paint(replace(SLIP, copy=2), Paper.ROLL_80)
    spelled = replace(SLIP, lines=(SlipLine("2ª via", style=LineStyle.BIG, centred=True), *SLIP.lines))
    assert first != second == paint(spelled, Paper.ROLL_80)[0]


@pytest.mark.parametrize("paper", Paper)
def test_amounts_end_at_the_right_edge(paper: Paper) -> None:
    amounts = replace(SLIP, header=(), lines=(SlipLine("Meia", "R$\u00a00,00"),), footer=(), number="", qr="")
    dots = ink(paint(amounts, paper)[0])
    right = max(left for left, _top in dots)
    assert PAPERS[paper].width - 12 <= right < PAPERS[paper].width


@pytest.mark.parametrize("paper", Paper)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=300))
def test_wrapped_text_keeps_every_letter_within_the_width(paper: Paper, text: str) -> None:
    width = PAPERS[paper].width
    rows = wrapped(text, font(22, bold=True), width)
    assert all(row.line.naturalTextWidth() <= width for row in rows)
    assert sum(row.line.textLength() for row in rows) == len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("paper", ROLLS)
def test_word_wider_than_the_paper_goes_on_in_the_next_line(paper: Paper) -> None:
    short, long = (replace(SLIP, lines=(SlipLine(word),)) for word in ("Meia", WORD))
    assert paint(long, paper)[0].height() > paint(short, paper)[0].height()


def test_a4_of_many_lines_has_pages_with_numbers() -> None:
    long = replace(SLIP, lines=tuple(SlipLine(f"Linha {number}", "R$\u00a01,00") for number in range(150)))
    pages = paint(long, Paper.A4)
    assert len(pages) == 3
    assert {(page.width(), page.height()) for page in pages} == {(1122, 1635)}
    foot = [{dot for dot in ink(page) if dot[1] > 1605} for page in pages]
    assert all(foot)
    assert len({frozenset(each) for each in foot}) == 3
    assert read_codes(pages[-1]) == {"QR Code": ORDER, "Code 128": NUMBER}


def test_test_page_has_a_frame_at_the_outermost_dots() -> None:
    [page] = paint(replace(SLIP, subject=SlipSubject(SlipKind.TEST)), Paper.ROLL_80)
    dots = ink(page)
    assert all({(0, top), (575, top)} <= dots for top in range(page.height()))


# --- codes


def test_number_of_twelve_digits_takes_code_set_c_alone() -> None:
    modules = code_128_modules(NUMBER)
    assert modules.startswith("11010011100"), "the start symbol of code set C"
    assert len(modules) == 11 + 6 * 11 + 11 + 13, "start, six pairs of digits, check symbol, stop"


@pytest.mark.parametrize("digits", ["12345", "1234567890A2", "１２"])
def test_code_128_of_anything_but_pairs_of_digits_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="even number"):
        code_128_modules(digits)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("order_id", ["1", "CAIXA1-261120-7KQF-0001", "A" * 100])
def test_module_of_a_qr_code_has_at_least_four_dots(paper: Paper, order_id: str) -> None:
    only = replace(SLIP, header=(), lines=(), footer=(), number="", qr=order_id)
    dots = ink(paint(only, paper)[0])
    width = max(left for left, _top in dots) - min(left for left, _top in dots) + 1
    module, rest = divmod(width, len(qr_rows(order_id)))
    assert rest == 0
    assert module >= 4


@pytest.mark.parametrize("paper", Paper)
def test_module_of_a_slip_number_has_three_dots_and_quiet_zones(paper: Paper) -> None:
    only = replace(SLIP, header=(), lines=(), footer=(), qr="")
    page = paint(only, paper)[0]
    left, *_, right = sorted(left for left, top in ink(page) if top < 90)
    assert right - left + 1 == 3 * 101
    assert left >= 30
    assert right < page.width() - 30


# --- logo


def _logo(tmp_path: Path, width: int, height: int) -> str:
    """A picture whose left half is black, and whose right half is transparent."""
    picture = QImage(width, height, QImage.Format.Format_ARGB32)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.fillRect(0, 0, width // 2, height, QColor("black"))
    painter.end()
    path = tmp_path / "logo.png"
    picture.save(str(path))
    return str(path)


@pytest.mark.parametrize(("width", "height"), [(100, 40), (3000, 200), (20, 900)])
def test_logo_stands_above_the_header_within_the_paper(tmp_path: Path, width: int, height: int) -> None:
    logo = _logo(tmp_path, width, height)
    [with_logo], [without] = paint(replace(SLIP, logo=logo), Paper.ROLL_58), paint(SLIP, Paper.ROLL_58)
    added = with_logo.height() - without.height()
    assert 0 < added <= 220
    drawn = {dot for dot in ink(with_logo) if dot[1] < added}
    columns = {left for left, _top in drawn}
    assert 0 < len(columns) <= 384 // 2 + 1, "the transparent half is white"


def test_logo_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    broken = tmp_path / "logo.png"
    broken.write_bytes(b"no picture")
    assert paint(replace(SLIP, logo=str(broken)), Paper.ROLL_58) == paint(SLIP, Paper.ROLL_58)
