"""A check of the whole ledger file while the ledger is in use."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bonifiq_desktop.ledger.database import check_integrity, open_for_reading, translate_errors


class IntegrityCheck:
    """Checks pages, indexes and constraints on a connection of its own. Call `run` and `stop` on any threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._stopped = False

    def run(self) -> None:
        """Read the whole file: 2 s per 100,000 operations. Raises LedgerDamaged; LedgerError, also when stopped."""
        with translate_errors(), closing(open_for_reading(self._path)) as db:
            self._db = db
            try:
                if not self._stopped:
                    check_integrity(db)
            finally:
                self._db = None

    def stop(self) -> None:
        """End a running check at the next page, and keep a later one from starting."""
        self._stopped = True
        db = self._db
        if db is not None:
            with suppress(sqlite3.ProgrammingError):  # it ended meanwhile
                db.interrupt()
