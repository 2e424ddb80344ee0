"""Another origin: a listener that must never be connected to."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Self

from tests.support.loopback import stop_listening


class ForeignOrigin:
    """Listen on a loopback port and count the connections."""

    def __init__(self) -> None:
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1/pvt/Order/1001"
        self._thread = threading.Thread(target=self._count, daemon=True)

    def _count(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            visitor.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop_listening(self._listener)
        self._thread.join(5)
