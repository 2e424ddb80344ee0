"""Interruption of a connection that its thread waits on, from another thread."""

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bonifiq_desktop.shop_database.connect import Connection


class Interruption:
    """Shuts the held connection's socket down, so that a wait for the server fails at once.

    It keeps a duplicate of the socket: after a close, the connection's own number may belong to another file.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_interrupted = False

    @property
    def is_interrupted(self) -> bool:
        return self._is_interrupted

    def hold(self, connection: "Connection") -> None:
        """Make a connection interruptible; after an interruption it is shut down at once."""
        duplicate = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        with self._lock:
            self._socket = duplicate
            if self._is_interrupted:
                _shut_down(duplicate)

    def release(self) -> None:
        """Forget the connection, which its thread closes."""
        with self._lock:
            duplicate, self._socket = self._socket, None
        if duplicate is not None:
            duplicate.close()

    def interrupt(self) -> None:
        """Shut the held connection down, and each one that is held later."""
        with self._lock:
            self._is_interrupted = True
            if self._socket is not None:
                _shut_down(self._socket)


def _shut_down(duplicate: socket.socket) -> None:
    with suppress(OSError):  # the server closed it
        duplicate.shutdown(socket.SHUT_RDWR)
