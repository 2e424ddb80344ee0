"""The fields of a sale, and the Sale they make."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.background.commands import Setup
from bonifiq_desktop.domain.contacts import MAX_EMAIL, ContactError, is_masked, read_email, read_phone
from bonifiq_desktop.domain.documents import DocumentError, read_document
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale, SaleError, SaleState, net_products, paid_total
from bonifiq_desktop.domain.text import MAX_TEXT
from bonifiq_desktop.ui.sale_items import SaleItems
from bonifiq_desktop.ui.widgets.forms import limit
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.parts import card, label, mark_wrong
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN

_MAX_TEXT = 120


class SaleForm(QWidget):
    """Two columns: who bought, and what was paid. `sale()` checks the fields and says which one is wrong."""

    edited = Signal()
    documentEntered = Signal(str)
    documentEdited = Signal()

    def __init__(self, last_field: QWidget, parent: QWidget | None = None) -> None:
        """`last_field`: where Enter goes after the last field of the form."""
        super().__init__(parent)
        self._last_field = last_field
        self._branch = ("", "")
        self._filled_in: dict[QLineEdit, str] = {}
        self._doubted = ""  # an order number that looks like something else, and was said to do so
        self.document = self._line("saleDocument", self.tr("CPF ou CNPJ"))
        self._name = self._line("saleName", self.tr("Nome do cliente"))
        self._email = self._line("saleEmail", self.tr("E-mail"), MAX_EMAIL)
        self._phone = self._line("salePhone", self.tr("Telefone com DDD"))
        self._order_id = self._line("saleOrderId", self.tr("Número do pedido"), MAX_TEXT)
        self._order_id.setPlaceholderText(self.tr("automático"))
        self._items = SaleItems()
        self._discount = MoneyField("saleDiscount")
        self._total = MoneyField("saleTotal")
        self._helper = label("", "muted", "saleTotalHelper")
        self._helper.setWordWrap(True)
        self._payment = self._choice("salePayment", self.tr("Forma de pagamento"))
        self._sales_person = self._choice("saleSalesPerson", self.tr("Vendedor"))
        self._coupon = self._line("saleCoupon", self.tr("Cupom de desconto"))
        self._note = self._line("saleNote", self.tr("Observação"))
        self.document.setProperty(TAKES_SCAN, "document")
        for field in (self._order_id, self._coupon):
            field.setProperty(TAKES_SCAN, True)
        self._state = QComboBox()
        self._state.setObjectName("saleState")
        self._state.setAccessibleName(self.tr("Situação da venda"))
        for state, name in (
            (SaleState.COMPLETED, self.tr("Concluída")),
            (SaleState.PENDING, self.tr("Pendente")),
            (SaleState.CANCELLED, self.tr("Cancelada")),
        ):
            self._state.addItem(name, state)
        self._arrange()
        self._listen()
        self._show_total()

    # --- building

    def _line(self, name: str, accessible: str, longest: int = _MAX_TEXT) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(accessible)
        limit(field, longest)
        field.textEdited.connect(self._field_edited)
        return field

    def _choice(self, name: str, accessible: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMinimumContentsLength(10)
        box.editTextChanged.connect(self._field_edited)
        return box

    def _arrange(self) -> None:
        who, who_layout = card()
        who_layout.addWidget(label(self.tr("Cliente"), "section"))
        who_layout.addLayout(
            _grid(
                (self.tr("CPF ou CNPJ (opcional, para achar o cliente)"), self.document, 0, 0, 2),
                (self.tr("Nome"), self._name, 2, 0, 2),
                (self.tr("E-mail"), self._email, 4, 0, 1),
                (self.tr("Telefone"), self._phone, 4, 1, 1),
            )
        )
        who_layout.addWidget(label(self.tr("Pedido"), "section"))
        who_layout.addLayout(
            _grid(
                (self.tr("Número"), self._order_id, 0, 0, 1),
                (self.tr("Situação"), self._state, 0, 1, 1),
                (self.tr("Observação"), self._note, 2, 0, 2),
            )
        )
        who_layout.addStretch(1)
        paid, paid_layout = card()
        paid_layout.addWidget(label(self.tr("O que o cliente pagou"), "section"))
        paid_layout.addWidget(self._items)
        paid_layout.addLayout(
            _grid(
                (self.tr("Desconto"), self._discount, 0, 0, 1),
                (self.tr("Total pago, sem frete"), self._total, 0, 1, 1),
            )
        )
        paid_layout.addWidget(self._helper)
        paid_layout.addLayout(
            _grid(
                (self.tr("Pagamento"), self._payment, 0, 0, 1),
                (self.tr("Vendedor"), self._sales_person, 0, 1, 1),
                (self.tr("Cupom de desconto"), self._coupon, 2, 0, 2),
            )
        )
        paid_layout.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(14)
        columns.addWidget(who, 1)
        columns.addWidget(paid, 1)
        inner = QWidget()
        inner.setObjectName("page")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.addLayout(columns)
        inside.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)

    def _listen(self) -> None:
        EnterChain(
            self, self.document, self._name, self._email, self._phone, self._order_id, self._state, self._note,
            self._items.first_field,
        )  # fmt: skip
        EnterChain(self, self._discount, self._total, self._payment, self._sales_person, self._coupon, self._last_field)
        self.document.textEdited.connect(self._document_edited)
        self.document.editingFinished.connect(self._document_left)
        self._items.edited.connect(self._amounts_edited)
        self._items.finished.connect(self._after_items)
        self._discount.valueEdited.connect(self._amounts_edited)
        self._total.valueEdited.connect(self._field_edited)
        self._state.currentIndexChanged.connect(self._field_edited)

    def set_setup(self, setup: Setup) -> None:
        """The shop's lists and branch; what is chosen stays."""
        self._branch = (setup.settings.branch_id, setup.settings.branch_name)
        for box, entries in (
            (self._payment, setup.settings.payment_methods),
            (self._sales_person, setup.settings.sales_people),
        ):
            chosen = box.currentText()
            box.blockSignals(True)
            box.clear()
            box.addItems(["", *entries])
            box.setCurrentText(chosen)
            box.blockSignals(False)

    # --- what is typed

    @Slot()
    def _field_edited(self) -> None:
        self.edited.emit()

    @Slot()
    def _amounts_edited(self) -> None:
        self._show_total()
        self.edited.emit()

    @Slot()
    def _after_items(self) -> None:
        (self._discount if self._discount.isEnabled() else self._total).setFocus()

    @Slot()
    def _document_edited(self) -> None:
        self.forget_filled_in()
        self.documentEdited.emit()

    @Slot()
    def _document_left(self) -> None:
        typed = self.document.text().strip()
        mark_wrong(self.document, wrong=False)
        if typed:
            self.documentEntered.emit(typed)

    def _show_total(self) -> None:
        products = self._items.products()
        self._total.setReadOnly(bool(products))
        self._total.setFocusPolicy(Qt.FocusPolicy.NoFocus if products else Qt.FocusPolicy.StrongFocus)
        self._discount.setEnabled(bool(products))
        if not products:
            self._helper.setText(self.tr("Já com desconto e sem frete: é o que decide os pontos."))
            return
        items, discount = self._items.total(), self._discount.value()
        mark_wrong(self._discount, wrong=discount > items)
        self._total.set_value(max(0, items - discount))
        text = self.tr("Itens {0} − desconto {1}. O frete não entra.")
        self._helper.setText(text.format(format_reais(items), format_reais(discount)))

    def fill_customer(self, customer: Customer) -> None:
        """Fill in what is known, where nothing was typed; what was filled in for another document goes."""
        self.forget_filled_in()
        known = ((self._name, customer.name), (self._email, customer.email), (self._phone, customer.phone))
        for field, value in known:
            if value and not field.text().strip():
                field.setText(value)
                self._filled_in[field] = value
                field.setCursorPosition(0)  # its beginning in sight

    def way_back(self) -> Callable[[], None]:
        """Remember the texts; the returned call puts them back. A typed document takes out what was filled in."""
        texts, filled_in = {field: field.text() for field in self._texts().values()}, dict(self._filled_in)

        def back() -> None:
            for field, text in texts.items():
                if field.text() != text:
                    field.setText(text)
            self._filled_in = filled_in

        return back

    def forget_filled_in(self) -> None:
        """Take out what was filled in by itself and not changed since."""
        for field, value in self._filled_in.items():
            if field.text() == value:
                field.clear()
        self._filled_in.clear()

    def mark(self, wrong: str) -> None:
        """Frame the field that is wrong, and go there; empty: none is."""
        named: dict[str, QWidget] = {
            "document": self.document,
            "name": self._name,
            "email": self._email,
            "phone": self._phone,
            "order_id": self._order_id,
            "doubtful_order_id": self._order_id,
            "total": self._total,
            "discount": self._discount,
        }
        for field in named.values():
            mark_wrong(field, wrong=field is named.get(wrong))
        if wrong == "doubtful_order_id":
            self._doubted = self._order_id.text().strip()
        if wrong in named:
            named[wrong].setFocus()

    def show_messages(self) -> None:
        """The messages stand above the form: bring its top into sight."""
        self._scroll.verticalScrollBar().setValue(0)

    def sale(self) -> Sale:
        """The sale that is typed. Raises SaleError."""
        typed = self.document.text().strip()
        try:
            document = read_document(typed) if typed else ""
        except DocumentError as error:
            raise SaleError("document") from error
        contacts = {"email": "", "phone": ""}
        for name, field, read in (("email", self._email, read_email), ("phone", self._phone, read_phone)):
            try:
                contacts[name] = _read_contact(field.text().strip(), read)
            except ContactError as error:
                raise SaleError(name) from error
        if self._items.half_typed():
            raise SaleError("item")
        products, discount = self._items.products(), self._discount.value()
        total = paid_total([p.price or 0 for p in products], discount) if products else self._total.value()
        note = self._note.text().strip()
        order_id = self._order_id.text().strip()
        return Sale(
            customer=Customer(
                name=self._name.text().strip(), document=document, email=contacts["email"], phone=contacts["phone"]
            ),
            total=total,
            placed_at=datetime.now(UTC),
            order_id=order_id,
            is_sure_of_id=bool(order_id) and order_id == self._doubted,
            state=SaleState(self._state.currentData()),
            products=net_products(products, discount),
            coupon=self._coupon.text().strip(),
            payment_method=self._payment.currentText().strip(),
            sales_person=self._sales_person.currentText().strip(),
            branch_id=self._branch[0],
            branch_name=self._branch[1],
            notes=(("Observação", note),) if note else (),
        ).checked()

    # --- drafts

    def _texts(self) -> dict[str, QLineEdit]:
        fields = (self.document, self._name, self._email, self._phone, self._order_id, self._coupon, self._note)
        return {field.objectName(): field for field in fields}

    def read_draft(self) -> dict[str, Any]:
        """Everything typed, as plain values; a mask is left out, it stands for nothing later. Empty when nothing is."""
        typed = {
            **{name: field.text() for name, field in self._texts().items()},
            **{field.objectName(): "" for field in (self._email, self._phone) if is_masked(field.text())},
            "items": self._items.read_draft(),
            "discount": self._discount.value(),
            "total": self._total.value(),
            "payment": self._payment.currentText(),
        }
        if not any(typed.values()):
            return {}
        return {**typed, "sales_person": self._sales_person.currentText(), "state": self._state.currentIndex()}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """What `read_draft` read; a draft of another shape is left out, field by field."""
        self.blockSignals(True)  # nobody typed this
        for name, field in self._texts().items():
            field.setText(str(draft.get(name, "")))
        self._payment.setCurrentText(str(draft.get("payment", "")))
        self._sales_person.setCurrentText(str(draft.get("sales_person", "")))
        try:
            self._items.restore(draft.get("items", []))
            self._discount.set_value(int(draft.get("discount", 0)))
            self._total.set_value(int(draft.get("total", 0)))
            self._state.setCurrentIndex(int(draft.get("state", 0)))
        except (TypeError, ValueError):
            self._items.forget()
        self._show_total()
        self.blockSignals(False)

    def forget(self) -> None:
        """An empty form for the next customer; the sales person stays."""
        self._filled_in.clear()
        self.restore_draft({"sales_person": self._sales_person.currentText()})
        self._items.forget()


def _read_contact(typed: str, read: Callable[[str], str]) -> str:
    """What is typed, as it is sent; for a mask the counter puts in what it stands for. Raises ContactError."""
    return typed if not typed or is_masked(typed) else read(typed)


def _grid(*entries: tuple[str, QWidget, int, int, int]) -> QGridLayout:
    """Fields under their names: (name, field, row, column, columns wide)."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(3)
    for name, field, row, column, span in entries:
        caption = label(name, "figureName")
        caption.setBuddy(field)
        grid.addWidget(caption, row, column, 1, span)
        grid.addWidget(field, row + 1, column, 1, span)
    for column in range(2):
        grid.setColumnStretch(column, 1)
    return grid
