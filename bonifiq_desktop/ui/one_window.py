"""One program per data folder: a second start brings the first window to the front and ends."""

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

if TYPE_CHECKING:  # the network's parts are loaded behind the first paint
    from PySide6.QtNetwork import QLocalServer

_PATIENCE = 2.0  # seconds; a program that has just been started listens a moment later
_PATIENCE_MS = 500
_AGAIN = 0.05
_HALF_WRITTEN_MS = 2000
_LONGEST = 4096  # bytes
_LONGEST_NAME = 64


@dataclass(frozen=True)
class OtherPC:
    """Another PC by its name, and since when it has held the folder."""

    name: str
    since: datetime


class OneWindow(QObject):
    """Holds a data folder; `ask_first` reaches whoever holds it."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._file = folder / "in-use.lock"
        self._lock = QLockFile(str(self._file))
        self._lock.setStaleLockTime(0)  # stale when its process is gone, not when it is old
        self._server: QLocalServer | None = None
        self._raise: Callable[[], None] | None = None

    def take(self) -> bool:
        """Hold the folder; False when a living program holds it. Raises OSError when nothing can be written there."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        if self._names_its_holder():
            return False
        # A power cut leaves an empty lock: no process to ask for, only an age. Qt still asks the kernel whether
        # somebody holds the file before it takes it away.
        self._lock.setStaleLockTime(_HALF_WRITTEN_MS)
        return self._lock.tryLock(0)

    def _names_its_holder(self) -> bool:
        process, *_ = self._lock.getLockInfo()
        return process > 0

    def other_pc(self) -> "OtherPC | None":
        """The PC that holds the folder, where that is not this one; after a failed `take`.

        Its program cannot be looked for from here: the folder came from that PC, with a lock that a power cut left.
        """
        try:
            lines = self._file.read_bytes()[:_LONGEST].decode(errors="replace").splitlines()
            since = datetime.fromtimestamp(self._file.stat().st_mtime).astimezone()
        except OSError:
            return None
        _process, _program, name, machine, *_ = [*lines, "", "", "", ""]
        here = bytes(QSysInfo.machineUniqueId().data()).decode(errors="replace")
        is_another = name != QSysInfo.machineHostName() or bool(machine and here and machine != here)
        return OtherPC(plain(name)[:_LONGEST_NAME], since) if name and is_another else None

    def take_over(self) -> bool:
        """Hold a folder that another PC held. False when a living program of this PC has the lock after all."""
        return self._lock.removeStaleLockFile() and self.take()

    def listen(self, raise_window: Callable[[], None]) -> None:
        """From now on, a second start raises this window."""
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415

        self._raise = raise_window
        QLocalServer.removeServer(self._name)  # left by a program that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._called)
        self._server.listen(self._name)

    def ask_first(self) -> bool:
        """Ask the program that holds the folder to show its window; True when it was reached."""
        until = monotonic() + _PATIENCE
        while not self._reaches_first():
            if monotonic() > until:
                return False
            sleep(_AGAIN)
        return True

    def _reaches_first(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        reached = socket.waitForConnected(_PATIENCE_MS)
        socket.disconnectFromServer()
        return reached

    @property
    def _name(self) -> str:
        from hashlib import sha256  # noqa: PLC0415

        return f"bonifiq-desktop-{sha256(str(self._folder).encode()).hexdigest()[:16]}"

    def release(self) -> None:
        """Let the folder go."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _called(self) -> None:
        if self._server is not None and self._raise is not None:
            connection = self._server.nextPendingConnection()
            if connection is not None:
                connection.deleteLater()
            self._raise()
