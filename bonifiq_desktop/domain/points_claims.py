"""What may be claimed about the points and cashback of a confirmed refund or whole cancel.

Screen and slip word each claim in their own way; which one is made is decided here alone.
"""

from enum import StrEnum

from bonifiq_desktop.domain.operations import Evidence, Kind, Operation
from bonifiq_desktop.domain.verdicts import CancelStatus


class PointsClaim(StrEnum):
    """A claim, by what the answer's Status and the order prove."""

    BY_PERSON = "by_person"
    """A person decided that it was done; BonifiQ alone knows the balance."""
    NOT_ENROLLED = "not_enrolled"
    NOTHING_GIVEN = "nothing_given"
    """The sale was pending, and had given nothing."""
    ORDER_REVERSED = "order_reversed"
    VALUE_REVERSED = "value_reversed"
    ACCEPTED = "accepted"
    """BonifiQ accepted the reversal, and has not said that it is done."""


def points_claim(operation: Operation) -> PointsClaim:
    """The claim about a confirmed refund or whole cancel."""
    customer = operation.order.customer if operation.order else None
    is_cancel = operation.kind is Kind.CANCEL
    if operation.evidence is Evidence.PERSON:
        return PointsClaim.BY_PERSON
    if customer is not None and customer.enrolled is False:
        return PointsClaim.NOT_ENROLLED
    if is_cancel and operation.order is not None and operation.order.pending:
        return PointsClaim.NOTHING_GIVEN
    if is_cancel and operation.api_status in {CancelStatus.COMPLETED, CancelStatus.CANCELLED}:
        return PointsClaim.ORDER_REVERSED
    if not is_cancel and operation.api_status is CancelStatus.COMPLETED:
        return PointsClaim.VALUE_REVERSED
    return PointsClaim.ACCEPTED
