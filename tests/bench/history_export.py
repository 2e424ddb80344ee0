"""Export of a long history as CSV and XLSX: its speed against the bare libraries, and memory that does not grow."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from xlsxwriter import Workbook

from bonifiq_desktop.domain.progress import Progress
from bonifiq_desktop.ledger.database import open_for_reading
from bonifiq_desktop.services import export
from tests.bench.large_ledger import ledger_with
from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Row, Sample, compare, milliseconds

SIZES = {"csv": 1_000_000, "xlsx": 200_000}
_FLAT = Goal(1.1)
_STATUS = Path("/proc/self/statm")
_PAGE_BYTES = 4096
_SAME = """SELECT id, kind, system, return_id, order_id, cancel_key, value, state, evidence, evidence_id,
    (SELECT count(*) FROM attempts a WHERE a.operation_id = o.id), created_at, settled_at
    FROM operations o ORDER BY id DESC"""


def rows(bench: Bench) -> Iterator[Result]:
    """Speed and memory of both formats."""
    bare: dict[str, Callable[[Path, Path], None]] = {"csv": _bare_csv, "xlsx": _bare_xlsx}
    for ending, most in SIZES.items():
        size = 10_000 if bench.quick else most
        ledger, target = ledger_with(bench.folder, size), bench.folder / f"history.{ending}"
        memory = _Memory()
        what = "against the same columns written by the library alone, from a bare walk through the file"
        yield compare(
            Figure("history_export", f"{ending}, {size:,} operations", what),
            ours=_exported(ledger, target, memory),
            limit=milliseconds(partial(bare[ending], ledger, target)),
            rounds=1,
            warm_up=0,
        )
        yield memory.result(f"memory of {ending}, {size:,} operations")
        target.unlink()


class _Memory:
    """The most memory in use during the first half of an export, and during the second one; in megabytes."""

    def __init__(self) -> None:
        self._halves = [0.0, 0.0]

    def see(self, done: int, total: int) -> None:
        """Take a sample: a total of 0 is the end, where the workbook is packed."""
        half = int(total == 0 or done * 2 >= total)
        if _STATUS.exists():
            used = int(_STATUS.read_text(encoding="ascii").split()[1]) * _PAGE_BYTES / 2**20
            self._halves[half] = max(self._halves[half], used)

    def result(self, name: str) -> Result:
        """The figure."""
        first, second = self._halves
        if not first or not second:
            return NotMeasured("history_export", name, "this system does not tell, or it was over too soon")
        what = "the most in use during the second half, against the first half"
        return Row.of(Figure("history_export", name, what, _FLAT, "MB"), [second], [first])


def _exported(ledger: Path, target: Path, memory: _Memory) -> Sample:
    def save() -> None:
        export.save(ledger, target, data_folder=ledger.parent, progress=Progress(memory.see))

    return milliseconds(save)


def _bare_csv(ledger: Path, target: Path) -> None:
    with closing(open_for_reading(ledger)) as db, target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(db.execute(_SAME))


def _bare_xlsx(ledger: Path, target: Path) -> None:
    with closing(open_for_reading(ledger)) as db:
        book = Workbook(str(target), {"constant_memory": True, "tmpdir": str(target.parent)})
        sheet = book.add_worksheet()
        for line, row in enumerate(_walk(db)):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                else:
                    sheet.write_number(line, column, value or 0)
        book.close()


def _walk(db: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    yield from db.execute(_SAME)
