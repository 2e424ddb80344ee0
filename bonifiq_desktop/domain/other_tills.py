"""Operations of other tills on an order, compared with an operation of this till before it is sent."""

from collections.abc import Collection, Iterable
from hashlib import sha256

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, FINAL, Kind, Operation, State
from bonifiq_desktop.domain.specs import spec_of

OTHER_TILLS_NOTE = "other tills"
"""Prefix of every `other_tills_summary`."""


def live_of_other_tills(operations: Iterable[Operation], taken_over: Collection[str] = ()) -> tuple[Operation, ...]:
    """The operations of other tills that may have changed their order. `taken_over`: uids that a person released."""
    return tuple(
        each
        for each in operations
        if each.till
        and each.state not in CLOSED_NEGATIVELY
        and spec_of(each.kind).changes_order
        and (each.state in FINAL or each.uid not in taken_over)
    )


def other_tills_summary(others: Iterable[Operation]) -> str:
    """Summarize what other tills did: a person's decision holds for one such state alone."""
    told = sorted(f"{each.uid} {each.state}" for each in others)
    return f"{OTHER_TILLS_NOTE} {sha256(' '.join(told).encode()).hexdigest()[:16]}" if told else ""


def conflicts_by_kind(operation: Operation, others: Iterable[Operation]) -> bool:
    """Whether an operation of another till leaves no room for this one, whatever the values are.

    A second sale or completion of an order, the same return, a key that is spent, anything after a whole cancel, the
    undoing of a reward that a sale used.
    """
    return any(_conflicts(operation, other) for other in others)


def _conflicts(operation: Operation, other: Operation) -> bool:
    if other.kind is Kind.CANCEL and other.state is State.CONFIRMED:
        return True
    if has_same_key(operation, other) or _is_equal_refund(operation, other):
        return other.state in FINAL
    if spec_of(operation.kind).once_per_order:
        return other.kind is operation.kind
    if operation.kind is Kind.REVERSAL:
        return other.kind is Kind.SALE and other.checkout_id == operation.checkout_id
    return operation.kind is Kind.RETURN and other.return_id == operation.return_id and other.kind is Kind.RETURN


def _is_equal_refund(operation: Operation, other: Operation) -> bool:
    """Whether two refunds would have one key, were the shop's code the same at both tills."""
    both_are_refunds = operation.kind is other.kind is Kind.REFUND
    same_index = operation.key_index is not None and operation.key_index == other.key_index
    return both_are_refunds and same_index and operation.value == other.value and operation.account != other.account


def has_same_key(operation: Operation, other: Operation) -> bool:
    """Whether a system cannot tell the requests of two operations apart by their client keys."""
    return operation.cancel_key is not None and operation.cancel_key == other.cancel_key


def may_be_of_another_till(evidence_id: str, leg: Operation, operations: Iterable[Operation]) -> bool:
    """Whether what a system's records show of a leg's lines may prove another till's return of them.

    `evidence_id`: the record's; empty where the system names none. `operations`: those of the order. A return that was
    possibly sent, and that no record proves yet, may be the one that made it.
    """
    lines = set(leg.remote_line.split(","))
    others = (each for each in operations if each.till and each.kind is Kind.RETURN)
    return any(
        each.evidence_id == evidence_id
        if each.evidence_id
        else _is_possibly_sent(each) and lines & set(each.remote_line.split(","))
        for each in others
    )


def _is_possibly_sent(operation: Operation) -> bool:
    return operation.attempts > 0 and operation.state not in CLOSED_NEGATIVELY
