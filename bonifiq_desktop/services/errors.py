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
    """What was typed is no CPF, CNPJ or e-mail."""


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
