"""Claims in a real PostgreSQL: two tills of a shop, one order, and a training server that counts what is applied."""

import asyncio
from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.services.claims import SEND, Admission, OrderClaims
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import SALE, applied, credentials_of, posted_requests
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_till import ShopTill


@pytest.fixture(name="tills")
def two_tills(open_shop_till: OpenShopTill) -> tuple[ShopTill, ShopTill]:
    """Two tills that know nothing of each other's operations yet."""
    return open_shop_till("CAIXA1"), open_shop_till("CAIXA2")


def _claimed(shop_base: ShopDatabaseServer) -> list[str]:
    with shop_base.admin() as admin:
        return [row[0] for row in admin.execute("SELECT till FROM bonifiq.claims ORDER BY till").fetchall()]


def _make_unreadable(shop_base: ShopDatabaseServer, till: str) -> None:
    """Let a till's changes be of a version that no program knows."""
    with shop_base.admin() as admin:
        admin.execute("SET session_replication_role = replica")  # without the triggers that protect the log
        admin.execute(
            """UPDATE bonifiq.changes SET version = 99, hash = sha256(previous || int4send(99) || sealed_sha256
               || convert_to(body, 'UTF8')) WHERE till = %s AND seq = 1""",
            (till,),
        )


def _pause(till: ShopTill) -> None:
    """Let a till send nothing until `_resume`, so that it repeats nothing while a test runs its loop."""
    till.connection.credentials = None


def _resume(till: ShopTill, server: TrainingServer) -> None:
    till.run(till.connection.configure(server.url, credentials_of(server), SETTINGS.account))
    till.outbox.credentials_changed()


def _decide(till: ShopTill, operation: Operation, decision: Decision) -> Operation:
    decided = till.review.decide(operation.operation_id, decision, "Ana", "conferido")
    till.outbox.wake()
    return decided


