"""What a cashier asks for is answered, or refused before anything is written or sent."""

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import Line, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, OrderIdError, Product
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.errors import OrderBusy, SaleNumberUsed
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled, RefundRequest, ValueNotRefundable
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import SALE, Till, applied, posted_requests
from tests.support.ledger_actions import START

MARIA = "52998224725"


def history(till: Till) -> list[Operation]:
    """Everything registered at a till."""
    return till.ledger.queries.page("", None)


def test_a_lookup_shows_the_order_and_what_can_be_refunded(till: Till) -> None:
    found = till.look_up(" 1001 ")
    assert (found.order.order_id, found.requested_id, found.refundable, found.refunded) == ("1001", "1001", 12990, 0)
    assert (found.closed, found.unfinished, found.operations, found.id_mismatch) == (False, None, (), False)
    assert [product.price for product in found.order.products] == [4990, 6510, 1490]


def test_an_order_number_with_a_slash_is_found_and_refunded(till: Till, server: TrainingServer) -> None:
    assert till.wait_until_settled(till.refund(100, "1006/B")).state is State.CONFIRMED
    assert applied(server) == [("refund", "1006/B", 100)]


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_what_is_left_is_right_whether_or_not_lookups_show_refunds(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    for value in (4990, 1000):
        till.wait_until_settled(till.refund(value))
    found = till.look_up()
    assert (found.refundable, found.refunded) == (12990 - 5990, 5990)


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_money_given_back_elsewhere_is_counted_where_lookups_show_it(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    till.look_up()
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"})
    assert till.look_up().refundable == (2990 if shows_refunds else 12990)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("html", FailureReason.UNREADABLE),
        ("nonsense", FailureReason.UNREADABLE),
        ("error_500", FailureReason.SERVER_ERROR),
        ("error_503", FailureReason.THROTTLED),
        ("unauthorized", FailureReason.CREDENTIALS),
    ],
)
def test_a_lookup_without_an_order_says_why(
    till: Till, server: TrainingServer, fault: FaultName, trouble: FailureReason
) -> None:
    server.faults.add(fault, only="lookup")
    with pytest.raises(LookupFailed) as failed:
        till.look_up()
    assert failed.value.reason is trouble


def test_an_unknown_order_is_not_found(till: Till) -> None:
    with pytest.raises(OrderNotFound):
        till.look_up("4711")


@pytest.mark.parametrize("typed", ["", "  ", "..", "a\tb"])
def test_what_cannot_be_an_order_number_is_not_asked_for(till: Till, server: TrainingServer, typed: str) -> None:
    with pytest.raises(OrderIdError):
        till.look_up(typed)
    assert server.service.requests == []


@pytest.mark.parametrize("value", [0, -100, 12991, 10**9])
def test_a_value_that_is_not_left_is_refused_here(till: Till, server: TrainingServer, value: int) -> None:
    with pytest.raises(ValueNotRefundable) as refused:
        till.refund(value)
    assert refused.value.refundable == 12990
    assert (history(till), posted_requests(server)) == ([], [])


def test_the_last_cent_can_be_refunded_and_not_one_more(till: Till, server: TrainingServer) -> None:
    till.wait_until_settled(till.refund(12989))
    with pytest.raises(ValueNotRefundable):
        till.refund(2)
    assert till.wait_until_settled(till.refund(1)).state is State.CONFIRMED
    assert len(history(till)) == 2


def test_an_old_lookup_on_the_screen_does_not_refund_more_than_is_left(till: Till) -> None:
    order = till.look_up().order
    till.wait_until_settled(till.refund(10000))
    with pytest.raises(ValueNotRefundable) as refused:
        till.registration.refund(RefundRequest(order, 3000))
    assert refused.value.refundable == 2990


ASKS: list[Callable[[Till, str], Operation]] = [lambda till, order: till.refund(100, order), Till.cancel]


