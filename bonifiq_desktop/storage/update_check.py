"""What a till remembers of the notices of newer versions, so that one started ten times a day asks once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.storage.files import read_json, write_json


@dataclass(frozen=True)
class UpdateCheck:
    """When an address was last asked, and the last notice that could be used, as it came: signed."""

    checked_at: datetime
    address: str
    notice: bytes = b""


NEVER_CHECKED = UpdateCheck(datetime.min.replace(tzinfo=UTC), "")


def load_update_check(path: Path) -> UpdateCheck:
    """What is remembered; NEVER when there is nothing, or nothing readable. The notice in it is not checked here."""
    with suppress(OSError, ValueError, OverflowError):  # the last: a time that no zone has
        match read_json(path):
            case {"asked_at": str(at), "address": str(address), "notice": str(notice)}:
                return UpdateCheck(datetime.fromisoformat(at).astimezone(UTC), address, notice.encode())
    return NEVER_CHECKED


def save_update_check(path: Path, asked: UpdateCheck) -> None:
    """Remember. Raises OSError."""
    data = {"asked_at": asked.checked_at.isoformat(), "address": asked.address, "notice": asked.notice.decode()}
    write_json(path, data)
