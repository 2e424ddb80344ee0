"""Customer of a sale: one field that finds, the card of a known customer, and the name of a new one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from bonifiq_desktop.domain.contacts import MAX_EMAIL, is_masked, read_email, read_phone
from bonifiq_desktop.domain.documents import CPF_LENGTH
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.search import Balance, OrderHit
from bonifiq_desktop.ui.messages.formats import points_text
from bonifiq_desktop.ui.sale.customer_card import CustomerCard
from bonifiq_desktop.ui.sale.customer_hits import CustomerHits
from bonifiq_desktop.ui.sale.fold import Fold
from bonifiq_desktop.ui.sale.identity import Identity, IdentityKind, read_identity
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.labels import label, set_invalid

_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAUSE_MS = 150
"""Pause in typing before a customer is searched."""


class _NewName(Fold):
    """The name of a new customer."""

    def __init__(self) -> None:
        super().__init__()
        self.field = limited_text_field("saleName", self.tr("Nome do cliente, obrigatório"))
        caption = label(self.tr("Nome (obrigatório)"), "figureName")
        caption.setBuddy(self.field)
        self.note = paragraph("", "muted", "saleNewCustomer")
        lay_out(self, self.note, caption, self.field, margins=(0, px(4), 0, 0), spacing=px(4))
        self.watch_fields()


class SaleCustomer(QWidget):
    """`searched` carries the Identity to find, `dropped` says that an earlier answer no longer counts.

    The field `saleDocument` takes a document, a phone, an e-mail address or a name. `email`, `phone` and `enrolled`
    are laid out by the details. Texts that came from a found customer go when another one is typed.
    """

    edited = Signal()
    searched = Signal(object)
    hitChosen = Signal(object)
    dropped = Signal()
    finished = Signal()
    """Enter, when the customer is known, or may still be found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hint = self.tr("CPF, CNPJ, telefone, e-mail ou nome")
        self.field = limited_text_field(
            "saleDocument", self.tr("Cliente: {0}").format(hint), MAX_EMAIL, hint=hint, takes_scan="document"
        )
        self.field.setProperty("look", "big")
        self._kind = Chip("saleCustomerKind")
        is_phone = self.tr("É um telefone")
        self._other_kind = ActionButton("saleCustomerIsPhone", is_phone, action=self._read_as_phone, look="ghost")
        self._other_kind.hide()
        self.hits = CustomerHits()
        self.hits.chosen.connect(self._hit_chosen)
        self.card = CustomerCard()
        self._new = _NewName()
        self.name = self._new.field
        self.email = limited_text_field("saleEmail", self.tr("E-mail"), MAX_EMAIL)
        self.phone = limited_text_field("salePhone", self.tr("Telefone com DDD"))
        self.enrolled = QCheckBox(self.tr("Cliente aceita participar (juntar pontos)"))
        self.enrolled.setObjectName("saleEnrolled")
        self.enrolled.setChecked(True)
        self._is_enrolled_chosen = False
        self._is_phone_chosen = False
        self._awaits_hits = self._enter_waits = False
        self._found_order = ""
        self._found_id = ""
        """The known customer's mark in requests, while a hit was chosen; see `KnownCustomer.find`."""
        self._autofilled: dict[QLineEdit, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self._kind)
        row.addWidget(self._other_kind)
        lay_out(self, row, self.hits, self.card, self._new, spacing=px(8))
        self.field.installEventFilter(self)
        self.field.textEdited.connect(self._field_edited)
        self.field.textChanged.connect(self._show_kind)
        self.field.editingFinished.connect(self._field_left)
        self.name.textChanged.connect(self._name_changed)
        for field in (self.field, self.name, self.email, self.phone):
            field.textEdited.connect(self.edited)
        self.enrolled.clicked.connect(self._enrolled_clicked)

    # --- the one field

    def identity(self) -> Identity:
        return read_identity(self.field.text(), as_phone=self._is_phone_chosen)

    @Slot()
    def _field_edited(self) -> None:
        self._is_phone_chosen = self._awaits_hits = self._enter_waits = False
        self.hits.hide_hits()
        self.drop()
        self.dropped.emit()
        if self.identity().is_searchable:
            self._pause.start()

    @Slot()
    def _field_left(self) -> None:
        """Say at once that a text names no customer; search without the pause."""
        identity = self.identity()
        set_invalid(self.field, wrong=identity.kind is IdentityKind.INVALID)
        if identity.kind is IdentityKind.INVALID or self._pause.isActive():
            self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if is_enter(event):
                self._enter_pressed()
                return True
            if isinstance(event, QKeyEvent) and self.hits.isVisible() and self._hit_key_pressed(event):
                return True
        return super().eventFilter(watched, event)

    def _hit_key_pressed(self, event: QKeyEvent) -> bool:
        """Arrows move the choice among the hits; Esc closes them, and leaves the page alone."""
        key, is_press = Qt.Key(event.key()), event.type() == QEvent.Type.KeyPress
        if key == Qt.Key.Key_Escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif key == Qt.Key.Key_Escape and is_press:
            self.hits.hide_hits()
        elif key in _ARROWS and is_press:
            self.hits.move_choice(_ARROWS[key])
        else:
            return False
        return True

    @Slot(object)
    def _hit_chosen(self, hit: OrderHit | None) -> None:
        if hit is None:
            self._move_name()
        else:
            self.hitChosen.emit(hit)

    def _enter_pressed(self) -> None:
        """Choose a hit, go on to the name of a new customer, else to what follows."""
        if self.hits.isVisible() and self.hits.choose_current():
            return
        self._field_left()
        kind = self.identity().kind
        if kind is IdentityKind.NAME:
            self._enter_waits = self._awaits_hits
            if not self._enter_waits:
                self._move_name()
        elif kind is not IdentityKind.INVALID:
            self.move_on()

    def move_on(self) -> None:
        if self._new.is_open() and not self.name.text().strip():
            self.name.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.finished.emit()

    def show_hits(self, hits: Sequence[OrderHit]) -> None:
        """Show the answer to a search; an Enter that came before it counts now."""
        identity, enter_waits = self.identity(), self._enter_waits
        self._awaits_hits = self._enter_waits = False
        self.hits.show_hits(hits, identity.value if identity.kind is IdentityKind.NAME else "")
        if enter_waits and not self.hits.choose_current():
            self._move_name()

    def _move_name(self) -> None:
        """Move a typed name into its own field; the one field is free for what identifies the customer."""
        self.name.setText(self.field.text().strip())
        self.field.clear()
        self._new.set_open(True)
        self.edited.emit()

    @Slot()
    def _search(self) -> None:
        self._pause.stop()
        identity = self.identity()
        self._awaits_hits = identity.kind is IdentityKind.NAME and identity.is_searchable
        self.searched.emit(identity)

    @Slot()
    def _show_kind(self) -> None:
        identity = self.identity()
        cnpj = identity.kind is IdentityKind.DOCUMENT and len(identity.value) > CPF_LENGTH
        names = {
            IdentityKind.DOCUMENT: "CNPJ" if cnpj else "CPF",
            IdentityKind.PHONE: self.tr("Telefone"),
            IdentityKind.EMAIL: self.tr("E-mail"),
        }
        self._kind.show_chip("neutral", names.get(identity.kind, ""))
        self._other_kind.setVisible(identity.is_phone_too)

    @Slot()
    def _read_as_phone(self) -> None:
        self._is_phone_chosen = True
        self.drop()
        self._show_kind()
        self.field.setFocus()
        self._search()
        self.edited.emit()

    # --- a known customer

    def show_known(self, customer: Customer, order_id: str = "") -> None:
        """Show a known customer, and fill it into empty fields. `order_id`: the order that led to it, for the draft."""
        self.hits.hide_hits()
        self.drop()
        self._found_id, self._found_order = customer.customer_id, order_id
        known = ((self.name, customer.name), (self.email, customer.email), (self.phone, customer.phone))
        for field, value in known:
            if value and field.text().strip() in {"", value}:
                self._autofilled[field] = value  # before the text, so that it opens nothing
                field.setText(value)
                field.setCursorPosition(0)  # show the beginning
        if customer.enrolled is not None and not self._is_enrolled_chosen:
            self.enrolled.setChecked(customer.enrolled)
        self.card.show_customer(customer)
        announce(self.card, self.card.accessibleName())
        self._new.set_open(bool(self.name.text().strip() != customer.name) or not customer.name)

    def show_new(self) -> None:
        """Ask for the name of a customer that is not known."""
        self.drop()
        self._new.note.setText(self.tr("Cliente novo neste caixa."))
        announce(self.name, self.tr("Cliente novo neste caixa: falta o nome."))
        self._new.set_open(True)

    def show_balance(self, balance: Balance) -> None:
        """Say what BonifiQ holds of a customer who is new at this till."""
        parts = (balance.name, balance.tier, points_text(balance.points))
        known = "  ·  ".join(part for part in parts if part)
        self._new.note.setText(self.tr("Já está no BonifiQ: {0}").format(known))

    def show_account(self, account: Customer) -> None:
        """Show tier, points and cashback as BonifiQ just answered them, on the card of a known customer.

        A customer outside the programme by that answer does not join by a sale, unless the cashier says so.
        """
        if account.enrolled is not None and not self._is_enrolled_chosen:
            self.enrolled.setChecked(account.enrolled)
        shown = self.card.customer
        if shown is not None:
            fresh = replace(shown, tier=account.tier, points=account.points, cashback=account.cashback)
            if fresh != shown:
                self.card.show_customer(fresh)

    def join(self) -> None:
        """Take note that the customer joined by a one-time code."""
        self._is_enrolled_chosen = True
        self.enrolled.setChecked(True)

    def is_known(self) -> bool:
        return self.card.customer is not None

    def set_locked(self, *, locked: bool) -> None:
        """Refuse another customer while the sale uses a reward of this one."""
        for field in (self.field, self.name, self.email, self.phone):
            field.setReadOnly(locked)
        self.enrolled.setDisabled(locked)
        self._other_kind.setDisabled(locked)

    def drop(self) -> None:
        """Forget the shown customer, with its texts that were not edited since."""
        self.card.clear()
        self._found_id = self._found_order = ""
        for field, value in self._autofilled.items():
            if field.text() == value:
                field.clear()
        self._autofilled.clear()
        if not self._is_enrolled_chosen:
            self.enrolled.setChecked(True)
        self._new.set_open(bool(self.name.text().strip()))

    def refuses(self) -> bool:
        """Whether it was said here that the customer takes no part."""
        return self._is_enrolled_chosen and not self.enrolled.isChecked()

    def is_autofilled(self, field: QLineEdit) -> bool:
        return self._autofilled.get(field) == field.text() != ""

    @Slot()
    def _name_changed(self) -> None:
        if self.name.text().strip() and not self.is_autofilled(self.name):
            self._new.set_open(True)

    @Slot()
    def _enrolled_clicked(self) -> None:
        self._is_enrolled_chosen = True
        self.edited.emit()

    def snapshot(self) -> Callable[[], None]:
        """Remember the customer; the returned call restores it. A scanned code would have dropped it."""
        fields = (self.field, self.name, self.email, self.phone)
        texts, filled_in = {field: field.text() for field in fields}, dict(self._autofilled)
        found = self._found_id, self._found_order
        shown, is_open = self.card.customer, self._new.is_open()

        def back() -> None:
            self._autofilled = filled_in
            self._found_id, self._found_order = found
            for field, text in texts.items():
                if field.text() != text:
                    field.setText(text)
            if shown is not None:
                self.card.show_customer(shown)
            self._new.set_open(is_open)

        return back

    # --- what is typed

    def customer(self) -> Customer:
        """The typed customer. Raises SaleError."""
        identity = self.identity()
        if identity.kind is IdentityKind.INVALID:
            raise SaleError("document")
        typed_email = _read_contact("email", self.email.text(), read_email)
        typed_phone = _read_contact("phone", self.phone.text(), read_phone)
        name = self.name.text().strip() or (identity.value if identity.kind is IdentityKind.NAME else "")
        found = self.card.customer
        document = identity.value if identity.kind is IdentityKind.DOCUMENT else ""
        return Customer(
            customer_id=self._found_id,
            name=name,
            document=document or (found.document if found is not None else ""),
            email=identity.value if identity.kind is IdentityKind.EMAIL else typed_email,
            phone=identity.value if identity.kind is IdentityKind.PHONE else typed_phone,
            enrolled=self.enrolled.isChecked(),
        )

    def mark_invalid(self, wrong: str) -> QWidget | None:
        """Mark the invalid field and return it; unmark all others."""
        fields = {"document": self.field, "name": self.name, "email": self.email, "phone": self.phone}
        for name, field in fields.items():
            set_invalid(field, wrong=name == wrong)
        if wrong == "name":
            self._new.set_open(True)
        return fields.get(wrong)

    # --- drafts

    def texts(self) -> dict[str, str]:
        return {field.objectName(): field.text() for field in (self.field, self.name, self.email, self.phone)}

    def read_draft(self) -> dict[str, Any]:
        """The input as plain values. A masked contact is left out: it means nothing later."""
        masked = {field.objectName(): "" for field in (self.email, self.phone) if is_masked(field.text())}
        return {**self.texts(), **masked, "customer_order": self._found_order}

    def consent(self) -> dict[str, Any]:
        return {"enrolled": self.enrolled.isChecked(), "enrolled_chosen": self._is_enrolled_chosen}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft` and `consent`; values of another shape are left out."""
        self._autofilled.clear()
        self._is_phone_chosen = False
        self.drop()
        for field in (self.field, self.name, self.email, self.phone):
            field.setText(str(draft.get(field.objectName(), "")))
        self.enrolled.setChecked(draft.get("enrolled") is not False)
        self._is_enrolled_chosen = draft.get("enrolled_chosen") is True
        self._new.set_open(bool(self.name.text().strip()))


def _read_contact(name: str, text: str, read: Callable[[str], str]) -> str:
    """The contact as it is sent; the counter replaces a mask. Raises SaleError."""
    typed = text.strip()
    if not typed or is_masked(typed):
        return typed
    try:
        return read(typed)
    except ValueError as error:
        raise SaleError(name) from error
