"""Card of the customer of a sale: initials, name, masked data, tier and balances."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.ui.messages.formats import points_text
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.chip import Chip
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
        self._tier = Chip("saleCustomerTier")
        self._balance = label("", "strong", "saleCustomerBalance")
        grid = QGridLayout(self)
        grid.setContentsMargins(px(12), px(12), px(16), px(12))
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.addWidget(self._initials, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._tier, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self._balance, 1, 1, 1, 2)
        grid.addWidget(self._contacts, 2, 1, 1, 2)
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
        tier = self.tr("Não participa") if is_outside else customer.tier
        self._tier.show_chip("warning" if is_outside else "info", tier)
        balance = [] if customer.points is None else [points_text(customer.points)]
        if customer.cashback:
            balance.append(self.tr("{0} de cashback").format(format_reais(customer.cashback)))
        self._balance.setText("  ·  ".join(balance))
        self._balance.setVisible(bool(balance))
        spoken = (customer.name, *parts, tier, *balance)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.show()

    def clear(self) -> None:
        self.customer = None
        self.hide()


def initials(name: str) -> str:
    """The first letters of the first and the last word: `Maria Aparecida dos Santos` is `MS`."""
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
