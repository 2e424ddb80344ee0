"""An ESC/POS printer in the network: a real TCP server that turns what it gets back into pictures."""

import socket
import threading
from contextlib import suppress
from enum import Enum
from types import TracebackType

from PySide6.QtGui import QColor, QImage, Qt

CUT = b"\x1dVB\x00"
"""The last command of each slip."""

_STATUS = 0b0001_0010  # the bits that are fixed
_OFFLINE, _PAPER_END, _STOPPED_BY_PAPER = 0b0000_1000, 0b0110_0000, 0b0010_0000


class Behaviour(Enum):
    """How the printer behaves."""

    FINE = "fine"
    SILENT = "silent"
    """It prints, and answers nothing."""
    TALKATIVE = "talkative"
    """It sends its state unasked as well, as many printers are set up."""
    OUT_OF_PAPER = "out_of_paper"
    COVER_OPEN = "cover_open"
    PAPER_ENDS_MEANWHILE = "paper_ends_meanwhile"
    HANGS = "hangs"
    """It takes the connection, answers that all is well, and reads no picture."""
    CLOSES_HALF_WAY = "closes_half_way"
    CLOSED = "closed"
    """It listens, and closes each connection at once."""


class NetworkPrinter:
    """Listens until its block ends. `received`: the bytes of each connection, without the questions about its state."""

    def __init__(self, behaviour: Behaviour = Behaviour.FINE) -> None:
        self.behaviour = behaviour
        self.received: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port = int(self._server.getsockname()[1])
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="network printer")

    def __enter__(self) -> "NetworkPrinter":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()  # wakes the thread up
        self._thread.join()
        self._server.close()

    def pictures(self) -> list[QImage]:
        """The picture of each connection that brought one."""
        return [picture for data in self.received if (picture := picture_in(data)) is not None]

    def _serve(self) -> None:
        while not self._ended.is_set():
            connection, _ = self._server.accept()
            with connection:
                connection.settimeout(0.1)
                if not self._ended.is_set() and self.behaviour is not Behaviour.CLOSED:
                    self._print(connection)

    def _print(self, connection: socket.socket) -> None:
        data = bytearray()
        self.received.append(b"")
        if self.behaviour is Behaviour.TALKATIVE:
            connection.sendall(b"\x10\x00\x00\x0f")
        while not self._ended.is_set():
            if self.behaviour is Behaviour.HANGS and len(data) > 0:
                self._ended.wait(0.1)
                continue
            try:
                got = connection.recv(1024)
            except TimeoutError:
                continue
            except ConnectionError:
                return
            if not got:
                return
            data += self._answer(connection, got)
            self.received[-1] = bytes(data)
            if self.behaviour is Behaviour.CLOSES_HALF_WAY and len(data) > 4096:
                # A reset, as of a printer that is switched off: what was not read is lost.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                return

    def _answer(self, connection: socket.socket, got: bytes) -> bytes:
        """Answer questions about the state; return the rest."""
        for what in (1, 2, 4):
            question = bytes((0x10, 0x04, what))
            while question in got:
                got = got.replace(question, b"", 1)
                if self.behaviour is not Behaviour.SILENT:
                    connection.sendall(bytes((_STATUS | self._state(what),)))
        return got

    def _state(self, what: int) -> int:
        behaviour = self.behaviour
        if behaviour is Behaviour.PAPER_ENDS_MEANWHILE and picture_in(self.received[-1]) is not None:
            behaviour = Behaviour.OUT_OF_PAPER
        match what, behaviour:
            case 4, Behaviour.OUT_OF_PAPER:
                return _PAPER_END
            case 1, Behaviour.OUT_OF_PAPER | Behaviour.COVER_OPEN:
                return _OFFLINE
            case 2, Behaviour.OUT_OF_PAPER:
                return _STOPPED_BY_PAPER
        return 0


def picture_in(data: bytes) -> QImage | None:
    """The picture of an ESC/POS stream. Raises AssertionError for a command that no printer knows."""
    rows: list[bytes] = []
    width, at = 0, 0
    while at < len(data):
        if data[at : at + 4] == b"\x1dv0\x00":
            width, height = (int.from_bytes(data[at + start : at + start + 2], "little") for start in (4, 6))
            at += 8
            rows += [data[at + row * width : at + (row + 1) * width] for row in range(height)]
            at += width * height
        else:
            known = [command for command in (b"\x1b@", b"\x1bd\x05", CUT) if data[at:].startswith(command)]
            assert known, data[at : at + 8].hex()
            at += len(known[0])
    return _picture(rows, width) if rows else None


def _picture(rows: list[bytes], width: int) -> QImage:
    stride = -(-width // 4) * 4  # Qt's rows are whole words
    bits = b"".join(row.ljust(stride, b"\0") for row in rows)
    image = QImage(bits, width * 8, len(rows), stride, QImage.Format.Format_Mono)
    image.setColorTable([QColor(Qt.GlobalColor.white).rgb(), QColor(Qt.GlobalColor.black).rgb()])
    return image.copy()  # of the bits, too
