"""Look-up page: the field for an order number, and the view of the result (`result.py`). An operation covers both.

Painted before anything else is loaded; the view of the result is made on first use.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.text import MAX_TEXT
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from bonifiq_desktop.ui.lookup.result import LookupResultView
    from bonifiq_desktop.ui.widgets.operation_page import OperationPage


class LookupPage(QWidget):
    """The field, its button, and the view of the result."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._result: LookupResultView | None = None
        self._field = QLineEdit()
        self._field.setObjectName("lookupField")
        self._field.setProperty("look", "big")
        self._field.setMaxLength(MAX_TEXT)  # longer than any order number, so that none is cut into another one
        self._field.setPlaceholderText(self.tr("Digite ou leia o número do pedido"))
        self._field.setAccessibleName(self.tr("Número do pedido"))
        self._field.returnPressed.connect(self.look_up)
        self._button = KeyButton("lookupButton", self.tr("Consultar"), "Enter", self.look_up, look="main", tall=True)
        self._hint = label(
            self.tr("Leia o código do cupom fiscal ou digite o número e aperte Enter."), "hint", "lookupHint"
        )
        self._hint.setWordWrap(True)
        self._content = QVBoxLayout()
        self._scroll = QScrollArea()
        self.operation: OperationPage | None = None
        self._stack = QStackedLayout(self)
        self._arrange()

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setObjectName("page")
        inner.setLayout(self._content)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(14)
        self._content.addWidget(self._hint)
        self._content.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inner)
        search_page = QWidget()
        self._stack.addWidget(search_page)
        layout = QVBoxLayout(search_page)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(14)
        search = QHBoxLayout()
        layout.addLayout(search)
        search.addWidget(self._field, 1)
        search.addWidget(self._button)
        layout.addWidget(self._scroll, 1)

    def load_result(self) -> "LookupResultView":
        if self._result is None:
            from PySide6.QtCore import Qt

            from bonifiq_desktop.ui.lookup.result import LookupResultView

            self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

            self._result = LookupResultView(self._client)
            self._result.orderShown.connect(self._field.selectAll)
            self._result.inputWanted.connect(self.take_focus)
            self._result.operationOpened.connect(self.show_operation)
            self._content.insertWidget(1, self._result)  # below the hint, so that no visible widget moves
        return self._result

    def showEvent(self, event: "QShowEvent") -> None:
        super().showEvent(event)
        self.take_focus()

    @Slot()
    def take_focus(self) -> None:
        """Focus the open operation; without one, the field with its text selected, for the next number."""
        if self.operation is not None:
            if not self.operation.isAncestorOf(self.focusWidget()):
                self.operation.setFocus()
            return
        self._field.setFocus()
        self._field.selectAll()

    def show_operation(self, page: "OperationPage") -> None:
        """Show a refund or a whole cancel in place of the field and the order, until it has finished."""
        self.leave_operation()
        if self.operation is not None:
            page.deleteLater()  # the open one waits for its own registration, and refuses to close
            return
        self.operation = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.finished.connect(self._operation_finished)

    def leave_operation(self) -> None:
        """Close the open operation; one that keeps a draft keeps it."""
        if self.operation is not None:
            self.operation.reject()

    @Slot()
    def _operation_finished(self) -> None:
        page, self.operation = self.operation, None
        if page is not None:
            self._stack.setCurrentIndex(0)
            self._stack.removeWidget(page)
            page.deleteLater()
            self.take_focus()

    def set_practice_orders(self, orders: tuple[tuple[str, str], ...]) -> None:
        lines = "\n".join(f"{number}   {hint}" for number, hint in orders)
        self._hint.setText(self.tr("Pedidos para experimentar:") + "\n" + lines)

    def clear(self) -> None:
        self.load_result().clear()
        self._hint.show()

    def look_up_code(self, code: str) -> None:
        self._field.setText(code)
        self.look_up()

    @Slot()
    def look_up(self) -> None:
        self._hint.hide()
        self.load_result().look_up(self._field.text())
