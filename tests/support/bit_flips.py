"""One flipped bit in a till's files, and the check of its effects.

One till is prepared with every state that a ledger can hold. Each flip gets a copy of its files and service, and runs
the real ledger, HTTP client and outbox in the simulation.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import shutil
from collections import Counter as Count
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, State
from bonifiq_desktop.domain.verdicts import Done, FailureReason, LookupFailed, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.history import iterate_operations
from bonifiq_desktop.ledger.integrity_check import IntegrityCheck
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, RefundRequest, ValueNotRefundable
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.review import ReviewService
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import AppliedChange
from tests.support.headless_till import SALE
from tests.support.killable_till import SETTINGS
from tests.support.simulation import CREDENTIALS, Simulation, TillConnection, VirtualLoop, simulated_client
from tests.support.staff import access_control_in

FILES = ("ledger.db", "ledger.db-wal", "ledger.db.watermark")
URL = "http://127.0.0.1:1"
DRAIN_SECONDS = 3600.0
"""Virtual seconds in which the outbox finishes or gives up everything."""
PACE = RetryPolicy(max_attempts=4)

# State of each prepared operation -> verdict and resolution of its attempt. `arrived`: the service applied it.
OUTCOMES: dict[str, tuple[Verdict, Resolution] | None] = {
    "queued": None,
    "withdrawn": None,
    "confirmed, arrived": (Done(), Resolution(State.CONFIRMED, Evidence.ANSWER)),
    "refused": (Refused("NotAllowed", "Fora do prazo."), Resolution(State.REFUSED, Evidence.ANSWER)),
    "unknown, arrived": (Unknown(FailureReason.TIMED_OUT), Resolution(State.UNKNOWN)),
    "unknown": (Unknown(FailureReason.CONNECTION_LOST), Resolution(State.UNKNOWN)),
    "died, arrived": None,
    "died": None,
}
PLAN = {
    Kind.REFUND: dict(zip(("1001", "1002", "1003", "1004", "1006/B", "1007", "1008", "1009"), OUTCOMES, strict=True)),
    Kind.SALE: {f"V-{place}": end for place, end in enumerate(OUTCOMES)},
    Kind.CANCEL: {"1010": "queued", "1011": "unknown, arrived", "1012": "unknown"},
}
LATER_REGISTRATIONS = ((Kind.REFUND, "1001"), (Kind.SALE, "V-99"), (Kind.REFUND, "1003"), (Kind.CANCEL, "1002"))


@dataclass(frozen=True)
class PreparedTill:
    """A till's files before a start, its service, and the registered operations by id."""

    folder: Path
    service: LoyaltyService
    intended: dict[int, Operation]


@dataclass
class Effect:
    """The effect of a flip. `errors`: names of reported errors."""

    errors: set[str] = field(default_factory=set)
    broken_promises: list[str] = field(default_factory=list)


class _QuietSimulation(Simulation):
    """A simulation that does not read the ledger, which may be unreadable."""

    def __init__(self, service: LoyaltyService, ledger: Path) -> None:
        super().__init__(Random(0), fault_rate=0)
        self.sound = True
        self.service._orders = copy.deepcopy(service._orders)
        self.service._customers = copy.deepcopy(service._customers)
        self.service.applied = list(service.applied)
        self.connections[1] = TillConnection("till", ledger, lambda: None)

    def _check_recorded(self, request: object, line: TillConnection) -> None:
        """Accept every request."""


