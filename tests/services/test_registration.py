"""Registration of refunds, cancellations and sales: accepted, or refused before anything is stored or sent."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import Line, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, OrderIdError, Product
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.ledger.errors import OrderBusy, SaleNumberUsed
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, RefundRequest, ValueNotRefundable
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import SALE, Till, applied, posted_requests
from tests.support.ledger_actions import START

MARIA = "52998224725"


def history(till: Till) -> list[Operation]:
    """Everything registered at a till."""
    return till.ledger.queries.page("")


def test_refund_of_order_number_with_slash_is_applied(till: Till, server: TrainingServer) -> None:
    assert till.wait_until_settled(till.refund(100, "1006/B")).state is State.CONFIRMED
    assert applied(server) == [("refund", "1006/B", 100)]


@pytest.mark.parametrize("value", [0, -100, 12991, 10**9])
def test_refund_of_more_than_refundable_is_not_registered(till: Till, server: TrainingServer, value: int) -> None:
    with pytest.raises(ValueNotRefundable) as refused:
        till.refund(value)
    assert refused.value.refundable == 12990
    assert (history(till), posted_requests(server)) == ([], [])


def test_refund_up_to_last_cent_is_registered_and_no_more(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.refund(12989))
    with pytest.raises(ValueNotRefundable):
        till.refund(2)
    assert till.wait_until_settled(till.refund(1)).state is State.CONFIRMED
    assert len(history(till)) == 2


def test_refund_from_outdated_look_up_is_bounded_by_history(till: Till) -> None:
    order = till.look_up().order
    till.wait_until_settled(till.refund(10000))
    with pytest.raises(ValueNotRefundable) as refused:
        till.registration.refund(RefundRequest(order, 3000))
    assert refused.value.refundable == 2990


ASKS: list[Callable[[Till, str], Operation]] = [lambda till, order: till.refund(100, order), Till.cancel]


@pytest.mark.parametrize("ask", ASKS, ids=["refund", "cancel"])
def test_registration_for_cancelled_order_is_refused(
    till: Till, server: TrainingServer, ask: Callable[[Till, str], Operation]
) -> None:
    with pytest.raises(OrderAlreadyCancelled):
        ask(till, "1005")
    assert (history(till), posted_requests(server)) == ([], [])


@pytest.mark.parametrize("ask", ASKS, ids=["refund", "cancel"])
def test_registration_for_order_cancelled_here_is_refused_despite_old_look_up(
    till: Till, ask: Callable[[Till, str], Operation]
) -> None:
    order = till.look_up().order
    till.wait_until_settled(till.cancel())
    with pytest.raises(OrderAlreadyCancelled):
        till.registration.refund(RefundRequest(order, 100))
    with pytest.raises(OrderAlreadyCancelled):
        till.registration.cancel(order, "")
    assert till.look_up().refundable == 0


@pytest.mark.parametrize("value", [100, 12990])
def test_registration_for_order_with_unfinished_operation_is_refused(
    till: Till, server: TrainingServer, value: int
) -> None:
    first = till.refund(10000)
    found = till.look_up()
    assert found.unfinished == first
    asks: list[Callable[[], Operation]] = [
        lambda: till.registration.refund(RefundRequest(found.order, value)),
        lambda: till.registration.cancel(found.order, ""),
        lambda: till.sell(replace(SALE, order_id="1001")),
    ]
    for ask in asks:
        with pytest.raises(OrderBusy) as busy:
            ask()
        assert busy.value.other.operation_id == first.operation_id
    assert len(history(till)) == 1
    assert till.wait_until_settled(till.refund(100, "1002")).state is State.CONFIRMED, "another order is free"


def test_registration_without_credentials_is_refused(till: Till, server: TrainingServer) -> None:
    order = till.look_up().order
    till.run(till.connection.configure(server.url, None))
    asks: list[Callable[[], object]] = [
        lambda: till.registration.refund(RefundRequest(order, 100)),
        lambda: till.registration.cancel(order, ""),
        till.sell,
        till.look_up,
    ]
    for ask in asks:
        with pytest.raises(NotSetUp):
            ask()
    assert history(till) == []


def test_registration_of_invalid_sale_is_refused(till: Till) -> None:
    discount = (Product("P1", "Blusa", 10000), Product("D", "Desconto", -1000))
    for wrong in (
        replace(SALE, total=0),
        replace(SALE, total=10**15),
        replace(SALE, products=discount),
        replace(SALE, customer=Customer(name="Maria")),
        replace(SALE, order_id=".."),
    ):
        with pytest.raises((SaleError, OrderIdError)):
            till.sell(wrong)
    assert history(till) == []


def test_sale_without_number_gets_unique_one_with_till_name(till: Till, server: TrainingServer) -> None:
    sales = [till.wait_until_settled(till.sell(replace(SALE, order_id=""))) for _ in range(2)]
    day = START.astimezone().date()
    for number, sale in enumerate(sales, 1):
        assert sale.order_id == f"CAIXA1-{day:%y%m%d}-{till.ledger.connection.ledger_id}-{number:04}"
    assert [entry[1] for entry in applied(server)] == [sale.order_id for sale in sales]


def test_sale_number_is_accepted_once(till: Till) -> None:
    till.wait_until_settled(till.sell())
    with pytest.raises(SaleNumberUsed):
        till.sell()


@pytest.mark.parametrize(("family", "path"), [("POS", "/v1/pvt/POS/1001"), ("Order", "/v1/pvt/Order/1001")])
def test_request_follows_settings_for_items_and_paths(
    make_till: MakeTill, server: TrainingServer, family: str, path: str
) -> None:
    till = make_till("caixa1", settings=replace(SETTINGS, send_refund_products=True, order_paths=family))
    order = till.look_up().order
    lines = (Line("CAM-01", "Camiseta", 4000), Line("MEI-03", "Meia", 1000))
    operation = till.registration.refund(RefundRequest(order, 5000, "Troca", lines))
    assert till.wait_until_settled(operation).lines == lines
    [request] = posted_requests(server)
    assert request.path == f"{path}/partialcancel"
    sent = exact_json.load(request.body)["Products"]
    assert [(p["OriginalId"], str(p["ValueToRefund"])) for p in sent] == [("CAM-01", "40.00"), ("MEI-03", "10.00")]


def test_document_of_finished_operation_is_in_neither_ledger_nor_log(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bonifiq_desktop")
    till.look_up("1001")
    till.wait_until_settled(till.sell())
    till.wait_until_settled(till.refund(100))
    till.run(till.customers.find(MARIA))
    till.ledger.close()
    personal = (MARIA, "maria.santos@exemplo", "Aparecida")
    for file in till.path.parent.iterdir():
        content = file.read_bytes()
        assert not [text for text in personal if text.encode() in content], file.name
    assert not [text for text in personal if text in caplog.text]


def test_order_number_in_other_spelling_makes_same_client_key(make_till: MakeTill, server: TrainingServer) -> None:
    typed, answered = "SA\u0303O-7", "SÃO-7"
    order = server.service.find("1001")
    assert order is not None
    order.original_id = answered
    server.service._orders |= {typed: order, answered: order}
    one, other = make_till("caixa1"), make_till("caixa2")
    found = one.look_up(typed)
    assert (found.order.order_id, found.id_mismatch) == (answered, False)
    first = one.wait_until_settled(one.refund(1000, typed))
    assert first.state is State.CONFIRMED
    assert one.look_up(answered).refunded == 1000
    second = other.wait_until_settled(other.refund(1000, answered))
    assert (second.cancel_key, second.review_reason) == (first.cancel_key, ReviewReason.KEY_USED_BEFORE)
