"""Card of the customer of a sale: initials, name, masked data, tier and balances."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.ui.messages.formats import points_text
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_MAX_NAME = 120


class CustomerCard(QFrame):
    """Hidden while no customer is known. `customer`: the shown one, masked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("saleCustomer")
        self.setProperty("look", "person")
        self.customer: Customer | None = None
        self._initials = label("", "initials")
        self._initials.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = UntrustedLabel("section", "saleCustomerName", _MAX_NAME)
        self._contacts = UntrustedLabel("muted", "saleCustomerContacts")
        self._tier = label("", "chip", "saleCustomerTier")
        self._balance = label("", "strong", "saleCustomerBalance")
        tail = QHBoxLayout()
        tail.addWidget(self._tier)
        tail.addWidget(self._balance)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._initials, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._name, 0, 1)
        grid.addLayout(tail, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._contacts, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)
        self.hide()

    def show_customer(self, customer: Customer) -> None:
        self.customer = customer
        self._initials.setText(initials(customer.name))
        self._name.setText(customer.name)
        parts = (customer.document, customer.phone, customer.email)
        self._contacts.setText("  ·  ".join(part for part in parts if part))
        self._contacts.setVisible(any(parts))
        is_outside = customer.enrolled is False
        self._tier.setText(self.tr("Não participa") if is_outside else customer.tier)
        self._tier.setVisible(bool(self._tier.text()))
        set_variant(self._tier, tone="warning" if is_outside else "info")
        balance = [] if customer.points is None else [points_text(customer.points)]
        if customer.cashback:
            balance.append(format_reais(customer.cashback))
        self._balance.setText("  ·  ".join(balance))
        self._balance.setVisible(bool(balance))
        spoken = (customer.name, *parts, self._tier.text(), *balance)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.show()

    def clear(self) -> None:
        self.customer = None
        self.hide()


def initials(name: str) -> str:
    """The first letters of the first and the last word: `Maria Aparecida dos Santos` is `MS`."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
