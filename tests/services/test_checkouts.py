"""Tests of a checkout on the way to a real server: a redemption, and the sale or reversal that ends it."""

from dataclasses import replace

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.connections import OffLine
from bonifiq_desktop.domain.keys import original_key
from bonifiq_desktop.domain.operations import Decision, Evidence, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.staff import ApprovalNeeded
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.errors import AlreadyRegistered, CheckoutEnded, CheckoutUnknown, SaleNumberUsed
from bonifiq_desktop.services.checkouts import open_checkouts
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.rewards.options import RepeatedKey, RepeatedUndo
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import Till, posted_requests
from tests.support.rewarded_sales import (
    AMOUNT,
    BASKET,
    CHECKOUT,
    MARIA,
    NET,
    cashback_of_maria,
    cashback_request,
    product_reward,
    redeem,
    redemptions,
    sell,
    undo,
)
from tests.support.staff import add_ana_and_bia

OTHER_CHECKOUT = "0f00"


def redeemed(till: Till) -> Operation:
    """A confirmed redemption."""
    done = till.wait_until_settled(redeem(till))
    assert done.state is State.CONFIRMED
    return done


def open_ids(till: Till) -> list[str]:
    """The checkouts that the home page offers."""
    return [each.checkout_id for each in open_checkouts(till.ledger, ())]


def coupon_sent(server: TrainingServer) -> object:
    """The Coupon in the last sale that arrived."""
    sale = next(each for each in reversed(posted_requests(server)) if each.path.endswith("POS/orders"))
    return exact_json.load(sale.body).get("Coupon")


# --- redemption


def test_redemption_is_confirmed_with_its_codes(till: Till, server: TrainingServer) -> None:
    before = cashback_of_maria(server)
    done = redeemed(till)
    (made,) = redemptions(server)
    assert (done.evidence_id, done.external_code, done.value) == (str(made.number), made.external_code, AMOUNT)
    assert (made.key, made.cents) == (original_key(cashback_request(till)), AMOUNT)
    assert before - cashback_of_maria(server) == AMOUNT
    assert (done.reason, done.key_index, done.order_id[:6]) == ("Cashback", None, SETTINGS.till)
    assert done.order is not None
    assert (done.order.total, done.order.products) == (BASKET.gross, BASKET.products)


@pytest.mark.parametrize("fault", ["lose_answer", "reset", "error_500_after", "close", "html"])
def test_lost_answer_of_redemption_is_settled_by_the_same_key(
    till: Till, server: TrainingServer, fault: FaultName
) -> None:
    server.faults.add(fault, only="redeem")
    done = till.wait_until_settled(redeem(till))
    assert (done.state, done.attempts, len(redemptions(server))) == (State.CONFIRMED, 2, 1)
    assert done.external_code == redemptions(server)[0].external_code
    first, second = (each for each in posted_requests(server) if each.path.endswith("/redeem"))
    assert first.body == second.body


@pytest.mark.parametrize("form", ["code_name", "message_pt", "message_en", "http_409"])
def test_key_used_on_repeat_is_redeemed_without_codes_and_can_only_be_undone(
    till: Till, server: TrainingServer, form: RepeatedKey
) -> None:
    server.service.rewards.set_options(repeated_key=form)
    server.faults.add("lose_answer", only="redeem")
    before = cashback_of_maria(server)
    done = till.wait_until_settled(redeem(till))
    assert (done.state, done.evidence, done.external_code) == (State.CONFIRMED, Evidence.KEY, "")
    assert [each.can_continue for each in open_checkouts(till.ledger, ())] == [False]
    with pytest.raises(CheckoutEnded):
        sell(till)
    undone = till.wait_until_settled(undo(till))
    assert (undone.state, undone.kind, undone.remote_line) == (State.CONFIRMED, Kind.REVERSAL, "")
    assert (open_ids(till), cashback_of_maria(server)) == ([], before)


def test_refused_redemption_leaves_nothing_to_undo(till: Till, server: TrainingServer) -> None:
    request = cashback_request(till, amount=BASKET.gross)
    refused = till.wait_until_settled(till.run(till.checkouts.redeem(request)))
    assert (refused.state, open_ids(till), redemptions(server)) == (State.REFUSED, [], [])
    assert undo(till) == refused
    with pytest.raises(CheckoutEnded):
        sell(till)
    with pytest.raises(AlreadyRegistered):
        redeem(till)


def test_redemption_without_a_line_is_not_stored(till: Till, server: TrainingServer) -> None:
    request = cashback_request(till)
    server.stop()
    with pytest.raises(LookupFailed):
        till.look_up()
    with pytest.raises(OffLine):
        till.run(till.checkouts.redeem(request))
    assert till.checkouts.operations(CHECKOUT) == ()


