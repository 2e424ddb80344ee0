"""The last check for a newer version, stored so that a till that starts ten times a day asks once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.storage.files import read_json, write_json


@dataclass(frozen=True)
class UpdateCheck:
    """The time of the last check, the address asked, and the last usable notice with its signature."""

    checked_at: datetime
    address: str
    notice: bytes = b""


NEVER_CHECKED = UpdateCheck(datetime.min.replace(tzinfo=UTC), "")


def load_update_check(path: Path) -> UpdateCheck:
    """Return the stored check, or NEVER_CHECKED. The notice's signature is not verified here."""
    with suppress(OSError, ValueError, OverflowError):  # OverflowError: a time that no zone has
        match read_json(path):
            case {"asked_at": str(at), "address": str(address), "notice": str(notice)}:
                return UpdateCheck(datetime.fromisoformat(at).astimezone(UTC), address, notice.encode())
    return NEVER_CHECKED


def save_update_check(path: Path, asked: UpdateCheck) -> None:
    """Store a check. Raises OSError."""
    data = {"asked_at": asked.checked_at.isoformat(), "address": asked.address, "notice": asked.notice.decode()}
    write_json(path, data)
