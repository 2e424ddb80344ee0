"""Form of a sale: fields in, Sale out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from bonifiq_desktop.domain.coded_names import code_in, format_coded_name, read_coded_name
from bonifiq_desktop.domain.contacts import MAX_EMAIL, is_masked, read_email, read_phone
from bonifiq_desktop.domain.documents import read_document
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale, SaleError, net_products, paid_total
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.sale.details import SaleDetails, read_typed
from bonifiq_desktop.ui.sale.items import SaleItems
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_above, editable_combo_box, limited_text_field, set_entries
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import card, label, set_invalid
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.worker.commands import CurrentSettings


class SaleForm(QWidget):
    """Two columns, customer and payment, above the rare fields of SaleDetails. `sale()` makes the Sale.

    `documentEntered` carries a complete document, `documentEdited` follows each change of it.
    """

    edited = Signal()
    documentEntered = Signal(str)
    documentEdited = Signal()

    def __init__(self, last_field: QWidget, parent: QWidget | None = None) -> None:
        """`last_field`: takes the focus after the last field of the form."""
        super().__init__(parent)
        self._last_field = last_field
        self._settings = Settings()
        self._autofilled: dict[QLineEdit, str] = {}
        self.document = limited_text_field("saleDocument", self.tr("CPF ou CNPJ"), takes_scan="document")
        self._name = limited_text_field("saleName", self.tr("Nome do cliente"))
        self._email = limited_text_field("saleEmail", self.tr("E-mail"), MAX_EMAIL)
        self._phone = limited_text_field("salePhone", self.tr("Telefone com DDD"))
        self._enrolled = QCheckBox(self.tr("Cliente aceita juntar pontos"))
        self._enrolled.setObjectName("saleEnrolled")
        self._enrolled.setChecked(True)
        self._is_enrolled_chosen = False
        self._items = SaleItems()
        self._discount = MoneyField("saleDiscount")
        self._total = MoneyField("saleTotal")
        self._total_hint = paragraph("", "muted", "saleTotalHelper")
        self._payment = editable_combo_box("salePayment", self.tr("Forma de pagamento"))
        self._sales_person = editable_combo_box("saleSalesPerson", self.tr("Vendedor"))
        self._details = SaleDetails(self)
        self._arrange()
        self._connect_signals()
        self._show_total()

    # --- building

    def _arrange(self) -> None:
        customer_card, customer_layout = card()
        add_all(
            customer_layout,
            label(self.tr("Cliente"), "section"),
            captions_above(
                (self.tr("CPF ou CNPJ (opcional, para achar o cliente)"), self.document, 0, 0, 2),
                (self.tr("Nome"), self._name, 2, 0, 2),
                (self.tr("E-mail"), self._email, 4, 0, 1),
                (self.tr("Telefone"), self._phone, 4, 1, 1),
            ),
            self._enrolled,
        )
        customer_layout.addStretch(1)
        paid, paid_layout = card()
        add_all(
            paid_layout,
            label(self.tr("O que o cliente pagou"), "section"),
            self._items,
            captions_above(
                (self.tr("Desconto"), self._discount, 0, 0, 1),
                (self.tr("Total pago, sem frete"), self._total, 0, 1, 1),
            ),
            self._total_hint,
            captions_above(
                (self.tr("Pagamento"), self._payment, 0, 0, 1),
                (self.tr("Vendedor"), self._sales_person, 0, 1, 1),
            ),
        )
        paid_layout.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(14)
        columns.addWidget(customer_card, 1)
        columns.addWidget(paid, 1)
        self._content = inner = QWidget()
        inner.setObjectName("page")
        lay_out(inner, columns, self._details, margins=(0, 0, 8, 0)).addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        lay_out(self, self._scroll)

    def _connect_signals(self) -> None:
        EnterChain(
            self, self.document, self._name, self._email, self._phone, self._enrolled, self._items, self._discount,
            self._total, self._payment, self._sales_person, *self._details.enter_order(), self._last_field,
        )  # fmt: skip
        for field in self._text_fields().values():
            field.textEdited.connect(self.edited)
        self.document.textEdited.connect(self._document_edited)
        self.document.editingFinished.connect(self._document_entered)
        self._enrolled.clicked.connect(self._enrolled_clicked)
        self._items.edited.connect(self._amounts_edited)
        self._items.finished.connect(self._after_items)
        self._details.edited.connect(self.edited)
        self._details.metadata.finished.connect(self._last_field.setFocus)
        self._discount.valueEdited.connect(self._amounts_edited)
        self._total.valueEdited.connect(self.edited)
        # When the details opened, or a message appeared.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._show_focused)
        self._sales_person.editTextChanged.connect(self._details.seller_chosen)
        for box in (self._payment, self._sales_person):
            box.editTextChanged.connect(self.edited)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def use_settings(self, current: CurrentSettings) -> None:
        """Use the shop's lists and branch; chosen entries stay."""
        self._settings = settings = current.settings
        self._details.set_settings(settings)
        self._items.set_lists(settings)
        set_entries(self._payment, _names(settings.payment_methods))
        set_entries(self._sales_person, _names(settings.sales_people))

    # --- what is typed

    @Slot()
    def _amounts_edited(self) -> None:
        self._show_total()
        self.edited.emit()

    @Slot()
    def _enrolled_clicked(self) -> None:
        self._is_enrolled_chosen = True
        self.edited.emit()

    @Slot()
    def _after_items(self) -> None:
        (self._discount if self._discount.isEnabled() else self._total).setFocus()

    @Slot()
    def _document_edited(self) -> None:
        self.clear_autofilled()
        self.documentEdited.emit()

    @Slot()
    def _document_entered(self) -> None:
        typed = self.document.text().strip()
        set_invalid(self.document, wrong=False)
        if typed:
            self.documentEntered.emit(typed)

    def _show_total(self) -> None:
        products = self._items.products()
        self._total.setReadOnly(bool(products))
        self._total.setFocusPolicy(Qt.FocusPolicy.NoFocus if products else Qt.FocusPolicy.StrongFocus)
        self._discount.setEnabled(bool(products))
        if not products:
            self._total_hint.setText(self.tr("Já com desconto e sem frete: é o que decide os pontos."))
            return
        items, discount = self._items.total(), self._discount.value()
        set_invalid(self._discount, wrong=discount > items)
        self._total.set_value(max(0, items - discount))
        text = self.tr("Itens {0} − desconto {1}. O frete não entra.")
        self._total_hint.setText(text.format(format_reais(items), format_reais(discount)))

    def fill_customer(self, customer: Customer) -> None:
        """Fill a known customer into empty fields, and remove values filled in for another document."""
        self.clear_autofilled()
        known = ((self._name, customer.name), (self._email, customer.email), (self._phone, customer.phone))
        for field, value in known:
            if value and not field.text().strip():
                field.setText(value)
                self._autofilled[field] = value
                field.setCursorPosition(0)  # show the beginning
        if customer.enrolled is not None and not self._is_enrolled_chosen:
            self._enrolled.setChecked(customer.enrolled)

    def snapshot(self) -> Callable[[], None]:
        """Remember the texts; the returned call restores them. A typed document removes autofilled texts."""
        texts, filled_in = {field: field.text() for field in self._text_fields().values()}, dict(self._autofilled)

        def back() -> None:
            for field, text in texts.items():
                if field.text() != text:
                    field.setText(text)
            self._autofilled = filled_in

        return back

    def clear_autofilled(self) -> None:
        """Remove autofilled texts that were not edited since."""
        for field, value in self._autofilled.items():
            if field.text() == value:
                field.clear()
        self._autofilled.clear()
        if not self._is_enrolled_chosen:
            self._enrolled.setChecked(True)

    def mark_invalid(self, wrong: str) -> None:
        """Mark the invalid field and focus it; empty: mark none."""
        named: dict[str, QWidget] = {
            "document": self.document,
            "name": self._name,
            "email": self._email,
            "phone": self._phone,
            "products": self._items.table,
            "total": self._total,
            "discount": self._discount,
        }
        for name, field in named.items():
            set_invalid(field, wrong=name == wrong)
        self._items.mark_incomplete(wrong=wrong == "item")
        self._details.mark_invalid(wrong)
        if wrong in named:
            named[wrong].setFocus()
        if wrong:
            QTimer.singleShot(0, self, self._show_focused)  # the field may have had the focus already

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to the focused field. QScrollArea does so for Tab only, not for Enter or an error."""
        if now is not None and self._content.isAncestorOf(now):
            QTimer.singleShot(0, self, self._show_focused)  # after the layout of a part that just opened

    @Slot()
    def _show_focused(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._content.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused)

    def show_top(self) -> None:
        self._scroll.verticalScrollBar().setValue(0)

    def sale(self) -> Sale:
        """The typed sale. Raises SaleError."""
        customer = Customer(
            name=self._name.text().strip(),
            document=read_typed("document", self.document.text().strip(), read_document) or "",
            email=read_typed("email", self._email.text().strip(), _read_contact, read_email) or "",
            phone=read_typed("phone", self._phone.text().strip(), _read_contact, read_phone) or "",
            enrolled=self._enrolled.isChecked(),
        )
        if self._items.is_half_typed():
            raise SaleError("item")
        products, discount = self._items.products(), self._discount.value()
        payment, seller = self._payment.currentText(), self._sales_person.currentText()
        people = self._settings.sales_people
        return Sale(
            customer=customer,
            total=paid_total([p.price or 0 for p in products], discount) if products else self._total.value(),
            products=net_products(products, discount),
            payment_method=format_coded_name(code_in(self._settings.payment_methods, payment), payment),
            sales_person=format_coded_name(self._details.seller_code.text() or code_in(people, seller), seller),
            branch_id=self._settings.branch_id,
            branch_name=self._settings.branch_name,
            **self._details.fields(datetime.now(UTC)),
        ).checked()

    # --- drafts

    def _text_fields(self) -> dict[str, QLineEdit]:
        return {field.objectName(): field for field in (self.document, self._name, self._email, self._phone)}

    def read_draft(self) -> dict[str, Any]:
        """The input as plain values, empty when there is none. A masked contact is left out: it means nothing later."""
        typed = {
            **{name: field.text() for name, field in self._text_fields().items()},
            **{field.objectName(): "" for field in (self._email, self._phone) if is_masked(field.text())},
            "items": self._items.read_draft(),
            "discount": self._discount.value(),
            "total": self._total.value(),
            "payment": self._payment.currentText(),
            "details": self._details.read_draft(),
        }
        if not any(typed.values()):
            return {}
        consent = {"enrolled": self._enrolled.isChecked(), "enrolled_chosen": self._is_enrolled_chosen}
        return {**typed, **consent, "sales_person": self._sales_person.currentText()}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft`; values of another shape are left out."""
        self.blockSignals(True)  # restoring is no edit
        for name, field in self._text_fields().items():
            field.setText(str(draft.get(name, "")))
        self._payment.setCurrentText(str(draft.get("payment", "")))
        self._sales_person.setCurrentText(str(draft.get("sales_person", "")))
        self._enrolled.setChecked(draft.get("enrolled") is not False)
        self._is_enrolled_chosen = draft.get("enrolled_chosen") is True
        details = draft.get("details")
        self._details.restore_draft(details if isinstance(details, dict) else {})
        try:
            self._items.restore_draft(draft.get("items") or {})
            self._discount.set_value(int(draft.get("discount", 0)))
            self._total.set_value(int(draft.get("total", 0)))
        except (KeyError, TypeError, ValueError):
            self._items.clear()
        self._show_total()
        self.blockSignals(False)

    def clear(self) -> None:
        """Empty the form for the next customer; the sales person stays."""
        self._autofilled.clear()
        seller, code = self._sales_person.currentText(), self._details.seller_code.text()
        self.restore_draft({"sales_person": seller, "details": {"saleSellerCode": code}})


def _names(entries: tuple[str, ...]) -> list[str]:
    return [named.name for named in map(read_coded_name, entries) if named]


def _read_contact(typed: str, read: Callable[[str], str]) -> str:
    """The contact as it is sent; the counter replaces a mask. Raises ContactError."""
    return typed if is_masked(typed) else read(typed)
