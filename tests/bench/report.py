"""The results as a table and as JSON, with the machine."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import PySide6

from bonifiq_desktop import __version__
from tests.bench.measure import NotMeasured, Result, Row

HEADINGS = ("", "ours", "limit", "unit", "ratio", "quartiles", "goal", "", "noise", "rounds")


def table(results: Sequence[Result]) -> str:
    """One aligned line per figure, then the descriptions and the figures that were not measured."""
    rows = [result for result in results if isinstance(result, Row)]
    lines = [HEADINGS, *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = ["  ".join(map(_justified, line, widths, range(len(line)))).rstrip() for line in lines]
    return "\n".join([*aligned, "", *_words(rows), *_not_measured(results)])


def missed(results: Sequence[Result]) -> list[str]:
    """A sentence for each missed goal."""
    rows = (result for result in results if isinstance(result, Row) and result.met is False)
    return [f"{_name(row)}: {row.ratio.middle:.3g}, goal {row.figure.goal}" for row in rows]


def as_data(results: Sequence[Result], machine: dict[str, Any]) -> dict[str, Any]:
    """All results for the JSON file."""
    return {
        "machine": machine,
        "rows": [_flat(result) for result in results if isinstance(result, Row)],
        "not_measured": [asdict(result) for result in results if isinstance(result, NotMeasured)],
        "missed": missed(results),
    }


def _flat(row: Row) -> dict[str, Any]:
    data = asdict(row)
    return {**data.pop("figure"), **data, "met": row.met}


def write(file: Path, data: dict[str, Any]) -> None:
    """Write the JSON file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def machine(folder: Path) -> dict[str, Any]:
    """The machine's processor, system and versions."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": __version__,
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "file_system": file_system(folder),
        "python": platform.python_version(),
        "qt": PySide6.__version__,
        "sqlite": sqlite3.sqlite_version,
    }


def file_system(folder: Path) -> str:
    """The type of a folder's file system."""
    mounts = [line.split(" ")[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    above = [(len(place), kind) for place, kind in mounts if folder.resolve().is_relative_to(place)]
    return max(above)[1] if above else "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _name(row: Row) -> str:
    return f"{row.figure.section}: {row.figure.name}"


def _cells(row: Row) -> tuple[str, ...]:
    noise = f"{row.noise.lower:.2f}–{row.noise.upper:.2f}" if row.noise.number > 1 else ""
    return (
        _name(row),
        f"{row.ours.middle:.3g}",
        f"{row.limit.middle:.3g}",
        row.figure.unit,
        f"{row.ratio.middle:.3g}",
        f"{row.ratio.lower:.3g}–{row.ratio.upper:.3g}",
        str(row.figure.goal or ""),
        {None: "", True: "met", False: "MISSED"}[row.met],
        noise,
        str(row.ratio.number),
    )


def _justified(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column in {1, 2, 4, 9} else cell.ljust(width)


def _words(rows: Sequence[Row]) -> Iterator[str]:
    yield "Medians of pairs taken turn about; noise: the limit from one round to the next, quartiles. What it was:"
    yield from (f"  {_name(row)}: {row.figure.what}" for row in rows)


def _not_measured(results: Sequence[Result]) -> Iterator[str]:
    for result in results:
        if isinstance(result, NotMeasured):
            yield f"  {result.section}: {result.name}: not measured: {result.why}"