def test_checkout_redeems_once_for_ever(till: Till, server: TrainingServer) -> None:
    redeemed(till)
    till.wait_until_settled(undo(till))
    with pytest.raises(AlreadyRegistered):
        redeem(till)
    assert till.wait_until_settled(redeem(till, OTHER_CHECKOUT)).state is State.CONFIRMED
    assert len({each.key for each in redemptions(server)}) == 2


def test_reward_over_the_limit_needs_a_manager(make_till: MakeTill) -> None:
    till = make_till("caixa2", settings=replace(SETTINGS, reward_limit=AMOUNT - 1, refund_limit=1))
    add_ana_and_bia(till.access)
    with pytest.raises(ApprovalNeeded):
        redeem(till)
    till.settings = replace(till.settings, reward_limit=AMOUNT)
    assert redeem(till).state is State.QUEUED
    assert till.checkouts.operations(OTHER_CHECKOUT) == ()


def test_product_reward_keeps_its_product_and_price(till: Till) -> None:
    reward = product_reward(till, "BON-12")
    done = till.wait_until_settled(redeem(till, reward=reward, amount=1495, product_price=1495))
    assert done.external_product_id == "BON-12"
    assert [(line.product_id, line.value, line.units) for line in done.lines] == [("BON-12", 1495, 1)]


# --- sale


def test_sale_takes_number_and_code_of_its_redemption(till: Till, server: TrainingServer) -> None:
    redemption = redeemed(till)
    done = till.wait_until_settled(sell(till))
    assert (done.state, done.order_id, done.external_code) == (
        State.CONFIRMED,
        redemption.order_id,
        redemption.external_code,
    )
    assert coupon_sent(server) == redemption.external_code
    assert (redemptions(server)[0].order_id, open_ids(till)) == (redemption.order_id, [])
    with pytest.raises(CheckoutEnded):
        undo(till)
    assert [each.kind for each in till.checkouts.operations(CHECKOUT)] == [Kind.REDEMPTION, Kind.SALE]


def test_sale_waits_for_an_unfinished_redemption(till: Till, server: TrainingServer) -> None:
    server.faults.add("error_500", only="redeem")
    server.faults.add("lose_answer", only="redeem")
    redemption, sale = redeem(till), sell(till)
    assert (sale.state, sale.external_code) == (State.QUEUED, "")
    done = till.wait_until_settled(sale)
    assert (done.state, done.attempts) == (State.CONFIRMED, 1)
    assert coupon_sent(server) == till.stored(redemption).external_code != ""
    paths = [each.path.rpartition("/")[2] for each in posted_requests(server)]
    assert paths == ["redeem", "redeem", "redeem", "orders"]


def test_sale_of_a_refused_redemption_waits_for_a_person(till: Till, server: TrainingServer) -> None:
    request = cashback_request(till, amount=BASKET.gross)
    till.run(till.checkouts.redeem(request))
    waiting = till.wait_until_settled(sell(till))
    assert (waiting.state, waiting.review_reason) == (State.REVIEW, ReviewReason.REWARD_NOT_REDEEMED)
    assert [each.path for each in posted_requests(server) if each.path.endswith("orders")] == []
    till.review.decide(waiting.operation_id, Decision.TRY_AGAIN, "Ana", "a loja dá o desconto")
    till.outbox.wake()
    done = till.wait_until_settled(waiting)
    assert (done.state, coupon_sent(server)) == (State.CONFIRMED, None)


def test_sale_without_codes_goes_without_the_reward_which_stays_open(till: Till, server: TrainingServer) -> None:
    server.service.rewards.set_options(repeated_key="code_name")
    server.faults.add("lose_answer", only="redeem")
    redeem(till)
    waiting = till.wait_until_settled(sell(till))
    assert waiting.review_reason is ReviewReason.REWARD_NOT_REDEEMED
    till.review.decide(waiting.operation_id, Decision.TRY_AGAIN, "Ana", "a loja dá o desconto")
    till.outbox.wake()
    done = till.wait_until_settled(waiting)
    assert (done.state, done.checkout_id, coupon_sent(server)) == (State.CONFIRMED, "", None)
    assert open_ids(till) == [CHECKOUT]
    assert till.wait_until_settled(undo(till)).state is State.CONFIRMED


@pytest.mark.parametrize("fault", ["lose_answer", "close", "error_500"])
def test_lost_answer_of_the_sale_repeats_the_same_body(till: Till, server: TrainingServer, fault: FaultName) -> None:
    redeemed(till)
    server.faults.add(fault, only="sale")
    assert till.wait_until_settled(sell(till)).state is State.CONFIRMED
    bodies = {each.body for each in posted_requests(server) if each.path.endswith("orders")}
    assert (len(bodies), len(server.service.applied)) == (1, 2)


