"""Reading for pictures and questions of the owner, beside a running program, by indexes and in parts of a period.

Each part ends with a report of the progress; a stop ends the statement under way.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.operations import Kind, ReviewReason, State
from bonifiq_desktop.domain.orders import OrderState
from bonifiq_desktop.domain.owner_questions import ByHand, Decided, Unsent, delay_of
from bonifiq_desktop.domain.progress import Progress, WorkStopped
from bonifiq_desktop.domain.reports import GivenBack, SalesGroup
from bonifiq_desktop.domain.verdicts import Bonus, FailureReason
from bonifiq_desktop.ledger.database import open_for_reading, translate_errors
from bonifiq_desktop.ledger.errors import LedgerError, RowDamaged
from bonifiq_desktop.ledger.row_mapping import earned_from, rows_may_be_damaged, stored_cents, stored_text, to_timestamp

SLOW = timedelta(minutes=10)
"""An operation that took longer was late, also where no attempt failed: the program was not running."""
_PART = timedelta(days=31)
_STOP_CHECK = 100_000  # SQLite's steps between two looks at a stop
_QUARTER = "substr(o.created_at, 1, 13) AS hour, CAST(substr(o.created_at, 15, 2) AS INTEGER) / 15 AS quarter"
_IN_PERIOD = "o.created_at >= ? AND o.created_at < ?"
# `pack_order` writes these words, and a text inside the order has its quotation marks escaped.
_CANCELLED = """coalesce(instr(o.snapshot, '"cancelled": true'), 0)"""
_WAITS = f"""coalesce(instr(o.snapshot, '"completed": false') AND (instr(o.snapshot, '"state": {OrderState.INITIAL:d},')
    OR instr(o.snapshot, '"state": {OrderState.PENDING:d},')), 0)"""
_GIVES_POINTS = f"NOT (o.kind = 'sale' AND {_WAITS})"
_TELLS_POINTS = f"{_GIVES_POINTS} AND json_valid(o.bonus)"
_SALES = f"""SELECT {_QUARTER}, sum(o.kind = 'sale') AS n,
    sum(CASE WHEN o.kind = 'sale' THEN o.value ELSE 0 END) AS value,
    sum({_GIVES_POINTS} AND o.bonus IS NULL) AS untold,
    sum(o.bonus IS NOT NULL AND NOT json_valid(o.bonus)) AS broken,
    sum(CASE WHEN {_TELLS_POINTS} THEN json_extract(o.bonus, '$.points') ELSE 0 END) AS points,
    sum(CASE WHEN {_TELLS_POINTS} THEN json_extract(o.bonus, '$.cashback') ELSE 0 END) AS cashback
    FROM operations o INDEXED BY operations_by_time
    WHERE {_IN_PERIOD} AND o.kind IN ('sale', 'completion') AND o.state = 'confirmed'
    AND NOT (o.kind = 'sale' AND {_CANCELLED}) GROUP BY hour, quarter"""
_SOLD = """SELECT max(e.id) FROM operations e INDEXED BY operations_by_order WHERE e.order_key = o.order_key
    AND e.system = o.system AND e.connection = o.connection AND e.kind IN ('sale', 'completion')
    AND e.state = 'confirmed' AND e.value > 0 AND e.bonus IS NOT NULL AND e.id < o.id"""
_PERSON = "(SELECT p.registered_by FROM events p WHERE p.operation_id = o.id ORDER BY p.id LIMIT 1) AS person"
_LEGS = "operations l INDEXED BY operations_by_return WHERE l.return_id = o.return_id AND l.return_id <> ''"
_OWN_PART = f"""SELECT o.id, o.order_id, o.created_at, o.kind, o.reason, o.lines, o.value, o.currency, o.customer_id,
    {_PERSON}, coalesce((SELECT nullif(json_group_array(DISTINCT l.connection), '[]') FROM {_LEGS}
    AND l.state = 'confirmed'), json_array(o.connection)) AS systems, s.value AS sold, s.bonus AS bonus
    FROM operations o INDEXED BY operations_by_kind LEFT JOIN operations s ON s.id = ({_SOLD})
    WHERE o.kind IN ('refund', 'cancel') AND o.state = 'confirmed' AND {_IN_PERIOD} AND o.id BETWEEN ? AND ?"""
# The first leg gives the columns that are not added up: SQLite takes them from the row with the smallest id.
_OTHER_PART = f"""SELECT min(o.id) AS id, o.order_id, o.created_at, o.kind, o.reason, o.lines, sum(o.value) AS value,
    o.currency, o.customer_id, {_PERSON}, json_group_array(DISTINCT o.connection) AS systems, 1 AS sold,
    '{{"points": 0, "cashback": 0}}' AS bonus
    FROM operations o INDEXED BY operations_by_kind
    WHERE o.kind = 'return' AND o.state = 'confirmed' AND {_IN_PERIOD} AND o.id BETWEEN ? AND ?
    AND NOT EXISTS (SELECT 1 FROM {_LEGS} AND l.kind IN ('refund', 'cancel') AND l.state = 'confirmed')
    GROUP BY o.return_id, o.currency"""
_DECIDED = """SELECT e.operation_id, e.at, e.from_state, e.to_state, e.note, e.approved_by, o.order_id, o.kind, o.value,
    o.currency, o.reason, (SELECT r.review_reason FROM events r WHERE r.operation_id = e.operation_id AND r.id < e.id
        AND r.review_reason IS NOT NULL ORDER BY r.id DESC LIMIT 1) AS review_reason
    FROM events e INDEXED BY decisions_by_time CROSS JOIN operations o ON o.id = e.operation_id
    WHERE (e.evidence = 'person' OR e.approved_by <> '') AND e.at >= ? AND e.at < ? ORDER BY e.at DESC, e.id DESC"""
_FAILED = "a.outcome IN ('not_sent', 'unknown')"
_UNSENT = f"""SELECT o.id, o.order_id, o.created_at, o.settled_at, o.kind, o.state, o.value, o.currency,
    (SELECT count(*) FROM attempts a WHERE a.operation_id = o.id AND {_FAILED}) AS failed,
    (SELECT a.failure_reason FROM attempts a WHERE a.operation_id = o.id AND {_FAILED} ORDER BY a.id DESC LIMIT 1)
        AS failure
    FROM operations o WHERE o.id IN (
        SELECT a.operation_id FROM attempts a INDEXED BY failed_attempts
        WHERE {_FAILED} AND a.started_at >= ?1 AND a.started_at < ?2
        UNION
        SELECT u.id FROM operations u INDEXED BY one_unfinished
        WHERE u.state IN ('queued', 'sending', 'unknown', 'review') AND u.created_at < ?2
        UNION
        SELECT w.id FROM operations w INDEXED BY slow_operations
        WHERE substr(w.settled_at, 1, 15) > substr(w.created_at, 1, 15) AND w.created_at < ?2 AND w.settled_at >= ?1)
    ORDER BY o.id DESC"""


@contextmanager
def reading(path: Path, progress: Progress) -> Iterator[sqlite3.Connection]:
    """One consistent view of a ledger file. Raises LedgerError, and WorkStopped after a stop."""
    try:
        with translate_errors(), closing(open_for_reading(path)) as db:
            db.row_factory = sqlite3.Row
            db.set_progress_handler(lambda: progress.is_stopped, _STOP_CHECK)
            db.execute("BEGIN")
            yield db
    except LedgerError as error:
        if progress.is_stopped:
            raise WorkStopped from error
        raise


def sales(db: sqlite3.Connection, since: datetime, until: datetime, progress: Progress) -> Iterator[SalesGroup]:
    """The confirmed sales of a period, in groups; without those that were registered as cancelled."""
    for bounds in _parts(db, since, until, progress):
        for row in db.execute(_SALES, bounds):
            yield _sales_group(row)


@rows_may_be_damaged()
def _sales_group(row: sqlite3.Row) -> SalesGroup:
    if row["broken"]:
        raise ValueError("a bonus is not valid JSON")
    at = datetime.fromisoformat(f"{row['hour']}:00+00:00") + row["quarter"] * timedelta(minutes=15)
    given = Bonus(stored_cents(row["points"]), stored_cents(row["cashback"]))
    return SalesGroup(at, stored_cents(row["n"]), stored_cents(row["value"]), given, stored_cents(row["untold"]))


def given_back(db: sqlite3.Connection, since: datetime, until: datetime, progress: Progress) -> Iterator[GivenBack]:
    """What was given back in a period, in the order of its parts: a return in several systems once per currency."""
    for bounds in _parts(db, since, until, progress):
        first, last = db.execute(
            f"SELECT min(o.id), max(o.id) FROM operations o INDEXED BY operations_by_time WHERE {_IN_PERIOD}", bounds
        ).fetchone()
        for statement in (_OWN_PART, _OTHER_PART):
            for row in db.execute(statement, (*bounds, first, last)) if first is not None else ():
                yield _given_back(row)


@rows_may_be_damaged()
def _given_back(row: sqlite3.Row) -> GivenBack:
    value = stored_cents(row["value"])
    earned = _earned(row)
    return GivenBack(
        int(row["id"]),
        stored_text(row["order_id"]),
        datetime.fromisoformat(row["created_at"]),
        Kind(row["kind"]),
        stored_text(row["person"] or ""),
        stored_text(row["reason"]),
        tuple(stored_text(line["title"]) for line in json.loads(row["lines"])),
        value,
        stored_text(row["currency"]),
        tuple(sorted(map(stored_text, json.loads(row["systems"])))),
        row["customer_id"],
        earned.share_of(value) if earned else None,
    )


def _earned(row: sqlite3.Row) -> Earned | None:
    if row["bonus"] is None:
        return None
    return earned_from({"value": row["sold"], "bonus": row["bonus"]})


def decided(db: sqlite3.Connection, since: datetime, until: datetime, progress: Progress) -> Iterator[Decided]:
    """What persons decided in a period, newest first."""
    progress.report(0, 0)
    for row in db.execute(_DECIDED, (to_timestamp(since), to_timestamp(until))):
        yield _decided(row)


@rows_may_be_damaged()
def _decided(row: sqlite3.Row) -> Decided:
    by_hand, person, reason = _by_hand(row)
    asked = row["review_reason"] if by_hand in {ByHand.DECIDED, ByHand.ACKNOWLEDGED} else None
    return Decided(
        int(row["operation_id"]),
        stored_text(row["order_id"]),
        datetime.fromisoformat(row["at"]),
        Kind(row["kind"]),
        by_hand,
        person,
        reason,
        ReviewReason(asked) if asked else None,
        State(row["to_state"]),
        stored_cents(row["value"]),
        stored_text(row["currency"]),
    )


def _by_hand(row: sqlite3.Row) -> tuple[ByHand, str, str]:
    """What was done, by whom, and the reason; a decision's note is `name: reason`."""
    before, after, note = row["from_state"], row["to_state"], stored_text(row["note"])
    if before is None:
        return ByHand.APPROVED, stored_text(row["approved_by"]), stored_text(row["reason"])
    if before == after:
        return ByHand.ACKNOWLEDGED, note, ""
    if after == State.WITHDRAWN:
        return ByHand.WITHDRAWN, note, ""
    person, _, reason = note.partition(": ")
    return ByHand.DECIDED, person, reason


