"""Folders in which a ledger is not safe: on a network drive, or synchronised with other machines."""

import os
import re
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

_MOUNTS = Path("/proc/self/mounts")
_NETWORK_FILE_SYSTEMS = (
    "nfs",
    "cifs",
    "smb",
    "afs",
    "ceph",
    "gluster",
    "lustre",
    "ncpfs",
    "davfs",
    "vboxsf",
    "prl_fs",
    "fuse.",
)
_LOCAL_FUSE_FILE_SYSTEMS = (
    "fuse.fuse-overlayfs",
    "fuse.mergerfs",
    "fuse.gocryptfs",
    "fuse.encfs",
    "fuse.cryfs",
    "fuse.ntfs",
)
_SYNCED_FOLDER = re.compile(
    r"(onedrive|dropbox|google ?drive|meu drive|my drive|icloud ?drive|mobile documents|nextcloud|owncloud|pclouddrive"
    r"|megasync)(?![a-z])"
)
_SYNC_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_DRIVE_REMOTE = 4  # DRIVE_REMOTE of GetDriveTypeW


class UnsafeLocation(StrEnum):
    """Why a ledger is not safe in a folder."""

    NETWORK = "network"
    SYNCED = "synced"


def unsafe_location(folder: Path, mounts: Path = _MOUNTS) -> UnsafeLocation | None:
    """Why a ledger is not safe in a folder, or None. `mounts`: the system's table of mounts."""
    place = folder.resolve()
    if _is_synced(place):
        return UnsafeLocation.SYNCED
    if _is_remote_drive(place) if sys.platform == "win32" else _is_network_mount(place, mounts):
        return UnsafeLocation.NETWORK
    return None


def _is_synced(folder: Path) -> bool:
    if any(_SYNCED_FOLDER.match(part.casefold()) for part in folder.parts):
        return True
    roots: Iterable[str] = filter(None, map(os.environ.get, _SYNC_VARIABLES))
    return any(folder.is_relative_to(root) for root in roots)


def _is_remote_drive(folder: Path) -> bool:
    if folder.drive.startswith("\\\\"):
        return True
    import ctypes

    kind: int = ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\")  # type: ignore[attr-defined,unused-ignore]
    return kind == _DRIVE_REMOTE


def _is_network_mount(folder: Path, mounts: Path) -> bool:
    """Whether the innermost mount of a folder is a network file system. False without a table of mounts."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    deepest, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004 - device, place, kind
            continue
        where = Path(fields[1].replace("\\040", " "))
        if folder.is_relative_to(where) and len(where.parts) >= deepest:
            deepest, kind = len(where.parts), fields[2]
    return kind.startswith(_NETWORK_FILE_SYSTEMS) and not kind.startswith(_LOCAL_FUSE_FILE_SYSTEMS)