class _FlippedTill:
    """A till whose outbox runs only on demand."""

    def __init__(self, simulation: _QuietSimulation, path: Path) -> None:
        self.simulation = simulation
        self.ledger = Ledger(
            path,
            clock=simulation.clock,
            connect=partial(LedgerConnection, checked=False),
            customer_keys=CustomerKeys(b"h" * 32),
        )
        self.connection = Connection(connector.BonifiqConnector, lambda: None)
        access = access_control_in(path.parent)
        services = ConnectionServices(
            self.ledger,
            self.connection,
            lambda: SETTINGS,
            lambda _operation: None,
            access=access,
            policy=PACE,
        )
        self.lookup, self.registration, self.outbox = services.lookup, services.registration, services.outbox
        self.review = ReviewService(self.ledger, {self.connection.name: self.connection}, access=access)

    async def register(self, kind: Kind, number: str) -> Operation:
        if kind is Kind.SALE:
            return self.registration.sell(replace(SALE, order_id=number))
        order = (await self.lookup.look_up(number)).order
        if kind is Kind.CANCEL:
            return self.registration.cancel(order, "Desistência")
        return self.registration.refund(RefundRequest(order, 1000, "Troca"))

    def bring_to(self, operation: Operation, end: str) -> None:
        """Bring an operation to its prepared state."""
        if end == "withdrawn":
            self.ledger.withdraw(operation.operation_id)
        if end in {"queued", "withdrawn"}:
            return
        sending = self.ledger.start_attempt(operation.operation_id, URL)
        service, body = self.simulation.service, exact_json.load(sending.request.body)
        if end.endswith("arrived"):
            match operation.kind:
                case Kind.SALE:
                    service.register_sale(body)
                case Kind.REFUND:
                    service.refund(operation.order_id, body)
                case Kind.CANCEL:
                    service.cancel(operation.order_id, body)
        seen = OUTCOMES[end]
        if seen is not None:
            self.ledger.finish_attempt(sending, *seen)

    async def drain(self) -> None:
        draining = asyncio.get_running_loop().create_task(self.outbox.run())
        await asyncio.sleep(DRAIN_SECONDS)
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)


def _run_simulated(simulation: _QuietSimulation, day: Coroutine[None, None, None]) -> None:
    with pytest.MonkeyPatch.context() as patch, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        patch.setattr(connector, "HttpClient", simulated_client(simulation))
        runner.run(day)


def prepare_till(folder: Path, *, closed: bool) -> PreparedTill:
    """Prepare the till. `closed`: the program ended well; otherwise half of the operations are only in the WAL."""
    life = folder / "life"
    life.mkdir(parents=True)
    simulation = _QuietSimulation(LoyaltyService(), life / "ledger.db")
    meant: dict[int, Operation] = {}
    plan = [(kind, number, end) for kind, orders in PLAN.items() for number, end in orders.items()]
    Random(1).shuffle(plan)

    async def day() -> None:
        till = _FlippedTill(simulation, life / "ledger.db")
        for place, (kind, number, end) in enumerate(plan):
            await till.connection.configure(URL, CREDENTIALS)
            operation = await till.register(kind, number)
            till.bring_to(operation, end)
            meant[operation.operation_id] = operation
            if place == len(plan) // 2:
                till.ledger.close()
                till = _FlippedTill(simulation, life / "ledger.db")
        if closed:
            till.ledger.close()
        for name in FILES:
            if (life / name).exists():
                shutil.copy(life / name, folder / name)
        till.ledger.close()

    _run_simulated(simulation, day())
    return PreparedTill(folder, simulation.service, meant)


