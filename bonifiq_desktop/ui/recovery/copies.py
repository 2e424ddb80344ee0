"""Order in which copies of the history are offered."""

from collections.abc import Iterable

from bonifiq_desktop.ledger.backups import Backup


def ranked_copies(backups: Iterable[Backup]) -> tuple[Backup | None, list[Backup], list[Backup]]:
    """Return the best copy (the most operations, then the newest), the others, and the empty ones, newest first."""
    newest_first = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    filled = [backup for backup in newest_first if backup.operations]
    best = max(filled, key=lambda backup: backup.operations, default=None)  # the first, and newest, of equals
    empty = [backup for backup in newest_first if not backup.operations]
    return best, [backup for backup in filled if backup is not best], empty
