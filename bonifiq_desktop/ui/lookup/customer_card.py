"""Card of a customer: initials, name, tier, points, cashback, and the masked CPF with a button that shows it."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.ui.lookup.parts import Initials
from bonifiq_desktop.ui.messages import formats
from bonifiq_desktop.ui.messages.formats import balance_line
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel

_MAX_NAME = 90  # characters
_REVEAL_MS = 20_000


class CustomerCard(QFrame):
    """Shows the customer of an order. `reveal_button` is in sight while the document is masked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self._customer: Customer | None = None
        self._initials = Initials()
        self._name = UntrustedLabel("section", "orderCustomer", max_length=_MAX_NAME)
        self._tier = UntrustedLabel("muted", "orderTier", max_length=_MAX_NAME)
        self._balances = UntrustedLabel("", "orderBalances", max_length=_MAX_NAME)
        self._document = UntrustedLabel("muted", "orderDocument", max_length=_MAX_NAME)
        self.reveal_button = ActionButton("revealButton", self.tr("Mostrar CPF"), look="ghost", icon="eye")
        policy = self.reveal_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # nothing below moves when the CPF is shown
        self.reveal_button.setSizePolicy(policy)
        self._mask_timer = QTimer(self, singleShot=True, interval=_REVEAL_MS)
        self._mask_timer.timeout.connect(self.mask_document)
        self._arrange()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(12))
        names = QVBoxLayout()
        names.setSpacing(px(2))
        add_all(names, self._name, self._tier)
        head.addWidget(self._initials, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._document, 1)
        foot.addWidget(self.reveal_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(12), px(12), px(8))
        layout.setSpacing(px(4))
        add_all(layout, head, self._balances, foot)

    def show_customer(self, customer: Customer | None) -> None:
        self._customer = customer
        self.mask_document()

    def reveal(self, document: str) -> None:
        """Show the whole document for a short time."""
        self._show(document)
        self._mask_timer.start()

    @Slot()
    def mask_document(self) -> None:
        self._mask_timer.stop()
        self._show()

    def _show(self, revealed: str = "") -> None:
        customer = self._customer
        name, _details = formats.customer_lines(customer)
        self._name.setText(name)
        self._initials.show_name(customer.name if customer else "")
        for part, text in (
            (self._tier, customer.tier if customer else ""),
            (self._balances, balance_line(customer)),
            (self._document, revealed or (mask_document(customer.document) if customer else "")),
        ):
            part.setText(text)
            part.setVisible(bool(text))
        # A CNPJ is public and never masked.
        self.reveal_button.setVisible(customer is not None and "*" in customer.document and not revealed)
