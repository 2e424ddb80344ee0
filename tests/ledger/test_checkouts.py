"""Tests of checkouts in the ledger: one redemption, one end, requests rewritten only before they are sent."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, Evidence, Kind, Operation, Resolution, State
from bonifiq_desktop.domain.other_tills import conflicts_by_kind
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import FailureReason, NotSent, Refused
from bonifiq_desktop.ledger.backups import restore
from bonifiq_desktop.ledger.errors import (
    AlreadyRegistered,
    CheckoutEnded,
    OrderBusy,
    RequestDamaged,
    TransitionRefused,
)
from bonifiq_desktop.ledger.history import inspect_ledger
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support import ledger_actions
from tests.support.ledger_actions import KEYS, TIMED_OUT, UNKNOWN, Clock, make_changed_backup
from tests.support.ledger_checkouts import CHECKOUT, NUMBER, confirm, redeem, sell, undo
from tests.support.shop_teller import NOW, Teller

NOT_SENT = NotSent(FailureReason.NO_CONNECTION)


def with_coupon(body: bytes) -> bytes:
    return body.replace(b"{", b'{"Coupon":"PDV-5001",', 1)


def damage(path: Path, statement: str) -> None:
    """Change the file behind the ledger's back."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DROP TRIGGER final_stays")
        db.execute(statement)


# --- one redemption, one end


def test_redemption_keeps_its_codes_and_drops_its_body(ledger: Ledger) -> None:
    done = confirm(ledger, redeem(ledger))
    assert (done.evidence_id, done.external_code, done.external_product_id) == ("5001", "PDV-5001", "MEI-03")
    assert (ledger.queries.request_body(done.operation_id), done.key_index) == (None, None)
    assert ledger.queries.page("5001") == [done]


def test_redemption_and_sale_share_a_number_but_two_sales_do_not(ledger: Ledger) -> None:
    redemption, sale = redeem(ledger), sell(ledger)
    assert ledger.queries.unfinished_of(NUMBER) == sale
    assert redemption.order_id == sale.order_id
    with pytest.raises(OrderBusy):
        sell(ledger, "other")


def test_checkout_redeems_once_even_after_it_came_to_nothing(ledger: Ledger) -> None:
    ledger.withdraw(redeem(ledger).operation_id)
    with pytest.raises(AlreadyRegistered):
        redeem(ledger)


def test_checkout_that_was_sold_after_the_copy_is_not_open(ledger: Ledger, path: Path) -> None:
    """Its sale was told before the ledger was restored, and is known from the shop database."""
    redemption = confirm(ledger, redeem(ledger))
    backup = make_changed_backup(path)
    sale = sell(ledger)
    before = Teller(ledger, "CAIXA1")
    before.tell()
    ledger.close()
    restore(path, backup, decided_by="Ana", now=NOW)
    again = Ledger(path, customer_keys=KEYS)
    assert again.checkouts.open_redemptions() == [redemption]
    again.shop.apply("CAIXA1", 1, before.changes)
    assert again.checkouts.open_redemptions() == []
    end = again.checkouts.live_end(CHECKOUT)
    assert end is not None
    assert end.uid == sale.uid
    reversal = Operation(**{**vars(redemption), "kind": Kind.REVERSAL})
    assert conflicts_by_kind(reversal, [end])
    again.close()


@pytest.mark.parametrize("negative", sorted(CLOSED_NEGATIVELY - {State.NOT_APPLIED}))
def test_checkout_has_one_live_end(ledger: Ledger, negative: State) -> None:
    confirm(ledger, redeem(ledger))
    sale = sell(ledger)
    with pytest.raises(CheckoutEnded):
        undo(ledger)
    if negative is State.WITHDRAWN:
        ledger.withdraw(sale.operation_id)
    else:
        refused = Resolution(State.REFUSED, Evidence.ANSWER)
        ledger.finish_attempt(ledger.start_attempt(sale.operation_id), Refused(), refused)
    reversal = undo(ledger)
    with pytest.raises(CheckoutEnded) as error:
        sell(ledger, order_id="another")
    assert error.value.operation == reversal
    with pytest.raises(AlreadyRegistered):
        undo(ledger)


