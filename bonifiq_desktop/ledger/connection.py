"""The ledger's file while it is open: one durable step after the other, and what is said when one fails."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.ledger.attempt_ages import AttemptAges
from bonifiq_desktop.ledger.database import (
    BUSY_TIMEOUT_MS,
    backup_path,
    checkpoint,
    copy_database,
    file_identity,
    open_for_writing,
    transaction,
    translate_errors,
)
from bonifiq_desktop.ledger.errors import (
    CommitUncertain,
    LedgerError,
    LedgerFailed,
    LedgerMissing,
    LedgerOfAnotherMachine,
)
from bonifiq_desktop.ledger.machine_id import machine_hash
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.ledger.recently_settled import RecentlySettled, monotonic
from bonifiq_desktop.ledger.watermark import Watermark, write_watermark

_ID_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that a person confuses with another


class LedgerConnection(Queries):
    """Holds the one writing connection; `tag` names this ledger file."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_clock: Callable[[], timedelta] = monotonic,
    ) -> None:
        self._path = path
        self._clock = clock
        self.recently_settled = RecentlySettled(clock, monotonic_clock)
        self.attempt_ages = AttemptAges(monotonic_clock)
        self._connection: sqlite3.Connection | None = None
        self._opened_file: tuple[int, int] | None = None
        self._wal_has_erased_data = True  # whatever ended the program before may have left something in the log
        self.ledger_id = ""
        try:
            self.ledger_id = self._metadata_or_new(
                "ledger_id", lambda: "".join(secrets.choice(_ID_LETTERS) for _ in range(4))
            )
            self._check_machine()
            write_watermark(path, Watermark(self.ledger_id, self._commit_count()))
        except BaseException:
            self.close()
            raise

    @property
    def _db(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = open_for_writing(self._path)
            self._opened_file = file_identity(self._path)
            self._connection.row_factory = sqlite3.Row
        return self._connection

    def close(self) -> None:
        """Close the file; everything is already on disk.

        A file that somebody took away meanwhile is gone for good then: what is in it is copied first.
        """
        if self._connection is None:
            return
        with suppress(LedgerError, sqlite3.Error, OSError):
            if file_identity(self._path) != self._opened_file:
                copy_database(self._connection, backup_path(self._path, self._commit_count(), self._clock()))
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One durable step, done when this ends without an error.

        A COMMIT that raised may be on disk all the same (under WAL it was found there): then the reopened file
        has the last word. What it shows must then reach the disk: a failed sync may have left it in memory only.
        """
        number, token = 0, ""
        self._check_in_place()
        try:
            with transaction(self._db):
                yield
                number = self._commit_count() + 1
                token = f"{number}:{secrets.token_hex(8)}"
                self._store_metadata("last_commit", token)
        except CommitUncertain as error:
            self.close()
            self._connection = None
            try:
                is_there = self._metadata_value("last_commit") == token
                if is_there:
                    checkpoint(self._db)
            except LedgerError as unreadable:
                raise error from unreadable  # still nobody knows
            if not is_there:
                raise LedgerFailed(str(error)) from error
        if self.ledger_id:
            write_watermark(self._path, Watermark(self.ledger_id, number))

    def _check_machine(self) -> None:
        """Before anything is written: two PCs that go on with one ledger register under the same numbers.

        Raises LedgerElsewhere.
        """
        here = machine_hash(self.ledger_id)
        if self._metadata_or_new("machine_hash", lambda: here) != here:
            raise LedgerOfAnotherMachine

    def note_erased_data(self) -> None:
        """Something of a customer was overwritten: in the file, but not yet in its log."""
        self._wal_has_erased_data = True

    def truncate_wal(self) -> bool:
        """Take what was dropped out of the log, too. False: somebody is reading it, so later. Waits for nobody."""
        if self._wal_has_erased_data:
            with translate_errors():
                self._db.execute("PRAGMA busy_timeout = 0")
                try:
                    busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                finally:
                    self._db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            self._wal_has_erased_data = bool(busy)
        return not self._wal_has_erased_data

    def _check_in_place(self) -> None:
        """What is written into a file that has no name any more is lost. Raises LedgerMissing."""
        with translate_errors():
            if self._connection is not None and file_identity(self._path) != self._opened_file:
                raise LedgerMissing

    # --- facts

    def metadata(self, name: str) -> str | None:
        """What was remembered under a name, or None."""
        return self._metadata_value(name)

    def set_metadata(self, name: str, value: str) -> None:
        """Remember something about this till, durably."""
        with self._transaction():
            self._store_metadata(name, value)

    def _metadata_or_new(self, name: str, make_value: Callable[[], str]) -> str:
        found = self._metadata_value(name)
        if found is None:
            found = make_value()
            with self._transaction():
                self._store_metadata(name, found)
        return found

    def _store_metadata(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO metadata VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")
