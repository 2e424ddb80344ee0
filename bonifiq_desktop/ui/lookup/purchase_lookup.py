"""Look-up of one purchase in BonifiQ and in every connection at once; each answer arrives by itself."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from bonifiq_desktop.domain.orders import same_order
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.services.return_requests import RemoteLookup
from bonifiq_desktop.ui.lookup.purchase import Elsewhere, Purchase
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, LookUpElsewhere, Outcome, RemoteStatus, Status

_MOST_NUMBERS = 5  # other numbers of one purchase that BonifiQ is asked for


class PurchaseLookup(QObject):
    """`on_bonifiq` gets the outcome of BonifiQ's look-up; `on_elsewhere` is called after each other answer.

    A second round asks with the other numbers that an order names: BonifiQ and the connections that did not find it.
    """

    def __init__(
        self,
        client: WorkerClient,
        on_bonifiq: Callable[[Outcome[LookupResult]], None],
        on_elsewhere: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._on_bonifiq = on_bonifiq
        self._on_elsewhere = on_elsewhere
        self._waiting_for: set[str] = set()  # connections, and "" for BonifiQ
        self._connections: tuple[RemoteStatus, ...] = ()
        self._generation = 0
        self._is_sure = False
        self._numbers: list[str] = []  # of other systems, in the order in which they were shown
        self._asked: set[str] = set()  # numbers that BonifiQ was asked for
        self._request_id = 0
        self.purchase = Purchase("")
        client.statusChanged.connect(self._status_changed)

    @property
    def is_waiting(self) -> bool:
        """Whether a system that was asked has not answered yet."""
        return bool(self._waiting_for)

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        self._connections = status.elsewhere

    def clear(self) -> None:
        """Forget the purchase, and ignore every answer that is still to come."""
        self.ignore_answers()
        self._numbers, self._asked = [], set()
        self.purchase = Purchase("")

    def ignore_answers(self) -> None:
        self._generation += 1
        self._request_id = 0
        self._waiting_for = set()

    def ask(self, typed: str, *, is_sure: bool) -> None:
        """Ask every system for a typed number."""
        self.clear()
        self._is_sure = is_sure
        waiting = tuple(Elsewhere(each.name, each.system) for each in self._connections)
        self.purchase = Purchase(typed.strip(), elsewhere=waiting)
        self._ask_bonifiq(typed, is_sure=is_sure)
        for each in waiting:
            self._ask_elsewhere(each.name)

    def refresh(self) -> None:
        """Ask every system again; what it showed stays until it answers."""
        self.ignore_answers()
        found = self.purchase.found
        known = {each.name: each for each in self.purchase.elsewhere}
        rows = tuple(known.get(each.name, Elsewhere(each.name, each.system)) for each in self._connections)
        self.purchase = replace(self.purchase, elsewhere=rows)
        self._asked = set()
        if found is not None:
            self._ask_bonifiq(found.order.order_id, is_sure=True)
        else:
            self._ask_bonifiq(self.purchase.requested_id, is_sure=self._is_sure)
        for each in rows:
            self._ask_elsewhere(each.name)

    # --- BonifiQ

    def _ask_bonifiq(self, number: str, *, is_sure: bool) -> None:
        self._asked.add(number.strip().casefold())
        self._waiting_for.add("")
        self._request_id = self._client.submit(LookUp(number, is_order_number=is_sure), self._bonifiq_answered)

    def _bonifiq_answered(self, outcome: Outcome[LookupResult]) -> None:
        if outcome.request_id != self._request_id:
            return  # the answer to an earlier look-up
        self._waiting_for.discard("")
        if outcome.value is not None:
            self._learn((outcome.value.order.order_id,))
            self.purchase = replace(self.purchase, found=outcome.value, error=None)
        elif self.purchase.found is None:
            self.purchase = replace(self.purchase, error=outcome.error)
            if self._ask_next_number():
                return
        self._on_bonifiq(outcome)

    def _ask_next_number(self) -> bool:
        """Ask BonifiQ for the next number of the purchase that another system named; False when there is none."""
        if "" in self._waiting_for or not isinstance(self.purchase.error, OrderNotFound):
            return False
        number = next((each for each in self._numbers if each.strip().casefold() not in self._asked), None)
        if number is None or len(self._asked) > _MOST_NUMBERS:
            return False
        self._ask_bonifiq(number, is_sure=True)
        return True

    # --- the connections

    def _ask_elsewhere(self, name: str) -> None:
        generation, also = self._generation, tuple(self._numbers)
        self._waiting_for.add(name)
        command = LookUpElsewhere(name, self.purchase.requested_id, also, is_order_number=self._is_sure)
        self._client.submit(command, self._answer_of(name, generation, also))

    def _answer_of(self, name: str, generation: int, also: tuple[str, ...]) -> Callable[[Outcome[RemoteLookup]], None]:
        def answered(outcome: Outcome[RemoteLookup]) -> None:
            if generation == self._generation:
                self._elsewhere_answered(name, also, outcome)

        return answered

    def _elsewhere_answered(self, name: str, also: tuple[str, ...], outcome: Outcome[RemoteLookup]) -> None:
        self._waiting_for.discard(name)
        lookup = outcome.value
        rows = tuple(
            replace(each, lookup=lookup, error=outcome.error) if each.name == name else each
            for each in self.purchase.elsewhere
        )
        self.purchase = replace(self.purchase, elsewhere=rows)
        if lookup is not None and lookup.order is not None:
            references = lookup.order.remote.references if lookup.order.remote else ()
            self._learn((lookup.order.order_id, *references))
        elif lookup is not None and set(self._numbers) - set(also):
            self._ask_elsewhere(name)  # another system named the purchase meanwhile
        self._ask_next_number()
        self._on_elsewhere()

    def _learn(self, numbers: tuple[str, ...]) -> None:
        """Keep other numbers of the purchase, and ask the connections that did not find it by the known ones."""
        known = [self.purchase.requested_id, *self._numbers]
        new = [each for each in dict.fromkeys(numbers) if each and not any(same_order(each, old) for old in known)]
        if not new:
            return
        self._numbers += new
        for each in self.purchase.elsewhere:
            if each.lookup is not None and each.lookup.order is None:
                self._ask_elsewhere(each.name)
