"""The marketplace: its orders, what shops may do with them, and what really happened."""

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.mirakl import seed_data
from bonifiq_desktop.training_server.mirakl.models import Entry, Line, MarketOrder
from bonifiq_desktop.training_server.remote.system import CallRefused

_UNPAID_WORKFLOWS = {"PAY_ON_DELIVERY", "PAY_ON_DUE_DATE", "PAY_ON_SHIPMENT"}


@dataclass(frozen=True)
class AppliedEntry:
    """What really happened: `kind` is `cancelation`, `refund`, `order` (all of it) or `return`."""

    kind: str
    order_id: str
    line_id: str
    amount: Decimal
    shipping: Decimal
    reason: str
    entry_id: str


@dataclass
class Switches:
    """What the documents leave open, and what operators differ in.

    `cancels_lines`: OR30 is on; `refused_with`: the status of a call whose feature is off. `deducts`: cancelled amounts
    leave the price of a line. `missing_roles`: `read`, `cancel`, `refund`, `settings`, `returns`.
    `return_refunds`: an accepted return starts the refund.
    """

    cancels_lines: bool = True
    refused_with: int = 403
    deducts: bool = False
    missing_roles: set[str] = field(default_factory=set)
    return_refunds: bool = False


class Marketplace:
    """Thread-safe. `applied`: everything that was cancelled or refunded, by any client."""

    shop_id = 2001
    shop_name = "Loja de treino"

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.orders = {order.order_id: order for order in seed_data.orders(now)}
        self.switches = Switches()
        self.applied: list[AppliedEntry] = []
        self.returns: list[dict[str, Any]] = []
        self._numbers = itertools.count(70001)
        self._lock = threading.RLock()

    def now(self) -> str:
        return format_timestamp(datetime.now(UTC))

    def find(self, order_ids: Sequence[str], customer: Sequence[str], seller: Sequence[str]) -> list[MarketOrder]:
        """Orders by their number, or by a reference."""
        with self._lock:
            return [
                order
                for order in self.orders.values()
                if order.order_id in order_ids
                or (order.customer_reference or order.commercial_id) in customer
                or (order.seller_reference and order.seller_reference in seller)
            ]

    def require(self, role: str) -> None:
        """Raises CallRefused for a key without a role."""
        if role in self.switches.missing_roles:
            raise CallRefused(403, {"status": 403, "message": "Access is denied for this user"})

    # --- OR30, OR28, OR29

    def cancel_lines(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Cancel parts of lines, all of them or none. Raises CallRefused."""
        with self._lock:
            self.require("cancel")
            if not self.switches.cancels_lines:
                text = "Shop partial cancelation is not enabled on this marketplace"
                raise CallRefused(self.switches.refused_with, {"status": self.switches.refused_with, "message": text})
            found = [(entry, *self._line(entry["order_line_id"])) for entry in body["cancelations"]]
            for entry, order, line in found:
                self._check_cancelable(order, line)
                self._check(entry, order, line, body.get("order_tax_mode"), "CANCELATION")
            made = [self._add(entry, order, line, "cancelation") for entry, order, line in found]
            return {"cancelations": made, "order_tax_mode": body.get("order_tax_mode", "TAX_INCLUDED")}

    def refund_lines(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for refunds of debited lines. Raises CallRefused."""
        with self._lock:
            self.require("refund")
            found = [(entry, *self._line(entry["order_line_id"])) for entry in body["refunds"]]
            for entry, order, line in found:
                if line.debited is None or order.state in {"CLOSED", "CANCELED"}:
                    raise _refused("The order line cannot be refunded in its current state")
                if line.state == "INCIDENT_OPEN":
                    raise _refused("An incident is open on this order line")
                self._check(entry, order, line, body.get("order_tax_mode"), "REFUND")
            made = [self._add(entry, order, line, "refund") for entry, order, line in found]
            return {"refunds": made, "order_tax_mode": body.get("order_tax_mode", "TAX_INCLUDED")}

    def cancel_order(self, order_id: str) -> None:
        """Cancel a whole order. Raises CallRefused."""
        with self._lock:
            self.require("cancel")
            order = self.orders.get(order_id)
            if order is None:
                raise CallRefused(404, {"status": 404, "message": "Order not found"})
            if not order.can_cancel:
                raise _refused("The order cannot be canceled in its current state")
            left = sum((line.left for line in order.lines), Decimal(0))
            order.state, order.updated = "CANCELED", self.now()
            for line in order.lines:
                line.state = "CANCELED"
            self.applied.append(AppliedEntry("order", order_id, "", left, Decimal(0), "", ""))

    def cancel_by_hub(self, line_id: str, amount: Decimal, reason: str = "15") -> str:
        """The shop's hub takes part of a line back behind the till's back: a cancelation, or a refund once debited.

        Returns the entry's id.
        """
        with self._lock:
            order, line = self._line(line_id)
            entry = {"order_line_id": line_id, "amount": amount, "shipping_amount": Decimal(0), "reason_code": reason}
            kind = "cancelation" if line.debited is None else "refund"
            return str(self._add(entry, order, line, kind, by_hub=True)[f"{kind}_id"])

    def pay_refunds(self) -> None:
        """The operator pays every refund that waits."""
        with self._lock:
            for order in self.orders.values():
                for line in order.lines:
                    for entry in line.refunds:
                        entry.state = "REFUNDED"

    # --- RT01, RT11

    def open_returns(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Open returns; a number (`rma`) names one return for ever. Raises CallRefused."""
        with self._lock:
            self.require("returns")
            made, errors = [], []
            for wanted in body.get("returns", ()):
                order = next(
                    (o for o in self.orders.values() if o.commercial_id == wanted.get("order_commercial_id")), None
                )
                if order is None or any(r["rma"] and r["rma"] == wanted.get("rma") for r in self.returns):
                    errors.append(
                        {"order_commercial_id": wanted.get("order_commercial_id"), "message": "Invalid return"}
                    )
                    continue
                number = str(next(self._numbers))
                opened = {
                    "id": number,
                    "rma": wanted.get("rma", ""),
                    "order_id": order.order_id,
                    "order_commercial_id": order.commercial_id,
                    "state": "RECEIVED" if wanted.get("accepted") else "WAITING_ACCEPTANCE",
                    "return_lines": list(wanted.get("return_lines", ())),
                    "date_created": self.now(),
                }
                self.returns.append(opened)
                made.append(opened)
                self.applied.append(
                    AppliedEntry("return", order.order_id, "", Decimal(0), Decimal(0), str(wanted.get("rma")), number)
                )
                if self.switches.return_refunds:
                    self._refund_return(order, opened)
            return {"return_success": made, "return_errors": errors}

    def _refund_return(self, order: MarketOrder, opened: Mapping[str, Any]) -> None:
        for each in opened["return_lines"]:
            line = next(one for one in order.lines if one.line_id == each["order_line_id"])
            share = line.price * int(each["quantity"]) / line.quantity
            entry = {"order_line_id": line.line_id, "amount": share, "shipping_amount": Decimal(0), "reason_code": "34"}
            self._add(entry, order, line, "refund")

    # --- rules

    def _line(self, line_id: str) -> tuple[MarketOrder, Line]:
        for order in self.orders.values():
            for line in order.lines:
                if line.line_id == line_id:
                    return order, line
        raise CallRefused(404, {"status": 404, "message": "Order line not found"})

    def _check_cancelable(self, order: MarketOrder, line: Line) -> None:
        if order.workflow in _UNPAID_WORKFLOWS and line.debited is None and order.debited is None:
            return
        if order.workflow == "NO_CUSTOMER_PAYMENT_CONFIRMATION" and line.shipped is None:
            return
        raise _refused("The order line cannot be canceled in its current state")

    def _check(
        self, entry: Mapping[str, Any], order: MarketOrder, line: Line, tax_mode: str | None, reason_type: str
    ) -> None:
        codes = {code for code, _label, kind, is_shops in seed_data.REASONS if kind == reason_type and is_shops}
        if entry["reason_code"] not in codes:
            raise _refused("The reason code is not valid")
        if entry.get("currency_iso_code", order.currency) != order.currency:
            raise _refused("The currency does not match the order")
        if Decimal(entry["amount"]) > line.left or Decimal(entry["shipping_amount"]) > line.shipping_left:
            raise _refused("The amount exceeds what is left on the order line")
        if Decimal(entry["amount"]) < 0 or Decimal(entry["shipping_amount"]) < 0:
            raise _refused("The amount must not be negative")
        has_taxes = bool(entry.get("taxes") or entry.get("shipping_taxes"))
        if order.has_order_taxes and tax_mode == "TAX_EXCLUDED" and has_taxes:
            raise _refused("Taxes are not allowed with order level tax calculation")

    def _add(
        self, entry: Mapping[str, Any], order: MarketOrder, line: Line, kind: str, *, by_hub: bool = False
    ) -> dict[str, Any]:
        number = str(next(self._numbers))
        amount, shipping = Decimal(entry["amount"]), Decimal(entry["shipping_amount"])
        made = Entry(
            number,
            amount,
            entry.get("quantity"),
            shipping,
            entry["reason_code"],
            self.now(),
            taxes=list(entry.get("taxes", ())),
            shipping_taxes=list(entry.get("shipping_taxes", ())),
            state="WAITING_REFUND" if kind == "refund" else "",
        )
        (line.refunds if kind == "refund" else line.cancelations).append(made)
        order.updated = made.created
        if kind == "cancelation" and not line.is_open:
            line.state = "CANCELED"
        if all(one.state == "CANCELED" for one in order.lines):
            order.state = "CANCELED"
        if not by_hub:
            self.applied.append(
                AppliedEntry(kind, order.order_id, line.line_id, amount, shipping, entry["reason_code"], number)
            )
        answer = {**entry, "quantity": entry.get("quantity"), "currency_iso_code": order.currency}
        if kind == "refund":
            return {**answer, "refund_id": number, "order_refund_id": number, "refund_state": made.state}
        return {**answer, "cancelation_id": number}


def _refused(message: str) -> CallRefused:
    return CallRefused(400, {"status": 400, "message": message})
