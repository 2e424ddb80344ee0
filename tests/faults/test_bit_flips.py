"""A flipped bit in a till's files is reported, goes to review, or has no effect. It never causes a false state."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.soak import memory
from tests.support import bit_flips

HEADER, PAGE = 100, 4096
ROUNDS = range(4)
OF_EACH = {"header": 4, "schema": 8, "used": 40, "anywhere": 8}
CUT_LOGS = 40


@pytest.fixture(name="folder")
def folder_in_memory() -> Iterator[Path]:
    """A folder in memory: these ledgers are deleted, so their commits need not reach a disk."""
    with tempfile.TemporaryDirectory(prefix="flips-", dir=memory()) as folder:
        yield Path(folder)


def places(rng: Random, content: bytes) -> Iterator[int]:
    """Random bits of each region of a database file."""
    used = [place for place, byte in enumerate(content) if byte and place >= HEADER]
    regions = {
        "header": range(HEADER),
        "schema": [place for place in used if place < PAGE],
        "used": used,
        "anywhere": range(len(content)),
    }
    for name, number in OF_EACH.items():
        yield from (rng.choice(regions[name]) * 8 + rng.randrange(8) for _ in range(number))


@pytest.mark.parametrize("seed", ROUNDS)
@pytest.mark.parametrize("closed", [True, False])
def test_flipped_bit_in_ledger_causes_no_false_state(folder: Path, seed: int, *, closed: bool) -> None:
    day = bit_flips.prepare_till(folder / "day", closed=closed)
    said: set[str] = set()
    for bit in places(Random(seed), (day.folder / "ledger.db").read_bytes()):
        effect = bit_flips.flip(day, folder / str(bit), "ledger.db", bit)
        assert effect.broken_promises == [], f"bit {bit}"
        said |= effect.errors
    assert "LedgerDamaged" in said, "no bit that counts was flipped"


def test_flipped_bit_in_order_number_affects_no_other_order(folder: Path) -> None:
    day = bit_flips.prepare_till(folder / "day", closed=True)
    content = (day.folder / "ledger.db").read_bytes()
    [number] = [o.order_id for o in day.intended.values() if bit_flips.PLAN[o.kind][o.order_id] == "unknown"][-1:]
    said: set[str] = set()
    place = content.find(number.encode())
    while place >= 0:
        for bit in range(place * 8, (place + len(number)) * 8):
            effect = bit_flips.flip(day, folder / str(bit), "ledger.db", bit)
            assert effect.broken_promises == [], f"bit {bit}"
            said |= effect.errors
        place = content.find(number.encode(), place + 1)
    assert "RowDamaged" in said, "the number no longer fits its normal form beside it"


def test_flipped_bit_in_wal_invents_and_repeats_nothing(folder: Path) -> None:
    day = bit_flips.prepare_till(folder / "day", closed=False)
    size = (day.folder / "ledger.db-wal").stat().st_size
    rng = Random(0)
    said = set[str]()
    for bit in [*range(0, 32 * 8, 16), *(rng.randrange(size * 8) for _ in range(CUT_LOGS))]:
        effect = bit_flips.flip(day, folder / str(bit), "ledger.db-wal", bit)
        assert effect.broken_promises == [], f"bit {bit}"
        said |= effect.errors
    # The WAL ends at a wrong bit as it ends at a torn write; only the watermark file shows the difference.
    assert "LedgerOlder" in said, "no log was cut short"


def test_unchanged_files_pass_the_check(folder: Path) -> None:
    """The check itself: it passes without a flip."""
    day = bit_flips.prepare_till(folder / "day", closed=True)
    nothing = bit_flips.flip(day, folder / "whole", "ledger.db", None)
    assert nothing.broken_promises == []
    assert not nothing.errors & {"LedgerDamaged", "RequestDamaged", "LedgerFailed"}
