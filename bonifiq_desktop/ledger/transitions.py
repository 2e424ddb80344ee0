"""Changes of an operation's state: compare-and-set, with the event that says why."""

from typing import Protocol
from weakref import WeakSet

from bonifiq_desktop.domain.operations import (
    FINAL,
    TRANSITIONS,
    Evidence,
    Operation,
    Resolution,
    ReviewReason,
    State,
)
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.elapsed import RecentlySettled
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.ledger.inserts import hash_answer, insert_event
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.search_index import index_operation, unindex_operation


class LegWatcher(Protocol):
    """An outbox, in which another leg of the same return may wait."""

    def leg_settled(self) -> None:
        """A leg of some return became final; its commit may still be under way."""


class Transitions:
    """Changes states inside the caller's transaction. `leg_watchers`: told when a leg of a return becomes final."""

    def __init__(self, connection: LedgerConnection, queries: Queries, recently_settled: RecentlySettled) -> None:
        self._connection = connection
        self._queries = queries
        self._recently_settled = recently_settled
        self.leg_watchers: WeakSet[LegWatcher] = WeakSet()

    def change(self, operation_id: int, from_state: State, resolution: Resolution, *, note: str = "") -> Operation:
        """Change an operation's state, and return it. Raises TransitionRefused."""
        if resolution.state not in TRANSITIONS[from_state]:
            raise TransitionRefused(f"{from_state} to {resolution.state}")
        is_final = resolution.state in FINAL
        now = self._connection.now()
        if resolution.evidence_id:
            unindex_operation(self._connection.db, operation_id)
        cursor = self._connection.db.execute(
            # A personal body is needed by nothing after the final state. A sale's number that was free when a person
            # decided may be taken by now: a sale keeps its look-up before every sending, which its redemption hands on.
            """UPDATE operations SET state = :state, evidence = :evidence, review_reason = :review_reason,
               settled_at = CASE WHEN :is_final THEN :now ELSE settled_at END,
               evidence_id = coalesce(nullif(:evidence_id, ''), evidence_id),
               external_code = coalesce(nullif(:external_code, ''), external_code),
               external_product_id = coalesce(nullif(:external_product_id, ''), external_product_id),
               body = CASE WHEN :is_final AND body_is_personal THEN NULL ELSE body END,
               reviewed_attempt_id = CASE WHEN :was_reviewed
                   THEN (SELECT coalesce(max(id), 0) FROM attempts) ELSE reviewed_attempt_id END,
               look_up_first = CASE WHEN :was_reviewed AND kind NOT IN ('sale', 'redemption')
                   THEN 0 ELSE look_up_first END
               WHERE id = :id AND state = :from_state""",
            {
                **vars(resolution),
                "is_final": is_final,
                "now": now,
                "was_reviewed": from_state is State.REVIEW,
                "id": operation_id,
                "from_state": from_state,
            },
        )
        if cursor.rowcount != 1:
            raise TransitionRefused(f"operation {operation_id} is not {from_state}")
        if resolution.evidence_id:
            index_operation(self._connection.db, operation_id)
        if resolution.evidence_id or resolution.external_code or resolution.external_product_id:
            hash_answer(self._connection.db, operation_id)
        if is_final:
            self._recently_settled.record(operation_id)
            self._connection.has_erased_data = True
        insert_event(self._connection.db, operation_id, from_state, resolution, now, note=note)
        operation = self._queries.operation(operation_id)
        if is_final and operation.return_id:
            for watcher in self.leg_watchers:
                watcher.leg_settled()
        return operation

    def mark(
        self,
        operation_id: int,
        evidence: Evidence | None,
        reason: ReviewReason | None,
        *,
        contradicted: bool,
        note: str = "",
    ) -> Operation:
        """Record whether a final state is contradicted, and return the operation. The state stays.

        Raises TransitionRefused for an operation that is not final, or that is marked so already.
        """
        state = self._queries.state(operation_id)
        cursor = self._connection.db.execute(
            "UPDATE operations SET contradicted = ?1 WHERE id = ?2 AND contradicted <> ?1", (contradicted, operation_id)
        )
        if state not in FINAL or cursor.rowcount != 1:
            raise TransitionRefused(f"operation {operation_id} is {state}")
        resolution = Resolution(state, evidence, reason)
        insert_event(self._connection.db, operation_id, state, resolution, self._connection.now(), note=note)
        return self._queries.operation(operation_id)
