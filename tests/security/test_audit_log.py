"""The audit trail shows every hand in it."""

import errno
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bonifiq_desktop.security.audit_log import AuditLog, AuditLogBroken, ChainHead, verify_audit_log
from tests.support.rights import is_private

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _trail(folder: Path, lines: int = 3) -> AuditLog:
    trail = AuditLog(folder, lambda: NOON)
    for number in range(lines):
        trail.append("cancel_order", {"order": f"100{number}"}, outcome="allowed", user="Bia", approved_by="Ana")
    return trail


def _lines(folder: Path) -> list[bytes]:
    return (folder / "audit.jsonl").read_bytes().splitlines(keepends=True)


def test_audit_line_holds_user_action_time_and_approver(tmp_path: Path) -> None:
    _trail(tmp_path, 1)
    line = json.loads(_lines(tmp_path)[0])
    assert line.pop("chain")
    assert line == {
        "n": 1,
        "at": "2026-11-21T12:00:00.000+00:00",
        "did": "cancel_order",
        "outcome": "allowed",
        "who": "Bia",
        "approved_by": "Ana",
        "order": "1000",
    }


def test_audit_log_continues_after_a_restart_and_verifies(tmp_path: Path) -> None:
    _trail(tmp_path, 2)
    _trail(tmp_path, 2)
    assert verify_audit_log(tmp_path, ChainHead()) == 4


def test_audit_log_files_are_for_this_user_alone(tmp_path: Path) -> None:
    _trail(tmp_path, 1)
    assert [path.name for path in tmp_path.iterdir() if not is_private(path)] == []


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_flipped_bit_anywhere_is_detected(tmp_path_factory: pytest.TempPathFactory, place: int, bit: int) -> None:
    folder = tmp_path_factory.mktemp("trail")
    _trail(folder)
    path = folder / "audit.jsonl"
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(AuditLogBroken):
        verify_audit_log(folder, ChainHead())


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_removed_line_is_detected_with_its_number(tmp_path: Path, gone: int) -> None:
    _trail(tmp_path)
    lines = _lines(tmp_path)
    del lines[gone]
    (tmp_path / "audit.jsonl").write_bytes(b"".join(lines))
    with pytest.raises(AuditLogBroken) as broken:
        verify_audit_log(tmp_path, ChainHead())
    assert broken.value.line_number == gone + 1


def test_reordered_lines_are_detected(tmp_path: Path) -> None:
    _trail(tmp_path)
    first, second, third = _lines(tmp_path)
    (tmp_path / "audit.jsonl").write_bytes(second + first + third)
    with pytest.raises(AuditLogBroken):
        verify_audit_log(tmp_path, ChainHead())


def test_removed_audit_log_is_detected_by_the_ledgers_head(tmp_path: Path) -> None:
    remembered = _trail(tmp_path).head()
    for path in tmp_path.iterdir():
        path.unlink()
    with pytest.raises(AuditLogBroken):
        verify_audit_log(tmp_path, remembered)
    _trail(tmp_path, 5)  # begun anew, and longer than before
    with pytest.raises(AuditLogBroken):
        verify_audit_log(tmp_path, ChainHead(remembered.number, "f" * 64))


def test_incomplete_line_of_a_power_cut_is_dropped_and_the_log_continues(tmp_path: Path) -> None:
    _trail(tmp_path, 2)
    path = tmp_path / "audit.jsonl"
    path.write_bytes(path.read_bytes() + b'{"n": 3, "at": "2026-')
    _trail(tmp_path, 1)
    assert verify_audit_log(tmp_path, ChainHead()) == 3


def test_power_cut_between_line_and_head_file_is_no_damage(tmp_path: Path) -> None:
    _trail(tmp_path, 2)
    before = (tmp_path / "audit.head").read_bytes()
    _trail(tmp_path, 1)
    (tmp_path / "audit.head").write_bytes(before)
    assert verify_audit_log(tmp_path, ChainHead()) == 3


