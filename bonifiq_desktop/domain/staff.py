"""Staff of a shop: roles, restricted tasks, PIN rules and access errors."""

from dataclasses import dataclass, field
from enum import StrEnum

from bonifiq_desktop.domain.text import FieldError, plain

MAX_NAME = 40
PIN_LENGTHS = range(4, 9)
"""Numbers of digits that a PIN may have."""
_DIGITS = "01234567890"


class Role(StrEnum):
    """Role of a staff member."""

    CASHIER = "cashier"
    MANAGER = "manager"


class Task(StrEnum):
    """Task that needs a manager's approval."""

    OVER_LIMIT = "over_limit"
    REWARD_OVER_LIMIT = "reward_over_limit"
    OTHER_CURRENCY = "other_currency"
    """A return in another currency, which the shop's limit in reais cannot judge."""
    CANCEL_ORDER = "cancel_order"
    DECIDE = "decide"
    ACKNOWLEDGE = "acknowledge"
    SETTINGS = "settings"
    PEOPLE = "people"
    REVEAL = "reveal"
    EXPORT_CUSTOMER = "export_customer"
    ERASE_CUSTOMER = "erase_customer"
    RESTORE = "restore"
    CLOSE_OPEN_DAY = "close_open_day"
    """The close of a day with operations that are unsent or undecided."""


class PersonError(FieldError):
    """A typed person is invalid. `field`: `name`, `pin` or `role`."""


@dataclass(frozen=True)
class Person:
    """A staff member, identified by a name without regard to case."""

    name: str
    role: Role


@dataclass(frozen=True)
class Approval:
    """A manager's name and PIN, typed to approve one command."""

    name: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class ApprovalGrant:
    """Result of a checked approval; None without one. Only `services/access_control.py` creates one with a person."""

    by: Person | None = None


NO_APPROVAL = ApprovalGrant()


@dataclass(frozen=True)
class Session:
    """The staff and the user at the counter.

    `requires_approval`: restricted tasks need a manager. `requires_sign_in`: the till asks for the user.
    `is_unreadable`: the staff file cannot be read, so no approval is possible until the owner resets a manager.
    """

    people: tuple[Person, ...] = ()
    current_user: Person | None = None
    requires_approval: bool = False
    requires_sign_in: bool = False
    is_unreadable: bool = False

    @property
    def is_locked(self) -> bool:
        """Whether the till asks for the user and has none."""
        return self.requires_sign_in and self.current_user is None

    @property
    def managers(self) -> tuple[str, ...]:
        """Names of the managers."""
        return tuple(person.name for person in self.people if person.role is Role.MANAGER)


def read_name(text: str) -> str:
    """Read a person's name. Raises PersonError when it is empty or longer than MAX_NAME."""
    name = plain(text)
    if not name or len(name) > MAX_NAME:
        raise PersonError("name")
    return name


def read_pin(text: str) -> str:
    """Read a new PIN of 4 to 8 digits. Raises PersonError, also for one repeated digit and for a sequence."""
    is_digits = text.isascii() and text.isdecimal()
    is_row = text in _DIGITS or text in _DIGITS[::-1]
    if not is_digits or len(text) not in PIN_LENGTHS or len(set(text)) == 1 or is_row:
        raise PersonError("pin")
    return text


def same_name(one: str, other: str) -> bool:
    """Whether two names identify the same person."""
    return plain(one).casefold() == plain(other).casefold()


class ApprovalNeeded(Exception):
    """The task needs a manager's approval. `managers`: the names of those who can give it."""

    def __init__(self, task: Task, managers: tuple[str, ...] = ()) -> None:
        super().__init__(task.value)
        self.task = task
        self.managers = managers


class SignInNeeded(Exception):
    """The till requires a sign-in first."""


class PinWrong(Exception):
    """The PIN of `person` is wrong. `attempts_remaining`: attempts before a wait, None for an unknown name."""

    def __init__(self, attempts_remaining: int | None, person: str = "") -> None:
        super().__init__(attempts_remaining)
        self.attempts_remaining = attempts_remaining
        self.person = person


class PinLocked(Exception):
    """Too many wrong PINs for `person`. `wait`: seconds of program time until the next attempt."""

    def __init__(self, wait: int, person: str = "") -> None:
        super().__init__(wait)
        self.wait = wait
        self.person = person


class LastManager(Exception):
    """The last manager can be neither removed nor made a cashier while other staff remain."""


class OwnershipNotProved(Exception):
    """The typed token and key are not those of this till."""
