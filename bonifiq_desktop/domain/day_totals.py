"""Totals of a day's operations: sums by reason, person, payment and system, and points and cashback."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from bonifiq_desktop.domain.day_close import DayTotals, LoyaltySum, NamedSum, OpenOperation, Sum
from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.operations import UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.points_claims import PointsClaim, points_claim
from bonifiq_desktop.domain.verdicts import Bonus

EarnedBy = Callable[[Operation], Earned | None]
"""What the sale of an operation's order earned, else the newest sale before; None where that is not known."""

_TOOK_NOTHING = frozenset({PointsClaim.NOT_ENROLLED, PointsClaim.NOTHING_GIVEN})


def day_totals(operations: Iterable[Operation], earned: EarnedBy) -> DayTotals:
    """Add up the confirmed operations of a day."""
    done = [each for each in operations if each.state is State.CONFIRMED]

    def of(kind: Kind) -> list[Operation]:
        return [each for each in done if each.kind is kind]

    sales = [each for each in of(Kind.SALE) if not (each.order and each.order.cancelled)]
    pending = [each for each in sales if _is_pending(each)]
    refunds, cancellations, returns = of(Kind.REFUND), of(Kind.CANCEL), of(Kind.RETURN)
    completions = of(Kind.COMPLETION)
    return DayTotals(
        sales=_sum(sales),
        sales_by_person=_by(sales, _person),
        refunds=_sum(refunds),
        cancellations=_sum(cancellations),
        refunds_by_reason=_by(refunds, _reason),
        refunds_by_person=_by(refunds, _person),
        returns=_by_system(returns),
        rewards=_sum(of(Kind.REDEMPTION)),
        rewards_undone=_sum(of(Kind.REVERSAL)),
        given=_loyalty([*(each for each in sales if not _is_pending(each)), *completions], earned),
        taken=_loyalty(
            [each for each in (*refunds, *cancellations) if points_claim(each) not in _TOOK_NOTHING], earned
        ),
        pending_sales=_sum(pending),
        completions=_sum(completions),
        sales_by_payment=_by(sales, _payment),
        cancellations_by_reason=_by(cancellations, _reason),
        cancellations_by_person=_by(cancellations, _person),
        estimated_returns=_by_system(each for each in returns if each.is_estimate),
    )


def open_operations(operations: Iterable[Operation]) -> tuple[OpenOperation, ...]:
    """The operations that are unsent, unknown, in review or contradicted."""
    return tuple(
        OpenOperation(
            each.operation_id,
            each.kind,
            each.order_id,
            each.state,
            each.value,
            each.currency,
            each.contradicted,
            each.created_at,
        )
        for each in operations
        if each.state in UNFINISHED or each.contradicted
    )


def _sum(operations: Sequence[Operation], currency: str = "BRL") -> Sum:
    return Sum(len(operations), sum(each.value for each in operations), currency)


def _by(operations: Sequence[Operation], name: Callable[[Operation], str]) -> tuple[NamedSum, ...]:
    """Sums by name, the largest first."""
    groups = groupby(sorted(operations, key=name), key=name)
    sums = (NamedSum(key, _sum(list(members))) for key, members in groups)
    return tuple(sorted(sums, key=lambda each: (-each.sum.value, -each.sum.count, each.name)))


def _by_system(legs: Iterable[Operation]) -> tuple[NamedSum, ...]:
    """Sums by connection and currency: legs of one return in one system count once."""

    def key(leg: Operation) -> tuple[str, str]:
        return leg.connection, leg.currency

    sums = []
    for (connection, currency), group in groupby(sorted(legs, key=key), key=key):
        members = list(group)
        returns = {leg.return_id or leg.operation_id for leg in members}
        sums.append(NamedSum(connection, Sum(len(returns), sum(leg.value for leg in members), currency)))
    return tuple(sums)


def _loyalty(operations: Iterable[Operation], earned: EarnedBy) -> LoyaltySum:
    """What BonifiQ told of operations, and an estimate for those of which it told nothing."""
    told, estimated = [], []
    for each in operations:
        if each.bonus is not None:
            told.append(each.bonus)
        else:
            basis = earned(each)
            estimated.append(basis.share_of(each.value) if basis else Bonus())
    return LoyaltySum(
        sum(bonus.points for bonus in told),
        sum(bonus.cashback for bonus in told),
        sum(bonus.points for bonus in estimated),
        sum(bonus.cashback for bonus in estimated),
    )


def _is_pending(sale: Operation) -> bool:
    return sale.order is not None and sale.order.pending


def _reason(operation: Operation) -> str:
    return operation.reason


def _person(operation: Operation) -> str:
    return operation.registered_by


def _payment(operation: Operation) -> str:
    return operation.order.payment_method if operation.order else ""
