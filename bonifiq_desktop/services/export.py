"""The history for other programs: JSON, and CSV that a Brazilian spreadsheet opens as it is."""

import codecs
import csv
import json
import unicodedata
from collections.abc import Iterable
from textwrap import indent
from typing import Any, TextIO

from bonifiq_desktop.domain.money import format_plain, to_wire
from bonifiq_desktop.domain.operations import Operation

COLUMNS = (
    "id",
    "kind",
    "order_id",
    "cancel_key",
    "value",
    "state",
    "evidence",
    "attempts",
    "created_at",
    "settled_at",
)
_FORMULA_STARTS = "=+-@"


def row(operation: Operation) -> dict[str, Any]:
    """An operation by the names of COLUMNS, its value a decimal string in reais."""
    return {
        "id": operation.operation_id,
        "kind": operation.kind.value,
        "order_id": operation.order_id,
        "cancel_key": operation.cancel_key,
        "value": str(to_wire(operation.value)),
        "state": operation.state.value,
        "evidence": operation.evidence.value if operation.evidence else None,
        "attempts": operation.attempts,
        "created_at": operation.created_at.isoformat(timespec="milliseconds"),
        "settled_at": operation.settled_at.isoformat(timespec="milliseconds") if operation.settled_at else None,
    }


def write_json(operations: Iterable[Operation], out: TextIO) -> int:
    """Write a JSON array, one object per operation, values as decimal strings in reais. Returns how many.

    Into anything but Unicode, JSON's own escapes stand for what is not ASCII: every reader gets the same texts.
    """
    count, escaped = 0, not _is_unicode(out.encoding)
    for operation in operations:
        out.write(",\n" if count else "[\n")
        out.write(indent(json.dumps(row(operation), ensure_ascii=escaped, indent=1), " "))
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def _is_unicode(encoding: str | None) -> bool:
    return encoding is None or codecs.lookup(encoding).name.startswith("utf")


def write_csv(operations: Iterable[Operation], out: TextIO) -> int:
    """Write CSV with `;` and Brazilian values (`25,90`). Returns how many operations.

    Texts that a spreadsheet would run as a formula are made plain text.
    """
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for operation in operations:
        told = row(operation) | {"value": format_plain(operation.value)}
        writer.writerow([_plain_text(told[name]) for name in COLUMNS])
        count += 1
    return count


def _plain_text(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    # Spreadsheets skip blanks before a formula, and take the wide and the small forms of its sign for it.
    first = unicodedata.normalize("NFKC", value[0])
    return f"'{value}" if value[0].isspace() or first in _FORMULA_STARTS else value
