"""A server that writes down every byte it receives, and answers all that it hears with the same words."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

NOTHING = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Thief:
    """Listens on this machine, where plain HTTP is allowed. `heard`: every byte; `callers`: how many connections."""

    def __init__(self, says: bytes = NOTHING) -> None:
        self._says = says
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.heard = b""
        self.callers = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextmanager
    def listening(self) -> Iterator["Thief"]:
        """Listen until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(10)
            self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.callers += 1
            with caller:
                caller.settimeout(0.3)
                try:
                    while more := caller.recv(65536):
                        self.heard += more
                        if b"\r\n\r\n" in self.heard:
                            caller.sendall(self._says)
                except OSError:
                    continue


def sending_to(status: int, elsewhere: str) -> Thief:
    """One that sends every caller elsewhere."""
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {elsewhere}/v1/pvt/POS/orders\r\n"
    return Thief(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
