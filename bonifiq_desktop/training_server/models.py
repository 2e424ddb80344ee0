"""Records of the loyalty service (orders, customers, applied changes) and the state file that stores them."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from bonifiq_desktop.training_server.rewards.models import Redemption

ORIGIN_API = 1
ORIGIN_POS = 3

STATE_PENDING = 1
STATE_COMPLETED = 2
STATE_CANCELLED = 3

AppliedKind = Literal["sale", "sale_update", "refund", "cancel", "redemption", "reversal"]


class StateFileError(Exception):
    """The state file is damaged or foreign. It is left unchanged."""


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """One change that the service made. `cents` is the order's total, the amount given back, or the cashback spent.

    A redemption has no order yet; `key` is then its OriginalKey, else the CancelKey.
    """

    kind: AppliedKind
    order_id: str
    key: str
    cents: int
    at: str


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One received call. Header names are in lower case; Authorization is left out."""

    number: int
    method: str
    path: str
    body: bytes
    headers: tuple[tuple[str, str], ...]
    at: str


@dataclass(slots=True)
class Item:
    """One product of an order. `cents` is its net price for the whole quantity, None where none was sent."""

    product_id: str
    title: str
    cents: int | None
    url: str | None = None
    image_url: str | None = None
    is_active: bool = True
    brand: dict[str, Any] | None = None
    category: dict[str, Any] | None = None


@dataclass(slots=True)
class Refund:
    """One applied partial refund. `cents_by_product` is empty where the request named no products.

    `key` is "" for a request without a CancelKey; such a request cannot be told from its repeat.
    """

    key: str
    cents: int
    at: str
    cents_by_product: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Customer:
    """A customer. `check`: what is asked before a redemption; `missing_contact`: what a code without contact asks."""

    original_id: str
    number: int
    name: str = ""
    email: str | None = None
    phone: str | None = None
    document: str | None = None
    birthday: str | None = None
    signed_up: str | None = None
    enrolled: str | None = None
    is_enrolled: bool = True
    tier: str = "Bronze"
    points: int = 0
    cashback_cents: int = 0
    check: Literal["none", "code", "signup"] = "none"
    missing_contact: Literal["phone", "email"] = "phone"


@dataclass(slots=True)
class Order:
    """An order. Times are UTC text.

    `points_given` and `cashback_given` (cents) are the part of the customer's balance that comes from this order.
    """

    original_id: str
    number: int
    customer_id: str
    total_cents: int
    placed: str
    updated: str
    completed: str | None = None
    cancelled: str | None = None
    is_completed: bool = True
    status: str = ""
    origin: int = ORIGIN_POS
    items: list[Item] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    metadata: list[dict[str, str]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    coupon: str | None = None
    external_coupon: str | None = None
    branch: dict[str, str] | None = None
    sales_person: dict[str, str] | None = None
    points_given: int = 0
    cashback_given: int = 0

    @property
    def refunded_cents(self) -> int:
        return sum(refund.cents for refund in self.refunds)

    @property
    def remaining_cents(self) -> int:
        """The refundable amount; 0 once the order is cancelled."""
        return 0 if self.cancelled else self.total_cents - self.refunded_cents

    @property
    def state(self) -> int:
        if self.cancelled:
            return STATE_CANCELLED
        return STATE_COMPLETED if self.is_completed else STATE_PENDING


@dataclass(slots=True)
class State:
    format: Literal[1]
    orders: list[Order]
    customers: list[Customer]
    applied: list[AppliedChange]
    redemptions: list[Redemption] = field(default_factory=list)


_STATE = TypeAdapter(State)


def write_state(path: Path, state: State) -> None:
    """Replace the file atomically: after an OSError it has its old content."""
    write_file(path, _STATE.dump_json(state, indent=1))


def write_file(path: Path, content: bytes) -> None:
    """Replace a file atomically: after an OSError it has its old content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read_state(path: Path) -> State:
    """Read a state file.

    Raises:
        StateFileError: its content is not that of `write_state`.
        OSError: it cannot be read.
    """
    try:
        return _STATE.validate_json(path.read_bytes())
    except ValueError as error:
        raise StateFileError(f"state file {path.name} is damaged") from error
