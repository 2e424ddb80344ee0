"""Small files that are whole or not there: written beside, flushed to disk, then put in place; 0600."""

import errno
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from bonifiq_desktop.domain.strict_json import load

_PARTIAL_NAME = re.compile(r"\..+\.[a-z0-9_]{8}")  # as mkstemp names them
_MAX_BYTES = 1024 * 1024  # bytes of a file that is read; the longest draft has some thousand


class Exposure(StrEnum):
    """Why what is in a folder would not be this user's alone."""

    WORLD_WRITABLE = "anybody"
    OTHER_OWNER = "other_owner"
    LINK = "link"


class FolderNotPrivate(OSError):
    """Others can write to something in a folder, or it is elsewhere; `filename` names what is wrong."""

    def __init__(self, exposure: Exposure, path: Path) -> None:
        super().__init__(errno.EPERM, exposure.value, str(path))
        self.exposure = exposure


class InsideDataFolder(OSError):
    """A person wants to save something among the program's own files."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EPERM, "inside the data folder", str(path))


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user can enter, or make one that is this user's, and all below it, so.

    Raises FolderExposed, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in check_private(folder):
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & stat.S_IRWXU)


def check_private(folder: Path) -> list[Path]:
    """Whether only this user, and the system's own, can put files into a folder or change one in it, at any depth.

    Answers what of it is this user's and open to others in another way, to read or for a group. Writable by all is
    refused with the sticky bit too: that forbids to delete a stranger's file, not to add one that we would read or
    write through. Windows is left out: a user's folder is guarded there by what it inherits.

    Raises FolderExposed, OSError.
    """
    if os.name == "nt":
        return []
    return [path for path, found in _tree(folder, folder.stat()) if _is_open(path, found)]


def _tree(path: Path, found: os.stat_result) -> Iterator[tuple[Path, os.stat_result]]:
    """A folder and all below it. Only a link in the folder's own place is followed: its target was chosen with it."""
    yield path, found
    if stat.S_ISDIR(found.st_mode):
        for below in sorted(path.iterdir()):
            with suppress(FileNotFoundError):  # a running program has removed it meanwhile
                yield from _tree(below, below.lstat())


def _is_open(path: Path, found: os.stat_result) -> bool:
    if stat.S_ISLNK(found.st_mode):
        raise FolderNotPrivate(Exposure.LINK, path)
    if found.st_mode & stat.S_IWOTH:
        raise FolderNotPrivate(Exposure.WORLD_WRITABLE, path)
    if found.st_uid not in {os.geteuid(), 0}:  # root can do everything anyway
        raise FolderNotPrivate(Exposure.OTHER_OWNER, path)
    return bool(found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)) and found.st_uid == os.geteuid()


@contextmanager
def replace_atomically(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when the block ends well; before that nothing changes.

    A power cut leaves the old one or the new one. A link at `path` is replaced, not followed. Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


@contextmanager
def write_user_file(path: Path, *, data_folder: Path) -> Iterator[BinaryIO]:
    """`replacing` for a place that a person chose; nowhere inside the data folder `outside`, whatever way leads there.

    Raises InsideDataFolder, OSError.
    """
    where = path.parent.resolve(strict=True)
    # Told by what they are, not by their names: a disk may fold case.
    if data_folder.exists() and any(folder.samefile(data_folder) for folder in (where, *where.parents)):
        raise InsideDataFolder(path)
    with replace_atomically(path) as file:
        yield file


def remove_partial_files(folder: Path, *, except_for: Path) -> None:
    """Remove what a process that died left of files it was writing here. Nobody may be writing here now, but the one
    who writes `but_of`. Raises OSError.
    """
    for path in folder.glob(".*"):
        if _PARTIAL_NAME.fullmatch(path.name) and not path.name.startswith(f".{except_for.name}."):
            path.unlink(missing_ok=True)


def open_private(path: str, flags: int) -> int:
    """The `opener` of a file for this user alone that is written piece by piece."""
    return os.open(path, flags, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Replace a file by `content`, whole or not at all. Raises OSError."""
    with replace_atomically(path) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk. Raises OSError."""
    if os.name == "nt":  # a folder cannot be opened there, and NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, data: dict[str, Any]) -> None:
    """`write_private` for a JSON object."""
    write_private(path, json.dumps(data, ensure_ascii=False, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; an empty one when there is no file.

    Read as strictly as an answer: hands may have been in it. Raises ValueError when it holds anything else, OSError.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    data = load(content) if len(content) <= _MAX_BYTES else None
    if not isinstance(data, dict):
        raise ValueError(path.name)
    return data
