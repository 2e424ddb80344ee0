"""The operations of the history page as a table that loads its pages as they are scrolled into sight."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ledger.history import PAGE
from bonifiq_desktop.ui.formats import kind_name, moment_short, standing, translate
from bonifiq_desktop.ui.widgets.parts import tooltip

OPERATION_ROLE = Qt.ItemDataRole.UserRole
_WHEN, _KIND, _ORDER, _VALUE, _STATE = range(5)
_NO_PARENT = QModelIndex()
_TONES = {"success": QColor("#2e9e62"), "warning": QColor("#c07d00"), "danger": QColor("#d33d33")}


class HistoryModel(QAbstractTableModel):
    """Newest first. `wantsMore` carries the id before which the next page starts."""

    wantsMore = Signal(int)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._operations: list[Operation] = []
        self._complete = True
        self._asked = False

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._operations)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if not 0 <= section < self.columnCount():
            return None
        return (
            translate("HistoryModel", "Quando"),
            translate("HistoryModel", "O quê"),
            translate("HistoryModel", "Pedido"),
            translate("HistoryModel", "Valor"),
            translate("HistoryModel", "Situação"),
        )[section]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        operation = self._operations[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(operation, index.column())
        if role == OPERATION_ROLE:
            return operation
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == _STATE:
            return _TONES.get(standing(operation)[1])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == _VALUE:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == _ORDER:
            return tooltip(operation.order_id)
        return None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and not self._complete and not self._asked

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.wantsMore.emit(self._operations[-1].operation_id)

    def show_first(self, page: list[Operation], left_out: int = 0) -> None:
        """Start anew with the newest page, of which `left_out` operations cannot be shown."""
        self.beginResetModel()
        self._operations = list(page)
        self._complete = not page or len(page) + left_out < PAGE
        self._asked = False
        self.endResetModel()

    def append(self, page: list[Operation], left_out: int = 0) -> None:
        """The next page, older than all that is shown."""
        self._asked = False
        self._complete = not page or len(page) + left_out < PAGE
        if page:
            first = len(self._operations)
            self.beginInsertRows(_NO_PARENT, first, first + len(page) - 1)
            self._operations.extend(page)
            self.endInsertRows()

    def update_operation(self, operation: Operation) -> bool:
        """Show an operation's new state; False when it is not among the rows."""
        for row, known in enumerate(self._operations):
            if known.operation_id == operation.operation_id:
                self._operations[row] = operation
                self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
                return True
        return False


def _text(operation: Operation, column: int) -> str:
    match column:
        case 0:
            return moment_short(operation.created_at)
        case 1:
            return kind_name(operation.kind)
        case 2:
            return operation.order_id
        case 3:
            return format_reais(operation.value)
        case _:
            return standing(operation)[0]
