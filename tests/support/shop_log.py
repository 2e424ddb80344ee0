"""A till's log for tests of the shop database: changes in a chain, as a ledger tells them."""

import json
from hashlib import sha256
from typing import Any

import psycopg

from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, NO_HASH, Change, Claim, ClaimedOrder, change_hash
from bonifiq_desktop.shop_database import protocol
from tests.support.postgres import Connection, TillAccess

SYSTEM, ACCOUNT = "bonifiq", "LOJA"
ORDER = "4711"


class TillLog:
    """A till with its connection, its incarnation and the changes that it has told."""

    def __init__(
        self, access: TillAccess, incarnation_id: str = "0123456789abcdef", connection: "Connection | None" = None
    ) -> None:
        self.access = access
        self.connection: Connection = connection or access.connect()
        self.incarnation = protocol.begin_incarnation(self.connection, incarnation_id)
        self.changes: list[Change] = []

    def operation(self, uid: str, state: str, order: str = ORDER, **row: Any) -> Change:
        """Add the first word on an operation."""
        place = {"system": SYSTEM, "connection": SYSTEM, "account": ACCOUNT, "order_key": order}
        return self.add({"kind": "operation", "uid": uid, "state": state, "row": place | row})

    def state(self, uid: str, state: str) -> Change:
        """Add a later word on an operation."""
        return self.add({"kind": "state", "uid": uid, "state": state, "row": {"attempts": 1}})

    def customer(self, number: int, sealed: bytes) -> Change:
        """Add a customer with the sealed record."""
        return self.add({"kind": "customer", "id": number, "seen_at": "2026-11-29T12:00:00Z"}, sealed)

    def customer_erased(self, number: int) -> Change:
        """Add the erasure of a customer."""
        return self.add({"kind": "customer_erased", "id": number})

    def add(self, body: Any, sealed: bytes | None = None, version: int = CHANGE_VERSION) -> Change:
        """Add a change that follows the last one."""
        text = body if isinstance(body, str) else json.dumps(body, sort_keys=True, separators=(",", ":"))
        previous = self.changes[-1].hash if self.changes else NO_HASH
        sealed_sha256 = sha256(sealed).digest() if sealed is not None else NO_HASH
        digest = change_hash(previous, version, text, sealed_sha256)
        change = Change(len(self.changes) + 1, version, previous, text, sealed, sealed_sha256, digest)
        self.changes.append(change)
        return change

    def push(self, *changes: Change) -> int:
        """Push changes, all of them without arguments; return the new head."""
        return protocol.push(self.connection, self.incarnation, changes or self.changes)

    def claim(self, uid: str, order: str = ORDER, over: tuple[str, ...] = ()) -> Claim:
        """Claim an order for an operation."""
        return protocol.claim(self.connection, self.incarnation, ClaimedOrder(SYSTEM, ACCOUNT, order), uid, over)

    def stored(self, incarnation: int | None = None) -> list[Change]:
        """This till's changes as the database has them."""
        return protocol.pull(self.connection, self.access.till, incarnation or self.incarnation, 0, 1000)


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of an error of psycopg."""
    assert isinstance(error, psycopg.Error)
    return error.sqlstate
