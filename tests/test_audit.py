"""The audit of locked distributions against the snapshot of known vulnerabilities."""

import json
import socket
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from tests.support.build_tools import ECOSYSTEM, PACKAGING, REPOSITORY, build_tool

AUDIT, SNAPSHOTS, LOCKED = build_tool("audit"), build_tool("advisory_snapshot"), build_tool("locked")
DAY = date(2026, 3, 1)
ZERO_TO_TWO = [{"introduced": "0"}, {"fixed": "2.0"}]

releases = st.lists(st.integers(0, 30), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
suffixes = st.sampled_from(["", "a1", "b2", "rc1", ".dev3", ".post1", "rc1.dev2", "+shop.1"])
versions = st.builds(lambda release, suffix: Version(release + suffix), releases, suffixes)


def advisory(*ranges: list[dict[str, str]], **facts: Any) -> Any:
    return SNAPSHOTS.Advisory.model_validate({"id": "TEST-1", "ranges": list(ranges), **facts})


def lock_of(folder: Path, *entries: str) -> Path:
    """A lock file with these entries."""
    file = folder / "requirements.lock"
    file.write_text("".join(f"{entry} \\\n    --hash=sha256:{'0' * 64}\n" for entry in entries), encoding="utf-8")
    return file


def snapshot_of(folder: Path, packages: dict[str, list[dict[str, Any]]], day: date = DAY) -> Path:
    """A snapshot file with these advisories."""
    file = folder / "advisories.json"
    content = {"source": "a test", "ecosystem": ECOSYSTEM, "date": day.isoformat(), "packages": packages}
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def audit(snapshot: Path, lock: Path, *options: str, today: date = DAY) -> int:
    return int(AUDIT.main(["--snapshot", str(snapshot), "--lock", str(lock), *options], today=today))


# --- which versions an advisory affects


@pytest.mark.parametrize(
    ("events", "version", "affected"),
    [
        (ZERO_TO_TWO, "0", True),
        (ZERO_TO_TWO, "0.dev1", True),  # before 0, and "0" means before every version
        (ZERO_TO_TWO, "1.9.9", True),
        (ZERO_TO_TWO, "2.0", False),
        (ZERO_TO_TWO, "2.0rc1", True),
        (ZERO_TO_TWO, "2.0.dev5", True),
        (ZERO_TO_TWO, "2.0.post1", False),
        (ZERO_TO_TWO, "10.0", False),  # no comparison of texts
        (ZERO_TO_TWO, "1!1.0", False),
        ([{"introduced": "1.5"}, {"fixed": "2.0"}], "1.5rc1", False),
        ([{"introduced": "1.5"}, {"fixed": "2.0"}], "1.5", True),
        ([{"introduced": "1.5b1"}, {"fixed": "2.0"}], "1.5rc1", True),
        ([{"introduced": "0"}], "99", True),
        ([{"introduced": "0"}, {"last_affected": "3.0"}], "3.0", True),
        ([{"introduced": "0"}, {"last_affected": "3.0"}], "3.0.1", False),
        ([{"introduced": "0"}, {"last_affected": "3.0"}], "3.0.0", True),
        ([{"introduced": "0"}, {"last_affected": "3.0"}], "3.0+shop.1", True),
        ([{"introduced": "3.0"}, {"last_affected": "3.0"}], "3.0", True),
        ([{"introduced": "3.0"}, {"last_affected": "3.0"}], "2.9", False),
    ],
)
def test_version_is_affected_within_its_range(events: list[dict[str, str]], version: str, *, affected: bool) -> None:
    assert advisory(events).affects(Version(version)) is affected


@pytest.mark.parametrize("version", ["1.6.1", "1.7", "1.7.3", "1.8", "1.8.1"])
def test_several_windows_of_one_range_are_read_in_the_order_of_versions(version: str) -> None:
    windows = (("1.8", "1.8.2"), ("1.7", "1.7.4"), ("0", "1.6.2"))
    events = [event for begin, end in windows for event in ({"introduced": begin}, {"fixed": end})]
    assert advisory(events).affects(Version(version))
    assert not any(advisory(events).affects(Version(fixed)) for fixed in ("1.6.2", "1.6.9", "1.7.4", "1.8.2", "2.0"))


def test_version_that_fixes_and_introduces_again_is_affected() -> None:
    events = [{"introduced": "1"}, {"fixed": "2"}, {"introduced": "2"}, {"fixed": "3"}]
    assert advisory(events).affects(Version("2"))


@pytest.mark.parametrize("events", [[{"introduced": "first"}], [{"introduced": "0"}, {"fixed": "r42"}]])
def test_bound_that_is_no_version_affects_too_many_versions(events: list[dict[str, str]]) -> None:
    assert advisory(events).affects(Version("7.1"))


def test_listed_version_is_affected_in_every_spelling() -> None:
    listed = advisory(versions=["1.0", "2.0-rc1", "not a version"])
    assert all(listed.affects(Version(text)) for text in ("1.0", "1", "1.0.0", "2.0rc1", "1.0+shop"))
    assert not any(listed.affects(Version(text)) for text in ("1.0.1", "2.0", "1.0rc1"))


def test_advisory_without_versions_affects_all_of_them() -> None:
    assert advisory().affects(Version("1.0"))


@pytest.mark.parametrize(
    ("version", "fixed"), [("0.5", "1.6.2"), ("1.7.1", "1.7.4"), ("1.8", "1.8.2"), ("5.0", None), ("1.8+shop", "1.8.2")]
)
def test_fixed_version_is_the_next_one_with_the_fix(version: str, fixed: str | None) -> None:
    windows = (("0", "1.6.2"), ("1.7", "1.7.4"), ("1.8", "1.8.2"))
    events = [event for begin, end in windows for event in ({"introduced": begin}, {"fixed": end})]
    found = advisory(events, [{"introduced": "5.0"}]).fixed_in(Version(version))
    assert found == (fixed and Version(fixed))


def test_fix_of_a_range_without_the_version_is_not_its_fix() -> None:
    found = advisory([{"introduced": "0"}, {"fixed": "3.0"}], [{"introduced": "2.0"}, {"fixed": "2.5"}])
    assert found.fixed_in(Version("1.0")) == Version("3.0")


@given(version=versions, bounds=st.lists(releases.map(Version), min_size=1, max_size=6), shuffled=st.randoms())
def test_shuffled_events_give_the_same_answer_as_their_windows(
    version: Version, bounds: list[Version], shuffled: Any
) -> None:
    edges = sorted(set(bounds))
    events = [{("introduced", "fixed")[place % 2]: str(edge)} for place, edge in enumerate(edges)]
    windows = list(pairwise([*edges, None]))[::2]
    public = Version(version.public)
    expected = any(begin <= public and (end is None or public < end) for begin, end in windows if begin is not None)
    shuffled.shuffle(events)
    assert advisory(events).affects(version) is expected


@given(version=versions, fixed=versions)
def test_fixed_version_of_an_affected_one_is_higher_and_not_affected(version: Version, fixed: Version) -> None:
    found = advisory([{"introduced": "0"}, {"fixed": fixed.public}])
    assert found.affects(version) is (Version(version.public) < Version(fixed.public))
    if found.affects(version):
        assert found.fixed_in(version) == Version(fixed.public)
        assert not found.affects(found.fixed_in(version))


# --- the command


def test_vulnerable_distribution_fails_with_ids_and_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"id": "TEST-1", "aliases": ["CVE-1", "GHSA-1"], "ranges": [ZERO_TO_TWO]}
    snapshot = snapshot_of(tmp_path, {"some-thing": [facts, {"id": "TEST-2", "versions": ["1.1"]}], "other": []})
    lock = lock_of(tmp_path, "Some.Thing==1.1 ; sys_platform == 'nowhere'", "other==3")
    assert audit(snapshot, lock) == 1
    said = capsys.readouterr().out
    assert "2 distributions of requirements.lock compared with 2 advisories" in said
    assert "VULNERABLE: some-thing 1.1: TEST-1 (CVE-1, GHSA-1), fixed in 2.0" in said
    assert "VULNERABLE: some-thing 1.1: TEST-2, no fixed version is known" in said
    assert "no vulnerability" not in said


