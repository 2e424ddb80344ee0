"""Table model of the history page: loads pages as they scroll into sight, keeps the latest ones in memory.

Every row keeps its operation's id. The operations of older pages are evicted, so that scrolling through ten years
needs no more memory than a morning.
"""

from array import array
from bisect import bisect_left
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.history import PAGE_SIZE
from bonifiq_desktop.ui.messages.formats import kind_name, operation_state, short_date_and_time
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.labels import tooltip

OPERATION_ROLE = int(Qt.ItemDataRole.UserRole)
"""The operation; None while its page is loaded again."""
ID_ROLE = OPERATION_ROLE + 1
"""The operation's id, which every row has."""
# As numbers: Qt asks for seven roles of every cell, and looking a name of PySide's up takes longer than the answer.
_DISPLAY, _FOREGROUND, _ALIGNMENT, _TOOLTIP = (
    int(Qt.ItemDataRole.DisplayRole),
    int(Qt.ItemDataRole.ForegroundRole),
    int(Qt.ItemDataRole.TextAlignmentRole),
    int(Qt.ItemDataRole.ToolTipRole),
)
_ROLES = frozenset({_DISPLAY, _FOREGROUND, _ALIGNMENT, _TOOLTIP, OPERATION_ROLE, ID_ROLE})
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
MAX_CACHED = 64 * PAGE_SIZE
"""Maximum number of operations in memory."""
_WHEN, _KIND, _ORDER, _VALUE, _STATE = range(5)
_NO_PARENT = QModelIndex()
_TONES = {"success": QColor("#2e9e62"), "warning": QColor("#c07d00"), "danger": QColor("#d33d33")}


class HistoryModel(QAbstractTableModel):
    """Newest first. Both signals carry the id before which the requested page starts."""

    nextPageNeeded = Signal(int)
    evictedPageNeeded = Signal(int)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._headings = (
            translate("HistoryModel", "Quando"),
            translate("HistoryModel", "O quê"),
            translate("HistoryModel", "Pedido"),
            translate("HistoryModel", "Valor"),
            translate("HistoryModel", "Situação"),
        )
        self._ids = array("q")  # negative, so that they ascend as bisect needs
        self._cache: dict[int, Operation] = {}
        self._is_complete = True
        self._next_page_requested = False
        self._requested_rows: range | None = None
        self._first_missing_row: int | None = None  # row at which the restored page ended short

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        is_heading = role == _DISPLAY and orientation == Qt.Orientation.Horizontal
        return self._headings[section] if is_heading and 0 <= section < len(self._headings) else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ROLES or not index.isValid():
            return None
        number = -self._ids[index.row()]
        operation = self._cache.get(number)
        if operation is None:
            self._request_evicted_page(index.row())
            return number if role == ID_ROLE else None
        if role == _DISPLAY:
            return _text(operation, index.column())
        if role == OPERATION_ROLE:
            return operation
        if role == ID_ROLE:
            return number
        if role == _FOREGROUND and index.column() == _STATE:
            return _TONES.get(operation_state(operation)[1])
        if role == _ALIGNMENT and index.column() == _VALUE:
            return _RIGHT
        if role == _TOOLTIP and index.column() == _ORDER:
            return tooltip(operation.order_id)
        return None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and not self._is_complete and not self._next_page_requested

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent):
            self._next_page_requested = True
            self.nextPageNeeded.emit(-self._ids[-1])

    def show_first_page(self, page: list[Operation], unreadable: int = 0) -> None:
        """Replace all rows by the newest page, which has `unreadable` damaged operations beside those in `page`."""
        self.beginResetModel()
        self._ids = array("q", (-operation.operation_id for operation in page))
        self._cache = {}
        self._cache_page(page)
        self._requested_rows = None
        self._is_complete = not page or len(page) + unreadable < PAGE_SIZE
        self._next_page_requested = False
        self.endResetModel()

    def append_page(self, page: list[Operation], unreadable: int = 0) -> None:
        self._next_page_requested = False
        self._is_complete = not page or len(page) + unreadable < PAGE_SIZE
        if page:
            first = len(self._ids)
            self.beginInsertRows(_NO_PARENT, first, first + len(page) - 1)
            self._ids.extend(-operation.operation_id for operation in page)
            self._cache_page(page)
            self.endInsertRows()

    def restore_page(self, page: list[Operation], unreadable: int = 0) -> None:
        """Put an evicted page back.

        A row missing from the page is removed, unless it lies beyond the page's end: `unreadable` damaged operations
        take the place of as many rows there.
        """
        rows, self._requested_rows = self._requested_rows, None
        if rows is None:
            return
        self._cache_page(page)
        there = {-operation.operation_id for operation in page}
        end = max(there, default=0) if unreadable else 0
        for row in reversed(rows):
            if self._ids[row] not in there and (not unreadable or self._ids[row] < end):
                self.beginRemoveRows(_NO_PARENT, row, row)
                del self._ids[row]
                self.endRemoveRows()
        remaining = range(rows.start, min(rows.stop, len(self._ids)))
        self._first_missing_row = next((row for row in remaining if -self._ids[row] not in self._cache), None)
        # All rows: a second evicted page in sight is requested when it is painted again.
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, self.columnCount() - 1))

    def cancel_restore(self) -> None:
        """Let the next paint request the evicted page again, after a failed request."""
        self._requested_rows = None

    def _request_evicted_page(self, row: int) -> None:
        if self._requested_rows is None:
            first = row if row == self._first_missing_row else row - row % PAGE_SIZE
            self._requested_rows = range(first, min(first + PAGE_SIZE, len(self._ids)))
            self.evictedPageNeeded.emit(1 - self._ids[first])

    def _cache_page(self, page: list[Operation]) -> None:
        for operation in page:
            self._cache.pop(operation.operation_id, None)  # newest entry last
            self._cache[operation.operation_id] = operation
        for evicted in list(self._cache)[: max(0, len(self._cache) - MAX_CACHED)]:
            del self._cache[evicted]

    def update_operation(self, operation: Operation) -> bool:
        """Show an operation's new state; return False if no row has its id."""
        row = bisect_left(self._ids, -operation.operation_id)
        if row == len(self._ids) or self._ids[row] != -operation.operation_id:
            return False
        self._cache_page([operation])
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
        return True


def _text(operation: Operation, column: int) -> str:
    match column:
        case 0:
            return short_date_and_time(operation.created_at)
        case 1:
            return kind_name(operation.kind)
        case 2:
            return operation.order_id
        case 3:
            return format_reais(operation.value)
        case _:
            return operation_state(operation)[0]
