"""The ledger's one writer: intents before sending, attempts before the first byte, outcomes before the screen."""

import sqlite3
from collections.abc import Callable
from typing import NoReturn

from bonifiq_desktop.domain.keys import next_index
from bonifiq_desktop.domain.operations import (
    FINAL,
    MOVES,
    NAMES_CUSTOMER,
    Doubt,
    Evidence,
    Kind,
    Operation,
    Settled,
    State,
)
from bonifiq_desktop.domain.orders import Order, order_key
from bonifiq_desktop.domain.verdicts import NotSent, Trouble, Verdict
from bonifiq_desktop.ledger.errors import (
    AlreadyRegistered,
    LedgerDamaged,
    MoveRefused,
    OrderBusy,
    RequestDamaged,
    SaleExists,
)
from bonifiq_desktop.ledger.inserts import insert_operation, store_seen_order
from bonifiq_desktop.ledger.personal import PersonalData
from bonifiq_desktop.ledger.rows import (
    REQUEST_COLUMNS,
    body_hash,
    columns_of,
    frozen_from,
    is_sealed,
    pack_bonus,
    seal,
)
from bonifiq_desktop.ledger.search import take_into_search, take_out_of_search
from bonifiq_desktop.ledger.values import Counts, Frozen, Intent, OrderHistory, Sending

__all__ = ["Counts", "Frozen", "Intent", "Ledger", "OrderHistory", "Sending"]