def test_fixed_distribution_passes_with_source_and_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    snapshot = snapshot_of(tmp_path, {"thing": [{"id": "TEST-1", "ranges": [ZERO_TO_TWO]}]})
    assert audit(snapshot, lock_of(tmp_path, "thing==2.0"), today=DAY + timedelta(days=90)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "audit: 1 distributions of requirements.lock compared with 1 advisories",
        "audit: source a test, 2026-03-01 (90 days old)",
        "audit: no vulnerability known on 2026-03-01",
    ]


def test_uncovered_distribution_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(snapshot_of(tmp_path, {"thing": []}), lock_of(tmp_path, "thing==1", "new-thing==4.2")) == 1
    assert "NOT IN THE SNAPSHOT: new-thing 4.2" in capsys.readouterr().out


@pytest.mark.parametrize("named", ["TEST-1", "CVE-1"])
def test_ignored_advisory_passes_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], named: str) -> None:
    snapshot = snapshot_of(tmp_path, {"thing": [{"id": "TEST-1", "aliases": ["CVE-1"], "ranges": [ZERO_TO_TWO]}]})
    lock = lock_of(tmp_path, "thing==1.0")
    assert audit(snapshot, lock, "--ignore", named) == 0
    assert "ignored: thing 1.0: TEST-1 (CVE-1)" in capsys.readouterr().out
    assert audit(snapshot, lock, "--ignore", "CVE-2") == 1


