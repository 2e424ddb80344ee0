"""The practice shop's truth and its rules, in plain Python.

Where the service's behaviour is documented, the rules follow it. Where it is not (a sum of refunds above the total,
an update of a cancelled order, line limits), they take the strict side, so that a client which counts on leniency
is found out here and not at a counter.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bonifiq_desktop.training import stock
from bonifiq_desktop.training.book import (
    ORIGIN_COUNTER,
    Applied,
    AppliedKind,
    Customer,
    Item,
    Order,
    Refund,
    Request,
    read_state,
    write_state,
)
from bonifiq_desktop.training.refusals import KeyUsed, Refusal
from bonifiq_desktop.training.wire import AmountError, cents, moment, moment_text

_CASHBACK_PERCENT = 5
_MOST_REQUESTS_KEPT = 50_000


def _now() -> datetime:
    return datetime.now(UTC)


class Shop:
    """Orders, customers and what was applied to them; every public method may be called from any thread.

    Bodies are parsed JSON that already fits the contract, with Decimal or int for money in reais. `shows_refunds`
    decides whether a look-up's OrderTotal is lowered by earlier refunds, which nobody documents. `applied` only
    grows; `requests` holds the latest calls in order of arrival.
    """

    def __init__(
        self,
        *,
        shows_refunds: bool = False,
        clock: Callable[[], datetime] = _now,
        stocked: bool = True,
    ) -> None:
        self.shows_refunds = shows_refunds
        self.applied: list[Applied] = []
        self.requests: list[Request] = []
        self.lock = threading.RLock()
        self._clock = clock
        self._arrived = 0
        self._orders: dict[str, Order] = {}
        self._customers: dict[str, Customer] = {}
        if stocked:
            self._fill(stock.orders(clock()), stock.customers())

    @classmethod
    def load(cls, path: Path, *, shows_refunds: bool = False, clock: Callable[[], datetime] = _now) -> Shop:
        """Open a shop that `save` wrote. Raises StateFileError for anything else, OSError if unreadable."""
        orders, customers, applied = read_state(path)
        shop = cls(shows_refunds=shows_refunds, clock=clock, stocked=False)
        shop._orders = {order.original_id: order for order in orders}
        shop._customers = {customer.original_id: customer for customer in customers}
        shop.applied = applied
        return shop

    def save(self, path: Path) -> None:
        """Write everything but settings and the call log, replacing the file in one step. Raises OSError."""
        with self.lock:
            write_state(path, self._orders.values(), self._customers.values(), self.applied)

    def suggestions(self) -> list[tuple[str, str]]:
        """Order numbers worth trying, each with a short hint in Portuguese, in the order to show them."""
        return stock.suggestions()

    def orders(self) -> list[Order]:
        """A copy of every order, oldest registration first."""
        with self.lock:
            return copy.deepcopy(list(self._orders.values()))

    def find(self, order_id: str) -> Order | None:
        """A copy of one order, or None."""
        with self.lock:
            return copy.deepcopy(self._orders.get(order_id))

    def customer(self, original_id: str) -> Customer | None:
        """A copy of one customer, or None."""
        with self.lock:
            return copy.deepcopy(self._customers.get(original_id))

    def order_count(self, customer_id: str) -> int:
        """How many orders that were not cancelled this customer has."""
        with self.lock:
            return sum(order.customer_id == customer_id and not order.cancelled for order in self._orders.values())

    def note_request(self, method: str, path: str, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
        """Log a call that has arrived whole. The caller leaves Authorization out of the headers."""
        with self.lock:
            self._arrived += 1
            self.requests.append(Request(self._arrived, method, path, body, tuple(headers), self.now()))
            if len(self.requests) > _MOST_REQUESTS_KEPT:
                del self.requests[: _MOST_REQUESTS_KEPT // 2]

    def register_sale(self, body: Mapping[str, Any], *, origin: int = ORIGIN_COUNTER) -> Order:
        """Register an order, or bring one with the same OriginalId up to date, without giving points twice.

        Returns a copy of the order. Raises Refusal.
        """
        with self.lock:
            total = _amount(body["OrderTotal"], "OrderTotal")
            items = _items(body)
            _check_dates(body)
            known = self._orders.get(body["OriginalId"])
            if known is not None:
                _check_update(known, total)
            customer = self._customer_of(body["Customer"])
            order = known or self._new_order(body, total, origin)
            before = copy.deepcopy(order)
            self._take_over(order, body, total, items, customer)
            self._settle(order, before.customer_id)
            if known is None:
                self._orders[order.original_id] = order
                self._note("sale", order.original_id, "", total)
            elif order != before:
                order.updated = self.now()
                self._note("sale_update", order.original_id, "", total)
            return copy.deepcopy(order)

    def refund(self, order_id: str, body: Mapping[str, Any]) -> Refund:
        """Give part of an order back, once per CancelKey; a refused refund leaves its key unused.

        Returns the refund as applied. Raises KeyUsed for a key that was spent on this order, else Refusal.
        """
        with self.lock:
            order = self._known(order_id)
            for earlier in order.refunds:
                if earlier.key == body["CancelKey"]:
                    raise KeyUsed(copy.deepcopy(earlier))
            if order.cancelled:
                raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
            value = _amount(body["ValueToRefund"], "ValueToRefund")
            if value <= 0:
                raise Refusal("InvalidValue", "O valor a estornar deve ser maior que zero.", field="ValueToRefund")
            if value > order.remaining_cents:
                raise Refusal(
                    "ValueAboveRemaining",
                    "O valor a estornar é maior que o saldo do pedido.",
                    field="ValueToRefund",
                    expected=order.remaining_cents,
                    actual=value,
                )
            lines = _refund_lines(order, body.get("Products"), value)
            refund = Refund(key=body["CancelKey"], cents=value, at=self.now(), lines=lines)
            order.refunds.append(refund)
            order.updated = refund.at
            self._settle(order, order.customer_id)
            self._note("refund", order_id, refund.key, value)
            return copy.deepcopy(refund)

    def cancel(self, order_id: str, body: Mapping[str, Any]) -> Order:
        """Cancel a whole order and take all its points back. Returns a copy of it. Raises Refusal."""
        with self.lock:
            order = self._known(order_id)
            if order.cancelled:
                raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
            given_back = order.remaining_cents
            order.cancelled = _moment_of(body, "OrderCancelledDate")
            order.status = body.get("OrderStatus") or order.status
            order.updated = self.now()
            self._settle(order, order.customer_id)
            self._note("cancel", order_id, "", given_back)
            return copy.deepcopy(order)

    def now(self) -> str:
        """The shop's clock, as UTC text."""
        return moment_text(self._clock())

    def bonus(self, order: Order) -> tuple[int, int]:
        """Points and cashback (in cents) that this order is worth as it stands."""
        with self.lock:
            customer = self._customers.get(order.customer_id)
            if customer is None or not customer.is_enrolled or not order.is_completed or order.cancelled:
                return 0, 0
            return order.remaining_cents // 100, order.remaining_cents * _CASHBACK_PERCENT // 100

    def _fill(self, orders: Iterable[Order], customers: Iterable[Customer]) -> None:
        self._customers = {customer.original_id: customer for customer in customers}
        for order in orders:
            self._orders[order.original_id] = order
            self._settle(order, order.customer_id)

    def _known(self, order_id: str) -> Order:
        order = self._orders.get(order_id)
        if order is None:
            raise Refusal("OrderNotFound", "Pedido não encontrado.", field="orderId")
        return order

    def _settle(self, order: Order, former_customer: str) -> None:
        """Move balances by the difference, so that no number of repeats or updates gives anything twice."""
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
        number = max((order.number for order in self._orders.values()), default=9000) + 1
        return Order(
            original_id=body["OriginalId"],
            number=number,
            customer_id="",
            total_cents=total,
            placed="",
            updated=self.now(),
            origin=origin,
        )

    def _take_over(
        self,
        order: Order,
        body: Mapping[str, Any],
        total: int,
        items: list[Item],
        customer: Customer,
    ) -> None:
        order.customer_id = customer.original_id
        order.total_cents = total
        order.items = items
        order.placed = moment_text(moment(body["OrderPlacementDate"]))
        order.completed = _moment_of(body, "OrderCompletedDate")
        order.cancelled = _moment_of(body, "OrderCancelledDate") if body.get("IsCancelledOrReturned") else None
        order.is_completed = body.get("IsCompleted", False)
        order.status = body.get("OrderStatus", "")
        order.coupon = body.get("Coupon")
        order.external_coupon = body.get("ExternalCoupon")
        order.branch = body.get("Branch")
        order.sales_person = body.get("SalesPerson")
        order.metadata = [dict(entry) for entry in body.get("Metadatas") or []]

    def _customer_of(self, block: Mapping[str, Any]) -> Customer:
        """Find the customer by store id, document or e-mail, in that order; else enter a new one."""
        customer = self._customers.get(block["OriginalId"])
        document, email = _folded(block.get("Document")), (block.get("Email") or "").casefold()
        if customer is None and document:
            customer = next((c for c in self._customers.values() if _folded(c.document) == document), None)
        if customer is None and email:
            customer = next((c for c in self._customers.values() if (c.email or "").casefold() == email), None)
        if customer is None:
            number = max((c.number for c in self._customers.values()), default=500) + 1
            customer = Customer(block["OriginalId"], number, signed_up=self.now())
            self._customers[customer.original_id] = customer
        customer.name = block.get("Name") or customer.name
        customer.email = block.get("Email") or customer.email
        customer.phone = block.get("Phone") or customer.phone
        customer.document = block.get("Document") or customer.document
        customer.birthday = block.get("BirthdayDate") or customer.birthday
        customer.is_enrolled = block.get("IsEnrolled", customer.is_enrolled)
        return customer

    def _note(self, kind: AppliedKind, order_id: str, key: str, amount: int) -> None:
        self.applied.append(Applied(kind, order_id, key, amount, self.now()))


