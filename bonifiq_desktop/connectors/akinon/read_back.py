"""Read the effect of a cancel call back from the items of its order (API docs, section 6).

Omnitron takes no client key. Only the items that the request names are evidence: each is one unit, and shows that it
was cancelled or returned, or is about to be.
"""

from typing import Any

from bonifiq_desktop.connectors.akinon.fields import key_of, object_of
from bonifiq_desktop.connectors.akinon.orders import TAKEN_BACK
from bonifiq_desktop.connectors.exact_json import Unreadable, dump, load
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import RemoteLine


def baseline_of(order: Order, operation: Operation) -> str:
    """The order's key, and which of the operation's items were taken back before it was sent, as JSON."""
    remote = order.remote
    key = remote.key if remote else ""
    items = {line.line_id: _is_taken_back(line) for line in _lines(order, operation).values() if line is not None}
    return dump({"order": key, "taken_back": items}).decode()


def read_back_from(operation: Operation, order: Order, *, may_repeat: bool) -> ReadBack:
    """What the items show, compared with the baseline.

    All of them taken back since: applied. None: absent. Some, or an item that is not shown: conflict.

    `may_repeat`: the setting for the assumption that Omnitron refuses a second cancellation of an item, so that a
    repeat can never give its money back twice.
    """
    before = object_of(_stored(operation).get("taken_back"))
    lines = _lines(order, operation)
    new = [line for key, line in lines.items() if line and _is_taken_back(line) and before.get(key) is not True]
    was_taken = any(before.get(key) is True for key in lines)
    fingerprint = dump({key: _words(line) for key, line in lines.items()}).decode()
    if not lines or None in lines.values() or (new and len(new) < len(lines)):
        return ReadBack(Finding.CONFLICT, order, fingerprint=fingerprint)
    if not new:
        return ReadBack(Finding.ABSENT, order, may_repeat=may_repeat and not was_taken, fingerprint=fingerprint)
    plans = {record.record_id for line in new for record in line.records}
    plan = plans.pop() if len(plans) == 1 else ""
    return ReadBack(Finding.APPLIED, order, evidence_id=plan, fingerprint=fingerprint)


def state_of_items(order: Order, operation: Operation) -> str:
    """The system's word for what became of the items: the same for all, or all words, joined by a comma."""
    words = [record.state for line in _lines(order, operation).values() if line for record in line.records]
    return ", ".join(dict.fromkeys(words))


def order_key(operation: Operation, body: bytes | None) -> int | None:
    """The key of an operation's order: as it was sent, else as it was stored."""
    sent: Any = None
    if body is not None:
        try:
            sent = object_of(load(body)).get("order")
        except Unreadable:
            sent = None
    shown = operation.order.remote.key if operation.order and operation.order.remote else None
    return key_of(sent) or key_of(_stored(operation).get("order")) or key_of(shown)


def bank_data_in(body: bytes) -> set[str]:
    """IBANs and names of account holders in a request."""
    sent = object_of(load(body))
    return {str(value) for name in ("ibans", "holder_names") for value in object_of(sent.get(name)).values()}


def _lines(order: Order, operation: Operation) -> dict[str, RemoteLine | None]:
    keys = filter(None, operation.remote_line.split(","))
    return {key: order.remote.line(key) if order.remote else None for key in keys}


def _is_taken_back(line: RemoteLine) -> bool:
    return line.obstacle in TAKEN_BACK


def _words(line: RemoteLine | None) -> str:
    if line is None:
        return ""
    return " ".join([line.state, *(record.state for record in line.records)])


def _stored(operation: Operation) -> dict[str, Any]:
    try:
        return object_of(load(operation.baseline.encode()))
    except Unreadable:
        return {}
