"""Specification of each kind of operation: what sets it apart from the other kinds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bonifiq_desktop.domain import contradictions
from bonifiq_desktop.domain.contradictions import History
from bonifiq_desktop.domain.operations import (
    CLOSED_NEGATIVELY,
    UNFINISHED,
    Decision,
    Kind,
    Operation,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.staff import Task

_USUAL = (Decision.TRY_AGAIN, Decision.WAS_DONE, Decision.NOT_DONE)
_UNCLEAR = (Decision.TRY_AGAIN, Decision.WAS_DONE, Decision.ANOTHER_RETURN, Decision.NOT_DONE)
_DECISIONS: Mapping[ReviewReason, tuple[Decision, ...]] = {
    ReviewReason.UNSENDABLE: (Decision.WAS_DONE, Decision.NOT_DONE),  # it cannot be sent from here again either
    # Nothing was sent: send it beside what the other till did, or give it up.
    ReviewReason.OTHER_TILL: (Decision.TRY_AGAIN, Decision.NOT_DONE),
    # The other till goes on with the order: a request from here could be applied beside its own.
    ReviewReason.TAKEN_OVER: (Decision.WAS_DONE, Decision.NOT_DONE),
}
_SALE_DECISIONS: Mapping[ReviewReason, tuple[Decision, ...]] = {
    **_DECISIONS,
    # Nothing was sent: send it without the reward, or give it up.
    ReviewReason.REWARD_NOT_REDEEMED: (Decision.TRY_AGAIN, Decision.NOT_DONE),
}
_REFUND_DECISIONS: Mapping[ReviewReason, tuple[Decision, ...]] = {
    **_DECISIONS,
    # The key is spent: the same key again tells nothing new.
    ReviewReason.KEY_USED_BEFORE: (Decision.WAS_DONE, Decision.ANOTHER_RETURN, Decision.NOT_DONE),
    # The system may refuse because another till made an equal return with this key, without naming the key.
    ReviewReason.REFUSED_ON_REPEAT: _UNCLEAR,
    ReviewReason.REFUSED_BEFORE: _UNCLEAR,
    ReviewReason.SAYS_NO_TWICE: _UNCLEAR,
    # The other till's return may be this one, or a further one that needs a key of its own.
    ReviewReason.OTHER_TILL: (Decision.TRY_AGAIN, Decision.ANOTHER_RETURN, Decision.NOT_DONE),
    ReviewReason.TAKEN_OVER: (Decision.WAS_DONE, Decision.ANOTHER_RETURN, Decision.NOT_DONE),
    # The points of a return whose money was not given back: release or keep them.
    ReviewReason.MONEY_REFUSED: (Decision.TRY_AGAIN, Decision.NOT_DONE),
}


@dataclass(frozen=True)
class OperationSpec:
    """What sets one kind of operation apart.

    `creates_order`: its number names one such operation for ever, and a missing order proves that none was applied.
    `once_per_order`: an order has one of this kind at most that is open or done.
    `carries_customer`: its request holds the customer's data, which the ledger erases when the operation is final.
    `gives_value_back`: its value counts against what is still refundable.
    `cancels_order`: once confirmed, nothing else can be registered for the order.
    `uses_recent_order`: an order that was just seen may stand for the look-up before the first sending.
    `needs_baseline`: the system's records are kept just before the first sending, since only a new one is evidence.
    `changes_order`: it registers or changes its order, so that it is the only one of the order at a time; else its
    number is only the one that a sale will bear. `ends_checkout`: a checkout has one such end at most.
    `approval`: what a manager allows before it is registered; `approval_over_limit`: only beyond the shop's limit.
    `decisions`: what a person may decide in review, by the reason for it. `is_applied_after_all`, `is_undone`: whether
    a look-up contradicts an operation that is closed negatively, or confirmed.
    """

    approval: Task | None
    is_applied_after_all: Callable[[Operation, Order, History], bool]
    is_undone: Callable[[Operation, Order | None, History], bool]
    creates_order: bool = False
    once_per_order: bool = False
    carries_customer: bool = False
    gives_value_back: bool = False
    cancels_order: bool = False
    uses_recent_order: bool = False
    needs_baseline: bool = False
    changes_order: bool = True
    ends_checkout: bool = False
    approval_over_limit: bool = False
    decisions: Mapping[ReviewReason, tuple[Decision, ...]] = field(default_factory=lambda: _DECISIONS)

    def decisions_for(self, reason: ReviewReason | None) -> tuple[Decision, ...]:
        """The decisions about an operation in review, in the order in which the window offers them."""
        return self.decisions.get(reason, _USUAL) if reason else _USUAL

    def is_contradicted(self, operation: Operation, order: Order | None, history: History) -> bool:
        """Whether a look-up shows the opposite of a final operation; `order` is None when there is none.

        Doubtful cases return False, because people ignore alarms after a false one.
        """
        if operation.state is State.CONFIRMED:
            return self.is_undone(operation, order, history)
        if operation.state not in CLOSED_NEGATIVELY or order is None or self._is_explained(operation.kind, history):
            return False
        return self.is_applied_after_all(operation, order, history)

    def _is_explained(self, kind: Kind, history: History) -> bool:
        """Whether another operation here did it, or may be doing it. A confirmed refund is in the figures instead."""
        explaining = UNFINISHED if self.gives_value_back else UNFINISHED | {State.CONFIRMED}
        return any(other.kind is kind and other.state in explaining for other in history.others)


_RETURN_DECISIONS: Mapping[ReviewReason, tuple[Decision, ...]] = {
    **_DECISIONS,
    # The records show something that may be this return: one more request could give the money back twice.
    ReviewReason.LOOKUP_DISAGREES: (Decision.WAS_DONE, Decision.NOT_DONE),
}

SPECS: Mapping[Kind, OperationSpec] = {
    Kind.SALE: OperationSpec(
        approval=None,  # a sale that is registered as cancelled needs the approval of a whole cancel
        creates_order=True,
        ends_checkout=True,
        decisions=_SALE_DECISIONS,
        once_per_order=True,
        carries_customer=True,
        is_applied_after_all=contradictions.sale_applied_after_all,
        is_undone=contradictions.sale_undone,
    ),
    Kind.COMPLETION: OperationSpec(
        approval=None,
        once_per_order=True,
        carries_customer=True,
        is_applied_after_all=contradictions.completion_applied_after_all,
        is_undone=contradictions.completion_undone,
    ),
    Kind.REFUND: OperationSpec(
        approval=Task.OVER_LIMIT,
        approval_over_limit=True,
        gives_value_back=True,
        uses_recent_order=True,
        decisions=_REFUND_DECISIONS,
        is_applied_after_all=contradictions.refund_applied_after_all,
        is_undone=contradictions.refund_cancelled_order,
    ),
    Kind.CANCEL: OperationSpec(
        approval=Task.CANCEL_ORDER,
        cancels_order=True,
        uses_recent_order=True,
        is_applied_after_all=contradictions.cancel_applied_after_all,
        is_undone=contradictions.cancel_undone,
    ),
    Kind.RETURN: OperationSpec(
        approval=Task.OVER_LIMIT,
        approval_over_limit=True,
        needs_baseline=True,
        decisions=_RETURN_DECISIONS,
        is_applied_after_all=contradictions.return_applied_after_all,
        is_undone=contradictions.return_undone,
    ),
    Kind.REDEMPTION: OperationSpec(
        approval=Task.REWARD_OVER_LIMIT,
        approval_over_limit=True,
        carries_customer=True,
        changes_order=False,
        is_applied_after_all=contradictions.never_applied_after_all,
        is_undone=contradictions.never_undone,
    ),
    Kind.REVERSAL: OperationSpec(
        approval=None,
        changes_order=False,
        ends_checkout=True,
        is_applied_after_all=contradictions.never_applied_after_all,
        is_undone=contradictions.never_undone,
    ),
}


def spec_of(kind: Kind) -> OperationSpec:
    """The specification of a kind of operation."""
    return SPECS[kind]


def open_refunds(operations: Sequence[Operation]) -> list[Operation]:
    """The operations that give part of an order's value back and are not closed negatively."""
    return [o for o in operations if spec_of(o.kind).gives_value_back and o.state not in CLOSED_NEGATIVELY]