def test_database_itself_refuses_a_second_end(ledger: Ledger, path: Path) -> None:
    redeem(ledger)
    sell(ledger)
    columns = "kind, order_id, order_key, account, value, state, path, body_sha256, checksum, checkout_id, created_at"
    insert = f"""INSERT INTO operations ({columns}, ends_checkout, changes_order)
        SELECT 'reversal', order_id, order_key, account, value, 'queued', path, '', '', checkout_id, created_at, ?, 0
        FROM operations WHERE kind = 'sale'"""
    with closing(sqlite3.connect(path)) as db:
        for ends in (1, 0):  # as an end, and as a second redemption
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(insert, (ends,))


# --- turn


def test_end_waits_in_the_queue_until_its_redemption_is_final(ledger: Ledger) -> None:
    redemption, sale = redeem(ledger), sell(ledger)
    other = ledger_actions.sell(ledger, "CAIXA1-8")
    assert ledger.queries.waiting() == [redemption.operation_id, other.operation_id]
    attempt = ledger.start_attempt(redemption.operation_id)
    assert ledger.queries.waiting() == [other.operation_id]
    ledger.finish_attempt(attempt, TIMED_OUT, UNKNOWN)
    assert sale.operation_id not in ledger.queries.waiting()
    confirm(ledger, redemption)
    assert ledger.queries.waiting() == [sale.operation_id, other.operation_id]


def test_redemption_comes_before_older_sales(ledger: Ledger) -> None:
    old = ledger_actions.sell(ledger, "CAIXA1-8")
    redemption = redeem(ledger)
    assert ledger.queries.waiting() == [redemption.operation_id, old.operation_id]


def test_end_waits_for_the_address_of_its_redemption(ledger: Ledger) -> None:
    redemption = redeem(ledger)
    ledger.start_attempt(redemption.operation_id, "one")
    ledger.recover()
    ledger.resolve(redemption.operation_id, State.UNKNOWN, Resolution(State.CONFIRMED, Evidence.PERSON))
    reversal = undo(ledger)
    assert ledger.queries.waiting("other") == []
    assert ledger.queries.waiting_elsewhere("other", "") == {reversal.operation_id}
    assert ledger.queries.waiting("one") == [reversal.operation_id]


# --- requests


def test_code_goes_into_the_body_of_an_unsent_sale(ledger: Ledger) -> None:
    confirm(ledger, redeem(ledger))
    sale = sell(ledger)
    changed = ledger.checkouts.put_reward(sale, "PDV-5001", with_coupon)
    assert changed.external_code == "PDV-5001"
    attempt = ledger.start_attempt(sale.operation_id)
    assert attempt.request.body.startswith(b'{"Coupon":"PDV-5001",')
    ledger.finish_attempt(attempt, NOT_SENT, Resolution(State.QUEUED))
    ledger.checkouts.put_reward(sale, "PDV-5001", with_coupon)


def test_request_that_was_possibly_sent_is_never_rewritten(ledger: Ledger) -> None:
    confirm(ledger, redeem(ledger))
    sale = sell(ledger)
    ledger.finish_attempt(ledger.start_attempt(sale.operation_id, "here"), TIMED_OUT, UNKNOWN)
    with pytest.raises(TransitionRefused):
        ledger.checkouts.put_reward(sale, "PDV-5001", with_coupon)
    with pytest.raises(TransitionRefused):
        ledger.checkouts.leave(sale)


def test_reversal_names_the_reward_before_it_is_sent(ledger: Ledger) -> None:
    confirm(ledger, redeem(ledger))
    request = SerializedRequest("/v1/pvt/POS/rewards/5001", b"", method="DELETE")
    changed = ledger.checkouts.address_reversal(undo(ledger), "5001", request)
    assert changed.remote_line == "5001"
    assert ledger.start_attempt(changed.operation_id).request == request


def test_sale_that_left_its_checkout_leaves_it_open(ledger: Ledger) -> None:
    redemption = confirm(ledger, redeem(ledger))
    sale = sell(ledger)
    assert ledger.checkouts.open_redemptions() == []
    assert ledger.checkouts.leave(sale).checkout_id == ""
    assert ledger.checkouts.open_redemptions() == [redemption]
    ledger.start_attempt(sale.operation_id)


@pytest.mark.parametrize(
    "change", ["evidence_id = '5002'", "external_code = 'PDV-5002'", "external_product_id = 'BON-12'"]
)
def test_changed_code_on_disk_is_found(ledger: Ledger, path: Path, change: str) -> None:
    redemption = confirm(ledger, redeem(ledger))
    ledger.verify_request(redemption)
    assert inspect_ledger(path).changed_operations == ()
    damage(path, f"UPDATE operations SET {change} WHERE kind = 'redemption'")
    with pytest.raises(RequestDamaged):
        ledger.verify_request(redemption)
    assert inspect_ledger(path).changed_operations == (redemption.operation_id,)


