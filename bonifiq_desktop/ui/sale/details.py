"""Rare parts of a sale, behind "more details": items, contacts, seller, number, state, dates, note, metadata."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bonifiq_desktop.domain.coded_names import code_in, format_coded_name, read_coded_name
from bonifiq_desktop.domain.moments import read_day, read_moment
from bonifiq_desktop.domain.sales import SaleError, SaleState
from bonifiq_desktop.domain.text import MAX_TEXT, without_hidden
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.sale.customer import SaleCustomer
from bonifiq_desktop.ui.sale.fold import Fold
from bonifiq_desktop.ui.sale.items import SaleItems
from bonifiq_desktop.ui.sale.metadata import SaleMetadata
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.forms import (
    captions_above,
    combo_box,
    editable_combo_box,
    limited_text_field,
    set_entries,
)
from bonifiq_desktop.ui.widgets.labels import card, label, set_invalid
from bonifiq_desktop.ui.widgets.money_field import MoneyField


class SaleDetails(Fold):
    """A filled part stays open, so that every value that is sent is visible; `summary` names a seller while closed."""

    edited = Signal()

    def __init__(self, customer: SaleCustomer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._customer = customer
        self.toggle = ActionButton("saleMore", "", "F8", self._toggle, look="ghost", icon="list", has_shortcut=True)
        self.summary = label("", "muted", "saleSummary")
        self.items = SaleItems()
        self.discount = MoneyField("saleDiscount")
        self.order_id = limited_text_field(
            "saleOrderId", max_length=MAX_TEXT, hint=self.tr("automático"), takes_scan=True
        )
        self.state = combo_box(
            "saleState",
            [
                (self.tr("Concluída"), SaleState.COMPLETED),
                (self.tr("Pendente"), SaleState.PENDING),
                (self.tr("Cancelada"), SaleState.CANCELLED),
            ],
        )
        self.state.setAccessibleName(self.tr("Situação da venda"))
        self.state.currentIndexChanged.connect(self._state_chosen)
        self.date = limited_text_field(
            "saleDate", self.tr("Data e hora da venda"), hint=self.tr("agora (ou 19/11 14:30)")
        )
        self._yesterday = ActionButton("saleYesterday", self.tr("Ontem"), action=self._fill_in_yesterday)
        self.state_date = limited_text_field("saleStateDate", hint=self.tr("a mesma da venda"))
        self._state_caption = label("", "figureName")
        self._state_caption.setBuddy(self.state_date)
        self.birthday = limited_text_field("saleBirthday", hint=self.tr("dia/mês/ano"))
        self.seller = editable_combo_box("saleSalesPerson", self.tr("Vendedor"))
        line = self.seller.lineEdit()
        if line is not None:
            line.setAccessibleName(self.tr("Vendedor"))
        self.seller_code = limited_text_field("saleSellerCode")
        self.coupon = limited_text_field("saleCoupon", takes_scan=True)
        self.note = limited_text_field("saleNote")
        for field in self._text_fields().values():
            field.textChanged.connect(self._edited)
        self.metadata = SaleMetadata()
        self.metadata.edited.connect(self._edited)
        self.items.edited.connect(self.open_if_filled)
        for field in (customer.email, customer.phone):
            field.textChanged.connect(self.open_if_filled)
        customer.enrolled.clicked.connect(self.open_if_filled)
        self.seller.editTextChanged.connect(self._seller_chosen)
        self._doubtful_id = ""  # an order number that was marked as doubtful
        self._sellers: tuple[str, ...] = ()
        self._code_from_list = ""
        self.opened.connect(self._show_toggle)
        self._arrange()
        self.watch_fields()
        self._state_chosen()

    def _arrange(self) -> None:
        day = QHBoxLayout()
        day.setSpacing(px(8))
        day.addWidget(self.date, 1)
        day.addWidget(self._yesterday)
        sold_at = QWidget()
        lay_out(sold_at, day)
        sold_at.setFocusProxy(self.date)
        content = lay_out(self, spacing=16)
        discount = captions_above((self.tr("Desconto nos itens"), self.discount, 0, 0, 1))
        discount.setColumnStretch(1, 3)
        self._add_part(content, self.tr("Itens"), self.items, discount)
        customer = captions_above(
            (self.tr("E-mail"), self._customer.email, 0, 0, 1),
            (self.tr("Telefone"), self._customer.phone, 0, 1, 1),
            (self.tr("Nascimento"), self.birthday, 0, 2, 1),
        )
        self._add_part(content, self.tr("Cliente"), customer, self._customer.enrolled)
        sale = captions_above(
            (self.tr("Vendedor"), self.seller, 0, 0, 1),
            (self.tr("Código do vendedor"), self.seller_code, 0, 1, 1),
            (self.tr("Cupom de desconto"), self.coupon, 2, 0, 1),
            (self.tr("Número do pedido"), self.order_id, 2, 1, 1),
            (self.tr("Data da venda"), sold_at, 4, 0, 1),
            (self.tr("Situação"), self.state, 6, 0, 1),
            (self._state_caption, self.state_date, 6, 1, 1),
            (self.tr("Observação"), self.note, 8, 0, 2),
        )
        self._add_part(content, self.tr("Venda"), sale)
        self._add_part(content, self.tr("Informações extras"), self.metadata)

    def _add_part(self, layout: QVBoxLayout, heading: str, *content: Any) -> None:
        frame, inside = card()
        add_all(inside, label(heading, "section"), *content)
        layout.addWidget(frame)

    def enter_order(self) -> tuple[QWidget, ...]:
        """The fields in the order of Enter; the items and the last row handle Enter themselves."""
        return (
            self.items, self.discount, self._customer.email, self._customer.phone, self.birthday,
            self._customer.enrolled, self.seller, self.seller_code, self.coupon, self.order_id, self.date, self.state,
            self.state_date, self.note, self.metadata,
        )  # fmt: skip

    # --- open and closed

    @Slot()
    def _toggle(self) -> None:
        if not self.is_open():
            self.set_open(True)
            self.items.setFocus()
        elif not self._is_filled():
            self.set_open(False)
            self.toggle.setFocus()

    @Slot(bool)
    def _show_toggle(self, is_open: bool) -> None:
        self.toggle.set_label(self.tr("Menos detalhes") if is_open else self.tr("Mais detalhes"))
        seller = self.seller.currentText().strip()
        self.summary.setText("" if is_open or not seller else self.tr("Vendedor: {0}").format(seller))

    def _is_filled(self) -> bool:
        texts = (field.text().strip() for field in self._text_fields().values() if field is not self.seller_code)
        contacts = (self._customer.email, self._customer.phone)
        own_contact = any(field.text() and not self._customer.is_autofilled(field) for field in contacts)
        own_code = self.seller_code.text().strip() != self._code_from_list
        has_items = bool(self.items.products() or self.items.is_half_typed() or self.discount.value())
        has_state = self.state.currentIndex() > 0 or bool(self.metadata.pairs())
        return any(texts) or own_contact or own_code or has_items or has_state or self._customer.refuses()

    @Slot()
    def open_if_filled(self) -> None:
        if not self.is_open() and self._is_filled():
            self.set_open(True)

    @Slot()
    def _edited(self) -> None:
        self.open_if_filled()
        self.edited.emit()

    @Slot()
    def _state_chosen(self) -> None:
        state = self.state.currentData()
        cancelled = self.tr("Cancelada em")
        caption = cancelled if state == SaleState.CANCELLED else self.tr("Concluída em")
        self._state_caption.setText(caption)
        self.state_date.setAccessibleName(caption)
        self.state_date.setEnabled(state != SaleState.PENDING)
        self._edited()

    @Slot()
    def _fill_in_yesterday(self) -> None:
        """Fill in the day of a sale that was noted on paper; the hour may be added."""
        yesterday = datetime.now().astimezone() - timedelta(days=1)
        self.date.setText(yesterday.strftime("%d/%m/%Y"))
        self.date.setFocus()

    def set_locked(self, *, locked: bool) -> None:
        """Refuse changes of what a used reward was computed from. The number may still be typed: a receipt has it."""
        for field in (self.items, self.coupon, self.state):
            field.setDisabled(locked)

    # --- the shop's lists

    def set_settings(self, settings: Settings) -> None:
        self._sellers = settings.sales_people
        self.metadata.till = settings.till
        self.items.set_lists(settings)
        names = [named.name for named in map(read_coded_name, settings.sales_people) if named]
        set_entries(self.seller, names)

    @Slot(str)
    def _seller_chosen(self, name: str) -> None:
        """Fill in the code of a listed seller, unless a code was typed."""
        if self.seller_code.text().strip() == self._code_from_list:
            self._code_from_list = code_in(self._sellers, name)
            self.seller_code.setText(self._code_from_list)
        self._show_toggle(self.is_open())
        self._edited()

    # --- what is typed

    def fields(self, now: datetime) -> dict[str, Any]:
        """The fields of a Sale that are typed here. Raises SaleError."""
        pairs = self.metadata.pairs()
        if any(not (name and value) for name, value in pairs):
            raise SaleError("metadata")
        state = SaleState(self.state.currentData())
        placed_at = read_typed("date", _text(self.date), read_moment, now) or now
        is_pending = state is SaleState.PENDING
        note, seller = self.note.text().strip(), self.seller.currentText()
        order_id = _text(self.order_id)
        return {
            "order_id": order_id,
            "is_sure_of_id": bool(order_id) and order_id == self._doubtful_id,
            "state": state,
            "placed_at": placed_at,
            "settled_at": None if is_pending else read_typed("state_date", _text(self.state_date), read_moment, now),
            "made_at": now,
            "birthday": read_typed("birthday", _text(self.birthday), read_day, now),
            "coupon": self.coupon.text().strip(),
            "sales_person": format_coded_name(self.seller_code.text() or code_in(self._sellers, seller), seller),
            "notes": (*((("Observação", note),) if note else ()), *pairs),
        }

    def mark_invalid(self, wrong: str) -> QWidget | None:
        """Mark the invalid field and return it; unmark all others."""
        fields: dict[str, QWidget] = {
            "order_id": self.order_id,
            "doubtful_order_id": self.order_id,
            "date": self.date,
            "state_date": self.state_date,
            "birthday": self.birthday,
            "products": self.items.table,
            "discount": self.discount,
        }
        for field in fields.values():
            set_invalid(field, wrong=field is fields.get(wrong))
        if wrong == "doubtful_order_id":
            self._doubtful_id = _text(self.order_id)
        if wrong in {*fields, "metadata", "item", "email", "phone"}:
            self.set_open(True)
        self.items.mark_incomplete(wrong=wrong == "item")
        self.metadata.mark_incomplete(wrong=wrong == "metadata")
        return fields.get(wrong)

    # --- drafts

    def _text_fields(self) -> dict[str, QLineEdit]:
        fields = (
            self.order_id, self.date, self.state_date, self.birthday, self.seller_code, self.coupon, self.note
        )  # fmt: skip
        return {field.objectName(): field for field in fields}

    def read_draft(self) -> dict[str, Any]:
        """The input as plain values, empty when there is none besides the seller."""
        if not self._is_filled():
            return {}
        texts = {name: field.text() for name, field in self._text_fields().items()}
        return {
            **texts,
            "state": self.state.currentIndex(),
            "metadata": self.metadata.read_draft(),
            "items": self.items.read_draft(),
            "discount": self.discount.value(),
        }

    def restore_draft(self, draft: dict[str, Any], seller: str) -> None:
        """Restore the values of `read_draft`; values of another shape are left out."""
        self.seller.setCurrentText(seller)
        for name, field in self._text_fields().items():
            field.setText(str(draft.get(name, "")))
        try:
            self.state.setCurrentIndex(int(draft.get("state", 0)))
            self.metadata.restore_draft(draft.get("metadata", {}))
        except (KeyError, TypeError, ValueError):
            self.metadata.restore_draft({})
        try:
            self.items.restore_draft(draft.get("items") or {})
            self.discount.set_value(int(draft.get("discount", 0)))
        except (KeyError, TypeError, ValueError):
            self.items.clear()
        self.set_open(self._is_filled())


def read_typed(field: str, typed: str, read: Callable[..., Any], *more: Any) -> Any:
    """Read a text; None for an empty one. Raises SaleError with the field's name."""
    try:
        return read(typed, *more) if typed else None
    except ValueError as error:
        raise SaleError(field) from error


def _text(field: QLineEdit) -> str:
    return without_hidden(field.text()).strip()
