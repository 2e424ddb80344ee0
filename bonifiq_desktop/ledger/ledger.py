"""The ledger's one writer: intents before sending, attempts before the first byte, outcomes before the screen."""

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    FINAL,
    MOVES,
    UNFINISHED,
    Evidence,
    Kind,
    Line,
    Operation,
    Settled,
    State,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.verdicts import Bonus, Done, NotSent, Refused, Unknown, Verdict
from bonifiq_desktop.ledger.database import open_for_writing, transaction
from bonifiq_desktop.ledger.errors import CommitUncertain, LedgerFailed, MoveRefused, OrderBusy, SaleExists
from bonifiq_desktop.ledger.rows import OPERATION_COLUMNS, operation_from, pack_bonus, pack_lines, pack_order

_TAG_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that a person confuses with another


@dataclass(frozen=True)
class Intent:
    """What the cashier confirmed. `value` in cents: refunded, or the total of the sale or of the cancelled order."""

    kind: Kind
    order_id: str
    value: Cents
    reason: str = ""
    lines: tuple[Line, ...] = ()
    order: Order | None = None


@dataclass(frozen=True)
class Frozen:
    """The request of an intent, byte for byte as every attempt will send it."""

    path: str
    body: bytes
    cancel_key: str | None = None


@dataclass(frozen=True)
class Sending:
    """An attempt that is on disk and may now leave."""

    operation: Operation
    attempt_id: int
    request: Frozen
    earlier_may_have_left: bool


@dataclass(frozen=True)
class OrderHistory:
    """What this till knows of an order. `open_refunds`: cents of every refund that is not closed negatively."""

    first_total: Cents | None
    open_refunds: tuple[Cents, ...]
    confirmed_refunds: Cents
    operations: tuple[Operation, ...]


