"""Base of the refund and the whole cancel: undo, the balance after it, and Enter that arms the button."""

from secrets import token_hex

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.operations import BONIFIQ, Operation
from bonifiq_desktop.ledger.errors import AlreadyRegistered
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.formats import customer_lines
from bonifiq_desktop.ui.refund.summary import balance_text
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.operation_page import PageWithDraft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LookUp, Outcome


class ReturnPage(PageWithDraft):
    """Takes goods of a looked-up order back. `arm_on_enter` names the fields whose Enter arms the button."""

    undoable = True

    def __init__(
        self, client: WorkerClient, found: LookupResult, parent: QWidget, *, prefix: str, heading: str, look: str
    ) -> None:
        customer, _details = customer_lines(found.order.customer)
        title = f"{heading.format(found.order.order_id)}  ·  {customer}"
        super().__init__(client, prefix, title, look, parent)
        self._found = found
        self._intent_id = token_hex(8)

    def arm_on_enter(self, *fields: QWidget) -> None:
        """Arm the button by Enter in a field, and let Tab reach it behind the last one."""
        for field in fields:
            field.installEventFilter(self)
        QWidget.setTabOrder(fields[-1], self.confirm_button)
        QWidget.setTabOrder(self.confirm_button, self.back_button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if is_enter(event) and watched is not self.confirm_button:
            self.arm()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def arm(self) -> None:
        """Focus the button, so that the next Enter registers; where something is missing, focus that."""
        (self.confirm_button if self.confirm_button.isEnabled() else self.missing()).setFocus()

    def missing(self) -> QWidget:
        """The field that is to be filled in before the button is enabled."""
        raise NotImplementedError

    def not_registered(self, error: Exception) -> None:
        """Delete the draft of a return that is registered already."""
        if isinstance(error, AlreadyRegistered):
            self._draft.discard()

    def undone(self) -> None:
        self._intent_id = token_hex(8)
        super().undone()

    def settled(self, operation: Operation) -> None:
        if operation.system != BONIFIQ:
            return
        self._client.submit(LookUp(operation.order_id, is_order_number=True), self._balance_received)

    def _balance_received(self, outcome: Outcome[LookupResult]) -> None:
        found = outcome.value
        if found is not None and found.cached_at is None:
            self.outcome.show_balance(balance_text(found.order.customer))
