"""The bench measures and reports correctly. No test depends on speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import thread_time
from typing import Any

import pytest

from tests.bench.__main__ import main
from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Row, compare, measure_pairs, milliseconds
from tests.bench.report import as_data, missed, table
from tests.bench.sections import SECTIONS, run_in_process
from tests.support.postgres import require_postgres


def worker(milliseconds_of_work: float) -> Callable[[], None]:
    """A worker that uses so many milliseconds of this thread's CPU time."""

    def work() -> None:
        end = thread_time() + milliseconds_of_work / 1000
        while thread_time() < end:
            pass

    return work


def folder_of(path: Path, size: int) -> Path:
    """A folder like a built program of this size."""
    path.mkdir()
    (path / "program").write_bytes(b"\0" * size)
    return path


def size_figures(tmp_path: Path, ours: int, bare: int) -> tuple[int, dict[str, Any]]:
    """`--only size` of two folders: exit status, and the JSON."""
    out = tmp_path / "bench.json"
    built = [
        "--package",
        str(folder_of(tmp_path / "ours", ours)),
        "--bare-package",
        str(folder_of(tmp_path / "b", bare)),
    ]
    status = main(["--only", "size", "--out", str(out), "--folder", str(tmp_path / "work"), *built])
    data: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return status, data


def test_slower_program_has_the_larger_ratio() -> None:
    same, twice = (
        compare(Figure("s", "n", "w"), ours=milliseconds(worker(ours)), limit=milliseconds(worker(2)), rounds=30)
        for ours in (2, 4)
    )
    assert same.ratio.middle < twice.ratio.middle
    assert twice.ratio.middle > 1.3


def test_measurements_alternate_and_the_warm_up_is_dropped() -> None:
    order: list[str] = []

    def noting(name: str) -> Callable[[], float]:
        def sample() -> float:
            order.append(name)
            return float(len(order))

        return sample

    pairs = measure_pairs(noting("a"), noting("b"), rounds=3, warm_up=1)
    assert "".join(order) == "abbaabba"
    assert pairs == ([4.0, 5.0, 8.0], [3.0, 6.0, 7.0])


def test_row_holds_medians_quartiles_and_noise() -> None:
    row = Row.of(Figure("s", "n", "w", Goal(2)), [2.0, 6.0, 4.0], [1.0, 2.0, 4.0])
    assert (row.ours.middle, row.limit.middle, row.ratio.middle) == (4.0, 2.0, 2.0)
    assert (row.ratio.least, row.ratio.lower, row.ratio.upper, row.ratio.most) == (1.0, 1.5, 2.5, 3.0)
    assert (row.noise.middle, row.noise.number) == (2.0, 2)


@pytest.mark.parametrize(
    ("goal", "ratio", "met"),
    [
        (Goal(2), 2.0, True),
        (Goal(2), 2.01, False),
        (Goal(0.8, at_least=True), 0.8, True),
        (Goal(0.8, at_least=True), 0.79, False),
    ],
)
def test_goal_is_met_up_to_its_bound_and_a_missed_one_is_reported(goal: Goal, ratio: float, met: bool) -> None:
    row = Row.of(Figure("lookups", "through the worker", "what it is", goal), [ratio], [1.0])
    assert row.met is met
    assert ("MISSED" in table([row])) is not met
    assert [line.startswith("lookups: through the worker") for line in missed([row])] == [True] * (not met)
    assert as_data([row], {})["missed"] == missed([row])


def test_row_without_goal_is_neither_met_nor_missed() -> None:
    row = Row.of(Figure("s", "n", "w"), [9.0], [1.0])
    assert (row.met, missed([row])) == (None, [])


def test_table_and_json_hold_the_same_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, data = size_figures(tmp_path, ours=3_000_000, bare=2_000_000)
    said = capsys.readouterr().out
    assert status == 0, "a goal that is missed is no failure"
    assert [(row["ours"]["middle"], row["limit"]["middle"], row["met"]) for row in data["rows"]] == [
        (3.0, 2.0, False),
        (3.0, 150.0, True),
    ]
    for row in data["rows"]:
        line = next(line for line in said.splitlines() if line.startswith(f"{row['section']}: {row['name']}  "))
        cells = line.removeprefix(f"{row['section']}: {row['name']}").split()
        figures = (row["ours"]["middle"], row["limit"]["middle"], row["unit"], row["ratio"]["middle"])
        assert cells[:4] == [each if isinstance(each, str) else f"{each:.3g}" for each in figures]
        assert ("MISSED" in cells) is not row["met"]
        assert row["what"] in said
    assert data["missed"] == ["size: packaged folder: 1.5, goal ≤ 1.25"]
    assert f"Goal missed: {data['missed'][0]}" in said
    assert data["machine"]["cores"] == os.cpu_count()
    assert {"python", "qt", "sqlite", "processor", "file_system", "date"} <= set(data["machine"])


def test_missing_build_is_reported_as_not_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.json"
    nowhere = str(tmp_path / "nowhere")
    given = ["--package", nowhere, "--bare-package", nowhere, "--folder", str(tmp_path / "work"), "--out", str(out)]
    assert main(["--only", "size", *given]) == 0
    assert "not measured: not built" in capsys.readouterr().out
    data = json.loads(out.read_text(encoding="utf-8"))
    assert (data["rows"], [each["why"] for each in data["not_measured"]]) == ([], ["not built"])


def test_unknown_section_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.bench", "--only", "everything"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert all(section in done.stderr for section in ("everything", "ledger", "outbox"))


def test_failing_section_reports_its_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nowhere"):
        run_in_process("nowhere", Bench(tmp_path))


@pytest.mark.parametrize("section", ["ledger", "outbox", "history_growth", "history_chips"])
def test_section_measures_the_real_program(section: str, tmp_path: Path) -> None:
    results = run_in_process(section, Bench(tmp_path, quick=True))
    assert results
    for row in results:
        assert not isinstance(row, NotMeasured)
        assert row.figure.section == section
        assert section in SECTIONS
        assert min(row.ours.least, row.limit.least) > 0
        assert row.ratio.number >= 3


def test_export_is_measured_with_its_memory(tmp_path: Path) -> None:
    results = run_in_process("history_export", Bench(tmp_path, quick=True))
    assert [row.figure.name for row in results if isinstance(row, Row)] == [
        "csv, 10,000 operations",
        "memory of csv, 10,000 operations",
        "xlsx, 10,000 operations",
        "memory of xlsx, 10,000 operations",
    ]


def test_shop_database_is_measured_against_bare_statements(tmp_path: Path) -> None:
    require_postgres()
    results = run_in_process("shop_database", Bench(tmp_path, quick=True))
    assert all(isinstance(row, Row) for row in results)
    named = [row.figure.name for row in results if isinstance(row, Row)]
    for step in ("push a change", "claim an order", "pull 100 changes", "lag of a change"):
        assert f"{step}, 1 % of a year / bare" in named
        assert f"{step}, 10 % / 1 % of a year" in named
