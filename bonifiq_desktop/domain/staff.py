"""The people of a shop: who may do what at the counter, and what a PIN must be."""

from dataclasses import dataclass, field
from enum import StrEnum

from bonifiq_desktop.domain.text import plain

MAX_NAME = 40
_PIN_LENGTHS = range(4, 9)
_DIGITS = "01234567890"


class Role(StrEnum):
    """What a person may do."""

    CASHIER = "cashier"
    MANAGER = "manager"


class Task(StrEnum):
    """What only a manager may do, or allow once."""

    OVER_LIMIT = "over_limit"
    CANCEL_ORDER = "cancel_order"
    DECIDE = "decide"
    ACKNOWLEDGE = "acknowledge"
    SETTINGS = "settings"
    PEOPLE = "people"
    REVEAL = "reveal"
    EXPORT_CUSTOMER = "export_customer"
    ERASE_CUSTOMER = "erase_customer"
    RESTORE = "restore"


class PersonError(ValueError):
    """A person cannot be kept as typed; `field` names what is wrong: `name` or `pin`."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name)
        self.field = field_name


@dataclass(frozen=True)
class Person:
    """Somebody who works at this till, named as colleagues call each other; the name is told apart without its case."""

    name: str
    role: Role


@dataclass(frozen=True)
class Approval:
    """Who says that something may be done, proved by a PIN. Good for one command."""

    name: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class ApprovalGrant:
    """The name that allowed a command; None: no approval. Only `services/access_control.py` makes one with a name."""

    by: Person | None = None


NO_APPROVAL = ApprovalGrant()


@dataclass(frozen=True)
class Session:
    """Who works here and who is at the counter. `managed`: some things need a manager. `asks`: the till asks who is
    there. `lost`: the people cannot be read, so that nobody can allow anything until the owner names a manager anew.
    """

    people: tuple[Person, ...] = ()
    current_user: Person | None = None
    requires_approval: bool = False
    requires_sign_in: bool = False
    is_unreadable: bool = False

    @property
    def managers(self) -> tuple[str, ...]:
        """The names of those who can allow things."""
        return tuple(person.name for person in self.people if person.role is Role.MANAGER)


def read_name(text: str) -> str:
    """A person's name, tidied. Raises PersonError when it is empty or longer than MAX_NAME."""
    name = plain(text)
    if not name or len(name) > MAX_NAME:
        raise PersonError("name")
    return name


def read_pin(text: str) -> str:
    """A new PIN: 4 to 8 digits, not all the same and not simply in a row. Raises PersonError."""
    is_digits = text.isascii() and text.isdecimal()
    is_row = text in _DIGITS or text in _DIGITS[::-1]
    if not is_digits or len(text) not in _PIN_LENGTHS or len(set(text)) == 1 or is_row:
        raise PersonError("pin")
    return text


def same_name(one: str, other: str) -> bool:
    """Whether two names are one person's."""
    return plain(one).casefold() == plain(other).casefold()


class ApprovalNeeded(Exception):
    """Only a manager may do or allow this; `managers` names those who can."""

    def __init__(self, task: Task, managers: tuple[str, ...] = ()) -> None:
        super().__init__(task.value)
        self.task = task
        self.managers = managers


class SignInNeeded(Exception):
    """This till asks who is at the counter, and nobody has said so."""


class PinWrong(Exception):
    """Not the PIN of `person`; `left`: how many tries are left before a wait, None for a name not on the list."""

    def __init__(self, left: int | None, person: str = "") -> None:
        super().__init__(left)
        self.attempts_remaining = left
        self.person = person


class PinLocked(Exception):
    """Too many wrong PINs of `person` in a row: none is read before `wait` seconds with the program open."""

    def __init__(self, wait: int, person: str = "") -> None:
        super().__init__(wait)
        self.wait = wait
        self.person = person


class LastManager(Exception):
    """Others are left: the last manager can neither go nor become a cashier."""


class OwnershipNotProved(Exception):
    """Not the token and key of this till: no proof of being its owner."""
