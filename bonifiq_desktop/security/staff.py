"""Staff of this till: names, roles, hashed PINs, and the number of failed attempts in a row.

A PIN has few digits. Argon2id slows an attack on a copied `people.json` down; the count of failed attempts, written
before a PIN is verified, slows guessing at the till down.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from bonifiq_desktop.domain.staff import Person, PersonError, Role, read_name, same_name
from bonifiq_desktop.storage.files import read_json, write_json

_ARGON2_MEMORY = 64 * 1024  # KiB; with three passes about a sixth of a second on a counter PC
_ARGON2_PASSES = 3


class StaffFileUnreadable(Exception):
    """The staff file cannot be read, or is missing although this till had managers."""


@dataclass(frozen=True)
class StaffEntry:
    """A person with the hash of the PIN. `failed_attempts`: wrong PINs in a row, with one that is being verified."""

    person: Person
    pin_hash: str = field(repr=False)
    failed_attempts: int = 0


class StaffFile:
    """Reads and writes `people.json`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[StaffEntry, ...]:
        """Return the staff; empty when there is no file. Raises StaffFileUnreadable, OSError."""
        try:
            entries = tuple(_entry(stored) for stored in read_json(self._path).get("people", []))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StaffFileUnreadable from error
        names = [entry.person.name for entry in entries]
        if any(same_name(one, other) for n, one in enumerate(names) for other in names[:n]):
            raise StaffFileUnreadable
        return entries

    def save(self, entries: tuple[StaffEntry, ...]) -> None:
        """Store the staff durably. Raises OSError."""
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
    """Return the entries with one replaced by name, or added at the end."""
    if any(same_name(e.person.name, entry.person.name) for e in entries):
        return tuple(entry if same_name(e.person.name, entry.person.name) else e for e in entries)
    return (*entries, entry)


def hash_pin(pin: str) -> str:
    """Return the Argon2id hash of a PIN. Takes about a sixth of a second."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(salt=os.urandom(16), length=32, iterations=_ARGON2_PASSES, lanes=1, memory_cost=_ARGON2_MEMORY)
    return kdf.derive_phc_encoded(pin.encode())


def verify_pin(pin: str, pin_hash: str) -> bool:
    """Return whether a PIN has this hash. Takes as long as `hash_pin`."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(pin.encode(), pin_hash)
    except (InvalidKey, ValueError):  # ValueError: the stored hash is damaged
        return False
    return True
