"""Random operations of a till at random times, for the tests of reports; and the same reports by reading through."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bonifiq_desktop.domain.operations import Kind, Operation, Resolution, State
from bonifiq_desktop.domain.orders import Order, OrderState
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import Bonus, Done
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ANA, CONFIRMED, TIMED_OUT, UNKNOWN, start_attempt
from tests.support.return_actions import money_intent, points_intent, serializer

REASONS = ("Troca", "Defeito", "")
PEOPLE = ("Ana", "Bia", "")


class SetClock:
    """A clock that a test sets, and that moves on by a millisecond at every look."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    """Let this PC be in a time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


class RandomDays:
    """Registers and settles random operations; `operations` gives them as the ledger shows them."""

    def __init__(self, ledger: Ledger, clock: SetClock, seed: int) -> None:
        self._ledger = ledger
        self._clock = clock
        self._random = random.Random(seed)
        self._number = 0
        self.sold: list[str] = []

    def live(self, moments: list[datetime]) -> None:
        """Register one operation at each moment."""
        for at in moments:
            self._clock.now = at.astimezone(UTC)
            self._number += 1
            kind = self._random.choice(["sale", "sale", "refund", "cancel", "return"])
            getattr(self, f"_{kind}")()

    @property
    def operations(self) -> list[Operation]:
        return self._ledger.queries.operations_where("ORDER BY o.id", ())

    def _settle(self, operation: Operation, bonus: Bonus | None = None) -> None:
        match self._random.choice(["confirmed", "confirmed", "confirmed", "queued", "refused", "unknown"]):
            case "confirmed":
                self._ledger.finish_attempt(start_attempt(self._ledger, operation), Done(bonus), CONFIRMED)
            case "refused":
                self._ledger.finish_attempt(start_attempt(self._ledger, operation), Done(), Resolution(State.REFUSED))
            case "unknown":
                self._ledger.finish_attempt(start_attempt(self._ledger, operation), TIMED_OUT, UNKNOWN)

    def _sale(self) -> None:
        order_id, value = f"N-{self._number}", self._random.randrange(1, 50_000)
        state = self._random.choice([OrderState.COMPLETED, OrderState.COMPLETED, OrderState.PENDING, None])
        order = Order(
            order_id,
            value,
            state=state or OrderState.CANCELLED,
            status_text='"cancelled": true',
            cancelled=state is None,
            completed=state is OrderState.COMPLETED,
            customer=ANA,
        )
        bonus = Bonus(self._random.randrange(90), self._random.randrange(900)) if self._random.random() < 0.8 else None
        operation = self._enqueue(Kind.SALE, order_id, value, order)
        self._settle(operation, bonus)
        if self._ledger.queries.operation(operation.operation_id).state is State.CONFIRMED:
            self.sold.append(order_id)

    def _refund(self) -> None:
        self._settle(self._enqueue(Kind.REFUND, self._order_id(), self._random.randrange(1, 9_000)))

    def _cancel(self) -> None:
        self._settle(self._enqueue(Kind.CANCEL, self._order_id(), self._random.randrange(1, 9_000)))

    def _return(self) -> None:
        """A return of one or two money legs, with or without the points in BonifiQ."""
        number = f"DV-{self._number}"
        currency = self._random.choice(["BRL", "USD"])
        intents = [replace(self._money(line, number, currency)) for line in range(1, self._random.choice([2, 3]))]
        if self._random.random() < 0.5:
            intents.append(replace(points_intent(number, after_money=False), order_id=f"P-{self._number}"))
        for leg in self._ledger.enqueue_return([(each, serializer(each)) for each in intents]):
            self._settle(leg)

    def _money(self, line: int, number: str, currency: str) -> Intent:
        intent = money_intent(line, number, order_id=f"M-{self._number}")
        assert intent.leg is not None
        return replace(intent, leg=replace(intent.leg, currency=currency), reason=self._random.choice(REASONS))

    def _order_id(self) -> str:
        """An order that was sold here, or one of another till; never the same one twice."""
        if self.sold and self._random.random() < 0.7:
            return self.sold.pop(self._random.randrange(len(self.sold)))
        return f"X-{self._number}"

    def _enqueue(self, kind: Kind, order_id: str, value: int, order: Order | None = None) -> Operation:
        reason = "" if kind is Kind.SALE else self._random.choice(REASONS)
        person = self._random.choice(PEOPLE)
        intent = Intent(kind, order_id, value, reason, order=order, registered_by=person)
        key = f"BQ-{self._number}" if kind is Kind.REFUND else None
        return self._ledger.enqueue(intent, lambda _index: SerializedRequest("/p", b"{}", key))
