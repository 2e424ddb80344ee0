"""The marketplace on a loopback port."""

import secrets
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.routing import Route

from bonifiq_desktop.training_server.mirakl import seed_data
from bonifiq_desktop.training_server.mirakl.amounts import MODES, digits_of, in_mode, rounded
from bonifiq_desktop.training_server.mirakl.marketplace import Marketplace, MarketState, entry_amounts
from bonifiq_desktop.training_server.mirakl.models import Entry, Line, MarketOrder, Tax
from bonifiq_desktop.training_server.remote.state_file import StateFile
from bonifiq_desktop.training_server.remote.system import CallRefused, RemoteSystem

_MAX_IDS = 100
_PAGE = 10


class MiraklTraining(RemoteSystem):
    """`key`: the shop's key, sent bare. `service`: the marketplace, with its switches and what was applied."""

    def __init__(self, contract: Path, *, port: int = 0, state_file: Path | None = None) -> None:
        super().__init__("training-mirakl", contract, port)
        self.service = Marketplace()
        if state_file is not None:
            file = StateFile(state_file, MarketState, self.service.state)
            self.service.restore(file.load() or self.service.state())
            self.on_applied = file.save
        self.key = secrets.token_urlsafe(24)

    @property
    def shop_id(self) -> int:
        return self.service.shop_id

    def applied_count(self) -> int:
        return len(self.service.applied)

    def authorization(self) -> str:
        return self.key

    def error_body(self, status: int, message: str) -> Any:
        return {"status": status, "message": message}

    def now(self) -> str:
        return self.service.now()

    def routes(self) -> list[Route]:
        return [
            self.route(
                "/api/version", "GET", "version", "v01Health", lambda *_: (200, {"version": "training"}), is_open=True
            ),
            self.route("/api/account", "GET", "account", "a01Shop", self._account),
            self.route("/api/reasons", "GET", "reasons", "re01Reasons", self._reasons),
            self.route("/api/platform/configuration", "GET", "configuration", "pc01Configuration", self._configuration),
            self.route("/api/orders/taxes", "GET", "taxes", "or75Taxes", self._taxes),
            self.route("/api/orders", "GET", "lookup", "or11ListOrders", self._orders),
            self.route("/api/orders/cancel", "PUT", "cancel", "or30CancelLines", self._cancel_lines),
            self.route("/api/orders/refund", "PUT", "refund", "or28RefundLines", self._refund_lines),
            self.route("/api/orders/{order_id}/cancel", "PUT", "cancel_order", "or29CancelOrder", self._cancel_order),
            self.route("/api/returns", "POST", "return", "rt01CreateReturns", self._open_returns),
            self.route("/api/returns", "GET", "lookup", "rt11ListReturns", self._returns),
        ]

    # --- calls

    def _account(self, _request: Request, _raw: bytes) -> tuple[int, Any]:
        shop = {"shop_id": self.service.shop_id, "shop_name": self.service.shop_name, "shop_state": "OPEN"}
        return 200, {**shop, "currency_iso_code": "BRL"}

    def _reasons(self, _request: Request, _raw: bytes) -> tuple[int, Any]:
        self.service.require("settings")
        rows = [
            {"code": code, "label": label, "type": kind, "is_shop_right": is_shops}
            for code, label, kind, is_shops in seed_data.REASONS
        ]
        return 200, {"reasons": rows, "total_count": len(rows)}

    def _configuration(self, _request: Request, _raw: bytes) -> tuple[int, Any]:
        self.service.require("configuration")
        return 200, {"features": {"direct_payment_customer_store": {"refund_cancel_authorized": True}}}

    def _taxes(self, _request: Request, _raw: bytes) -> tuple[int, Any]:
        self.service.require("settings")
        lines = [line for order in self.service.orders.values() for line in order.lines]
        rules = {tax.code: tax.rule for line in lines for tax in (*line.taxes, *line.shipping_taxes)}
        return 200, {
            "taxes": [{"code": code, "label": code, "tax_calculation_rule": rules[code]} for code in sorted(rules)]
        }

    def _orders(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        self.service.require("read")
        lists = [
            _listed(request, name)
            for name in ("order_ids", "order_references_for_customer", "order_references_for_seller")
        ]
        found = self.service.find(*lists) if any(lists) else list(self.service.orders.values())
        mode = request.query_params.get("order_tax_mode", "")
        if mode not in MODES | {""}:
            raise CallRefused(400, self.error_body(400, "The tax mode is not valid"))
        first, most = int(request.query_params.get("offset", 0)), int(request.query_params.get("max", _PAGE))
        shown = found[first : first + most]
        return 200, {
            "orders": [self._shown(order, mode or order.tax_mode) for order in shown],
            "total_count": len(found),
        }

    def _cancel_lines(self, request: Request, raw: bytes) -> tuple[int, Any]:
        return 200, self.service.cancel_lines(self.body_of(request, "or30CancelLines", raw))

    def _refund_lines(self, request: Request, raw: bytes) -> tuple[int, Any]:
        return 200, self.service.refund_lines(self.body_of(request, "or28RefundLines", raw))

    def _cancel_order(self, request: Request, raw: bytes) -> tuple[int, Any]:
        if raw:
            raise CallRefused(400, self.error_body(400, "No body is expected"))
        self.service.cancel_order(unquote(request.path_params["order_id"]))
        return 204, None

    def _open_returns(self, request: Request, raw: bytes) -> tuple[int, Any]:
        return 200, self.service.open_returns(self.body_of(request, "rt01CreateReturns", raw))

    def _returns(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        rma, lines, baskets = map(request.query_params.getlist, ("return_rma", "order_line_id", "order_commercial_id"))
        found = [
            each
            for each in self.service.returns
            if each["rma"] in rma
            or each["order_commercial_id"] in baskets
            or any(line["order_line_id"] in lines for line in each["return_lines"])
        ]
        return 200, {"data": found, "next_page_token": None}

    # --- answers

    def _shown(self, order: MarketOrder, mode: str) -> dict[str, Any]:
        lines = [self._line(order, place, line, mode) for place, line in enumerate(order.lines, start=1)]
        price, shipping, total = (
            sum((line[name] for line in lines), Decimal(0)) for name in ("price", "shipping_price", "total_price")
        )
        shown = {
            "order_id": order.order_id,
            "commercial_id": order.commercial_id,
            "order_state": order.state,
            "can_cancel": order.can_cancel,
            "fully_refunded": not any(line.is_open for line in order.lines),
            "payment_workflow": order.workflow,
            "customer_debited_date": order.debited,
            "currency_iso_code": order.currency,
            "order_tax_mode": mode,
            "price": price,
            "shipping_price": shipping,
            "total_price": total,
            "created_date": order.created,
            "last_updated_date": order.updated,
            "customer": {"firstname": order.customer[0], "lastname": order.customer[1]},
            "references": {
                "order_reference_for_customer": order.customer_reference or order.commercial_id,
                "order_reference_for_seller": order.seller_reference or None,
            },
            "order_lines": lines,
        }
        if order.has_order_taxes:
            shown["order_taxes"] = [{"code": "ORDER", "total_amount": 0}]
        return shown

    def _line(self, order: MarketOrder, place: int, line: Line, mode: str) -> dict[str, Any]:
        own = order.tax_mode
        price = in_mode(line.price, line.taxes, own=own, wanted=mode)
        shipping = in_mode(line.shipping, line.shipping_taxes, own=own, wanted=mode)
        cancelations = [_entry(entry, order, mode) for entry in line.cancelations]
        whole = price
        if self.service.switches.deducts:
            price -= sum((entry["amount"] for entry in cancelations), Decimal(0))
        return {
            "order_line_id": line.line_id,
            "order_line_index": place,
            "order_line_state": line.state,
            "can_refund": line.debited is not None and line.is_open,
            "quantity": line.quantity,
            "price": price,
            "price_unit": rounded(whole / line.quantity, digits_of(order.currency)),
            "shipping_price": shipping,
            "total_price": price + shipping + sum((fee.amount for fee in line.fees), Decimal(0)),
            "offer_sku": line.sku,
            "product_sku": line.sku,
            "product_title": line.title,
            "taxes": [_tax(tax) for tax in line.taxes],
            "shipping_taxes": [_tax(tax) for tax in line.shipping_taxes],
            "fees": [{"code": fee.code, "amount": fee.amount} for fee in line.fees],
            "debited_date": line.debited,
            "shipped_date": line.shipped,
            "received_date": line.received,
            "cancelations": cancelations,
            "refunds": [
                {**_entry(entry, order, mode), "order_refund_id": entry.entry_id, "refund_state": entry.state}
                for entry in line.refunds
            ],
        }


def _listed(request: Request, name: str) -> list[str]:
    listed = [part for part in request.query_params.get(name, "").split(",") if part]
    if len(listed) > _MAX_IDS:
        raise CallRefused(400, {"status": 400, "message": f"Too many values for {name}"})
    return listed


def _tax(tax: Tax) -> dict[str, Any]:
    return {"code": tax.code, "amount": tax.amount, "tax_calculation_rule": tax.rule}


def _entry(entry: Entry, order: MarketOrder, mode: str) -> dict[str, Any]:
    return {"id": entry.entry_id, **entry_amounts(entry, order, mode), "created_date": entry.created}
