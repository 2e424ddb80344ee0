"""Why something was not registered. Nothing was sent in any of these cases."""

from datetime import datetime

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.services.clock_check import ClockDoubt


class NotSetUp(Exception):
    """There are no credentials yet."""


class ShopUncertain(Exception):
    """The pair in force is new to this till: the same shop with a new key, or another shop? The owner has to say."""


class ShopNotProved(Exception):
    """None of this till's orders was found with the new pair, so it is not known to be the same shop's."""


class DecisionIncomplete(Exception):
    """A decision needs the name of who takes it, and a reason."""


class ClockDoubted(Exception):
    """This PC's clock is wrong, and what was to be registered carries its date; `doubt` says how wrong."""

    def __init__(self, doubt: ClockDoubt) -> None:
        super().__init__()
        self.doubt = doubt


class DecisionTooEarly(Exception):
    """A copy of the request may be on its way until `until`: a second request beside it could be applied, too."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat(timespec="seconds"))
        self.until = until


class OrderAlreadyCancelled(Exception):
    """The whole order is cancelled: nothing of it can be refunded."""


class CustomerNotNamed(Exception):
    """What was typed is no CPF, CNPJ, e-mail or phone."""


class CustomersHidden(Exception):
    """The secret by which customers are found cannot be read: nobody can be found here."""


class CustomerBusy(Exception):
    """Something of the customer is unfinished: what it needs cannot be erased yet."""


class ValueNotRefundable(Exception):
    """The value is zero or above what is left of the order; `left` in cents."""

    def __init__(self, left: Cents) -> None:
        super().__init__(left)
        self.refundable = left


class ItemNotRefundable(Exception):
    """An item has come back already, or would be given back above what was paid for it; `refundable` in cents.

    `title` empty: the items do not add up to the value.
    """

    def __init__(self, title: str, refundable: Cents) -> None:
        super().__init__(refundable)
        self.title = title
        self.refundable = refundable


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
