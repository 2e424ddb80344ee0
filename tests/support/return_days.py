"""Random days of returns over three systems, at one or two tills, with a hub that works behind their back.

A seed decides the actions, the faults and the deaths of processes, so that a violation can be reproduced.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from bonifiq_desktop.connectors.akinon import session
from bonifiq_desktop.connectors.bonifiq import connector as bonifiq
from bonifiq_desktop.connectors.mirakl import connector as mirakl
from bonifiq_desktop.domain.decisions import DecisionTooEarly
from bonifiq_desktop.domain.operations import Decision, Operation, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import ReturnImpossible
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.history import iterate_operations
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, RefundRequest, ValueNotRefundable
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.training_server.remote.system import CallRefused
from bonifiq_desktop.worker.practice import MARKETPLACE, WEB_SHOP
from tests.support import oracle, return_oracle
from tests.support.return_simulation import ReturnSimulation, return_client
from tests.support.return_till import UNMAPPED, ReturnTill
from tests.support.simulation import Killed, VirtualLoop, true_time

T = TypeVar("T")

PURCHASES = (
    (MARKETPLACE, "1001-A", "1001"),
    (MARKETPLACE, "2001-A", ""),
    (MARKETPLACE, "2001-A", "1003"),
    (MARKETPLACE, "2002-A", ""),
    *(((MARKETPLACE, "2005-A", ""),) * 3),  # three units on a line: a request for one of them does not limit itself
    (MARKETPLACE, "2007-A", "1006/B"),
    (WEB_SHOP, "1002", "1002"),
    (WEB_SHOP, "1006/B", "1006/B"),
    (WEB_SHOP, "3001", ""),
)
"""Connection, order number there, and in the loyalty service ("" for a purchase that it does not know)."""

REASONS = (CounterReason.REGRET, CounterReason.DEFECT, CounterReason.OTHER)
PAUSES = (0.0, 0.3, 2.0, 40.0, 150.0, 900.0)
EXPECTED = (
    LookupFailed,
    OrderBusy,
    OrderAlreadyCancelled,
    ValueNotRefundable,
    TransitionRefused,
    AlreadyRegistered,
    ReturnImpossible,
)
RECOVERY_ROUNDS = 20
HUB_REASONS = {"cancelation": "16", "refund": "37"}


@dataclass
class ReturnDayResult:
    """The result of a day. `indistinguishable`: legs that were proven by an equal entry of another till."""

    findings: list[oracle.Violation]
    operations: int = 0
    requests: int = 0
    kills: int = 0
    effects: int = 0
    indistinguishable: int = 0
    states: dict[str, int] = field(default_factory=dict)


class ReturnDay:
    """One day, from the first action to the oracle."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = Random(seed)
        random.seed(seed)  # jitter of the outboxes
        self.simulation = ReturnSimulation(self.rng, fault_rate=self.rng.choice((0.1, 0.3, 0.6)))
        market = self.simulation.market.service.switches
        market.deducts = self.rng.random() < 0.5
        market.return_refunds = self.rng.random() < 0.5
        market.cancels_lines = self.rng.random() < 0.9
        market.refused_with = self.rng.choice((400, 403))
        web = self.simulation.web.service.switches
        web.bare_lists, web.names, web.short_answers, web.settles_at_once = (self.rng.random() < 0.5 for _ in range(4))
        by_return_flow = self.rng.random() < 0.5
        self.tills = [
            ReturnTill(self.simulation, number + 1, folder, by_return_flow=by_return_flow)
            for number in range(self.rng.choice((1, 1, 2)))
        ]

    async def run(self) -> ReturnDayResult:
        """Run the actions, recover, and check the promises."""
        actions = (
            *((self._return,) * 8),
            *((self._pause,) * 4),
            *((self._hub,) * 3),
            *((self._schedule_kill,) * 3),
            *((self._return_in_an_outage,) * 2),
            self._withdraw,
            self._credentials,
            self._restart,
            self._decide,
            self._expire_token,
        )
        for _ in range(self.rng.randint(8, 30)):
            till = self.rng.choice(self.tills)
            await self._ensure_running(till)
            with suppress(Killed, *EXPECTED):
                await self.rng.choice(actions)(till)
        await self._recover()
        result = self._check()
        for till in self.tills:
            await till.close()
        return result

    async def _ensure_running(self, till: ReturnTill) -> None:
        """Start the till, again if it dies during the start."""
        while not till.is_running:
            with suppress(Killed):
                await till.open()

    # --- what people and other programs do

    async def _return(self, till: ReturnTill) -> None:
        name, number, points_number = self.rng.choice(PURCHASES)
        assert till.remotes is not None
        remote = till.remotes.get(name)
        found = await _patiently(lambda: remote.services.lookup.look_up(number))
        assert found.order.remote is not None
        open_lines = [line for line in found.order.remote.lines if line.units_left and line.obstacle is None]
        if not open_lines:
            return
        lines = self.rng.sample(open_lines, self.rng.randint(1, len(open_lines)))
        chosen = tuple(ChosenLine(line.line_id, self.rng.randint(1, line.units_left)) for line in lines)
        reason = UNMAPPED if self.rng.random() < 0.1 else self.rng.choice(REASONS)
        choice = ReturnChoice(chosen, reason, shipping=self.rng.random() < 0.5)
        points = None
        if points_number and self.rng.random() < 0.8:
            known = await _patiently(lambda: till.lookup.look_up(points_number))
            value = self.rng.choice((1000, 2590, 4990))
            points = RefundRequest(known.order, value, reason.value, cached_at=known.cached_at)
        till.register_return(ReturnRequest(points, (RemoteRequest(name, found.order, choice),)))

    async def _return_in_an_outage(self, till: ReturnTill) -> None:
        """The network goes down right after the return is registered."""
        await self._return(till)
        line = self.simulation.connections[till.number]
        line.down_until = asyncio.get_running_loop().time() + self.rng.choice(PAUSES)

    async def _hub(self, till: ReturnTill) -> None:
        """The shop's hub takes something back, never with a reason of the counter."""
        if self.rng.random() < 0.3:
            order = self.rng.choice(self.simulation.web.service.orders)
            self.simulation.web.service.cancel_by_hub(order.number, self.rng.choice(order.units).pk)
            return
        market = self.simulation.market.service
        lines = {line.line_id: line for order in market.orders.values() for line in order.lines}
        busy = [lines[key] for each in self._unfinished(till) for key in each.remote_line.split(",") if key in lines]
        line = self.rng.choice(busy if busy and self.rng.random() < 0.8 else list(lines.values()))
        share = self.rng.choice((Decimal(1), Decimal("0.5"), Decimal("0.1")))
        amount = (line.left * share).quantize(Decimal(1))
        if amount > 0:
            kind = "refund" if line.debited else "cancelation"
            with suppress(CallRefused):
                market.cancel_by_hub(line.line_id, amount, HUB_REASONS[kind])

    async def _withdraw(self, till: ReturnTill) -> None:
        for operation in self._operations(till):
            if operation.state in {State.QUEUED, State.UNKNOWN} and operation.return_id:
                till.returns.withdraw(operation.return_id)
                return

    async def _pause(self, _till: ReturnTill) -> None:
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _schedule_kill(self, till: ReturnTill) -> None:
        till.kill_in = self.rng.randint(0, 10)
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _credentials(self, till: ReturnTill) -> None:
        till.credentials_changed()

    async def _expire_token(self, _till: ReturnTill) -> None:
        self.simulation.web.expire_token()

    async def _restart(self, till: ReturnTill) -> None:
        await till.close()

    async def _decide(self, till: ReturnTill) -> None:
        if not self.simulation.copies:
            self._decide_reviews(till)

    def _decide_reviews(self, till: ReturnTill) -> bool:
        """Decide each operation in review by the systems' data. Return whether there was one."""
        review = [operation for operation in self._operations(till) if operation.state is State.REVIEW]
        for operation in review:
            decision = self._true_decision(till, operation)
            if decision is Decision.TRY_AGAIN and operation.review_reason is ReviewReason.MONEY_REFUSED:
                self.simulation.released.add((till.name, operation.operation_id))
            with suppress(DecisionTooEarly):  # tried again later
                till.review.decide(operation.operation_id, decision, "Ana", "conferido no portal")
        till.outbox.wake()
        for remote in till.running_remotes:
            remote.services.outbox.wake()
        return bool(review)

    def _true_decision(self, till: ReturnTill, operation: Operation) -> Decision:
        offered = spec_of(operation.kind).decisions_for(operation.review_reason)
        if self._was_applied(till, operation):
            return Decision.WAS_DONE if Decision.WAS_DONE in offered else offered[-1]
        if Decision.TRY_AGAIN in offered and self.rng.random() < 0.3:
            return Decision.TRY_AGAIN
        return Decision.NOT_DONE

    def _was_applied(self, till: ReturnTill, operation: Operation) -> bool:
        if operation.return_id and not operation.after_money:
            place = (till.name, operation.operation_id)
            return any((effect.till, effect.operation) == place for effect in self.simulation.effects)
        applied = self.simulation.service.applied
        return any((e.order_id, e.key) == (operation.order_id, operation.cancel_key) for e in applied)

    def _unfinished(self, till: ReturnTill) -> list[Operation]:
        return [each for each in self._operations(till) if each.state in {State.SENDING, State.UNKNOWN}]

    def _operations(self, till: ReturnTill) -> list[Operation]:
        assert till.ledger is not None
        return list(iterate_operations(till.ledger.queries.page))

    # --- recovery and check

    async def _recover(self) -> None:
        """Let everything settle: no faults, no deaths, unlimited time."""
        self.simulation.is_network_sound = True
        for _ in range(RECOVERY_ROUNDS):
            open_ends = bool(self.simulation.copies)
            for till in self.tills:
                till.kill_in = None
                await self._ensure_running(till)
                till.credentials_changed()
            await asyncio.sleep(3700)
            for till in self.tills:
                unfinished = any(o.state.value in return_oracle.UNFINISHED for o in self._operations(till))
                open_ends = self._decide_reviews(till) or unfinished or open_ends
            if not open_ends:
                return

    def _check(self) -> ReturnDayResult:
        ledgers = {till.name: till.path for till in self.tills}
        observation = oracle.Observation(
            self.simulation.service,
            ledgers,
            applied_by=self.simulation.applied_by,
            true_time=true_time,
        )
        promised = [(till.name, number) for till in self.tills for number in till.promised]
        returns = return_oracle.examine(self.simulation, ledgers, promised)
        findings = [*self.simulation.violations, *oracle.find_violations(observation), *returns.violations]
        result = ReturnDayResult(
            findings,
            requests=self.simulation.requests,
            effects=len(self.simulation.effects),
            indistinguishable=returns.indistinguishable,
        )
        for till in self.tills:
            result.kills += till.kills
            for operation in self._operations(till):
                result.operations += 1
                result.states[operation.state.value] = result.states.get(operation.state.value, 0) + 1
        return result


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Repeat a look-up on a bad network, as cashiers do. Raises LookupFailed."""
    for _ in range(4):
        with suppress(LookupFailed):
            return await ask()
        await asyncio.sleep(1)
    return await ask()


def run_return_day(
    seed: int, folder: Path, change: Callable[[pytest.MonkeyPatch], None] | None = None
) -> ReturnDayResult:
    """Run one day. `change` installs a mutant for the day."""
    folder.mkdir(parents=True)

    async def day() -> ReturnDayResult:
        it = ReturnDay(seed, folder)
        client = return_client(it.simulation)
        for module in (bonifiq, mirakl, session):
            patch.setattr(module, "HttpClient", client)
        return await it.run()

    with pytest.MonkeyPatch.context() as patch:
        if change is not None:
            change(patch)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                return runner.run(day())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
