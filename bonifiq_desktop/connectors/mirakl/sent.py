"""What one of our requests asked for, read from its body, and whether an entry of Mirakl's is its effect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Protocol

from bonifiq_desktop.connectors import exact_json


class SentCall(Enum):
    CANCEL_LINE = auto()
    REFUND_LINE = auto()
    CANCEL_ORDER = auto()
    OPEN_RETURN = auto()


@dataclass(frozen=True)
class SentRequest:
    """A request as it was sent. `lines`: units by line. Amounts are those of the only line of OR30 and OR28."""

    call: SentCall
    lines: Mapping[str, int] = field(default_factory=dict)
    amount: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    reason_code: str = ""
    taxes: Mapping[str, Decimal] = field(default_factory=dict)
    shipping_taxes: Mapping[str, Decimal] = field(default_factory=dict)
    tax_mode: str = ""
    rma: str = ""
    commercial_id: str = ""

    @classmethod
    def read(cls, body: bytes | None) -> "SentRequest | None":
        """The request of a body; OR29 has an empty one. None for a body that was erased, or is not ours."""
        if body is None:
            return None
        if not body:
            return cls(SentCall.CANCEL_ORDER)
        try:
            return _read(exact_json.load(body))
        except (exact_json.Unreadable, KeyError, TypeError, AttributeError, ValueError, ArithmeticError):
            return None


def _read(data: dict[str, Any]) -> SentRequest:
    if "returns" in data:
        (made,) = data["returns"]
        lines = {line["order_line_id"]: int(line["quantity"]) for line in made["return_lines"]}
        return SentRequest(SentCall.OPEN_RETURN, lines, rma=made["rma"], commercial_id=made["order_commercial_id"])
    cancels = "cancelations" in data
    (entry,) = data["cancelations" if cancels else "refunds"]
    return SentRequest(
        SentCall.CANCEL_LINE if cancels else SentCall.REFUND_LINE,
        {entry["order_line_id"]: int(entry["quantity"])},
        Decimal(entry["amount"]),
        Decimal(entry["shipping_amount"]),
        entry["reason_code"],
        _by_code(entry.get("taxes", [])),
        _by_code(entry.get("shipping_taxes", [])),
        data.get("order_tax_mode", ""),
    )


def _by_code(charges: Iterable[dict[str, Any]]) -> dict[str, Decimal]:
    return {each["code"]: Decimal(each["amount"]) for each in charges}


class Coded(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...


class Entry(Protocol):
    """An entry that Mirakl made on a line, in its answer to our request or on the order."""

    @property
    def amount(self) -> Decimal | None: ...
    @property
    def shipping(self) -> Decimal: ...
    @property
    def reason_code(self) -> str: ...
    @property
    def taxes(self) -> Iterable[Coded]: ...
    @property
    def shipping_taxes(self) -> Iterable[Coded]: ...


def has_our_amounts(sent: SentRequest, entry: Entry) -> bool:
    """Whether an entry has our amount, shipping amount, reason and taxes.

    Only the taxes that we named count, because Mirakl adds those that it computes.
    """
    return (
        is_answer_to(sent, entry)
        and entry.reason_code == sent.reason_code
        and _covers(sent.taxes, entry.taxes)
        and _covers(sent.shipping_taxes, entry.shipping_taxes)
    )


def is_answer_to(sent: SentRequest, entry: Entry) -> bool:
    """Whether an entry has our amount and shipping amount."""
    return entry.amount == sent.amount and entry.shipping == sent.shipping


def _covers(ours: Mapping[str, Decimal], shown: Iterable[Coded]) -> bool:
    amounts: dict[str, Decimal] = {}
    for each in shown:
        amounts[each.code] = amounts.get(each.code, Decimal(0)) + each.amount
    return all(amounts.get(code, Decimal(0)) == amount for code, amount in ours.items())
