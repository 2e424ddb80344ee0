"""Order of the offered copies: the best one named, the empty ones last."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bonifiq_desktop.ledger.backups import Backup
from bonifiq_desktop.ui.recovery.copies import ranked_copies

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def copy(hours: int, operations: int) -> Backup:
    """A copy made so many hours before noon."""
    return Backup(Path(f"{hours}.db"), NOON - timedelta(hours=hours), operations)


def test_best_copy_has_the_most_operations_and_is_the_newest_of_equals() -> None:
    equal, older, smaller, empty, old_empty = copy(2, 9), copy(5, 9), copy(1, 3), copy(0, 0), copy(9, 0)
    best, others, empties = ranked_copies([older, old_empty, smaller, empty, equal])
    assert best == equal
    assert others == [smaller, older]
    assert empties == [empty, old_empty]


def test_empty_copies_alone_have_no_best_one() -> None:
    assert ranked_copies([copy(1, 0)]) == (None, [], [copy(1, 0)])
    assert ranked_copies([]) == (None, [], [])
