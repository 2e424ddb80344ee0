"""What a person decides about operations, and the details to decide by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.domain.decisions import COPY_LIFETIME, DecisionIncomplete, DecisionTooEarly, must_outlive_copies
from bonifiq_desktop.domain.operations import Decision, Operation, Scope, State, resolve_by_person
from bonifiq_desktop.domain.redaction import redact_personal_data
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.staff import NO_APPROVAL, ApprovalGrant, Task
from bonifiq_desktop.ledger.errors import TransitionRefused
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.access_control import AccessControl
from bonifiq_desktop.services.connection import Connection

_NO_WAIT = timedelta()


@dataclass(eq=False, repr=False)
class ReviewService:
    """Decisions about the operations of all connections. `connections`: by name."""

    ledger: Ledger
    connections: Mapping[str, Connection]
    access: AccessControl

    def decide(
        self, operation_id: int, decision: Decision, name: str, reason: str, grant: ApprovalGrant = NO_APPROVAL
    ) -> Operation:
        """Resolve an operation in review; name and reason go into its history.

        The manager who approved it counts as the one who decided, whatever name was typed. Raises DecisionIncomplete
        without a name and a reason, ApprovalNeeded, DecisionTooEarly while a copy of the request may be on its way,
        TransitionRefused for a decision that the window does not offer, NotSetUp, ShopUncertain.
        """
        if not reason.strip():
            raise DecisionIncomplete
        self.access.require(Task.DECIDE, grant, operation=operation_id, decision=decision.value)
        name = grant.by.name if grant.by else name
        if not name.strip():
            raise DecisionIncomplete
        note = f"{name.strip()}: {redact_personal_data(reason.strip())}"
        operation = self.ledger.queries.operation(operation_id)
        if decision not in spec_of(operation.kind).decisions_for(operation.review_reason):
            raise TransitionRefused(f"operation {operation_id} cannot be decided so")
        wait = self._copy_lifetime(operation_id)
        if wait > _NO_WAIT and must_outlive_copies(
            decision, operation.review_reason, repeat_may_apply_twice=spec_of(operation.kind).needs_baseline
        ):
            raise DecisionTooEarly(datetime.now(UTC) + wait)
        resolution = resolve_by_person(decision)
        if resolution.state is not State.QUEUED:
            return self.ledger.resolve(operation_id, State.REVIEW, resolution, note=note)
        connection = self.connections[operation.connection]
        connection.require_account()
        intent = Intent(
            operation.kind, operation.order_id, operation.value, lines=operation.lines, account=operation.account
        )
        return self.ledger.requeue_with_new_key(operation_id, partial(connection.serialize, intent), note=note)

    def acknowledge(self, operation_id: int, grant: ApprovalGrant = NO_APPROVAL) -> Operation:
        """A person has looked into what a look-up showed against a final operation.

        Raises ApprovalNeeded, TransitionRefused.
        """
        self.access.require(Task.ACKNOWLEDGE, grant, operation=operation_id)
        by = grant.by.name if grant.by else self.access.current_user_name
        return self.ledger.acknowledge_contradiction(operation_id, by=by)

    def details(self, operation_id: int) -> OperationDetails | None:
        found = self.ledger.queries.details(operation_id)
        if found is None:
            return None
        connection = self.connections[found.operation.connection]
        # A connection that is gone has no system of its own any more.
        scope = Scope(found.operation.system, found.operation.connection)
        elsewhere = operation_id in self.ledger.queries.waiting_elsewhere(
            connection.server_id, connection.account, scope
        )
        return replace(found, copy_lifetime=self._copy_lifetime(operation_id), waits_elsewhere=elsewhere)

    def _copy_lifetime(self, operation_id: int) -> timedelta:
        """How long a copy of a request of this operation may still be on its way."""
        if not self.ledger.queries.attempts.is_possibly_sent(operation_id):
            return _NO_WAIT
        passed = self.ledger.attempt_ages.since_last_attempt(operation_id)
        return max(_NO_WAIT, timedelta(seconds=CALL_TIMEOUT) + COPY_LIFETIME - passed)
