"""One purchase in BonifiQ, in a Mirakl marketplace and in an Akinon shop, as look-ups show it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.remote_orders import RemoteLine, RemoteOrder
from bonifiq_desktop.domain.returns import AKINON, MIRAKL, Call, Leg, LegLine, ReturnChoice
from bonifiq_desktop.domain.verdicts import OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.services.return_requests import RemoteLookup, ReturnRequest
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.worker.commands import (
    ConnectionInfo,
    LookUp,
    LookUpElsewhere,
    PlanReturn,
    ReadConnections,
    RegisterReturn,
    RemoteStatus,
    Status,
)
from tests.support.operations import make_operation
from tests.support.scripted_client import ScriptedClient

NUMBER = "8817455903"
CUSTOMER = Customer(name="Maria Aparecida", tier="Ouro", points=120, cashback=0)


def line(line_id: str, code: str, title: str, price: str, units: int = 1, **fields: Any) -> RemoteLine:
    amount = Decimal(price)
    left = fields.pop("units_left", units)
    known: dict[str, Any] = {"paid": True, "state": "RECEIVED"}
    return RemoteLine(line_id, (code,), title, units, left, amount, amount, amount, **(known | fields))


def remote(number: str, *lines: RemoteLine, **fields: Any) -> Order:
    """An order of a marketplace or web shop."""
    total = int(sum(each.price for each in lines) * 100)
    known: dict[str, Any] = {"currency": "BRL", "lines": lines, "state": "RECEIVED", "paid": True}
    shown = RemoteOrder(**(known | fields))
    return Order(number, total, customer=CUSTOMER, remote=shown)


SHIRT = line("L1", "CAM", "Camiseta", "49.90", shipping_left=Decimal("8.00"))
TROUSERS = line("L2", "CAL", "Calça", "120.00")
IN_MARKETPLACE = remote(f"{NUMBER}-A", SHIRT, TROUSERS, references=(NUMBER,))
IN_SHOP = remote(NUMBER, line("11", "CAM", "Camiseta", "47.00"), line("12", "CAL", "Calça", "110.00"), state="550")
IN_BONIFIQ = LookupResult(
    Order(
        NUMBER,
        15691,
        OrderState.COMPLETED,
        customer=CUSTOMER,
        products=(Product("CAM", "Camiseta", 4606), Product("CAL", "Calça", 11085)),
    ),
    NUMBER,
    15691,
    0,
    (),
    None,
    closed=False,
    largest_total=15691,
)


def unknown(_command: Any) -> Any:
    raise OrderNotFound


class Systems:
    """What each system shows; a test changes it before it asks. Values that are exceptions are raised."""

    def __init__(self) -> None:
        self.client = ScriptedClient()
        self.bonifiq: Any = IN_BONIFIQ
        self.elsewhere: dict[str, Any] = {"Carrefour": IN_MARKETPLACE, "Loja on-line": None}
        self.impossible: dict[str, Exception] = {}
        self.settings: tuple[RemoteSettings, ...] = (
            RemoteSettings("Carrefour", MIRAKL, "https://carrefour.example"),
            RemoteSettings("Loja on-line", AKINON, "https://loja.example"),
        )
        self.client.script |= {
            LookUp: self._look_up,
            LookUpElsewhere: self._look_up_elsewhere,
            PlanReturn: self._plan,
            ReadConnections: lambda _command: tuple(
                ConnectionInfo(each, ConnectionStatus.ONLINE, has_secret=True, key_storage=None)
                for each in self.settings
            ),
            RegisterReturn: self._register,
        }

    def status(self, **fields: Any) -> Status:
        elsewhere = tuple(RemoteStatus(each.name, each.system, ConnectionStatus.ONLINE) for each in self.settings)
        return Status(ConnectionStatus.ONLINE, 0, 0, stopped_by_credentials=False, elsewhere=elsewhere, **fields)

    def _look_up(self, command: LookUp) -> LookupResult:
        if isinstance(self.bonifiq, Exception):
            raise self.bonifiq
        if self.bonifiq.order.order_id != command.text:
            raise OrderNotFound
        found: LookupResult = replace(self.bonifiq, requested_id=command.text)
        return found

    def _look_up_elsewhere(self, command: LookUpElsewhere) -> RemoteLookup:
        order = self.elsewhere[command.connection]
        if isinstance(order, Exception):
            raise order
        if isinstance(order, RemoteLookup):
            return order
        system = next(each.system for each in self.settings if each.name == command.connection)
        numbers = {command.text, *command.also}
        known = order is not None and numbers & {order.order_id, *order.remote.references}
        return RemoteLookup(command.connection, system, order if known else None)

    def _plan(self, command: PlanReturn) -> tuple[Leg, ...]:
        if command.connection in self.impossible:
            raise self.impossible[command.connection]
        return tuple(_leg(command.order, command.choice, each.line_id) for each in command.choice.lines)

    def _register(self, command: RegisterReturn) -> tuple[Operation, ...]:
        return legs_of(command.request)


def _leg(order: Order, choice: ReturnChoice, line_id: str) -> Leg:
    assert order.remote is not None
    known = order.remote.line(line_id)
    chosen = next(each for each in choice.lines if each.line_id == line_id)
    assert known is not None
    amount = known.price / known.units * chosen.units
    shipping = known.shipping_left if choice.shipping else Decimal(0)
    is_akinon = order.remote.state.isdecimal()
    return Leg(
        Call.CANCEL_ITEMS if is_akinon else Call.REFUND_LINE,
        order.remote.key,
        (LegLine(line_id, chosen.units, amount, shipping),),
        "14",
        order.remote.currency,
        amount + shipping,
        is_estimate=is_akinon,
        shipping=choice.shipping,
    )


def legs_of(request: ReturnRequest, state: State = State.QUEUED) -> tuple[Operation, ...]:
    """The operations that a return registers, the money first."""
    made: list[Operation] = []
    for each in request.money:
        system = AKINON if each.order.remote and each.order.remote.state.isdecimal() else MIRAKL
        made.append(money_leg(len(made) + 1, state, connection=each.connection, system=system))
    if request.points is not None:
        order_id, value = request.points.order.order_id, request.points.value
        points = make_operation(
            operation_id=len(made) + 1, kind=Kind.REFUND, order_id=order_id, value=value, state=state
        )
        made.append(replace(points, return_id="D-1", after_money=True, attempts=0, cancel_key="BQ-1234"))
    return tuple(made)


def money_leg(operation_id: int, state: State = State.QUEUED, **fields: Any) -> Operation:
    """A leg of a return in a marketplace or web shop."""
    made = make_operation(operation_id=operation_id, kind=Kind.RETURN, order_id=f"{NUMBER}-A", value=5790, state=state)
    return replace(made, **{"return_id": "D-1", "system": MIRAKL, "connection": "Carrefour"} | fields)
