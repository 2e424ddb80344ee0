"""Commands about the history: pages, totals, details, what can be chosen, and the export."""

from dataclasses import dataclass

from bonifiq_desktop.domain.operations import Operation, Scope
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.history_filter import EVERYTHING, HistoryFilter, HistoryTotals
from bonifiq_desktop.worker.command import Command


class ReadHistoryPage(Command[list[Operation]]):
    """Read a page of the history: the operations older than `before_id` that `search` and `filter` select."""

    search: str
    before_id: int | None = None
    filter: HistoryFilter = EVERYTHING


class ReadHistoryTotals(Command[HistoryTotals]):
    """Count and add up all that `search` and `filter` select."""

    search: str
    filter: HistoryFilter = EVERYTHING


@dataclass(frozen=True)
class HistoryChoices:
    """Who registered operations at this till, and the connections beside BonifiQ that have operations."""

    people: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()


class ReadHistoryChoices(Command[HistoryChoices]):
    """Read what the history can be filtered by."""


class ReadOperationDetails(Command[OperationDetails | None]):
    operation_id: int


class ExportHistory(Command[int]):
    """Write what `search` and `filter` select to an XLSX or CSV file, by its suffix; the value is their number."""

    path: str
    search: str = ""
    filter: HistoryFilter = EVERYTHING
