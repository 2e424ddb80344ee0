"""The cost of a durable operation, against the cheapest durable record."""

from __future__ import annotations

import itertools
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bonifiq_desktop.ledger.database import open_for_writing
from bonifiq_desktop.ledger.ledger import Ledger
from tests.bench.measure import Bench, Figure, Goal, Result, Sample, compare, milliseconds
from tests.support.ledger_actions import refund

_RECORDS = 300


def rows(bench: Bench) -> Iterator[Result]:
    """The registration of a refund against an appended log line and a plain SQLite row."""
    with tempfile.TemporaryDirectory(dir=bench.folder, prefix="ledger-") as name:
        folder = Path(name)
        ledger = Ledger(folder / "ledger.db")
        size = _size_of_a_record(ledger, folder / "ledger.db")
        record = registering(ledger)
        rounds = bench.rounds(_RECORDS)
        synced = Figure(
            "ledger",
            "register a refund / write + fdatasync",
            f"Ledger.begin of a refund, commit included, against appending its {size} bytes to a file and fdatasync",
            Goal(2.5),
        )
        yield compare(synced, ours=record, limit=_appending(folder / "log", os.urandom(size)), rounds=rounds)
        inserted = Figure(
            "ledger",
            "register a refund / bare insert",
            "the same against one INSERT of as many bytes and its COMMIT, in another file with the ledger's pragmas",
        )
        yield compare(inserted, ours=record, limit=_inserting(folder / "bare.db", size), rounds=rounds)
        ledger.close()


def registering(ledger: Ledger, prefix: str = "P") -> Sample:
    """Measure registering refunds, each of another order."""
    numbers = itertools.count(1)
    return milliseconds(lambda: refund(ledger, 2590, f"{prefix}{next(numbers)}"))


def _size_of_a_record(ledger: Ledger, path: Path) -> int:
    """The bytes that one registration stores in its rows."""
    operation = refund(ledger, 2590, "P0")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        kept = [*db.execute("SELECT * FROM operations WHERE id = ?", (operation.operation_id,)).fetchone()]
        kept += db.execute("SELECT * FROM events WHERE operation_id = ?", (operation.operation_id,)).fetchone()
    db.close()
    return sum(len(value if isinstance(value, bytes) else str(value)) for value in kept if value is not None)


def _appending(file: Path, record: bytes) -> Sample:
    handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def append() -> None:
        os.write(handle, record)
        os.fdatasync(handle)

    return milliseconds(append)


def _inserting(path: Path, size: int) -> Sample:
    """Measure inserting a plain row into a database with the ledger's pragmas."""
    db = open_for_writing(path)
    db.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    record = os.urandom(size)

    def insert() -> None:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO bare (record) VALUES (?)", (record,))
        db.execute("COMMIT")

    return milliseconds(insert)
