"""Tests of the completion of pending sales."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.completions import CompletionRequest, NotCompletable
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Decision, Evidence, Kind, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.domain.sales import SaleError, SaleState
from bonifiq_desktop.domain.verdicts import Bonus
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import SALE, Till, applied, posted_requests

PENDING = replace(
    SALE,
    state=SaleState.PENDING,
    products=(Product("P1", "Blusa", 9000, 2, "10 = Nike", "Roupas > 7 = Blusas"),),
    payment_method="v = Visa",
    sales_person="17 = Bia",
    branch_id="L1",
    branch_name="Centro",
    coupon="VIP",
    notes=(("NFC-e", "35AB"),),
)
SOLD = [("sale", "2001", 9000)]
COMPLETED = [*SOLD, ("sale_update", "2001", 9000)]
ELSEWHERE = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}


def complete(till: Till, order_id: str = "2001", **changes: Any) -> Operation:
    request = CompletionRequest(till.look_up(order_id).order, datetime.now(UTC))
    operation = till.run(till.registration.complete(replace(request, **changes)))
    till.outbox.wake()
    return operation


def last_post(server: TrainingServer) -> dict[str, Any]:
    body: dict[str, Any] = exact_json.load(posted_requests(server)[-1].body)
    return body


@pytest.fixture(name="pending")
def till_with_a_pending_sale(till: Till) -> Till:
    assert till.wait_until_settled(till.sell(PENDING)).state is State.CONFIRMED
    return till


def test_completion_of_pending_sale_gives_points(pending: Till, server: TrainingServer) -> None:
    before = exact_json.load(posted_requests(server)[0].body)
    done = pending.wait_until_settled(complete(pending))
    assert (done.kind, done.state, done.evidence) == (Kind.COMPLETION, State.CONFIRMED, Evidence.ANSWER)
    assert done.bonus == Bonus(90, 450)
    assert applied(server) == COMPLETED
    after = last_post(server)
    changed = {name for name in after.keys() | before.keys() if after.get(name) != before.get(name)}
    new = {"IsCompleted", "OrderCompletedDate", "OrderStatus", "UpdatedDate"}
    assert changed == {*new, "Customer"}, "nothing known is lost, and the customer is BonifiQ's"
    assert after["IsCompleted"] is True
    order = server.service.find("2001")
    assert order is not None
    assert order.is_completed
    assert not pending.look_up("2001").completable


def test_completion_repeats_customer_of_lookup(pending: Till, server: TrainingServer) -> None:
    customer = next(iter(server.service._customers.values()))
    server.service._orders["2001"].customer_id = customer.original_id
    customer.is_enrolled = False
    complete(pending)
    pending.wait_until(lambda: len(posted_requests(server)) == 2)
    block = last_post(server)["Customer"]
    assert block["OriginalId"] == customer.original_id
    assert (block["Name"], block["Email"], block["IsEnrolled"]) == (customer.name, customer.email, False)
    assert not block.keys() & {"Id", "TierName", "PointsBalance", "CurrentTier"}


def test_completion_of_other_tills_sale_repeats_lookup(make_till: MakeTill, server: TrainingServer) -> None:
    first, second = make_till("caixa1"), make_till("caixa2")
    sold = first.wait_until_settled(first.sell(PENDING))
    assert second.wait_until_settled(complete(second)).state is State.CONFIRMED
    body = last_post(server)
    assert [(p["OriginalId"], p["ProductPrice"]) for p in body["Products"]] == [("P1", 90)]
    assert body["SalesPerson"] == {"OriginalId": "17", "Name": "Bia"}
    assert body["Branch"] == {"OriginalId": "L1", "Name": "Centro"}
    reference = {"Name": REFERENCE, "Value": sold.reference}
    assert body["Metadatas"] == [{"Name": "NFC-e", "Value": "35AB"}, reference], "it stays known as the first till's"
    assert body["Coupon"] == "VIP"


def test_completion_without_metadata_repeats_reference(pending: Till, server: TrainingServer) -> None:
    [sold] = pending.ledger.queries.history_of("2001").operations
    server.service.set_options(shows_metadatas=False)
    pending.wait_until_settled(complete(pending))
    assert {"Name": REFERENCE, "Value": sold.reference} in last_post(server)["Metadatas"]
    server.service.set_options(shows_metadatas=True)
    pending.time_offset += timedelta(minutes=6)
    pending.look_up("2001")
    assert not pending.stored(sold).contradicted, "BonifiQ still shows this till's sale"


@pytest.mark.parametrize("fault", ["lose_answer", "reset", "error_500_after"])
def test_unknown_completion_is_confirmed_by_lookup(pending: Till, server: TrainingServer, fault: FaultName) -> None:
    server.faults.add(fault, only="sale")
    done = pending.wait_until_settled(complete(pending))
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.LOOKUP, 1)
    assert applied(server) == COMPLETED


@pytest.mark.parametrize("fault", ["close", "error_500", "html"])
def test_unknown_completion_not_applied_is_repeated_unchanged(
    pending: Till, server: TrainingServer, fault: FaultName
) -> None:
    server.faults.add(fault, only="sale")
    done = pending.wait_until_settled(complete(pending))
    assert (done.state, done.attempts) == (State.CONFIRMED, 2)
    first, second = posted_requests(server)[1:]
    assert first.body == second.body
    assert applied(server) == COMPLETED


@pytest.mark.parametrize("change", ["cancelled", "completed", "dearer", "gone"])
@pytest.mark.parametrize("sent", [True, False])
def test_completion_of_changed_order_needs_review(
    pending: Till, server: TrainingServer, change: str, *, sent: bool
) -> None:
    operation = complete(pending)
    if sent:
        server.faults.add("close", only="sale")

    def changes(heard: Operation | None = None) -> None:
        order = server.service._orders.get("2001")
        if order is None or (heard is not None and heard.state is not State.UNKNOWN):
            return
        if change == "cancelled":
            order.cancelled = "2026-01-01T00:00:00Z"
        elif change == "completed":
            order.is_completed, order.total_cents = True, 9000 + sent
        elif change == "dearer":
            order.total_cents = 9100
        else:
            del server.service._orders["2001"]

    if sent:
        pending.on_published = changes
    else:
        changes()
    done = pending.wait_until_settled(operation)
    assert (done.state, done.attempts) == (State.REVIEW, int(sent))
    assert done.review_reason is (ReviewReason.LOOKUP_DISAGREES if sent else ReviewReason.ORDER_CHANGED)
    assert len(posted_requests(server)) == 1 + sent


def test_refused_completion_is_final_after_lookup(pending: Till, server: TrainingServer) -> None:
    server.faults.add("refuse", only="sale", message="Fora do prazo.")
    done = pending.wait_until_settled(complete(pending))
    assert (done.state, done.message) == (State.REFUSED, "Fora do prazo.")
    assert pending.wait_until_settled(complete(pending)).state is State.CONFIRMED


def test_second_completion_of_order_is_refused(pending: Till, server: TrainingServer) -> None:
    found = pending.look_up("2001")
    assert found.completable
    server.faults.add("delay", only="sale", seconds=1.0)
    operation = complete(pending)
    assert not pending.look_up("2001").completable
    with pytest.raises(OrderBusy):
        complete(pending)
    pending.wait_until_settled(operation)
    with pytest.raises(NotCompletable):
        complete(pending)
    server.service._orders["2001"].is_completed = False  # an outdated look-up
    assert not pending.look_up("2001").completable
    with pytest.raises(AlreadyRegistered):
        complete(pending)
    assert applied(server) == COMPLETED


def test_completion_of_other_or_final_order_is_refused(pending: Till, server: TrainingServer) -> None:
    seen = pending.look_up("2001").order
    for order in (pending.look_up("1001").order, replace(seen, total=9100)):
        with pytest.raises(NotCompletable):
            complete(pending, order=order)
    with pytest.raises(SaleError):
        complete(pending, at=datetime.now(UTC) + timedelta(minutes=5))
    server.service.cancel("2001", ELSEWHERE)
    with pytest.raises((NotCompletable, OrderAlreadyCancelled)):
        complete(pending)
    assert len(posted_requests(server)) == 1


def test_cancel_of_pending_sale_is_confirmed(pending: Till, server: TrainingServer) -> None:
    done = pending.wait_until_settled(pending.cancel("2001"))
    assert (done.kind, done.state) == (Kind.CANCEL, State.CONFIRMED)
    assert applied(server) == [*SOLD, ("cancel", "2001", 9000)]
    assert posted_requests(server)[-1].path.endswith("/POS/orders/2001/cancel")


def test_completion_request_is_erased_when_final(pending: Till) -> None:
    operation = complete(pending)
    bodies = "SELECT body FROM operations WHERE body IS NOT NULL"
    assert len(pending.ledger.connection.rows(bodies)) == 1
    assert b"52998224725" in pending.ledger.personal_data.request_bodies(["2001"])[0]
    pending.wait_until_settled(operation)
    assert pending.ledger.connection.rows(bodies) == []


def test_confirmed_completion_shown_pending_raises_alarm(pending: Till, server: TrainingServer) -> None:
    done = pending.wait_until_settled(complete(pending))
    server.service._orders["2001"].is_completed = False
    pending.time_offset = timedelta(minutes=6)
    pending.look_up("2001")
    assert pending.stored(done).contradicted
    assert pending.stored(done).state is State.CONFIRMED


def test_completion_in_review_can_be_repeated(pending: Till, server: TrainingServer) -> None:
    server.faults.add("error_500", only="sale", times=50)
    operation = pending.wait_until_settled(complete(pending))
    assert (operation.state, operation.review_reason) == (State.REVIEW, ReviewReason.BUDGET_USED_UP)
    server.faults.clear()
    pending.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "a linha voltou")
    pending.outbox.wake()
    assert pending.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == COMPLETED


def test_completion_is_found_by_every_spelling_of_order_id(till: Till, server: TrainingServer) -> None:
    """Otherwise a second completion, after an outdated look-up, would fail as a damaged ledger."""
    composed, decomposed = "SÃO-7", "SA\u0303O-7"
    till.wait_until_settled(till.sell(replace(PENDING, order_id=composed)))
    done = till.wait_until_settled(complete(till, composed))
    order = server.service._orders[composed]
    order.original_id, order.is_completed = decomposed, False  # lags behind
    server.service._orders[decomposed] = order
    found = till.look_up(decomposed)
    assert (found.order.order_id, found.order.pending) == (decomposed, True)
    with pytest.raises(AlreadyRegistered) as refused:
        complete(till, decomposed)
    assert refused.value.operation.operation_id == done.operation_id
    assert till.ledger.queries.sold_order(decomposed) is not None
