"""The oracle's books: what the closed days of a ledger say, compared with what the service applied.

Read with SQL of its own from the records in the file and from the service's changes, never by the program's totals.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.support.oracle import Observation, OperationRow, Violation, _matches, read_rows

WRONG_TOTALS = "wrong totals"
_GROUPS = (("refunds", "refunds_by_reason"), ("refunds", "refunds_by_person"), ("sales", "sales_by_person"))
_SUMS = {"sale": "sales", "refund": "refunds", "cancel": "cancellations"}


def check_books(evidence: Observation) -> list[Violation]:
    """Compare the closed days of each till with the changes of the service that belong to its operations."""
    found = []
    for name, path in evidence.ledgers.items():
        rows = [row for row in read_rows(name, path) if row.state == "confirmed"]
        records = read_records(path)
        for kind, field in _SUMS.items():
            mine = [row for row in rows if row.kind == kind]
            told = sum(_cents_of(row, evidence) for row in mine)
            closed = (sum(each["totals"][field]["count"] for each in records), _value(records, field))
            if closed != (len(mine), told):
                found.append(Violation(WRONG_TOTALS, f"{name}: {field} {closed}, the service {(len(mine), told)}"))
        for whole, parts in (
            ("refunds", "refunds_by_reason"),
            ("refunds", "refunds_by_person"),
            ("sales", "sales_by_person"),
        ):
            summed = sum(part["sum"]["value"] for each in records for part in each["totals"][parts])
            if summed != _value(records, whole):
                found.append(Violation(WRONG_TOTALS, f"{name}: {parts} add up to {summed}"))
        found += _check_coverage(name, path, records)
    return found


def read_records(path: Path) -> list[dict[str, Any]]:
    """The records of the closed days of a ledger file."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [json.loads(record) for (record,) in db.execute("SELECT record FROM closed_days ORDER BY number")]


def _value(records: Iterable[dict[str, Any]], field: str) -> int:
    return sum(each["totals"][field]["value"] for each in records)


def _cents_of(row: OperationRow, evidence: Observation) -> int:
    """What the service applied for an operation. A whole cancel gives back what was left; its order's total counts."""
    entries = [entry for entry in evidence.service.applied if _matches(row, entry)]
    if row.kind == "refund":
        entries = [entry for entry in entries if entry.key == row.key]
    return row.value if row.kind == "cancel" else entries[-1].cents if entries else 0


def _check_coverage(name: str, path: Path, records: list[dict[str, Any]]) -> list[Violation]:
    """Each operation was in one closed day, by its time between the bounds that the records have."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        times = [at for (at,) in db.execute("SELECT created_at FROM operations")]
        periods = db.execute("SELECT since, until FROM closed_days").fetchall()
    homes = Counter(sum(since <= at < until for since, until in periods) for at in times)
    counted = sum(each["operations"] for each in records)
    if homes - Counter({1: len(times)}) or counted != len(times):
        return [Violation(WRONG_TOTALS, f"{name}: {counted} of {len(times)} operations closed, in days: {dict(homes)}")]
    return []