def test_claim_ends_with_the_outcome_of_its_operation(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first, _second = tills
    server.faults.add("delay", only="refund", seconds=0.2)
    refund = first.refund(2000)
    first.wait_for_state(refund, State.SENDING)
    assert _claimed(shop_base) == ["CAIXA1"]
    assert first.wait_until_settled(refund).state is State.CONFIRMED
    assert _claimed(shop_base) == ["CAIXA1"], "the database hears of the outcome with the next exchange"
    first.sync()
    assert _claimed(shop_base) == []


def test_equal_refund_registered_unseen_at_another_till_is_not_sent(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(4990), second.refund(4990)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert settled.attempts == 0
    assert len(posted_requests(server)) == 1


def test_equal_refund_at_a_till_with_another_code_of_the_shop_is_not_sent(
    open_shop_till: OpenShopTill, server: TrainingServer
) -> None:
    """Their keys differ, so that BonifiQ would apply both."""
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2", settings=replace(SETTINGS, account="LOJA2"))
    one, other = first.refund(2000), second.refund(2000)
    assert one.cancel_key != other.cancel_key
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    _decide(second, other, Decision.ANOTHER_RETURN)
    assert second.wait_until_settled(other).key_index == 1
    assert applied(server) == [("refund", "1001", 2000)] * 2
    assert second.refund(2000).key_index == 2


def test_refunds_beyond_the_order_at_two_tills_are_not_both_sent(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    total = first.look_up().refundable
    one, other = first.refund(total - 1000), second.refund(total - 2000)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert applied(server) == [("refund", "1001", total - 1000)]


def test_refunds_that_fit_beside_each_other_are_both_sent(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.refund(2000)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    assert second.wait_until_settled(other).state is State.CONFIRMED
    assert sorted(cents for _kind, _order, cents in applied(server)) == [1000, 2000]


def test_order_of_another_tills_open_refund_waits_for_its_outcome(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.refund(2000)
    server.faults.add("lose_answer", only="refund")
    first.wait_for_state(one, State.UNKNOWN)
    second.wait_until(lambda: second.stored(other).failure_reason is FailureReason.OTHER_TILL)
    assert second.stored(other).state is State.QUEUED
    assert len(posted_requests(server)) == 1
    assert first.wait_until_settled(one).evidence is Evidence.KEY
    first.sync()
    second.sync()
    assert second.wait_until_settled(other).state is State.CONFIRMED


def test_refund_unsettled_without_database_is_not_confirmed_by_another_tills_key(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    exchanges = first.exchange, second.exchange
    first.exchange = second.exchange = None
    one, other = first.refund(4990), second.refund(4990)
    server.faults.add("close", only="refund")
    second.wait_for_state(other, State.UNKNOWN)
    _pause(second)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.exchange, second.exchange = exchanges
    first.sync()
    _resume(second, server)
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert applied(server) == [("refund", "1001", 4990)]


def test_taken_over_refund_needs_review_at_its_till(tills: tuple[ShopTill, ShopTill], server: TrainingServer) -> None:
    first, second = tills
    server.faults.add("lose_answer", only="refund")
    one = first.refund(4990)
    first.wait_for_state(one, State.UNKNOWN)
    _pause(first)
    first.sync()
    second.sync()
    busy = second.ledger.queries.others.unfinished_of("1001", BONIFIQ_SCOPE)
    assert busy is not None
    assert (busy.uid, busy.till) == (first.stored(one).uid, "CAIXA1")
    second.ledger.shop.take_over(busy.uid, "Ana")
    other = second.refund(4990)
    assert other.cancel_key == one.cancel_key
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    _resume(first, server)
    lost = first.wait_until_settled(one)
    assert (lost.state, lost.review_reason) == (State.REVIEW, ReviewReason.TAKEN_OVER)
    assert applied(server) == [("refund", "1001", 4990)]


def test_refund_released_after_another_tills_change_is_sent(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(4990), second.refund(4990)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    asked = second.wait_until_settled(other)
    assert asked.review_reason is ReviewReason.OTHER_TILL
    _decide(second, asked, Decision.ANOTHER_RETURN)
    done = second.wait_until_settled(other)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert done.cancel_key != one.cancel_key
    assert applied(server) == [("refund", "1001", 4990)] * 2


def test_refund_sent_all_the_same_asks_a_person_once(tills: tuple[ShopTill, ShopTill], server: TrainingServer) -> None:
    first, second = tills
    total = first.look_up().refundable
    one, other = first.refund(total - 1000), second.refund(total - 2000)
    first.wait_until_settled(one)
    first.sync()
    asked = second.wait_until_settled(other)
    assert asked.review_reason is ReviewReason.OTHER_TILL
    _decide(second, asked, Decision.TRY_AGAIN)
    second.wait_until(lambda: len(posted_requests(server)) == 2)
    assert second.wait_until_settled(other).review_reason is not ReviewReason.ORDER_CHANGED


def test_sale_number_typed_at_two_tills_is_sent_by_one(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.sell(SALE), second.sell(SALE)
    server.faults.add("lose_answer", only="sale")
    first.wait_for_state(one, State.UNKNOWN)
    second.wait_until(lambda: second.stored(other).failure_reason is FailureReason.OTHER_TILL)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    second.sync()
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert settled.attempts == 0
    assert len({request.body for request in posted_requests(server)}) == 1


def test_whole_cancel_of_an_order_refunded_at_another_till_needs_review(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.cancel()
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert applied(server) == [("refund", "1001", 1000)]


def test_claim_of_a_till_that_died_is_its_own_after_the_restart(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.refund(2000)
    server.faults.add("lose_answer", only="refund")
    first.wait_for_state(one, State.UNKNOWN)
    access = first.access_to_shop
    folder = first.path.parent
    first.close()
    second.run_for(0.1)
    assert second.stored(other).attempts == 0
    again = ShopTill(folder, server.url, credentials_of(server), access, settings=SETTINGS)
    try:
        assert again.wait_until_settled(one).state is State.CONFIRMED
        again.sync()
    finally:
        again.close()
    second.sync()
    assert second.wait_until_settled(other).state is State.CONFIRMED
    assert sorted(cents for _kind, _order, cents in applied(server)) == [1000, 2000]


def test_claim_that_waits_its_turn_while_the_till_leaves_fills_no_mirror(tills: tuple[ShopTill, ShopTill]) -> None:
    first, second = tills
    _pause(first)
    refunds = first.refund(100, "1001"), first.refund(200, "1004")
    first.sync()
    second.wait_until_settled(second.refund(400, "1003"))
    second.sync()
    claims = OrderClaims(first.ledger, lambda: first.exchange)

    async def leave() -> list[Admission]:
        slow = asyncio.create_task(first.database.call(lambda each: each.execute("SELECT pg_sleep(3)"), 10.0))
        await asyncio.sleep(0.2)
        waiting = [asyncio.create_task(claims.admit(refund)) for refund in refunds]
        await asyncio.sleep(0.2)
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        first.database.close()
        first.ledger.changes.leave()
        first.ledger.shop.forget()
        return await asyncio.gather(*waiting)

    assert first.run(leave()) == [SEND, SEND]  # as without a shop database
    assert first.ledger.shop.cursors() == {}
    assert [each.till for each in first.ledger.queries.page("")] == ["", ""]


def test_claim_that_a_restored_database_kept_for_a_finished_refund_ends(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first, second = tills
    server.faults.add("close", only="refund")
    one = first.refund(1000)
    first.wait_for_state(one, State.UNKNOWN)
    with shop_base.admin() as admin:
        admin.execute("CREATE TABLE kept AS SELECT * FROM bonifiq.claims")
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    second.sync()
    with shop_base.admin() as admin:
        admin.execute("INSERT INTO bonifiq.claims SELECT * FROM kept")
    assert _claimed(shop_base) == ["CAIXA1"], "and this till is gone"
    assert second.wait_until_settled(second.refund(2000)).state is State.CONFIRMED
    second.sync()
    assert _claimed(shop_base) == []


def test_newer_till_with_an_outcome_on_the_order_needs_review(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.refund(2000)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    _make_unreadable(shop_base, "CAIXA1")
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert applied(server) == [("refund", "1001", 1000)]


def test_refund_that_waits_with_its_claim_learns_what_was_sent_without_one(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer
) -> None:
    first, second = tills
    one, other = first.refund(1000), second.refund(2000)
    server.stop()
    first.wait_until(lambda: first.stored(one).failure_reason is FailureReason.NO_CONNECTION)
    server.start()
    exchange, second.exchange = second.exchange, None
    assert second.wait_until_settled(other).state is State.CONFIRMED
    second.exchange = exchange
    second.sync()
    assert first.wait_until_settled(one).state is State.CONFIRMED
    assert ("CAIXA2", 2000) in {(o.till, o.value) for o in first.ledger.queries.history_of("1001").operations}


def test_outcome_of_a_newer_till_counts_beside_a_later_readable_one(
    tills: tuple[ShopTill, ShopTill],
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    open_shop_till: OpenShopTill,
) -> None:
    first, second = tills
    third = open_shop_till("CAIXA3")
    total = first.look_up().refundable
    one, late, other = first.refund(total - 3000), third.refund(1000), second.refund(total - 2000)
    assert first.wait_until_settled(one).state is State.CONFIRMED
    first.sync()
    third.sync()
    assert third.wait_until_settled(late).state is State.CONFIRMED
    third.sync()
    _make_unreadable(shop_base, "CAIXA1")
    settled = second.wait_until_settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert applied(server) == [("refund", "1001", total - 3000), ("refund", "1001", 1000)]


@pytest.fixture(name="returned")
def refund_sent_again_after_a_take_over(tills: tuple[ShopTill, ShopTill], server: TrainingServer) -> Operation:
    """A refund of the first till that the second took over, and that a person sends again as another return."""
    first, second = tills
    server.faults.add("close", only="refund")
    one = first.refund(2000)
    first.wait_for_state(one, State.UNKNOWN)
    _pause(first)
    first.sync()
    second.sync()
    second.ledger.shop.take_over(first.stored(one).uid, "Ana")
    assert second.wait_until_settled(second.refund(1000)).state is State.CONFIRMED
    second.sync()
    _resume(first, server)
    lost = first.wait_until_settled(one)
    assert lost.review_reason is ReviewReason.TAKEN_OVER
    first.expire_copies()
    server.faults.add("close", only="refund", times=99)
    again = _decide(first, lost, Decision.ANOTHER_RETURN)
    first.wait_until(lambda: first.stored(one).attempts > lost.attempts)
    _pause(first)
    first.sync()
    return again


def test_refund_taken_over_a_second_time_needs_review_again(
    tills: tuple[ShopTill, ShopTill], returned: Operation, server: TrainingServer
) -> None:
    first, second = tills
    second.sync()
    second.ledger.shop.take_over(returned.uid, "Ana")
    other = second.refund(1500)
    second.wait_until(lambda: second.stored(other).attempts > 0)
    _resume(first, server)
    settled = first.wait_until_settled(returned)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.TAKEN_OVER)


def test_release_of_an_order_ends_when_its_till_sends_again(
    tills: tuple[ShopTill, ShopTill], returned: Operation
) -> None:
    _first, second = tills
    second.sync()
    busy = second.ledger.queries.others.unfinished_of("1001", BONIFIQ_SCOPE)
    assert busy is not None
    assert busy.uid == returned.uid
    assert second.ledger.shop.taken_over("1001", BONIFIQ_SCOPE) == []


def test_sale_under_a_number_of_this_till_claims_nothing(
    tills: tuple[ShopTill, ShopTill], server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first, _second = tills
    sale = first.sell(replace(SALE, order_id=""))
    assert first.wait_until_settled(sale).state is State.CONFIRMED
    assert _claimed(shop_base) == []
    typed = first.sell(SALE)
    first.wait_until_settled(typed)
    assert _claimed(shop_base) == ["CAIXA1"]
