"""Decisions of a person about operations in review, and about contradictions."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registration import follow_up
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.DecideReview, needs_credentials=True)
def decide_review(backend: "Backend", command: c.DecideReview, grant: ApprovalGrant) -> Operation:
    operation = backend.review.decide(command.operation_id, command.decision, command.name, command.reason, grant)
    return follow_up(backend, operation, "decided", drafts=("review",))


@handles(c.AcknowledgeContradiction)
def acknowledge_contradiction(
    backend: "Backend", command: c.AcknowledgeContradiction, grant: ApprovalGrant
) -> Operation:
    operation = backend.review.acknowledge(command.operation_id, grant)
    backend.publish_counts()
    return operation