def _amount(value: int | Decimal, field: str) -> int:
    try:
        return cents(value)
    except AmountError as error:
        raise Refusal(
            "InvalidValue", f"O valor de {field} deve ter no máximo duas casas decimais.", field=field
        ) from error


def _items(body: Mapping[str, Any]) -> list[Item]:
    return [
        Item(
            product_id=entry["OriginalId"],
            title=entry.get("Title", ""),
            cents=None if entry.get("ProductPrice") is None else _amount(entry["ProductPrice"], "ProductPrice"),
            url=entry.get("Url"),
            image_url=entry.get("ImageUrl"),
            is_active=entry.get("IsActive", True),
        )
        for entry in body.get("Products") or []
    ]


def _check_dates(body: Mapping[str, Any]) -> None:
    for flag, date in (
        ("IsCompleted", "OrderCompletedDate"),
        ("IsCancelledOrReturned", "OrderCancelledDate"),
    ):
        if body.get(flag) and body.get(date) is None:
            raise Refusal("DateMissing", f"Com {flag}, informe {date}.", field=date)


def _check_update(order: Order, total: int) -> None:
    if order.cancelled:
        # The hints about updates say nothing of bringing a cancelled order back to life.
        raise Refusal("OrderAlreadyCancelled", "Este pedido já foi cancelado.")
    if total < order.refunded_cents:
        raise Refusal("TotalBelowRefunds", "O total do pedido é menor que o valor já estornado.", field="OrderTotal")


