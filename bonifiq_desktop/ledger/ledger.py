"""The ledger's one writer: intents before sending, attempts before the first byte, outcomes before the screen."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

from bonifiq_desktop.domain.keys import next_index
from bonifiq_desktop.domain.operations import (
    BONIFIQ,
    FINAL,
    TRANSITIONS,
    Evidence,
    Kind,
    Operation,
    Resolution,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.orders import Order, normalized_order_id
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason, NotSent, Verdict
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.elapsed import AttemptAges, RecentlySettled, monotonic
from bonifiq_desktop.ledger.errors import (
    AlreadyRegistered,
    LedgerDamaged,
    OrderBusy,
    RequestDamaged,
    SaleNumberUsed,
    TransitionRefused,
)
from bonifiq_desktop.ledger.inserts import insert_operation, upsert_seen_order
from bonifiq_desktop.ledger.personal_data import PersonalData
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.records import OperationCounts, OrderHistory, StartedAttempt
from bonifiq_desktop.ledger.row_mapping import (
    REQUEST_COLUMNS,
    body_hash,
    checksum,
    has_valid_checksum,
    pack_bonus,
    request_from,
    verdict_columns,
)
from bonifiq_desktop.ledger.search_index import index_operation, unindex_operation

__all__ = ["Intent", "Ledger", "OperationCounts", "OrderHistory", "SerializedRequest", "StartedAttempt"]


class Ledger:
    """The open ledger and its commands. Use and close it on the thread that made it.

    Every command commits before it returns, and raises LedgerFailed or LedgerDamaged when the file cannot be used.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_clock: Callable[[], timedelta] = monotonic,
        connect: Callable[[Path, Callable[[], datetime]], LedgerConnection] = LedgerConnection,
    ) -> None:
        self.recently_settled = RecentlySettled(clock, monotonic_clock)
        self.attempt_ages = AttemptAges(monotonic_clock)
        self.connection = connect(path, clock)
        self.queries = Queries(self.connection)
        self.personal_data = PersonalData(self.connection, self.queries)

    def close(self) -> None:
        """Close the file; everything is already on disk."""
        self.connection.close()

    # --- before sending

    def enqueue(self, intent: Intent, serialize: Callable[[int], SerializedRequest]) -> Operation:
        """Commit an intent as `queued`. `freeze` gets the index for the key of a refund of this order and value.

        Raises OrderBusy while another operation of the order is unfinished, SaleExists for a sale's number used before.
        """
        with self.connection.transaction():
            # Read back before the commit: a failing read after it would say "not registered" of what is on disk.
            return self.queries.operation(self._insert(intent, serialize))

    def _insert(self, intent: Intent, serialize: Callable[[int], SerializedRequest]) -> int:
        index = next_index(
            self.queries.used_key_indexes(
                (normalized_order_id(intent.order_id), intent.system, intent.connection), intent.account, intent.value
            )
        )
        request = serialize(index)
        now = self.connection.now()
        try:
            operation_id = insert_operation(self.connection.db, intent, request, index, now)
        except sqlite3.IntegrityError as error:
            self._raise_conflict(intent, error)
        index_operation(self.connection.db, operation_id)
        self.connection.db.execute(
            "INSERT INTO events (operation_id, at, to_state, registered_by, approved_by) VALUES (?, ?, 'queued', ?, ?)",
            (operation_id, now, intent.registered_by, intent.approved_by),
        )
        return operation_id

    def _raise_conflict(self, intent: Intent, error: sqlite3.IntegrityError) -> NoReturn:
        same = self.queries.operations_where("WHERE o.intent_id = ?", (intent.intent_id,)) if intent.intent_id else []
        if same:
            raise AlreadyRegistered(same[0]) from error
        other = self.queries.unfinished_of(intent.order_id, system=intent.system, connection=intent.connection)
        if other is not None:
            raise OrderBusy(other) from error
        if spec_of(intent.kind).creates_order:
            raise SaleNumberUsed(intent.order_id) from error
        completed = self.queries.completion_of(intent.order_id, system=intent.system, connection=intent.connection)
        if intent.kind is Kind.COMPLETION and completed is not None:
            raise AlreadyRegistered(completed) from error
        raise LedgerDamaged(str(error)) from error

    def next_sale_number(self) -> int:
        """A number that no sale of this ledger had or will have, even if this one is given up."""
        with self.connection.transaction():
            stored = self.connection.metadata("sale_number") or "0"
            if not stored.isdecimal():
                raise LedgerDamaged("the number of the last sale is none")
            number = int(stored) + 1
            self.connection.store_metadata("sale_number", str(number))
        return number

    def withdraw(self, operation_id: int) -> Operation:
        """Take a `queued` operation back; nothing of it has left. Raises MoveRefused."""
        with self.connection.transaction():
            if self.queries.is_possibly_applied(operation_id):
                raise TransitionRefused(f"operation {operation_id} may have left")
            self._change_state(operation_id, State.QUEUED, Resolution(State.WITHDRAWN, Evidence.PERSON))
            return self.queries.operation(operation_id)

    # --- sending

    def start_attempt(self, operation_id: int, server_id: str = "") -> StartedAttempt:
        """Commit an attempt as having perhaps left for the server `server_id`; only then may its first byte.

        Raises MoveRefused.
        """
        with self.connection.transaction():
            self._change_state(operation_id, self.queries.state(operation_id), Resolution(State.SENDING))
            earlier, known = self.queries.count_possibly_sent(operation_id)
            said_no = self.queries.previous_denial(operation_id)
            cursor = self.connection.db.execute(
                """INSERT INTO attempts (operation_id, cancel_key, key_index, server_id, started_at)
                   SELECT id, cancel_key, key_index, ?, ? FROM operations WHERE id = ?""",
                (server_id, self.connection.now(), operation_id),
            )
            operation = self.queries.operation(operation_id)
            return StartedAttempt(
                operation,
                cursor.lastrowid or 0,
                self._verified_request(operation),
                earlier > 0,
                known > 0,
                said_no,
                self.queries.key_sent_earlier(operation),
            )

    def verify_request(self, operation: Operation) -> None:
        """Raises RequestDamaged when an operation is no longer what was written.

        A sale whose body was dropped from the copy that was put back may still be judged by a look-up, never be sent.
        """
        row = self._request_row(operation)
        was_dropped = spec_of(operation.kind).carries_customer and row["body"] is None
        if not (was_dropped and has_valid_checksum(row)):
            self._verified_request(operation)

    def _request_row(self, operation: Operation) -> sqlite3.Row:
        query = f"SELECT {REQUEST_COLUMNS} FROM operations WHERE id = ?"
        return self.connection.rows(query, (operation.operation_id,))[0]

    def _verified_request(self, operation: Operation) -> SerializedRequest:
        row = self._request_row(operation)
        # SQLite's own check calls a file with one changed character sound.
        if row["body"] is None or not has_valid_checksum(row):
            raise RequestDamaged(f"the request of operation {operation.operation_id} is not the one that was written")
        return request_from(row)

    def finish_attempt(self, attempt: StartedAttempt, verdict: Verdict, resolution: Resolution) -> Operation:
        """Commit what was seen and where it leads, in one step. Raises MoveRefused."""
        seen = verdict_columns(verdict)
        now = self.connection.now()
        operation_id = attempt.operation.operation_id
        with self.connection.transaction():
            cursor = self.connection.db.execute(
                """UPDATE attempts SET ended_at = ?, possibly_sent = ?, outcome = ?, failure_reason = ?, code = ?,
                   message = ?, key_used = ? WHERE id = ? AND ended_at IS NULL""",
                (
                    now,
                    not isinstance(verdict, NotSent),
                    seen.outcome,
                    seen.failure_reason,
                    seen.code,
                    seen.message,
                    seen.key_used,
                    attempt.attempt_id,
                ),
            )
            if cursor.rowcount != 1:
                raise TransitionRefused(f"attempt {attempt.attempt_id} has ended")
            self.connection.db.execute(
                """UPDATE operations SET message = ?, failure_reason = ?, bonus = coalesce(?, bonus),
                   api_status = coalesce(?, api_status) WHERE id = ?""",
                (seen.message, seen.failure_reason, pack_bonus(seen.bonus), seen.api_status, operation_id),
            )
            self._change_state(operation_id, State.SENDING, resolution, note=seen.code)
            if not isinstance(verdict, NotSent):
                self.attempt_ages.record_end(operation_id)
            return self.queries.operation(operation_id)

    def record_unsent_reason(self, operation_id: int, reason: FailureReason) -> Operation:
        """Keep why an operation that is queued cannot be sent yet."""
        with self.connection.transaction():
            self.connection.db.execute(
                "UPDATE operations SET failure_reason = ? WHERE id = ? AND state = 'queued'", (reason, operation_id)
            )
            return self.queries.operation(operation_id)

    def resolve(self, operation_id: int, from_state: State, resolution: Resolution, *, note: str = "") -> Operation:
        """Commit a change that no attempt of ours caused: a look-up's evidence, a person's word. Raises MoveRefused.

        Not for queueing again: that needs a new key.
        """
        if resolution.state is State.QUEUED:
            raise TransitionRefused("queued again with the same key")
        with self.connection.transaction():
            self._change_state(operation_id, from_state, resolution, note=note)
            return self.queries.operation(operation_id)

    def requeue_with_new_key(
        self, operation_id: int, serialize: Callable[[int], SerializedRequest], *, note: str
    ) -> Operation:
        """Queue a refund in review again with a new key: a person says that it is another return.

        `freeze` gets the index for the new key. What was sent with the old key stays in the attempts, and the old index
        counts as used from now on. Raises MoveRefused.
        """
        with self.connection.transaction():
            before = self.queries.operation(operation_id)
            if before.kind is not Kind.REFUND:
                raise TransitionRefused(f"a {before.kind} has no key")
            written = dict(self._request_row(before))
            used = self.queries.used_key_indexes(
                (written["order_key"], before.system, before.connection), before.account, before.value
            )
            index = next_index([*used, written["key_index"]])
            request = serialize(index)
            written |= {
                "cancel_key": request.client_key,
                "key_index": index,
                "method": request.method,
                "path": request.path,
                "body": request.body,
                "body_sha256": body_hash(request.body),
            }
            self._change_state(operation_id, State.REVIEW, Resolution(State.QUEUED, Evidence.PERSON), note=note)
            unindex_operation(self.connection.db, operation_id)
            self.connection.db.execute(
                """UPDATE operations SET cancel_key = :cancel_key, key_index = :key_index, method = :method,
                   path = :path, body = :body, body_sha256 = :body_sha256, checksum = :checksum, message = '',
                   failure_reason = NULL WHERE id = :id""",
                {**written, "checksum": checksum(written), "id": operation_id},
            )
            index_operation(self.connection.db, operation_id)
            return self.queries.operation(operation_id)

    def record_contradiction(self, operation_id: int, summary: str) -> Operation:
        """Note that a look-up showed the opposite of a final state, which stays. Raises MoveRefused if noted before."""
        return self._set_contradicted(operation_id, Evidence.LOOKUP, ReviewReason.LOOKUP_DISAGREES, note=summary)

    def acknowledge_contradiction(self, operation_id: int) -> Operation:
        """Note that a person has looked into a contradiction. Raises MoveRefused when there is none."""
        return self._set_contradicted(operation_id, Evidence.PERSON, None)

    def _set_contradicted(
        self, operation_id: int, evidence: Evidence, review_reason: ReviewReason | None, *, note: str = ""
    ) -> Operation:
        contradicted = review_reason is not None
        with self.connection.transaction():
            state = self.queries.operation(operation_id).state
            cursor = self.connection.db.execute(
                "UPDATE operations SET contradicted = ? WHERE id = ? AND contradicted <> ?",
                (contradicted, operation_id, contradicted),
            )
            if state not in FINAL or cursor.rowcount != 1:
                raise TransitionRefused(f"operation {operation_id} is {state}")
            self._insert_event(
                operation_id, state, Resolution(state, evidence, review_reason), self.connection.now(), note=note
            )
            return self.queries.operation(operation_id)

    def recover(self, *, connection: str | None = None) -> list[Operation]:
        """At start-up: every `sending` row was left by a process that died, so it may have arrived: `unknown`.

        In a ledger that was put back from a copy, whatever is unfinished may have been sent after the copy was made.
        `connection`: only its operations, for an outbox that starts beside others; it starts before it sends.
        """
        with self.connection.transaction():
            if self.connection.metadata("quarantine"):
                self._treat_as_possibly_sent()
            rows = self.connection.rows(
                "SELECT id FROM operations WHERE state = 'sending' AND connection = coalesce(?, connection)",
                (connection,),
            )
            self.connection.db.execute(
                """UPDATE attempts SET outcome = 'unknown', failure_reason = ?1, ended_at = ?2 WHERE ended_at IS NULL
                   AND coalesce(?3, '') IN ('', (SELECT o.connection FROM operations o WHERE o.id = operation_id))""",
                (FailureReason.INTERRUPTED, self.connection.now(), connection),
            )
            for row in rows:
                self.connection.db.execute(
                    "UPDATE operations SET failure_reason = ? WHERE id = ?", (FailureReason.INTERRUPTED, row["id"])
                )
                self._change_state(row["id"], State.SENDING, Resolution(State.UNKNOWN), note="found at start")
        return [self.queries.operation(row["id"]) for row in rows]

    def _treat_as_possibly_sent(self) -> None:
        """As if all that is queued had been sent and cut off: a look-up may confirm a sale or a whole cancel; what it
        does not show, and every refund, waits for a person, who may have taken it back after the copy was made.
        """
        for row in self.connection.rows(
            "SELECT id, kind, state FROM operations WHERE state IN ('queued', 'sending', 'unknown')"
        ):
            if row["state"] == State.QUEUED:
                self._change_state(row["id"], State.QUEUED, Resolution(State.SENDING), note="restored")
                self.connection.db.execute(
                    """INSERT INTO attempts (operation_id, cancel_key, key_index, started_at)
                       SELECT id, cancel_key, key_index, ? FROM operations WHERE id = ?""",
                    (self.connection.now(), row["id"]),
                )
            before = State.UNKNOWN if row["state"] == State.UNKNOWN else State.SENDING
            if row["kind"] == Kind.REFUND:
                self._change_state(
                    row["id"], before, Resolution(State.REVIEW, review_reason=ReviewReason.RESTORED), note="restored"
                )
            elif before is State.SENDING:
                self._change_state(
                    row["id"], before, Resolution(State.UNKNOWN, review_reason=ReviewReason.RESTORED), note="restored"
                )
            else:
                self.connection.db.execute(
                    "UPDATE operations SET review_reason = ? WHERE id = ?", (ReviewReason.RESTORED, row["id"])
                )
        self.connection.db.execute("DELETE FROM metadata WHERE name = 'quarantine'")

    def _change_state(self, operation_id: int, from_state: State, resolution: Resolution, *, note: str = "") -> None:
        if resolution.state not in TRANSITIONS[from_state]:
            raise TransitionRefused(f"{from_state} to {resolution.state}")
        final = resolution.state in FINAL
        now = self.connection.now()
        cursor = self.connection.db.execute(
            """UPDATE operations SET state = ?, evidence = ?, review_reason = ?,
               settled_at = CASE WHEN ? THEN ? ELSE settled_at END,
               body = CASE WHEN ? AND body_is_personal THEN NULL ELSE body END,
               reviewed_attempt_id =
                   CASE WHEN ? THEN (SELECT coalesce(max(id), 0) FROM attempts) ELSE reviewed_attempt_id END,
               look_up_first = CASE WHEN ? AND kind <> 'sale' THEN 0 ELSE look_up_first END
               WHERE id = ? AND state = ?""",
            # The body of a sale or completion names its customer; once final, nothing needs it any more. A typed number
            # that was free when a person decided may be taken by now: its sale is looked up before every sending.
            (
                resolution.state,
                resolution.evidence,
                resolution.review_reason,
                final,
                now,
                final,
                from_state is State.REVIEW,
                from_state is State.REVIEW,
                operation_id,
                from_state,
            ),
        )
        if cursor.rowcount != 1:
            raise TransitionRefused(f"operation {operation_id} is not {from_state}")
        if final:
            self.recently_settled.record(operation_id)
            self.connection.has_erased_data = True
        self._insert_event(operation_id, from_state, resolution, now, note=note)

    def _insert_event(
        self, operation_id: int, from_state: State, resolution: Resolution, now: str, *, note: str = ""
    ) -> None:
        self.connection.db.execute(
            """INSERT INTO events (operation_id, at, from_state, to_state, evidence, review_reason, note)
               VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (operation_id, now, from_state, resolution.state, resolution.evidence, resolution.review_reason, note),
        )

    # --- orders seen here

    def remember_order(
        self, order: Order, document_hash: str | None, *, system: str = BONIFIQ, connection: str = BONIFIQ
    ) -> None:
        """Keep an order that was looked up; its first total stays the first one, its largest never falls."""
        with self.connection.transaction():
            upsert_seen_order(self.connection.db, order, document_hash, self.connection.now(), system, connection)
