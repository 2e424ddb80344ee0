"""A server that records every byte and gives one fixed answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.loopback import stop_listening

EMPTY_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Eavesdropper:
    """Listens on loopback, where plain HTTP is allowed. `received`: every byte; `connections`: their number."""

    def __init__(self, answer: bytes = EMPTY_ANSWER) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.received = b""
        self.connections = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def url(self) -> str:
        """Return the server's address."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @contextmanager
    def listening(self) -> Iterator["Eavesdropper"]:
        """Listen until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            stop_listening(self._socket)
            self._thread.join(10)

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with caller:
                caller.settimeout(0.3)
                try:
                    while more := caller.recv(65536):
                        self.received += more
                        if b"\r\n\r\n" in self.received:
                            caller.sendall(self._answer)
                except OSError:
                    continue


def redirecting_server(status: int, location: str) -> Eavesdropper:
    """Make a server that redirects every request to `location`."""
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}/v1/pvt/POS/orders\r\n"
    return Eavesdropper(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
