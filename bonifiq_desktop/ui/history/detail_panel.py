"""Panel beside the history table: details of the selected operation, and the buttons that act on it."""

from functools import partial

from PySide6.QtCore import QTimerEvent, QUrl, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from bonifiq_desktop.domain.operations import UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.slips import subject_of
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ui.history.acknowledge_sheet import AcknowledgeSheet
from bonifiq_desktop.ui.history.detail import LEG_LINK, details_html
from bonifiq_desktop.ui.history.row_painter import STATE_ICONS
from bonifiq_desktop.ui.messages.formats import kind_name, operation_state
from bonifiq_desktop.ui.messages.money_legs import value_text
from bonifiq_desktop.ui.messages.reward_operations import REWARD_KINDS
from bonifiq_desktop.ui.printing.preview import open_preview
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    AcknowledgeContradiction,
    Outcome,
    ReadCheckout,
    ReadOperationDetails,
    Status,
    WithdrawOperation,
)

_UPDATE_MS = 20_000
_WIDTH, _NARROW_WIDTH, _WIDE = 400, 372, 1040  # pixels at 100 %


class DetailPanel(QWidget):
    """Shows the details that were requested last; a button is visible while its action is allowed."""

    failed = Signal(object)
    """Emitted with the error of a request or an action."""
    operationChanged = Signal(object)
    decisionRequested = Signal(object)
    """Emitted with the details of an operation about which a person wants to decide."""
    orderRequested = Signal(str)

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._request_id = 0
        self._details: OperationDetails | None = None
        self._checkout: tuple[Operation, ...] = ()
        self._checkout_request_id = 0
        self._status: Status | None = None
        self._is_unfolded = False
        self.requested_id: int | None = None
        self._kind, self._value = label("", "section", "historyKind"), label("", "section", "historyValue")
        self._state = Chip("historyState")
        self._text = QTextBrowser()
        self._text.setObjectName("historyDetail")
        self._text.setAccessibleName(self.tr("Detalhes do registro"))
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._link_chosen)
        self._text.setProperty("look", "plain")
        self._fold = ActionButton(
            "historyTimeline",
            "",
            "Ctrl+E",
            self._toggle_timeline,
            look="ghost",
            icon="chevron-down",
            has_shortcut=True,
        )
        self._decide = ActionButton(
            "historyDecide", self.tr("Decidir"), "F8", self._open_review, look="primary", has_shortcut=True, tall=True
        )
        self._take_over = ActionButton(
            "historyTakeOver",
            self.tr("Assumir o pedido"),
            "F8",
            self._open_take_over,
            icon="people",
            has_shortcut=True,
            tall=True,
        )
        verified = self.tr("Já verifiquei")
        self._acknowledge = ActionButton(
            "historyAcknowledge", verified, "F12", self._ask_to_acknowledge, look="danger", has_shortcut=True, tall=True
        )
        give_up = self.tr("Desistir (ainda não enviado)")
        self._withdraw = ActionButton(
            "historyWithdraw", give_up, "Ctrl+D", self._withdraw_shown, look="dangerGhost", has_shortcut=True
        )
        order = self.tr("Ver pedido")
        self._order = ActionButton("historyOrder", order, "Enter", self.open_order)
        self._print = print_button("historyPrint", self._open_preview, look="ghost", icon="")
        self._arrange()
        self._hide_actions()
        client.statusChanged.connect(self._status_changed)
        client.shopDatabaseChanged.connect(self._shop_changed)
        self.startTimer(_UPDATE_MS)

    def fit(self, page_width: int) -> None:
        """Leave the table the room for its order numbers. `page_width`: pixels."""
        self.setFixedWidth(px(_WIDTH if page_width >= px(_WIDE) else _NARROW_WIDTH))

    def _arrange(self) -> None:
        frame, layout = card()
        first = QHBoxLayout()
        first.addWidget(self._kind)
        first.addStretch(1)
        first.addWidget(self._value)
        second = QHBoxLayout()
        second.addWidget(self._state)
        second.addStretch(1)
        second.addWidget(self._print)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self._text, 1)
        layout.addLayout(button_row(right=(self._fold,)))
        add_all(layout, self._decide, self._take_over, self._acknowledge, self._withdraw)
        last = QHBoxLayout()
        last.addWidget(self._order, 1)
        layout.addLayout(last)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def request(self, operation_id: int) -> None:
        self.requested_id = operation_id
        self._request_id = self._client.submit(ReadOperationDetails(operation_id), self._show)

    def clear(self) -> None:
        """Show no operation; an answer that is under way is ignored."""
        self.requested_id = None
        self._request_id = 0
        self._text.clear()
        self._hide_actions()

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        """Show the details again when the connection or the reason for stopped sending changes."""
        before, self._status = self._status, status
        was = (before.connection, before.stopped_by_credentials) if before else None
        if self._details is not None and was != (status.connection, status.stopped_by_credentials):
            self._show_text(self._details)

    @Slot()
    def _shop_changed(self) -> None:
        """Show how old the news of the other till has become."""
        if self._details is not None and self._details.operation.till and self.isVisible():
            self._show_text(self._details)

    def timerEvent(self, event: QTimerEvent) -> None:
        del event
        self._shop_changed()

    def _hide_actions(self) -> None:
        self._details = None
        for part in (self._fold, self._order, self._print, *self._actions()):
            part.hide()
        for text in (self._kind, self._value):
            text.clear()
        self._state.hide()

    def _show(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.value is None:  # never leave another operation's details beside the selected row
            self._text.clear()
            self._hide_actions()
            if outcome.error is not None:
                self.failed.emit(outcome.error)
            return
        is_same = self._details is not None and self._details.operation.operation_id == self.requested_id
        self._is_unfolded = self._is_unfolded and is_same
        self._details = outcome.value
        operation = outcome.value.operation
        self._read_checkout(operation)
        self._kind.setText(kind_name(operation.kind))
        self._value.setText(value_text(operation))
        text, tone = operation_state(operation)
        self._state.show_chip(tone, text, STATE_ICONS.get(tone, ""))
        self._show_text(outcome.value)
        self._fold.setVisible(len(outcome.value.events) + len(outcome.value.attempts) > 1)
        self._order.setVisible(self._names_an_order())
        self._show_actions(outcome.value)

    def _actions(self) -> tuple[ActionButton, ...]:
        return self._withdraw, self._decide, self._take_over, self._acknowledge

    def _show_actions(self, details: OperationDetails) -> None:
        """Show what may be done: nothing but a take-over where another till registered."""
        operation = details.operation
        is_own = not operation.till
        self._print.setVisible(is_own)
        self._withdraw.setVisible(is_own and operation.state is State.QUEUED)
        self._decide.setVisible(is_own and operation.state is State.REVIEW)
        self._acknowledge.setVisible(is_own and operation.contradicted)
        self._take_over.setVisible(not is_own and operation.state in UNFINISHED and details.taken_over is None)

    def _read_checkout(self, operation: Operation) -> None:
        """Ask for what belongs to the same purchase; the last answer stays in sight meanwhile."""
        if not operation.checkout_id or any(o.checkout_id != operation.checkout_id for o in self._checkout):
            self._checkout = ()
        self._checkout_request_id = (
            self._client.submit(ReadCheckout(operation.checkout_id), self._checkout_read)
            if operation.checkout_id
            else 0
        )

    def _checkout_read(self, outcome: Outcome[tuple[Operation, ...]]) -> None:
        if outcome.request_id == self._checkout_request_id and self._details is not None:
            self._checkout = outcome.value or ()
            self._order.setVisible(self._names_an_order())
            self._show_text(self._details)

    def _names_an_order(self) -> bool:
        """Whether the shown operation is about an order: a redemption's number is a sale's that may never come."""
        if self._details is None:
            return False
        return self._details.operation.kind not in REWARD_KINDS or any(o.kind is Kind.SALE for o in self._checkout)

    def _show_text(self, details: OperationDetails) -> None:
        place = self._text.verticalScrollBar().value()
        shop = self._client.shop_database
        self._text.setHtml(details_html(details, self._status, self._checkout, shop, unfolded=self._is_unfolded))
        self._text.verticalScrollBar().setValue(place)
        folded, unfolded = self.tr("Ver tudo"), self.tr("Ver menos")
        self._fold.set_label(unfolded if self._is_unfolded else folded)

    @Slot()
    def _toggle_timeline(self) -> None:
        if self._details is not None:
            self._is_unfolded = not self._is_unfolded
            self._show_text(self._details)
            if self._is_unfolded:
                self._text.verticalScrollBar().setValue(self._text.verticalScrollBar().maximum())

    @Slot(QUrl)
    def _link_chosen(self, url: QUrl) -> None:
        """Show another leg of the return, or another operation of the checkout."""
        target = url.toString()
        if target.startswith(LEG_LINK):
            self.request(int(target.removeprefix(LEG_LINK)))

    @Slot()
    def open_order(self) -> None:
        """Have the order of the shown operation looked up."""
        if self._details is not None and self._names_an_order():
            self.orderRequested.emit(self._details.operation.order_id)

    @Slot()
    def _open_preview(self) -> None:
        if self._details is not None:
            open_preview(self._client, subject_of(self._details.operation), self)

    @Slot()
    def _open_review(self) -> None:
        details = self._details
        if details is not None and details.operation.state is State.REVIEW and not details.operation.till:
            self.decisionRequested.emit(details)

    @Slot()
    def _open_take_over(self) -> None:
        if self._details is not None and self._details.operation.till:
            from bonifiq_desktop.ui.lookup.take_over_sheet import TakeOverSheet  # most days need none

            operation = self._details.operation
            sheet = TakeOverSheet(self._client, operation, self)
            sheet.accepted.connect(partial(self.request, operation.operation_id))
            sheet.open()

    @Slot()
    def _ask_to_acknowledge(self) -> None:
        if self._details is not None and self._details.operation.contradicted:
            sheet = AcknowledgeSheet(self._details, self)
            sheet.accepted.connect(partial(self._acknowledge_operation, self._details.operation.operation_id))
            sheet.open()

    def _acknowledge_operation(self, operation_id: int) -> None:
        self._acknowledge.hide()
        self._client.submit_with_approval(AcknowledgeContradiction(operation_id), self._acknowledged, asker=self)

    def _acknowledged(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self._acknowledge.show()
            self.failed.emit(outcome.error)
        elif outcome.value is not None:
            self.operationChanged.emit(outcome.value)

    @Slot()
    def _withdraw_shown(self) -> None:
        if self._details is not None:
            self._withdraw.hide()
            self._client.submit(WithdrawOperation(self._details.operation.operation_id), self._withdrawn)

    def _withdrawn(self, outcome: Outcome[Operation]) -> None:
        """Show why nothing was withdrawn; a withdrawn operation is published like every change."""
        if outcome.error is not None:
            self.failed.emit(outcome.error)
            if self.requested_id is not None:
                self.request(self.requested_id)
