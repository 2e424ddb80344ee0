"""Asks each connection what it would be asked for, while the cashier chooses what goes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import Leg, ReturnChoice
from bonifiq_desktop.services.return_requests import RemoteRequest
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, PlanReturn

_LEFT_OUT = {
    Obstacle.NOT_ACCEPTED,
    Obstacle.NOT_SHOWN,
    Obstacle.FEATURE_OFF,
    Obstacle.REASON_NOT_MAPPED,
    Obstacle.TAXES_UNKNOWN,
}
"""Obstacles that leave one system out. Every other one stops the return: a person must look at both sides first."""


@dataclass(frozen=True)
class Plan:
    """What one connection would be asked for. Neither `legs` nor `error`: it is being planned."""

    connection: str
    choice: ReturnChoice
    legs: tuple[Leg, ...] = ()
    error: Exception | None = None

    @property
    def is_pending(self) -> bool:
        return not self.legs and self.error is None

    @property
    def stops(self) -> bool:
        """Whether nothing can be registered while this part is wanted."""
        left_out = isinstance(self.error, ReturnImpossible) and self.error.obstacle in _LEFT_OUT
        return self.error is not None and not left_out


@dataclass
class _State:
    generation: int = 0
    plans: dict[str, Plan] = field(default_factory=dict)


class LegPlanner(QObject):
    """`changed`: a plan came, or another choice is being planned."""

    changed = Signal()

    def __init__(self, client: WorkerClient, orders: Mapping[str, Order], parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._orders = orders
        self._state = _State()

    @property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(self._state.plans.values())

    @property
    def is_pending(self) -> bool:
        return any(plan.is_pending for plan in self.plans)

    @property
    def is_stopped(self) -> bool:
        return any(plan.stops for plan in self.plans)

    @property
    def ready(self) -> tuple[Plan, ...]:
        return tuple(plan for plan in self.plans if plan.legs)

    def plan(self, choices: Mapping[str, ReturnChoice]) -> None:
        """Plan these choices; a choice that is planned already is not asked for again."""
        if choices == {plan.connection: plan.choice for plan in self.plans}:
            return
        self._state = _State(self._state.generation + 1)
        for name, choice in choices.items():
            self._state.plans[name] = Plan(name, choice)
        for name, choice in choices.items():
            command = PlanReturn(name, self._orders[name], choice)
            self._client.submit(command, self._receiver(name, choice, self._state.generation))
        self.changed.emit()

    def requests(self) -> tuple[RemoteRequest, ...]:
        return tuple(RemoteRequest(plan.connection, self._orders[plan.connection], plan.choice) for plan in self.ready)

    def _receiver(self, name: str, choice: ReturnChoice, generation: int) -> Callable[[Outcome[tuple[Leg, ...]]], None]:
        def received(outcome: Outcome[tuple[Leg, ...]]) -> None:
            if generation != self._state.generation:
                return
            error = outcome.error
            if not outcome.value and error is None:
                error = ReturnImpossible(Obstacle.NOT_SHOWN)
            self._state.plans[name] = Plan(name, choice, outcome.value or (), error)
            self.changed.emit()

        return received
