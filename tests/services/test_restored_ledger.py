"""Tests of a till whose ledger was restored from an older copy."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Kind, ReviewReason, State
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.domain.rewards import RewardKind
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.training_server.rewards.options import RepeatedKey
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import Till, applied, posted_requests
from tests.support.rewarded_sales import AMOUNT, BASKET, cashback_of_maria, redeem, redemptions, undo


def _copy(till: Till) -> Path:
    made = make_backup(till.path, datetime.now(UTC))
    assert made is not None
    return made


def _put_back(make_till: MakeTill, till: Till, copy: Path) -> Till:
    till.close()
    restore(till.path, copy, decided_by="Ana", now=datetime.now(UTC))
    again = make_till("caixa1")
    again.start_outbox()
    return again


def test_restored_operation_withdrawn_later_is_never_sent(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    sale, cancel = till.sell(), till.cancel("1001")
    copy = _copy(till)
    till.registration.withdraw(sale.operation_id)
    till.registration.withdraw(cancel.operation_id)
    again = _put_back(make_till, till, copy)
    for operation in (sale, cancel):
        left = again.wait_until_settled(operation)
        assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
    assert posted_requests(server) == []
    again.review.decide(sale.operation_id, Decision.TRY_AGAIN, "Ana", "o cliente confirma")
    again.outbox.wake()
    assert again.wait_until_settled(sale).state is State.CONFIRMED
    assert applied(server) == [("sale", "2001", 9000)]


def test_restored_operation_sent_later_is_confirmed_by_lookup(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    sale, cancel = till.sell(), till.cancel("1001")
    copy = _copy(till)
    till.start_outbox()
    assert {till.wait_until_settled(operation).state for operation in (sale, cancel)} == {State.CONFIRMED}
    sent = len(posted_requests(server))
    again = _put_back(make_till, till, copy)
    for operation in (sale, cancel):
        done = again.wait_until_settled(operation)
        assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert len(posted_requests(server)) == sent


def test_restored_refund_is_not_confirmed_by_other_tills_return(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    waiting = till.refund(1000)
    copy = _copy(till)
    other = make_till("caixa2")
    other.start_outbox()
    assert other.wait_until_settled(other.refund(1000)).state is State.CONFIRMED
    again = _put_back(make_till, till, copy)
    assert again.wait_until_settled(waiting).review_reason is ReviewReason.RESTORED
    again.review.decide(waiting.operation_id, Decision.TRY_AGAIN, "Ana", "mesmo protocolo")
    again.outbox.wake()
    left = again.wait_until_settled(waiting)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert [entry.cents for entry in server.service.applied] == [1000]
    assert left.kind is Kind.REFUND


def test_draft_that_outlives_a_restored_ledger_redeems_its_reward_once(
    make_till: MakeTill, server: TrainingServer
) -> None:
    before = cashback_of_maria(server)
    till = make_till("caixa1")
    copy = _copy(till)
    till.start_outbox()
    first = till.wait_until_settled(redeem(till))
    again = _put_back(make_till, till, copy)
    done = again.wait_until_settled(redeem(again))
    assert (done.state, done.external_code) == (State.CONFIRMED, first.external_code)
    assert (len(redemptions(server)), before - cashback_of_maria(server)) == (1, AMOUNT)


@pytest.mark.parametrize("form", ["code_name", "message_pt", "message_en", "http_409"])
def test_reward_of_a_draft_that_outlives_a_restored_ledger_needs_review_where_its_key_is_refused(
    make_till: MakeTill, server: TrainingServer, form: RepeatedKey
) -> None:
    server.service.rewards.set_options(repeated_key=form)
    till = make_till("caixa1")
    copy = _copy(till)
    till.start_outbox()
    till.wait_until_settled(redeem(till))
    again = _put_back(make_till, till, copy)
    left = again.wait_until_settled(redeem(again))
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert len(redemptions(server)) == 1
    again.review.decide(left.operation_id, Decision.WAS_DONE, "Ana", "o painel mostra o resgate")
    assert again.wait_until_settled(undo(again)).state is State.CONFIRMED


def test_reward_of_a_percentage_is_redeemed_once_though_the_draft_grew(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    found = till.run(till.rewards.find(BASKET))
    percent = next(each for each in found.rewards if each.kind is RewardKind.PERCENT)
    copy = _copy(till)
    till.start_outbox()
    till.wait_until_settled(redeem(till, reward=percent, amount=600))
    again = _put_back(make_till, till, copy)
    larger = replace(BASKET, gross=9000, products=(*BASKET.products, Product("MEI-01", "Meia", 3000)))
    done = again.wait_until_settled(redeem(again, basket=larger, reward=percent, amount=900))
    assert (done.state, len(redemptions(server))) == (State.CONFIRMED, 1)
