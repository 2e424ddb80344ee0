"""Commands about the history: pages, totals, details, what can be chosen, and the export."""

from dataclasses import dataclass

from bonifiq_desktop.domain.operations import Operation, Scope
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.history_filter import EVERYTHING, NEWEST, Cursor, HistoryFilter, HistoryTotals
from bonifiq_desktop.worker.command import Command


class ReadHistoryPage(Command[list[Operation]]):
    """Read a page of the history: the operations older than `before` that `search` and `filter` select."""

    search: str
    before: Cursor = NEWEST
    filter: HistoryFilter = EVERYTHING


class ReadHistoryTotals(Command[HistoryTotals]):
    """Count and add up all that `search` and `filter` select."""

    search: str
    filter: HistoryFilter = EVERYTHING


@dataclass(frozen=True)
class HistoryChoices:
    """Who registered operations, the connections beside BonifiQ that have some, and the other tills that have some."""

    people: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    tills: tuple[str, ...] = ()


class ReadHistoryChoices(Command[HistoryChoices]):
    """Read what the history can be filtered by."""


class ReadOperationDetails(Command[OperationDetails | None]):
    operation_id: int


class ExportHistory(Command[int]):
    """Write what `search` and `filter` select to an XLSX or CSV file, by its suffix; the value is their number."""

    path: str
    search: str = ""
    filter: HistoryFilter = EVERYTHING
