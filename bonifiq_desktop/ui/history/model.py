"""Table model of the history page: loads pages as they scroll into sight, keeps the latest ones in memory.

A row is one registration: an operation, or all legs of a return. It keeps the id of its first leg, which is negative
where another till registered it: the ids of the two do not tell which is newer. The operations of older pages are
evicted, so that scrolling through ten years needs no more memory than a morning. The delegate reads `row`, not `data`:
one call per cell instead of seven.
"""

from array import array
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from bonifiq_desktop.domain.legs import by_return
from bonifiq_desktop.domain.operations import Kind, Operation, State, first_leg_id
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ledger.history import PAGE_SIZE
from bonifiq_desktop.ledger.history_filter import BEFORE_NEWEST, Cursor
from bonifiq_desktop.ui.messages.formats import kind_name, operation_state, short_date_and_time
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.money_legs import leg_for_a_person
from bonifiq_desktop.ui.messages.shop_database import person_and_till
from bonifiq_desktop.ui.widgets.labels import tooltip

OPERATION_ROLE = int(Qt.ItemDataRole.UserRole)
"""The operation, of a return the leg that needs a person most; None while its page is loaded again."""
ID_ROLE = OPERATION_ROLE + 1
"""The id of that operation, or of the row's first leg while its page is loaded again."""
# As numbers: looking a name of PySide's up takes longer than the answer.
_DISPLAY, _ALIGNMENT, _TOOLTIP, _ACCESSIBLE_TEXT = (
    int(Qt.ItemDataRole.DisplayRole),
    int(Qt.ItemDataRole.TextAlignmentRole),
    int(Qt.ItemDataRole.ToolTipRole),
    int(Qt.ItemDataRole.AccessibleTextRole),
)
_ROLES = frozenset({_DISPLAY, _TOOLTIP, _ACCESSIBLE_TEXT, OPERATION_ROLE, ID_ROLE})
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
MAX_CACHED = 64 * PAGE_SIZE
"""Maximum number of operations in memory."""
WHEN, KIND, ORDER, CUSTOMER, PERSON, VALUE, STATE = range(7)
_NO_PARENT = QModelIndex()


@dataclass(frozen=True)
class Row:
    """One registration as the table shows it. `texts`: by column. `tone`: of its state.

    `operation`: of the legs of a return the one that needs a person most.
    """

    operation: Operation
    texts: tuple[str, ...]
    tone: str


