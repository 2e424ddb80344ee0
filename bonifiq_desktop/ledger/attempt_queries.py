"""Queries on the attempts of operations: what was possibly sent, where to, and how it was answered."""

import sqlite3

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import normalized_order_id
from bonifiq_desktop.domain.verdicts import FailureReason, Unknown
from bonifiq_desktop.ledger.connection import LedgerConnection


class AttemptQueries:
    """Queries on attempts. All raise LedgerFailed or LedgerDamaged when the file cannot be read."""

    def __init__(self, connection: LedgerConnection) -> None:
        self._rows = connection.rows

    def _first(self, query: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self._rows(query, values)), None)

    def _exists(self, query: str, *values: object) -> bool:
        return self._first(f"{query} LIMIT 1", *values) is not None

    def possibly_sent_attempts(self, operation_id: int) -> int:
        """How many attempts with the operation's present key were possibly sent."""
        return self.count_possibly_sent(operation_id)[0]

    def count_possibly_sent(self, operation_id: int) -> tuple[int, int]:
        """The same, and how many of them were made here: an attempt assumed after a restore has no server."""
        found = self._rows(
            # Two columns, so that one changed bit on the disk does not make a repeat a first sending.
            """SELECT count(*) AS n, count(a.server_id) AS made_here
               FROM attempts a JOIN operations o ON o.id = a.operation_id
               WHERE o.id = ? AND (a.possibly_sent OR a.outcome IS NOT 'not_sent') AND a.cancel_key IS o.cancel_key""",
            (operation_id,),
        )
        return int(found[0]["n"]), int(found[0]["made_here"])

    def previous_denial(self, operation_id: int) -> Unknown | None:
        """The answer to the last possibly sent attempt, if it was a denial without a verdict; else None."""
        found = self._first(
            """SELECT failure_reason, code, message FROM attempts WHERE operation_id = ? AND possibly_sent
               ORDER BY id DESC LIMIT 1""",
            operation_id,
        )
        if found is None or found["failure_reason"] != FailureReason.SAYS_NO:
            return None
        return Unknown(FailureReason.SAYS_NO, code=found["code"], message=found["message"])

    def key_sent_earlier(self, operation: Operation) -> bool:
        """Whether an earlier operation of the order was sent with this operation's key."""
        return self._exists(
            """SELECT 1 FROM operations o JOIN attempts a ON a.operation_id = o.id
               WHERE o.order_key = ? AND o.system = ? AND o.connection = ? AND o.id < ? AND a.possibly_sent
               AND a.cancel_key = ?""",
            normalized_order_id(operation.order_id),
            operation.system,
            operation.connection,
            operation.operation_id,
            operation.cancel_key,
        )

    def is_possibly_sent(self, operation_id: int) -> bool:
        """Whether any attempt of an operation, with any key, was possibly sent."""
        # Two columns, so that one changed bit on the disk does not make a sent attempt an unsent one.
        query = "SELECT 1 FROM attempts WHERE operation_id = ? AND (possibly_sent OR outcome IS NOT 'not_sent')"
        return self._exists(query, operation_id)

    def attempts_since_review(self, operation_id: int) -> int:
        """How many attempts were possibly sent since a person last reviewed the operation."""
        # By number, not by time: the clock of a till may jump.
        query = """SELECT count(*) AS n FROM attempts a JOIN operations o ON o.id = a.operation_id
            WHERE o.id = ? AND a.possibly_sent AND a.id > o.reviewed_attempt_id"""
        found = self._rows(query, (operation_id,))
        return int(found[0]["n"])

    def server_ids(self, operation_id: int) -> set[str]:
        """The servers to which an attempt of an operation was possibly sent."""
        rows = self._rows(
            "SELECT DISTINCT server_id FROM attempts WHERE operation_id = ? AND possibly_sent", (operation_id,)
        )
        return {row["server_id"] for row in rows}

    def is_possibly_applied(self, operation_id: int) -> bool:
        """Whether any attempt, with any key, was possibly sent and not refused."""
        query = "SELECT 1 FROM attempts WHERE operation_id = ? AND possibly_sent AND outcome IS NOT 'refused'"
        return self._exists(query, operation_id)