@pytest.mark.parametrize(("days", "old"), [(90, False), (91, True), (870, True)])
def test_old_snapshot_is_named_and_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], days: int, *, old: bool
) -> None:
    assert audit(snapshot_of(tmp_path, {"thing": []}), lock_of(tmp_path, "thing==1"), today=DAY + timedelta(days)) == 0
    said = capsys.readouterr().out
    assert f"({days} days old)" in said
    assert ("older than 90 days" in said) is old


def test_snapshot_from_the_future_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(snapshot_of(tmp_path, {"thing": []}), lock_of(tmp_path, "thing==1"), today=DAY - timedelta(1)) == 0
    assert "after this computer's date" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{}", b"[]", b'{"vulns": []}', b"\xff", b"version https://"),
        b'{"source": "s", "ecosystem": "e", "date": "2026-01-01", "packages": {"a": [{"id": "X", "range": []}]}}',
        b'{"source": "s", "ecosystem": "e", "date": "2026-01-01", "packages": {"a": [{"id": "X", "ranges": [[{}]]}]}}',
        b'{"source": "s", "ecosystem": "e", "date": "no day", "packages": {}}',
    ],
)
def test_unreadable_snapshot_fails_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    snapshot = tmp_path / "advisories.json"
    snapshot.write_bytes(content)
    assert audit(snapshot, lock_of(tmp_path, "thing==1")) == 1
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert said.err.startswith("audit: nothing was compared: advisories.json is no snapshot")


@pytest.mark.parametrize("entries", [(), ("thing>=1",), ("thing==1.*",), ("thing @ https://thing.example/thing.whl",)])
def test_lock_without_pinned_versions_fails(tmp_path: Path, entries: tuple[str, ...]) -> None:
    assert audit(snapshot_of(tmp_path, {"thing": []}), lock_of(tmp_path, *entries)) == 1


def test_missing_files_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(tmp_path / "none.json", lock_of(tmp_path, "thing==1")) == 1
    assert audit(snapshot_of(tmp_path, {"thing": []}), tmp_path / "none.lock") == 1
    assert capsys.readouterr().out == ""


# --- this repository


def test_locked_distributions_are_covered_and_have_no_known_vulnerability() -> None:
    snapshot = SNAPSHOTS.read_snapshot(SNAPSHOTS.SNAPSHOT)
    locked = LOCKED.locked_everywhere(LOCKED.LOCK.read_text(encoding="utf-8"))
    findings = AUDIT.judge(locked, snapshot)
    assert (findings.uncovered, findings.hits) == ([], [])
    assert findings.compared > 0
    assert {name for name, _version in locked} >= {"httpx", "pywin32-ctypes", "jeepney"}  # those of every system
    assert snapshot.ecosystem == ECOSYSTEM


def test_snapshot_names_an_old_version_of_each_package_with_advisories() -> None:
    packages = SNAPSHOTS.read_snapshot(SNAPSHOTS.SNAPSHOT).packages
    for name, advisories in packages.items():
        for one in advisories:
            begins = [event["introduced"] for events in one.ranges for event in events if "introduced" in event]
            assert any(one.affects(Version(begin)) for begin in [*begins, *one.versions]), (name, one.id)


def test_snapshot_is_written_as_it_would_be_renewed(tmp_path: Path) -> None:
    copy = tmp_path / "copy.json"
    SNAPSHOTS.write_snapshot(copy, SNAPSHOTS.read_snapshot(SNAPSHOTS.SNAPSHOT))
    assert copy.read_bytes() == SNAPSHOTS.SNAPSHOT.read_bytes()


def test_command_compares_the_repository_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("the audit opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert AUDIT.main([]) == 0
    loaded = "import sys; sys.argv = ['audit.py']; import audit; audit.main([]); print('httpx' in sys.modules)"
    command = [sys.executable, "-B", "-c", loaded]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PACKAGING)
    assert done.stdout.splitlines()[-1] == "False"


def test_make_audit_runs_the_audit_and_names_no_service() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    [recipe] = [part for part in makefile.split("\n\n") if part.startswith("audit:")]
    assert recipe.splitlines()[1].split() == ["$(BIN)/python", "-B", "packaging/audit.py", "$(AUDIT)"]
