"""The packaged program's size against a bare window packaged by the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Bench, Figure, Goal, NotMeasured, Result, Row

_MOST = 150.0
_MEGABYTE = 1_000_000


def rows(bench: Bench) -> Iterator[Result]:
    """The sizes of both folders."""
    if bench.package is None or bench.bare_package is None:
        yield NotMeasured("size", "packaged folder", "not built")
        return
    ours, bare = megabytes(bench.package), megabytes(bench.bare_package)
    against = Figure(
        "size",
        "packaged folder",
        "bytes of all files in it, against a bare window's folder built by the same rules",
        Goal(1.25),
        unit="MB",
    )
    yield Row.of(against, [ours], [bare])
    bound = Figure("size", "packaged folder, in all", f"the same against {_MOST:.0f} MB", Goal(1), unit="MB")
    yield Row.of(bound, [ours], [_MOST])


def megabytes(folder: Path) -> float:
    """The size of a folder's files without links."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / _MEGABYTE
