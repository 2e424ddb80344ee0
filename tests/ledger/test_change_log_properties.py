"""Random days at a till of a shop: the chain of changes is whole, and tells exactly what the ledger holds."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bonifiq_desktop.domain.operations import Operation, Resolution, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.shop_database import Change
from bonifiq_desktop.domain.verdicts import FailureReason, NotSent
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, TransitionRefused
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import Erasure
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import (
    ANSWERED_DONE,
    CONFIRMED,
    KEYS,
    ORDER,
    REFUSAL,
    REFUSED,
    START,
    TIMED_OUT,
    UNKNOWN,
    Clock,
    refund,
    sell,
)
from tests.support.told_changes import assert_told, broken_links, tell_everything

DOCUMENTS = ("52998224725", "11144477735", "39053344705")
PEOPLE = tuple(
    Customer(f"id {number}", f"Nome{number} Sobrenome{number}", document, f"p{number}@exemplo.com.br", "+5511987654321")
    for number, document in enumerate(DOCUMENTS)
)
READABLE = [text for each in PEOPLE for text in (each.name, each.document, each.email, each.phone[3:])]
ORDERS = ("P-1", "P-2", "P-3")
FUTURE = datetime(2031, 1, 1, tzinfo=UTC)
ACTIONS = (
    "refund",
    "sell",
    "see",
    "start",
    "done",
    "refused",
    "timed_out",
    "not_sent",
    "review",
    "anew",
    "withdraw",
    "contradict",
    "erase",
    "erase_due",
    "purge",
    "begin",
    "tell",
    "restart",
    "restart_without_keys",
    "fail",
)


class Failure(Exception):
    """An error in the middle of a transaction."""


@dataclass
class Day:
    """A till, and what its changes were at each moment; a number once told never changes."""

    path: Path
    random: Random
    ledger: Ledger = field(init=False)
    keys: CustomerKeys = KEYS
    incarnation: int = 0
    seen: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.ledger = Ledger(self.path, clock=Clock())  # without keys at first, as the program opens it
        self.ledger.customers.use(self.keys)
        self.ledger.recover()

    def restart(self, keys: CustomerKeys) -> None:
        self.ledger.close()
        self.keys = keys
        self.open()

    def act(self, action: str) -> None:
        """Do something if the till can, as the next free random numbers choose."""
        with suppress(OrderBusy, AlreadyRegistered, TransitionRefused, Failure):
            getattr(self, f"_{action}")()

    def _order(self) -> Any:
        return replace(ORDER, order_id=self.random.choice(ORDERS), customer=self.random.choice((*PEOPLE, None)))

    def _refund(self) -> None:
        order = self._order()
        refund(self.ledger, self.random.choice((100, 200)), order.order_id, order)

    def _sell(self) -> None:
        number = f"CAIXA1-{self.ledger.next_sale_number()}"
        sell(self.ledger, number, replace(self._order(), order_id=number, sales_person="9 - Vendedora"))

    def _see(self) -> None:
        self.ledger.remember_order(self._order())

    def _one(self, *states: State) -> Operation:
        chosen = ", ".join(f"'{state}'" for state in states)
        found = self.ledger.queries.operations_where(f"WHERE o.state IN ({chosen}) ORDER BY o.id", ())
        if not found:
            raise Failure
        return self.random.choice(found)

    def _attempt(self, verdict: Any, resolution: Resolution) -> None:
        started = self.ledger.start_attempt(self._one(State.QUEUED, State.UNKNOWN).operation_id)
        self.ledger.finish_attempt(started, verdict, resolution)

    def _start(self) -> None:
        self.ledger.start_attempt(self._one(State.QUEUED, State.UNKNOWN).operation_id)

    def _done(self) -> None:
        self._attempt(ANSWERED_DONE, CONFIRMED)

    def _refused(self) -> None:
        self._attempt(replace(REFUSAL, used_key=True), REFUSED)

    def _timed_out(self) -> None:
        self._attempt(TIMED_OUT, UNKNOWN)

    def _not_sent(self) -> None:
        self._attempt(NotSent(FailureReason.NO_CONNECTION), Resolution(State.QUEUED))

    def _review(self) -> None:
        self.ledger.resolve(self._one(State.UNKNOWN).operation_id, State.UNKNOWN, Resolution(State.REVIEW))

    def _anew(self) -> None:
        def serialize(index: int) -> SerializedRequest:
            return SerializedRequest("/v1/anew", b"{}", f"KEY-{index}")

        self.ledger.requeue_with_new_key(self._one(State.REVIEW).operation_id, serialize, note="Bia")

    def _withdraw(self) -> None:
        self.ledger.withdraw(self._one(State.QUEUED).operation_id)

    def _contradict(self) -> None:
        self.ledger.record_contradiction(self._one(State.CONFIRMED).operation_id, "outra coisa")

    def _erase(self) -> None:
        person = self.random.choice(PEOPLE)
        pseudonym = str(KEYS.identity(person.document))
        records = self.ledger.personal_data
        orders = records.order_ids_of_customer(pseudonym)
        if all(operation.settled_at for operation in records.operations_of_orders(orders)):
            records.erase(orders, pseudonym)

    def _erase_due(self) -> None:
        """Another till told an erasure of some moment of the day."""
        identity = str(KEYS.identity(self.random.choice(PEOPLE).document))
        due = Erasure(identity, START + timedelta(seconds=self.random.randrange(200)))
        records = self.ledger.personal_data
        orders = records.order_ids_of_customer(due.identity, due.until)
        if all(operation.settled_at for operation in records.operations_of_orders(orders)):
            records.erase_due(due, orders)

    def _purge(self) -> None:
        self.ledger.personal_data.purge(FUTURE, self.random.choice((1, 100)))

    def _begin(self) -> None:
        self.incarnation += 1
        self.ledger.changes.begin(self.incarnation, f"{self.incarnation:032x}")

    def _tell(self) -> None:
        self.ledger.changes.tell_untold(self.random.choice((1, 2, 100)))

    def _restart(self) -> None:
        self.restart(KEYS)

    def _restart_without_keys(self) -> None:
        self.restart(CustomerKeys.for_this_run())

    def _fail(self) -> None:
        """A registration and an attempt in a transaction that fails."""
        with self.ledger.connection.transaction():
            self.ledger.connection.db.execute("UPDATE operations SET failure_reason = 'timed_out'")
            raise Failure

    def changes(self) -> list[Change]:
        return self.ledger.changes.after(0, 100_000)

    def check(self) -> None:
        """What holds after every single action."""
        changes = self.changes()
        assert not broken_links(changes)
        for change in changes:
            name = (self.incarnation, change.seq)
            assert self.seen.setdefault(name, change.hash) == change.hash
        newest = max((seq for incarnation, seq in self.seen if incarnation == self.incarnation), default=0)
        assert newest == len(changes)
        everything = "".join(change.body for change in changes)
        assert not [text for text in (*READABLE, "Vendedora", "Veio errado") if text in everything]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(ACTIONS), min_size=5, max_size=40), st.integers(0, 2**32), st.booleans())
def test_changes_of_any_day_tell_the_ledger(actions: list[str], seed: int, joins_late: bool) -> None:
    with TemporaryDirectory() as folder:
        day = Day(Path(folder) / "ledger.db", Random(seed))
        try:
            for number, action in enumerate(actions):
                if number == (len(actions) // 2 if joins_late else 0):
                    day.act("begin")
                day.act(action)
                if day.incarnation:
                    day.check()
            day.restart(KEYS)
            tell_everything(day.ledger, 7)
            day.check()
            assert_told(day.path, day.ledger)
        finally:
            day.ledger.close()
