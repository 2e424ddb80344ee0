"""Sizes of the papers in dots."""

from dataclasses import dataclass

from bonifiq_desktop.domain.slips import LineStyle, Paper


@dataclass(frozen=True)
class Dots:
    """A paper in the printer's dots.

    `width`: of what is drawn. `page_height`: of a page, 0 for a roll. `dpi`: dots per inch. `paper_width`: of the
    paper in tenths of a millimetre. `text`, `small`, `big`: heights of the letters in dots. `qr`: least width of a QR
    code that is not limited by the paper. `mark`: height of the letters of "TREINAMENTO".
    """

    width: int
    page_height: int
    dpi: int
    paper_width: int
    text: int
    small: int
    big: int
    qr: int
    mark: int

    def height_of(self, style: LineStyle) -> int:
        """The letters' height of a style."""
        return {LineStyle.SMALL: self.small, LineStyle.BIG: self.big}.get(style, self.text)


PAPERS = {
    Paper.ROLL_80: Dots(576, 0, 203, 800, text=24, small=20, big=36, qr=200, mark=68),
    Paper.ROLL_58: Dots(384, 0, 203, 580, text=22, small=18, big=30, qr=160, mark=46),
    Paper.A4: Dots(1122, 1635, 150, 2100, text=22, small=18, big=36, qr=180, mark=130),
}
"""Rolls: 203 dots per inch. A4: 150 dots per inch, with margins of 10 mm."""
