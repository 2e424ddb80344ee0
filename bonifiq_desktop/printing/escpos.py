"""The route to a printer in the shop's network: the picture of a slip as ESC/POS raster over TCP.

The printer's own fonts are not used: their code pages lack accents, or print them wrong.

| command | bytes | meaning |
|---|---|---|
| ESC @ | 1B 40 | reset |
| GS v 0 | 1D 76 30 00 xL xH yL yH | a band of the picture, a set bit is ink |
| ESC d | 1B 64 n | feed n lines |
| GS V B | 1D 56 42 00 | feed to the cutter and cut |
| DLE EOT | 10 04 n | status, answered at once: 1 printer, 2 why it is off line, 4 paper |
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

from PySide6.QtGui import QImage

from bonifiq_desktop.domain.print_jobs import PrintFailure
from bonifiq_desktop.domain.slips import Paper, Slip
from bonifiq_desktop.printing.failures import NotPrinted
from bonifiq_desktop.printing.painter import paint
from bonifiq_desktop.storage.printer_settings import PrinterSettings

_CONNECT_SECONDS = 5
_STATUS_SECONDS = 1
_SEND_SECONDS = 12
"""For one band: a printer whose buffer is full takes it as fast as it prints."""
_CLOSE_SECONDS = 2
_BAND = 256  # rows
_RESET, _FEED, _CUT = b"\x1b@", b"\x1bd\x05", b"\x1dVB\x00"
_PRINTER, _OFFLINE_CAUSE, _PAPER = 1, 2, 4
_FIXED_BITS, _FIXED = 0b1001_0011, 0b0001_0010  # of every status byte
_IS_OFFLINE, _STOPPED_BY_PAPER, _PAPER_ENDED = 0b0000_1000, 0b0010_0000, 0b0110_0000
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
"""What opens the drawer or switches the printer off, also in the middle of a picture."""


def print_slip(slip: Slip, settings: PrinterSettings, wait_for_go: Callable[[], None]) -> None:
    """Print a slip on a printer of the network. `wait_for_go`: called before the picture leaves. Raises NotPrinted."""
    if settings.paper == Paper.A4:
        raise NotPrinted(PrintFailure.PAPER_REFUSED)
    pages = paint(slip, Paper(settings.paper))
    with _connect(settings.host, settings.port) as printer:
        try:
            answers = _check_state(printer)
        except OSError as error:
            raise NotPrinted(PrintFailure.OFFLINE) from error
        wait_for_go()
        try:
            _send(printer, pages, cuts=settings.cuts)
            if answers:
                _check_state(printer)
            _close(printer)
        except TimeoutError as error:
            raise NotPrinted(PrintFailure.TIMED_OUT) from error
        except OSError as error:
            raise NotPrinted(PrintFailure.OFFLINE) from error


def _connect(host: str, port: int) -> socket.socket:
    """Connect to the first address of a host that answers, and that is in the shop. Raises NotPrinted.

    A slip travels unencrypted, with a customer's name on it: it goes to no address on the public internet.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotPrinted(PrintFailure.OFFLINE) from error
    addresses = [str(address[0]) for *_, address in found]
    inside = [address for address in addresses if not is_public(address)]
    if not inside:
        raise NotPrinted(PrintFailure.ADDRESS_REFUSED)
    for address in inside:
        with suppress(OSError):
            return socket.create_connection((address, port), _CONNECT_SECONDS)
    raise NotPrinted(PrintFailure.OFFLINE)


def is_public(text: str) -> bool:
    """Whether an IP address is reached over the public internet."""
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_global


def _check_state(printer: socket.socket) -> bool:
    """Return whether the printer answers; many do not, and print all the same. Raises NotPrinted, OSError."""
    paper = _ask(printer, _PAPER)
    if paper is None:
        return False
    if paper & _PAPER_ENDED:
        raise NotPrinted(PrintFailure.OUT_OF_PAPER)
    if (_ask(printer, _PRINTER) or 0) & _IS_OFFLINE:
        stopped_by_paper = (_ask(printer, _OFFLINE_CAUSE) or 0) & _STOPPED_BY_PAPER
        raise NotPrinted(PrintFailure.OUT_OF_PAPER if stopped_by_paper else PrintFailure.OFFLINE)
    return True


def _ask(printer: socket.socket, what: int) -> int | None:
    """Ask for a status byte; None without an answer. Raises OSError."""
    printer.settimeout(_STATUS_SECONDS)
    printer.sendall(bytes((0x10, 0x04, what)))
    try:
        while answer := printer.recv(1):
            if answer[0] & _FIXED_BITS == _FIXED:  # not a status that the printer sends unasked
                return answer[0]
    except TimeoutError:
        return None
    raise ConnectionResetError


def _send(printer: socket.socket, pages: tuple[QImage, ...], *, cuts: bool) -> None:
    printer.settimeout(_SEND_SECONDS)
    printer.sendall(_RESET)
    for band in (band for page in pages for band in _bands(page)):
        printer.sendall(band)
    printer.sendall(_CUT if cuts else _FEED)


def _bands(page: QImage) -> Iterator[bytes]:
    width, stride = page.width() // 8, page.bytesPerLine()  # in bytes; the rolls are whole bytes wide
    picture = bytes(page.constBits())
    for top in range(0, page.height(), _BAND):
        height = min(_BAND, page.height() - top)
        rows = b"".join(picture[row * stride : row * stride + width] for row in range(top, top + height))
        yield b"\x1dv0\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + without_commands(rows)


def without_commands(rows: bytes) -> bytes:
    """Rows of a picture in which the printer sees no real-time command: one more dot changes it.

    No code loses by it, whose lines are three dots wide or wider: 0x10 is a single dot.
    """
    for command in _REAL_TIME:
        rows = rows.replace(command, b"\x11" + command[1:])
    return rows


def _close(printer: socket.socket) -> None:
    """Say that all was sent, and wait a while for the printer to say so, too. Raises OSError where it broke off."""
    printer.shutdown(socket.SHUT_WR)
    printer.settimeout(_CLOSE_SECONDS)
    with suppress(TimeoutError):
        while printer.recv(64):
            pass
