"""A return of two marketplace lines and the points of their order, as the counter registers it, for the tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.operations import Kind, Line, Operation, Scope
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Charge, RemoteLine, RemoteOrder, RemoteRecord, to_minor_units
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.returns import MIRAKL, BankAccount, Call, Leg, LegLine
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import ORDER

MARKET = Scope(MIRAKL, "Carrefour")
MARKET_ORDER_ID = "8817455903-A"
RETURN_ID = "DV-AAAAA-BBBBB-CCCCC"


def market_order(*records: RemoteRecord, changed_at: str = "1") -> Order:
    """An order of two lines in a marketplace; `records` stand on its first line."""
    lines = tuple(
        RemoteLine(
            f"{MARKET_ORDER_ID}-{number}",
            (f"SKU-{number}",),
            "Camiseta",
            units=3,
            units_left=3,
            price=Decimal("149.70"),
            amount_left=Decimal("149.70"),
            amount_left_at_most=Decimal("149.70"),
            shipping_left=Decimal("8.10"),
            taxes=(Charge("ICMS", Decimal("0.30"), "NONE"),),
            records=records if number == 1 else (),
            state="SHIPPING",
        )
        for number in (1, 2)
    )
    remote = RemoteOrder("BRL", lines, references=("8817455903",), state="SHIPPING", changed_at=changed_at)
    return Order(MARKET_ORDER_ID, 29940, remote=remote)


def record(record_id: str, amount: str = "49.90", shipping: str = "8.10") -> RemoteRecord:
    """A refund of a line, as the marketplace shows it."""
    at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    return RemoteRecord(record_id, "refund", Decimal(amount), Decimal(shipping), "33", 1, at, "WAITING_REFUND")


def market_leg(line: int = 1, *, bank_account: BankAccount | None = None) -> Leg:
    """One unit of a line with its freight: 58,00."""
    taken = LegLine(f"{MARKET_ORDER_ID}-{line}", 1, Decimal("49.90"), Decimal("8.10"), title="Camiseta")
    total = Decimal("58.00")
    return Leg(Call.REFUND_LINE, MARKET_ORDER_ID, (taken,), "33", "BRL", total, bank_account=bank_account)


def money_intent(line: int = 1, return_id: str = RETURN_ID, leg: Leg | None = None, order_id: str = "") -> Intent:
    """The intent of a marketplace leg."""
    leg = leg or market_leg(line)
    return Intent(
        Kind.RETURN,
        order_id or MARKET_ORDER_ID,
        to_minor_units(leg.total, leg.currency),
        "Arrependimento",
        order=market_order(),
        intent_id=f"draft {return_id}",
        scope=MARKET,
        return_id=return_id,
        leg=leg,
    )


def points_intent(return_id: str = RETURN_ID, *, after_money: bool = True) -> Intent:
    """The intent of BonifiQ's leg: 46,06."""
    return Intent(
        Kind.REFUND,
        ORDER.order_id,
        4606,
        "Arrependimento",
        (Line("P1", "Camiseta", 4606),),
        ORDER,
        intent_id=f"draft {return_id}",
        return_id=return_id,
        after_money=after_money,
    )


def serializer(intent: Intent) -> Callable[[int], SerializedRequest]:
    """What makes the request of a leg, with a key for BonifiQ's alone."""

    def serialize(index: int) -> SerializedRequest:
        if intent.kind is Kind.RETURN and intent.leg is not None:
            account = intent.leg.bank_account
            body = f'{{"line":"{intent.leg.lines[0].line_id}","iban":"{account.iban if account else ""}"}}'.encode()
            return SerializedRequest("/api/orders/refund", body, method="PUT")
        key = cancel_key("7C9E2A10", intent.order_id, intent.value, index)
        return SerializedRequest("/v1/pvt/POS/x/partialcancel", f'{{"CancelKey":"{key}"}}'.encode(), key)

    return serialize


def register_return(ledger: Ledger, *intents: Intent) -> tuple[Operation, ...]:
    """Register a return of these legs; without any, of two marketplace lines and the points of the order."""
    legs = intents or (money_intent(1), money_intent(2), points_intent())
    return ledger.enqueue_return([(intent, serializer(intent)) for intent in legs])


def renamed(intent: Intent, return_id: str) -> Intent:
    """The same leg in another return."""
    return replace(intent, return_id=return_id, intent_id=f"draft {return_id}")