def test_refused_sale_opens_the_checkout_for_another_sale(till: Till, server: TrainingServer) -> None:
    redemption = redeemed(till)
    server.faults.add("refuse", only="sale")
    refused = till.wait_until_settled(sell(till))
    assert (refused.state, open_ids(till)) == (State.REFUSED, [CHECKOUT])
    again = till.wait_until_settled(sell(till, intent_id="another"))
    assert (again.state, again.order_id) == (State.CONFIRMED, redemption.order_id)
    assert (coupon_sent(server), open_ids(till)) == (redemption.external_code, [])


def test_refused_sale_opens_the_checkout_for_its_reversal(till: Till, server: TrainingServer) -> None:
    before = cashback_of_maria(server)
    redeemed(till)
    server.faults.add("refuse", only="sale")
    till.wait_until_settled(sell(till))
    assert till.wait_until_settled(undo(till)).state is State.CONFIRMED
    assert (cashback_of_maria(server), open_ids(till)) == (before, [])
    with pytest.raises(CheckoutEnded):
        sell(till, intent_id="another")


def test_second_sale_of_a_checkout_is_already_registered(till: Till) -> None:
    redeemed(till)
    sale = sell(till)
    with pytest.raises(AlreadyRegistered) as error:
        sell(till, intent_id="another")
    assert error.value.operation == sale


def test_sale_of_an_unknown_checkout_is_not_registered(till: Till) -> None:
    with pytest.raises(CheckoutUnknown):
        sell(till)
    with pytest.raises(CheckoutUnknown):
        undo(till)


