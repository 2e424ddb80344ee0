"""Atomic writes of small private files, and the permissions of the data folder."""

import errno
import json
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from bonifiq_desktop.domain.strict_json import load
from bonifiq_desktop.storage import windows_access
from bonifiq_desktop.storage.held_files import is_held, retry_while_held, wait_until_writable

_PARTIAL_NAME = re.compile(r"\..+\.[a-z0-9_]{8}")  # mkstemp's names
_being_written: set[str] = set()
"""Names of this process's partial files, which `remove_partial_files` must not take for those of one that died."""
_partial_files = threading.Lock()
_TEMPORARY = ".temporary-"
_MAX_BYTES = 1024 * 1024  # of a file that is read; the longest draft has some thousand


class Exposure(StrEnum):
    """Why a folder is not private."""

    WORLD_WRITABLE = "everyone"
    OTHER_OWNER = "other_owner"
    LINK = "link"


class FolderNotPrivate(OSError):
    """Others can write to a file or folder, or a link leads elsewhere; `filename` names it."""

    def __init__(self, exposure: Exposure, path: Path) -> None:
        super().__init__(errno.EPERM, exposure.value, str(path))
        self.exposure = exposure


class InsideDataFolder(OSError):
    """The user chose a place inside the data folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EPERM, "inside the data folder", str(path))


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user can enter; take other users' rights from an existing one and its content.

    Raises FolderNotPrivate, OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in check_private(folder):
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & stat.S_IRWXU)


def check_private(folder: Path) -> list[Path]:
    """Require that only this user and root can write to a folder or anything below it.

    Returns this user's paths that others, or a group, can read. A world-writable folder is refused also with the sticky
    bit: others could still add a file that we would read or write through. On Windows the folder's access list decides,
    which all below inherits.

    Raises FolderNotPrivate, OSError.
    """
    if os.name == "nt":
        if windows_access.is_open_to_others(folder):
            raise FolderNotPrivate(Exposure.WORLD_WRITABLE, folder)
        return []
    return [path for path, found in _tree(folder, folder.stat()) if _is_open(path, found)]


def _tree(path: Path, found: os.stat_result) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield a folder and all below it. Only a link at the folder's own path is followed: the user chose its target."""
    yield path, found
    if stat.S_ISDIR(found.st_mode):
        for below in sorted(path.iterdir()):
            with suppress(FileNotFoundError):  # a running program removed it meanwhile
                yield from _tree(below, below.lstat())


def _is_open(path: Path, found: os.stat_result) -> bool:
    if sys.platform == "win32":  # check_private asks the access list instead
        return False
    if stat.S_ISLNK(found.st_mode):
        raise FolderNotPrivate(Exposure.LINK, path)
    if found.st_mode & stat.S_IWOTH:
        raise FolderNotPrivate(Exposure.WORLD_WRITABLE, path)
    if found.st_uid not in {os.geteuid(), 0}:  # root can write anywhere
        raise FolderNotPrivate(Exposure.OTHER_OWNER, path)
    return bool(found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)) and found.st_uid == os.geteuid()


@contextmanager
def replace_atomically(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that replaces `path` when the block ends without an error.

    A power cut leaves the old file or the new one. A link at `path` is replaced, not followed. Raises OSError.
    """
    with _partial_files:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
        _being_written.add(Path(name).name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        retry_while_held(lambda: Path(name).replace(path))
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    finally:
        _being_written.discard(Path(name).name)
    sync_folder(path.parent)


class FileInUse(OSError):
    """Another program holds the file that is to be replaced, or it is protected."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EBUSY, "in use", str(path))


@contextmanager
def write_user_file(path: Path, *, data_folder: Path) -> Iterator[BinaryIO]:
    """Replace a file at a place that the user chose, by any path but into the data folder.

    A file that is held is refused at once, and again at the end: a spreadsheet may have opened it meanwhile.
    Raises InsideDataFolder, FileInUse, OSError.
    """
    where = path.parent.resolve(strict=True)
    # Compare the folders, not their names: a file system may fold case.
    if data_folder.exists() and any(folder.samefile(data_folder) for folder in (where, *where.parents)):
        raise InsideDataFolder(path)
    try:
        if path.exists():
            wait_until_writable(path)
        with replace_atomically(path) as file:
            yield file
    except PermissionError as error:
        if is_held(error) and path.exists():
            raise FileInUse(path) from error
        raise


def remove_partial_files(folder: Path, *, except_for: Path) -> None:
    """Remove the partial files of a process that died. No other process may be writing here, but to `except_for`.

    A file that this process is writing on another thread stays. Raises OSError.
    """
    with _partial_files:
        for path in folder.glob(".*"):
            is_left = _PARTIAL_NAME.fullmatch(path.name) and path.name not in _being_written
            if is_left and not path.name.startswith(f".{except_for.name}."):
                path.unlink(missing_ok=True)


@contextmanager
def temporary_folder(data_folder: Path) -> Iterator[str]:
    """Yield a private folder in the data folder that is gone when the block ends. Raises OSError."""
    with tempfile.TemporaryDirectory(dir=data_folder, prefix=_TEMPORARY, ignore_cleanup_errors=True) as name:
        yield name


def remove_temporary_folders(data_folder: Path) -> None:
    """Remove the temporary folders of a program that was killed. No other process may be using one."""
    for folder in data_folder.glob(f"{_TEMPORARY}*"):
        shutil.rmtree(folder, ignore_errors=True)


def open_private(path: str, flags: int) -> int:
    """Open a file for this user alone: an `opener` for files that are written piece by piece."""
    return os.open(path, flags, 0o600)


def write_private(path: Path, content: bytes) -> None:
    """Replace a file by `content` atomically. Raises OSError."""
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
    """Replace a file by a JSON object atomically. Raises OSError."""
    write_private(path, json.dumps(data, ensure_ascii=False, indent=1).encode())


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; an empty one when there is no file.

    Parsed as strictly as a server's answer, because people edit these files. Raises ValueError, OSError.
    """
    try:
        with retry_while_held(lambda: path.open("rb")) as file:
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    data = load(content) if len(content) <= _MAX_BYTES else None
    if not isinstance(data, dict):
        raise ValueError(path.name)
    return data
