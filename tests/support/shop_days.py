"""Random days of a shop: several till processes, the shop database behind a faulty network, deaths of every process.

A seed decides what happens; how the processes interleave is real, so that a seed repeats a day only roughly.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bonifiq_desktop.domain.operations import Decision, ReviewReason
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from tests.support import oracle
from tests.support.shop_of_tills import LINE_TROUBLES, Shop
from tests.support.shop_oracle import find_shared_keys
from tests.support.shop_tills import TillDied, TillFailed, TillProcess

ORDERS = ("1001", "1002", "1003", "1009", "1009", "1011", "1011")
"""The last two have room for many refunds, whose equal values make equal keys."""
CANCELLED = ("1002", "1004", "1008")
VALUES = (1000, 1000, 2590, 4990)
PAUSES = (0.0, 0.05, 0.3, 0.8)
REFUSALS = frozenset({
    "LookupFailed", "OrderBusy", "OrderAlreadyCancelled", "ValueNotRefundable", "TransitionRefused", "SaleNumberUsed",
})  # fmt: skip
"""Errors by which a till rightly refuses what a cashier asks on such a day."""

LINE_FAULTS: tuple[FaultName, ...] = (
    "lose_answer",
    "close",
    "error_500_after",
    "error_503",
    "late_copy",
    "twice",
    "html",
)
CLOCK_JUMP = timedelta(days=7)
"""Longer than a day here. Clocks jump by multiples, so that the true time can be computed."""
CLOCK_SETTINGS = (0.0, 1.0, -1.0, 20.0, -20.0)
"""In `CLOCK_JUMP`; less than the time after which a till deletes a customer, in its mirror, too."""
SETTLE_SECONDS = 90.0
_FINAL = {"confirmed", "refused", "withdrawn", "not_applied"}


@dataclass
class ShopDayResult:
    """The result of a day. `faults`: what happened to processes and lines, by name."""

    findings: list[oracle.Violation]
    operations: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)


class ShopDay:
    """One day of a shop. `with_partitions`: the network to the database fails and its server is killed, too."""

    def __init__(self, seed: int, shop: Shop, *, with_partitions: bool = True, actions: int = 40) -> None:
        self.rng = Random(seed)
        self.shop = shop
        self.with_partitions = with_partitions
        self.number = actions
        self.result = ShopDayResult([])
        self.sales = 0
        self._begin = datetime.now(UTC) - timedelta(days=1)

    def _true_time(self, on_the_wall: datetime) -> datetime:
        return self._begin + (on_the_wall - self._begin) % CLOCK_JUMP

    def run(self) -> ShopDayResult:
        """Run the actions, heal, and check the promises."""
        choices: list[Callable[[TillProcess], None]] = [
            *[self._refund] * 8,
            *[self._cancel] * 2,
            *[self._sell] * 2,
            *[self._pause] * 4,
            *[self._fault_on_the_line] * 4,
            *[self._kill] * 2,
            self._restart,
            self._set_clock,
            *[self._decide] * 2,
            *[self._take_over] * 2,
            self._sync,
        ]
        if self.with_partitions:  # without the database nothing keeps two tills from posting one typed number
            choices += [*[self._partition] * 4, self._reunite, self._kill_database]
        else:
            choices.append(self._sell_under_a_typed_number)
        for _ in range(self.number):
            till = self.rng.choice(self.shop.tills)
            if not till.is_running:
                till.start()
            action = self.rng.choice(choices)
            try:
                action(till)
            except TillDied:
                self.result.faults["died while asked"] += 1
            except TillFailed as failed:
                self.result.refusals[failed.name] += 1
                if failed.name not in REFUSALS | {"DecisionTooEarly", "ShopDatabaseError", "ShopDatabaseUnreachable"}:
                    raise
        self._heal()
        self._check()
        return self.result

    # --- what people do

    def _refund(self, till: TillProcess) -> None:
        till.register("refund", order=self.rng.choice(ORDERS), value=self.rng.choice(VALUES))

    def _cancel(self, till: TillProcess) -> None:
        till.register("cancel", order=self.rng.choice(CANCELLED))

    def _sell(self, till: TillProcess) -> None:
        self.sales += 1
        till.register("sell", value=9000 + self.sales)

    def _sell_under_a_typed_number(self, till: TillProcess) -> None:
        till.register("sell", order=f"PEDIDO-{self.rng.randint(1, 2)}", value=7000)

    def _pause(self, _till: TillProcess) -> None:
        time.sleep(self.rng.choice(PAUSES))

    def _decide(self, till: TillProcess) -> None:
        self._decide_reviews(till)

    def _take_over(self, till: TillProcess) -> None:
        found = till.ask("look_up", order=self.rng.choice(ORDERS))
        busy = found["unfinished"]
        if busy and busy["till"]:
            till.ask("take_over", operation=busy["id"])
            self.result.faults["taken over"] += 1

    def _sync(self, till: TillProcess) -> None:
        till.ask("sync")

    # --- what happens to the machines

    def _fault_on_the_line(self, till: TillProcess) -> None:
        name = self.rng.choice(LINE_FAULTS)
        till.server.faults.add(name, seconds=0.1)
        self.result.faults[name] += 1

    def _kill(self, till: TillProcess) -> None:
        till.send("refund", order=self.rng.choice(ORDERS), value=self.rng.choice(VALUES))
        time.sleep(self.rng.uniform(0, 0.12))
        till.kill()
        self.result.faults["till killed"] += 1

    def _restart(self, till: TillProcess) -> None:
        till.close()

    def _set_clock(self, till: TillProcess) -> None:
        till.ask("set_clock", seconds=self.rng.choice(CLOCK_SETTINGS) * CLOCK_JUMP.total_seconds())
        self.result.faults["clock set"] += 1

    def _partition(self, till: TillProcess) -> None:
        kind = self.rng.choice(LINE_TROUBLES)
        self.shop.trouble_line_of(till, kind)
        self.result.faults[f"database {kind}"] += 1

    def _reunite(self, till: TillProcess) -> None:
        self.shop.heal_line_of(till)

    def _kill_database(self, _till: TillProcess) -> None:
        self.shop.kill_database()
        time.sleep(self.rng.choice(PAUSES))
        self.shop.start_database()
        self.result.faults["database killed"] += 1

    # --- recovery

    def _heal(self) -> None:
        """Let everything settle: no faults, every process up, all the time that is needed."""
        for till in self.shop.tills:
            self.shop.heal_line_of(till)
            till.server.faults.clear()
            if not till.is_running:
                till.start()
            till.ask("set_clock", seconds=0.0)
        for till in self.shop.tills:
            till.ask("expire_copies")
        self.shop.settle(self._is_settled, SETTLE_SECONDS)

    def _is_settled(self) -> bool:
        """Whether nothing is left to do at any till. Decides what is in review, by what really happened."""
        settled = True
        for till in self.shop.tills:
            self._decide_reviews(till)
            operations = till.ask("operations")
            if any(each["state"] not in _FINAL for each in operations):
                till.ask("retry")
                settled = False
        return settled

    def _decide_reviews(self, till: TillProcess) -> None:
        for operation in till.ask("operations"):
            if operation["state"] == "review":
                self.result.reviews[operation["review"]] += 1
                with suppress(TillFailed):  # too early, or settled meanwhile: tried again
                    till.ask("decide", operation=operation["id"], decision=self._true_decision(till, operation).value)

    def _true_decision(self, till: TillProcess, operation: dict[str, Any]) -> Decision:
        """A decision that what really happened at BonifiQ allows."""
        service = self.shop.service
        with service.lock:
            places = [
                place
                for place, entry in enumerate(service.applied)
                if (entry.kind, entry.order_id) == (operation["kind"], operation["order"])
                and (operation["kind"] != "refund" or entry.key == operation["key"])
            ]
            own = any(service.applied_by[place] == till.name for place in places)
        if own or (places and operation["kind"] == "cancel"):
            return Decision.WAS_DONE
        if places and operation["review"] == ReviewReason.KEY_USED_BEFORE.value and self.rng.random() < 0.5:
            return Decision.ANOTHER_RETURN
        return Decision.NOT_DONE

    # --- the check

    def _check(self) -> None:
        ledgers = {till.name: till.ledger for till in self.shop.tills}
        evidence = oracle.Observation(
            self.shop.service,
            ledgers,
            applied_by=self.shop.service.applied_by,
            promised=[(till.name, number) for till in self.shop.tills for number in till.promised],
            true_time=self._true_time,
        )
        found = [*oracle.find_violations(evidence), *self.shop.find_violations()]
        if not self.with_partitions:
            found += find_shared_keys(ledgers.values())
        self.result.findings = found
        for till in self.shop.tills:
            for operation in till.ask("operations"):
                self.result.operations += 1
                self.result.states[operation["state"]] += 1
