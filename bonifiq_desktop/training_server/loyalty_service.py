"""The loyalty service: orders, customers, balances, and the rules that change them.

The rules follow the vendor's documents. Where the documents say nothing (refunds above the total, updates of cancelled
orders, limits per product), the rules are strict: a client that relies on leniency fails here and not in a shop.
"""

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack, get_args, get_type_hints

from bonifiq_desktop.training_server import seed_data, validation
from bonifiq_desktop.training_server.errors import CancelKeyUsed, Refusal
from bonifiq_desktop.training_server.fault_injection.answer_forms import is_one_of
from bonifiq_desktop.training_server.json_codec import format_timestamp, parse_timestamp
from bonifiq_desktop.training_server.models import (
    ORIGIN_POS,
    AppliedChange,
    AppliedKind,
    Customer,
    Order,
    ReceivedRequest,
    Refund,
    State,
    read_state,
    write_state,
)
from bonifiq_desktop.training_server.rewards.programme import RewardProgramme

KnownSale = Literal["updates", "refuses", "duplicates"]


class ServiceOptions(TypedDict, total=False):
    """Behaviour that the vendor does not document. The client must keep its promises under every combination.

    The first value of each option is the default.
    """

    shows_refunds: Literal[False, True]
    """Earlier refunds lower the OrderTotal of a look-up."""
    refunds_cancelled: Literal[False, True]
    """Partial refunds of a cancelled order are applied."""
    known_sale: KnownSale
    """The effect of a POST with a known OriginalId."""
    shows_metadatas: Literal[True, False]
    """Look-ups return the order's Metadatas."""


SERVICE_OPTIONS: dict[str, tuple[bool | KnownSale, ...]] = {
    name: get_args(values) for name, values in get_type_hints(ServiceOptions).items()
}
"""The values of each option."""

_CASHBACK_PERCENT = 5
_MOST_REQUESTS_KEPT = 50_000


def _now() -> datetime:
    return datetime.now(UTC)