@pytest.mark.parametrize("ask", ASKS, ids=["refund", "cancel"])
def test_nothing_more_is_taken_from_a_cancelled_order(
    till: Till, server: TrainingServer, ask: Callable[[Till, str], Operation]
) -> None:
    with pytest.raises(OrderAlreadyCancelled):
        ask(till, "1005")
    assert (history(till), posted_requests(server)) == ([], [])


@pytest.mark.parametrize("ask", ASKS, ids=["refund", "cancel"])
def test_an_order_cancelled_here_stays_cancelled_though_the_screen_still_shows_it_whole(
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
def test_while_something_of_an_order_is_unfinished_nothing_else_of_it_starts(
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


def test_without_credentials_nothing_is_registered(till: Till, server: TrainingServer) -> None:
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


def test_a_sale_that_cannot_be_sent_is_refused_here(till: Till) -> None:
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


def test_sales_without_a_number_get_one_each_that_names_the_till(till: Till, server: TrainingServer) -> None:
    sales = [till.wait_until_settled(till.sell(replace(SALE, order_id=""))) for _ in range(2)]
    day = START.astimezone().date()
    for number, sale in enumerate(sales, 1):
        assert sale.order_id == f"CAIXA1-{day:%y%m%d}-{till.ledger.connection.ledger_id}-{number:04}"
    assert [entry[1] for entry in applied(server)] == [sale.order_id for sale in sales]


def test_a_number_names_one_sale(till: Till) -> None:
    till.wait_until_settled(till.sell())
    with pytest.raises(SaleNumberUsed):
        till.sell()


@pytest.mark.parametrize(("family", "path"), [("POS", "/v1/pvt/POS/1001"), ("Order", "/v1/pvt/Order/1001")])
def test_items_and_paths_go_out_as_the_shop_has_chosen(
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


@pytest.mark.parametrize("typed", [MARIA, "529.982.247-25"])
def test_a_customer_is_found_again_by_the_document_of_an_order_seen_here(till: Till, typed: str) -> None:
    assert till.run(till.customers.find(typed)) is None
    till.look_up("1001")
    found = till.run(till.customers.find(typed))
    assert found is not None
    assert (found.name, found.document) == ("Maria Aparecida dos Santos", "***.982.247-**")


def test_a_customer_whose_document_is_answered_with_dots_is_found_by_its_digits(
    till: Till, server: TrainingServer
) -> None:
    body = {
        "OriginalId": "2002",
        "OrderPlacementDate": "2026-01-01T00:00:00Z",
        "OrderTotal": 10,
        "Customer": {"OriginalId": "nova@exemplo.com.br", "Name": "Nova", "Document": "390.533.447-05"},
    }
    server.service.register_sale(body)
    till.look_up("2002")
    found = till.run(till.customers.find("39053344705"))
    assert found is not None
    assert found.name == "Nova"


def test_an_order_that_has_another_customer_now_names_nobody(till: Till, server: TrainingServer) -> None:
    till.look_up("1002")
    body = {
        "OriginalId": "1002",
        "OrderPlacementDate": "2026-01-01T00:00:00Z",
        "OrderTotal": 189,
        "Customer": {"OriginalId": "maria.santos@exemplo.com.br"},
    }
    server.service.register_sale(body)
    assert till.run(till.customers.find("11144477735")) is None


def test_a_customer_of_a_sale_made_here_is_found_again(till: Till) -> None:
    till.wait_until_settled(till.sell())
    found = till.run(till.customers.find(MARIA))
    assert found is not None
    assert found.name == "Maria"


def test_an_unknown_or_empty_document_finds_nobody_and_asks_nobody(till: Till, server: TrainingServer) -> None:
    till.look_up("1001")
    asked = len(server.service.requests)
    for document in ("", "11144477735"):
        assert till.run(till.customers.find(document)) is None
    assert len(server.service.requests) == asked


def test_no_document_of_a_finished_operation_is_in_the_ledger_or_the_log(
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


def test_an_order_asked_for_in_another_writing_is_the_same_order_with_the_same_key(
    make_till: MakeTill, server: TrainingServer
) -> None:
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
