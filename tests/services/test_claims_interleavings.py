"""Random interleavings of three tills on one order, with lost answers, late knowledge and orders taken over.

The tills reach the shop database whenever they send. What the order was worth is then never exceeded, no till takes
another's refund for its own, and nothing is lost.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, FINAL, Decision, Operation, State
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, ValueNotRefundable
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import OpenShopTill
from tests.support.headless_till import SALE
from tests.support.shop_till import ShopTill

TOTAL = 10_000
VALUES = (3000, 3000, 5000, 7000, TOTAL)
FAULTS: tuple[FaultName, ...] = ("lose_answer", "close", "error_500_after", "error_500")
STEPS = 12
ORDERS = 8
REGISTER, WORK, SYNC, FAULT, TAKE_OVER, CANCEL = "register", "work", "sync", "fault", "take over", "cancel"
ACTIONS = (REGISTER, REGISTER, REGISTER, WORK, WORK, WORK, SYNC, SYNC, FAULT, TAKE_OVER, CANCEL)
REFUSED = (OrderBusy, ValueNotRefundable, OrderAlreadyCancelled)


class Interleaving:
    """One order at all tills, and what happens to it in a random order."""

    def __init__(self, seed: int, order_id: str, tills: list[ShopTill], server: TrainingServer) -> None:
        self.chance = random.Random(f"{seed} {order_id}")
        self.order_id = order_id
        self.tills = tills
        self.server = server

    def run(self) -> None:
        seller = self.chance.choice(self.tills)
        sale = seller.sell(replace(SALE, order_id=self.order_id, total=TOTAL))
        assert seller.wait_until_settled(sale).state is State.CONFIRMED
        for _ in range(STEPS):
            self._step(self.chance.choice(self.tills), self.chance.choice(ACTIONS))
        self.server.faults.clear()
        self._settle()

    def _step(self, till: ShopTill, action: str) -> None:
        match action:
            case "register":
                with suppress(*REFUSED):
                    till.refund(self.chance.choice(VALUES), self.order_id)
            case "cancel":
                with suppress(*REFUSED):
                    till.cancel(self.order_id)
            case "work":
                till.run_for(self.chance.choice((0.0, 0.01, 0.05)))
            case "sync":
                till.sync()
            case "fault":
                self.server.faults.add(self.chance.choice(FAULTS), only=self.chance.choice(("refund", "cancel")))
            case "take over":
                busy = till.ledger.queries.others.unfinished_of(self.order_id, BONIFIQ_SCOPE)
                if busy is not None:
                    till.ledger.shop.take_over(busy.uid, "Ana")

    def _settle(self) -> None:
        for _ in range(40):
            for till in self.tills:
                till.outbox.resume_after_suspend()
                till.run_for(0.03)
                self._decide(till)
                till.sync()
            if all(each.state in FINAL for each in self.operations()):
                return
        raise AssertionError(f"not settled: {[(o.state, o.failure_reason) for o in self.operations()]}")

    def _decide(self, till: ShopTill) -> None:
        """A person, who knows what BonifiQ applied, decides what is in review at a till."""
        till.expire_copies()
        for operation in till.ledger.queries.history_of(self.order_id).operations:
            if operation.till or operation.state is not State.REVIEW:
                continue
            was_done = self._was_applied(operation) and not self._is_confirmed(operation)
            decision = Decision.WAS_DONE if was_done else Decision.NOT_DONE
            till.review.decide(operation.operation_id, decision, "Ana", "conferido")

    def _was_applied(self, operation: Operation) -> bool:
        return (operation.kind, operation.cancel_key) in {(kind, key or None) for kind, _cents, key in self.applied()}

    def _is_confirmed(self, operation: Operation) -> bool:
        same = [o for o in self.operations() if (o.kind, o.cancel_key) == (operation.kind, operation.cancel_key)]
        return any(o.state is State.CONFIRMED for o in same)

    def operations(self) -> list[Operation]:
        """What all tills registered for the order, without its sale."""
        found = [each for till in self.tills for each in till.ledger.queries.history_of(self.order_id).operations]
        return [each for each in found if not each.till and each.kind != "sale"]

    def applied(self) -> list[tuple[str, int, str | None]]:
        return [
            (entry.kind, entry.cents, entry.key)
            for entry in self.server.service.applied
            if entry.order_id == self.order_id and entry.kind in {"refund", "cancel"}
        ]


def _check(one: Interleaving) -> None:
    applied, operations = one.applied(), one.operations()
    told = [(o.kind, o.value, o.state, o.review_reason, o.evidence, o.failure_reason) for o in operations]
    refunded = sum(cents for kind, cents, _key in applied if kind == "refund")
    assert refunded <= TOTAL, (applied, told)
    by_key = Counter(key for _kind, _cents, key in applied if key)
    assert set(by_key.values()) <= {1}, (applied, told)
    proven = Counter(o.cancel_key for o in operations if o.cancel_key and o.state is State.CONFIRMED)
    assert set(proven.values()) <= {1}, ("another till's refund taken for its own", applied, told)
    assert set(proven) <= set(by_key), ("false done", applied, told)
    assert set(by_key) <= set(proven), ("applied and lost", applied, told)
    cancels = [kind for kind, _cents, _key in applied if kind == "cancel"]
    confirmed = [o for o in operations if o.kind == "cancel" and o.state is State.CONFIRMED]
    assert len(confirmed) == len(cancels), ("whole cancel", applied, told)


@pytest.mark.parametrize("seed", range(3))
def test_random_interleaving_at_three_tills_refunds_no_more_than_was_paid(
    open_shop_till: OpenShopTill, server: TrainingServer, seed: int
) -> None:
    tills = [open_shop_till(f"CAIXA{number}") for number in (1, 2, 3)]
    for number in range(ORDERS):
        one = Interleaving(seed, f"7{seed}{number:02}", tills, server)
        one.run()
        _check(one)