class LoyaltyService:
    """Orders, customers and the changes applied to them. Every public method is thread-safe.

    Bodies are parsed JSON that fits the contract, with Decimal or int amounts in reais. Each option is an attribute
    that may be set at any time. `rewards`: codes and redemptions. `applied` only grows; `requests` holds the latest
    calls in order of arrival.
    """

    shows_refunds: bool
    refunds_cancelled: bool
    known_sale: KnownSale
    shows_metadatas: bool

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = _now,
        seeded: bool = True,
        **options: Unpack[ServiceOptions],
    ) -> None:
        self.set_options(**{name: values[0] for name, values in SERVICE_OPTIONS.items()} | options)  # type: ignore[arg-type]
        self.applied: list[AppliedChange] = []
        self.requests: list[ReceivedRequest] = []
        self.lock = threading.RLock()
        self._clock = clock
        self._request_count = 0
        self._orders: dict[str, Order] = {}
        self._duplicates: list[Order] = []
        self._customers: dict[str, Customer] = {}
        self.rewards = RewardProgramme(self._customers, lock=self.lock, now=self.now, record=self._record)
        if seeded:
            self._seed(seed_data.orders(clock()), seed_data.customers())

    @classmethod
    def load(
        cls, path: Path, *, clock: Callable[[], datetime] = _now, **options: Unpack[ServiceOptions]
    ) -> "LoyaltyService":
        """Load a file of `save`. Raises StateFileError, or OSError if the file is unreadable."""
        state = read_state(path)
        service = cls(clock=clock, seeded=False, **options)
        for order in state.orders:
            service._add_order(order)
        service._customers.update((customer.original_id, customer) for customer in state.customers)
        service.applied = state.applied
        service.rewards.redemptions = state.redemptions
        return service

    def set_options(self, **options: Unpack[ServiceOptions]) -> None:
        """Set some options. Raises ValueError for an unknown name or value and changes nothing then."""
        for name, value in options.items():
            if not is_one_of(value, SERVICE_OPTIONS.get(name, ())):
                raise ValueError(f"unknown option or value: {name}")
        for name, value in options.items():
            setattr(self, name, value)

    def save(self, path: Path) -> None:
        """Replace the state file atomically. Options and the call log are not saved. Raises OSError."""
        with self.lock:
            customers, redemptions = list(self._customers.values()), self.rewards.redemptions
            write_state(path, State(1, self._all_orders(), customers, self.applied, redemptions))

    def orders(self) -> list[Order]:
        """Copies of all orders, oldest registration first; replaced duplicates come before them."""
        with self.lock:
            return copy.deepcopy(self._all_orders())

    def customers(self) -> list[Customer]:
        """Copies of all customers, oldest first."""
        with self.lock:
            return copy.deepcopy(list(self._customers.values()))

    def find(self, order_id: str) -> Order | None:
        with self.lock:
            return copy.deepcopy(self._orders.get(order_id))

    def customer(self, original_id: str) -> Customer | None:
        with self.lock:
            return copy.deepcopy(self._customers.get(original_id))

    def order_count(self, customer_id: str) -> int:
        with self.lock:
            return sum(order.customer_id == customer_id and not order.cancelled for order in self._all_orders())

    def log_request(self, method: str, path: str, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
        """Log a completely received call. The caller leaves out Authorization."""
        with self.lock:
            self._request_count += 1
            self.requests.append(ReceivedRequest(self._request_count, method, path, body, tuple(headers), self.now()))
            if len(self.requests) > _MOST_REQUESTS_KEPT:
                del self.requests[: _MOST_REQUESTS_KEPT // 2]

    def register_sale(self, body: Mapping[str, Any], *, origin: int = ORIGIN_POS) -> Order:
        """Register an order and return a copy. Raises Refusal.

        An order with a known OriginalId is updated without giving points twice, refused, or added beside the known one:
        `known_sale` chooses.
        """
        with self.lock:
            total = validation.amount_in_cents(body["OrderTotal"], "OrderTotal")
            items = validation.items(body)
            payments = validation.payments(body)
            validation.check_dates(body)
            known = self._existing_sale(body["OriginalId"], total)
            redeemed = self.rewards.check_coupon(body.get("Coupon"), body["OriginalId"])
            customer = self._find_or_add_customer(body["Customer"])
            order = known or self._new_order(body, total, origin)
            before = copy.deepcopy(order)
            self._update_order(order, body, customer)
            order.total_cents, order.items, order.payments = total, items, payments
            self._update_balances(order, before.customer_id)
            self.rewards.use(redeemed, order)
            if known is None:
                self._add_order(order)
                self._record("sale", order.original_id, "", total)
            elif order != before:
                order.updated = self.now()
                self._record("sale_update", order.original_id, "", total)
            return copy.deepcopy(order)

    def refund(self, order_id: str, body: Mapping[str, Any]) -> Refund:
        """Apply a partial refund, once per order and CancelKey, and return a copy.

        A refused refund leaves its key unused. Without a key every request is another refund.

        Raises:
            CancelKeyUsed: the order has a refund with this key.
            Refusal: the refund breaks a rule.
        """
        with self.lock:
            order = self._existing_order(order_id)
            key = body.get("CancelKey") or ""
            for earlier in order.refunds:
                if key and earlier.key == key:
                    raise CancelKeyUsed(copy.deepcopy(earlier))
            if order.cancelled and not self.refunds_cancelled:
                raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
            value = validation.refund_value(order, body)
            lines = validation.refund_by_product(order, body.get("Products"), value)
            refund = Refund(key=key, cents=value, at=self.now(), cents_by_product=lines)
            order.refunds.append(refund)
            order.updated = refund.at
            self._update_balances(order, order.customer_id)
            self._record("refund", order_id, refund.key, value)
            returns = body.get("ShouldRefundRedeem")
            if self.rewards.refund_returns_reward if returns is None else returns:
                self.rewards.give_back(order_id)
            return copy.deepcopy(refund)

    def cancel(self, order_id: str, body: Mapping[str, Any]) -> Order:
        """Cancel a whole order, take back its points and cashback, and return a copy. Raises Refusal."""
        with self.lock:
            order = self._existing_order(order_id)
            if order.cancelled:
                raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
            given_back = order.remaining_cents
            order.cancelled = validation.optional_timestamp(body, "OrderCancelledDate")
            order.status = body.get("OrderStatus") or order.status
            order.updated = self.now()
            self._update_balances(order, order.customer_id)
            self._record("cancel", order_id, "", given_back)
            if self.rewards.cancel_returns_reward:
                self.rewards.give_back(order_id)
            return copy.deepcopy(order)

    def now(self) -> str:
        return format_timestamp(self._clock())

    def bonus(self, order: Order) -> tuple[int, int]:
        """The points and cashback (in cents) that the order gives in its present state."""
        with self.lock:
            customer = self._customers.get(order.customer_id)
            if customer is None or not customer.is_enrolled or not order.is_completed or order.cancelled:
                return 0, 0
            return order.remaining_cents // 100, order.remaining_cents * _CASHBACK_PERCENT // 100

    def _seed(self, orders: Iterable[Order], customers: Iterable[Customer]) -> None:
        self._customers.update((customer.original_id, customer) for customer in customers)
        for order in orders:
            self._orders[order.original_id] = order
            self._update_balances(order, order.customer_id)

    def _add_order(self, order: Order) -> None:
        known = self._orders.pop(order.original_id, None)
        if known is not None:
            self._duplicates.append(known)
        self._orders[order.original_id] = order

    def _all_orders(self) -> list[Order]:
        return [*self._duplicates, *self._orders.values()]

    def _existing_sale(self, order_id: str, total: int) -> Order | None:
        """The order that a sale with this number updates, or None. Raises Refusal."""
        known = self._orders.get(order_id)
        if known is None:
            return None
        if self.known_sale == "refuses":
            raise Refusal("OrderAlreadyExists", "Já existe um pedido com este número.", field="OriginalId")
        if self.known_sale == "updates":
            validation.check_update(known, total)
            return known
        return None

    def _existing_order(self, order_id: str) -> Order:
        order = self._orders.get(order_id)
        if order is None:
            raise Refusal("OrderNotFound", "Pedido não encontrado.", field="orderId")
        return order

    def _update_balances(self, order: Order, former_customer: str) -> None:
        """Change balances by the difference, so that repeats and updates give nothing twice."""
        former = self._customers.get(former_customer)
        if former is not None:
            former.points -= order.points_given
            former.cashback_cents -= order.cashback_given
        order.points_given, order.cashback_given = self.bonus(order)
        holder = self._customers.get(order.customer_id)
        if holder is not None:
            holder.points += order.points_given
            holder.cashback_cents += order.cashback_given

    def _new_order(self, body: Mapping[str, Any], total: int, origin: int) -> Order:
        number = max((order.number for order in self._all_orders()), default=9000) + 1
        return Order(
            original_id=body["OriginalId"],
            number=number,
            customer_id="",
            total_cents=total,
            placed="",
            updated=self.now(),
            origin=origin,
        )

    def _update_order(self, order: Order, body: Mapping[str, Any], customer: Customer) -> None:
        order.customer_id = customer.original_id
        order.placed = format_timestamp(parse_timestamp(body["OrderPlacementDate"]))
        order.completed = validation.optional_timestamp(body, "OrderCompletedDate")
        order.cancelled = (
            validation.optional_timestamp(body, "OrderCancelledDate") if body.get("IsCancelledOrReturned") else None
        )
        order.is_completed = body.get("IsCompleted", False)
        order.status = body.get("OrderStatus", "")
        order.coupon = body.get("Coupon")
        order.external_coupon = body.get("ExternalCoupon")
        order.branch = body.get("Branch")
        order.sales_person = body.get("SalesPerson")
        order.metadata = [dict(entry) for entry in body.get("Metadatas") or []]

    def find_customer(self, original_id: str, document: str, email: str) -> Customer | None:
        """The customer with this store id, document or e-mail, in that order, or None. An empty text fits none."""
        fits: list[Callable[[Customer], bool]] = [
            lambda customer: customer.original_id == original_id,
            lambda customer: "" != validation.normalized(customer.document) == validation.normalized(document),
            lambda customer: "" != (customer.email or "").casefold() == email.casefold(),
        ]
        with self.lock:
            return next((customer for fit in fits for customer in self._customers.values() if fit(customer)), None)

    def _find_or_add_customer(self, block: Mapping[str, Any]) -> Customer:
        """Find the customer of a sale and update it; else add a new one."""
        customer = self.find_customer(block["OriginalId"], block.get("Document") or "", block.get("Email") or "")
        if customer is None:
            number = max((c.number for c in self._customers.values()), default=500) + 1
            customer = Customer(block["OriginalId"], number, signed_up=self.now())
            self._customers[customer.original_id] = customer
        customer.name = block.get("Name") or customer.name
        customer.email = block.get("Email") or customer.email
        customer.phone = block.get("Phone") or customer.phone
        customer.document = block.get("Document") or customer.document
        customer.birthday = block.get("BirthdayDate") or customer.birthday
        customer.signed_up = block.get("SignupDate") or customer.signed_up
        customer.enrolled = block.get("EnrolledDate") or customer.enrolled
        customer.is_enrolled = block.get("IsEnrolled", customer.is_enrolled)
        return customer

    def _record(self, kind: AppliedKind, order_id: str, key: str, amount: int) -> None:
        self.applied.append(AppliedChange(kind, order_id, key, amount, self.now()))
