"""Page of an order: number and facts, items and the tills' operations; at the right customer, figures and buttons."""

from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.customer_card import CustomerCard
from bonifiq_desktop.ui.lookup.parts import SideColumn
from bonifiq_desktop.ui.lookup.purchase import Elsewhere, Purchase
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.lookup.shop_age import ShopAge
from bonifiq_desktop.ui.lookup.system_rows import system_rows
from bonifiq_desktop.ui.lookup.texts import facts, item_rows, operation_row, remote_item_rows
from bonifiq_desktop.ui.messages import formats
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.remote_orders import format_decimal
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label
from bonifiq_desktop.worker.client import WorkerClient

_MAX_OPERATIONS = 50


class OrderCard(QFrame):
    """Shows a Purchase. Dynamic properties: `orderId`, and `fresh` for an order that was just looked up.

    A message of the look-up stands at the foot of the left column, where only the list gets shorter: see `left`.
    """

    printPressed = Signal()

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("orderCard")
        self.purchase = Purchase("")
        self._number = UntrustedLabel("title", "orderNumber")
        self._state = Chip("orderState")
        self._cached_chip = Chip("orderSeen")
        self._facts = UntrustedLabel("muted", "orderFacts")
        self.customer = CustomerCard()
        self._total_caption = label("", "muted")
        self._total = label("", "section", "orderTotal")
        self._refundable_caption = label(self.tr("Ainda pode devolver"), "muted")
        self._refundable = label("", "figure", "orderRefundable")
        self._refunded = label("", "muted", "orderRefunded")
        self.shop_age = ShopAge("orderShopAge", client)
        self._lines = RowList("orderProducts", self.tr("Itens e registros do pedido"), two_lines=True)
        self.refund_button = ActionButton(
            "refundButton", self.tr("Devolver"), "F6", look="primary", icon="refund", has_shortcut=True, tall=True
        )
        self.cancel_button = ActionButton(
            "cancelOrderButton",
            self.tr("Cancelar o pedido inteiro"),
            "F7",
            look="dangerGhost",
            icon="cancel",
            has_shortcut=True,
        )
        self.complete_button = ActionButton(
            "completeSaleButton",
            self.tr("Concluir a venda"),
            "Ctrl+Enter",
            look="primary",
            icon="check",
            tall=True,
        )
        self.take_over_button = ActionButton(
            "takeOverButton", self.tr("Assumir o pedido"), "F8", icon="people", has_shortcut=True, tall=True
        )
        self.take_over_button.hide()
        self.print_button = print_button("orderPrint", self.printPressed.emit)
        self.left = QVBoxLayout()
        self._arrange()
        self.hide()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self._number)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(px(12))
        below.addWidget(self._facts, 1)
        below.addWidget(self._cached_chip, 0, Qt.AlignmentFlag.AlignTop)
        self.left.setSpacing(px(8))
        add_all(self.left, head, below)
        self.left.addWidget(self._lines, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(16))
        layout.addLayout(self.left, 1)
        layout.addWidget(self._right())

    def _right(self) -> SideColumn:
        column = QWidget()
        figures = QFrame()
        figures.setProperty("look", "card")
        lines = (
            self._total_caption,
            self._total,
            self._refundable_caption,
            self._refundable,
            self._refunded,
            self.shop_age,
        )
        lay_out(figures, *lines, margins=(px(16), px(12), px(16), px(12)), spacing=px(2))
        buttons = (
            self.take_over_button,
            self.complete_button,
            self.refund_button,
            self.cancel_button,
            self.print_button,
        )
        lay_out(column, self.customer, figures, *buttons, spacing=px(8)).addStretch(1)
        return SideColumn(column)

    @property
    def found(self) -> LookupResult | None:
        """The order in BonifiQ."""
        return self.purchase.found

    @property
    def other_till(self) -> Operation | None:
        """The unfinished operation of another till, which has the order."""
        unfinished = self.purchase.unfinished
        return unfinished if unfinished is not None and unfinished.till else None

    def show_purchase(self, purchase: Purchase) -> None:
        """Show a purchase that one system at least has."""
        self.purchase = purchase
        self.setProperty("orderId", purchase.order_id)
        self._number.setText(self.tr("Pedido {0}").format(purchase.order_id))
        elsewhere = purchase.first_elsewhere
        if purchase.found is not None:
            self._show_order(purchase.found)
        elif elsewhere is not None and elsewhere.order is not None:
            self._show_elsewhere(elsewhere, elsewhere.order)
        self._show_lines(purchase)
        self.show_actions()
        self.show()

    def _show_order(self, found: LookupResult) -> None:
        order = found.order
        text, tone = formats.order_state(order)
        self._state.show_chip(tone, text)
        if found.cached_at is not None:
            seen = translate("LastSeen", "Não consultado agora · visto em {0}")
            self._cached_chip.show_chip("warning", seen.format(formats.short_date_and_time(found.cached_at)), "offline")
        self._cached_chip.setVisible(found.cached_at is not None)
        self.setProperty("fresh", "true" if found.cached_at is None else "false")
        self._facts.setText(facts(order))
        self.customer.show_customer(order.customer)
        self._show_figures(found)

    def _show_elsewhere(self, each: Elsewhere, order: Order) -> None:
        """Show an order that BonifiQ does not know, as the first other system shows it."""
        is_fresh = each.lookup is not None and each.lookup.cached_at is None
        self._state.show_chip("neutral", "")
        self._cached_chip.setVisible(False)
        self.setProperty("fresh", "true" if is_fresh else "false")
        self._facts.setText(facts(order))
        self.customer.show_customer(order.customer)
        remote = order.remote
        currency = remote.currency if remote else ""
        lines = remote.lines if remote else ()
        left = sum((line.amount_left for line in lines if line.units_left > 0), Decimal(0))
        self._total_caption.setText(self.tr("Cliente pagou"))
        for caption, figure, text in (
            (self._total_caption, self._total, format_money(order.total, currency)),
            (self._refundable_caption, self._refundable, format_decimal(left, currency)),
        ):
            figure.setText(text)
            figure.setAccessibleName(f"{caption.text()}: {text}")
        self._refunded.setVisible(False)

    def show_actions(self) -> None:
        """Enable the buttons for what the systems allow."""
        completable = self.found is not None and self.found.completable
        self.refund_button.setEnabled(self.purchase.can_return)
        # The next step of a pending sale is its completion, so the refund is no primary button.
        self.complete_button.setVisible(completable)
        self.complete_button.setEnabled(completable)
        self.refund_button.set_look("secondary" if completable else "primary")
        self.cancel_button.setEnabled(self.purchase.can_cancel)
        self.take_over_button.setVisible(self.other_till is not None)
        self.take_over_button.setEnabled(True)
        self.print_button.setEnabled(True)  # the operations on it are known now

    def sentence(self) -> str:
        """The order as it is announced, money first."""
        elsewhere = self.purchase.first_elsewhere
        order = self.found.order if self.found else elsewhere.order if elsewhere else None
        customer = order.customer if order else None
        name = customer.name if customer else ""
        refundable = self.tr("{0} ainda podem ser devolvidos.").format(self._refundable.text())
        return f"{refundable} {', '.join(part for part in (self._number.text(), name, self._state.text()) if part)}."

    def _show_figures(self, found: LookupResult) -> None:
        self._total_caption.setText(self.tr("Valor da venda") if found.completable else self.tr("Cliente pagou"))
        captions = (
            (self._total_caption, self._total, found.order.total),
            (
                self._refundable_caption,
                self._refundable,
                found.refundable,
            ),
        )
        for caption, figure, cents in captions:
            figure.setText(format_reais(cents))
            figure.setAccessibleName(f"{caption.text()}: {format_reais(cents)}")
        in_shop = any(operation.till for operation in found.operations)
        by_whom = self.tr("Já devolvido na loja: {0}") if in_shop else self.tr("Já devolvido por este caixa: {0}")
        refunded = by_whom.format(format_reais(found.refunded))
        self._refunded.setText(refunded if found.refunded else "")
        self._refunded.setVisible(bool(found.refunded))

    def _show_lines(self, purchase: Purchase) -> None:
        rows = []
        if purchase.elsewhere:
            rows = [Row(self.tr("Onde este pedido está"), is_heading=True), *system_rows(purchase)]
        items = item_rows(purchase.found) if purchase.found is not None else _remote_items(purchase)
        if items:
            rows += [Row(self.tr("Itens"), is_heading=True), *items]
        operations = purchase.operations
        if operations:
            rows += _operation_rows(self.tr("Neste caixa"), [each for each in operations if not each.till])
            rows += _operation_rows(self.tr("Nos outros caixas"), [each for each in operations if each.till])
        if not items and not operations:
            rows.append(Row(self.tr("O pedido veio sem itens."), is_heading=True))
        if rows != list(self._lines.rows):
            place = self._lines.verticalScrollBar().value()
            self._lines.show_rows(rows)
            self._lines.verticalScrollBar().setValue(place)

    @Slot()
    def mask_document(self) -> None:
        self.customer.mask_document()

    def disable_actions(self) -> None:
        """Disable the buttons until the order is looked up again."""
        for button in (
            self.complete_button,
            self.refund_button,
            self.cancel_button,
            self.take_over_button,
            self.print_button,
        ):
            button.setEnabled(False)

    def clear(self) -> None:
        self.purchase = Purchase("")
        self.customer.show_customer(None)
        self.setProperty("orderId", "")
        self._lines.show_rows([])
        self.hide()


def _remote_items(purchase: Purchase) -> list[Row]:
    elsewhere = purchase.first_elsewhere
    return remote_item_rows(elsewhere.order) if elsewhere is not None and elsewhere.order is not None else []


def _operation_rows(heading: str, operations: list[Operation]) -> list[Row]:
    if not operations:
        return []
    rows = [Row(heading, is_heading=True), *map(operation_row, operations[:_MAX_OPERATIONS])]
    if len(operations) > _MAX_OPERATIONS:
        more = translate("OrderCard", "… e mais {0} no Histórico (F4)").format(len(operations) - _MAX_OPERATIONS)
        rows.append(Row(more, is_heading=True))
    return rows
