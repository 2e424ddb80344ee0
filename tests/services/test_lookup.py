"""Look-ups of orders through the service: the combined result, and the reasons of a failure."""

import pytest

from bonifiq_desktop.domain.orders import NotOrderNumber, OrderIdError
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.training_server.fault_injection.fault_injector import FaultName
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till


def test_look_up_returns_order_with_refundable_value(till: Till) -> None:
    found = till.look_up(" 1001 ")
    assert (found.order.order_id, found.requested_id, found.refundable, found.refunded) == ("1001", "1001", 12990, 0)
    assert (found.closed, found.unfinished, found.operations, found.id_mismatch) == (False, None, (), False)
    assert [product.price for product in found.order.products] == [4990, 6510, 1490]


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_refundable_value_is_right_whether_or_not_look_ups_show_refunds(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    for value in (4990, 1000):
        till.wait_until_settled(till.refund(value))
    found = till.look_up()
    assert (found.refundable, found.refunded) == (12990 - 5990, 5990)


@pytest.mark.parametrize("shows_refunds", [True, False])
def test_refundable_value_counts_refunds_elsewhere_that_look_ups_show(
    till: Till, server: TrainingServer, *, shows_refunds: bool
) -> None:
    server.service.shows_refunds = shows_refunds
    till.look_up()
    server.service.refund("1001", {"ValueToRefund": 100, "CancelKey": "ELSEWHERE"})
    assert till.look_up().refundable == (2990 if shows_refunds else 12990)


@pytest.mark.parametrize(
    ("fault", "failure_reason"),
    [
        ("html", FailureReason.UNREADABLE),
        ("nonsense", FailureReason.UNREADABLE),
        ("error_500", FailureReason.SERVER_ERROR),
        ("error_503", FailureReason.THROTTLED),
        ("unauthorized", FailureReason.CREDENTIALS),
    ],
)
def test_look_up_without_order_raises_reason(
    till: Till, server: TrainingServer, fault: FaultName, failure_reason: FailureReason
) -> None:
    server.faults.add(fault, only="lookup")
    with pytest.raises(LookupFailed) as failed:
        till.look_up()
    assert failed.value.reason is failure_reason


def test_look_up_of_unknown_order_raises_not_found(till: Till) -> None:
    with pytest.raises(OrderNotFound):
        till.look_up("4711")


@pytest.mark.parametrize("typed", ["", "  ", "..", "a\tb"])
def test_look_up_of_impossible_order_number_sends_nothing(till: Till, server: TrainingServer, typed: str) -> None:
    with pytest.raises(OrderIdError):
        till.look_up(typed)
    assert server.service.requests == []


@pytest.mark.parametrize("text", ["Maria", "José da Silva", "28/11", "ontem", "R$ 25,90", "25,90"])
def test_look_up_of_a_name_date_or_amount_sends_nothing_unless_insisted(
    till: Till, server: TrainingServer, text: str
) -> None:
    before = len(server.service.requests)
    with pytest.raises(NotOrderNumber) as refused:
        till.look_up(text)
    assert len(server.service.requests) == before
    with pytest.raises(OrderNotFound):
        till.run(till.lookup.look_up(refused.value.order_id, is_order_number=True))
    assert len(server.service.requests) == before + 1