@pytest.mark.parametrize("change", ["checkout_id = 'x'", "ends_checkout = 0", "changes_order = 0"])
def test_changed_checkout_on_disk_is_found(ledger: Ledger, path: Path, change: str) -> None:
    sale = sell(ledger)
    damage(path, f"UPDATE operations SET {change}")
    with pytest.raises(RequestDamaged):
        ledger.start_attempt(sale.operation_id)


# --- restored ledger


def test_restored_sale_still_waits_for_its_redemption(ledger: Ledger) -> None:
    redemption, sale = redeem(ledger), sell(ledger)
    ledger.connection.set_metadata("quarantine", "1")
    ledger.recover()
    states = [ledger.queries.state(each.operation_id) for each in (redemption, sale)]
    assert states == [State.REVIEW, State.UNKNOWN]
    assert ledger.queries.waiting() == []
    ledger.resolve(redemption.operation_id, State.REVIEW, Resolution(State.UNKNOWN, Evidence.PERSON))
    confirm(ledger, redemption)
    assert ledger.queries.waiting() == [sale.operation_id]
    assert ledger.checkouts.put_reward(sale, "PDV-5001", with_coupon).external_code == "PDV-5001"


# --- life cycle


class CheckoutLife(RuleBasedStateMachine):
    """Anything that tills, answers and people can do to one checkout, in any order."""

    @initialize()
    def begin(self) -> None:
        self._folder = TemporaryDirectory()
        self.ledger = Ledger(Path(self._folder.name) / "ledger.db", clock=Clock(), customer_keys=KEYS)
        redeem(self.ledger)

    def teardown(self) -> None:
        self.ledger.close()
        self._folder.cleanup()

    @rule(make=st.sampled_from([sell, undo, redeem]))
    def register(self, make: Callable[[Ledger], Operation]) -> None:
        before = self.ledger.checkouts.live_end(CHECKOUT)
        try:
            made = make(self.ledger)
        except (AlreadyRegistered, CheckoutEnded):
            assert before is not None or make is redeem
        else:
            assert before is None
            assert made.kind is not Kind.REDEMPTION

    @rule(data=st.data())
    @precondition(lambda self: self.open())
    def move(self, data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(self.open()))
        number = operation.operation_id
        match operation.state:
            case State.REVIEW:
                after = data.draw(st.sampled_from([State.CONFIRMED, State.NOT_APPLIED, State.UNKNOWN]))
                self.ledger.resolve(number, State.REVIEW, Resolution(after, Evidence.PERSON))
            case _ if number in self.ledger.queries.waiting():
                after = data.draw(st.sampled_from([State.CONFIRMED, State.REFUSED, State.UNKNOWN, State.REVIEW]))
                attempt = self.ledger.start_attempt(number)
                verdict = Refused() if after is State.REFUSED else TIMED_OUT
                self.ledger.finish_attempt(attempt, verdict, Resolution(after, Evidence.ANSWER))
            case State.QUEUED:
                self.ledger.withdraw(number)

    def open(self) -> list[Operation]:
        return [each for each in self.ledger.checkouts.operations(CHECKOUT) if each.settled_at is None]

    @invariant()
    def one_redemption_and_one_live_end(self) -> None:
        every = self.ledger.checkouts.operations(CHECKOUT)
        assert [each.kind for each in every].count(Kind.REDEMPTION) == 1
        live = [e for e in every if e.kind is not Kind.REDEMPTION and e.state not in CLOSED_NEGATIVELY]
        assert len(live) <= 1
        assert self.ledger.checkouts.live_end(CHECKOUT) == (live[0] if live else None)
        redemption = self.ledger.checkouts.redemption(CHECKOUT)
        is_open = redemption is not None and redemption.state is State.CONFIRMED and not live
        assert self.ledger.checkouts.open_redemptions() == ([redemption] if is_open else [])

    @invariant()
    def no_end_was_sent_before_its_redemption_was_final(self) -> None:
        redemption, *ends = self.ledger.checkouts.operations(CHECKOUT)
        assert redemption.settled_at is not None or not any(end.attempts for end in ends)


CheckoutLife.TestCase.settings = settings(
    max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCheckoutLife = CheckoutLife.TestCase
