"""A ledger with as many operations as are wanted, with valid checksums, made quickly and kept for the next run.

Written past the program, but with its own words for keys, requests and seals: it opens, reads and proves the file as
one that grew in ten years at a counter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from bonifiq_desktop.connectors.bonifiq.requests import SALES_PATH, refund_body, refund_path
from bonifiq_desktop.domain.keys import cancel_key, sale_order_id
from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Line, Scope
from bonifiq_desktop.domain.orders import Customer, Order, OrderState, Product, normalized_order_id
from bonifiq_desktop.domain.phones import Phone
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.returns import MIRAKL
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.row_mapping import body_hash, checksum, pack_lines, pack_order
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.ledger.sealed_records import pack_customer
from bonifiq_desktop.ledger.search_index import index_operation
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.storage.files import sync_folder

FIRST_DAY = datetime(2017, 5, 22, 9, 0, tzinfo=UTC)
APART = timedelta(minutes=5)
_TOGETHER = 10_000
# One order under all the numbers: packing a million would take longer than everything else.
_ITEM = Line("P1", "Café torrado 500 g", 30_990)
_ORDER = Order(
    "@",
    35_990,
    OrderState.COMPLETED,
    "Entregue",
    FIRST_DAY,
    products=(Product(_ITEM.product_id, _ITEM.title, _ITEM.value),),
)
_SNAPSHOT = pack_order(_ORDER)
_LINES = pack_lines((_ITEM,))
_ACCOUNT = "7C9E2A10"
_HOME = f"https://api.bonifiq.com.br#{_ACCOUNT}"
_OPERATION = """INSERT INTO operations (id, kind, order_id, order_key, account, value, cancel_key, key_index,
    reference, path, body_sha256, once_per_order, body_is_personal, ends_checkout, checksum, state, evidence, reason,
    message, lines, snapshot, body, created_at, settled_at, customer_id, registered_by, system, connection, return_id,
    leg, changes_order)
    VALUES (:id, :kind, :order_id, :order_key, :account, :value, :cancel_key, :key_index, :reference,
    :path, :body_sha256, :once_per_order, :body_is_personal, :ends_checkout, :checksum, :state, 'answer', :reason,
    '', :lines, :snapshot, :body, :begun, :ended, :customer_id, :registered_by, :system, :connection, :return_id, :leg,
    :changes_order)"""
_ATTEMPT = """INSERT INTO attempts (operation_id, cancel_key, key_index, server_id, started_at, ended_at, outcome)
    VALUES (?, ?, ?, ?, ?, ?, ?)"""
_EVENT = """INSERT INTO events (operation_id, at, from_state, to_state, evidence, registered_by)
    VALUES (?, ?, ?, ?, ?, ?)"""
_SEEN = """INSERT INTO seen_orders (order_key, order_id, first_total, largest_total, last_total, snapshot,
    first_seen_at, last_seen_at, placed_at, customer_id, system, connection)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'bonifiq', 'bonifiq')"""
_CUSTOMER = "INSERT INTO customers (id, sealed, identity, phone_hash, seen_at) VALUES (?, ?, ?, ?, ?)"
CUSTOMER_KEYS = CustomerKeys(b"b" * 32)
_ORDERS_EACH = 3
PEOPLE = ("Ana", "Bia", "Caio")
RARE_PERSON = "Zuleika"
MARKETPLACE = Scope(MIRAKL, "Mercado")
_FIRST = ("Maria", "José", "Ana", "João", "Antônio", "Francisca", "Carlos", "Adriana", "Paulo", "Beatriz", "Zuleika")
_LAST = ("Silva", "Santos", "Oliveira", "Souza", "Gonçalves", "Conceição", "Ávila", "Figueiredo", "Nepomuceno")


def ledger_with(folder: Path, operations: int) -> Path:
    """A ledger with so many operations, all final, in a folder of its own below this one; made if it is not there.

    A caller that changes it must copy it.
    """
    recipe = sha256("".join((*MIGRATIONS, Path(__file__).read_text(encoding="utf-8"))).encode()).hexdigest()
    home = folder / f"history-{operations}-{recipe[:8]}"
    if not home.exists():
        _make(home, operations)
    return home / "ledger.db"


def order_number(number: int) -> str:
    """The order of the operation with this number: one in four was sold at this counter."""
    if number % 4 == 0:
        return sale_order_id("CAIXA1", _at(number).date(), "7KQF", number // 4)
    return str(10_000_000_000 + number * 7919)


def customer(number: int) -> Customer:
    """One of the customers, by number; each has a few orders."""
    first, second, last = _FIRST[number % 11], _LAST[number // 11 % 9], _LAST[number // 99 % 9]
    return Customer(
        name=f"{first} {_FIRST[number // 891 % 11]} {second} {last}",
        document=f"{number * 7919 % 10**11:011}",
        phone=f"+55119{60_000_000 + number * 17 % 40_000_000}",
    )


def _make(home: Path, operations: int) -> None:
    begun = home.with_name(f".{home.name}.new")
    begun.mkdir(parents=True, exist_ok=True)
    for rest in begun.iterdir():
        rest.unlink()
    path = begun / "ledger.db"
    Ledger(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = 0")
        for first in range(1, operations + 1, _TOGETHER):
            _write_customers(db, range(first // _ORDERS_EACH + 1, (first + _TOGETHER) // _ORDERS_EACH + 1))
            _write(db, [_Made.of(number) for number in range(first, min(first + _TOGETHER, operations + 1))])
    begun.rename(home)
    sync_folder(home.parent)


@dataclass(frozen=True)
class _Made:
    """One operation as rows of the ledger: one in four a sale, few cancels, the rest refunds, a tenth elsewhere."""

    operation: Mapping[str, Any]
    attempt: Sequence[Any]
    events: Sequence[Sequence[Any]]
    seen: Sequence[Any]

    @classmethod
    def of(cls, number: int) -> _Made:
        kind, scope, person = _kind(number), _scope(number), _person(number)
        order_id, value = order_number(number), 990 + number % 30_000
        snapshot = _SNAPSHOT.replace(_ORDER.order_id, order_id)
        request = _request(kind, order_id, value)
        state = "refused" if number % 20 == 7 else "confirmed"
        begun, ended = (_at(number, second).isoformat(timespec="milliseconds") for second in (0, 1))
        index = 0 if kind is Kind.REFUND else None
        is_return = kind is Kind.RETURN
        written: dict[str, str | int | None] = {
            **scope._asdict(),
            "kind": kind,
            "order_id": order_id,
            "order_key": normalized_order_id(order_id),
            "account": _ACCOUNT,
            "value": value,
            "cancel_key": request.client_key,
            "key_index": index,
            "reference": None,
            "method": request.method,
            "path": request.path,
            "body_sha256": body_hash(request.body),
            "once_per_order": int(kind is Kind.SALE),
            "body_is_personal": int(kind is Kind.SALE),
            "return_id": f"DV-{number}" if is_return else "",
            "leg": int(is_return),
            "after_money": 0,
            "remote_line": "",
            "currency": "BRL",
            "is_estimate": 0,
            "changes_order": 1,
            "checkout_id": "",
            "ends_checkout": int(kind is Kind.SALE),
        }
        return cls(
            {
                **written,
                "id": number,
                "checksum": checksum(written),
                "state": state,
                "reason": "Tamanho errado",
                "lines": _LINES if kind is Kind.REFUND else "[]",
                "snapshot": snapshot,
                "body": request.body if kind is Kind.REFUND else None,  # a sale's goes once it is final
                "begun": begun,
                "ended": ended,
                "customer_id": number // _ORDERS_EACH + 1,
                "registered_by": person,
            },
            (number, request.client_key, index, _HOME, begun, ended, "done" if state == "confirmed" else "refused"),
            (
                (number, begun, None, "queued", None, person),
                (number, begun, "queued", "sending", None, ""),
                (number, ended, "sending", state, "answer", ""),
            ),
            (
                normalized_order_id(order_id),
                order_id,
                *[_ORDER.total] * 3,
                snapshot,
                begun,
                ended,
                begun,
                number // _ORDERS_EACH + 1,
            ),
        )


def _kind(number: int) -> Kind:
    if number % 4 == 0:
        return Kind.SALE
    if number % 10_000 in {1, 3}:
        return Kind.CANCEL
    return Kind.RETURN if number % 10 == 3 else Kind.REFUND


def _scope(number: int) -> Scope:
    return MARKETPLACE if number % 10 == 3 else BONIFIQ_SCOPE


def _person(number: int) -> str:
    return RARE_PERSON if number % 20_000 in {1, 2, 3, 13} else PEOPLE[number % len(PEOPLE)]


def _write_customers(db: sqlite3.Connection, numbers: range) -> None:
    def columns(number: int) -> tuple[Any, ...]:
        one, keys = customer(number), CUSTOMER_KEYS
        phone = Phone(one.phone[-8:], one.phone[3:5])
        sealed = keys.seal(number, pack_customer(one))
        return (
            number,
            sealed,
            keys.identity(one.document),
            keys.phone_hash(phone),
            _at(number * _ORDERS_EACH).isoformat(),
        )

    db.execute("BEGIN")
    db.executemany(_CUSTOMER, map(columns, numbers))
    db.execute("COMMIT")


def _write(db: sqlite3.Connection, made: list[_Made]) -> None:
    db.execute("BEGIN")
    db.executemany(_OPERATION, (one.operation for one in made))
    for one in made:
        index_operation(db, one.operation["id"])
    db.executemany(_ATTEMPT, (one.attempt for one in made))
    db.executemany(_EVENT, (event for one in made for event in one.events))
    db.executemany(_SEEN, (one.seen for one in made))
    db.execute("COMMIT")


def _request(kind: Kind, order_id: str, value: int) -> SerializedRequest:
    if kind is Kind.SALE:
        return SerializedRequest(SALES_PATH, f'{{"OriginalId":"{order_id}"}}'.encode())
    key = cancel_key(_ACCOUNT, order_id, value, 0)
    return SerializedRequest(refund_path(order_id, family="POS"), refund_body(value, key), key)


def _at(number: int, second: int = 0) -> datetime:
    return FIRST_DAY + number * APART + timedelta(seconds=second)
