"""Filters of the history, and what they select: records without a statement (see `history_walks`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import NamedTuple

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import Kind, Operation, Scope, first_leg_id

BEFORE_NEWEST = 2**63 - 1
MAX_COUNTED = 10_000
"""Maximum number of operations that the totals of a text search count: each one costs a look at its row."""


class Waiting(StrEnum):
    """What an operation waits for: `PENDING` for its system, `PERSON` for a decision or a check."""

    ANYTHING = ""
    PENDING = "pending"
    PERSON = "person"


@dataclass(frozen=True)
class HistoryFilter:
    """Which operations the history shows; an empty field selects all.

    `since`, `until`: registered from one moment until before the other. `person`: who registered it. `scope`: its
    system and connection; an empty part of it selects all. `till`: None selects every till of the shop, the empty name
    this one. What waits is asked of this till alone, unless the filter names another.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: frozenset[Kind] = frozenset()
    waiting: Waiting = Waiting.ANYTHING
    person: str = ""
    scope: Scope | None = None
    till: str | None = None

    @property
    def selects_this_till(self) -> bool:
        """Whether operations of this till can be among the selected ones."""
        return not self.till

    @property
    def selects_other_tills(self) -> bool:
        """Whether operations of other tills can be among the selected ones."""
        return bool(self.till) or (self.till is None and not self.waiting)


EVERYTHING = HistoryFilter()
THIS_TILL = HistoryFilter(till="")


@dataclass(frozen=True)
class Query:
    """What the history page asks for: a filter, a text, and the orders of the customers whom the text names.

    `text`: part of an order number, a key, or an id that a system gave a return.
    """

    filter: HistoryFilter = EVERYTHING
    text: str = ""
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoryTotals:
    """How many rows of the history a query selects, and the value of their confirmed operations.

    - `values`: of BonifiQ's operations by kind, in cents of the real.
    - `money`: what marketplaces and web shops give back by currency, in its minor unit, the real first.
    - `is_partial`: there are more than MAX_COUNTED operations, and the values are left out.
    """

    count: int
    values: tuple[tuple[Kind, Cents], ...]
    is_partial: bool = False
    money: tuple[tuple[str, int], ...] = ()

    def value_of(self, *kinds: Kind) -> Cents:
        """The confirmed value of some kinds."""
        return sum(value for kind, value in self.values if kind in kinds)


class Cursor(NamedTuple):
    """A place in the history, which merges this till's operations with those of the other tills.

    `own`: the id before which the next operations of this till stand. `shop`: the row of `shop_operations` that was
    shown last, 0: none yet. Each is the first leg of a return.
    """

    own: int = BEFORE_NEWEST
    shop: int = 0

    def after(self, operation: Operation) -> "Cursor":
        """The place after an operation that was shown, and after all legs of its return."""
        first = first_leg_id(operation)
        return self._replace(own=first) if first > 0 else self._replace(shop=-first)

    def after_all(self, page: Iterable[Operation]) -> "Cursor":
        """The place after a page that was read from here."""
        return reduce(Cursor.after, page, self)


NEWEST = Cursor()
