"""One use of a file that another process holds, on Windows: `python -m tests.windows.held_files CASE SECONDS FOLDER`.

Prints a line of JSON: what the use raised, or null; and whether the file holds the old or the new content afterwards.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.ledger import database
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.storage.drafts import load_draft, save_draft
from bonifiq_desktop.storage.files import make_private_folder
from bonifiq_desktop.storage.settings import Settings, load_settings, save_settings
from tests.support.ledger_actions import refund
from tests.support.next_schema import VERSION_2

URL = "https://api.exemplo.com.br"
OLD, NEW = Credentials("token-old-1234", "key-old"), Credentials("token-new-1234", "key-new")

# Open a file without sharing: other programs cannot read, write, rename or delete it.
_HOLDER = """
import ctypes, sys, time
kernel = ctypes.windll.kernel32
kernel.CreateFileW.restype = ctypes.c_void_p
handle = kernel.CreateFileW(sys.argv[1], 0x80000000, 0, None, 3, 0, None)
print("held" if handle != ctypes.c_void_p(-1).value else "free", flush=True)
time.sleep(float(sys.argv[2]))
kernel.CloseHandle(ctypes.c_void_p(handle))
"""


@dataclass(frozen=True)
class Case:
    """A use of a file. `prepare` makes its old content; `content` tells whether it is old or new."""

    file: str
    prepare: Callable[[Path], object]
    use: Callable[[Path], object]
    content: Callable[[Path], str]


def _ledger_with_backup(folder: Path) -> None:
    ledger = folder / "ledger.db"
    with closing(Ledger(ledger)) as opened:
        refund(opened)
    make_backup(ledger, datetime.now(UTC))
    with closing(Ledger(ledger)) as opened:
        refund(opened, order_id="1002")


def _restore_backup(folder: Path) -> None:
    ledger = folder / "ledger.db"
    [backup] = (folder / "backups").iterdir()
    restore(ledger, backup, decided_by="Ana", now=datetime.now(UTC))


def _migrate(folder: Path) -> None:
    database.MIGRATIONS = (*MIGRATIONS, VERSION_2)  # type: ignore[attr-defined]
    database.open_for_writing(folder / "ledger.db").close()


def _version(folder: Path) -> str:
    with closing(database.open_for_reading(folder / "ledger.db")) as db:
        return "old" if db.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS) else "new"


def _credentials(folder: Path) -> CredentialStore:
    return CredentialStore(folder / "credentials.json", None)


CASES = {
    "settings": Case(
        "settings.json",
        lambda folder: save_settings(folder / "settings.json", Settings(till="OLD")),
        lambda folder: save_settings(folder / "settings.json", replace(Settings(), till="NEW")),
        lambda folder: load_settings(folder / "settings.json").till.lower(),
    ),
    "credentials": Case(
        "credentials.json",
        lambda folder: _credentials(folder).save(OLD, URL, allow_plain_file=True),
        lambda folder: _credentials(folder).save(NEW, URL, allow_plain_file=True),
        lambda folder: "new" if _credentials(folder).stored() == NEW else "old",
    ),
    "draft": Case(
        "sale.json",
        lambda folder: save_draft(folder, "sale", {"name": "old"}),
        lambda folder: save_draft(folder, "sale", {"name": "new"}),
        lambda folder: str(load_draft(folder, "sale")["name"]),
    ),
    "finished draft": Case(
        "sale.json",
        lambda folder: save_draft(folder, "sale", {"name": "old"}),
        lambda folder: save_draft(folder, "sale", {}),
        lambda folder: str(load_draft(folder, "sale").get("name", "new")),
    ),
    "restore": Case(
        "ledger.db",
        _ledger_with_backup,
        _restore_backup,
        lambda folder: "new" if len(list(read_operations(folder / "ledger.db"))) == 1 else "old",
    ),
    "migration": Case("ledger.db", _ledger_with_backup, _migrate, _version),
}


def main(name: str, seconds: str, folder: Path) -> None:
    """Run a case."""
    case = CASES[name]
    make_private_folder(folder)
    case.prepare(folder)
    command = [sys.executable, "-c", _HOLDER, str(folder / case.file), seconds]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        error = None
        try:
            case.use(folder)
        except Exception as raised:
            error = repr(raised)
    left = sorted(path.name for path in folder.iterdir() if path.name.startswith("."))
    sys.stdout.write(json.dumps({"error": error, "content": case.content(folder), "left": left}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
