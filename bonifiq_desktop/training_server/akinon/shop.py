"""The web shop: its orders of single units, what may be cancelled, and what really happened."""

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bonifiq_desktop.training_server.json_codec import format_timestamp
from bonifiq_desktop.training_server.remote.system import CallRefused

CANCELLATION_WAITING, CANCELED, APPROVED, SHIPPED, DELIVERED = "50", "100", "400", "500", "550"
_BEFORE_SHIPMENT = frozenset({"200", "300", "350", APPROVED, "450"})
_AFTER_SHIPMENT = frozenset({SHIPPED, "510", "520", "540", DELIVERED})

REASONS = (
    (1, "cancel", "Cliente desistiu da compra"),
    (2, "cancel", "Sem estoque"),
    (3, "cancel", "Outro"),
    (7, "refund", "Arrependimento"),
    (8, "refund", "Defeito"),
    (9, "refund", "Tamanho"),
    (10, "refund", "Produto errado"),
    (11, "refund", "Outro"),
)
"""Key, type and subject."""


@dataclass
class Unit:
    """One item: one unit. `price` and `net` as text, as the system writes them."""

    pk: int
    sku: str
    name: str
    price: str
    status: str = APPROVED
    cancel_status: str | None = None


@dataclass
class WebOrder:
    """One order. `pk`: what its paths are named by; `number`: what the customer sees."""

    pk: int
    number: str
    units: list[Unit]
    placed: str
    customer: tuple[str, str]
    shipping: str = "0.00"
    currency: str = "brl"
    payment: str = "credit_card"
    plan: str = ""


@dataclass(frozen=True)
class AppliedItem:
    """What really happened to one unit. `plan`: `cancel` or `refund`."""

    order: str
    item: int
    reason: int
    plan: str
    with_cargo: bool
    invoice_number: str


@dataclass
class ShopSwitches:
    """What the documents leave open. `bare_lists`: lists come without a page around them. `names`: status as words."""

    bare_lists: bool = False
    names: bool = False
    short_answers: bool = False
    settles_at_once: bool = False


@dataclass
class ShopState:
    """What a restart keeps."""

    orders: list[WebOrder]
    applied: list[AppliedItem]


