"""A power cut after any write: unsynced writes dropped, torn or out of order.

The log comes from the real program: a sale, a refund and a whole cancel over HTTP from an empty folder on, one lost
answer, and a second start. A killed process (`test_process_kills.py`) loses no written data; a power cut does.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.faults.soak import memory
from tests.support import failing_disk, power_cut, syscall_log
from tests.support.process_kills import RECOVERY_SECONDS
from tests.support.syscall_log import SystemCall

ACTIONS = [("refund", "1001", 2590), ("sale", "", 9000), ("cancel", "1002", 0)]
LATER = [("refund", "1003", 1000)]
KINDS = {"write", "truncate", "sync", "sync folder", "create", "remove", "rename", "line"}


@pytest.fixture(name="room")
def folder_in_memory() -> Iterator[Path]:
    """A folder in memory for thousands of small folders."""
    with tempfile.TemporaryDirectory(prefix="power-cut-", dir=memory()) as folder:
        yield Path(folder)


def log_of(server: TrainingServer, folder: Path, **job: Any) -> list[SystemCall]:
    """Run a till to its end and return its log."""
    if reason := failing_disk.reason_unavailable():
        pytest.skip(reason)
    server.faults.add("lose_answer", only="refund")
    till = folder / "till"
    till.mkdir()
    pair = {"url": server.url, "token": server.token, "key": server.key}
    till_job = {"folder": str(till), **pair, "actions": ACTIONS, "later": LATER, "seconds": RECOVERY_SECONDS}
    return syscall_log.record_calls({**till_job, **job}, folder / "log.json")


def test_power_cut_loses_and_invents_nothing(server: TrainingServer, tmp_path: Path, room: Path) -> None:
    calls = log_of(server, tmp_path)
    assert sorted(entry.kind for entry in server.service.applied) == ["cancel", "refund", "refund", "sale"]
    assert {call.kind for call in calls} == KINDS
    found, states = power_cut.check_every_cut(calls, room, random_cuts=3)
    assert found == []
    assert states > 500


def test_syscall_log_is_complete(server: TrainingServer, tmp_path: Path) -> None:
    disk = power_cut.SimulatedDisk()
    for call in log_of(server, tmp_path):
        disk.apply(call)
    there = {file.name: file.read_bytes() for file in (tmp_path / "till").iterdir() if file.is_file()}
    assert disk.content() == there


@pytest.mark.parametrize("synchronous", [0, 1])
def test_ledger_without_sync_is_caught(server: TrainingServer, tmp_path: Path, room: Path, synchronous: int) -> None:
    calls = log_of(server, tmp_path, durable={"synchronous": synchronous})
    found, _ = power_cut.check_every_cut(calls, room, random_cuts=1)
    assert any("lost" in finding for finding in found)
    assert any("without an attempt" in finding for finding in found)


def test_unsynced_write_may_be_lost_torn_or_kept() -> None:
    disk = power_cut.SimulatedDisk()
    writes = SystemCall("write", "a", 0, b"x" * 1024), SystemCall("write", "a", 1024, b"y")
    for call in (SystemCall("create", "a"), SystemCall("sync folder"), *writes):
        disk.apply(call)
    rng = Random(0)
    drawn = {cut["a"] for cut in disk.cuts(rng, 200)}
    assert {b"", b"x" * 512, b"x" * 1024, bytes(1024) + b"y", b"x" * 1024 + b"y"} <= drawn
    disk.apply(SystemCall("sync", "a"))
    assert {cut["a"] for cut in disk.cuts(rng, 5)} == {b"x" * 1024 + b"y"}
    disk.apply(SystemCall("rename", "a", "b"))
    assert {tuple(cut) for cut in disk.cuts(rng, 5)} == {("a",), ("b",)}
