"""A till that is killed over the close of a day: `python -m tests.support.killed_close LEDGER DAY STATEMENT`.

It dies for real when SQLite is about to run the first statement with STATEMENT in it during the close, with what was
written before already in the log; without one, right after the close.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.sudden_death import die


def main(path: Path, day: date, statement: str) -> None:
    """Close the day, and die."""
    ledger = Ledger(path)
    ledger.connection.db.execute("PRAGMA cache_size = 2")  # so that pages reach the log long before the commit

    def die_at_it(sql: Any) -> None:
        if statement and statement in sql:
            die()

    ledger.connection.db.set_trace_callback(die_at_it)
    ledger.days.close(day, till="CAIXA1", seen_operations=10**6, person="Ana", reason="rede")
    die()


main(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]), sys.argv[3])