def _refund_lines(order: Order, entries: Iterable[Mapping[str, Any]] | None, value: int) -> dict[str, int]:
    lines: dict[str, int] = {}
    for entry in entries or ():
        product = entry["OriginalId"]
        if product in lines:
            raise Refusal("DuplicateProduct", "Um produto aparece duas vezes.", field="Products", product=product)
        lines[product] = _amount(entry["ValueToRefund"], "Products.ValueToRefund")
        _check_line(order, product, lines[product])
    if lines and sum(lines.values()) != value:
        raise Refusal(
            "ProductSumMismatch",
            "A soma dos produtos difere do valor a estornar.",
            field="ValueToRefund",
            expected=sum(lines.values()),
            actual=value,
        )
    return lines


def _check_line(order: Order, product: str, value: int) -> None:
    prices = [item.cents for item in order.items if item.product_id == product]
    if not prices:
        raise Refusal("ProductNotInOrder", "O produto não está no pedido.", field="Products", product=product)
    if None in prices:
        return
    left = sum(price or 0 for price in prices) - sum(r.lines.get(product, 0) for r in order.refunds)
    if value > left:
        raise Refusal(
            "ValueAboveProduct",
            "O valor do produto é maior que o que resta dele no pedido.",
            field="Products",
            product=product,
            expected=left,
            actual=value,
        )


def _moment_of(body: Mapping[str, Any], name: str) -> str | None:
    text = body.get(name)
    return None if text is None else moment_text(moment(text))


def _folded(text: str | None) -> str:
    """Punctuation and case do not tell two documents apart; letters do, since a CNPJ may hold some."""
    return "".join(letter for letter in (text or "").casefold() if letter.isalnum())
