"""What an order's records showed just before the first sending of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.remote_orders import RemoteOrder


@dataclass(frozen=True)
class LineBefore:
    """A line before the sending. `amount_left`: the larger reading. `ids`: of its records."""

    ids: frozenset[str]
    amount_left: Decimal
    units_left: int


@dataclass(frozen=True)
class Baseline:
    """`read_at`: by the system's clock. `state`: of the order."""

    state: str
    read_at: datetime | None = None
    lines: Mapping[str, LineBefore] = field(default_factory=dict)

    @classmethod
    def of(cls, order: RemoteOrder) -> "Baseline":
        """The records that an order shows now."""
        lines = {
            line.line_id: LineBefore(
                frozenset(record.record_id for record in line.records), line.amount_left_at_most, line.units_left
            )
            for line in order.lines
        }
        return cls(order.state, order.read_at, lines)

    def dump(self) -> str:
        """The text that the ledger stores."""
        lines = {
            line_id: {"ids": sorted(line.ids), "amount_left": line.amount_left, "units_left": line.units_left}
            for line_id, line in self.lines.items()
        }
        read_at = self.read_at.isoformat() if self.read_at else None
        return exact_json.dump({"state": self.state, "read_at": read_at, "lines": lines}).decode()

    @classmethod
    def load(cls, text: str) -> "Baseline | None":
        """The records of a text from `dump`; None for any other text."""
        try:
            return _load(exact_json.load(text.encode()))
        except (exact_json.Unreadable, KeyError, TypeError, AttributeError, ValueError, ArithmeticError):
            return None


def _load(data: dict[str, Any]) -> Baseline:
    lines = {
        line_id: LineBefore(frozenset(line["ids"]), Decimal(line["amount_left"]), int(line["units_left"]))
        for line_id, line in data["lines"].items()
    }
    return Baseline(data["state"], datetime.fromisoformat(data["read_at"]) if data["read_at"] else None, lines)
