"""Compare the locked distributions with the snapshot of known vulnerabilities: `audit.py [--ignore ID]`.

It asks no network. It ends with status 1 for a vulnerable distribution, for one that the snapshot does not cover, and
for files that it cannot read. An old snapshot is named, but is no failure.
"""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from advisory_snapshot import SNAPSHOT, Advisory, Snapshot, read_snapshot
from locked import LOCK, locked_everywhere
from packaging.version import Version

MAX_AGE = 90
"""Days after which a snapshot is called old."""

Locked = tuple[str, Version]


@dataclass
class Findings:
    """`compared`: how many advisories were looked at. `uncovered`: locked, but not in the snapshot."""

    compared: int = 0
    hits: list[tuple[Locked, Advisory]] = field(default_factory=list)
    ignored: list[tuple[Locked, Advisory]] = field(default_factory=list)
    uncovered: list[Locked] = field(default_factory=list)


def judge(locked: Iterable[Locked], snapshot: Snapshot, ignore: Iterable[str] = ()) -> Findings:
    """Compare distributions with a snapshot. `ignore`: ids or aliases of advisories that do not count."""
    findings, ignore = Findings(), set(ignore)
    for name, version in locked:
        advisories = snapshot.packages.get(name)
        if advisories is None:
            findings.uncovered.append((name, version))
            continue
        findings.compared += len(advisories)
        for advisory in advisories:
            if advisory.affects(version):
                group = findings.ignored if ignore & {advisory.id, *advisory.aliases} else findings.hits
                group.append(((name, version), advisory))
    return findings


def age_of(snapshot: Snapshot, today: date) -> str:
    """The snapshot's date and age in words."""
    days = (today - snapshot.date).days
    return f"{snapshot.date} ({days} days old)" if days >= 0 else f"{snapshot.date} (after this computer's date)"


def _line(locked: Locked, advisory: Advisory) -> str:
    name, version = locked
    also = f" ({', '.join(advisory.aliases)})" if advisory.aliases else ""
    fixed = advisory.fixed_in(version)
    return f"{name} {version}: {advisory.id}{also}, {f'fixed in {fixed}' if fixed else 'no fixed version is known'}"


def main(given: list[str] | None = None, today: date | None = None) -> int:
    """Print the findings. Return the exit status."""
    parser = argparse.ArgumentParser(prog="audit.py", description=__doc__)
    parser.add_argument("--ignore", action="append", default=[], metavar="ID", help="an advisory that does not count")
    parser.add_argument("--snapshot", type=Path, default=SNAPSHOT, metavar="FILE")
    parser.add_argument("--lock", type=Path, default=LOCK, metavar="FILE")
    chosen = parser.parse_args(given)
    today = today or datetime.now(UTC).date()
    try:
        snapshot = read_snapshot(chosen.snapshot)
        locked = locked_everywhere(chosen.lock.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"audit: nothing was compared: {error}", file=sys.stderr)
        return 1
    findings = judge(locked, snapshot, chosen.ignore)
    print(f"audit: {len(locked)} distributions of {chosen.lock.name} compared with {findings.compared} advisories")
    print(f"audit: source {snapshot.source}, {age_of(snapshot, today)}")
    for hit in findings.ignored:
        print(f"audit: ignored: {_line(*hit)}")
    for hit in findings.hits:
        print(f"audit: VULNERABLE: {_line(*hit)}")
    for name, version in findings.uncovered:
        print(f"audit: NOT IN THE SNAPSHOT: {name} {version}; `make advisories` asks for it")
    if (today - snapshot.date).days > MAX_AGE:
        print(f"audit: the snapshot is older than {MAX_AGE} days; renew it with `make advisories` before a release")
    if not locked or findings.hits or findings.uncovered:
        return 1
    print(f"audit: no vulnerability known on {snapshot.date}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
