"""Search of the customer of a sale: requests to the worker, and answers to the form."""

from PySide6.QtCore import QObject, Signal, Slot

from bonifiq_desktop.domain.documents import DocumentError
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.ui.sale.form import SaleForm
from bonifiq_desktop.ui.sale.identity import Identity, IdentityKind
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import FindCustomer, Outcome


class CustomerSearch(QObject):
    """Finds the customer that the form names. Only the answer to the last request counts."""

    failed = Signal(object)
    filledIn = Signal()

    def __init__(self, client: WorkerClient, form: SaleForm, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._form = form
        self._request_id = 0
        form.customer.searched.connect(self.find)
        form.customer.dropped.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Ignore the answer to the last request."""
        self._request_id = 0

    @Slot(object)
    def find(self, identity: Identity) -> None:
        self.forget()
        if identity.kind is IdentityKind.INVALID:
            self.failed.emit(DocumentError())
        elif identity.is_exact:
            self._request_id = self._client.submit(FindCustomer(identity.value), self._found)

    def _found(self, outcome: Outcome[Customer | None]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.value is not None:
            self._form.show_known_customer(outcome.value)
        else:  # new here, or no answer: the cashier types the fields
            self._form.show_new_customer()
        self.filledIn.emit()
