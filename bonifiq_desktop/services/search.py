"""Search over this till's own orders, without the network, and the figures of the home page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from bonifiq_desktop.domain.moments import day_bounds
from bonifiq_desktop.domain.orders import same_order
from bonifiq_desktop.domain.query import Query, read_query
from bonifiq_desktop.domain.search import Draft, Home, OrderHit, QueryKind, SearchResult, SlipMatch
from bonifiq_desktop.domain.slip_numbers import TEST_PAGE, SlipNumber, read_slip_number, till_tag
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.order_search import MAX_HITS
from bonifiq_desktop.services.checkouts import open_checkouts
from bonifiq_desktop.services.customer_index import CustomerIndex
from bonifiq_desktop.storage.drafts import load_draft

RECENT = 8
_PHONE_DIGITS = 8
_DRAFT_VALUES = {"sale": "total", "refund": "value"}


@dataclass(eq=False, repr=False)
class SearchService:
    """Finds orders of this till for a typed text."""

    ledger: Ledger
    index: CustomerIndex
    drafts: Path
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def search(self, text: str) -> SearchResult:
        """Classify a text and find its orders here. Raises LedgerError."""
        query = read_query(text, self._today())
        slip = read_slip_number(query.text)
        if slip is not None and not self.ledger.orders.exact(query.text):
            return self._of_slip(slip)
        people = self.customers(query)
        hits: dict[str, OrderHit] = {}
        for hit in self._hits(query, people):
            hits.setdefault(hit.order_id, hit)
        return SearchResult(
            query.kind,
            tuple(hits.values())[:MAX_HITS],
            index_ready=self.index.is_ready,
            order_id=self._order_id(query, people, hits),
            customers_kept=self.ledger.customers.are_kept,
        )

    def _of_slip(self, slip: SlipNumber) -> SearchResult:
        """The order of a slip; a shop whose orders have twelve digits finds a known one first."""
        if slip.tag != till_tag(self.ledger.connection.ledger_id):
            return self._of_other_slip(slip)
        if slip.operation_id == TEST_PAGE:
            return self._slip_result(match=SlipMatch.TEST_PAGE)
        details = self.ledger.queries.details(slip.operation_id)
        if details is None:
            return self._slip_result(match=SlipMatch.UNKNOWN)
        return self._slip_result(details.operation.order_id)

    def _of_other_slip(self, slip: SlipNumber) -> SearchResult:
        operation = self.ledger.queries.others.of_slip(slip.digits)
        if operation is None:
            return self._slip_result(match=SlipMatch.OTHER_TILL)
        return self._slip_result(operation.order_id)

    def _slip_result(self, order_id: str = "", match: SlipMatch | None = None) -> SearchResult:
        hits = tuple(self.ledger.orders.exact(order_id)) if order_id else ()
        return SearchResult(QueryKind.SLIP, hits, index_ready=True, order_id=order_id, slip=match)

    def _order_id(self, query: Query, people: list[int], hits: dict[str, OrderHit]) -> str:
        """The order number that goes out: one that is known here, or a text that is no number of a customer here."""
        known = next((order_id for order_id in hits if same_order(order_id, query.text)), "")
        is_known_phone = people and query.phone is not None and len(query.phone.digits) >= _PHONE_DIGITS
        return known or ("" if is_known_phone else query.order_id)

    def _hits(self, query: Query, people: list[int]) -> Iterator[OrderHit]:
        orders = self.ledger.orders
        if query.kind & (QueryKind.ORDER_NUMBER | QueryKind.ACCESS_KEY):
            yield from orders.by_number(query.text)
        if people:
            yield from orders.by_customers(people[:MAX_HITS])
        if query.day is not None:
            yield from orders.by_time(*day_bounds(query.day, query.day))
        for cents in query.amounts:
            yield from orders.by_amount(cents)

    def customers(self, query: Query) -> list[int]:
        """The ids of the customers that a query names. Raises LedgerError."""
        exact, people = self.ledger.customers, self.index.people
        found: list[int] = []
        if query.document or query.email:
            found += exact.with_identity(query.document, query.email)
        if query.phone is not None:
            found += exact.with_phone(query.phone)
        if people is not None:
            found += people.with_email(query.email) if query.email else []
            found += people.with_phone(query.phone) if query.phone is not None else []
            found += people.with_name(query.words) if query.words else []
        return list(dict.fromkeys(found))

    def orders_of_customers(self, text: str) -> list[str]:
        """The order numbers of the customers that a text names, newest first. Raises LedgerError."""
        people = self.customers(read_query(text, self._today()))
        return [hit.order_id for hit in self.ledger.orders.by_customers(people, limit=200)]

    def home(self) -> Home:
        """The home page. Raises LedgerError."""
        begin, _end = day_bounds(self._today(), self._today())
        sales, refunds, points = self.ledger.orders.day_totals(begin)
        counts = self.ledger.queries.counts()
        recent = tuple(self.ledger.orders.recent(RECENT))
        pending = counts.pending + counts.review
        return Home(
            recent,
            sales,
            refunds,
            points,
            pending,
            tuple(self._drafts()),
            counts.review,
            open_checkouts(self.ledger, self._sale_draft_ids()),
        )

    def _sale_draft_ids(self) -> set[str]:
        """The checkout that the draft of a sale holds: the page of the sale shows it."""
        content = load_draft(self.drafts, "sale")
        return {str(content[name]) for name in ("intent_id", "checkout_id") if content.get(name)}

    def _drafts(self) -> list[Draft]:
        found = []
        for path in sorted(self.drafts.glob("*.json"), key=_changed_at, reverse=True):
            content = load_draft(self.drafts, path.stem)
            value = content.get(_DRAFT_VALUES.get(path.stem, ""))
            if content:
                order_id = str(content.get("order_id", ""))
                found.append(Draft(path.stem, order_id, value if isinstance(value, int) and value > 0 else None))
        return found

    def _today(self) -> date:
        return self.clock().astimezone().date()


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # deleted since it was listed
        return 0.0