def test_changed_line_stays_detected_when_others_follow(tmp_path: Path) -> None:
    _trail(tmp_path, 2)
    path = tmp_path / "audit.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Ana", b"Eva"))
    _trail(tmp_path, 2)
    with pytest.raises(AuditLogBroken) as broken:
        verify_audit_log(tmp_path, ChainHead())
    assert broken.value.line_number == 1


def test_invisible_characters_are_removed_from_a_line(tmp_path: Path) -> None:
    trail = AuditLog(tmp_path, lambda: NOON)
    trail.append("people", {"person": "Ana\n{\u202e}"})
    assert verify_audit_log(tmp_path, ChainHead()) == 1
    assert json.loads(_lines(tmp_path)[0])["person"] == "Ana {}"


@pytest.mark.parametrize("gone", [("audit.jsonl",), ("audit.head",), ("audit.jsonl", "audit.head"), ("everything",)])
def test_cut_end_stays_detected_after_the_log_continued(tmp_path: Path, gone: tuple[str, ...]) -> None:
    remembered = _trail(tmp_path, 6).head()
    for name in gone:
        if name == "everything":
            (tmp_path / "audit.jsonl").unlink()
            (tmp_path / "audit.head").unlink()
        elif name == "audit.jsonl":
            (tmp_path / name).write_bytes(b"".join(_lines(tmp_path)[:3]))
        else:
            (tmp_path / name).unlink()
    for _start in range(3):
        again = AuditLog(tmp_path, lambda: NOON)
        again.reconcile_with(remembered)
        again.append("sell", {})
    with pytest.raises(AuditLogBroken):
        verify_audit_log(tmp_path, ChainHead())


def test_flipped_last_line_break_is_no_power_cut(tmp_path: Path) -> None:
    _trail(tmp_path)
    path = tmp_path / "audit.jsonl"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0b")
    _trail(tmp_path, 2)
    with pytest.raises(AuditLogBroken) as broken:
        verify_audit_log(tmp_path, ChainHead())
    assert broken.value.line_number == 3
    assert b"\x0b\n" in path.read_bytes()


def test_audit_log_of_another_till_is_detected(tmp_path: Path) -> None:
    for folder in ("ours", "theirs"):
        (tmp_path / folder).mkdir()
    ours = _trail(tmp_path / "ours", 3)
    assert ours.reconcile_with(ours.head())
    theirs = AuditLog(tmp_path / "theirs", lambda: NOON)
    for _ in range(5):
        theirs.append("sell", {})
    assert not theirs.reconcile_with(ours.head())


@pytest.mark.parametrize("what", ["fsync", "half a line", "fsync, and it stays"])
def test_disk_error_does_not_break_the_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    trail = _trail(tmp_path, 2)

    def fail(handle: int) -> None:
        if what == "half a line":
            os.ftruncate(handle, os.fstat(handle).st_size - 20)
        raise OSError(errno.ENOSPC, "full")

    def stay(*_arguments: object) -> None:
        raise OSError(errno.EIO, "full")

    with monkeypatch.context() as full:
        full.setattr("bonifiq_desktop.security.audit_log.os.fsync", fail)
        if what.endswith("stays"):
            full.setattr("bonifiq_desktop.security.audit_log.os.truncate", stay)
        with pytest.raises(OSError, match="full"):
            trail.append("sell", {})
    for _ in range(2):
        trail.append("sell", {})
    assert verify_audit_log(tmp_path, ChainHead()) == (5 if what.endswith("stays") else 4)


def test_long_text_is_cut_to_a_readable_line(tmp_path: Path) -> None:
    _trail(tmp_path, 1).append("restore", {"name": "\U0001f600" * 1000, "source": "x" * 5000}, user="\U0001f600" * 999)
    assert verify_audit_log(tmp_path, ChainHead()) == 2
