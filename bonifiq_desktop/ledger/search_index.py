"""Maintenance of the search index: remove an operation before its order number or key changes, insert it after."""

import sqlite3


def index_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Insert an operation with its present order number and key into the index."""
    db.execute(
        "INSERT INTO search (rowid, order_id, cancel_key) SELECT id, order_id, cancel_key FROM operations WHERE id = ?",
        (operation_id,),
    )


def unindex_operation(db: sqlite3.Connection, operation_id: int) -> None:
    """Remove an operation from the index. Its order number and key must be those of the insertion."""
    db.execute(
        """INSERT INTO search (search, rowid, order_id, cancel_key)
           SELECT 'delete', id, order_id, cancel_key FROM operations WHERE id = ?""",
        (operation_id,),
    )
