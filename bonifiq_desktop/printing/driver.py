"""The route through the system's printer drivers: the picture of a slip, dot for dot.

| set | why |
|---|---|
| printer | by its name; one that is gone is said, and the default printer never takes its place |
| resolution | one of the driver's own; with another one the driver would scale, and spoil the codes |
| paper | the driver's form by its name, or a roll as long as the slip |
| margins | none: the place on the paper is computed, in dots |

All four are read back. A dot of the slip becomes a square of whole dots of the printer:

| printer | 80 mm, 576 dots | 58 mm, 384 dots | A4, 150 dpi |
|---|---|---|---|
| 180 dpi | the layout of 58 mm, 54 mm wide: 576 dots are 81 mm, and the head prints 72 | refused: 54 mm | one dot |
| 203 dpi | one dot, 72 mm | one dot, 48 mm | one dot |
| 300 dpi | one dot, 49 mm | one dot, 33 mm | two dots |
| 600 dpi | three dots, 73 mm | three dots, 49 mm | four dots |

Where the paper's printable area has no room for that, a dot gets less dots of the printer.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd

from PySide6.QtCore import QMarginsF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from bonifiq_desktop.domain.print_jobs import PrinterInfo, PrintFailure
from bonifiq_desktop.domain.slips import Paper, Slip
from bonifiq_desktop.printing.cups import was_refused
from bonifiq_desktop.printing.failures import NotPrinted
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.printing.paper import PAPERS
from bonifiq_desktop.printing.pdf import in_one_bit
from bonifiq_desktop.printing.strips import strips
from bonifiq_desktop.storage.printer_settings import PrinterSettings

MIN_RESOLUTION = 180
"""Dots per inch, below which the codes of a slip cannot be read."""
_DOCUMENT = "BonifiQ Desktop"  # the system's queue shows it to every user of the PC
_HEADS = {Paper.ROLL_80: 740, Paper.ROLL_58: 500}
"""What the head of a roll printer prints at most, in 0.1 mm: 72 and 48 mm, and 2 mm for a resolution in whole dots."""
_POINTS, _TENTHS = 72, 254  # in an inch
_TOLERANCE = 2  # points
_TAKES_RESOLUTION = sys.platform == "win32"
_INSIDE = 0.0 if sys.platform == "win32" else 0.01
"""Dots: the PDF that CUPS gets is drawn by its filters, and a picture that touches a dot takes it as a whole."""


@dataclass(frozen=True)
class _Layout:
    """A way to draw a slip: as for `paper`, each dot as `scale` x `scale` dots of the printer."""

    paper: Paper
    scale: int


@dataclass(frozen=True)
class _Grid:
    """Where dots stand: on a grid of `resolution` per inch, drawn with `drawn` per inch, which is a multiple."""

    resolution: int
    drawn: int

    @property
    def fineness(self) -> int:
        return self.drawn // self.resolution


def printers() -> tuple[PrinterInfo, ...]:
    """List this PC's printers."""
    return tuple(
        PrinterInfo(
            info.printerName(),
            info.isDefault(),
            tuple(size.name() for size in info.supportedPageSizes()),
            tuple(info.supportedResolutions()),
        )
        for info in QPrinterInfo.availablePrinters()
    )


def print_slip(slip: Slip, settings: PrinterSettings, wait_for_go: Callable[[], None]) -> None:
    """Print a slip by a printer's driver. `wait_for_go` is called before anything is sent. Raises NotPrinted."""
    info = _find(settings.name)
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setDocName(_DOCUMENT)
    paper = Paper(settings.paper)
    grid = _set_resolution(printer, info, paper)
    for layout in _layouts(paper, grid.resolution):
        pictures = [_enlarged(page, layout.scale) for page in paint(slip, layout.paper)]
        room = _set_page(printer, info, settings, max(picture.height() for picture in pictures), grid)
        if pictures[0].width() <= room.width() + _TOLERANCE * grid.resolution // _POINTS:
            sheets = [strip for picture in pictures for strip in strips(in_one_bit(picture), room.height())]
            _send(printer, sheets, _places(sheets, room, paper), grid, wait_for_go)
            return
    raise NotPrinted(PrintFailure.PAPER_REFUSED)


def _find(name: str) -> QPrinterInfo:
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise NotPrinted(PrintFailure.PRINTER_GONE)
    if info.state() in {QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error}:
        raise NotPrinted(PrintFailure.OFFLINE)  # the system would keep the slip, and print it at any time
    return info


def _set_resolution(printer: QPrinter, info: QPrinterInfo, paper: Paper) -> _Grid:
    """Set one of the driver's resolutions, or ours where it lists none. Raises NotPrinted."""
    dots = PAPERS[paper].dpi
    listed = sorted(info.supportedResolutions()) or [dots if dots >= MIN_RESOLUTION else 2 * dots]
    grid = _nearest(listed, paper) if _TAKES_RESOLUTION else _common(listed)
    if grid.resolution < MIN_RESOLUTION:
        raise NotPrinted(PrintFailure.RESOLUTION_TOO_LOW)
    printer.setResolution(grid.drawn)
    if printer.resolution() != grid.drawn:
        raise NotPrinted(PrintFailure.PAPER_REFUSED)
    return grid


