"""Who else may use a folder on Windows, by its access list."""

import ctypes
import errno
import re
import sys
from pathlib import Path

_FILE_OBJECT = 1
_ACCESS_LIST = 0x4  # DACL_SECURITY_INFORMATION
_TEXT_VERSION = 1

# An entry that allows something, as Windows writes it: (A;flags;rights;object;inherited object;account).
_ALLOWED = re.compile(r"\(A;[^;]*;[^;]*;[^;]*;[^;]*;([^)]+)\)")
_GROUPS = {"WD", "BU", "AU", "IU", "NU", "BG", "AN", "DU", "DG"}
"""Everyone, users, authenticated, at this PC, over the network, guests, anonymous, the domain's users and guests."""


def is_open_to_others(folder: Path) -> bool:
    """Whether a group of accounts may use a folder. Call it on Windows only. Raises OSError."""
    text = _access_list(folder)
    return "D:" not in text or "D:NO_ACCESS_CONTROL" in text or bool(_GROUPS.intersection(_ALLOWED.findall(text)))


if sys.platform == "win32":

    def _access_list(folder: Path) -> str:
        """The folder's access list as text (SDDL). Empty where the disk has none, and every account may use it."""
        security = ctypes.c_void_p()
        error = ctypes.windll.advapi32.GetNamedSecurityInfoW(
            str(folder), _FILE_OBJECT, _ACCESS_LIST, None, None, None, None, ctypes.byref(security)
        )
        if error:
            raise ctypes.WinError(error)
        text = ctypes.c_wchar_p()
        try:
            if not ctypes.windll.advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                security, _TEXT_VERSION, _ACCESS_LIST, ctypes.byref(text), None
            ):
                raise ctypes.WinError()
            return text.value or ""
        finally:
            ctypes.windll.kernel32.LocalFree(text)
            ctypes.windll.kernel32.LocalFree(security)

else:

    def _access_list(folder: Path) -> str:
        raise OSError(errno.ENOSYS, "no access lists", str(folder))
