"""The records of closed days: one row each, chained by hashes, so that a changed or missing one shows."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice, pairwise
from typing import Any

from bonifiq_desktop.domain.day_close import ClosedDay, DamagedClose
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import RowDamaged
from bonifiq_desktop.ledger.row_mapping import closed_day_from, to_timestamp

LAST_CLOSE_KEY = "last_close"
"""Metadata name: number and chain of the newest record."""
_CODE_LENGTH = 8
_MOST_GONE = 1000  # that are named: a damaged number may be any
_HASHED_COLUMNS = ("number", "day", "since", "until", "last_event", "record", "previous")


@dataclass(frozen=True)
class Period:
    """The moments, from one until before the other, between which the operations of a day are registered."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class ClosedDays:
    """All records. `sound`: rows by number, oldest first; `damaged`: changed or missing ones.

    `last_number`, `last_chain`: of the newest record that ever was. `last_event`: the newest event at the last close
    whose record is sound; after a damaged one, changes are rather listed twice than never. `days`: with a row.
    """

    sound: tuple[sqlite3.Row, ...]
    damaged: tuple[DamagedClose, ...]
    last_number: int = 0
    last_chain: str = ""
    last_event: int = 0
    days: frozenset[str] = frozenset()

    def of(self, day: date) -> ClosedDay | None:
        """The record of a day; None where it is not closed, or its record is damaged."""
        row = self.row_of(day)
        return None if row is None else _closed_day(row)

    def row_of(self, day: date) -> sqlite3.Row | None:
        """The row of a day with a sound record."""
        return next((row for row in self.sound if row["day"] == day.isoformat()), None)

    def newest(self, limit: int, before: date | None) -> tuple[ClosedDay, ...]:
        """Records of the newest days before one, the newest day first."""
        until = before.isoformat() if before else "~"
        rows = sorted((row for row in self.sound if row["day"] < until), key=lambda row: str(row["day"]), reverse=True)
        return tuple(map(_closed_day, rows[:limit]))


def read_closed_days(db: sqlite3.Connection) -> ClosedDays:
    """Read and verify all records."""
    rows = db.execute("SELECT * FROM closed_days ORDER BY number").fetchall()
    last_number, last_chain = _remembered(db)
    damaged = [DamagedClose(row["number"], _day(row["day"])) for row in _damaged(rows, last_number, last_chain)]
    wrong = {each.number for each in damaged}
    sound = []
    for row in rows:
        if row["number"] in wrong:
            continue
        try:
            _closed_day(row)
        except RowDamaged:  # written so by no version of the program that is known here
            damaged.append(DamagedClose(row["number"], _day(row["day"])))
        else:
            sound.append(row)
    there = {row["number"] for row in rows}
    newest = max([last_number, *there], default=0)
    gone = (DamagedClose(number, is_gone=True) for number in range(1, newest + 1) if number not in there)
    damaged += islice(gone, _MOST_GONE)
    if rows and rows[-1]["number"] >= last_number:
        last_chain = str(rows[-1]["chain"])
    return ClosedDays(
        tuple(sound),
        tuple(sorted(damaged, key=lambda each: each.number)),
        newest,
        last_chain,
        sound[-1]["last_event"] if sound else 0,
        frozenset(str(row["day"]) for row in rows),
    )


def with_lost_closes(closed: ClosedDays, known: Sequence[DamagedClose]) -> tuple[DamagedClose, ...]:
    """The damaged records, and those that are gone of the `known` ones, of which the audit log tells."""
    lost = {each.number: each for each in known if each.day is not None and each.day.isoformat() not in closed.days}
    by_number = {each.number: each for each in closed.damaged}
    gone = {number: each for number, each in lost.items() if number not in by_number or by_number[number].is_gone}
    return tuple(sorted((by_number | gone).values(), key=lambda each: each.number))


def insert_closed_day(connection: LedgerConnection, day: ClosedDay, period: Period, last_event: int) -> ClosedDay:
    """Insert the record of a day in the caller's transaction, numbered and chained after the newest one. Returns it."""
    before = read_closed_days(connection.db)
    day = replace(day, number=before.last_number + 1)
    row: dict[str, Any] = {
        "number": day.number,
        "day": day.day.isoformat(),
        "since": to_timestamp(period.since),
        "until": to_timestamp(period.until),
        "last_event": last_event,
        "record": _canonical(day),
        "previous": before.last_chain,
    }
    row["chain"] = _chain(row[name] for name in _HASHED_COLUMNS)
    places = ", ".join(f":{name}" for name in row)
    connection.db.execute(f"INSERT INTO closed_days ({', '.join(row)}) VALUES ({places})", row)
    connection.store_metadata(LAST_CLOSE_KEY, f"{day.number}:{row['chain']}")
    return replace(day, code=_code(row["chain"]))


def is_whole(row: sqlite3.Row) -> bool:
    """Whether a row's own hash is right."""
    return str(row["chain"]) == _chain(row[name] for name in _HASHED_COLUMNS)


def _remembered(db: sqlite3.Connection) -> tuple[int, str]:
    """Number and chain of the newest record, as the metadata hold them."""
    found = db.execute("SELECT value FROM metadata WHERE name = ?", (LAST_CLOSE_KEY,)).fetchone()
    number, _, chain = (str(found[0]) if found else "").partition(":")
    return (int(number), chain) if number.isdecimal() else (0, "")


def _damaged(rows: Sequence[sqlite3.Row], last_number: int, last_chain: str) -> list[sqlite3.Row]:
    """The rows whose own hash is wrong, or that their sound successor does not name."""
    wrong = {row["number"] for row in rows if not is_whole(row)}
    unhashed = frozenset(wrong)
    for row, following in pairwise(rows):
        is_next = following["number"] == row["number"] + 1
        if is_next and following["number"] not in unhashed and following["previous"] != row["chain"]:
            wrong.add(row["number"])
    if rows and rows[-1]["number"] == last_number and rows[-1]["chain"] != last_chain:
        wrong.add(last_number)
    return [row for row in rows if row["number"] in wrong]


def _chain(parts: Iterable[object]) -> str:
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _canonical(day: ClosedDay) -> str:
    """A record as JSON with one form only; its code follows from the hash."""
    fields = {name: value for name, value in asdict(day).items() if name != "code"}
    return json.dumps(fields, default=_packed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _packed(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _closed_day(row: sqlite3.Row) -> ClosedDay:
    return closed_day_from(row["record"], _code(str(row["chain"])))


def _code(chain: str) -> str:
    return chain[:_CODE_LENGTH].upper()


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
