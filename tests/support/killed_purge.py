"""A process that cleans a copy and is killed over it: `python -m tests.support.killed_purge LEDGER COPY STATEMENT`.

It dies for real when SQLite is about to run the first statement that begins like STATEMENT, with much of what it
changed already written into the file.
"""

import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bonifiq_desktop.ledger import database, personal_data_in_copies
from tests.support.sudden_death import die


def main(ledger: Path, copy: Path, statement: str) -> None:
    """Clean the copy, and die."""
    opened = database.open_copy_for_writing

    def open_it(path: Path) -> sqlite3.Connection:
        db = opened(path)
        db.execute("PRAGMA cache_size = 2")  # so that the file itself is changed long before the commit

        def die_at_it(sql: Any) -> None:
            if sql.startswith(statement):
                die()

        db.set_trace_callback(die_at_it)
        return db

    personal_data_in_copies.open_copy_for_writing = open_it  # type: ignore[attr-defined]
    personal_data_in_copies.purge_copy(ledger, copy, {}, datetime(9999, 1, 1, tzinfo=UTC))


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
