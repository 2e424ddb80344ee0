"""The marketplace: its orders, what shops may do with them, and what really happened."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.mirakl import seed_data
from bonifiq_desktop.training_server.mirakl.amounts import EXCLUDED, MODES, digits_of, in_mode, rounded, taxes_of_part
from bonifiq_desktop.training_server.mirakl.models import Entry, Line, MarketOrder, Tax
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


@dataclass
class MarketState:
    """What a restart keeps."""

    orders: list[MarketOrder]
    returns: list[dict[str, Any]]
    applied: list[AppliedEntry]
    next_number: int


class Marketplace:
    """Thread-safe. `applied`: everything that was cancelled or refunded, by any client."""

    shop_id = 2001
    shop_name = "Loja de treino"

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.orders = {order.order_id: order for order in seed_data.orders(now)}
        self.switches = Switches()
        self.applied: list[AppliedEntry] = []
        self.returns = seed_data.returns(now)
        self._next_number = 70001
        self._lock = threading.RLock()

    def now(self) -> str:
        return format_timestamp(datetime.now(UTC))

    def state(self) -> MarketState:
        with self._lock:
            return MarketState(list(self.orders.values()), self.returns, self.applied, self._next_number)

    def restore(self, state: MarketState) -> None:
        """Go on from a state of `state`."""
        with self._lock:
            self.orders = {order.order_id: order for order in state.orders}
            self.returns, self.applied, self._next_number = state.returns, state.applied, state.next_number

    def _new_number(self) -> str:
        self._next_number += 1
        return str(self._next_number - 1)

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
            return self._answer(body, found, "cancelation")

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
            return self._answer(body, found, "refund")

    def _answer(
        self, body: Mapping[str, Any], found: Sequence[tuple[Mapping[str, Any], MarketOrder, Line]], kind: str
    ) -> dict[str, Any]:
        """Make the entries, and the answer that names them."""
        mode = str(body.get("order_tax_mode", ""))
        rows = []
        for given, order, line in found:
            made = self._add(given, order, line, kind, mode)
            row = {"order_line_id": line.line_id, "currency_iso_code": order.currency}
            row |= entry_amounts(made, order, mode or order.tax_mode)
            group = {"order_refund_id": made.entry_id, "quantity": made.quantity or 0} if kind == "refund" else {}
            rows.append({f"{kind}_id": made.entry_id, **row, **group})
        return {f"{kind}s": rows, "order_tax_mode": mode or found[0][1].tax_mode}

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
            return self._add(entry, order, line, kind, by_hub=True).entry_id

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
                number = self._new_number()
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
        mode = tax_mode or order.tax_mode
        if mode not in MODES or (order.has_order_taxes and mode != order.tax_mode):
            raise _refused("The tax mode is not valid")
        has_taxes = bool(entry.get("taxes") or entry.get("shipping_taxes"))
        if order.has_order_taxes and mode == EXCLUDED and has_taxes:
            raise _refused("Taxes are not allowed with order level tax calculation")
        codes = {tax.code for tax in (*line.taxes, *line.shipping_taxes)}
        if {*_named(entry, "taxes"), *_named(entry, "shipping_taxes")} - codes:
            raise _refused("The tax code is not valid")
        if any(not 0 <= fee <= line.fee_left(code) for code, fee in _named(entry, "fees").items()):
            raise _refused("The fee exceeds what is left of it")
        amounts = [Decimal(entry["amount"]), Decimal(entry["shipping_amount"])]
        if min(amounts) < 0 or not any(amounts):
            raise _refused("The amount must be positive")
        if any(amount != rounded(amount, digits_of(order.currency)) for amount in amounts):
            raise _refused("The amount has too many decimals")
        made = self._entry(entry, order, line, mode)
        if made.amount > line.left or made.shipping > line.shipping_left:
            raise _refused("The amount exceeds what is left on the order line")

    def _add(
        self,
        given: Mapping[str, Any],
        order: MarketOrder,
        line: Line,
        kind: str,
        mode: str = "",
        *,
        by_hub: bool = False,
    ) -> Entry:
        """Make the entry of a checked request, in the order's own tax mode."""
        made = self._entry(given, order, line, mode or order.tax_mode)
        made.entry_id, made.state = self._new_number(), "WAITING_REFUND" if kind == "refund" else ""
        (line.refunds if kind == "refund" else line.cancelations).append(made)
        order.updated = made.created
        if kind == "cancelation" and not line.is_open:
            line.state = "CANCELED"
        if all(one.state == "CANCELED" for one in order.lines):
            order.state = "CANCELED"
        if not by_hub:
            place = (kind, order.order_id, line.line_id)
            self.applied.append(AppliedEntry(*place, made.amount, made.shipping, made.reason, made.entry_id))
        return made

    def _entry(self, given: Mapping[str, Any], order: MarketOrder, line: Line, mode: str) -> Entry:
        """What a request asks of a line, without a number: amounts in the order's own mode, with its taxes."""
        own, digits = order.tax_mode, digits_of(order.currency)
        amount, shipping = Decimal(given["amount"]), Decimal(given["shipping_amount"])
        price = in_mode(line.price, line.taxes, own=own, wanted=mode)
        freight = in_mode(line.shipping, line.shipping_taxes, own=own, wanted=mode)
        taxes = taxes_of_part(line.taxes, amount, price, _named(given, "taxes"), digits)
        freight_taxes = taxes_of_part(line.shipping_taxes, shipping, freight, _named(given, "shipping_taxes"), digits)
        return Entry(
            "",
            in_mode(amount, taxes, own=mode, wanted=own),
            given.get("quantity"),
            in_mode(shipping, freight_taxes, own=mode, wanted=own),
            given["reason_code"],
            self.now(),
            taxes=taxes,
            shipping_taxes=freight_taxes,
            fees=[Tax(code, fee) for code, fee in _named(given, "fees").items()],
        )


def entry_amounts(entry: Entry, order: MarketOrder, mode: str) -> dict[str, Any]:
    """The amounts of an entry as the marketplace shows them in a tax mode."""
    own = order.tax_mode
    return {
        "amount": in_mode(entry.amount, entry.taxes, own=own, wanted=mode),
        "quantity": entry.quantity,
        "shipping_amount": in_mode(entry.shipping, entry.shipping_taxes, own=own, wanted=mode),
        "reason_code": entry.reason,
        "taxes": [{"code": tax.code, "amount": tax.amount} for tax in entry.taxes],
        "shipping_taxes": [{"code": tax.code, "amount": tax.amount} for tax in entry.shipping_taxes],
        "fees": [{"code": fee.code, "amount": fee.amount} for fee in entry.fees],
    }


def _named(given: Mapping[str, Any], name: str) -> dict[str, Decimal]:
    return {each["code"]: Decimal(each["amount"]) for each in given.get(name) or []}


def _refused(message: str) -> CallRefused:
    return CallRefused(400, {"status": 400, "message": message})
