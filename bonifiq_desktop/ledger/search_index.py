"""Maintenance of the search index: remove an operation before a number of its row changes, insert it after.

The operations of the other tills have an index of their own.
"""

import sqlite3

SEARCHED_COLUMNS = ("order_id", "cancel_key", "return_id", "evidence_id", "other_ids")
_COLUMNS = ", ".join(SEARCHED_COLUMNS)


def index_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Insert an operation with its present numbers into the index."""
    db.execute(
        f"INSERT INTO search (rowid, {_COLUMNS}) SELECT id, {_COLUMNS} FROM operations WHERE id = ?",
        (operation_id,),
    )


def unindex_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Remove an operation from the index. Its numbers must be those of the insertion."""
    db.execute(
        f"INSERT INTO search (search, rowid, {_COLUMNS}) SELECT 'delete', id, {_COLUMNS} FROM operations WHERE id = ?",
        (operation_id,),
    )


def index_shop_operation(db: sqlite3.Connection, row_id: int) -> None:
    """Insert a row of `shop_operations` into the index of the other tills."""
    db.execute(
        f"INSERT INTO shop_search (rowid, {_COLUMNS}) SELECT id, {_COLUMNS} FROM shop_operations WHERE id = ?",
        (row_id,),
    )


def unindex_shop_operation(db: sqlite3.Connection, row_id: int) -> None:
    """Remove a row of `shop_operations` from it. Its numbers must be those of the insertion."""
    db.execute(
        f"""INSERT INTO shop_search (shop_search, rowid, {_COLUMNS})
            SELECT 'delete', id, {_COLUMNS} FROM shop_operations WHERE id = ?""",
        (row_id,),
    )
