"""The ledger's file while it is open: one durable step after the other, and what is said when one fails."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.ledger.database import (
    BUSY_MS,
    copy,
    identity,
    make_sure,
    named_errors,
    new_copy,
    open_for_writing,
    transaction,
)
from bonifiq_desktop.ledger.departures import Departures
from bonifiq_desktop.ledger.errors import CommitUncertain, LedgerElsewhere, LedgerError, LedgerFailed, LedgerMissing
from bonifiq_desktop.ledger.mark import Mark, write_mark
from bonifiq_desktop.ledger.pc import pc_of
from bonifiq_desktop.ledger.reading import LedgerReading
from bonifiq_desktop.ledger.settlings import Settlings, steady

_TAG_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that a person confuses with another


class OpenLedger(LedgerReading):
    """Holds the one writing connection; `tag` names this ledger file."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        steady: Callable[[], timedelta] = steady,
    ) -> None:
        self._path = path
        self._clock = clock
        self.settlings = Settlings(clock, steady)
        self.departures = Departures(steady)
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None
        self._to_scrub = True  # whatever ended the program before may have left something in the log
        self.tag = ""
        try:
            self.tag = self._fact("tag", lambda: "".join(secrets.choice(_TAG_LETTERS) for _ in range(4)))
            self._check_pc()
            write_mark(path, Mark(self.tag, self._steps()))
        except BaseException:
            self.close()
            raise

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_for_writing(self._path)
            self._opened = identity(self._path)
            self._connection.row_factory = sqlite3.Row
        return self._connection

    def close(self) -> None:
        """Close the file; everything is already on disk.

        A file that somebody took away meanwhile is gone for good then: what is in it is copied first.
        """
        if self._connection is None:
            return
        with suppress(LedgerError, sqlite3.Error, OSError):
            if identity(self._path) != self._opened:
                copy(self._connection, new_copy(self._path, self._steps(), self._clock()))
        self._connection.close()

    @contextmanager
    def _step(self) -> Iterator[None]:
        """One durable step, done when this ends without an error.

        A COMMIT that raised may be on disk all the same (under WAL it was found there): then the reopened file
        has the last word. What it shows must then reach the disk: a failed sync may have left it in memory only.
        """
        number, token = 0, ""
        self._check_in_place()
        try:
            with transaction(self._db):
                yield
                number = self._steps() + 1
                token = f"{number}:{secrets.token_hex(8)}"
                self._store("last_step", token)
        except CommitUncertain as error:
            self.close()
            self._connection = None
            try:
                is_there = self._stored("last_step") == token
                if is_there:
                    make_sure(self._db)
            except LedgerError as unreadable:
                raise error from unreadable  # still nobody knows
            if not is_there:
                raise LedgerFailed(str(error)) from error
        if self.tag:
            write_mark(self._path, Mark(self.tag, number))

    def _check_pc(self) -> None:
        """Before anything is written: two PCs that go on with one ledger register under the same numbers.

        Raises LedgerElsewhere.
        """
        here = pc_of(self.tag)
        if self._fact("pc", lambda: here) != here:
            raise LedgerElsewhere

    def dropped(self) -> None:
        """Something of a customer was overwritten: in the file, but not yet in its log."""
        self._to_scrub = True

    def scrub(self) -> bool:
        """Take what was dropped out of the log, too. False: somebody is reading it, so later. Waits for nobody."""
        if self._to_scrub:
            with named_errors():
                self._db.execute("PRAGMA busy_timeout = 0")
                try:
                    busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                finally:
                    self._db.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
            self._to_scrub = bool(busy)
        return not self._to_scrub

    def _check_in_place(self) -> None:
        """What is written into a file that has no name any more is lost. Raises LedgerMissing."""
        with named_errors():
            if self._connection is not None and identity(self._path) != self._opened:
                raise LedgerMissing

    # --- facts

    def fact(self, name: str) -> str | None:
        """What was remembered under a name, or None."""
        return self._stored(name)

    def remember(self, name: str, value: str) -> None:
        """Remember something about this till, durably."""
        with self._step():
            self._store(name, value)

    def _fact(self, name: str, make: Callable[[], str]) -> str:
        found = self._stored(name)
        if found is None:
            found = make()
            with self._step():
                self._store(name, found)
        return found

    def _store(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
