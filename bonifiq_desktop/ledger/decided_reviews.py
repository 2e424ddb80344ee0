"""Earlier reviews of an operation: the note of the last one for a reason, and whether a person decided it."""

from bonifiq_desktop.domain.operations import ReviewReason
from bonifiq_desktop.ledger.connection import LedgerConnection


def last_review_note(connection: LedgerConnection, operation_id: int, reason: ReviewReason) -> str:
    """The note of an operation's last review for a reason; empty: there was none."""
    rows = connection.rows(
        """SELECT note FROM events WHERE operation_id = ? AND to_state = 'review' AND review_reason = ?
           ORDER BY id DESC LIMIT 1""",
        (operation_id, reason),
    )
    return str(rows[0]["note"]) if rows else ""


def was_decided(connection: LedgerConnection, operation_id: int, reason: ReviewReason) -> bool:
    """Whether a person decided an operation's review for a reason."""
    rows = connection.rows(
        """SELECT 1 FROM events r JOIN events e USING (operation_id) WHERE operation_id = ? AND r.id < e.id
           AND r.to_state = 'review' AND r.review_reason = ? AND e.from_state = 'review' LIMIT 1""",
        (operation_id, reason),
    )
    return bool(rows)
