"""Views below the look-up field: home, results while typing, an order, a customer's balance.

The field keeps the focus: arrows and Enter in it choose from the list in sight.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from bonifiq_desktop.domain.search import Balance, Draft, OpenCheckout, OrderHit, QueryKind, SearchResult
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.lookup.balance import BalanceView
from bonifiq_desktop.ui.lookup.home import HomeView
from bonifiq_desktop.ui.lookup.result import LookupResultView
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.lookup.search_view import AskBalance, AskBonifiq, SearchView, confirmed_order_id
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CustomerBalance, Outcome, Search

_TYPING_PAUSE_MS = 60  # shorter than a person's pause between two keys, longer than a scanner's
_PAGE = 7  # rows


class LookupViews(QStackedWidget):
    """`pageWanted`: the object name of the side-bar button of another page."""

    pageWanted = Signal(str)
    checkoutChosen = Signal(str)
    """Emitted with the id of a checkout whose sale goes on."""

    def __init__(self, client: WorkerClient, field: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._field = field
        self._search_id = self._balance_id = 0
        self._searched = ""  # the text of the last search
        self._found: SearchResult | None = None  # its result
        self._enter_waits = False  # Enter was pressed before the result of its text came
        self.home = HomeView(client)
        self.search = SearchView()
        self.result = LookupResultView(client)
        self.balance = BalanceView()
        for view in (self.home, self.search, self.result, self.balance):
            self.addWidget(view)
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self._search)
        self._connect()

    def _connect(self) -> None:
        self._field.textEdited.connect(self._edited)
        self._field.installEventFilter(self)
        self.home.rows.chosen.connect(self._choose)
        self.search.chosen.connect(self._choose)
        self.balance.saleWanted.connect(lambda: self.pageWanted.emit("navSale"))
        self._client.sessionChanged.connect(self._session_changed)
        self._client.searchIndexReady.connect(self._repeat_search)
        self.result.numberConfirmed.connect(self.ask_as_number)
        self.result.orderMissing.connect(self._offer_hits)

    # --- typing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and watched is self._field:
            if event.type() == QEvent.Type.ShortcutOverride and self._takes_escape(event):
                event.accept()  # otherwise the window's own Esc would take it
                return True
            if event.type() == QEvent.Type.KeyPress and self._key_pressed(event):
                return True
        return super().eventFilter(watched, event)

    def _takes_escape(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and (bool(self._field.text()) or self.currentWidget() is not self.home)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        if self._takes_escape(event):
            self.go_home()
            return True
        if event.key() in ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.ask_as_number()
            return True
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: _PAGE,
            Qt.Key.Key_PageUp: -_PAGE,
        }.get(Qt.Key(event.key()))
        rows = self._rows()
        if steps is None or rows is None:
            return False
        rows.step(steps)
        return True

    def _rows(self) -> RowList | None:
        """The list in sight that the field's arrows move in."""
        view = self.currentWidget()
        return view.rows if isinstance(view, HomeView | SearchView) else None

    @Slot()
    def _edited(self) -> None:
        self._enter_waits = False
        self._found = None
        self._balance_id = 0
        self.result.drop_unanswered()
        if self._field.text().strip():
            self._typing.start()
        else:
            self.go_home()

    @Slot()
    def go_home(self) -> None:
        """Leave the order, the results and the typed text."""
        self._forget_search()
        self._field.clear()
        self.result.clear()
        self.setCurrentWidget(self.home)

    @Slot()
    def _search(self) -> None:
        self._typing.stop()
        self._searched = self._field.text()
        self._search_id = self._client.submit(Search(self._searched), self._searched_received)

    @Slot()
    def _repeat_search(self) -> None:
        """Find the customers, whose names were not loaded at the first search."""
        if self.currentWidget() is self.search:
            self._search()

    def _searched_received(self, outcome: Outcome[SearchResult]) -> None:
        if outcome.request_id != self._search_id or self._field.text() != self._searched:
            return
        enter, self._enter_waits = self._enter_waits, False
        self._found = outcome.value
        if outcome.value is None:
            if enter:  # the till is locked or has no ledger: the look-up says so
                self._look_up(self._searched)
            return
        self.search.show_result(self._searched, outcome.value)
        if enter:
            self.enter()
        else:
            self.setCurrentWidget(self.search)

    def _forget_search(self) -> None:
        self._typing.stop()
        self._search_id = self._balance_id = 0
        self._searched, self._found, self._enter_waits = "", None, False
        self.search.clear()

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        """Forget what the last person searched."""
        if session.requires_sign_in and session.current_user is None and not self._enter_waits:
            self._forget_search()
            self.balance.clear()
            if self.currentWidget() is not self.result:
                self.go_home()

    # --- choosing

    @Slot()
    def enter(self) -> None:
        """Choose the marked row; an order number goes out, any other text is looked for in this till alone."""
        text = self._field.text()
        rows = self._rows()
        if not text.strip():
            if rows is not None and rows.rows:
                rows.choose()
            else:
                self._look_up(text)  # which says that an empty text is no number
            return
        if self._found is None or self._searched != text:
            self._enter_waits = True
            self._search()
            self.setCurrentWidget(self.result)
            self.result.clear()  # at once, so that no key acts on the order of before
            return
        if self.currentWidget() is self.search and self.search.rows.current_target() is not None:
            self.search.rows.choose()
        elif QueryKind.SLIP in self._found.kind and self._found.hits:
            self._choose(self._found.hits[0])
        elif self._found.order_id and confirmed_order_id(text):
            self._look_up(self._found.order_id)
        elif self._found.hits:
            self._choose(self._found.hits[0])
        else:
            self.setCurrentWidget(self.result)
            self.result.show_not_found(text, self._found.slip)

    @Slot()
    def _offer_hits(self) -> None:
        """Offer what this till knows by a text that is no order number there: the end of a phone number, for one."""
        text = self._field.text()
        if self._found is not None and self._found.hits and text == self._searched:
            self.search.show_hits_of_missing(text, self._found)
            self.setCurrentWidget(self.search)

    def look_up_code(self, code: str) -> None:
        """Take a scanned code: as if it was typed, with Enter."""
        self._field.setText(code)
        self._found = None
        self.enter()

    @Slot()
    def ask_as_number(self) -> None:
        """Look the typed text up as an order number, whatever it looks like."""
        number = confirmed_order_id(self._field.text())
        if number:
            self._look_up(number, is_sure=True)

    @Slot()
    def ask_balance(self) -> None:
        """Ask for the balance of the customer whose document, phone or e-mail is typed."""
        text = self._field.text()
        self._forget_search()
        self.setCurrentWidget(self.result)
        if not text.strip():
            self.result.show_balance_error(None)
            return
        self.result.say_asking()
        self._balance_id = self._client.submit(CustomerBalance(text), self._balance_received)

    def _balance_received(self, outcome: Outcome[Balance]) -> None:
        if outcome.request_id != self._balance_id:
            return
        if outcome.value is None:
            self.result.show_balance_error(outcome.error)
            return
        self.result.clear()
        self.balance.show_balance(outcome.value)
        self.setCurrentWidget(self.balance)
        self._field.selectAll()

    @Slot(object)
    def _choose(self, target: object) -> None:
        match target:
            case OrderHit():
                self._field.setText(target.order_id)
                self._look_up(target.order_id, is_sure=True)
            case AskBonifiq():
                self._look_up(target.order_id, is_sure=target.is_sure)
            case AskBalance():
                self.ask_balance()
            case OpenCheckout():
                self._ask_about(target)
            case Draft(screen="sale"):
                self.pageWanted.emit("navSale")
            case Draft(screen="review"):
                self.pageWanted.emit("navHistory")
            case Draft():
                self._field.setText(target.order_id)
                self._look_up(target.order_id, is_sure=True, then_open=target.screen)

    def _ask_about(self, checkout: OpenCheckout) -> None:
        from bonifiq_desktop.ui.lookup.checkout_sheet import CheckoutSheet  # most days need none

        sheet = CheckoutSheet(self._client, checkout, self)
        sheet.saleWanted.connect(self.checkoutChosen)
        sheet.open()

    def _look_up(self, text: str, *, is_sure: bool = False, then_open: str = "") -> None:
        self._typing.stop()
        self._search_id = self._balance_id = 0
        self.setCurrentWidget(self.result)
        self.result.look_up(text, is_sure=is_sure, then_open=then_open)
