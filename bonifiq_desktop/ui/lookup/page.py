"""Look-up page: the field, and the views below it (`views.py`). An operation covers both.

Painted before anything else is loaded, with an empty frame in place of the views, which are made after that paint.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.text import MAX_TEXT
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from bonifiq_desktop.ui.lookup.views import LookupViews
    from bonifiq_desktop.ui.widgets.operation_page import OperationPage
    from bonifiq_desktop.worker.commands import PracticeOrders

_MAX_WIDTH = 1120
_ICON, _ICON_LEFT = 24, 16


class LookupPage(QWidget):
    """The field, its buttons and the views. `pageWanted`: the object name of another page's side-bar button.

    `checkoutChosen` carries the id of a checkout whose sale goes on.
    """

    pageWanted = Signal(str)
    checkoutChosen = Signal(str)

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._views: LookupViews | None = None
        self._practice: PracticeOrders | None = None
        self._field = QLineEdit()
        self._field.setObjectName("lookupField")
        self._field.setProperty("look", "search")
        self._field.setMaxLength(MAX_TEXT)  # longer than any order number, so that none is cut into another one
        self._field.setPlaceholderText(self.tr("Pedido, CPF, telefone, nome, valor, data ou leia o código"))
        self._field.setAccessibleName(self.tr("Consultar: pedido, CPF, telefone, nome, valor ou data"))
        self._field.returnPressed.connect(self.look_up)
        self._button = ActionButton(
            "lookupButton", self.tr("Consultar"), "Enter", self.look_up, look="primary", tall=True
        )
        self._balance = ActionButton(
            "balanceButton", self.tr("Saldo do cliente"), "F5", self._ask_balance, has_shortcut=True, tall=True
        )
        self._frame = QFrame()
        self._frame.setProperty("look", "card")
        self.operation: OperationPage | None = None
        self._stack = QStackedLayout(self)
        self._arrange()

    def _arrange(self) -> None:
        content = QWidget()
        content.setMaximumWidth(px(_MAX_WIDTH))
        self._content = QVBoxLayout(content)
        self._content.setContentsMargins(0, 0, 0, 0)
        self._content.setSpacing(px(16))
        search = QHBoxLayout()
        search.setSpacing(px(12))
        search.addWidget(self._field, 1)
        search.addWidget(self._button)
        search.addWidget(self._balance)
        self._content.addLayout(search)
        self._content.addWidget(self._frame, 1)
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(px(24), px(24), px(24), px(16))
        layout.addWidget(content)
        self._stack.addWidget(page)

    def load_views(self) -> "LookupViews":
        """The views, made on first use."""
        if self._views is None:
            from bonifiq_desktop.ui.lookup.views import LookupViews

            self._views = LookupViews(self._client, self._field)
            if self._practice is not None:
                self._views.home.set_practice_orders(self._practice)
            self._views.result.orderShown.connect(self._field.selectAll)
            self._views.result.inputWanted.connect(self.take_focus)
            self._views.result.operationOpened.connect(self.show_operation)
            self._views.pageWanted.connect(self.pageWanted)
            self._views.checkoutChosen.connect(self.checkoutChosen)
            self._content.replaceWidget(self._frame, self._views)
            self._frame.deleteLater()
            self._show_icon()
        return self._views

    def _show_icon(self) -> None:
        """Draw the icon in the room that the sheet leaves before the placeholder, so that no text moves."""
        from bonifiq_desktop.ui.widgets.icon_view import IconView

        layout = QHBoxLayout(self._field)
        layout.setContentsMargins(px(_ICON_LEFT), 0, 0, 0)
        layout.addWidget(IconView("search", "text2", _ICON))
        layout.addStretch(1)

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

    @Slot(object)
    def set_practice_orders(self, practice: "PracticeOrders") -> None:
        self._practice = practice
        if self._views is not None:
            self._views.home.set_practice_orders(practice)

    def clear(self) -> None:
        self.load_views().go_home()

    def look_up_code(self, code: str) -> None:
        """Look up a scanned code."""
        self.load_views().look_up_code(code)

    @Slot()
    def look_up(self) -> None:
        self.load_views().enter()

    @Slot()
    def _ask_balance(self) -> None:
        self.load_views().ask_balance()
        self.take_focus()

    # --- operations

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
