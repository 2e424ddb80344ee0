"""A large ledger that also knows the operations of four other tills, made quickly and kept for the next run."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.storage.files import sync_folder
from tests.bench.large_ledger import ledger_with

TILLS = ("CAIXA2", "CAIXA3", "CAIXA4", "CAIXA5")
QUIET_TILL = TILLS[-1]
"""The till with one operation in a thousand."""
_BLOCK = 1000  # ids of one registration
_COLUMNS = """system, connection, kind, order_id, order_key, account, cancel_key, key_index, reference, value, state,
    evidence, reason, message, lines, snapshot, return_id, leg, registered_by, settled_at"""
_MIRROR = f"""INSERT INTO shop_operations (id, uid, till_id, seq, created_at, {_COLUMNS})
    SELECT o.id * {_BLOCK} + o.leg, 'other-' || o.id, CASE WHEN o.id % 1000 = 0 THEN 4 ELSE o.id % 3 + 1 END, o.id,
    substr(o.created_at, 1, 17) || '30.000+00:00', {_COLUMNS} FROM operations o WHERE o.id > ?"""
_NUMBERS = "order_id, cancel_key, return_id, evidence_id, other_ids"


def shop_ledger(folder: Path, operations: int, mirrored: int) -> Path:
    """The file of a ledger with so many operations of its own and of the other tills, as new as its newest ones."""
    recipe = sha256("".join((*MIGRATIONS, Path(__file__).read_text(encoding="utf-8"))).encode()).hexdigest()
    home = folder / f"shop-{operations}-{mirrored}-{recipe[:8]}"
    if not home.exists():
        begun = home.with_name(f".{home.name}.new")
        shutil.rmtree(begun, ignore_errors=True)
        shutil.copytree(ledger_with(folder, operations).parent, begun)
        with closing(sqlite3.connect(begun / "ledger.db", isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = 0")
            db.execute("BEGIN")
            for number, till in enumerate(TILLS, start=1):
                db.execute("INSERT INTO shop_tills (id, till, incarnation) VALUES (?, ?, 1)", (number, till))
            db.execute(_MIRROR, (operations - mirrored,))
            db.execute(f"INSERT INTO shop_search (rowid, {_NUMBERS}) SELECT id, {_NUMBERS} FROM shop_operations")
            db.execute("COMMIT")
        begun.rename(home)
        sync_folder(folder)
    return home / "ledger.db"