def _nearest(listed: Sequence[int], paper: Paper) -> _Grid:
    """The resolution whose slip is nearest to its true size."""
    usable = [each for each in listed if each >= MIN_RESOLUTION] or listed
    dots = PAPERS[paper].dpi
    nearest = min(usable, key=lambda each: (abs(each - _scale(each, paper) * dots) * 100 // each, each))
    return _Grid(nearest, nearest)


def _common(listed: Sequence[int]) -> _Grid:
    """The grid that all of a driver's resolutions share: CUPS prints at that of its queue, which Qt does not say.

    Drawn at the finest one: filters smooth a picture that they enlarge, and not one that they make smaller.
    """
    common = gcd(*listed)
    if common >= MIN_RESOLUTION:
        return _Grid(common, listed[-1])
    return _Grid(listed[0], listed[0])


def _scale(resolution: int, paper: Paper) -> int:
    """How many dots of the printer a dot of a slip gets; 2 % are given away for a larger one."""
    return max(1, resolution * 51 // (PAPERS[paper].dpi * 50))


def _layouts(paper: Paper, resolution: int) -> Iterator[_Layout]:
    """The ways to draw a slip, largest first, that the printer's head has dots for."""
    papers = (Paper.ROLL_80, Paper.ROLL_58) if paper is Paper.ROLL_80 else (paper,)
    for drawn in papers:
        for scale in range(_scale(resolution, drawn), 0, -1):
            if PAPERS[drawn].width * scale * _TENTHS <= _HEADS.get(paper, PAPERS[paper].paper_width) * resolution:
                yield _Layout(drawn, scale)


def _enlarged(page: QImage, scale: int) -> QImage:
    """The picture with squares for dots: neither smoothed nor scaled by the driver."""
    return page.scaled(page.size() * scale)


def _set_page(printer: QPrinter, info: QPrinterInfo, settings: PrinterSettings, length: int, grid: _Grid) -> QRect:
    """Set the paper for a picture of a length in dots; return the printable area in dots. Raises NotPrinted."""
    points = length * _POINTS // grid.resolution + 1
    room = _set_page_size(printer, _page_size(info, settings, points), grid)
    if room.height() < length and _is_roll(settings):  # the driver keeps a margin above and below
        points += (length - room.height()) * _POINTS // grid.resolution + 1
        room = _set_page_size(printer, _page_size(info, settings, points), grid)
    return room


def _is_roll(settings: PrinterSettings) -> bool:
    return not settings.form and settings.paper != Paper.A4


def _page_size(info: QPrinterInfo, settings: PrinterSettings, length: int) -> QPageSize:
    """The driver's form, or a roll of a length in points, as far as the driver takes it. Raises NotPrinted."""
    if not _is_roll(settings):
        for form in info.supportedPageSizes():
            is_a4 = form.id() == QPageSize.PageSizeId.A4
            if form.name() == settings.form or (is_a4 and not settings.form):
                return form
        raise NotPrinted(PrintFailure.PAPER_REFUSED)
    if not info.supportsCustomPageSizes():
        raise NotPrinted(PrintFailure.PAPER_REFUSED)
    width = -(-PAPERS[Paper(settings.paper)].paper_width * _POINTS // _TENTHS)
    largest, smallest = (size.sizePoints() for size in (info.maximumPhysicalPageSize(), info.minimumPhysicalPageSize()))
    taken = QSize(width, length).boundedTo(largest) if largest.isValid() else QSize(width, length)
    return QPageSize(taken.expandedTo(smallest), "", QPageSize.SizeMatchPolicy.ExactMatch)


def _set_page_size(printer: QPrinter, wanted: QPageSize, grid: _Grid) -> QRect:
    """Set the paper without margins, and read it back; return the printable area in dots. Raises NotPrinted."""
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageSize(wanted)
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF(0, 0, 0, 0))
    layout = printer.pageLayout()
    difference = layout.pageSize().sizePoints() - wanted.sizePoints()
    is_taken = max(abs(difference.width()), abs(difference.height())) <= _TOLERANCE
    if not is_taken or layout.mode() != QPageLayout.Mode.FullPageMode or not layout.margins().isNull():
        raise NotPrinted(PrintFailure.PAPER_REFUSED)
    least = layout.minimumMargins()
    layout.setMode(QPageLayout.Mode.StandardMode)
    layout.setMargins(least)
    return layout.paintRectPixels(grid.resolution)


def _places(sheets: Sequence[QImage], room: QRect, paper: Paper) -> list[QPoint]:
    """Where each sheet stands: in the middle, and at the top of a roll."""
    return [
        QPoint(
            max(0, room.left() + (room.width() - sheet.width()) // 2),
            room.top() + (max(0, room.height() - sheet.height()) // 2 if paper is Paper.A4 else 0),
        )
        for sheet in sheets
    ]


def _send(
    printer: QPrinter,
    sheets: Sequence[QImage],
    places: Sequence[QPoint],
    grid: _Grid,
    wait_for_go: Callable[[], None],
) -> None:
    """Draw a sheet per page. Raises NotPrinted."""
    wait_for_go()
    painter = QPainter()
    if not painter.begin(printer):
        raise NotPrinted(PrintFailure.OFFLINE, nothing_sent=True)
    is_whole = True
    for number, (sheet, place) in enumerate(zip(sheets, places, strict=True)):
        is_whole = is_whole and (number == 0 or printer.newPage())
        drawn = sheet.scaled(sheet.size() * grid.fineness)
        area = QRectF(QPointF(place * grid.fineness), QSizeF(drawn.size()))
        painter.drawImage(area.adjusted(_INSIDE, _INSIDE, -_INSIDE, -_INSIDE), drawn)
    is_whole = painter.end() and is_whole
    if was_refused():
        raise NotPrinted(PrintFailure.OFFLINE, nothing_sent=True)
    if not is_whole or printer.printerState() == QPrinter.PrinterState.Error:
        raise NotPrinted(PrintFailure.OFFLINE)