def test_number_typed_for_the_redemption_is_looked_up_before_the_sale(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(redeem(till, order_id="2001"))
    server.service.requests.clear()
    done = till.wait_until_settled(sell(till))
    assert (done.order_id, done.look_up_first) == ("2001", True)
    assert [each.method for each in server.service.requests] == ["GET", "GET", "POST", "GET"]


def test_number_typed_for_the_sale_replaces_that_of_the_redemption(till: Till) -> None:
    redeemed(till)
    assert till.wait_until_settled(sell(till, order_id="NFC-1")).order_id == "NFC-1"


def test_known_number_is_not_taken_for_a_redemption(till: Till) -> None:
    till.look_up("1001")
    with pytest.raises(SaleNumberUsed):
        redeem(till, order_id="1001")


# --- reversal


def test_reversal_gives_the_reward_back(till: Till, server: TrainingServer) -> None:
    before = cashback_of_maria(server)
    redemption = redeemed(till)
    assert open_ids(till) == [CHECKOUT]
    done = till.wait_until_settled(undo(till))
    assert (done.state, done.evidence, done.remote_line) == (State.CONFIRMED, Evidence.ANSWER, redemption.evidence_id)
    assert (cashback_of_maria(server), open_ids(till)) == (before, [])
    assert undo(till) == done
    with pytest.raises(CheckoutEnded):
        sell(till)


def test_unsent_redemption_is_withdrawn(till: Till, server: TrainingServer) -> None:
    redeem(till)
    assert (undo(till).state, undo(till).state) == (State.WITHDRAWN, State.WITHDRAWN)
    till.run_for(0.1)
    assert (redemptions(server), posted_requests(server)) == ([], [])


@pytest.mark.parametrize("fault", ["lose_answer", "close", "error_500_after"])
def test_reversal_of_an_unknown_redemption_waits_for_it(till: Till, server: TrainingServer, fault: FaultName) -> None:
    before = cashback_of_maria(server)
    server.faults.add(fault, only="redeem")
    redemption = redeem(till)
    till.wait_for_state(redemption, State.UNKNOWN)
    reversal = undo(till)
    assert (reversal.kind, reversal.state) == (Kind.REVERSAL, State.QUEUED)
    done = till.wait_until_settled(reversal)
    assert (done.state, done.remote_line) == (State.CONFIRMED, till.stored(redemption).evidence_id)
    assert (cashback_of_maria(server), len(redemptions(server))) == (before, 1)


def test_reversal_of_what_was_not_redeemed_is_withdrawn(till: Till, server: TrainingServer) -> None:
    server.faults.add("close", only="redeem")
    server.faults.add("close", only="redeem")
    redemption = redeem(till)
    till.wait_for_state(redemption, State.UNKNOWN)
    reversal = undo(till)
    server.service.rewards.set_options(repeated_key="silent")
    server.faults.add("refuse", only="redeem")
    review = till.wait_until_settled(redemption)
    assert (review.state, till.stored(reversal).state) == (State.REVIEW, State.QUEUED)
    till.expire_copies()
    till.review.decide(review.operation_id, Decision.NOT_DONE, "Ana", "saldo intacto")
    till.outbox.wake()
    assert till.wait_until_settled(reversal).state is State.WITHDRAWN
    assert [each.method for each in posted_requests(server) if each.method == "DELETE"] == []


@pytest.mark.parametrize("answer", ["same_answer", "refuses", "not_found"])
@pytest.mark.parametrize("fault", ["lose_answer", "reset", "close", "null_result"])
def test_lost_answer_of_the_reversal_is_settled(
    till: Till, server: TrainingServer, fault: FaultName, answer: RepeatedUndo
) -> None:
    before = cashback_of_maria(server)
    server.service.rewards.set_options(repeated_undo=answer)
    redeemed(till)
    server.faults.add(fault, only="reversal")
    done = till.wait_until_settled(undo(till))
    assert (done.state, cashback_of_maria(server), open_ids(till)) == (State.CONFIRMED, before, [])


def test_refused_reversal_leaves_the_checkout_open(till: Till, server: TrainingServer) -> None:
    redeemed(till)
    server.faults.add("refuse", only="reversal")
    refused = till.wait_until_settled(undo(till))
    assert (refused.state, open_ids(till)) == (State.REFUSED, [CHECKOUT])
    assert till.wait_until_settled(undo(till)).state is State.CONFIRMED


def test_open_sale_keeps_the_reward_from_being_undone(till: Till, server: TrainingServer) -> None:
    redeemed(till)
    sale = sell(till)
    with pytest.raises(CheckoutEnded) as error:
        undo(till)
    assert error.value.operation == sale
    till.registration.withdraw(sale.operation_id)
    assert till.wait_until_settled(undo(till)).state is State.CONFIRMED
    assert redemptions(server)[0].cancelled


def test_new_sale_does_not_wait_for_the_reversal_of_the_old_one(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(redeem(till, order_id="2001"))
    for _ in range(2):
        server.faults.add("error_500", only="reversal")
    reversal = undo(till)
    till.wait_for_state(reversal, State.UNKNOWN)
    again = redeem(till, OTHER_CHECKOUT, order_id="2001")
    sale = till.wait_until_settled(sell(till, OTHER_CHECKOUT))
    assert (sale.state, sale.order_id) == (State.CONFIRMED, "2001")
    assert coupon_sent(server) == till.stored(again).external_code
    assert till.wait_until_settled(reversal).state is State.CONFIRMED


# --- restart


@pytest.mark.parametrize("ends", [True, False])
def test_restart_goes_on_with_a_redemption_and_its_sale(
    make_till: MakeTill, server: TrainingServer, *, ends: bool
) -> None:
    till = make_till("caixa1")
    redemption = redeem(till)
    end = sell(till) if ends else None
    till.close()
    again = make_till("caixa1")
    assert again.wait_until_settled(redemption).state is State.CONFIRMED
    if end is None:
        assert open_ids(again) == [CHECKOUT], "nothing is undone by itself, nothing is forgotten"
    else:
        assert again.wait_until_settled(end).state is State.CONFIRMED
        assert coupon_sent(server) == again.stored(redemption).external_code


def test_customer_of_an_open_checkout_is_found_by_its_number(till: Till) -> None:
    redemption = redeemed(till)
    found = till.run(till.customers.find("", redemption.order_id))
    assert found is not None
    sale = replace(cashback_request(till).basket, customer=found).customer
    assert till.customers.unmasked(sale).document == MARIA.document


def test_order_of_a_redemption_is_neither_busy_nor_seen_with_a_total(till: Till) -> None:
    redemption = redeemed(till)
    undo(till)
    history = till.ledger.queries.history_of(redemption.order_id)
    assert (history.unfinished, history.largest_total) == (None, None)
    assert till.ledger.queries.unfinished_of(redemption.order_id) is None
    assert till.ledger.orders.recent(10) == []
    assert BASKET.gross > NET


def test_reward_that_is_refused_to_be_undone_twice_needs_a_person(till: Till, server: TrainingServer) -> None:
    redeemed(till)
    server.faults.add("refuse", only="reversal", times=2)
    assert till.wait_until_settled(undo(till)).state is State.REFUSED
    review = till.wait_until_settled(undo(till))
    assert (review.state, review.review_reason) == (State.REVIEW, ReviewReason.REFUSED_ON_REPEAT)
    till.review.decide(review.operation_id, Decision.WAS_DONE, "Ana", "desfeito no painel")
    assert open_ids(till) == []


def test_redemption_of_another_shop_is_no_part_of_a_sale_here(till: Till) -> None:
    redeemed(till)
    till.run(till.connection.configure(till.connection._url, till.connection.credentials, "LOJA2"))
    with pytest.raises(CheckoutEnded):
        sell(till)
