"""Comparison of an order's operations with what its system shows: which differences a person has to look into."""

from collections.abc import Sequence
from dataclasses import dataclass

from bonifiq_desktop.domain.day_close import Difference, NextStep
from bonifiq_desktop.domain.evidence import is_other_sale
from bonifiq_desktop.domain.legs import record_totals, unseen_records
from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Order

_NEXT_STEPS = {
    Difference.NOT_FOUND: NextStep.ASK_SYSTEM,
    Difference.REFUNDED_MORE: NextStep.OPEN_ORDER,
    Difference.REFUNDED_LESS: NextStep.ASK_SYSTEM,
    Difference.CANCELLED: NextStep.OPEN_ORDER,
    Difference.NOT_CANCELLED: NextStep.ASK_SYSTEM,
    Difference.OTHER_TOTAL: NextStep.OPEN_ORDER,
    Difference.OTHER_CUSTOMER: NextStep.ASK_SYSTEM,
    Difference.REWARD_OPEN: NextStep.DECIDE,
    Difference.NOT_CHECKED: NextStep.TRY_AGAIN,
}


@dataclass(frozen=True)
class Found:
    """A difference. `here`, `there`: values in the minor unit of the order's currency."""

    difference: Difference
    here: int | None = None
    there: int | None = None

    @property
    def next_step(self) -> NextStep:
        """What a person does about it."""
        return _NEXT_STEPS[self.difference]


def compare(operations: Sequence[Operation], order: Order | None, largest_total: Cents | None) -> list[Found]:
    """The differences between an order's operations here, all of them settled, and what its system shows.

    `order`: None when the system has none. `largest_total`: the largest total in which this till saw it, in cents.
    """
    done = [each for each in operations if each.state is State.CONFIRMED]
    changing = [each for each in done if each.kind not in {Kind.REDEMPTION, Kind.REVERSAL}]
    if not changing:
        return []
    if order is None:
        return [Found(Difference.NOT_FOUND, here=changing[0].value)]
    if any(each.kind is Kind.RETURN for each in changing):
        return _compare_returns([each for each in changing if each.kind is Kind.RETURN], order, operations)
    return _compare_order(changing, order, largest_total)


def _compare_order(done: Sequence[Operation], order: Order, largest_total: Cents | None) -> list[Found]:
    sale = next((each for each in done if each.kind is Kind.SALE), None)
    if sale is not None and is_other_sale(sale, order):
        return [Found(Difference.OTHER_CUSTOMER, sale.value, order.total)]
    cancelled_here = any(each.kind is Kind.CANCEL for each in done) or bool(
        sale and sale.order and sale.order.cancelled
    )
    if order.cancelled is not cancelled_here:
        return [Found(Difference.CANCELLED if order.cancelled else Difference.NOT_CANCELLED)]
    if order.cancelled:
        return []  # what a look-up shows as the total of a cancelled order is not stated
    refunded = sum(each.value for each in done if each.kind is Kind.REFUND)
    base = max([largest_total or 0, *(each.value for each in done if each.kind is Kind.SALE)])
    gone = base - order.total
    if gone in {0, refunded}:  # a look-up may show refunds, or not
        return []
    if gone < 0:
        return [Found(Difference.OTHER_TOTAL, base, order.total)]
    return [Found(Difference.REFUNDED_MORE if gone > refunded else Difference.REFUNDED_LESS, refunded, gone)]


def _compare_returns(legs: Sequence[Operation], order: Order, operations: Sequence[Operation]) -> list[Found]:
    """Compare each leg with its record, and the records that no operation here explains with none."""
    found = [each for each in (_compare_leg(leg, order) for leg in legs) if each is not None]
    explained = {each.evidence_id for each in operations}
    if not found and all(leg.evidence_id for leg in legs):
        unseen = {record.record_id: record for leg in legs for record in unseen_records(leg, order)}
        others = [record for record in unseen.values() if record.record_id not in explained and record.kind != "return"]
        if others:
            here = sum(leg.value for leg in legs)
            more = sum(max(record_totals(record, legs[0].currency)) for record in others)
            found.append(Found(Difference.REFUNDED_MORE, here, here + more))
    return found


def _compare_leg(leg: Operation, order: Order) -> Found | None:
    """Compare a leg with its records: one, or one for each line that it takes back, under one id."""
    unseen = unseen_records(leg, order)
    own = [record for record in unseen if leg.evidence_id and record.record_id == leg.evidence_id] or unseen
    if not own:
        return Found(Difference.REFUNDED_LESS, leg.value, 0)
    each = [record_totals(record, leg.currency) for record in own]
    shown = set().union(*each) | {sum(map(min, each)), sum(map(max, each))}
    if leg.is_estimate or leg.value in shown or not any(shown):
        return None
    there = max(shown)
    return Found(Difference.REFUNDED_MORE if there > leg.value else Difference.REFUNDED_LESS, leg.value, there)
