"""Identity of this PC, stored only as a hash with the ledger's id: it tells two PCs apart and names neither.

A ledger that goes on at two PCs makes the same sale numbers at both, and the second sale overwrites the first.
"""

import ctypes
import platform
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

_MACHINE_ID_FILES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def machine_hash(ledger_id: str) -> str:
    """The hash under which a ledger remembers this PC."""
    return sha256(f"{ledger_id}:{machine_id()}".encode()).hexdigest()[:32]


def machine_id() -> str:
    """The system's own id of this installation; without one, the PC's name in the network.

    Installed anew it is another one. Two PCs that were started from one image of a disk have the same one until the
    system gives itself another (Windows: sysprep; Linux: an empty /etc/machine-id in the image).
    """
    with suppress(OSError, AttributeError):
        if sys.platform == "win32":
            found = _windows_machine_id()
        elif sys.platform == "darwin":
            found = _macos_machine_id()
        else:
            found = _linux_machine_id()
        if found:
            return found
    return f"name:{platform.node()}"


if sys.platform == "win32":

    def _windows_machine_id() -> str:
        import winreg

        place = r"SOFTWARE\Microsoft\Cryptography"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])


def _macos_machine_id() -> str:
    found = ctypes.create_string_buffer(16)
    wait = (ctypes.c_long * 2)(1, 0)  # a timespec: at most a second
    failed = ctypes.CDLL(None).gethostuuid(found, ctypes.byref(wait))
    return "" if failed else found.raw.hex()


def _linux_machine_id() -> str:
    for file in _MACHINE_ID_FILES:
        with suppress(OSError):
            found = file.read_text(encoding="ascii", errors="replace").strip()
            if found:
                return found
    return ""
