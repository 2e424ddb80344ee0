"""Chains of told changes: which one follows, and which of two tellings of one operation counts."""

import sqlite3
from dataclasses import dataclass, replace
from hashlib import sha256

from bonifiq_desktop.domain.operations import FINAL, State
from bonifiq_desktop.domain.shop_database import CHANGE_VERSION, Change, change_hash
from bonifiq_desktop.ledger.errors import MirrorBroken, MirrorNewer


@dataclass(frozen=True)
class Chain:
    """One incarnation of a till, and how far it was applied."""

    row_id: int
    till: str
    incarnation: int
    cursor: int
    hash: bytes

    def follow(self, change: Change) -> "Chain":
        """The chain with one more change. Raises MirrorBroken, MirrorNewer."""
        sealed_hash = change.sealed_sha256
        expected = change_hash(change.previous, change.version, change.body, sealed_hash)
        is_next = change.seq == self.cursor + 1 and change.previous == self.hash
        is_intact = change.sealed is None or sha256(change.sealed).digest() == sealed_hash
        if not (is_next and is_intact and change.hash == expected):
            raise MirrorBroken(f"change {change.seq} after {self.cursor}")
        if change.version > CHANGE_VERSION:
            raise MirrorNewer(self.till)
        return replace(self, cursor=change.seq, hash=change.hash)

    def outranks(self, other: "Chain", state: State, other_state: State) -> bool:
        """Whether an operation is shown as this chain tells it, and not as another one does.

        What one of them knows as confirmed was done. A till's newer incarnation counts. Of two tills with one copied
        history, the end of one proves nothing about what the other one has under way.
        """
        if (state is State.CONFIRMED) is not (other_state is State.CONFIRMED):
            return state is State.CONFIRMED
        if self.till == other.till:
            return self.incarnation >= other.incarnation
        weight, other_weight = _weight(state), _weight(other_state)
        if weight == other_weight:
            return state in FINAL and self.till > other.till
        return weight > other_weight


def chain_from(row: sqlite3.Row, row_id: int | None = None) -> Chain:
    """The chain in a row of `shop_tills`. `row_id`: where the row is joined to another one, its id."""
    return Chain(row["id"] if row_id is None else row_id, row["till"], row["incarnation"], row["cursor"], row["hash"])


def _weight(state: State) -> int:
    """What a copy's word counts: in review, as after a restore, it does nothing of its own."""
    return 0 if state in FINAL else 1 if state is State.REVIEW else 2
