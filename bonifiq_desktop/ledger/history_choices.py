"""What the history can be filtered by: persons, connections and tills that have operations."""

import sqlite3

from bonifiq_desktop.domain.operations import BONIFIQ, Scope
from bonifiq_desktop.ledger.history_walks import index_steps, kinds_of_scopes
from bonifiq_desktop.ledger.shop_history import kinds_of_other_tills

_NAMED = "registered_by <> ''"


def people(db: sqlite3.Connection) -> list[str]:
    """Everyone who registered an operation at a till of the shop, by name."""
    found: set[str] = set()
    for table in ("operations INDEXED BY operations_by_person", "shop_operations INDEXED BY shop_operations_by_person"):
        found.update(name for (name,) in index_steps(db, table, ("registered_by",), _NAMED))
    return sorted(found)


def other_scopes(db: sqlite3.Connection) -> list[Scope]:
    """The connections beside BonifiQ's own that have operations in the shop."""
    kinds = (*kinds_of_scopes(db), *kinds_of_other_tills(db))
    return sorted({scope for _kind, scope in kinds if scope.connection != BONIFIQ})


def other_tills(db: sqlite3.Connection) -> list[str]:
    """The tills whose operations are known here, by name."""
    found = db.execute(
        """SELECT DISTINCT till FROM shop_tills t
           WHERE EXISTS (SELECT 1 FROM shop_operations o WHERE o.till_id = t.id) ORDER BY till"""
    )
    return [str(till) for (till,) in found]
