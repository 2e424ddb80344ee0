"""A day of the whole shop: the sums of each till, and how old the knowledge of the others is."""

import sqlite3
from contextlib import suppress

from bonifiq_desktop.domain.day_close import DayReport, TillDay
from bonifiq_desktop.domain.day_totals import day_totals, open_operations
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.closed_days import Period
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.row_mapping import SHOP_OPERATION_COLUMNS, operation_from, to_timestamp
from bonifiq_desktop.ledger.shop_mirror import read_known_tills


def shop_day(db: sqlite3.Connection, period: Period, own: DayReport) -> tuple[TillDay, ...]:
    """A day of every till of the shop, this one first; empty where no other till is known."""
    heard = {known.till: known for known in read_known_tills(db.execute)}
    found: dict[str, list[Operation]] = {till: [] for till in sorted(heard)}
    for operation in _operations(db, period):
        found.setdefault(operation.till, []).append(operation)
    if not found:
        return ()
    others = (_till_day(till, operations) for till, operations in found.items())
    return (_own_day(own), *(each.heard(heard.get(each.till)) for each in others))


def _operations(db: sqlite3.Connection, period: Period) -> list[Operation]:
    """The readable operations of other tills in a period of this one, each by the clock of its till."""
    rows = db.execute(
        f"""SELECT {SHOP_OPERATION_COLUMNS} FROM shop_operations o INDEXED BY shop_operations_by_time
            WHERE o.created_at >= ? AND o.created_at < ?""",
        (to_timestamp(period.since), to_timestamp(period.until)),
    )
    operations = []
    for row in rows:
        with suppress(RowDamaged):
            operations.append(operation_from(row))
    return operations


def _till_day(till: str, operations: list[Operation]) -> TillDay:
    totals = day_totals(operations, lambda _operation: None)
    return TillDay.of(till, totals, len(operations), len(open_operations(operations)))


def _own_day(report: DayReport) -> TillDay:
    return TillDay.of("", report.totals, report.operations, report.undecided)
