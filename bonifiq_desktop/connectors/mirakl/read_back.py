"""Settle a request whose answer was lost by the records of its order.

The evidence is a new record of our line with our amounts. A fall in price, in quantity or of the order's state alone
never is: some operators deduct cancelled amounts from a price, others do not, and other clients cancel, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from bonifiq_desktop.connectors.mirakl import orders
from bonifiq_desktop.connectors.mirakl.baseline import Baseline, LineBefore
from bonifiq_desktop.connectors.mirakl.schemas import ReturnSchema
from bonifiq_desktop.connectors.mirakl.sent import SentCall, SentRequest, has_our_amounts
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import RemoteOrder, RemoteRecord

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How much earlier than the reading before our request a record of it may be dated, because servers' clocks differ."""


def read_back_from(
    order: Order,
    baseline: Baseline | None,
    sent: SentRequest | None,
    *,
    line_ids: Sequence[str],
    returns: Sequence[ReturnSchema] = (),
    repeat_limited: bool,
) -> ReadBack:
    """What an order shows of a request. Pure.

    - `baseline`: None where none was recorded. `sent`: None where the request was erased.
    - `line_ids`: of the operation. `returns`: those with our number, for RT01.
    - `repeat_limited`: whether a request that limits itself may be repeated; see `limits_itself`.
    """
    remote = order.remote
    if remote is None:
        raise ValueError("not an order of a marketplace")
    finding, evidence_id = _finding(remote, baseline, sent, line_ids, returns)
    may_repeat = repeat_limited and sent is not None and baseline is not None and limits_itself(sent, baseline)
    return ReadBack(
        finding, order, may_repeat=may_repeat, evidence_id=evidence_id, fingerprint=_fingerprint(remote, returns)
    )


def limits_itself(sent: SentRequest, baseline: Baseline) -> bool:
    """Whether a request asks for more than half of what was left, so that the server cannot apply it twice.

    Assumption: a request for more than what is left is refused. The setting `repeat_limited` turns it off. The larger
    reading of what was left counts. A whole order cannot be cancelled twice.
    """
    match sent.call:
        case SentCall.CANCEL_ORDER:
            return True
        case SentCall.OPEN_RETURN:
            return any(
                2 * units > baseline.lines[line].units_left
                for line, units in sent.lines.items()
                if line in baseline.lines
            )
    before = [baseline.lines[line] for line in sent.lines if line in baseline.lines]
    return bool(before) and all(2 * sent.amount > line.amount_left for line in before)


_Found = tuple[Finding, str]


def _finding(
    remote: RemoteOrder,
    baseline: Baseline | None,
    sent: SentRequest | None,
    line_ids: Sequence[str],
    returns: Sequence[ReturnSchema],
) -> _Found:
    if sent is not None and sent.call is SentCall.OPEN_RETURN:
        return _find_return(sent, returns)
    lines = sent.lines if sent is not None and sent.lines else line_ids
    if any(remote.line(line_id) is None for line_id in lines):
        return Finding.CONFLICT, ""
    if baseline is None or sent is None:
        # What is new cannot be told, or not what was asked for: records that could be ours need a person.
        known: Mapping[str, LineBefore] = baseline.lines if baseline else {}
        return (Finding.CONFLICT if any(_new_records(remote, known, lines)) else Finding.ABSENT), ""
    if sent.call is SentCall.CANCEL_ORDER:
        return _find_cancelled_order(remote, baseline, lines)
    return _find_record(remote, baseline, sent)


def _find_cancelled_order(remote: RemoteOrder, baseline: Baseline, lines: Iterable[str]) -> _Found:
    """OR29 makes no record with an id of ours: its evidence is the order's state."""
    if remote.state == orders.CANCELED:
        return (Finding.APPLIED if baseline.state != orders.CANCELED else Finding.CONFLICT), ""
    return (Finding.CONFLICT if any(_new_records(remote, baseline.lines, lines)) else Finding.ABSENT), ""


def _find_record(remote: RemoteOrder, baseline: Baseline, sent: SentRequest) -> _Found:
    kind = orders.CANCELATION if sent.call is SentCall.CANCEL_LINE else orders.REFUND
    new = _new_records(remote, baseline.lines, sent.lines)
    ours = [record for record in new if record.kind == kind and _may_be_ours(remote, baseline, sent, record)]
    if len(ours) > 1:
        (units,) = sent.lines.values()
        ours = [record for record in ours if record.units == units]
    if len(ours) == 1:
        return Finding.APPLIED, ours[0].record_id
    return (Finding.CONFLICT if new else Finding.ABSENT), ""


def _may_be_ours(remote: RemoteOrder, baseline: Baseline, sent: SentRequest, record: RemoteRecord) -> bool:
    if sent.tax_mode and remote.tax_mode and sent.tax_mode != remote.tax_mode:
        return False  # the amounts mean something else
    if record.created_at is None or baseline.read_at is None:
        return False
    return record.created_at >= baseline.read_at - CLOCK_TOLERANCE and has_our_amounts(sent, record)


def _new_records(remote: RemoteOrder, before: Mapping[str, LineBefore], lines: Iterable[str]) -> list[RemoteRecord]:
    """Cancelations and refunds of these lines that the baseline does not hold."""
    found: list[RemoteRecord] = []
    for line_id in lines:
        line = remote.line(line_id)
        ids = before[line_id].ids if line_id in before else frozenset()
        records = line.records if line is not None else ()
        found += [each for each in records if each.kind != orders.RETURN and each.record_id not in ids]
    return found


def _find_return(sent: SentRequest, returns: Sequence[ReturnSchema]) -> _Found:
    """RT01 takes our own number of the return, which finds it again."""
    ours = [each for each in returns if each.rma == sent.rma]
    if not ours:
        return Finding.ABSENT, ""
    units = {line.line_id: line.units for line in ours[0].lines}
    if len(ours) > 1 or units != dict(sent.lines):
        return Finding.CONFLICT, ""
    return Finding.APPLIED, ours[0].return_id


def _fingerprint(remote: RemoteOrder, returns: Sequence[ReturnSchema]) -> str:
    """What two readings of an unchanged order have in common: its time of change, and the ids of all its records."""
    records = sorted(record.record_id for line in remote.lines for record in line.records)
    return "|".join((remote.changed_at, remote.state, *records, *sorted(each.return_id for each in returns)))


def state_of(remote: RemoteOrder, evidence_id: str, line_ids: Sequence[str]) -> str:
    """The state of what an operation made, by Mirakl's word; of a cancelled order, that; "" without one."""
    if not evidence_id:
        return remote.state if remote.state == orders.CANCELED else ""
    lines = [line for line in (remote.line(line_id) for line_id in line_ids) if line is not None] or remote.lines
    records = (record for line in lines for record in line.records)
    return next((record.state for record in records if record.record_id == evidence_id), "")