def flip(day: PreparedTill, folder: Path, name: str, bit: int | None) -> Effect:
    """Flip one bit of one file, start the till, drain the outbox, read everything, and check the promises."""
    folder.mkdir()
    for file in FILES:
        if (day.folder / file).exists():
            shutil.copy(day.folder / file, folder / file)
    if bit is not None:
        content = bytearray((folder / name).read_bytes())
        content[bit // 8] ^= 1 << bit % 8
        (folder / name).write_bytes(content)
    simulation = _QuietSimulation(day.service, folder / "ledger.db")
    simulation.faults.key_used_form = "silent"  # the least informative form
    effect = Effect()
    meant = dict(day.intended)

    async def start() -> None:
        till = _FlippedTill(simulation, folder / "ledger.db")
        try:
            till.ledger.recover()
            IntegrityCheck(folder / "ledger.db").run()
            await till.connection.configure(URL, CREDENTIALS)
            await till.drain()
            await _read_everything(till, effect, meant)
            await till.drain()
            _check_rows(till.ledger, day, simulation.service, effect)
        finally:
            till.ledger.close()

    with _collect_logged_errors(effect):
        try:
            _run_simulated(simulation, start())
        except LedgerError as error:
            effect.errors.add(type(error).__name__)
        except Exception as error:
            effect.broken_promises.append(f"unnamed: {error!r}")
    _check_applied(simulation.service.applied, day, meant, effect)
    shutil.rmtree(folder)
    return effect


@contextmanager
def _collect_logged_errors(effect: Effect) -> Iterator[None]:
    """Collect errors that the program only logs."""

    class Watch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            error = record.exc_info[1] if record.exc_info else None
            if isinstance(error, LedgerError):
                effect.errors.add(type(error).__name__)
            elif error is not None:
                effect.broken_promises.append(f"unnamed: {error!r}")

    logger, watch = logging.getLogger("bonifiq_desktop"), Watch()
    logger.addHandler(watch)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(watch)
        logger.propagate = True


async def _read_everything(till: _FlippedTill, effect: Effect, meant: dict[int, Operation]) -> None:
    """Read everything that a cashier can see, and register one more refund and sale."""
    ledger = till.ledger
    questions: list[Callable[[], object]] = [
        ledger.queries.counts,
        ledger.queries.has_possibly_sent,
        ledger.queries.waiting,
    ]
    questions.append(lambda: list(iterate_operations(ledger.queries.page)))
    questions += [partial(ledger.queries.details, number) for number in meant]
    questions += [partial(ledger.queries.history_of, operation.order_id) for operation in meant.values()]
    for question in questions:
        try:
            question()
        except LedgerError as error:
            effect.errors.add(type(error).__name__)
    for kind, order_id in LATER_REGISTRATIONS:
        try:
            more = await till.register(kind, order_id)
        except (LedgerError, LookupFailed, OrderAlreadyCancelled, ValueNotRefundable) as error:
            effect.errors.add(type(error).__name__)
        else:
            meant[-more.operation_id] = more


def change_identity(operation: Operation) -> tuple[str, str, str, int]:
    """The identity of the change that an operation makes."""
    cents = 0 if operation.kind is Kind.CANCEL else operation.value
    return operation.kind.value, operation.order_id, operation.cancel_key or "", cents


def _applied_identity(entry: AppliedChange) -> tuple[str, str, str, int]:
    return entry.kind, entry.order_id, entry.key, 0 if entry.kind == "cancel" else entry.cents


def _check_applied(
    applied: list[AppliedChange], day: PreparedTill, meant: dict[int, Operation], effect: Effect
) -> None:
    before = Count(map(_applied_identity, day.service.applied))
    allowed = Count(change_identity(operation) for operation in meant.values())
    for what, times in Count(map(_applied_identity, applied)).items():
        if times > allowed[what]:
            effect.broken_promises.append(f"applied {times} times, meant {allowed[what]}: {what}")
    finished = {n: o for n, o in day.intended.items() if PLAN[o.kind].get(o.order_id) in {"withdrawn", "refused"}}
    for operation in finished.values():
        what = change_identity(operation)
        if Count(map(_applied_identity, applied))[what] > before[what]:
            effect.broken_promises.append(f"applied although it was over: {what}")


def _check_rows(ledger: Ledger, day: PreparedTill, service: LoyaltyService, effect: Effect) -> None:
    """Check that no operation has a false state."""
    applied = set(map(_applied_identity, service.applied))
    for number, operation in day.intended.items():
        try:
            found = ledger.queries.details(number)
        except LedgerError:
            continue
        if found is None or (found.operation.kind, found.operation.order_id) != (operation.kind, operation.order_id):
            continue
        state = found.operation.state
        done = change_identity(operation) in applied
        if state is State.CONFIRMED and not done:
            effect.broken_promises.append(f"false done: {change_identity(operation)}")
        if state in {State.REFUSED, State.WITHDRAWN, State.NOT_APPLIED} and done:
            effect.broken_promises.append(f"false refused: {change_identity(operation)}")
