"""Random days at one or two tills. A seed decides the actions, the network's faults and the deaths of processes.

The same seed gives the same day, so that a violation can be reproduced.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.domain.decisions import DecisionTooEarly
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.ledger.day_close import read_day
from bonifiq_desktop.ledger.errors import LedgerOlder, OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.history import iterate_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, ValueNotRefundable
from bonifiq_desktop.training_server.fault_injection.answer_forms import ANSWER_FORMS
from tests.support import oracle
from tests.support.day_books import check_books
from tests.support.killable_till import KillableTill
from tests.support.service_options import random_options
from tests.support.simulation import (
    CLOCK_JUMP,
    MAX_COPY_DELAY,
    START,
    Killed,
    Simulation,
    VirtualLoop,
    simulated_client,
    true_time,
)

ORDERS = ("1001", "1002", "1003", "1010")
VALUES = (1000, 1000, 2590, 4990)
PAUSES = (0.0, 0.3, 2.0, 40.0, 900.0)
EXPECTED_REFUSALS = (LookupFailed, OrderBusy, OrderAlreadyCancelled, ValueNotRefundable, TransitionRefused)
CLOCK_JUMPS = (-60 * CLOCK_JUMP, -CLOCK_JUMP, CLOCK_JUMP, 60 * CLOCK_JUMP)
RECOVERY_ROUNDS = 20
FAR_DAY = datetime(2100, 1, 1, tzinfo=UTC)
"""After every day that a jumping clock reaches."""


@dataclass
class DayResult:
    """The result of a day."""

    findings: list[oracle.Violation]
    operations: int = 0
    requests: int = 0
    kills: int = 0
    states: dict[str, int] = field(default_factory=dict)


class RandomDay:
    """One day, from the first action to the oracle."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = Random(seed)
        random.seed(seed)  # jitter of the outbox
        self.folder = folder
        self.simulation = Simulation(self.rng, fault_rate=self.rng.choice((0.1, 0.3, 0.6)))
        self.simulation.faults.key_used_form = self.rng.choice(ANSWER_FORMS["key_used_form"])
        # A separate generator: known seeds keep their days.
        self.simulation.service.set_options(**random_options(Random(f"service {seed}")))
        self.simulation.service.shows_refunds = self.rng.random() < 0.5
        self.tills = [KillableTill(self.simulation, n + 1, folder) for n in range(self.rng.choice((1, 1, 2)))]
        self.lost: dict[str, Path] = {}
        self.copies: dict[str, Path] = {}
        self.sales = 0

    async def run(self) -> DayResult:
        """Run the actions, recover, and check the promises."""
        for till in self.tills:
            await self._ensure_running(till)
        actions = (
            *((self._refund,) * 6),
            *((self._sell,) * 3),
            *((self._pause,) * 4),
            *((self._schedule_kill,) * 3),
            self._cancel,
            *((self._return_in_an_outage,) * 2),
            self._withdraw,
            self._credentials,
            self._restart,
            *((self._jump_clock,) * 2),
            self._decide,
            self._lose_data_folder,
            self._make_backup,
            self._restore_backup,
        )
        for _ in range(self.rng.randint(6, 20)):
            till = self.rng.choice(self.tills)
            await self._ensure_running(till)
            with suppress(Killed, *EXPECTED_REFUSALS):
                await self.rng.choice(actions)(till)
        await self._recover()
        self._close_days()
        outcome = self._check()
        for till in self.tills:
            await till.close()
        return outcome

    async def _ensure_running(self, till: KillableTill) -> None:
        """Start the till, again if it dies during the start."""
        while not till.is_running:
            with suppress(Killed):
                await till.open()

    # --- what people do

    async def _refund(self, till: KillableTill) -> None:
        order_id, value = self.rng.choice(ORDERS), self.rng.choice(VALUES)
        await self._retry_lookup(lambda: till.refund(order_id, value))

    async def _cancel(self, till: KillableTill) -> None:
        order_id = self.rng.choice(ORDERS)
        await self._retry_lookup(lambda: till.cancel(order_id))

    async def _retry_lookup(self, register: Callable[[], Coroutine[None, None, Operation]]) -> None:
        """Repeat the look-up on a bad network, as cashiers do."""
        for _ in range(5):
            try:
                await register()
            except LookupFailed:
                await asyncio.sleep(1)
            else:
                return

    async def _sell(self, till: KillableTill) -> None:
        self.sales += 1
        customer = Customer(name="Maria", document="52998224725")
        sale = Sale(customer, 9000 + self.sales, START, order_id=f"{till.name}-{self.sales}")
        till.remember_registered(till.registration.sell(sale))

    async def _withdraw(self, till: KillableTill) -> None:
        """Withdraw an operation, also one that was possibly sent."""
        for operation in self._operations(till):
            if operation.state in {State.QUEUED, State.UNKNOWN}:
                till.registration.withdraw(operation.operation_id)
                return

    async def _pause(self, _till: KillableTill) -> None:
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _return_in_an_outage(self, till: KillableTill) -> None:
        """Register a return while the network is down, from a cached order."""
        self.simulation.connections[till.number].down_until = asyncio.get_running_loop().time() + self.rng.choice(
            PAUSES
        )
        await self.rng.choice((self._refund, self._refund, self._cancel))(till)

    async def _schedule_kill(self, till: KillableTill) -> None:
        till.kill_in = self.rng.randint(0, 8)
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _credentials(self, till: KillableTill) -> None:
        till.outbox.credentials_changed()

    async def _restart(self, till: KillableTill) -> None:
        await till.close()

    async def _jump_clock(self, till: KillableTill) -> None:
        """Make the till's clock jump. A jump ahead looks like a resume from suspend."""
        jump = self.rng.choice(CLOCK_JUMPS)
        till.clock_skew += jump
        if jump > timedelta():
            till.outbox.resume_after_suspend()

    async def _decide(self, till: KillableTill) -> None:
        if not self.simulation.copies:
            self._decide_reviews(till)

    async def _lose_data_folder(self, till: KillableTill) -> None:
        if self.rng.random() < 0.7 or self.lost:
            return
        await till.close()
        name = f"{till.name}-lost"
        for file in self.folder.glob(f"{till.path.name}*"):
            file.rename(file.with_name(file.name.replace(till.path.name, f"{name}.db")))
        for copy in (self.folder / "backups").glob(f"{till.path.stem}-*"):
            copy.unlink()
        self.copies.pop(till.name, None)
        self._move_history_to_lost(till, self.folder / f"{name}.db")

    async def _make_backup(self, till: KillableTill) -> None:
        made = make_backup(till.path, till.clock())
        if made is not None:
            self.copies[till.name] = made

    async def _restore_backup(self, till: KillableTill) -> None:
        copy = self.copies.pop(till.name, None)
        if copy is None or self.lost:
            return
        await till.close()
        if self.rng.random() < 0.5:  # copied by hand; the program notices and asks
            self._copy_ledger_by_hand(till, copy)
            copy = till.path
        restore(till.path, copy, decided_by="Ana", now=till.clock())
        aside = max(self.folder.glob(f"{till.path.stem}-set-aside-*.db"), key=lambda file: file.stat().st_mtime_ns)
        self._move_history_to_lost(till, self.folder / "by-hand.db" if copy == till.path else aside)

    def _copy_ledger_by_hand(self, till: KillableTill, copy: Path) -> None:
        for file in self.folder.glob(f"{till.path.name}*"):
            if not file.name.endswith(".watermark"):
                file.rename(file.with_name(file.name.replace(till.path.name, "by-hand.db")))
        shutil.copyfile(copy, till.path)
        if _last_change(copy) == _last_change(self.folder / "by-hand.db"):
            return  # no change since the backup
        with suppress(LedgerOlder):
            Ledger(till.path).close()
            self.simulation.violations.append(oracle.Violation(oracle.LOST, "an older ledger was not noticed"))

    def _move_history_to_lost(self, till: KillableTill, lost: Path) -> None:
        """Move the till's changes since the backup to its lost ledger."""
        name = f"{till.name}-lost"
        self.lost[name] = lost
        till.promised.clear()
        # Requests in flight come from the lost ledger.
        self.simulation.connections[till.number].name = name
        till.connect()
        for place, who in self.simulation.applied_by.items():
            if who == till.name:
                self.simulation.applied_by[place] = name

    def _decide_reviews(self, till: KillableTill) -> bool:
        """Decide each operation in review by the service's data. Return whether there was one."""
        review = [operation for operation in self._operations(till) if operation.state is State.REVIEW]
        for operation in review:
            decision = self._true_decision(till, operation)
            with suppress(DecisionTooEarly):  # tried again later
                till.review.decide(operation.operation_id, decision, "Ana", "conferido no painel")
            till.outbox.wake()
        return bool(review)

    def _true_decision(self, till: KillableTill, operation: Operation) -> Decision:
        service = self.simulation.service
        places = [
            place
            for place, entry in enumerate(service.applied)
            if (entry.kind, entry.order_id) == (operation.kind.value, operation.order_id)
            and (operation.kind is not Kind.REFUND or entry.key == operation.cancel_key)
        ]
        own = any(self.simulation.applied_by[place] == till.name for place in places)
        order = service.find(operation.order_id)
        if not places and operation.kind is Kind.REFUND and order is not None and order.cancelled:
            return Decision.NOT_DONE  # nothing of the order is refundable
        if places and (own or operation.kind is not Kind.REFUND or self.rng.random() < 0.5):
            return Decision.WAS_DONE
        if operation.review_reason is ReviewReason.KEY_USED_BEFORE and self.rng.random() < 0.5:
            return Decision.ANOTHER_RETURN
        if not places and operation.review_reason is not ReviewReason.UNSENDABLE and self.rng.random() < 0.5:
            return Decision.TRY_AGAIN
        return Decision.WAS_DONE if places else Decision.NOT_DONE

    def _operations(self, till: KillableTill) -> list[Operation]:
        assert till.ledger is not None
        return list(iterate_operations(till.ledger.queries.page))

    # --- recovery and check

    async def _recover(self) -> None:
        """Let everything settle: no network faults, no deaths, unlimited time."""
        self.simulation.is_network_sound = True
        for _ in range(RECOVERY_ROUNDS):
            open_ends = bool(self.simulation.copies)
            for till in self.tills:
                till.kill_in = None
                await self._ensure_running(till)
                till.outbox.credentials_changed()
            await asyncio.sleep(MAX_COPY_DELAY + 1)
            for till in self.tills:
                assert till.ledger is not None
                open_ends = (
                    self._decide_reviews(till)
                    or bool(till.ledger.queries.waiting(till.connection.server_id))
                    or open_ends
                )
            if not open_ends:
                return

    def _close_days(self) -> None:
        """Close each day with operations, the oldest first, once the till's clock is beyond the last one."""
        for till in self.tills:
            assert till.ledger is not None
            till.ledger.connection.clock = lambda: FAR_DAY
            while days := open_days(till):
                till.ledger.days.close(
                    days[0], till=till.name, seen_operations=10**6, person="Ana", reason="fim do dia"
                )

    def _check(self) -> DayResult:
        assert self.simulation.clock() - START < CLOCK_JUMP, "the day is too long to tell its true time"
        ledgers = {till.name: till.path for till in self.tills}
        evidence = oracle.Observation(
            self.simulation.service,
            ledgers,
            applied_by=self.simulation.applied_by,
            promised=[(till.name, number) for till in self.tills for number in till.promised],
            lost=self.lost,
            true_time=true_time,
        )
        outcome = DayResult(
            [*self.simulation.violations, *oracle.find_violations(evidence), *check_books(evidence)],
            requests=self.simulation.requests,
        )
        for till in self.tills:
            outcome.kills += till.kills
            for operation in self._operations(till):
                outcome.operations += 1
                outcome.states[operation.state.value] = outcome.states.get(operation.state.value, 0) + 1
        return outcome


def open_days(till: KillableTill) -> tuple[date, ...]:
    """The days of a till that have operations and are not closed, oldest first, by any clock."""
    return read_day(till.path, FAR_DAY.date(), till=till.name, now=FAR_DAY).earlier_open_days


def _last_change(ledger: Path) -> str:
    with closing(sqlite3.connect(ledger)) as db:
        return str(db.execute("SELECT value FROM metadata WHERE name = 'last_commit'").fetchone()[0])


def run_day(seed: int, folder: Path, change: Callable[[pytest.MonkeyPatch], None] | None = None) -> DayResult:
    """Run one day. `change` installs a mutant for the day."""
    folder.mkdir(parents=True)

    async def day() -> DayResult:
        it = RandomDay(seed, folder)
        patch.setattr(connector, "HttpClient", simulated_client(it.simulation))
        return await it.run()

    with pytest.MonkeyPatch.context() as patch:
        if change is not None:
            change(patch)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                return runner.run(day())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
