"""Register a return in every system that must know of it: one intent, one leg for each request."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Kind, Operation, State
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible, to_minor_units
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import Leg, ReturnChoice
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.ledger.errors import OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connections import RemoteConnection, RemoteConnections
from bonifiq_desktop.services.registration import RegistrationService
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.storage.settings import Settings

LIMIT_CURRENCY = "BRL"
"""Currency of the shop's limit for refunds."""
_Planned = tuple[Intent, Callable[[int], SerializedRequest]]


class NothingToReturn(Exception):
    """The request names nothing that goes back."""


@dataclass(eq=False, repr=False)
class ReturnService:
    """Registers returns. Where a method raises, nothing was registered and nothing is sent.

    `points`: registers what BonifiQ takes back.
    """

    ledger: Ledger
    points: RegistrationService
    connections: RemoteConnections
    settings: Callable[[], Settings]
    access: AccessControl

    def plan(self, name: str, order: Order, choice: ReturnChoice) -> tuple[Leg, ...]:
        """The requests that a choice would make of a connection.

        Raises ReturnImpossible, ConnectionUnknown, NotSetUp.
        """
        remote = self.connections.get(name)
        if order.remote is None:
            raise ReturnImpossible(Obstacle.NOT_SHOWN)
        return remote.connection.plan(order, choice)

    def register(self, request: ReturnRequest, grant: ApprovalGrant = NO_APPROVAL) -> tuple[Operation, ...]:
        """Register all legs of a return in one transaction: those of money first, then the points.

        The points wait for the money legs; without one, they are a refund as every other. Raises what `plan` and
        `RegistrationService.refund` raise, ShopUncertain, NothingToReturn, AlreadyRegistered.
        """
        points = replace(request.points, intent_id=request.intent_id) if request.points else None
        if not request.money:
            if points is None:
                raise NothingToReturn
            return (self.points.refund(points, grant),)
        planned_points = self.points.plan_refund(points) if points else None
        return_id = self._return_id(request.money)
        intents = [
            (remote, intent)
            for part in request.money
            for remote, intent in self._money_intents(part, return_id, request.intent_id, grant)
        ]
        if not intents:
            raise NothingToReturn
        self._require_within_limit(intents, planned_points, grant)
        legs: list[_Planned] = [(intent, partial(remote.connection.serialize, intent)) for remote, intent in intents]
        if planned_points is not None:
            after = replace(planned_points[0], return_id=return_id, after_money=True)
            completed = self.points.completed(after, grant)
            legs.append((completed, partial(self.points.connection.serialize, completed)))
        return self.ledger.enqueue_return(legs)

    def _return_id(self, money: tuple[RemoteRequest, ...]) -> str:
        """The id that every till makes for these goods, whatever the order of its connections."""
        places = [(*self._place(part), part) for part in money]
        if len({place[:2] for place in places}) < len(places):
            raise ValueError("one order twice in a return")
        shop, _order_key, first = min(places, key=lambda place: place[:2])
        lines = [(line.line_id, line.units) for line in first.choice.lines]
        return self.ledger.queries.next_return_id(shop, first.order.order_id, lines)

    def _place(self, part: RemoteRequest) -> tuple[str, str]:
        connection = self.connections.get(part.connection).connection
        shop = f"{connection.system}:{connection.require_account()}"
        return shop, normalized_order_id(part.order.order_id)

    def _money_intents(
        self, part: RemoteRequest, return_id: str, intent_id: str | None, grant: ApprovalGrant
    ) -> Iterator[tuple[RemoteConnection, Intent]]:
        """The intents of one system. Raises OrderBusy while another operation of the order is unfinished there."""
        remote = self.connections.get(part.connection)
        busy = self.ledger.queries.unfinished_of(part.order.order_id, remote.connection.scope)
        if busy is not None:
            raise OrderBusy(busy)
        choice = replace(part.choice, return_id=return_id)
        for leg in self.plan(part.connection, part.order, choice):
            intent = Intent(
                Kind.RETURN,
                part.order.order_id,
                to_minor_units(leg.total, leg.currency),
                choice.reason.value,
                order=part.order,
                intent_id=intent_id,
                return_id=return_id,
                leg=leg,
            )
            yield remote, remote.services.registration.completed(intent, grant)

    def _require_within_limit(
        self,
        money: list[tuple[RemoteConnection, Intent]],
        points: tuple[Intent, Cents] | None,
        grant: ApprovalGrant,
    ) -> None:
        """Beyond the shop's limit for refunds a manager approves, as for a refund of the same goods.

        The largest sum of one order in one system counts, with what went back before: the same goods are in each. The
        limit is in reais, so that a manager approves every return in another currency. Raises ApprovalNeeded.
        """
        limit = self.settings().refund_limit
        if not limit:
            return
        for _remote, intent in money:
            if intent.leg is not None and intent.leg.currency != LIMIT_CURRENCY:
                self.access.require(Task.OTHER_CURRENCY, grant, order=intent.order_id, value=intent.value)
                return
        sums: dict[tuple[str, str], Cents] = {}
        for remote, intent in money:
            place = (remote.settings.name, intent.order_id)
            before = sums.get(place, self._returned_before(remote, intent.order_id))
            sums[place] = before + intent.value
        largest = max([*sums.values(), points[1] if points else 0])
        if limit < largest:
            self.access.require(Task.OVER_LIMIT, grant, order=money[0][1].order_id, value=largest)

    def _returned_before(self, remote: RemoteConnection, order_id: str) -> Cents:
        history = self.ledger.queries.history_of(order_id, remote.connection.scope)
        return sum(o.value for o in history.operations if o.state not in CLOSED_NEGATIVELY)

    def withdraw(self, return_id: str) -> tuple[Operation, ...]:
        """Withdraw every leg of a return. Raises TransitionRefused when any of them was perhaps sent.

        Legs that were refused or withdrawn already stay so.
        """
        queries = self.ledger.queries
        open_legs = [leg for leg in queries.legs(return_id) if leg.state not in CLOSED_NEGATIVELY]
        if not open_legs or any(
            leg.state is not State.QUEUED or queries.attempts.is_possibly_applied(leg.operation_id) for leg in open_legs
        ):
            raise TransitionRefused(f"return {return_id} was possibly sent")
        # The money first: should the program die here, the points that wait for it go to a person.
        for leg in open_legs:
            self.ledger.withdraw(leg.operation_id, by=self.access.current_user_name)
        return queries.legs(return_id)
