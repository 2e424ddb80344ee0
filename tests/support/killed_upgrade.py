"""A start that brings a ledger to the next version and is killed over it:
`python -m tests.support.killed_upgrade LEDGER STATEMENT`.

It dies for real when SQLite is about to run the first statement with STATEMENT in it, with what was
written before already in the log.
"""

import sqlite3
import sys
from pathlib import Path
from typing import Any

from bonifiq_desktop.ledger import database
from bonifiq_desktop.ledger.schema import MIGRATIONS
from tests.support.next_schema import VERSION_2
from tests.support.sudden_death import die


def main(ledger: Path, statement: str) -> None:
    """Open the ledger, and die."""
    migrate = database.migrate

    def migrate_and_die(db: sqlite3.Connection, path: Path | None = None) -> None:
        db.execute("PRAGMA cache_size = 2")  # so that pages reach the log long before the commit

        def die_at_it(sql: Any) -> None:
            if statement in sql:
                die()

        db.set_trace_callback(die_at_it)
        migrate(db, path)

    database.MIGRATIONS = (*MIGRATIONS, VERSION_2)  # type: ignore[attr-defined]
    database.migrate = migrate_and_die
    database.open_for_writing(ledger)


main(Path(sys.argv[1]), sys.argv[2])
