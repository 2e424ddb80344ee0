"""The ledger's files: where backups and set-aside ledgers are, and which file a path names."""

from datetime import UTC, datetime
from pathlib import Path

TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"
"""A time in the name of a copy."""


def backups_folder(ledger: Path) -> Path:
    """The folder of a ledger's backups."""
    return ledger.parent / "backups"


def backup_files(ledger: Path) -> list[Path]:
    """The backups of a ledger, in no order."""
    return list(backups_folder(ledger).glob(f"{ledger.stem}-*.db"))


def backup_path(ledger: Path, commits: int, now: datetime) -> Path:
    """The path of a backup made at a time from a ledger with so many commits."""
    return backups_folder(ledger) / f"{ledger.stem}-{commits:08}-{now.astimezone(UTC):{TIMESTAMP_FORMAT}}.db"


def set_aside_files(ledger: Path) -> list[Path]:
    """The ledgers that a restore replaced, in no order."""
    return list(ledger.parent.glob(f"{ledger.stem}-set-aside-*{ledger.suffix}"))


def file_identity(path: Path) -> tuple[int, int] | None:
    """The device and number of the file under a path; None when there is none. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
