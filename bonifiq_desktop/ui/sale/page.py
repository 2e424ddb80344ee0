"""Sale page: the form, its submission, and the outcome."""

from secrets import token_hex
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.documents import DocumentError, read_document
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, SaleNumberUsed
from bonifiq_desktop.services.clock_check import ClockDoubted
from bonifiq_desktop.ui.sale.form import SaleForm
from bonifiq_desktop.ui.widgets.banner import Banner, OutcomeBanner
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.labels import KeyButton, label, set_invalid
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import FindCustomer, Outcome, RegisterSale


class SalePage(QWidget):
    """Registers one sale at a time, and starts an empty form for the next one."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._customer_request_id = 0
        self._intent_id = token_hex(8)
        self.message = Banner("saleMessage")
        self.outcome = OutcomeBanner("saleOutcome")
        register, anyway = self.tr("Registrar venda"), self.tr("Registrar com a data deste PC")
        self.submit = KeyButton("saleSubmit", register, "Ctrl+Enter", self._submit, look="main", tall=True)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.submit.click)
        self._submit_anyway = KeyButton("saleDespiteClock", anyway, look="danger", tall=True)
        self._submit_anyway.clicked.connect(lambda: self._submit(despite_clock=True))
        self._submit_anyway.hide()
        self.form = SaleForm(self.submit)
        self.form.edited.connect(self._edited)
        self.form.documentEntered.connect(self._find_customer)
        self.form.documentEdited.connect(self._cancel_customer_search)
        self.draft = DraftKeeper(client, "sale", self._read_draft, self._restore_draft, self)
        self._arrange()
        client.operationChanged.connect(self._operation_changed)

    def _arrange(self) -> None:
        title = label(self.tr("Nova venda"), "title")
        buttons = button_row(right=(self._submit_anyway, self.submit))
        layout = lay_out(
            self, title, self.message, self.outcome, self.form, buttons, margins=(24, 16, 24, 14), spacing=10
        )
        layout.setStretchFactor(self.form, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.document.setFocus()

    @Slot()
    def _edited(self) -> None:
        self.draft.changed()
        self._submit_anyway.hide()
        if self.outcome.operation is not None:
            self.outcome.clear_operation()  # the outcome of the last sale would mislead in the next one
        self.form.mark_invalid("")
        self.message.clear()

    def _read_draft(self) -> dict[str, Any]:
        typed = self.form.read_draft()
        return {**typed, "intent_id": self._intent_id} if typed else {}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        self._intent_id = str(draft.get("intent_id") or self._intent_id)
        self.form.restore_draft(draft)
        self.message.say(
            "info",
            self.tr("Esta venda estava começada."),
            self.tr("Ela ainda não foi registrada."),
            self.tr("Continue de onde parou ou apague os campos."),
        )

    # --- the customer

    @Slot(str)
    def _find_customer(self, typed: str) -> None:
        """Fill in a customer that this till knows; show at once that a document is invalid."""
        try:
            document = read_document(typed)
        except DocumentError as error:
            set_invalid(self.form.document, wrong=True)
            self.message.show_error(error)
            return
        self._customer_request_id = self._client.submit(FindCustomer(document), self._customer_found)

    @Slot()
    def _cancel_customer_search(self) -> None:
        self._customer_request_id = 0

    def _customer_found(self, outcome: Outcome[Customer | None]) -> None:
        # Without an answer, or for a new customer, the cashier types the fields.
        if outcome.request_id == self._customer_request_id and outcome.value is not None:
            self.form.fill_customer(outcome.value)
            self.draft.changed()

    # --- registering

    @Slot()
    def _submit(self, *, despite_clock: bool = False) -> None:
        if not self.submit.isEnabled():
            return
        self.message.clear()
        self._submit_anyway.hide()
        try:
            sale = self.form.sale()
        except SaleError as error:
            self.form.mark_invalid(error.field)
            self.message.show_error(error)
            return
        self.form.mark_invalid("")
        self._customer_request_id = 0
        self.draft.flush()  # before the sale: a draft saved after it would come back
        self.submit.setEnabled(False)  # until the outcome, so that a second press registers nothing
        self._client.submit_with_approval(
            RegisterSale(sale, self._intent_id, despite_clock), self._outcome_received, asker=self
        )

    def _outcome_received(self, outcome: Outcome[Operation]) -> None:
        self.submit.setEnabled(True)
        if outcome.error is not None:
            self.form.mark_invalid(_field_for(outcome.error))
            self._submit_anyway.setVisible(isinstance(outcome.error, ClockDoubted))
            self.message.show_error(outcome.error)
            if isinstance(outcome.error, AlreadyRegistered):
                self._clear()
        elif outcome.value is not None:
            self._clear()
            self.outcome.show_operation(outcome.value)
            self.form.document.setFocus()
            self.form.show_top()

    def _clear(self) -> None:
        self._customer_request_id = 0  # a late answer must not fill in the next sale
        self._intent_id = token_hex(8)
        self.draft.discard()
        self.form.clear()

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if self.outcome.follows(operation):
            self.outcome.show_operation(operation)


def _field_for(error: Exception) -> str:
    """The field of an error, by its name in SaleError; empty for none."""
    if isinstance(error, SaleNumberUsed | OrderBusy):
        return "order_id"
    return error.field if isinstance(error, SaleError) else ""
