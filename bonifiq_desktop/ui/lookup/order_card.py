"""Card of an order on the look-up page: its facts, and the buttons of what can be done with it."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages import formats
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.entry_row import EntryTable
from bonifiq_desktop.ui.widgets.labels import KeyButton, UntrustedLabel, label

_VISIBLE_ROWS = 5
_MAX_OPERATIONS = 4
_MAX_NAME = 90  # characters
_REVEAL_MS = 20_000


class OrderCard(QFrame):
    """Shows a LookupResult. Dynamic properties: `orderId`, and `fresh` for an order that was just looked up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("orderCard")
        self.setProperty("look", "card")
        self.found: LookupResult | None = None
        self._number = UntrustedLabel("title", "orderNumber")
        self._state = label("", "chip", "orderState")
        self._cached_chip = label("", "chip", "orderSeen")
        set_variant(self._cached_chip, tone="warning")
        self._date = label("", "muted")
        self._customer = UntrustedLabel("section", "orderCustomer", max_length=_MAX_NAME)
        self._balances = UntrustedLabel("muted", "orderBalances")
        self.reveal_button = KeyButton("revealButton", self.tr("Mostrar CPF"))
        self._mask_timer = QTimer(self, singleShot=True, interval=_REVEAL_MS)
        self._mask_timer.timeout.connect(self.mask_document)
        self._total_caption = label("", "figureName")
        self._total = label("", "figure", "orderTotal")
        self._refundable = label("", "figure", "orderRefundable")
        self._refunded = label("", "muted", "orderRefunded")
        headings = [self.tr("Produto"), self.tr("Valor")]
        self._products = EntryTable(
            "orderProducts", self.tr("Produtos do pedido"), headings, amounts={1}, max_rows=_VISIBLE_ROWS
        )
        self._products.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._products.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._operations = paragraph("", "muted", "orderOperations")
        self.refund_button = KeyButton(
            "refundButton", self.tr("Devolver parte"), "F6", look="main", has_shortcut=True, tall=True
        )
        self.cancel_button = KeyButton(
            "cancelOrderButton", self.tr("Cancelar o pedido inteiro"), "F7", look="danger", has_shortcut=True, tall=True
        )
        self.complete_button = KeyButton(
            "completeSaleButton", self.tr("Concluir a venda"), "F5", look="main", has_shortcut=True, tall=True
        )
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._number, 1)
        head.addWidget(self._cached_chip, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignTop)
        customer_column = QVBoxLayout()
        customer_column.setSpacing(2)
        add_all(customer_column, self._date, self._customer, self._balances)
        customer_column.addStretch(1)
        figures = QGridLayout()
        figures.setHorizontalSpacing(28)
        figures.setVerticalSpacing(0)
        figures.addWidget(self._total_caption, 0, 0, Qt.AlignmentFlag.AlignRight)
        figures.addWidget(label(self.tr("Ainda pode devolver"), "figureName"), 0, 1, Qt.AlignmentFlag.AlignRight)
        figures.addWidget(self._total, 1, 0, Qt.AlignmentFlag.AlignRight)
        figures.addWidget(self._refundable, 1, 1, Qt.AlignmentFlag.AlignRight)
        figures.addWidget(self._refunded, 2, 0, 1, 2, Qt.AlignmentFlag.AlignRight)
        middle = QHBoxLayout()
        middle.addLayout(customer_column, 1)
        middle.addWidget(self.reveal_button, 0, Qt.AlignmentFlag.AlignVCenter)
        middle.addLayout(figures)
        buttons = button_row(self.complete_button, self.refund_button, self.cancel_button)
        lay_out(self, head, middle, self._products, self._operations, buttons, margins=(20, 14, 20, 16), spacing=10)

    def show_order(self, found: LookupResult) -> None:
        self.found = found
        order = found.order
        self.setProperty("orderId", order.order_id)
        self._number.setText(self.tr("Pedido {0}").format(order.order_id))
        state, tone = formats.order_state(order)
        self._state.setText(state)
        set_variant(self._state, tone=tone)
        if found.cached_at is not None:
            seen = translate("LastSeen", "Não consultado agora · visto em {0}")
            self._cached_chip.setText(seen.format(formats.short_date_and_time(found.cached_at)))
        self._cached_chip.setVisible(found.cached_at is not None)
        set_variant(self, fresh="true" if found.cached_at is None else "false")
        self._date.setText(formats.date_and_time(order.placed_at))
        self.mask_document()
        self._total_caption.setText(self.tr("Valor da venda") if found.completable else self.tr("Cliente pagou"))
        self._total.setText(format_reais(order.total))
        self._refundable.setText(format_reais(found.refundable))
        refunded = self.tr("Já devolvido por este caixa: {0}").format(format_reais(found.refunded))
        self._refunded.setText(refunded if found.refunded else "")
        self._refunded.setVisible(bool(found.refunded))
        self._products.show_rows(
            [
                (product.title or product.product_id, "" if product.price is None else format_reais(product.price))
                for product in order.products
            ]
        )
        self._show_operations(found.operations)
        can_act = found.refundable > 0 and found.unfinished is None
        self.refund_button.setEnabled(can_act)
        # The next step of a pending sale is its completion, so the refund is no main button.
        self.complete_button.setVisible(found.completable)
        self.complete_button.setEnabled(found.completable)
        set_variant(self.refund_button, look="" if found.completable else "main")
        # A total of zero can be cancelled; a cancelled or busy order cannot.
        self.cancel_button.setEnabled(found.unfinished is None and not found.closed)
        self.show()

    def reveal(self, document: str) -> None:
        """Show the customer's whole document for a short time."""
        self._show_customer(document)
        self._mask_timer.start()

    @Slot()
    def mask_document(self) -> None:
        self._mask_timer.stop()
        self._show_customer()

    def _show_customer(self, revealed: str = "") -> None:
        customer = self.found.order.customer if self.found else None
        name, details = formats.customer_lines(customer, revealed)
        self._customer.setText(name)
        self._balances.setText(details)
        # A CNPJ is public and never masked.
        self.reveal_button.setVisible(customer is not None and "*" in customer.document and not revealed)

    def disable_actions(self) -> None:
        """Disable the buttons until the order is looked up again."""
        for button in (self.complete_button, self.refund_button, self.cancel_button):
            button.setEnabled(False)

    def clear(self) -> None:
        self.found = None
        self.mask_document()
        self.setProperty("orderId", "")
        self.hide()

    def _show_operations(self, operations: tuple[Operation, ...]) -> None:
        lines = [
            f"{formats.operation_line(operation)}  ·  {formats.operation_state(operation)[0]}"
            for operation in operations[:_MAX_OPERATIONS]
        ]
        if len(operations) > _MAX_OPERATIONS:
            lines.append(self.tr("… e mais {0} no Histórico (F4)").format(len(operations) - _MAX_OPERATIONS))
        self._operations.setText(self.tr("Neste caixa:") + "\n" + "\n".join(lines))
        self._operations.setVisible(bool(lines))
