"""Returns of one order and one value at several tills: which keys are tried, and how often BonifiQ applies them.

`_BonifiQ` is the one assumption: it applies each (order, CancelKey) once and calls a repeat used.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bonifiq_desktop.domain.keys import cancel_key, next_index
from bonifiq_desktop.domain.operations import (
    Decision,
    Operation,
    Resolution,
    ReviewReason,
    State,
    resolve_attempt,
    resolve_by_person,
)
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.customer_keys import CustomerKeys
from tests.support.ledger_actions import KEYS, refund
from tests.support.shop_teller import Teller

VALUE = 2590
ORDER = "1006/B"
WRITTEN = ("1006/B", "1006/b", " 1006/B ")


@dataclass
class _BonifiQ:
    """Applies each key once."""

    applied: list[str] = field(default_factory=list)

    def take(self, key: str) -> Verdict:
        if key in self.applied:
            return Refused("CancelKeyUsed", used_key=True)
        self.applied.append(key)
        return Done()


# --- every interleaving, with the rules alone


@dataclass(frozen=True)
class _RulesOnly:
    """A till without a file: the indexes known to be used, the index of the return under way, returns still to make."""

    pending: int
    used: frozenset[int] = frozenset()
    index: int | None = None

    def step(self, applied: frozenset[int]) -> "tuple[_RulesOnly, frozenset[int]]":
        """Register the next return, or send the one under way: used by another one, it is "another return"."""
        if self.index is None:
            return replace(self, index=next_index(self.used)), applied
        if self.index in applied:
            used = self.used | {self.index}
            return replace(self, used=used, index=next_index(used)), applied
        return _RulesOnly(self.pending - 1, self.used | {self.index}), applied | {self.index}


def _ends(tills: tuple[_RulesOnly, ...], applied: frozenset[int], seen: set[object]) -> Iterator[frozenset[int]]:
    if (tills, applied) in seen:
        return
    seen.add((tills, applied))
    at_work = [place for place, till in enumerate(tills) if till.pending]
    if not at_work:
        yield applied
    for place in at_work:
        till, after = tills[place].step(applied)
        yield from _ends((*tills[:place], till, *tills[place + 1 :]), after, seen)


SHARES = [(a, b) for a in range(1, 4) for b in range(1, 4)] + [
    (a, b, c) for a in range(1, 4) for b in range(1, 4) for c in range(1, 4)
]


@pytest.mark.parametrize("shares", SHARES, ids=str)
def test_every_interleaving_of_equal_returns_applies_each_once(shares: tuple[int, ...]) -> None:
    seen: set[object] = set()
    ends = set(_ends(tuple(_RulesOnly(share) for share in shares), frozenset(), seen))
    assert ends == {frozenset(range(sum(shares)))}
    assert len(seen) > sum(shares)


# --- random ones, with real ledgers


class _Till:
    """A till's ledger, and the return that is under way there."""

    def __init__(self, path: Path, keys: CustomerKeys | None = None) -> None:
        self.ledger = Ledger(path, customer_keys=keys)
        self.returned: Operation | None = None
        self.done = 0

    def register(self, written: str) -> None:
        self.returned = refund(self.ledger, VALUE, written)

    def send(self, bonifiq: _BonifiQ) -> State:
        assert self.returned is not None
        sending = self.ledger.start_attempt(self.returned.operation_id)
        key = sending.request.client_key
        assert key is not None
        verdict = bonifiq.take(key)
        settled = resolve_attempt(
            verdict, has_client_key=True, earlier_possibly_sent=sending.earlier_possibly_sent, trust_used_key=True
        )
        self.returned = self.ledger.finish_attempt(sending, verdict, settled)
        return self.returned.state

    def decide(self, decision: Decision) -> None:
        assert self.returned is not None
        operation = self.returned
        if decision is Decision.ANOTHER_RETURN:

            def serialize(index: int) -> SerializedRequest:
                return SerializedRequest("/", b"{}", cancel_key("7C9E2A10", operation.order_id, VALUE, index))

            self.returned = self.ledger.requeue_with_new_key(operation.operation_id, serialize, note="Ana: outra")
        else:
            self.ledger.resolve(operation.operation_id, State.REVIEW, resolve_by_person(decision))
            self.returned = None

    def advance(self, bonifiq: _BonifiQ) -> None:
        """Do the next thing about the return under way; a used key is always "another return" here."""
        if self.returned is None:
            return
        if self.returned.state is State.REVIEW:
            assert self.returned.review_reason is ReviewReason.KEY_USED_BEFORE
            self.decide(Decision.ANOTHER_RETURN)
        elif self.send(bonifiq) is State.CONFIRMED:
            self.done, self.returned = self.done + 1, None


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(WRITTEN)), min_size=8, max_size=40))
def test_equal_returns_at_three_tills_are_applied_once_each(steps: Sequence[tuple[int, str]]) -> None:
    bonifiq = _BonifiQ()
    with TemporaryDirectory() as folder:
        tills = [_Till(Path(folder) / f"ledger{number}.db") for number in range(3)]
        for number, written in steps:
            if tills[number].returned is None:
                tills[number].register(written)
            else:
                tills[number].advance(bonifiq)
        while any(till.returned for till in tills):
            for till in tills:
                till.advance(bonifiq)
        registered = sum(len(till.ledger.queries.page("")) for till in tills)
        for till in tills:
            till.ledger.close()
    assert len(bonifiq.applied) == sum(till.done for till in tills) == registered


