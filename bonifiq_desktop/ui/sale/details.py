"""Rare fields of a sale, behind "more details": number, state, dates, codes, note, metadata."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.domain.coded_names import code_in
from bonifiq_desktop.domain.moments import read_day, read_moment
from bonifiq_desktop.domain.sales import SaleError, SaleState
from bonifiq_desktop.domain.text import MAX_TEXT, without_hidden
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.sale.metadata import SaleMetadata
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.forms import captions_above, combo_box, limited_text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label, set_invalid

_MAX_HEIGHT = 16777215  # QWIDGETSIZE_MAX
_OPENING_EVENTS = frozenset({QEvent.Type.FocusIn, QEvent.Type.KeyPress, QEvent.Type.InputMethod})


class SaleDetails(QWidget):
    """Closed, it has no height, and Tab and Enter skip it. A field that gets the focus or a key opens it.

    A filled part stays open, so that every value that is sent is visible.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggle = KeyButton("saleMore", "", "F8", self._toggle, has_shortcut=True)
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
        self.state_date = limited_text_field("saleStateDate", hint=self.tr("a mesma da venda"))
        self._state_caption = label("", "figureName")
        self._state_caption.setBuddy(self.state_date)
        self.birthday = limited_text_field("saleBirthday", hint=self.tr("dia/mês/ano"))
        self.seller_code = limited_text_field("saleSellerCode")
        self.coupon = limited_text_field("saleCoupon", takes_scan=True)
        self.note = limited_text_field("saleNote")
        for field in self._text_fields().values():
            field.textChanged.connect(self._edited)
        self.metadata = SaleMetadata()
        self.metadata.edited.connect(self._edited)
        self._doubtful_id = ""  # an order number that was marked as doubtful
        self._sellers: tuple[str, ...] = ()
        self._code_from_list = ""
        self._body = self._arrange()
        self._policies: dict[QWidget, Qt.FocusPolicy] = {}
        for child in self._body.findChildren(QWidget):
            if child.focusPolicy() != Qt.FocusPolicy.NoFocus:
                child.installEventFilter(self)
                self._policies[child] = child.focusPolicy()
        self._state_chosen()
        self._set_open(False)

    def _arrange(self) -> QWidget:
        body, inside = card()
        inside.addLayout(
            captions_above(
                (self.tr("Número do pedido"), self.order_id, 0, 0, 1),
                (self.tr("Situação"), self.state, 0, 1, 1),
                (self.tr("Data da venda"), self.date, 0, 2, 1),
                (self._state_caption, self.state_date, 0, 3, 1),
                (self.tr("Nascimento do cliente"), self.birthday, 2, 0, 1),
                (self.tr("Código do vendedor"), self.seller_code, 2, 1, 1),
                (self.tr("Cupom de desconto"), self.coupon, 2, 2, 1),
                (self.tr("Observação"), self.note, 2, 3, 1),
            )
        )
        inside.addWidget(label(self.tr("Informações extras (cupom fiscal, NFC-e, caixa)"), "figureName"))
        inside.addWidget(self.metadata)
        lay_out(self, button_row(self.toggle), body)
        return body

    def enter_order(self) -> tuple[QWidget, ...]:
        """The fields in the order of Enter; the last one is a row that handles Enter itself."""
        return (
            self.order_id, self.state, self.date, self.state_date, self.birthday, self.seller_code, self.coupon,
            self.note, self.metadata,
        )  # fmt: skip

    # --- open and closed

    def is_open(self) -> bool:
        return self._body.maximumHeight() > 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OPENING_EVENTS and not self.is_open():
            self._set_open(True)
            if event.type() != QEvent.Type.FocusIn and isinstance(watched, QWidget):
                watched.setFocus()  # input of assistive technology becomes visible as well
        return super().eventFilter(watched, event)

    @Slot()
    def _toggle(self) -> None:
        if not self.is_open():
            self._set_open(True)
            self.order_id.setFocus()
        elif not self._is_filled():
            self._set_open(False)
            self.toggle.setFocus()

    def _set_open(self, is_open: bool) -> None:
        self._body.setMaximumHeight(_MAX_HEIGHT if is_open else 0)
        for child, policy in self._policies.items():
            child.setFocusPolicy(policy if is_open else Qt.FocusPolicy.NoFocus)
        more, less = self.tr("Mais detalhes"), self.tr("Menos detalhes")
        self.toggle.set_label(less if is_open else more)

    def _is_filled(self) -> bool:
        texts = (field.text().strip() for field in self._text_fields().values() if field is not self.seller_code)
        own_code = self.seller_code.text().strip() != self._code_from_list
        return any(texts) or own_code or self.state.currentIndex() > 0 or bool(self.metadata.pairs())

    @Slot()
    def _edited(self) -> None:
        if not self.is_open() and self._is_filled():
            self._set_open(True)
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

    # --- the shop's lists

    def set_settings(self, settings: Settings) -> None:
        self._sellers = settings.sales_people
        self.metadata.till = settings.till

    @Slot(str)
    def seller_chosen(self, name: str) -> None:
        """Fill in the code of a listed seller, unless a code was typed."""
        if self.seller_code.text().strip() == self._code_from_list:
            self._code_from_list = code_in(self._sellers, name)
            self.seller_code.setText(self._code_from_list)

    # --- what is typed

    def fields(self, now: datetime) -> dict[str, Any]:
        """The fields of a Sale that are typed here. Raises SaleError."""
        pairs = self.metadata.pairs()
        if any(not (name and value) for name, value in pairs):
            raise SaleError("metadata")
        state = SaleState(self.state.currentData())
        placed_at = read_typed("date", _text(self.date), read_moment, now) or now
        is_pending = state is SaleState.PENDING
        note = self.note.text().strip()
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
            "notes": (*((("Observação", note),) if note else ()), *pairs),
        }

    def mark_invalid(self, wrong: str) -> None:
        """Mark the invalid field and focus it; unmark all others."""
        fields = {
            "order_id": self.order_id,
            "doubtful_order_id": self.order_id,
            "date": self.date,
            "state_date": self.state_date,
            "birthday": self.birthday,
        }
        for field in fields.values():
            set_invalid(field, wrong=field is fields.get(wrong))
        if wrong == "doubtful_order_id":
            self._doubtful_id = _text(self.order_id)
        self.metadata.mark_incomplete(wrong=wrong == "metadata")
        if wrong in fields:
            self._set_open(True)
            fields[wrong].setFocus()

    # --- drafts

    def _text_fields(self) -> dict[str, QLineEdit]:
        fields = (
            self.order_id, self.date, self.state_date, self.birthday, self.seller_code, self.coupon, self.note
        )  # fmt: skip
        return {field.objectName(): field for field in fields}

    def read_draft(self) -> dict[str, Any]:
        """The input as plain values, empty when there is none."""
        if not self._is_filled():
            return {}
        texts = {name: field.text() for name, field in self._text_fields().items()}
        return {**texts, "state": self.state.currentIndex(), "metadata": self.metadata.read_draft()}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft`; values of another shape are left out."""
        for name, field in self._text_fields().items():
            field.setText(str(draft.get(name, "")))
        try:
            self.state.setCurrentIndex(int(draft.get("state", 0)))
            self.metadata.restore_draft(draft.get("metadata", {}))
        except (KeyError, TypeError, ValueError):
            self.metadata.restore_draft({})
        self._set_open(self._is_filled())


def read_typed(field: str, typed: str, read: Callable[..., Any], *more: Any) -> Any:
    """Read a text; None for an empty one. Raises SaleError with the field's name."""
    try:
        return read(typed, *more) if typed else None
    except ValueError as error:
        raise SaleError(field) from error


def _text(field: QLineEdit) -> str:
    return without_hidden(field.text()).strip()