class Ledger:
    """The open ledger. Use and close it on the thread that made it; every method commits before it returns.

    All methods raise LedgerFailed or LedgerDamaged when the file cannot be used.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._db = self._open()
        self.tag = self._fact("tag", lambda: "".join(secrets.choice(_TAG_LETTERS) for _ in range(4)))

    def _open(self) -> sqlite3.Connection:
        db = open_for_writing(self._path)
        db.row_factory = sqlite3.Row
        return db

    def close(self) -> None:
        """Close the file; everything is already on disk."""
        self._db.close()

    # --- before sending

    def begin(self, intent: Intent, freeze: Callable[[int], Frozen]) -> Operation:
        """Commit an intent as `queued`. `freeze` gets the number of refunds of this order with this value confirmed here.

        Raises OrderBusy while another operation of the order is unfinished, SaleExists for a sale's number used before.
        """
        try:
            with transaction(self._db):
                operation_id = self._insert(intent, freeze)
        except sqlite3.IntegrityError as error:
            self._explain_conflict(intent, error)
        except CommitUncertain as error:
            return self._look_after_uncertain_commit(intent, error)
        return self.operation(operation_id)

    def _insert(self, intent: Intent, freeze: Callable[[int], Frozen]) -> int:
        request = freeze(self._confirmed_with_value(intent.order_id, intent.value))
        now = self._now()
        cursor = self._db.execute(
            """INSERT INTO operations (kind, order_id, cancel_key, value, state, reason, lines, snapshot, path, body,
               body_sha256, created_at) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)""",
            (
                intent.kind,
                intent.order_id,
                request.cancel_key,
                intent.value,
                intent.reason,
                pack_lines(intent.lines),
                pack_order(intent.order) if intent.order else None,
                request.path,
                request.body,
                sha256(request.body).hexdigest(),
                now,
            ),
        )
        operation_id = cursor.lastrowid
        if operation_id is None:  # pragma: no cover - SQLite always has one after INSERT
            raise LedgerFailed("no row id")
        self._event(operation_id, None, Settled(State.QUEUED), now)
        return operation_id

    def _confirmed_with_value(self, order_id: str, value: Cents) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM operations WHERE order_id = ? AND kind = 'refund' AND state = 'confirmed' AND value = ?",
            (order_id, value),
        ).fetchone()
        return int(row[0])

    def _explain_conflict(self, intent: Intent, error: sqlite3.IntegrityError) -> NoReturn:
        other = self.unfinished_of(intent.order_id)
        if other is not None:
            raise OrderBusy(other) from error
        if intent.kind is Kind.SALE:
            raise SaleExists(intent.order_id) from error
        raise LedgerFailed(str(error)) from error

    def _look_after_uncertain_commit(self, intent: Intent, error: CommitUncertain) -> Operation:
        # Under WAL a COMMIT that raised was found applied after reopening: the file has the last word.
        self._reopen()
        found = self.unfinished_of(intent.order_id)
        if found is None:
            raise LedgerFailed(str(error)) from error
        return found

    def _reopen(self) -> None:
        self._db.close()
        self._db = self._open()

    def next_sale_number(self) -> int:
        """A number that no sale of this ledger had or will have, even if this one is given up."""
        with transaction(self._db):
            number = int(self._stored("sale_number") or 0) + 1
            self._store("sale_number", str(number))
        return number

    def withdraw(self, operation_id: int) -> Operation:
        """Take a `queued` operation back; nothing of it has left. Raises MoveRefused."""
        with transaction(self._db):
            self._move(operation_id, State.QUEUED, Settled(State.WITHDRAWN, Evidence.PERSON))
        return self.operation(operation_id)

    # --- sending

    def start_attempt(self, operation_id: int) -> Sending:
        """Commit an attempt as having perhaps left; only then may its first byte. Raises MoveRefused."""
        before = self.operation(operation_id)
        with transaction(self._db):
            self._move(operation_id, before.state, Settled(State.SENDING))
            row = self._db.execute("SELECT path, body FROM operations WHERE id = ?", (operation_id,)).fetchone()
            earlier = self.sent_attempts(operation_id) > 0
            cursor = self._db.execute(
                "INSERT INTO attempts (operation_id, cancel_key, started_at) VALUES (?, ?, ?)",
                (operation_id, before.cancel_key, self._now()),
            )
        if cursor.lastrowid is None or row["body"] is None:
            raise LedgerFailed("an unfinished operation without its body")
        request = Frozen(row["path"], row["body"], before.cancel_key)
        return Sending(self.operation(operation_id), cursor.lastrowid, request, earlier)

    def finish_attempt(self, sending: Sending, verdict: Verdict, settled: Settled) -> Operation:
        """Commit what was seen and where it leads, in one step."""
        name, trouble, code, message, bonus = _columns_of(verdict)
        now = self._now()
        operation_id = sending.operation.operation_id
        with transaction(self._db):
            self._db.execute(
                """UPDATE attempts SET ended_at = ?, may_have_left = ?, outcome = ?, trouble = ?, code = ?, message = ?
                   WHERE id = ?""",
                (now, not isinstance(verdict, NotSent), name, trouble, code, message, sending.attempt_id),
            )
            self._db.execute(
                "UPDATE operations SET message = ?, trouble = ?, bonus = coalesce(?, bonus) WHERE id = ?",
                (message, trouble, pack_bonus(bonus), operation_id),
            )
            self._move(operation_id, State.SENDING, settled, note=code)
        return self.operation(operation_id)

    def settle(self, operation_id: int, before: State, settled: Settled, *, note: str = "") -> Operation:
        """Commit a change that no attempt of ours caused: a look-up's evidence, a used-up budget. Raises MoveRefused."""
        with transaction(self._db):
            self._move(operation_id, before, settled, note=note)
        return self.operation(operation_id)

    def recover(self) -> list[Operation]:
        """At start-up: every `sending` row was left by a process that died, so it may have arrived: `unknown`."""
        with transaction(self._db):
            rows = self._db.execute("SELECT id FROM operations WHERE state = 'sending'").fetchall()
            for row in rows:
                self._move(row["id"], State.SENDING, Settled(State.UNKNOWN), note="found at start")
        return [self.operation(row["id"]) for row in rows]

    def _move(self, operation_id: int, before: State, settled: Settled, *, note: str = "") -> None:
        if settled.state is not before and settled.state not in MOVES[before]:
            raise MoveRefused(f"{before} to {settled.state}")
        final = settled.state in FINAL
        now = self._now()
        cursor = self._db.execute(
            """UPDATE operations SET state = ?, evidence = ?, doubt = ?,
               settled_at = CASE WHEN ? THEN ? ELSE settled_at END,
               body = CASE WHEN ? AND kind = 'sale' THEN NULL ELSE body END
               WHERE id = ? AND state = ?""",
            # A sale's body names its customer; once final, nothing needs it any more.
            (settled.state, settled.evidence, settled.doubt, final, now, final, operation_id, before),
        )
        if cursor.rowcount != 1:
            raise MoveRefused(f"operation {operation_id} is not {before}")
        self._event(operation_id, before, settled, now, note=note)

    def _event(self, operation_id: int, before: State | None, settled: Settled, now: str, *, note: str = "") -> None:
        self._db.execute(
            "INSERT INTO events (operation_id, at, from_state, to_state, evidence, doubt, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (operation_id, now, before, settled.state, settled.evidence, settled.doubt, note),
        )

    # --- reading

    def operation(self, operation_id: int) -> Operation:
        """One operation. Raises LedgerFailed when there is none."""
        found = self._operations("WHERE o.id = ?", (operation_id,))
        if not found:
            raise LedgerFailed(f"no operation {operation_id}")
        return found[0]

    def unfinished(self) -> list[Operation]:
        """Every unfinished operation, oldest first."""
        return self._operations(f"WHERE o.state IN ({_listed(UNFINISHED)}) ORDER BY o.id", ())

    def unfinished_of(self, order_id: str) -> Operation | None:
        """The unfinished operation of an order, if there is one; there is at most one."""
        found = self._operations(f"WHERE o.order_id = ? AND o.state IN ({_listed(UNFINISHED)})", (order_id,))
        return found[0] if found else None

    def sent_attempts(self, operation_id: int) -> int:
        """How many attempts with the operation's present key may have reached BonifiQ."""
        row = self._db.execute(
            """SELECT count(*) FROM attempts a JOIN operations o ON o.id = a.operation_id
               WHERE o.id = ? AND a.may_have_left AND a.cancel_key IS o.cancel_key""",
            (operation_id,),
        ).fetchone()
        return int(row[0])

    def history_of(self, order_id: str) -> OrderHistory:
        """What this till knows of an order."""
        seen = self._db.execute("SELECT first_total FROM orders_seen WHERE order_id = ?", (order_id,)).fetchone()
        operations = tuple(self._operations("WHERE o.order_id = ? ORDER BY o.id DESC", (order_id,)))
        refunds = [operation for operation in operations if operation.kind is Kind.REFUND]
        return OrderHistory(
            first_total=seen["first_total"] if seen else None,
            open_refunds=tuple(o.value for o in refunds if o.state not in CLOSED_NEGATIVELY),
            confirmed_refunds=sum(o.value for o in refunds if o.state is State.CONFIRMED),
            operations=operations,
        )

    def _operations(self, where: str, values: Iterable[object]) -> list[Operation]:
        query = f"SELECT {OPERATION_COLUMNS} FROM operations o {where}"  # noqa: S608 - `where` is always our own text
        return [operation_from(row) for row in self._db.execute(query, tuple(values))]

    # --- orders seen here

    def remember_order(self, order: Order, document_hash: str | None) -> None:
        """Keep an order that was looked up; its first total stays the first one for ever."""
        now = self._now()
        with transaction(self._db):
            self._db.execute(
                """INSERT INTO orders_seen VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (order_id) DO UPDATE SET last_total = excluded.last_total, snapshot = excluded.snapshot,
                   document_hash = coalesce(excluded.document_hash, document_hash), last_seen_at = excluded.last_seen_at""",
                (order.order_id, order.total, order.total, pack_order(order), document_hash, now, now),
            )

    def newest_order_of(self, document_hash: str) -> str | None:
        """The order number last seen here for a customer, found by the keyed hash of the document."""
        row = self._db.execute(
            "SELECT order_id FROM orders_seen WHERE document_hash = ? ORDER BY last_seen_at DESC LIMIT 1",
            (document_hash,),
        ).fetchone()
        return row["order_id"] if row else None

    # --- facts

    def _fact(self, name: str, make: Callable[[], str]) -> str:
        found = self._stored(name)
        if found is None:
            found = make()
            with transaction(self._db):
                self._store(name, found)
        return found

    def _stored(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return row["value"] if row else None

    def _store(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")


def _listed(states: Iterable[State]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


def _columns_of(verdict: Verdict) -> tuple[str, str | None, str, str, Bonus | None]:
    match verdict:
        case Done(bonus=bonus, warning=warning):
            return "done", None, "", warning, bonus
        case Refused(code=code, message=message):
            return "refused", None, code, message, None
        case NotSent(trouble=trouble):
            return "not_sent", trouble, "", "", None
        case Unknown(trouble=trouble):
            return "unknown", trouble, "", "", None