@pytest.mark.parametrize("decision", [Decision.WAS_DONE, Decision.NOT_DONE])
def test_key_found_used_is_remembered_after_any_decision(tmp_path: Path, decision: Decision) -> None:
    bonifiq = _BonifiQ([cancel_key("7C9E2A10", ORDER, VALUE, 0)])
    till = _Till(tmp_path / "ledger.db")
    with closing(till.ledger):
        till.register(ORDER)
        assert till.send(bonifiq) is State.REVIEW
        till.decide(decision)
        till.register("1006/b")
        assert till.returned is not None
        assert till.returned.key_index == 1
        assert till.send(bonifiq) is State.CONFIRMED


def test_refusal_without_the_key_leaves_its_index_free(tmp_path: Path) -> None:
    till = _Till(tmp_path / "ledger.db")
    with closing(till.ledger):
        till.register(ORDER)
        first = till.returned
        assert first is not None
        sending = till.ledger.start_attempt(first.operation_id)
        refused = Refused("InvalidValue", "Valor inválido")
        settled = resolve_attempt(refused, has_client_key=True, earlier_possibly_sent=False, trust_used_key=True)
        till.ledger.finish_attempt(sending, refused, settled)
        till.register(ORDER)
        assert till.returned is not None
        assert (till.returned.cancel_key, till.returned.key_index) == (first.cancel_key, 0)


def test_replaced_key_counts_as_used_after_its_successor_is_withdrawn(tmp_path: Path) -> None:
    bonifiq = _BonifiQ([cancel_key("7C9E2A10", ORDER, VALUE, 0)])
    till = _Till(tmp_path / "ledger.db")
    with closing(till.ledger):
        till.register(ORDER)
        till.send(bonifiq)
        till.decide(Decision.ANOTHER_RETURN)
        assert till.returned is not None
        till.ledger.withdraw(till.returned.operation_id)
        till.register(ORDER)
        assert till.returned.key_index == 1


# --- with the history of the shop


class _Shop:
    """Tills that tell each other what they did, whenever a test says so."""

    def __init__(self, folder: Path, size: int) -> None:
        self.tills = [_Till(folder / f"ledger{number}.db", KEYS) for number in range(size)]
        self._tellers = [Teller(till.ledger, f"CAIXA{number}") for number, till in enumerate(self.tills, start=1)]

    def sync(self, *numbers: int) -> None:
        """These tills learn from every other one."""
        for number in numbers:
            for place, teller in enumerate(self._tellers):
                if place != number:
                    teller.tell_to(self.tills[number].ledger)

    def close(self) -> None:
        for till in self.tills:
            till.ledger.close()