def unsent(
    db: sqlite3.Connection, since: datetime, until: datetime, progress: Progress, now: datetime
) -> Iterator[Unsent]:
    """What did not go through at once in a period, newest first: an attempt failed, it was late, or it still waits."""
    progress.report(0, 0)
    for row in db.execute(_UNSENT, (to_timestamp(since), to_timestamp(until))):
        progress.report(0, 0)
        found = _unsent(db, row, now)
        if found.attempts or found.until is None or found.until - found.at > SLOW:
            yield found


@rows_may_be_damaged()
def _unsent(db: sqlite3.Connection, row: sqlite3.Row, now: datetime) -> Unsent:
    events = db.execute("SELECT at, to_state FROM events WHERE operation_id = ? ORDER BY id", (row["id"],))
    changes = [(datetime.fromisoformat(event["at"]), State(event["to_state"])) for event in events]
    settled = row["settled_at"]
    return Unsent(
        int(row["id"]),
        stored_text(row["order_id"]),
        datetime.fromisoformat(row["created_at"]),
        Kind(row["kind"]),
        State(row["state"]),
        stored_cents(row["value"]),
        stored_text(row["currency"]),
        datetime.fromisoformat(settled) if settled else None,
        delay_of(changes, now),
        int(row["failed"]),
        FailureReason(row["failure"]) if row["failure"] else None,
    )


def _parts(db: sqlite3.Connection, since: datetime, until: datetime, progress: Progress) -> Iterator[tuple[str, str]]:
    """The bounds of the parts of a period between the first and the last operation of the ledger."""
    first, last = db.execute(
        "SELECT (SELECT min(created_at) FROM operations), (SELECT max(created_at) FROM operations)"
    ).fetchone()
    if first is None:
        return
    with _readable_times():
        begin = max(since, datetime.fromisoformat(first)).astimezone(UTC)
        end = min(until, datetime.fromisoformat(last) + timedelta(milliseconds=1)).astimezone(UTC)
    count = max(0, -((begin - end) // _PART))
    for part in range(count):
        progress.report(part, count)
        start = begin + part * _PART
        yield to_timestamp(start), to_timestamp(min(start + _PART, end))


@contextmanager
def _readable_times() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError):
        raise RowDamaged("a time of an operation") from None
