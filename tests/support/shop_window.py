"""A shop for the tests of the window: another till's ledger that was told to this one, and states of the exchange."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import Order, OrderState, Product
from bonifiq_desktop.domain.shop_database import KnownTill, ShopDatabaseStatus, TillHead, Trouble
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.shop_database.admin import NewTill, add_till, run_together
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, new_code, seal_enrolment
from tests.support.cashier import Cashier, let_work
from tests.support.ledger_actions import KEYS, bring_to, confirm, refund
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_teller import Teller

OTHER = "CAIXA2"
_ORDER = Order("1001", 12990, OrderState.COMPLETED, products=(Product("P1", "Camiseta básica algodão", 4990),))


def told_by_another_till(
    ledger_file: Path, state: State = State.UNKNOWN, value: int = 4990, *, order_id: str = "1001", till: str = OTHER
) -> None:
    """Let another till refund part of an order, and tell this till's ledger. The program must not run yet."""
    ledger_file.parent.mkdir(parents=True, exist_ok=True)
    there = Ledger(ledger_file.with_name("other-till.db"), customer_keys=KEYS)
    here = Ledger(ledger_file, customer_keys=KEYS)
    try:
        made = refund(there, value, order_id, replace(_ORDER, order_id=order_id))
        if state is State.CONFIRMED:
            confirm(there, made)
        else:
            bring_to(there, made, state)
        teller = Teller(there, till)
        teller.tell_to(here)
        head = teller.changes[-1]
        here.shop.note_heads([TillHead(till, 1, head.seq, head.hash, 540)], datetime.now(UTC))
    finally:
        there.close()
        here.close()


def invite(database: ShopDatabaseServer, file: Path, till: str = "CAIXA1", *, port: int = 0) -> str:
    """Write the file with which a till joins the shop database; return its code. `port`: of its line to the server."""
    new = NewTill.named("LOJA", till)
    with database.admin() as admin:
        run_together(admin, add_till(new))
    enrolment = Enrolment(
        shop="LOJA",
        till=till,
        hosts=(f"127.0.0.1:{port or database.server.port}",),
        database=database.name,
        role=new.role,
        ca=database.server.ca_file.read_text("ascii"),
        until=datetime.now(UTC) + timedelta(hours=1),
        password=new.password,
        secret=b"s" * 32,
    )
    code = new_code()
    file.write_bytes(seal_enrolment(enrolment, code))
    return code


def ago(minutes: int) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes, seconds=5)


def exchange(
    minutes: int = 0, trouble: Trouble | None = None, *, heard: int = 9, till: str = OTHER
) -> ShopDatabaseStatus:
    """A state of the exchange: `minutes` since the last one, `heard` since the other till's last news."""
    known = (KnownTill(till, ago(heard)), KnownTill("CAIXA3", ago(0), 14))
    return ShopDatabaseStatus("LOJA", "CAIXA1", ago(minutes), trouble, unpushed=3, tills=known)


def never_exchanged() -> ShopDatabaseStatus:
    return replace(exchange(), synced_at=None, trouble=Trouble.UNREACHABLE)


def publish(cashier: Cashier, status: ShopDatabaseStatus) -> None:
    """Publish a state as the worker does."""
    cashier.app.client._published.emit(status)
    let_work(0.05)
