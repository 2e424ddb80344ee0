"""Why something was not registered. Nothing was sent in any of these cases."""

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.people import Task


class NotSetUp(Exception):
    """There are no credentials yet."""


class DecisionIncomplete(Exception):
    """A decision needs the name of who takes it, and a reason."""


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
        self.left = left


class ManagerNeeded(Exception):
    """Only a manager may do or allow this; `managers` names those who can."""

    def __init__(self, task: Task, managers: tuple[str, ...] = ()) -> None:
        super().__init__(task.value)
        self.task = task
        self.managers = managers


class SignInNeeded(Exception):
    """This till asks who is at the counter, and nobody has said so."""


class PinWrong(Exception):
    """Not this person's PIN; `left`: how many tries are left before a wait, None for a name that is not on the list."""

    def __init__(self, left: int | None) -> None:
        super().__init__(left)
        self.left = left


class PinLocked(Exception):
    """Too many wrong PINs in a row: not looked at before `wait` seconds have passed with the program open."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class LastManager(Exception):
    """Others are left: the last manager can neither go nor become a cashier."""


class ProofWrong(Exception):
    """Not the token and key of this till: no proof of being its owner."""
