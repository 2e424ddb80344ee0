"""The marketplace on a loopback port."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.routing import Route

from bonifiq_desktop.training_server.mirakl import seed_data
from bonifiq_desktop.training_server.mirakl.marketplace import Marketplace
from bonifiq_desktop.training_server.mirakl.models import Entry, Line, MarketOrder, Tax
from bonifiq_desktop.training_server.remote.system import CallRefused, RemoteSystem

_MAX_IDS = 100


class MiraklTraining(RemoteSystem):
    """`key`: the shop's key, sent bare. `service`: the marketplace, with its switches and what was applied."""

    def __init__(self, contract: Path, *, port: int = 0) -> None:
        super().__init__("training-mirakl", contract, port)
        self.service = Marketplace()
        self.key = secrets.token_urlsafe(24)

    @property
    def shop_id(self) -> int:
        return self.service.shop_id

    def authorization(self) -> str:
        return self.key

    def error_body(self, status: int, message: str) -> Any:
        return {"status": status, "message": message}

    def now(self) -> str:
        return self.service.now()

    def routes(self) -> list[Route]:
        return [
            self.route("/api/version", "GET", "version", lambda *_: (200, {"version": "training"}), is_open=True),
            self.route("/api/account", "GET", "account", self._account),
            self.route("/api/reasons", "GET", "reasons", self._reasons),
            self.route("/api/orders", "GET", "lookup", self._orders),
            self.route("/api/orders/cancel", "PUT", "cancel", self._cancel_lines),
            self.route("/api/orders/refund", "PUT", "refund", self._refund_lines),
            self.route("/api/orders/{order_id}/cancel", "PUT", "cancel_order", self._cancel_order),
            self.route("/api/returns", "POST", "return", self._open_returns),
            self.route("/api/returns", "GET", "lookup", self._returns),
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

    def _orders(self, request: Request, _raw: bytes) -> tuple[int, Any]:
        self.service.require("read")
        lists = [
            _listed(request, name)
            for name in ("order_ids", "order_references_for_customer", "order_references_for_seller")
        ]
        found = self.service.find(*lists)
        mode = request.query_params.get("order_tax_mode", "")
        return 200, {
            "orders": [self._shown(order, mode or order.tax_mode) for order in found],
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
        rma = request.query_params.getlist("return_rma")
        lines = request.query_params.getlist("order_line_id")
        found = [
            each
            for each in self.service.returns
            if each["rma"] in rma or any(line["order_line_id"] in lines for line in each["return_lines"])
        ]
        return 200, {"data": found, "next_page_token": None}

    # --- answers

    def _shown(self, order: MarketOrder, tax_mode: str) -> dict[str, Any]:
        lines = [self._line(place, line) for place, line in enumerate(order.lines, start=1)]
        price = sum(line.price for line in order.lines)
        shipping = sum(line.shipping for line in order.lines)
        shown = {
            "order_id": order.order_id,
            "commercial_id": order.commercial_id,
            "order_state": order.state,
            "can_cancel": order.can_cancel,
            "fully_refunded": not any(line.is_open for line in order.lines),
            "payment_workflow": order.workflow,
            "customer_debited_date": order.debited,
            "currency_iso_code": order.currency,
            "order_tax_mode": tax_mode,
            "price": price,
            "shipping_price": shipping,
            "total_price": price + shipping,
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

    def _line(self, place: int, line: Line) -> dict[str, Any]:
        price = line.price
        if self.service.switches.deducts:
            price -= sum(entry.amount for entry in line.cancelations)
        return {
            "order_line_id": line.line_id,
            "order_line_index": place,
            "order_line_state": line.state,
            "can_refund": line.debited is not None and line.is_open,
            "quantity": line.quantity,
            "price": price,
            "price_unit": line.price / line.quantity,
            "shipping_price": line.shipping,
            "total_price": price + line.shipping,
            "offer_sku": line.sku,
            "product_sku": line.sku,
            "product_title": line.title,
            "taxes": [_tax(tax) for tax in line.taxes],
            "shipping_taxes": [_tax(tax) for tax in line.shipping_taxes],
            "debited_date": line.debited,
            "shipped_date": line.shipped,
            "received_date": line.received,
            "cancelations": [_entry(entry) for entry in line.cancelations],
            "refunds": [
                {**_entry(entry), "order_refund_id": entry.entry_id, "refund_state": entry.state}
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


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.entry_id,
        "amount": entry.amount,
        "quantity": entry.quantity,
        "shipping_amount": entry.shipping,
        "reason_code": entry.reason,
        "created_date": entry.created,
        "taxes": entry.taxes,
        "shipping_taxes": entry.shipping_taxes,
    }