@dataclass
class WebShop:
    """Thread-safe. `applied`: every unit that was cancelled or returned, by any client."""

    orders: list[WebOrder] = field(default_factory=list)
    applied: list[AppliedItem] = field(default_factory=list)
    switches: ShopSwitches = field(default_factory=ShopSwitches)

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self.orders = self.orders or _orders(datetime.now(UTC))

    def now(self) -> str:
        return format_timestamp(datetime.now(UTC))

    def state(self) -> ShopState:
        with self._lock:
            return ShopState(self.orders, self.applied)

    def restore(self, state: ShopState) -> None:
        """Go on from a state of `state`."""
        with self._lock:
            self.orders, self.applied = state.orders, state.applied

    def by_number(self, number: str) -> list[WebOrder]:
        with self._lock:
            return [order for order in self.orders if order.number == number]

    def by_key(self, key: int) -> WebOrder:
        """Raises CallRefused."""
        with self._lock:
            for order in self.orders:
                if order.pk == key:
                    return order
        raise CallRefused(404, {"detail": "Not found."})

    def cancel(self, key: int, body: Mapping[str, Any]) -> WebOrder:
        """Cancel or return units, all of the chosen ones or none. Raises CallRefused."""
        with self._lock:
            order = self.by_key(key)
            if body["order"] != key:
                raise CallRefused(400, {"order": ["Does not match the address."], "code": "cancel_100_1"})
            if body["forced_refund_amount"] is not None:
                raise CallRefused(400, {"forced_refund_amount": ["Reserved."], "code": "cancel_100_2"})
            units = self._chosen(order, body)
            plan = self._plan(order, units)
            reasons = self._reasons(units, body["reasons"], plan)
            for unit in units:
                unit.cancel_status = "waiting"
                unit.status = CANCELED if self.switches.settles_at_once else CANCELLATION_WAITING
                self.applied.append(
                    AppliedItem(
                        order.number,
                        unit.pk,
                        reasons[unit.pk],
                        plan,
                        bool(body.get("is_cargo_refund")),
                        str(body.get("refund_invoice_number", "")),
                    )
                )
            order.plan = plan
            return order

    def cancel_by_hub(self, number: str, item: int) -> None:
        """Another client cancels one unit behind the till's back."""
        with self._lock:
            order = self.by_number(number)[0]
            unit = next(unit for unit in order.units if unit.pk == item)
            unit.status, unit.cancel_status = CANCELED, "completed"

    def settle(self) -> None:
        """Every cancellation that waits comes to its end."""
        with self._lock:
            for unit in itertools.chain.from_iterable(order.units for order in self.orders):
                if unit.status == CANCELLATION_WAITING:
                    unit.status, unit.cancel_status = CANCELED, "completed"

    def _chosen(self, order: WebOrder, body: Mapping[str, Any]) -> list[Unit]:
        known = {unit.pk: unit for unit in order.units}
        if body["is_all"]:
            if body["cancel_items"]:
                raise CallRefused(400, {"cancel_items": ["Must be empty."], "code": "cancel_100_3"})
            wanted: Sequence[int] = list(known)
        else:
            wanted = body["cancel_items"]
        if not wanted or any(pk not in known for pk in wanted):
            raise CallRefused(400, {"cancel_items": ["Unknown item."], "code": "cancel_100_4"})
        units = [known[pk] for pk in wanted]
        if any(unit.status in {CANCELLATION_WAITING, CANCELED} or unit.cancel_status for unit in units):
            raise CallRefused(406, {"non_field_errors": ["Order already cancelled!"], "code": "cancel_100_5"})
        return units

    def _plan(self, order: WebOrder, units: Sequence[Unit]) -> str:
        """Cancel before the shipment, refund after it; both in one order are refused."""
        plans = {
            "cancel" if unit.status in _BEFORE_SHIPMENT else "refund" if unit.status in _AFTER_SHIPMENT else ""
            for unit in units
        }
        if len(plans) != 1 or "" in plans or (order.plan and {order.plan} != plans):
            raise CallRefused(406, {"non_field_errors": "Order can't be cancelled in this status."})
        return plans.pop()

    @staticmethod
    def _reasons(units: Sequence[Unit], given: Mapping[str, int], plan: str) -> dict[int, int]:
        usable = {key for key, kind, _subject in REASONS if kind == plan}
        found = {unit.pk: given.get(str(unit.pk), 0) for unit in units}
        if any(reason not in usable for reason in found.values()):
            raise CallRefused(400, {"reasons": ["Invalid reason."], "code": "cancel_100_6"})
        return found


def _orders(now: datetime) -> list[WebOrder]:
    at = {days: format_timestamp(now - timedelta(days=days)) for days in (1, 3, 9)}
    maria, joao, ana = ("Maria Aparecida", "dos Santos"), ("João Batista", "Ferreira"), ("Ana Lúcia", "Gonçalves")
    dress, shirt = ("VES-04", "Vestido midi floral", "189.00"), ("CAM-01", "Camiseta básica algodão", "49.90")
    hat = ("BON-12", "Boné aba curva", "39.90")
    return [
        WebOrder(5001, "1002", [Unit(61001, *dress)], at[3], joao, shipping="15.00"),
        WebOrder(5002, "1006/B", [Unit(61002, *shirt, DELIVERED), Unit(61003, *hat, DELIVERED)], at[9], maria, "12.00"),
        WebOrder(5003, "3001", [Unit(61010 + unit, *shirt) for unit in range(3)], at[1], ana, shipping="9.90"),
        WebOrder(
            5004, "3002", [Unit(61020, *shirt, CANCELED, "completed"), Unit(61021, *hat)], at[3], ana, plan="cancel"
        ),
        WebOrder(5005, "3003", [Unit(61030, *dress, "777")], at[3], joao),
        WebOrder(5006, "3004", [Unit(61040, *dress, DELIVERED)], at[9], joao, payment="funds_transfer"),
    ]
