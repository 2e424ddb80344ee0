"""Outcomes of this till's own registrations that the shop database was told before the ledger was restored."""

from collections.abc import Callable, Mapping

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, FINAL, Evidence, Resolution, ReviewReason, State
from bonifiq_desktop.ledger.attempt_queries import AttemptQueries
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.decided_reviews import was_decided
from bonifiq_desktop.ledger.told_changes import ToldOperation
from bonifiq_desktop.ledger.transitions import Transitions


class ToldOutcomes:
    """Resolves what waits for a person only because a restored copy does not know how it ended.

    `own_names`: the names under which this ledger was told.
    """

    def __init__(
        self, connection: LedgerConnection, transitions: Transitions, own_names: Callable[[], list[str]]
    ) -> None:
        self._connection = connection
        self._transitions = transitions
        self._own_names = own_names
        self._attempts = AttemptQueries(connection)

    def learn(self, told: ToldOperation, till: str) -> bool:
        """Take over how an operation of this ledger ended, in the caller's transaction; False: it is not of this one.

        Only while nothing was sent since the restore. A person who has it sent again did not know that it was done.
        What was closed here as not done, and was confirmed there, is contradicted. `till`: which tells it; a copy of
        this ledger under another name does not know what this till sent.
        """
        query = "SELECT id, state, review_reason, contradicted FROM operations WHERE uid = ?"
        found = self._connection.rows(query, (told.uid,))
        if not found:
            return False
        operation_id, state, reason = found[0]["id"], State(found[0]["state"]), found[0]["review_reason"]
        is_open = state in {State.REVIEW, State.UNKNOWN} and reason == ReviewReason.RESTORED
        if told.state is State.CONFIRMED:
            is_tried_again = state is State.UNKNOWN and reason is None and self._is_decided_unsent(operation_id)
            if is_open or is_tried_again:
                self._resolve(operation_id, state, told)
            elif state in CLOSED_NEGATIVELY and not found[0]["contradicted"]:
                self._contradict(operation_id)
        elif is_open and told.state in FINAL and till in self._own_names() and not self._was_sent_here(operation_id):
            self._resolve(operation_id, state, told)
        return True

    def _was_sent_here(self, operation_id: int) -> bool:
        return self._attempts.count_possibly_sent(operation_id)[1] > 0

    def _contradict(self, operation_id: int) -> None:
        self._transitions.mark(operation_id, None, ReviewReason.RESTORED, contradicted=True)
        # By it the message says where the contradiction comes from.
        self._connection.db.execute(
            "UPDATE operations SET review_reason = ? WHERE id = ?", (ReviewReason.RESTORED, operation_id)
        )

    def _is_decided_unsent(self, operation_id: int) -> bool:
        """Whether a person decided about an operation because of the restore, and it was not sent since."""
        decided = was_decided(self._connection, operation_id, ReviewReason.RESTORED)
        return decided and not self._attempts.attempts_since_review(operation_id)

    def _resolve(self, operation_id: int, state: State, told: ToldOperation) -> None:
        columns = told.columns
        self._connection.db.execute(
            "UPDATE operations SET bonus = coalesce(?, bonus), api_status = coalesce(?, api_status) WHERE id = ?",
            (columns.get("bonus"), columns.get("api_status"), operation_id),
        )
        is_done = told.state is State.CONFIRMED
        if not is_done and state is State.UNKNOWN:
            waiting = Resolution(State.REVIEW, review_reason=ReviewReason.RESTORED)
            self._transitions.change(operation_id, state, waiting)
            state = State.REVIEW
        evidence = columns.get("evidence")
        end = Resolution(
            State.CONFIRMED if is_done else State.NOT_APPLIED,
            Evidence(str(evidence)) if evidence else None,
            evidence_id=_text(columns, "evidence_id"),
            external_code=_text(columns, "external_code"),
            external_product_id=_text(columns, "external_product_id"),
        )
        self._transitions.change(operation_id, state, end)


def _text(columns: Mapping[str, object], name: str) -> str:
    return str(columns.get(name) or "")
