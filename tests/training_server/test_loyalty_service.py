"""Rules of the loyalty service, without HTTP."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from validate_docbr import CNPJ, CPF

from bonifiq_desktop.training_server.errors import CancelKeyUsed, Refusal
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Order
from bonifiq_desktop.training_server.seed_data import CUSTOMER_SUGGESTIONS, SUGGESTIONS

WHEN = "2025-03-15T10:00:00Z"


def sale(order_id: str = "2001", total: str = "90.00", **more: Any) -> dict[str, Any]:
    return {
        "OriginalId": order_id,
        "OrderPlacementDate": WHEN,
        "OrderCompletedDate": WHEN,
        "IsCompleted": True,
        "OrderTotal": Decimal(total),
        "Customer": {"OriginalId": "novo@exemplo.com.br", "Name": "Cliente Novo"},
        **more,
    }


def refund(value: str, key: str = "K1", *lines: tuple[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"ValueToRefund": Decimal(value), "CancelKey": key}
    if lines:
        body["Products"] = [{"OriginalId": name, "ValueToRefund": Decimal(part)} for name, part in lines]
    return body


def held(service: LoyaltyService, customer_id: str) -> tuple[int, int]:
    customer = service.customer(customer_id)
    assert customer is not None
    return customer.points, customer.cashback_cents


def known(service: LoyaltyService, order_id: str) -> Order:
    order = service.find(order_id)
    assert order is not None
    return order


@pytest.fixture(name="service")
def fresh_shop() -> LoyaltyService:
    return LoyaltyService()


def test_sale_gives_a_point_per_real_and_five_percent_cashback(service: LoyaltyService) -> None:
    order = service.register_sale(sale(total="90.99"))
    assert service.bonus(order) == (90, 454)
    assert held(service, "novo@exemplo.com.br") == (90, 454)


def test_equal_sale_again_changes_nothing(service: LoyaltyService) -> None:
    first = service.register_sale(sale())
    again = service.register_sale(sale())
    assert again == first
    assert held(service, "novo@exemplo.com.br") == (90, 450)
    assert [entry.kind for entry in service.applied] == ["sale"]


def test_known_order_with_new_total_updates_points(service: LoyaltyService) -> None:
    service.register_sale(sale())
    service.register_sale(sale(total="40.00"))
    assert held(service, "novo@exemplo.com.br") == (40, 200)
    assert [entry.kind for entry in service.applied] == ["sale", "sale_update"]


def test_order_moved_to_another_customer_moves_its_points(service: LoyaltyService) -> None:
    service.register_sale(sale())
    service.register_sale(sale(Customer={"OriginalId": "outra@exemplo.com.br", "Name": "Outra"}))
    assert held(service, "novo@exemplo.com.br") == (0, 0)
    assert held(service, "outra@exemplo.com.br") == (90, 450)


@pytest.mark.parametrize(
    "block",
    [
        {"OriginalId": "52998224725", "Document": "529.982.247-25"},
        {"OriginalId": "x", "Email": "MARIA.SANTOS@exemplo.com.br"},
        {"OriginalId": "maria.santos@exemplo.com.br"},
    ],
)
def test_customer_is_found_by_document_email_or_store_id(service: LoyaltyService, block: dict[str, Any]) -> None:
    assert service.register_sale(sale(Customer=block)).customer_id == "maria.santos@exemplo.com.br"


def test_email_in_other_letter_case_is_the_same_customer(service: LoyaltyService) -> None:
    first = service.register_sale(sale(Customer={"OriginalId": "x", "Email": "Bia@Exemplo.com.br"}))
    again = service.register_sale(sale("2002", Customer={"OriginalId": "y", "Email": "bia@exemplo.com.br"}))
    assert first.customer_id == again.customer_id == "x"


def test_cnpj_with_letters_is_another_company_than_its_digits(service: LoyaltyService) -> None:
    assert service.register_sale(sale(Customer={"OriginalId": "x", "Document": "12.345.013/5"})).customer_id == "x"
    found = service.register_sale(sale("2002", Customer={"OriginalId": "y", "Document": "12.ABC.345/01DE-35"}))
    assert found.customer_id == "12ABC34501DE35"


def test_pending_sale_or_unenrolled_customer_earns_nothing(service: LoyaltyService) -> None:
    pending = service.register_sale(sale(IsCompleted=False, OrderCompletedDate=None))
    outside = {"OriginalId": "fora@exemplo.com.br", "IsEnrolled": False}
    assert service.bonus(pending) == (0, 0)
    assert service.bonus(service.register_sale(sale("2002", Customer=outside))) == (0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"OrderCompletedDate": None}, "OrderCompletedDate"),
        ({"IsCancelledOrReturned": True}, "OrderCancelledDate"),
        ({"OrderTotal": Decimal("9.999")}, "OrderTotal"),
        ({"Products": [{"OriginalId": "A", "ProductPrice": Decimal("0.001")}]}, "ProductPrice"),
    ],
)
def test_contradictory_sale_is_refused_and_stores_nothing(
    service: LoyaltyService, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        service.register_sale({**sale(), **change})
    assert refusal.value.field == field
    assert service.find("2001") is None
    assert service.customer("novo@exemplo.com.br") is None


def test_refund_takes_back_its_share_of_points_and_cashback(service: LoyaltyService) -> None:
    points, cashback = held(service, "maria.santos@exemplo.com.br")
    service.refund("1001", refund("49.90"))
    order = known(service, "1001")
    assert (order.points_given, order.cashback_given) == (80, 400)
    assert held(service, "maria.santos@exemplo.com.br") == (points - 49, cashback - 249)


def test_cancel_key_works_once_per_order(service: LoyaltyService) -> None:
    first = service.refund("1001", refund("10.00"))
    for value in ("10.00", "20.00"):
        with pytest.raises(CancelKeyUsed) as used:
            service.refund("1001", refund(value))
        assert used.value.earlier_refund == first
    assert known(service, "1001").refunded_cents == 1000
    service.refund("1002", refund("10.00"))
    assert [(entry.order_id, entry.cents) for entry in service.applied] == [("1001", 1000), ("1002", 1000)]


def test_cancel_key_stays_used_after_order_is_cancelled(service: LoyaltyService) -> None:
    service.refund("1001", refund("10.00"))
    service.cancel("1001", {"OrderCancelledDate": WHEN})
    with pytest.raises(CancelKeyUsed):
        service.refund("1001", refund("10.00"))


@pytest.mark.parametrize(
    ("order_id", "body", "code_name"),
    [
        ("1001", refund("0"), "INVALID_REFUND"),
        ("1001", refund("-1.00"), "INVALID_REFUND"),
        ("1001", refund("1.005"), "INVALID_REFUND"),
        ("1001", refund("129.91"), "ValueAboveRemaining"),
        ("1005", refund("1.00"), "OrderAlreadyCancelled"),
        ("9999", refund("1.00"), "OrderNotFound"),
        ("1001", refund("10.00", "K1", ("CAM-01", "9.99")), "PRODUCT_REFUND_TOTAL_MISMATCH"),
        ("1001", refund("10.00", "K1", ("ABC", "10.00")), "ProductNotInOrder"),
        ("1001", refund("10.00", "K1", ("CAM-01", "5.00"), ("CAM-01", "5.00")), "DuplicateProduct"),
        ("1001", refund("50.00", "K1", ("CAM-01", "50.00")), "ValueAboveProduct"),
    ],
)
def test_refused_refund_changes_nothing_and_leaves_its_key_unused(
    service: LoyaltyService, order_id: str, body: dict[str, Any], code_name: str
) -> None:
    before = service.find(order_id)
    with pytest.raises(Refusal) as refusal:
        service.refund(order_id, body)
    assert refusal.value.code_name == code_name
    assert service.find(order_id) == before
    assert service.applied == []
    assert service.refund("1001", refund("1.00", "K1")).cents == 100


def test_refund_up_to_the_remaining_total_is_applied_and_not_more(service: LoyaltyService) -> None:
    service.refund("1001", refund("100.00", "A"))
    with pytest.raises(Refusal, match="ValueAboveRemaining"):
        service.refund("1001", refund("29.91", "B"))
    service.refund("1001", refund("29.90", "B"))
    assert known(service, "1001").remaining_cents == 0


def test_product_refund_above_its_rest_is_refused(service: LoyaltyService) -> None:
    service.refund("1001", refund("40.00", "A", ("CAM-01", "40.00")))
    with pytest.raises(Refusal, match="ValueAboveProduct"):
        service.refund("1001", refund("10.00", "B", ("CAM-01", "10.00")))
    service.refund("1001", refund("9.90", "B", ("CAM-01", "9.90")))


def test_sale_update_below_refunded_value_is_refused(service: LoyaltyService) -> None:
    service.register_sale(sale())
    service.refund("2001", refund("50.00"))
    with pytest.raises(Refusal, match="TotalBelowRefunds"):
        service.register_sale(sale(total="49.99"))
    service.register_sale(sale(total="60.00"))
    assert held(service, "novo@exemplo.com.br") == (10, 50)


def test_cancel_takes_back_the_rest_once_and_order_stays_cancelled(service: LoyaltyService) -> None:
    service.register_sale(sale())
    service.refund("2001", refund("50.00"))
    assert service.cancel("2001", {"OrderCancelledDate": WHEN, "OrderStatus": "Devolvido"}).status == "Devolvido"
    assert held(service, "novo@exemplo.com.br") == (0, 0)
    assert [(entry.kind, entry.cents) for entry in service.applied[1:]] == [("refund", 5000), ("cancel", 4000)]
    assert known(service, "2001").remaining_cents == 0
    for attempt in (
        lambda: service.cancel("2001", {"OrderCancelledDate": WHEN}),
        lambda: service.refund("2001", refund("1.00", "K2")),
        lambda: service.register_sale(sale()),
    ):
        with pytest.raises(Refusal, match="OrderAlreadyCancelled"):
            attempt()


def test_returned_orders_are_copies(service: LoyaltyService) -> None:
    known(service, "1001").refunds.clear()
    order = known(service, "1001")
    order.total_cents = 1
    assert known(service, "1001").total_cents == 12990
    given_back = service.refund("1001", refund("10.00"))
    given_back.cents = 1
    assert known(service, "1001").refunded_cents == 1000


def test_seed_data_has_every_kind_of_order(service: LoyaltyService) -> None:
    orders = {order.original_id: order for order in service.orders()}
    assert [order_id for order_id, _ in SUGGESTIONS] == list(orders)
    for document, _ in CUSTOMER_SUGGESTIONS:
        assert service.find_customer("", document, "") is not None
    assert orders["1001"].total_cents == 12990
    assert len(orders["1002"].items) == 1
    assert len(orders["1003"].items) == 8
    assert max(len(item.title) for item in orders["1004"].items) > 150
    assert orders["1005"].cancelled
    assert not orders["1007"].is_completed
    assert [item.cents for item in orders["8817455903"].items] == [4606, 6009]  # less than the marketplace's prices
    for order in orders.values():
        assert sum(item.cents or 0 for item in order.items) == order.total_cents
        assert order.placed < (order.cancelled or "9")


def test_seed_customers_have_valid_documents(service: LoyaltyService) -> None:
    customers = [service.customer(order.customer_id) for order in service.orders()]
    documents = {customer.document for customer in customers if customer is not None}
    assert None in documents
    companies = {document for document in documents if document and len(document) == 14}
    assert all(CNPJ().validate(document) for document in companies)
    assert any(re.search("[A-Z]", document) for document in companies)
    assert all(CPF().validate(document) for document in documents - companies if document)


class AnyHistory(RuleBasedStateMachine):
    """A state machine: after any actions the balances equal a plain sum."""

    @initialize()
    def open_shop(self) -> None:
        self.service = LoyaltyService()
        self.base = {
            order.customer_id: tuple(
                have - sum(given)
                for have, given in zip(
                    held(self.service, order.customer_id),
                    zip(
                        *[
                            (o.points_given, o.cashback_given)
                            for o in self.service.orders()
                            if o.customer_id == order.customer_id
                        ],
                        strict=True,
                    ),
                    strict=True,
                )
            )
            for order in self.service.orders()
        }

    @rule(order_id=st.sampled_from(["1001", "1002", "1010"]), value=st.integers(-1, 13000), key=st.integers(0, 5))
    def give_back(self, order_id: str, value: int, key: int) -> None:
        try:
            self.service.refund(order_id, {"ValueToRefund": Decimal(value) / 100, "CancelKey": str(key)})
        except Refusal:
            return

    @rule(order_id=st.sampled_from(["1001", "1002", "1010"]))
    def cancel(self, order_id: str) -> None:
        try:
            self.service.cancel(order_id, {"OrderCancelledDate": WHEN})
        except Refusal:
            return

    @rule(order_id=st.sampled_from(["1001", "3001"]), total=st.integers(0, 20000))
    def sell(self, order_id: str, total: int) -> None:
        customer = {"OriginalId": "maria.santos@exemplo.com.br"}
        try:
            self.service.register_sale(sale(order_id, str(Decimal(total) / 100), Customer=customer))
        except Refusal:
            return

    @invariant()
    def refunds_never_exceed_the_total_and_no_key_works_twice(self) -> None:
        for order in self.service.orders():
            assert 0 <= order.refunded_cents <= order.total_cents
            assert len({refund.key for refund in order.refunds}) == len(order.refunds)

    @invariant()
    def balances_are_what_the_orders_are_worth(self) -> None:
        orders = self.service.orders()
        for customer_id, (points, cashback) in self.base.items():
            worth = [self.service.bonus(order) for order in orders if order.customer_id == customer_id]
            expected = (points + sum(p for p, _ in worth), cashback + sum(c for _, c in worth))
            assert held(self.service, customer_id) == expected


def test_balances_equal_a_plain_sum_after_random_actions() -> None:
    run_state_machine_as_test(
        AnyHistory, settings=settings(database=None, max_examples=40, stateful_step_count=20, deadline=None)
    )
