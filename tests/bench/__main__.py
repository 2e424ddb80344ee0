"""`make bench`: the program's speed and size against limits. Prints a table and writes JSON.

A goal that is missed is named, and nothing more: it depends on the machine, and is no test's business.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import Bench, NotMeasured, Result
from tests.bench.report import as_data, machine, missed, table, write
from tests.bench.sections import SECTIONS, run_in_process

OUT = Path("out")


def main(argv: Sequence[str]) -> int:
    """Run the sections. Return 1 if one of them failed."""
    given = _parser().parse_args(argv)
    bench = Bench(given.folder.absolute(), given.quick, _built(given.package), _built(given.bare_package))
    bench.folder.mkdir(parents=True, exist_ok=True)
    facts = machine(bench.folder)
    results: list[Result] = []
    broken = False
    for section in given.only or SECTIONS:
        _say(f"{section} …")
        try:
            results += run_in_process(section, bench)
        except Exception as error:
            sys.stderr.write(f"{error}\n")
            results.append(NotMeasured(section, "everything", "it broke"))
            broken = True
    data = as_data(results, facts)
    write(given.out, data)
    _say("\n" + table(results))
    _say("\nOn " + ", ".join(f"{name} {value}" for name, value in facts.items()))
    _say("".join(f"\nGoal missed: {line}" for line in missed(results)) or "\nEvery goal that was measured is met.")
    return int(broken)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="few rounds, small sizes: only to see that it runs")
    parser.add_argument("--out", type=Path, default=OUT / "bench.json", metavar="FILE")
    parser.add_argument("--folder", type=Path, default=OUT / "bench", metavar="DIR", help="for files; on a real disk")
    parser.add_argument("--package", type=Path, default=Path("dist/bonifiq-desktop"), metavar="DIR")
    parser.add_argument("--bare-package", type=Path, default=Path("dist/bare"), metavar="DIR")
    return parser


def _built(folder: Path) -> Path | None:
    return folder.absolute() if folder.is_dir() else None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
