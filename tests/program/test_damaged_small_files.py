"""Any content in a small file of the data folder: the program opens, or reports why not."""

import json
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PySide6.QtTest import QTest

from bonifiq_desktop.services.support import write_support_file
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, program, wait_until

SEED = 20261128
RANDOM_ONES = 12
STRANGE: list[Any] = [None, True, -1, 10**30, 1.5, "", "x" * 5000, "\ud800", [], {}, [[]], {"x": {}}, "2026-13-45T99"]
FILES: dict[str, dict[str, Any]] = {
    "settings.json": {"till": "CAIXA7", "language": "en", "sales_people": ["Ana"], "refund_limit": 5},
    "credentials.json": {"token": "t" * 20, "sealed_key": "gAAAAA", "url": "https://a.example"},
    "people.json": {"people": [{"name": "Ana", "role": "manager", "pin": "$argon2id$", "tries": 0}]},
    "customer-key.json": {"key": "AAAA"},
    "updates.json": {"asked_at": "2026-11-28T10:00:00+00:00", "address": "https://a.example", "notice": "x"},
    "drafts/sale.json": {"document": "529.982.247-25", "intent_id": "abc", "items": [["a", 1]], "total": 100},
    "drafts/refund.json": {"order_id": "1001", "value": 100, "lines": [1]},
    "ledger.db.watermark": {"ledger_id": "abc", "commits": 3},
    "audit.head": {"number": 3, "chain": "ab"},
    "audit.jsonl": {"n": 1, "at": "x", "chain": "ab"},
    "in-use.lock": {"pid": 1},
    "reports/fault.log": {"x": 1},
    "reports/crash-20261128T100000Z-1.json": {"at": "x", "log": [1]},
    "logs/bonifiq-desktop.log": {"at": "x"},
    "backups/ledger-20261128T100000Z-3.db": {"x": 1},
}
REWRITTEN = {"in-use.lock", "ledger.db.watermark", "reports/fault.log", "logs/bonifiq-desktop.log", "audit.jsonl"}
"""Those that a start writes to."""


def contents(sound: dict[str, Any]) -> Iterator[bytes]:
    """What can stand in a file instead of what was written: cut, turned to other types, nested without end, noise."""
    whole = json.dumps(sound).encode()
    yield from (b"", b"\x00" * 300, b"\xff\xfe{}", b"null", b"[]", b'"x"', b"{}", b"-1", whole[:-3], whole * 2)
    yield from (b"[" * 200_000, b'{"a":' * 100_000, b"9" * 100_000, b" " * 3_000_000)
    for name in sound:
        for strange in STRANGE:
            yield json.dumps({**sound, name: strange}).encode()
        for number in (b"Infinity", b"-Infinity", b"NaN", b"1e999999", b"[" * 5000):
            yield json.dumps({**sound, name: "@@"}).encode().replace(b'"@@"', number)
    chance = random.Random(SEED)
    for _ in range(RANDOM_ONES):
        noisy = bytearray(whole)
        for _ in range(3):
            noisy[chance.randrange(len(noisy))] = chance.randrange(256)
        yield bytes(noisy)


def put(folder: Path, name: str, content: bytes) -> Path:
    """Put it there, as it would stand after some seconds."""
    file = folder / name
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.write_bytes(content)
    file.chmod(0o600)
    os.utime(file, (time.time() - 60,) * 2)
    return file


@pytest.fixture(name="unexpected")
def unexpected_errors(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What no part of the window has caught."""
    seen: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *error: seen.append(error))
    return seen


@pytest.fixture(name="open_on")
def opener(server: TrainingServer, credentials: None, start: Callable[..., Cashier]) -> Callable[[Path], Cashier]:
    """Opens the program on a folder."""
    return lambda data: start("--data-dir", str(data), "--api-url", server.url)


def some_of(name: str, count: int) -> list[bytes]:
    """The shapes that come first, and so many of the others."""
    every = list(contents(FILES[name]))
    return every[:14] + random.Random(SEED).sample(every[14:], count)


@pytest.mark.parametrize("name", FILES)
def test_support_file_is_written_with_any_file_content(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    save_settings(Paths(data).settings, Settings())
    for content in some_of(name, 10):
        file = put(data, name, content)
        write_support_file(Paths(data), tmp_path / "support.zip")  # holds the findings of doctor
        with ZipFile(tmp_path / "support.zip") as archive:
            parts = {part: archive.read(part).decode() for part in archive.namelist()}
        broken = {text for text in parts.values() if re.fullmatch(r"[A-Za-z]*(Error|Exception)", text)}
        assert broken <= {"SettingsError"}
        assert parts["doctor.txt"].startswith("ok  program")
        assert file.read_bytes() == content


@pytest.mark.parametrize("name", FILES)
def test_program_opens_or_reports_an_error_with_any_file_content(
    tmp_path: Path, name: str, unexpected: list[object], open_on: Callable[[Path], Cashier]
) -> None:
    for number, content in enumerate(some_of(name, 2)[10:]):
        data = tmp_path / f"data{number}"
        data.mkdir(mode=0o700)
        file = put(data, name, content)
        cashier = open_on(data)
        broken: list[object] = []
        cashier.app.client.ledgerUnavailable.connect(broken.append)
        cashier.app.client.workerCrashed.connect(unexpected.append)
        wait_until(lambda counted=cashier.counted, broken=broken: counted or broken, f"{name} with {content[:40]!r}")  # type: ignore[misc]
        QTest.qWait(20)
        assert cashier.app.stop()
        assert unexpected == [], content[:80]
        assert name in REWRITTEN or file.read_bytes() == content or content == b"{}"


def test_watermark_of_any_content_stops_neither_doctor_nor_restore(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert program("--data-dir", str(data), "--quit-when-ready").returncode == 0
    for content in (b'{"ledger_id": "x", "commits": Infinity}', b"[" * 100_000):
        put(data, "ledger.db.watermark", content)
        done = program("doctor", "--data-dir", str(data))
        assert "Traceback" not in done.stderr
        assert "ledger: GONE" in done.stdout