class Ledger(PersonalData):
    """The open ledger. Use and close it on the thread that made it; every method commits before it returns.

    All methods raise LedgerFailed or LedgerDamaged when the file cannot be used.
    """

    # --- before sending

    def begin(self, intent: Intent, freeze: Callable[[int], Frozen]) -> Operation:
        """Commit an intent as `queued`. `freeze` gets the index for the key of a refund of this order and value.

        Raises OrderBusy while another operation of the order is unfinished, SaleExists for a sale's number used before.
        """
        with self._step():
            # Read back before the commit: a failing read after it would say "not registered" of what is on disk.
            return self.operation(self._insert(intent, freeze))

    def _insert(self, intent: Intent, freeze: Callable[[int], Frozen]) -> int:
        index = next_index(self._used_indexes(order_key(intent.order_id), intent.account, intent.value))
        request = freeze(index)
        now = self._now()
        try:
            operation_id = insert_operation(self._db, intent, request, index, now)
        except sqlite3.IntegrityError as error:
            self._explain_conflict(intent, error)
        take_into_search(self._db, operation_id)
        self._db.execute(
            "INSERT INTO events (operation_id, at, to_state, who, approved_by) VALUES (?, ?, 'queued', ?, ?)",
            (operation_id, now, intent.who, intent.approved_by),
        )
        return operation_id

    def _explain_conflict(self, intent: Intent, error: sqlite3.IntegrityError) -> NoReturn:
        same = self._operations("WHERE o.intent = ?", (intent.intent_id,)) if intent.intent_id else []
        if same:
            raise AlreadyRegistered(same[0]) from error
        other = self.unfinished_of(intent.order_id)
        if other is not None:
            raise OrderBusy(other) from error
        if intent.kind is Kind.SALE:
            raise SaleExists(intent.order_id) from error
        completed = self.completion_of(intent.order_id)
        if intent.kind is Kind.COMPLETION and completed is not None:
            raise AlreadyRegistered(completed) from error
        raise LedgerDamaged(str(error)) from error

    def next_sale_number(self) -> int:
        """A number that no sale of this ledger had or will have, even if this one is given up."""
        with self._step():
            stored = self._stored("sale_number") or "0"
            if not stored.isdecimal():
                raise LedgerDamaged("the number of the last sale is none")
            number = int(stored) + 1
            self._store("sale_number", str(number))
        return number

    def withdraw(self, operation_id: int) -> Operation:
        """Take a `queued` operation back; nothing of it has left. Raises MoveRefused."""
        with self._step():
            if self.may_be_applied(operation_id):
                raise MoveRefused(f"operation {operation_id} may have left")
            self._move(operation_id, State.QUEUED, Settled(State.WITHDRAWN, Evidence.PERSON))
            return self.operation(operation_id)

    # --- sending

    def start_attempt(self, operation_id: int, home: str = "") -> Sending:
        """Commit an attempt as having perhaps left for the server `home`; only then may its first byte.

        Raises MoveRefused.
        """
        with self._step():
            self._move(operation_id, self.state_of(operation_id), Settled(State.SENDING))
            earlier, known = self._sendings(operation_id)
            said_no = self._said_no(operation_id)
            cursor = self._db.execute(
                """INSERT INTO attempts (operation_id, cancel_key, key_index, home, started_at)
                   SELECT id, cancel_key, key_index, ?, ? FROM operations WHERE id = ?""",
                (home, self._now(), operation_id),
            )
            operation = self.operation(operation_id)
            return Sending(
                operation,
                cursor.lastrowid or 0,
                self._frozen(operation),
                earlier > 0,
                known > 0,
                said_no,
                self._key_sent_before(operation),
            )

    def check(self, operation: Operation) -> None:
        """Raises RequestDamaged when an operation is no longer what was written.

        A sale whose body was dropped from the copy that was put back may still be judged by a look-up, never be sent.
        """
        row = self._request(operation)
        was_dropped = operation.kind in NAMES_CUSTOMER and row["body"] is None
        if not (was_dropped and is_sealed(row)):
            self._frozen(operation)

    def _request(self, operation: Operation) -> sqlite3.Row:
        query = f"SELECT {REQUEST_COLUMNS} FROM operations WHERE id = ?"  # noqa: S608 - no outside text in it
        return self._rows(query, (operation.operation_id,))[0]

    def _frozen(self, operation: Operation) -> Frozen:
        row = self._request(operation)
        # SQLite's own check calls a file with one changed character sound.
        if row["body"] is None or not is_sealed(row):
            raise RequestDamaged(f"the request of operation {operation.operation_id} is not the one that was written")
        return frozen_from(row, operation.cancel_key)

    def finish_attempt(self, sending: Sending, verdict: Verdict, settled: Settled) -> Operation:
        """Commit what was seen and where it leads, in one step. Raises MoveRefused."""
        seen = columns_of(verdict)
        now = self._now()
        operation_id = sending.operation.operation_id
        with self._step():
            cursor = self._db.execute(
                """UPDATE attempts SET ended_at = ?, may_have_left = ?, outcome = ?, trouble = ?, code = ?, message = ?,
                   key_used = ? WHERE id = ? AND ended_at IS NULL""",
                (
                    now,
                    not isinstance(verdict, NotSent),
                    seen.outcome,
                    seen.trouble,
                    seen.code,
                    seen.message,
                    seen.key_used,
                    sending.attempt_id,
                ),
            )
            if cursor.rowcount != 1:
                raise MoveRefused(f"attempt {sending.attempt_id} has ended")
            self._db.execute(
                """UPDATE operations SET message = ?, trouble = ?, bonus = coalesce(?, bonus),
                   api_status = coalesce(?, api_status) WHERE id = ?""",
                (seen.message, seen.trouble, pack_bonus(seen.bonus), seen.api_status, operation_id),
            )
            self._move(operation_id, State.SENDING, settled, note=seen.code)
            if not isinstance(verdict, NotSent):
                self.departures.note(operation_id)
            return self.operation(operation_id)

    def note_trouble(self, operation_id: int, trouble: Trouble) -> Operation:
        """Keep why an operation that is queued cannot be sent yet."""
        with self._step():
            self._db.execute(
                "UPDATE operations SET trouble = ? WHERE id = ? AND state = 'queued'", (trouble, operation_id)
            )
            return self.operation(operation_id)

    def settle(self, operation_id: int, before: State, settled: Settled, *, note: str = "") -> Operation:
        """Commit a change that no attempt of ours caused: a look-up's evidence, a person's word. Raises MoveRefused.

        Not for queueing again: that needs a new key.
        """
        if settled.state is State.QUEUED:
            raise MoveRefused("queued again with the same key")
        with self._step():
            self._move(operation_id, before, settled, note=note)
            return self.operation(operation_id)

    def reissue(self, operation_id: int, freeze: Callable[[int], Frozen], *, note: str) -> Operation:
        """Queue a refund in review again with a new key: a person says that it is another return.

        `freeze` gets the index for the new key. What was sent with the old key stays in the attempts, and the old index
        counts as used from now on. Raises MoveRefused.
        """
        with self._step():
            before = self.operation(operation_id)
            if before.kind is not Kind.REFUND:
                raise MoveRefused(f"a {before.kind} has no key")
            written = dict(self._request(before))
            used = self._used_indexes(written["order_key"], before.account, before.value)
            index = next_index([*used, written["key_index"]])
            request = freeze(index)
            written |= {
                "cancel_key": request.cancel_key,
                "key_index": index,
                "path": request.path,
                "body": request.body,
                "body_sha256": body_hash(request.body),
            }
            self._move(operation_id, State.REVIEW, Settled(State.QUEUED, Evidence.PERSON), note=note)
            take_out_of_search(self._db, operation_id)
            self._db.execute(
                """UPDATE operations SET cancel_key = :cancel_key, key_index = :key_index, path = :path, body = :body,
                   body_sha256 = :body_sha256, seal = :seal, message = '', trouble = NULL WHERE id = :id""",
                {**written, "seal": seal(written), "id": operation_id},
            )
            take_into_search(self._db, operation_id)
            return self.operation(operation_id)

    def contradict(self, operation_id: int, shown: str) -> Operation:
        """Note that a look-up showed the opposite of a final state, which stays. Raises MoveRefused if noted before."""
        return self._mark(operation_id, Evidence.LOOKUP, Doubt.LOOKUP_DISAGREES, note=shown)

    def acknowledge(self, operation_id: int) -> Operation:
        """Note that a person has looked into a contradiction. Raises MoveRefused when there is none."""
        return self._mark(operation_id, Evidence.PERSON, None)

    def _mark(self, operation_id: int, evidence: Evidence, doubt: Doubt | None, *, note: str = "") -> Operation:
        contradicted = doubt is not None
        with self._step():
            state = self.operation(operation_id).state
            cursor = self._db.execute(
                "UPDATE operations SET contradicted = ? WHERE id = ? AND contradicted <> ?",
                (contradicted, operation_id, contradicted),
            )
            if state not in FINAL or cursor.rowcount != 1:
                raise MoveRefused(f"operation {operation_id} is {state}")
            self._event(operation_id, state, Settled(state, evidence, doubt), self._now(), note=note)
            return self.operation(operation_id)

    def recover(self) -> list[Operation]:
        """At start-up: every `sending` row was left by a process that died, so it may have arrived: `unknown`.

        In a ledger that was put back from a copy, whatever is unfinished may have been sent after the copy was made.
        """
        with self._step():
            if self._stored("quarantine"):
                self._distrust_all()
            rows = self._rows("SELECT id FROM operations WHERE state = 'sending'")
            interrupted = (Trouble.INTERRUPTED, self._now())
            self._db.execute(
                "UPDATE attempts SET outcome = 'unknown', trouble = ?, ended_at = ? WHERE ended_at IS NULL", interrupted
            )
            self._db.execute("UPDATE operations SET trouble = ? WHERE state = 'sending'", interrupted[:1])
            for row in rows:
                self._move(row["id"], State.SENDING, Settled(State.UNKNOWN), note="found at start")
        return [self.operation(row["id"]) for row in rows]

    def _distrust_all(self) -> None:
        """As if all that is queued had been sent and cut off: a look-up may confirm a sale or a whole cancel; what it
        does not show, and every refund, waits for a person, who may have taken it back after the copy was made.
        """
        for row in self._rows("SELECT id, kind, state FROM operations WHERE state IN ('queued', 'sending', 'unknown')"):
            if row["state"] == State.QUEUED:
                self._move(row["id"], State.QUEUED, Settled(State.SENDING), note="restored")
                self._db.execute(
                    """INSERT INTO attempts (operation_id, cancel_key, key_index, started_at)
                       SELECT id, cancel_key, key_index, ? FROM operations WHERE id = ?""",
                    (self._now(), row["id"]),
                )
            before = State.UNKNOWN if row["state"] == State.UNKNOWN else State.SENDING
            if row["kind"] == Kind.REFUND:
                self._move(row["id"], before, Settled(State.REVIEW, doubt=Doubt.RESTORED), note="restored")
            elif before is State.SENDING:
                self._move(row["id"], before, Settled(State.UNKNOWN, doubt=Doubt.RESTORED), note="restored")
            else:
                self._db.execute("UPDATE operations SET doubt = ? WHERE id = ?", (Doubt.RESTORED, row["id"]))
        self._db.execute("DELETE FROM facts WHERE name = 'quarantine'")

    def _move(self, operation_id: int, before: State, settled: Settled, *, note: str = "") -> None:
        if settled.state not in MOVES[before]:
            raise MoveRefused(f"{before} to {settled.state}")
        final = settled.state in FINAL
        now = self._now()
        cursor = self._db.execute(
            """UPDATE operations SET state = ?, evidence = ?, doubt = ?,
               settled_at = CASE WHEN ? THEN ? ELSE settled_at END,
               body = CASE WHEN ? AND kind IN ('sale', 'completion') THEN NULL ELSE body END,
               tries_from = CASE WHEN ? THEN (SELECT coalesce(max(id), 0) FROM attempts) ELSE tries_from END,
               check_first = CASE WHEN ? AND kind <> 'sale' THEN 0 ELSE check_first END
               WHERE id = ? AND state = ?""",
            # The body of a sale or completion names its customer; once final, nothing needs it any more. A typed number
            # that was free when a person decided may be taken by now: its sale is looked up before every sending.
            (
                settled.state,
                settled.evidence,
                settled.doubt,
                final,
                now,
                final,
                before is State.REVIEW,
                before is State.REVIEW,
                operation_id,
                before,
            ),
        )
        if cursor.rowcount != 1:
            raise MoveRefused(f"operation {operation_id} is not {before}")
        if final:
            self.settlings.note(operation_id)
            self.dropped()
        self._event(operation_id, before, settled, now, note=note)

    def _event(self, operation_id: int, before: State, settled: Settled, now: str, *, note: str = "") -> None:
        self._db.execute(
            """INSERT INTO events (operation_id, at, from_state, to_state, evidence, doubt, note)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (operation_id, now, before, settled.state, settled.evidence, settled.doubt, note),
        )

    # --- orders seen here

    def remember_order(self, order: Order, document_hash: str | None) -> None:
        """Keep an order that was looked up; its first total stays the first one, its largest never falls."""
        with self._step():
            store_seen_order(self._db, order, document_hash, self._now())