def test_second_equal_return_waits_for_the_first_and_gets_its_own_key(tmp_path: Path) -> None:
    """A4: without the mirror the second return would make the first one's key, and be taken for it."""
    bonifiq = _BonifiQ()
    with closing(_Shop(tmp_path, 2)) as shop:
        first, second = shop.tills
        first.register(ORDER)
        assert first.returned is not None
        lost = first.ledger.start_attempt(first.returned.operation_id)  # its request never arrives
        shop.sync(1)
        with pytest.raises(OrderBusy) as raised:
            second.register("1006/b")
        assert raised.value.other.till == "CAIXA1"
        timed_out = Unknown(FailureReason.TIMED_OUT)
        first.ledger.finish_attempt(lost, timed_out, Resolution(State.UNKNOWN))
        assert first.send(bonifiq) is State.CONFIRMED
        shop.sync(1)
        second.register("1006/b")
        assert second.send(bonifiq) is State.CONFIRMED
    assert len(set(bonifiq.applied)) == 2


def test_replaced_key_of_another_till_counts_as_used(tmp_path: Path) -> None:
    """A2: the running index of every till goes on where the shop's newest one stands."""
    bonifiq = _BonifiQ([cancel_key("7C9E2A10", ORDER, VALUE, 0)])
    with closing(_Shop(tmp_path, 2)) as shop:
        first, second = shop.tills
        first.register(ORDER)
        assert first.send(bonifiq) is State.REVIEW
        first.decide(Decision.ANOTHER_RETURN)
        assert first.send(bonifiq) is State.CONFIRMED
        shop.sync(1)
        second.register(ORDER)
        assert second.returned is not None
        assert second.returned.key_index == 2
        assert second.send(bonifiq) is State.CONFIRMED
    assert len(set(bonifiq.applied)) == 3


def test_order_taken_over_is_sent_under_the_key_of_its_holder(tmp_path: Path) -> None:
    bonifiq = _BonifiQ()
    with closing(_Shop(tmp_path, 2)) as shop:
        first, second = shop.tills
        first.register(ORDER)
        shop.sync(1)
        assert first.returned is not None
        second.ledger.shop.take_over(first.returned.uid, "Bia")
        second.register(ORDER)
        assert second.send(bonifiq) is State.CONFIRMED
        assert first.send(bonifiq) is State.REVIEW
        assert first.returned.review_reason is ReviewReason.KEY_USED_BEFORE
    assert len(bonifiq.applied) == 1


SYNC = 3
"""A step of the random days that is no till: two tills learn from the others."""


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, SYNC), st.sampled_from(WRITTEN)), min_size=8, max_size=40))
def test_equal_returns_are_applied_once_each_however_much_the_tills_know(steps: Sequence[tuple[int, str]]) -> None:
    bonifiq = _BonifiQ()
    with TemporaryDirectory() as folder, closing(_Shop(Path(folder), 3)) as shop:
        for number, written in steps:
            if number == SYNC:
                shop.sync(0, 1)
            elif shop.tills[number].returned is not None:
                shop.tills[number].advance(bonifiq)
            else:
                with suppress(OrderBusy):
                    shop.tills[number].register(written)
        while any(till.returned for till in shop.tills):
            for till in shop.tills:
                till.advance(bonifiq)
        shop.sync(0, 1, 2)
        registered = sum(len(till.ledger.connection.rows("SELECT id FROM operations")) for till in shop.tills)
        histories = {
            tuple(sorted((o.uid, o.state) for o in till.ledger.queries.history_of(ORDER).operations))
            for till in shop.tills
        }
        assert len(bonifiq.applied) == sum(till.done for till in shop.tills) == registered
        assert [len(history) for history in histories] == [registered]
