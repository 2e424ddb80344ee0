"""What a till does with its ledger, in a few words, for the tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.keys import cancel_key
from bonifiq_desktop.domain.operations import Evidence, Kind, Line, Operation, Resolution, State
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import Bonus, Done, FailureReason, Refused, Unknown
from bonifiq_desktop.ledger.backups import make_backup
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.security.customer_keys import CustomerKeys

KEYS = CustomerKeys(b"k" * 32)
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=5)
ANA = Customer(
    "ana@exemplo.com.br", "Ana Lima Prado", "52998224725", "ana@exemplo.com.br", "+5511987654321", "Ouro", 5, 1
)
ORDER = Order(
    order_id="1006/B",
    total=12990,
    state=OrderState.COMPLETED,
    status_text="Entregue",
    placed_at=START,
    completed=True,
    coupon="VIP",
    customer=ANA,
    products=(Product("P1", "Café", 12990), Product("P2", "Brinde", None)),
)
SALE_BODY = b'{"Customer":{"Document":"52998224725","Email":"ana@exemplo.com.br","Phone":"+5511987654321"}}'
PERSONAL_BYTES = (b"52998224725", b"ana@exemplo", b"11987654321", b"Prado")

CONFIRMED = Resolution(State.CONFIRMED, Evidence.ANSWER)
REFUSED = Resolution(State.REFUSED, Evidence.ANSWER)
UNKNOWN = Resolution(State.UNKNOWN)
REFUSAL = Refused("InvalidValue", "Valor inválido")
ANSWERED_DONE = Done(Bonus(30, 450), "Atenção")
TIMED_OUT = Unknown(FailureReason.TIMED_OUT)


class Clock:
    """A clock that moves on by a second at every look."""

    def __init__(self) -> None:
        self._now = START

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def refund(ledger: Ledger, value: int = 2590, order_id: str = "1006/B", order: Order | None = ORDER) -> Operation:
    """Register a refund as the counter does, with the derived key."""

    def freeze(index: int) -> SerializedRequest:
        key = cancel_key("7C9E2A10", order_id, value, index)
        return SerializedRequest(f"/v1/pvt/POS/{order_id}/partialcancel", f'{{"CancelKey":"{key}"}}'.encode(), key)

    lines = (Line("P1", "Café", value),)
    return ledger.enqueue(Intent(Kind.REFUND, order_id, value, "Veio errado", lines, order), freeze)


def sell(ledger: Ledger, order_id: str = "CAIXA1-1", order: Order | None = None) -> Operation:
    """Register a sale."""
    intent = Intent(Kind.SALE, order_id, 2590, order=order)
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/v1/pvt/POS/orders", SALE_BODY))


def cancel(ledger: Ledger, order_id: str = "1006/B") -> Operation:
    """Register a whole cancel."""
    intent = Intent(Kind.CANCEL, order_id, 12990, order=ORDER)
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/v1/pvt/POS/orders/x/cancel", b"{}"))


def confirm(ledger: Ledger, operation: Operation) -> Operation:
    """Send an operation and have it done."""
    return ledger.finish_attempt(start_attempt(ledger, operation), ANSWERED_DONE, CONFIRMED)


def start_attempt(ledger: Ledger, operation: Operation) -> StartedAttempt:
    """Start an attempt."""
    return ledger.start_attempt(operation.operation_id)


def bring_to_review(ledger: Ledger, operation: Operation) -> Operation:
    """Bring an operation to a person."""
    ledger.finish_attempt(start_attempt(ledger, operation), TIMED_OUT, UNKNOWN)
    return ledger.resolve(operation.operation_id, State.UNKNOWN, Resolution(State.REVIEW))


def bring_to(ledger: Ledger, operation: Operation, state: State) -> None:
    """Bring a queued operation to any state that is not final."""
    if state is State.REVIEW:
        bring_to_review(ledger, operation)
    elif state is not State.QUEUED:
        sending = start_attempt(ledger, operation)
        if state is State.UNKNOWN:
            ledger.finish_attempt(sending, TIMED_OUT, UNKNOWN)


def without_customers(operations: Sequence[Operation]) -> list[Operation]:
    """The operations as a reader without the keys of the customer records sees them."""
    return [replace(o, order=o.order and replace(o.order, customer=None)) for o in operations]


def make_changed_backup(ledger: Path, now: datetime = NOON) -> Path:
    """Copy a ledger in which something has changed."""
    made = make_backup(ledger, now)
    assert made is not None
    return made
