"""Keeping the index of the search: an operation is taken out before, and in after its number or key changes."""

import sqlite3


def index_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Have an operation found by its order's number and its key as they stand now."""
    db.execute(
        "INSERT INTO search (rowid, order_id, cancel_key) SELECT id, order_id, cancel_key FROM operations WHERE id = ?",
        (operation_id,),
    )


def unindex_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Have an operation no longer found by its number and key, which must still be those that it was found by."""
    db.execute(
        """INSERT INTO search (search, rowid, order_id, cancel_key)
           SELECT 'delete', id, order_id, cancel_key FROM operations WHERE id = ?""",
        (operation_id,),
    )
