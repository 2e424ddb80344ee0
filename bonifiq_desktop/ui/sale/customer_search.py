"""Search of the customer of a sale: requests to the worker, and answers to the form."""

from PySide6.QtCore import QObject, Signal, Slot

from bonifiq_desktop.domain.documents import DocumentError
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.search import Balance, OrderHit, SearchResult
from bonifiq_desktop.ui.sale.customer_hits import one_of_each
from bonifiq_desktop.ui.sale.form import SaleForm
from bonifiq_desktop.ui.sale.identity import Identity, IdentityKind
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CustomerBalance, FindCustomer, Outcome, Search


class CustomerSearch(QObject):
    """Finds the customer that the form names. Only the answer to the last request counts.

    `failed` carries the error of a text that names no customer; `filledIn`: the form shows an answer.
    """

    failed = Signal(object)
    filledIn = Signal()

    def __init__(self, client: WorkerClient, form: SaleForm, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self._form = form
        self._identity = Identity(IdentityKind.NONE)
        self._request_id = 0
        self._order_id = ""  # the order that the last request names
        form.customer.searched.connect(self.find)
        form.customer.hitChosen.connect(self._find_by_hit)
        form.customer.dropped.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Ignore the answer to the last request."""
        self._request_id = 0

    @Slot(object)
    def find(self, identity: Identity) -> None:
        """A document leads to its customer; a phone, an e-mail address or a name may fit several."""
        self.forget()
        self._identity, self._order_id = identity, ""
        if identity.kind is IdentityKind.INVALID:
            self.failed.emit(DocumentError())
        elif identity.kind is IdentityKind.DOCUMENT:
            self._request_id = self._client.submit(FindCustomer(identity.value), self._found)
        elif identity.is_searchable:
            self._request_id = self._client.submit(Search(identity.value), self._searched)

    @Slot(object)
    def _find_by_hit(self, hit: OrderHit) -> None:
        self.find_by_order(hit.order_id)
        self._form.customer.move_on()

    def find_by_order(self, order_id: str) -> None:
        self._order_id = order_id
        self._request_id = self._client.submit(FindCustomer(order_id=order_id), self._found)

    def _searched(self, outcome: Outcome[SearchResult]) -> None:
        if outcome.request_id != self._request_id:
            return
        hits = one_of_each(outcome.value.hits) if outcome.value is not None else []
        if self._identity.kind is IdentityKind.NAME or len(hits) > 1:
            self._form.customer.show_hits(hits)
        elif hits:
            self.find_by_order(hits[0].order_id)
        else:  # the index is not ready, or holds nothing: the pseudonym finds customers without a document
            self._request_id = self._client.submit(FindCustomer(self._identity.value), self._found)

    def _found(self, outcome: Outcome[Customer | None]) -> None:
        if outcome.request_id != self._request_id:
            return
        if outcome.value is not None:
            self._form.show_known_customer(outcome.value, self._order_id)
        else:  # new here, or no answer: the cashier types the fields
            self._form.show_new_customer()
            if outcome.error is None and self._identity.is_exact:
                self._request_id = self._client.submit(CustomerBalance(self._identity.value), self._balance_received)
        self.filledIn.emit()

    def _balance_received(self, outcome: Outcome[Balance]) -> None:
        """Say that BonifiQ knows a customer who is new at this till."""
        if outcome.request_id == self._request_id and outcome.value is not None:
            self._form.customer.show_balance(outcome.value)
