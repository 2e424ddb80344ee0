"""A small marketplace that keeps its orders in memory, cancels lines, and loses answers on request."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.scripted_server import DROP, Answer, Drop, Request


@dataclass
class Marketplace:
    """`faults`: what happens to the next writes: `lost` (applied, no answer), `dropped` (neither), `doubled` (applied,
    no answer, and another client does the same), `off` (the operator lets no shop cancel lines).
    """

    orders: list[dict[str, Any]]
    faults: list[str] = field(default_factory=list)
    writes: int = 0
    records: int = 0

    def script(self, request: Request) -> Answer | Drop:
        """The answer to a request."""
        target = urlsplit(request.target)
        if request.method == "GET" and target.path == "/api/orders":
            asked = parse_qs(target.query).get("order_ids", [""])[0].split(",")
            found = [order for order in self.orders if order["order_id"] in asked]
            return Answer(body={"orders": found, "total_count": len(found)})
        if request.method == "GET" and target.path == "/api/account":
            return Answer(body={"shop_id": 1, "shop_name": "Loja", "currency_iso_code": "BRL"})
        if request.method == "GET" and target.path == "/api/version":
            return Answer(body=b"")
        if request.method == "PUT" and target.path == "/api/orders/cancel":
            return self._cancel(json.loads(request.body))
        return Answer(404, {"message": "Not found", "status": 404})

    def _cancel(self, body: dict[str, Any]) -> Answer | Drop:
        self.writes += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "off":
            return Answer(403, {"message": "The shop partial cancelation feature is not enabled"})
        if fault == "dropped":
            return DROP
        (entry,) = body["cancelations"]
        record = self._record(entry)
        if record is None:
            return Answer(400, {"message": "Order line amount is too low", "status": 400})
        if fault == "doubled":
            self._record(entry)
        if fault:
            return DROP
        made = {**entry, "cancelation_id": record["id"]}
        return Answer(body={"cancelations": [made], "order_tax_mode": body["order_tax_mode"]})

    def _record(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        """Cancel a part of a line; None where less than that is left."""
        lines = [line for order in self.orders for line in order["order_lines"]]
        (line,) = [line for line in lines if line["order_line_id"] == entry["order_line_id"]]
        left = line["price"] - sum(each["amount"] for each in line["cancelations"])
        if entry["amount"] > left + 0.001:
            return None
        self.records += 1
        shown = {name: entry[name] for name in ("amount", "quantity", "shipping_amount", "reason_code")}
        record = {**shown, "id": f"c-{self.records}", "created_date": datetime.now(UTC).isoformat(), "taxes": []}
        line["cancelations"].append(record)
        return record
