"""Who works at this till: names, roles, hashed PINs, and how many wrong ones were tried in a row.

A PIN has few digits: whoever can copy `people.json` can try them all out. The hash (Argon2id) makes that slow, and the
count of tries, written before a PIN is looked at, makes it slow at the till.
"""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from bonifiq_desktop.domain.staff import Person, PersonError, Role, read_name, same_name
from bonifiq_desktop.storage.files import read_json, write_json

_ARGON2_MEMORY = 64 * 1024  # KiB; with three passes about a sixth of a second on a counter PC
_ARGON2_PASSES = 3


class StaffFileUnreadable(Exception):
    """The file with the people cannot be read, or is gone although this till had managers."""


@dataclass(frozen=True)
class StaffEntry:
    """A person with the hash of the PIN. `tries`: wrong PINs in a row, one that is being looked at included."""

    person: Person
    pin_hash: str = field(repr=False)
    failed_attempts: int = 0


class StaffFile:
    """Reads and writes `people.json`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[StaffEntry, ...]:
        """Everybody; empty when there is no file. Raises PeopleLost, OSError."""
        try:
            entries = tuple(_entry(stored) for stored in read_json(self._path).get("people", []))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StaffFileUnreadable from error
        names = [entry.person.name for entry in entries]
        if any(same_name(one, other) for n, one in enumerate(names) for other in names[:n]):
            raise StaffFileUnreadable
        return entries

    def save(self, entries: tuple[StaffEntry, ...]) -> None:
        """Keep these people; on disk when it returns. Raises OSError."""
        rows = [
            {"name": e.person.name, "role": e.person.role.value, "pin": e.pin_hash, "tries": e.failed_attempts}
            for e in entries
        ]
        write_json(self._path, {"people": rows})


def _entry(stored: dict[str, object]) -> StaffEntry:
    tries = stored["tries"]
    if not isinstance(tries, int) or tries < 0:
        raise PersonError("tries")
    return StaffEntry(Person(read_name(str(stored["name"])), Role(str(stored["role"]))), str(stored["pin"]), tries)


def put_entry(entries: tuple[StaffEntry, ...], entry: StaffEntry) -> tuple[StaffEntry, ...]:
    """These people with one of them replaced, or added at the end."""
    if any(same_name(e.person.name, entry.person.name) for e in entries):
        return tuple(entry if same_name(e.person.name, entry.person.name) else e for e in entries)
    return (*entries, entry)


def with_failed_attempt(entry: StaffEntry) -> StaffEntry:
    """This person after one more try."""
    return replace(entry, failed_attempts=entry.failed_attempts + 1)


def hash_pin(pin: str) -> str:
    """What may be kept of a PIN. Takes a while."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=_ARGON2_PASSES, lanes=1, memory_cost=_ARGON2_MEMORY)
    return kdf.derive_phc_encoded(pin.encode())


def verify_pin(pin: str, pin_hash: str) -> bool:
    """Whether this is the PIN that was hashed. Takes a while."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(pin.encode(), pin_hash)
    except (InvalidKey, ValueError):  # a damaged hash fits no PIN
        return False
    return True
