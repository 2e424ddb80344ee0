"""The ledger's one writing connection: durable transactions, their check after a failed commit, and metadata."""

import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.ledger.database import (
    BUSY_TIMEOUT_MS,
    checkpoint,
    commit_count,
    copy_database,
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
from bonifiq_desktop.ledger.files import backup_path, file_identity
from bonifiq_desktop.ledger.machine_id import machine_hash
from bonifiq_desktop.ledger.row_mapping import stored_text
from bonifiq_desktop.ledger.watermark import Watermark, write_watermark

_ID_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that a person confuses with another


class LedgerConnection:
    """The open ledger file. `ledger_id` names it, and is part of its sale numbers.

    All methods raise LedgerFailed or LedgerDamaged when the file cannot be used. `has_erased_data`: set after personal
    data was overwritten in the file; its write-ahead log (WAL) may still hold it.

    `prepare`: called with the SQLite connection each time that it was opened again. `before_commit`: called at the end
    of each transaction, and writes in it.

    `checked`: opening checks the whole file. Without it the caller does (`IntegrityCheck`), before anything is sent.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime], *, checked: bool = True) -> None:
        self._path = path
        self._checked = checked
        self.clock = clock
        self.prepare: Callable[[sqlite3.Connection], None] = lambda _db: None
        self.before_commit: Callable[[], None] = lambda: None
        self._opened: sqlite3.Connection | None = None
        self._opened_file: tuple[int, int] | None = None
        self.has_erased_data = True  # a program that died may have left some
        self.ledger_id = ""
        try:
            self.ledger_id = self._metadata_or_new("ledger_id", "".join(secrets.choice(_ID_LETTERS) for _ in range(4)))
            # Two PCs that go on with one ledger would give two sales one number, and BonifiQ overwrites the first.
            here = machine_hash(self.ledger_id)
            if self._metadata_or_new("machine_hash", here) != here:
                raise LedgerOfAnotherMachine
            write_watermark(path, Watermark(self.ledger_id, self.commit_count()))
        except BaseException:
            self.close()
            raise

    @property
    def db(self) -> sqlite3.Connection:
        """The SQLite connection, opened again after an uncertain commit."""
        if self._opened is None:
            self._opened = open_for_writing(self._path, checked=self._checked)
            self._checked = True  # it is opened again only after a failed commit
            self._opened_file = file_identity(self._path)
            self._opened.row_factory = sqlite3.Row
            self.prepare(self._opened)
        return self._opened

    def close(self) -> None:
        """Close the file; everything is already on disk.

        A file that was deleted meanwhile disappears with its last handle, so its content is copied first.
        """
        if self._opened is None:
            return
        with suppress(LedgerError, sqlite3.Error, OSError):
            if file_identity(self._path) != self._opened_file:
                copy_database(self._opened, backup_path(self._path, self.commit_count(), self.clock()))
        self._opened.close()

    def rows(self, query: str, values: Iterable[object] = ()) -> list[sqlite3.Row]:
        """Every row that a query finds."""
        with translate_errors():
            return self.db.execute(query, tuple(values)).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One durable transaction, committed when the block ends without an error.

        A COMMIT that raised may be on disk all the same (under WAL it was found there): the reopened file has the last
        word. Its content must then reach the disk, because a failed sync may have left it in memory only.
        """
        number, token = 0, ""
        self._check_in_place()
        try:
            with transaction(self.db):
                yield
                self.before_commit()
                number = self.commit_count() + 1
                token = f"{number}:{secrets.token_hex(8)}"
                self.store_metadata("last_commit", token)
        except CommitUncertain as error:
            self.close()
            self._opened = None
            try:
                is_committed = self.metadata("last_commit") == token
                if is_committed:
                    checkpoint(self.db)
            except LedgerError as unreadable:
                raise error from unreadable  # the outcome stays uncertain
            if not is_committed:
                raise LedgerFailed(str(error)) from error
        if self.ledger_id:
            write_watermark(self._path, Watermark(self.ledger_id, number))

    def _check_in_place(self) -> None:
        """Raise LedgerMissing when the file was deleted or replaced: what is written into it would be lost."""
        with translate_errors():
            if self._opened is not None and file_identity(self._path) != self._opened_file:
                raise LedgerMissing

    def truncate_wal(self) -> bool:
        """Remove erased personal data from the WAL too, without waiting. False: a reader holds it; try later."""
        if self.has_erased_data:
            with translate_errors():
                self.db.execute("PRAGMA busy_timeout = 0")
                try:
                    busy, *_ = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                finally:
                    self.db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            self.has_erased_data = bool(busy)
        return not self.has_erased_data

    def commit_count(self) -> int:
        """How many transactions were ever committed."""
        return commit_count(self.metadata("last_commit"))

    def metadata(self, name: str) -> str | None:
        """The metadata value under a name, or None."""
        found = self.rows("SELECT value FROM metadata WHERE name = ?", (name,))
        return stored_text(found[0]["value"]) if found else None

    def set_metadata(self, name: str, value: str) -> None:
        """Store a metadata value in a transaction of its own."""
        with self.transaction():
            self.store_metadata(name, value)

    def store_metadata(self, name: str, value: str) -> None:
        """Store a metadata value in the caller's transaction."""
        self.db.execute(
            "INSERT INTO metadata VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _metadata_or_new(self, name: str, new: str) -> str:
        found = self.metadata(name)
        if found is None:
            self.set_metadata(name, new)
        return found or new

    def now(self) -> str:
        """The present time as the ledger stores it: ISO, UTC."""
        return self.clock().astimezone(UTC).isoformat(timespec="milliseconds")
