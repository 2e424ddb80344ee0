"""Balances add up: opening balance, plus what orders gave, minus what live redemptions took."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bonifiq_desktop.training_server import responses
from bonifiq_desktop.training_server.errors import Refusal
from bonifiq_desktop.training_server.loyalty_service import LoyaltyService
from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.rewards.options import REWARD_OPTIONS
from tests.support.training_calls import CANCEL, SALE

MARIA = "maria.santos@exemplo.com.br"
KEYS = st.sampled_from(["R-1", "R-2", "R-3", "R-4"])
ORDERS = st.sampled_from(["2001", "2002", "2003"])
OPTIONS = {name: st.sampled_from(values) for name, values in REWARD_OPTIONS.items()}


class Counter(RuleBasedStateMachine):
    """Any calls in any order, under any options; refusals change nothing."""

    @initialize(options=st.fixed_dictionaries(OPTIONS))
    def open(self, options: dict[str, Any]) -> None:
        self.service = LoyaltyService()
        self.service.rewards.set_options(**options)
        self.opening = self.customer()
        self.given = self.given_by_orders()

    def customer(self) -> Customer:
        found = self.service.customer(MARIA)
        assert found is not None
        return found

    def given_by_orders(self) -> tuple[int, int]:
        mine = [order for order in self.service.orders() if order.customer_id == MARIA]
        return sum(order.points_given for order in mine), sum(order.cashback_given for order in mine)

    def attempt(self, call: Any) -> None:
        before, applied = self.customer(), len(self.service.applied)
        try:
            call()
        except Refusal:
            assert (self.customer(), len(self.service.applied)) == (before, applied)

    @rule(number=st.sampled_from([11, 12, 13, 16, 17]), key=KEYS, cents=st.integers(1, 2000))
    def redeem(self, number: int, key: str, cents: int) -> None:
        value = {"Value": Decimal(cents).scaleb(-2)} if number == 11 else {}
        body = {"CustomerId": MARIA, "OriginalKey": key, **value}
        self.attempt(lambda: self.service.rewards.redeem(number, self.customer(), body))

    @rule(key=KEYS)
    def undo(self, key: str) -> None:
        self.attempt(lambda: self.service.rewards.undo_by_key(key))

    @rule(key=KEYS, order_id=ORDERS, total=st.integers(0, 200))
    def sell(self, key: str, order_id: str, total: int) -> None:
        code = next((each.external_code for each in self.service.rewards.redemptions if each.key == key), None)
        body = {**SALE, "OriginalId": order_id, "OrderTotal": total, "Products": [], "Coupon": code}
        self.attempt(lambda: self.service.register_sale(body))

    @rule(order_id=ORDERS, cents=st.integers(1, 5000), returns=st.sampled_from([None, True, False]))
    def refund(self, order_id: str, cents: int, *, returns: bool | None) -> None:
        body = {"ValueToRefund": Decimal(cents).scaleb(-2), "ShouldRefundRedeem": returns}
        self.attempt(lambda: self.service.refund(order_id, body))

    @rule(order_id=ORDERS)
    def cancel(self, order_id: str) -> None:
        self.attempt(lambda: self.service.cancel(order_id, CANCEL))

    @invariant()
    def balances_add_up(self) -> None:
        live = [each for each in self.service.rewards.redemptions if not each.cancelled]
        points, cashback = self.given_by_orders()
        customer = self.customer()
        assert customer.points == self.opening.points + points - self.given[0] - sum(each.points for each in live)
        assert customer.cashback_cents == (
            self.opening.cashback_cents + cashback - self.given[1] - sum(each.cents for each in live)
        )

    @invariant()
    def history_explains_the_balance(self) -> None:
        body = responses.balance_body(self.service, self.customer())
        rows = [row for row in body["PointHistory"] if not row["IsCanceled"]]
        own = self.opening.points - self.given[0]
        assert body["PointsBalance"] == own + sum(row["Amount"] for row in rows)

    @invariant()
    def reward_is_in_one_order_at_most(self) -> None:
        used = [each.order_id for each in self.service.rewards.redemptions if each.order_id and not each.cancelled]
        assert len(used) == len(set(used))


def test_balances_add_up_after_any_calls() -> None:
    run_state_machine_as_test(
        Counter, settings=settings(max_examples=25, stateful_step_count=15, deadline=None, database=None)
    )
