"""Freight, refund invoice and bank account of a return, each where a connection wants it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from bonifiq_desktop.domain.returns import AKINON, BankAccount
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.forms import captions_above, limited_text_field

_MAX_INVOICE, _MAX_IBAN, _MAX_HOLDER = 60, 34, 100  # characters


class ReturnOptions(QWidget):
    """`changed`: the person changed something. The freight follows `propose_shipping` until the person ticks it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_chosen = False  # the person ticked or unticked the freight
        self._default = False
        self._proposal = False
        self._wants_invoice = self._wants_account = False
        self.shipping = QCheckBox(self.tr("Devolver o frete também"))
        self.shipping.setObjectName("refundShipping")
        self.shipping.clicked.connect(self._shipping_clicked)
        invoice = self.tr("Nota de devolução (se houver)")
        self._invoice = limited_text_field("refundInvoice", invoice, _MAX_INVOICE)
        self._iban = limited_text_field("refundIban", self.tr("IBAN da conta do cliente"), _MAX_IBAN)
        self._holder = limited_text_field("refundHolder", self.tr("Titular da conta"), _MAX_HOLDER)
        self._invoice_part, self._account_part = QWidget(), QWidget()
        captions_in(self._invoice_part, (invoice, self._invoice))
        captions_in(
            self._account_part,
            (self.tr("IBAN, se a compra foi paga por transferência"), self._iban),
            (self.tr("Titular da conta"), self._holder),
        )
        lay_out(self, self.shipping, self._invoice_part, self._account_part, spacing=px(8))
        for text in (self._invoice, self._iban, self._holder):
            text.textEdited.connect(self.changed)
        self.use_settings(())

    def fields(self) -> list[QWidget]:
        """The widgets that take keys."""
        return [self.shipping, self._invoice, self._iban, self._holder]

    def use_settings(self, settings: Sequence[RemoteSettings]) -> None:
        """Show what these connections want."""
        self._default = any(each.shipping_back for each in settings)
        self._wants_invoice = any(each.system == AKINON and not each.send_return_id for each in settings)
        self._wants_account = any(each.ask_bank_account for each in settings)
        self._invoice_part.setVisible(self._wants_invoice)
        self._account_part.setVisible(self._wants_account)
        self._show_proposal()

    def propose_shipping(self, *, proposed: bool) -> None:
        """Tick the freight where the law gives it back: regret of a whole distance sale (CDC, art. 49)."""
        self._proposal = proposed
        self._show_proposal()

    def set_shipping(self, *, back: bool) -> None:
        self._is_chosen = True
        self.shipping.setChecked(back)

    @property
    def shipping_is_chosen(self) -> bool:
        return self._is_chosen

    def invoice_number(self) -> str:
        return self._invoice.text().strip() if self._wants_invoice else ""

    def set_invoice_number(self, text: str) -> None:
        self._invoice.setText(text)

    def bank_account(self) -> BankAccount | None:
        iban = "".join(self._iban.text().split()).upper() if self._wants_account else ""
        return BankAccount(iban, self._holder.text().strip()) if iban else None

    @Slot()
    def _shipping_clicked(self) -> None:
        self._is_chosen = True
        self.changed.emit()

    def _show_proposal(self) -> None:
        if not self._is_chosen:
            with QSignalBlocker(self.shipping):
                self.shipping.setChecked(self._default or self._proposal)


def captions_in(widget: QWidget, *entries: tuple[str, QWidget]) -> None:
    """Lay fields out in a widget, a caption above each."""
    grid = captions_above(*((text, field, 2 * row, 0, 1) for row, (text, field) in enumerate(entries)))
    lay_out(widget, grid)
