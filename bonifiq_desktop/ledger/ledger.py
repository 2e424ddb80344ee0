"""The ledger's commands: intents before sending, attempts before the first byte, outcomes before the screen."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.keys import next_index
from bonifiq_desktop.domain.operations import (
    BONIFIQ_SCOPE,
    Evidence,
    Operation,
    Resolution,
    ReviewReason,
    Scope,
    State,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.verdicts import FailureReason, NotSent, Verdict
from bonifiq_desktop.ledger.change_log import ChangeLog
from bonifiq_desktop.ledger.checkouts import Checkouts
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.customers import Customers
from bonifiq_desktop.ledger.day_close import DayCloses
from bonifiq_desktop.ledger.elapsed import AttemptAges, RecentlySettled, monotonic
from bonifiq_desktop.ledger.errors import LedgerDamaged, RequestDamaged, TransitionRefused
from bonifiq_desktop.ledger.inserts import (
    insert_attempt,
    insert_order_links,
    rewrite_request,
    upsert_seen_order,
)
from bonifiq_desktop.ledger.order_search import OrderSearch
from bonifiq_desktop.ledger.personal_data import PersonalData
from bonifiq_desktop.ledger.print_jobs import PrintJobs
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.ledger.registrations import Registrations
from bonifiq_desktop.ledger.row_mapping import (
    REQUEST_COLUMNS,
    baseline_hash,
    has_valid_checksum,
    pack_bonus,
    request_from,
    verdict_columns,
)
from bonifiq_desktop.ledger.search_index import index_operation, unindex_operation
from bonifiq_desktop.ledger.shop_mirror import ShopMirror
from bonifiq_desktop.ledger.told_outcomes import ToldOutcomes
from bonifiq_desktop.ledger.transitions import LegWatcher, Transitions
from bonifiq_desktop.security.customer_keys import CustomerKeys


class Ledger:
    """The open ledger and its commands. Use and close it on the thread that made it.

    Every command commits before it returns. All raise LedgerFailed or LedgerDamaged when the file cannot be used, and
    TransitionRefused when the operation is not in the state that the command starts from.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_clock: Callable[[], timedelta] = monotonic,
        connect: Callable[[Path, Callable[[], datetime]], LedgerConnection] = LedgerConnection,
        customer_keys: CustomerKeys | None = None,
    ) -> None:
        self.recently_settled = RecentlySettled(clock, monotonic_clock)
        self.attempt_ages = AttemptAges(monotonic_clock)
        self.connection = connect(path, clock)
        self.customers = Customers(self.connection, customer_keys)
        self.changes = ChangeLog(self.connection, self.customers)
        self.queries = Queries(self.connection, self.customers)
        self.orders = OrderSearch(self.connection, self.customers)
        self.personal_data = PersonalData(self.connection, self.queries, self.customers, self.changes)
        self._transitions = Transitions(self.connection, self.queries, self.recently_settled)
        outcomes = ToldOutcomes(self.connection, self._transitions, self.changes.names)
        self.shop = ShopMirror(self.connection, self.customers, outcomes)
        self.checkouts = Checkouts(self.connection, self.queries, self._verified_request)
        self.days = DayCloses(self.connection)
        self.print_jobs = PrintJobs(self.connection)
        self._registrations = Registrations(self.connection, self.queries, self.customers)

    def watch_legs(self, watcher: LegWatcher) -> None:
        """Tell a watcher, for as long as it exists, when a leg of a return becomes final."""
        self._transitions.leg_watchers.add(watcher)

    def close(self) -> None:
        """Close the file; everything is already on disk."""
        self.connection.close()

    # --- before sending

    def enqueue(self, intent: Intent, serialize: Callable[[int], SerializedRequest]) -> Operation:
        """Commit an intent as `queued`. `serialize` gets the running number for the key of such a refund.

        Raises:
            OrderBusy: another operation of the order is unfinished.
            AlreadyRegistered: this intent, the completion of this sale, or the redemption or sale of this checkout is
                in the ledger.
            CheckoutEnded: the checkout of a sale was undone, or that of a reversal has a sale.
            SaleNumberUsed: a sale with this number is.
        """
        with self.connection.transaction():
            return self._registrations.insert(intent, serialize)

    def enqueue_return(
        self, legs: Sequence[tuple[Intent, Callable[[int], SerializedRequest]]]
    ) -> tuple[Operation, ...]:
        """Commit all legs of one return as `queued` in one transaction, in the order of their sending.

        Raises OrderBusy, and AlreadyRegistered for a return of which a leg is open or confirmed here.
        """
        with self.connection.transaction():
            return self._registrations.insert_return(legs)

    def next_sale_number(self) -> int:
        """A number that no sale of this ledger had or will have, even if this one is given up."""
        with self.connection.transaction():
            stored = self.connection.metadata("sale_number") or "0"
            if not stored.isdecimal():
                raise LedgerDamaged("the number of the last sale is not decimal")
            number = int(stored) + 1
            self.connection.store_metadata("sale_number", str(number))
        return number

    def withdraw(self, operation_id: int, *, by: str = "") -> Operation:
        """Take a `queued` operation back, of which nothing was sent. `by`: the user at the counter."""
        with self.connection.transaction():
            if self.queries.attempts.is_possibly_applied(operation_id):
                raise TransitionRefused(f"operation {operation_id} was possibly sent")
            withdrawn = Resolution(State.WITHDRAWN, Evidence.PERSON)
            return self._transitions.change(operation_id, State.QUEUED, withdrawn, note=by)

    # --- sending

    def start_attempt(self, operation_id: int, server_id: str = "") -> StartedAttempt:
        """Commit an attempt as possibly sent to a server. Its first byte may leave only after that.

        Raises RequestDamaged.
        """
        with self.connection.transaction():
            earlier, made_here = self.queries.attempts.count_possibly_sent(operation_id)
            previous_denial = self.queries.attempts.previous_denial(operation_id)
            attempt_id = insert_attempt(self.connection.db, operation_id, server_id, self.connection.now())
            operation = self._transitions.change(
                operation_id, self.queries.state(operation_id), Resolution(State.SENDING)
            )
            return StartedAttempt(
                operation,
                attempt_id,
                self._verified_request(operation),
                earlier > 0,
                made_here > 0,
                previous_denial,
                self.queries.attempts.key_sent_earlier(operation),
            )

    def verify_request(self, operation: Operation) -> None:
        """Raise RequestDamaged when an operation's request is not the one that was written.

        A restored operation whose personal body was erased from the copy passes: a look-up may settle it, and it is
        never sent.
        """
        row = self._request_row(operation)
        was_erased = row["body_is_personal"] and row["body"] is None
        if not (was_erased and has_valid_checksum(row)):
            self._verified_request(operation)

    def _request_row(self, operation: Operation) -> sqlite3.Row:
        query = f"SELECT {REQUEST_COLUMNS} FROM operations WHERE id = ?"
        return self.connection.rows(query, (operation.operation_id,))[0]

    def _verified_request(self, operation: Operation) -> SerializedRequest:
        row = self._request_row(operation)
        # SQLite's integrity check does not find a changed character in a text.
        if row["body"] is None or not has_valid_checksum(row):
            raise RequestDamaged(f"the request of operation {operation.operation_id} is not the one that was written")
        return request_from(row)

    def finish_attempt(self, attempt: StartedAttempt, verdict: Verdict, resolution: Resolution) -> Operation:
        """Commit an attempt's verdict and the operation's resolution in one transaction."""
        columns = verdict_columns(verdict)
        is_possibly_sent = not isinstance(verdict, NotSent)
        operation_id = attempt.operation.operation_id
        with self.connection.transaction():
            cursor = self.connection.db.execute(
                """UPDATE attempts SET ended_at = :now, possibly_sent = :possibly_sent, outcome = :outcome,
                   failure_reason = :failure_reason, code = :code, message = :message, key_used = :key_used
                   WHERE id = :attempt_id AND ended_at IS NULL""",
                {
                    **vars(columns),
                    "now": self.connection.now(),
                    "possibly_sent": is_possibly_sent,
                    "attempt_id": attempt.attempt_id,
                },
            )
            if cursor.rowcount != 1:
                raise TransitionRefused(f"attempt {attempt.attempt_id} has ended")
            self.connection.db.execute(
                """UPDATE operations SET message = ?, failure_reason = ?, bonus = coalesce(?, bonus),
                   api_status = coalesce(?, api_status) WHERE id = ?""",
                (columns.message, columns.failure_reason, pack_bonus(columns.bonus), columns.api_status, operation_id),
            )
            operation = self._transitions.change(operation_id, State.SENDING, resolution, note=columns.code)
            if is_possibly_sent:
                self.attempt_ages.record_end(operation_id)
            return operation

    def record_unsent_reason(self, operation_id: int, reason: FailureReason) -> Operation:
        """Record why an operation that waits cannot be sent yet."""
        with self.connection.transaction():
            self.connection.db.execute(
                "UPDATE operations SET failure_reason = ? WHERE id = ? AND state IN ('queued', 'unknown')",
                (reason, operation_id),
            )
            return self.queries.operation(operation_id)

    def record_baseline(self, operation_id: int, baseline: str) -> Operation:
        """Record what the system's records showed just before the first sending of an operation.

        Refused once an attempt possibly left: from then on the records may show its effect.
        """
        with self.connection.transaction():
            if self.queries.attempts.is_possibly_sent(operation_id):
                raise TransitionRefused(f"operation {operation_id} was possibly sent")
            cursor = self.connection.db.execute(
                """UPDATE operations SET baseline = ?, baseline_sha256 = ?
                   WHERE id = ? AND state IN ('queued', 'unknown')""",
                (baseline, baseline_hash(baseline), operation_id),
            )
            if cursor.rowcount != 1:
                raise TransitionRefused(f"operation {operation_id} is not waiting")
            return self.queries.operation(operation_id)

    # --- resolutions

    def resolve(self, operation_id: int, from_state: State, resolution: Resolution, *, note: str = "") -> Operation:
        """Commit a resolution that no attempt caused, by a look-up or a person.

        Queueing again is refused, since it needs a new key (`requeue_with_new_key`).
        """
        if resolution.state is State.QUEUED:
            raise TransitionRefused("queued again with the same key")
        with self.connection.transaction():
            return self._transitions.change(operation_id, from_state, resolution, note=note)

    def requeue_with_new_key(
        self, operation_id: int, serialize: Callable[[int], SerializedRequest], *, note: str
    ) -> Operation:
        """Queue a refund in review again with a new key: a person says that it is another return.

        `serialize` gets the running number for the new key. The old key stays in the attempts and counts as used.
        """
        with self.connection.transaction():
            before = self.queries.operation(operation_id)
            if before.cancel_key is None:
                raise TransitionRefused(f"a {before.kind} has no key")
            written = self._request_row(before)
            order = (written["order_key"], before.system, before.connection)
            used = self.queries.used_key_indexes(order, before.account, before.value)
            index = next_index([*used, written["key_index"]])
            request = serialize(index)
            self._transitions.change(operation_id, State.REVIEW, Resolution(State.QUEUED, Evidence.PERSON), note=note)
            unindex_operation(self.connection.db, operation_id)
            rewrite_request(
                self.connection.db,
                operation_id,
                request,
                cancel_key=request.client_key,
                key_index=index,
                message="",
                failure_reason=None,
            )
            index_operation(self.connection.db, operation_id)
            return self.queries.operation(operation_id)

    def record_remote_state(self, operation_id: int, remote_state: str) -> Operation:
        """Record how far the system is with what it accepted, by its own word; the final state stays."""
        with self.connection.transaction():
            self.connection.db.execute(
                "UPDATE operations SET remote_state = ? WHERE id = ? AND state = 'confirmed'",
                (remote_state, operation_id),
            )
            return self.queries.operation(operation_id)

    def record_contradiction(self, operation_id: int, summary: str) -> Operation:
        """Record once that a look-up showed the opposite of a final state, which stays."""
        reason = ReviewReason.LOOKUP_DISAGREES
        with self.connection.transaction():
            return self._transitions.mark(operation_id, Evidence.LOOKUP, reason, contradicted=True, note=summary)

    def acknowledge_contradiction(self, operation_id: int, *, by: str = "") -> Operation:
        """Record that a person has looked into a contradiction."""
        with self.connection.transaction():
            return self._transitions.mark(operation_id, Evidence.PERSON, None, contradicted=False, note=by)

    def recover(self, *, connection: str | None = None) -> list[Operation]:
        """Make every `sending` operation `unknown`: the process that sent it died. Returns these.

        A `sending` print job becomes uncertain. In a restored ledger, every unfinished operation and queued print job
        was possibly sent after the copy was made.
        `connection`: only its operations, for an outbox that starts beside others. Call it before anything is sent.
        """
        with self.connection.transaction():
            if self.connection.metadata("quarantine"):
                self._treat_as_possibly_sent()
            if connection is None:
                self.print_jobs.recover()
            rows = self.connection.rows(
                "SELECT id FROM operations WHERE state = 'sending' AND connection = coalesce(?, connection)",
                (connection,),
            )
            self.connection.db.execute(
                """UPDATE attempts SET outcome = 'unknown', failure_reason = ?1, ended_at = ?2 WHERE ended_at IS NULL
                   AND coalesce(?3, '') IN ('', (SELECT o.connection FROM operations o WHERE o.id = operation_id))""",
                (FailureReason.INTERRUPTED, self.connection.now(), connection),
            )
            return [self._interrupt(row["id"]) for row in rows]

    def _interrupt(self, operation_id: int) -> Operation:
        self.connection.db.execute(
            "UPDATE operations SET failure_reason = ? WHERE id = ?", (FailureReason.INTERRUPTED, operation_id)
        )
        return self._transitions.change(operation_id, State.SENDING, Resolution(State.UNKNOWN), note="found at start")

    def _treat_as_possibly_sent(self) -> None:
        """Treat every unfinished operation as sent and interrupted.

        A look-up may confirm one without a key: a sale or a whole cancel. The rest waits for a person, because the
        operation may have been taken back after the copy was made.
        """
        query = "SELECT id, cancel_key, state FROM operations WHERE state IN ('queued', 'sending', 'unknown')"
        for row in self.connection.rows(query):
            operation_id, state = row["id"], State(row["state"])
            if state is State.QUEUED:
                self._transitions.change(operation_id, state, Resolution(State.SENDING), note="restored")
                insert_attempt(self.connection.db, operation_id, None, self.connection.now())
                state = State.SENDING
            after = State.UNKNOWN if row["cancel_key"] is None else State.REVIEW
            if after is state:
                self.connection.db.execute(
                    "UPDATE operations SET review_reason = ? WHERE id = ?", (ReviewReason.RESTORED, operation_id)
                )
            else:
                restored = Resolution(after, review_reason=ReviewReason.RESTORED)
                self._transitions.change(operation_id, state, restored, note="restored")
        self.connection.db.execute("UPDATE print_jobs SET state = 'sending' WHERE state = 'queued'")
        self.connection.db.execute("DELETE FROM metadata WHERE name = 'quarantine'")

    # --- orders seen here

    def remember_order(self, order: Order, scope: Scope = BONIFIQ_SCOPE) -> None:
        """Store an order that was looked up. Its first total stays the first one, its largest never falls."""
        with self.connection.transaction():
            before = self.customers.link(order.order_id, scope)
            customer_id = self.customers.store(order.customer, order.order_id, scope, is_typed=False)
            upsert_seen_order(self.connection.db, order, customer_id, self.connection.now(), scope)
            if before != customer_id:
                self.customers.delete_unused([before])

    def link_orders(self, order_id: str, others: Sequence[str]) -> None:
        """Remember that several numbers, each of a system of its own, name one purchase."""
        with self.connection.transaction():
            insert_order_links(self.connection.db, order_id, others)
