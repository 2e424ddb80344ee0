"""Search over this till's own orders, without the network, and the figures of the home page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bonifiq_desktop.domain.query import Query, read_query
from bonifiq_desktop.domain.search import Draft, Home, OrderHit, QueryKind, SearchResult
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.storage.drafts import load_draft

RECENT = 8
_DRAFT_VALUES = {"sale": "total", "refund": "value", "cancel": "value"}


@dataclass(eq=False, repr=False)
class SearchService:
    """Finds orders of this till for a typed text."""

    ledger: Ledger
    drafts: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def search(self, text: str) -> SearchResult:
        """Classify a text and find its orders here. Raises LedgerError."""
        query = read_query(text, self._today())
        hits = self._hits(query)
        known = any(hit.order_id == query.text for hit in hits)
        return SearchResult(query.kind, hits, index_ready=False, order_id=query.text if known else query.order_id)

    def _hits(self, query: Query) -> tuple[OrderHit, ...]:
        orders = self.ledger.orders
        found: list[OrderHit] = []
        if query.kind & (QueryKind.ORDER_NUMBER | QueryKind.ACCESS_KEY):
            found += orders.by_number(query.text)
        if query.day is not None:
            found += orders.by_time(*_local_day(query.day))
        for cents in query.amounts:
            found += orders.by_amount(cents)
        return tuple({hit.order_id: hit for hit in reversed(found)}.values())[::-1]

    def home(self) -> Home:
        """The home page. Raises LedgerError."""
        begin, _end = _local_day(self._today())
        sales, refunds, points = self.ledger.orders.day_totals(begin)
        counts = self.ledger.queries.counts()
        recent = tuple(self.ledger.orders.recent(RECENT))
        pending = counts.pending + counts.review
        return Home(recent, sales, refunds, points, pending, tuple(self._drafts()), counts.review)

    def _drafts(self) -> list[Draft]:
        found = []
        for path in sorted(self.drafts.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
            content = load_draft(self.drafts, path.stem)
            value = content.get(_DRAFT_VALUES.get(path.stem, ""))
            if content:
                order_id = str(content.get("order_id", ""))
                found.append(Draft(path.stem, order_id, value if isinstance(value, int) and value > 0 else None))
        return found

    def _today(self) -> date:
        return self.clock().astimezone().date()


def _local_day(day: date) -> tuple[datetime, datetime]:
    """Begin and end of a day in this PC's time zone."""
    return (
        datetime.combine(day, time()).astimezone(),
        datetime.combine(day + timedelta(days=1), time()).astimezone(),
    )
