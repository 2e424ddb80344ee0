"""Single instance per data folder: a second start raises the first window and ends."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QSysInfo, Slot

from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.windows_session import allow_to_front

if TYPE_CHECKING:  # the network's parts are loaded behind the first paint
    from PySide6.QtNetwork import QLocalServer

_CONNECT_SECONDS = 2.0  # a program that has just started listens a moment later
_CONNECT_MS = 500
_RETRY_SECONDS = 0.05
_EMPTY_LOCK_STALE_MS = 2000
_MAX_LOCK_BYTES = 4096  # bytes
_MAX_NAME = 64


@dataclass(frozen=True)
class OtherPC:
    """The name of another PC, and since when it has held the folder."""

    name: str
    since: datetime


class SingleInstance(QObject):
    """Holds the lock of a data folder; `raise_first_instance` reaches the program that holds it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._file = folder / "in-use.lock"
        self._lock = QLockFile(str(self._file))
        self._lock.setStaleLockTime(0)  # stale when its process is gone, not when it is old
        self._server: QLocalServer | None = None
        self._raise_window: Callable[[], None] | None = None

    def acquire(self) -> bool:
        """Take the lock; False when a running program has it. Raises OSError when the folder is not writable."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        process, *_ = self._lock.getLockInfo()
        if process > 0:
            return False
        # A power cut leaves an empty lock file: it names no process, only its age tells. Before Qt removes it, Qt asks
        # the kernel whether a process holds the file.
        self._lock.setStaleLockTime(_EMPTY_LOCK_STALE_MS)
        return self._lock.tryLock(0)

    def other_pc(self) -> OtherPC | None:
        """After a failed `acquire`: the PC that holds the folder, or None for this PC.

        The process cannot be checked from here. The folder came from that PC with a lock that a power cut left.
        """
        try:
            lines = self._file.read_bytes()[:_MAX_LOCK_BYTES].decode(errors="replace").splitlines()
            since = datetime.fromtimestamp(self._file.stat().st_mtime).astimezone()
        except OSError:
            return None
        _process, _program, name, machine, *_ = [*lines, "", "", "", ""]
        here = bytes(QSysInfo.machineUniqueId().data()).decode(errors="replace")
        is_another = name != QSysInfo.machineHostName() or bool(machine and here and machine != here)
        return OtherPC(plain(name)[:_MAX_NAME], since) if name and is_another else None

    def take_over(self) -> bool:
        """Take the lock that another PC left. False when a running program of this PC has it after all."""
        return self._lock.removeStaleLockFile() and self.acquire()

    def listen(self, raise_window: Callable[[], None]) -> None:
        from PySide6.QtNetwork import QLocalServer

        self._raise_window = raise_window
        QLocalServer.removeServer(self._server_name)  # left by a program that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._second_start_connected)
        self._server.listen(self._server_name)

    def raise_first_instance(self) -> bool:
        """Ask the program that holds the lock to show its window; True when it was reached."""
        process, *_ = self._lock.getLockInfo()
        allow_to_front(process)
        from PySide6.QtNetwork import QLocalSocket

        until = monotonic() + _CONNECT_SECONDS
        while True:
            socket = QLocalSocket()
            socket.connectToServer(self._server_name)
            reached = socket.waitForConnected(_CONNECT_MS)
            socket.disconnectFromServer()
            if reached or monotonic() > until:
                return reached
            sleep(_RETRY_SECONDS)

    @property
    def _server_name(self) -> str:
        from hashlib import sha256

        return f"bonifiq-desktop-{sha256(str(self._folder).encode()).hexdigest()[:16]}"

    def release(self) -> None:
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _second_start_connected(self) -> None:
        if self._server is not None and self._raise_window is not None:
            connection = self._server.nextPendingConnection()
            if connection is not None:
                connection.deleteLater()
            self._raise_window()
