"""Form of a sale: customer, total and payment in three steps, and the rest behind "more details"."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QScrollArea, QWidget

from bonifiq_desktop.domain.coded_names import code_in, format_coded_name, read_coded_name
from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.orders import Customer, Order, Product
from bonifiq_desktop.domain.rewards import Basket
from bonifiq_desktop.domain.sales import Sale, SaleError, SaleState, net_products, paid_total
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.sale.customer import SaleCustomer
from bonifiq_desktop.ui.sale.details import SaleDetails
from bonifiq_desktop.ui.sale.payment import SalePayment
from bonifiq_desktop.ui.sale.reward_row import RewardRow
from bonifiq_desktop.ui.sale.used_reward import UsedReward
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import card, label, set_invalid
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.worker.commands import CurrentSettings

_ROOM_AROUND = 72  # pixels at 100 %: a field is seen with its caption


class SaleForm(QWidget):
    """Enter alone goes from the customer to `last_field`. `sale()` makes the Sale."""

    edited = Signal()

    def __init__(self, last_field: QWidget, parent: QWidget | None = None) -> None:
        """`last_field`: takes the focus after the last field of the form."""
        super().__init__(parent)
        self._last_field = last_field
        self._settings = Settings()
        self.customer = SaleCustomer()
        self._total = MoneyField("saleTotal")
        self._total.setProperty("look", "hero")
        self._total_hint = label("", "muted", "saleTotalHelper")
        self._total_heading = label("", "section")
        self.reward_row = RewardRow()
        self._used: UsedReward | None = None
        self._payment = SalePayment()
        self._details = SaleDetails(self.customer)
        self._items, self._discount = self._details.items, self._details.discount
        self._arrange()
        self._connect_signals()
        self._show_total()

    # --- building

    def _arrange(self) -> None:
        steps, inside = card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(2, 1)
        steps_shown = (
            (label(self.tr("Cliente"), "section"), self.customer),
            (self._total_heading, self._total),
            (label(self.tr("Pagamento"), "section"), self._payment),
        )
        for number, (heading, content) in enumerate(steps_shown):
            row = 3 * number
            badge = label(str(number + 1), "step")
            badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(badge, row, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(heading, row, 1)
            grid.addWidget(content, row + 1, 1, 1, 2)
            grid.setRowMinimumHeight(row + 2, px(12))
        self._total_hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._total_hint.setWordWrap(True)
        grid.addWidget(self._total_hint, 3, 2)
        grid.addWidget(self.reward_row, 5, 1, 1, 2)
        self._total.setAccessibleName(self.tr("Total pago, sem frete"))
        inside.addLayout(grid)
        more: QLayout = button_row(self._details.toggle, right=())
        more.addWidget(self._details.summary)
        self._content = inner = QWidget()
        inner.setObjectName("page")
        lay_out(inner, steps, more, self._details, spacing=px(12)).addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        lay_out(self, self._scroll)

    def _connect_signals(self) -> None:
        EnterChain(
            self, self.customer.name, self._total, self._payment.segments, self._payment.box,
            *self._details.enter_order(), self._last_field,
        )  # fmt: skip
        self.customer.finished.connect(self._after_customer)
        self.customer.edited.connect(self.edited)
        self._items.edited.connect(self._amounts_edited)
        self._items.finished.connect(self._after_items)
        self._details.edited.connect(self.edited)
        self._details.metadata.finished.connect(self._last_field.setFocus)
        self._discount.valueEdited.connect(self._amounts_edited)
        self._total.valueEdited.connect(self.edited)
        self._payment.edited.connect(self.edited)
        # When the details opened, or a message appeared.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._show_focused)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def use_settings(self, current: CurrentSettings) -> None:
        """Use the shop's lists and branch; chosen entries stay."""
        self._settings = settings = current.settings
        self._details.set_settings(settings)
        self._payment.set_methods([named.name for named in map(read_coded_name, settings.payment_methods) if named])

    # --- what is typed

    @Slot()
    def _amounts_edited(self) -> None:
        self._show_total()
        self._details.open_if_filled()
        self.edited.emit()

    @Slot()
    def _after_customer(self) -> None:
        (self._payment if self._total.isReadOnly() else self._total).setFocus()

    @Slot()
    def _after_items(self) -> None:
        (self._discount if self._discount.isEnabled() else self.customer.email).setFocus()

    def _show_total(self) -> None:
        products = self._items.products()
        is_fixed = bool(products) or self._used is not None
        self._total.setReadOnly(is_fixed)
        self._total.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_fixed else Qt.FocusPolicy.StrongFocus)
        self._discount.setEnabled(bool(products) and self._used is None)
        self._total_heading.setText(self.tr("Total pago") if self._used is None else self.tr("Total da compra"))
        if not products:
            hint = self.tr("já com desconto, sem frete")
            self._total_hint.setText(hint if self._used is None else self.tr("antes do benefício, sem frete"))
            return
        items, discount = self._items.total(), self._discount.value()
        set_invalid(self._discount, wrong=discount > items)
        self._total.set_value(max(0, items - discount))
        text = self.tr("itens {0} − desconto {1}, sem frete")
        self._total_hint.setText(text.format(format_reais(items), format_reais(discount)))

    def gross(self) -> Cents:
        """The total of the purchase, before a reward."""
        return self._total.value()

    def total(self) -> Cents:
        """What the customer pays."""
        return self.gross() if self._used is None else self._used.net(self.gross())

    # --- rewards

    def basket(self) -> Basket | None:
        """What the rewards depend on; None while it names no customer or no total, and for a sale that gives none."""
        products, total = self._items.products(), self._total.value()
        if not total or self.state() is not SaleState.COMPLETED or self._items.is_half_typed():
            return None
        try:
            customer = replace(self.customer.customer(), enrolled=None)  # no reward depends on the answer given here
        except SaleError:
            return None
        if not (customer.customer_id or customer.document or customer.email):  # BonifiQ finds none by phone
            return None
        if not products:
            return Basket(customer, total)
        return Basket(customer, self._items.total(), self._discount.value(), products)

    def coupon(self) -> str:
        return self._details.coupon.text().strip()

    def use_reward(self, used: UsedReward | None) -> None:
        """Take a reward into the sale and lock what it was computed from; None takes it away."""
        self._used = used
        self.customer.set_locked(locked=used is not None)
        self._details.set_locked(locked=used is not None)
        self._show_total()

    def focus_payment(self) -> None:
        self._payment.setFocus()

    def state(self) -> SaleState:
        return SaleState(self._details.state.currentData())

    def show_new_customer(self) -> None:
        """Ask for the name of a customer that is not known; the focus goes back to it while no total is typed."""
        self.customer.show_new()
        if self._total.hasFocus() and not self._total.value():
            self.customer.move_on()

    def show_known_customer(self, customer: Customer, order_id: str = "") -> None:
        self.customer.show_known(customer, order_id)
        if self.customer.name.hasFocus() and customer.name:
            self._after_customer()

    def mark_invalid(self, wrong: str) -> None:
        """Mark the invalid field and focus it; empty: mark none."""
        set_invalid(self._total, wrong=wrong == "total")
        marked = (self._total if wrong == "total" else None) or self.customer.mark_invalid(wrong)
        marked = self._details.mark_invalid(wrong) or marked
        if marked is not None:
            marked.setFocus()
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
            self._scroll.ensureWidgetVisible(focused, 0, px(_ROOM_AROUND))

    def show_top(self) -> None:
        self._scroll.verticalScrollBar().setValue(0)

    def sale(self) -> Sale:
        """The typed sale. Raises SaleError."""
        customer = self.customer.customer()
        if self._items.is_half_typed():
            raise SaleError("item")
        payment, used = self._payment.text(), self._used
        fields = self._details.fields(datetime.now(UTC))
        if used is not None:
            fields = _with_reward(fields, used, is_line=bool(self._items.products()))
        return Sale(
            customer=customer,
            total=self._paid(),
            products=self._lines(),
            payment_method=format_coded_name(code_in(self._settings.payment_methods, payment), payment),
            branch_id=self._settings.branch_id,
            branch_name=self._settings.branch_name,
            reward=0 if used is None else used.amount,
            **fields,
        ).checked()

    def _paid(self) -> Cents:
        """What the customer pays. Raises SaleError for a discount that is larger than the items."""
        products = self._items.products()
        prices = [p.price or 0 for p in products]
        total = paid_total(prices, self._discount.value()) if products else self._total.value()
        return total if self._used is None else self._used.net(total)

    def _lines(self) -> tuple[Product, ...]:
        """The items at the prices paid, which add up to the total; a product reward is one more. Raises SaleError."""
        products, used = self._items.products(), self._used
        if used is None or not products:
            return net_products(products, self._discount.value())
        if used.line is not None:
            return (*net_products(products, self._discount.value()), used.line)
        return net_products(products, self._discount.value() + used.amount)

    # --- drafts

    def read_draft(self) -> dict[str, Any]:
        """The input as plain values, empty when there is none."""
        typed = {
            **self.customer.read_draft(),
            "total": self._total.value(),
            "payment": self._payment.text(),
            "details": self._details.read_draft(),
        }
        if not any(typed.values()):
            return {}
        return {**typed, **self.customer.consent(), "sales_person": self._details.seller.currentText()}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore the values of `read_draft`; values of another shape are left out."""
        self.blockSignals(True)  # restoring is no edit
        self.customer.restore_draft(draft)
        self._payment.set_text(str(draft.get("payment", "")))
        details = draft.get("details")
        self._details.restore_draft(details if isinstance(details, dict) else {}, str(draft.get("sales_person", "")))
        total = draft.get("total", 0)
        self._total.set_value(total if isinstance(total, int) else 0)
        self._show_total()
        self.blockSignals(False)

    def clear(self) -> None:
        """Empty the form for the next customer; the sales person stays."""
        seller, code = self._details.seller.currentText(), self._details.seller_code.text()
        self.restore_draft({"sales_person": seller, "details": {"saleSellerCode": code}})


def _with_reward(fields: dict[str, Any], used: UsedReward, *, is_line: bool) -> dict[str, Any]:
    """The fields of a sale that uses a reward: BonifiQ's code takes the place of a coupon, which is noted.

    `is_line`: a product reward stands among the items. A sale without items notes it: one line would not be the total.
    """
    notes = list(fields["notes"])
    if fields["coupon"]:
        notes.append(("Cupom de desconto", fields["coupon"]))
    if used.line is not None and not is_line:
        notes.append(("Produto do benefício", f"{used.line.product_id} {used.line.title}"))
    return {**fields, "coupon": "", "notes": tuple(notes)}


def draft_of(order: Order) -> dict[str, Any]:
    """The draft of a sale that was typed for an order: its items at full price, else its total."""
    products = order.products
    if not products:
        return {"total": order.total}
    discount = sum(product.price or 0 for product in products) - order.total
    items = {"added": [dict(vars(product)) for product in products], "typed": ["", "", "1", "", "", 0]}
    return {"details": {"items": items, "discount": discount}}