class HistoryModel(QAbstractTableModel):
    """Newest first. Both signals carry the Cursor from which the requested page goes on."""

    nextPageNeeded = Signal(object)
    evictedPageNeeded = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._headings = (
            translate("HistoryModel", "Quando"),
            translate("HistoryModel", "O quê"),
            translate("HistoryModel", "Pedido"),
            translate("HistoryModel", "Cliente"),
            translate("HistoryModel", "Quem"),
            translate("HistoryModel", "Valor"),
            translate("HistoryModel", "Situação"),
        )
        self._kind_names = {kind: kind_name(kind) for kind in Kind}
        self._states: dict[tuple[State, bool], tuple[str, str]] = {}
        self._ids = array("q")
        self._cache: dict[int, tuple[Operation, ...]] = {}
        self._rows: dict[int, Row] = {}
        self._is_complete = True
        self._next_page_requested = False
        self._requested_rows: range | None = None
        self._first_missing_row: int | None = None  # row at which the restored page ended short
        self._has_own = self._has_others = False  # without one of them, a place is found at once

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._headings):
            return None
        if role == _DISPLAY and section == KIND:
            return ""  # its icons are narrower than the word
        if role in {_DISPLAY, _ACCESSIBLE_TEXT}:
            return self._headings[section]
        return _RIGHT if role == _ALIGNMENT and section == VALUE else None

    def row(self, number: int) -> Row | None:
        """One row as it is shown; None while its page is loaded again."""
        row_id = self._ids[number]
        row = self._rows.get(row_id)
        if row is None:
            legs = self._cache.get(row_id)
            if legs is None:
                self._request_evicted_page(number)
                return None
            row = self._rows[row_id] = self._make_row(legs)
        return row

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES or not index.isValid():
            return None
        row = self.row(index.row())
        if role == ID_ROLE:
            return row.operation.operation_id if row is not None else self._ids[index.row()]
        if row is None:
            return None
        if role == OPERATION_ROLE:
            return row.operation
        text = row.texts[index.column()]
        if role == _TOOLTIP:
            return tooltip(text)
        return text or (_no_text(index.column()) if role == _ACCESSIBLE_TEXT else "")

    def _make_row(self, legs: tuple[Operation, ...]) -> Row:
        operation = leg_for_a_person(legs)
        shown_by = operation.state, operation.contradicted
        if shown_by not in self._states:
            self._states[shown_by] = operation_state(operation)
        state, tone = self._states[shown_by]
        customers = (leg.order.customer for leg in legs if leg.order is not None)
        customer = next((each for each in customers if each is not None), None)
        texts = (
            short_date_and_time(operation.created_at),
            self._kind_names[operation.kind],
            operation.order_id,
            customer.name if customer else "",
            person_and_till(operation),
            _value_text(legs),
            state,
        )
        return Row(operation, texts, tone)

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and not self._is_complete and not self._next_page_requested

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent):
            self._next_page_requested = True
            self.nextPageNeeded.emit(self._cursor_at(len(self._ids)))

    def show_first_page(self, page: list[Operation], unreadable: int = 0) -> None:
        """Replace all rows by the newest page, which has `unreadable` damaged operations beside those in `page`."""
        self.beginResetModel()
        self._cache, self._rows = {}, {}
        self._has_own = self._has_others = False
        self._ids = array("q", self._cache_page(page))
        self._requested_rows = None
        self._is_complete = not page or len(self._ids) + unreadable < PAGE_SIZE
        self._next_page_requested = False
        self.endResetModel()

    def begins_with(self, page: list[Operation]) -> bool:
        """Whether a newest page is what the first rows show."""
        rows = {first_leg_id(legs[0]): legs for legs in by_return(page)}
        is_same = self._ids[: len(rows)].tolist() == list(rows) and bool(rows) == bool(self._ids)
        return is_same and all(self._cache.get(row_id) == legs for row_id, legs in rows.items())

    def append_page(self, page: list[Operation], unreadable: int = 0) -> None:
        self._next_page_requested = False
        row_ids = self._cache_page(page)
        self._is_complete = not page or len(row_ids) + unreadable < PAGE_SIZE
        if page:
            first = len(self._ids)
            self.beginInsertRows(_NO_PARENT, first, first + len(row_ids) - 1)
            self._ids.extend(row_ids)
            self.endInsertRows()

    def restore_page(self, page: list[Operation], unreadable: int = 0) -> None:
        """Put an evicted page back, with what came to the other tills' operations between its rows.

        A row missing from the page is removed, unless it lies beyond the page's end: `unreadable` damaged operations
        take the place of as many rows there.
        """
        rows, self._requested_rows = self._requested_rows, None
        if rows is None:
            return
        there = self._cache_page(page)
        if len(there) + unreadable < PAGE_SIZE:
            self._replace_rows(rows, there)
        else:
            self._restore_full_page(rows.start, there)
        remaining = range(rows.start, min(rows.stop, len(self._ids)))
        self._first_missing_row = next((row for row in remaining if self._ids[row] not in self._cache), None)
        # All rows: a second evicted page in sight is requested when it is painted again.
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, self.columnCount() - 1))

    def _restore_full_page(self, first: int, there: list[int]) -> None:
        """Restore a page that older rows follow: it says nothing of the rows behind its last one."""
        wanted = set(there)
        last = next((row for row in reversed(self._window(first)) if self._ids[row] in wanted), None)
        if last is not None:
            end = there.index(self._ids[last]) + 1
            self._replace_rows(range(first, last + 1), there[:end])
        elif wanted.isdisjoint(self._ids):
            self._replace_rows(range(first, first), there)
        else:
            self._replace_rows(self._window(first)[:PAGE_SIZE], [])

    def _window(self, first: int) -> range:
        return range(first, min(first + 2 * PAGE_SIZE, len(self._ids)))

    def _replace_rows(self, rows: range, row_ids: list[int]) -> None:
        """Remove the rows that are gone, and insert those that are new. The others keep their order."""
        wanted = set(row_ids)
        for row in reversed(rows):
            if self._ids[row] not in wanted:
                self.beginRemoveRows(_NO_PARENT, row, row)
                del self._ids[row]
                self.endRemoveRows()
        known = set(self._ids[rows.start : rows.stop])
        for row, row_id in enumerate(row_ids, rows.start):
            if row_id not in known:
                self.beginInsertRows(_NO_PARENT, row, row)
                self._ids.insert(row, row_id)
                self.endInsertRows()

    def cancel_restore(self) -> None:
        """Let the next paint request the evicted page again, after a failed request."""
        self._requested_rows = None

    def _request_evicted_page(self, row: int) -> None:
        if self._requested_rows is None:
            first, missing = row - row % PAGE_SIZE, self._first_missing_row
            if missing is not None and first <= missing <= row:
                first = missing
            self._requested_rows = range(first, min(first + PAGE_SIZE, len(self._ids)))
            self.evictedPageNeeded.emit(self._cursor_at(first))

    def _cursor_at(self, row: int) -> Cursor:
        """The place from which a row and those behind it are read."""
        before, following = range(row - 1, -1, -1), range(row, len(self._ids))
        own = next((self._ids[each] + 1 for each in following if self._ids[each] > 0), 0) if self._has_own else 0
        if not own and self._has_own:
            own = next((self._ids[each] for each in before if self._ids[each] > 0), 0)
        others = (-self._ids[each] for each in before if self._ids[each] < 0) if self._has_others else iter(())
        return Cursor(own or BEFORE_NEWEST, next(others, 0))

    def _cache_page(self, page: list[Operation]) -> list[int]:
        """Cache a page; return the ids of its rows."""
        rows = {first_leg_id(legs[0]): legs for legs in by_return(page)}
        for row_id, legs in rows.items():
            self._has_own = self._has_own or row_id > 0
            self._has_others = self._has_others or row_id < 0
            self._cache_row(row_id, legs)
        self._evict()
        return list(rows)

    def _cache_row(self, row_id: int, legs: tuple[Operation, ...]) -> None:
        self._cache.pop(row_id, None)  # newest entry last
        self._rows.pop(row_id, None)
        self._cache[row_id] = legs

    def _evict(self) -> None:
        for evicted in list(self._cache)[: max(0, len(self._cache) - MAX_CACHED)]:
            del self._cache[evicted]
            self._rows.pop(evicted, None)

    def update_operation(self, operation: Operation) -> bool:
        """Show an operation's new state; return False if no row has its id."""
        row_id = first_leg_id(operation)
        if row_id not in self._ids:
            return False
        row = self._ids.index(row_id)
        legs = self._cache.get(row_id, ())
        if operation.return_id and not legs:
            return True  # its page is read again when it comes into sight
        updated = [operation if leg.operation_id == operation.operation_id else leg for leg in legs]
        self._cache_row(row_id, tuple(updated) or (operation,))
        self._evict()
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
        return True


def _value_text(legs: tuple[Operation, ...]) -> str:
    """What the customer gets back by money legs of one currency, else the value of the first leg."""
    money = [leg for leg in legs if leg.kind is Kind.RETURN] or list(legs[:1])
    total = sum(leg.value for leg in money if leg.currency == money[0].currency)
    return format_money(total, money[0].currency)


def _no_text(column: int) -> str:
    """What a screen reader says of an empty cell."""
    if column == CUSTOMER:
        return translate("HistoryModel", "Cliente não informado")
    return translate("HistoryModel", "Sem nome de quem registrou")
