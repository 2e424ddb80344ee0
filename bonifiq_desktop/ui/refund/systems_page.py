"""The refund page for a purchase that marketplaces or web shops have: typed once, registered in every system."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.item_match import chosen_lines, shares_an_item
from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.returns import CounterReason, ReturnChoice
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
from bonifiq_desktop.services.return_requests import ReturnRequest
from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.refund.leg_planner import LegPlanner
from bonifiq_desktop.ui.refund.purchase_warnings import warning_notice
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.refund.return_options import ReturnOptions
from bonifiq_desktop.ui.refund.shared_items import SharedItems, goods_of, with_quantities
from bonifiq_desktop.ui.refund.systems_summary import SystemsSummary, points_text
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.labels import set_invalid
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, ConnectionInfo, Outcome, ReadConnections, RegisterReturn


class SystemsReturnPage(RefundPage):
    """One tick takes a unit back in every system that has it; each system computes its own amount.

    `takes_all`: everything is ticked at first, as for a whole cancel.
    """

    def __init__(self, client: WorkerClient, purchase: Purchase, parent: QWidget, *, takes_all: bool = False) -> None:
        self._orders = purchase.money_orders
        found = with_quantities(purchase.found, self._orders) if purchase.found is not None else None
        self._has_points = found is not None and found.refundable > 0
        self._goods = goods_of(found, self._orders)
        self._is_typed = False  # the value in BonifiQ was typed, and is not the sum of the items
        self._confirm_waits = False  # for the plans of what was just chosen
        super().__init__(client, found or _unknown_in_bonifiq(purchase), parent, purchase)
        self._planner.changed.connect(self._planned)
        self._options.changed.connect(self._edited)
        client.submit(ReadConnections(), self._connections_read)
        if takes_all:
            self._take_all()

    # --- the parts that depend on the systems

    def _make_items(self) -> SharedItems:
        self._planner = LegPlanner(self._client, self._orders, self)
        self._options = ReturnOptions()
        systems = [*self._orders, *(["BonifiQ"] if self._purchase.found is not None else [])]
        self._shared = SharedItems(self._goods, self._orders, systems, self)
        return self._shared

    def _make_summary(self) -> SystemsSummary:
        self._systems_summary = SystemsSummary(
            self._found, self._value, self.summary, self._reward_note(), has_points=self._has_points
        )
        return self._systems_summary

    def _more_fields(self) -> list[QWidget]:
        return self._options.fields()

    def _hint(self) -> str:
        return self.tr("Espaço marca uma unidade em todos os sistemas")

    def _arrange(self) -> None:
        super()._arrange()
        self._type_button.setVisible(self._has_points)
        self._options.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        form = self.form.layout()
        if isinstance(form, QVBoxLayout):
            form.insertWidget(form.indexOf(self._reason) + 1, self._options)

    def _purchase_warnings(self) -> list[Notice]:
        warnings = super()._purchase_warnings()
        if self._purchase.found is None:
            return warnings
        for name in self._orders:
            if not shares_an_item(self._goods.matched(), name):
                title = self.tr("{0} mostra outros itens com este número.").format(name)
                check = self.tr("Confira se é a mesma compra antes de devolver.")
                warnings.append(warning_notice(title, check, "PEDIDO-20"))
        return warnings

    def _connections_read(self, outcome: Outcome[tuple[ConnectionInfo, ...]]) -> None:
        wanted = [info.settings for info in outcome.value or () if info.settings.name in self._orders]
        self._options.use_settings(wanted)
        self._show_value()

    # --- what is typed

    @Slot()
    def _items_edited(self) -> None:
        self._is_typed = False
        super()._items_edited()

    @Slot(object)
    def _value_typed(self, _cents: Cents) -> None:
        self._is_typed = True
        self._edited()

    @Slot()
    def _edited(self) -> None:
        self._confirm_waits = False
        super()._edited()

    @Slot()
    def _take_all(self) -> None:
        self._shared.tick_all()
        self._items_edited()
        if self._has_points and self._value.value() != self._refundable:
            self._value.set_value(self._refundable)  # the prices do not add up to what is left
            self._value_typed(self._refundable)

    def _show_value(self) -> None:
        is_regret = self._reason.counter_reason() is CounterReason.REGRET
        self._options.propose_shipping(proposed=is_regret and self._shared.is_chosen() and self._shared.is_all())
        self._planner.plan(self._choices())
        self._show_plans()

    def _choices(self) -> dict[str, ReturnChoice]:
        """What goes back to each other system."""
        units = [count for count, row in zip(self._shared.units(), self._goods.rows, strict=True) if row is not None]
        choices = {}
        for name, order in self._orders.items():
            lines = chosen_lines(self._goods.matched(), units, name, order)
            if lines:
                choices[name] = ReturnChoice(
                    lines,
                    self._reason.counter_reason(),
                    self._options.shipping.isChecked(),
                    self._options.invoice_number(),
                    self._options.bank_account(),
                )
        return choices

    @Slot()
    def _planned(self) -> None:
        self._show_plans()
        if self._confirm_waits and not self._planner.is_pending:
            self._confirm_waits = False
            if self.confirm_button.isEnabled():
                self._confirmed()

    def _show_plans(self) -> None:
        value = self._value.value()
        too_much = value > self._refundable
        set_invalid(self._value, wrong=too_much)
        self._systems_summary.show_plans(self._planner.plans)
        preview = "" if too_much else self._points_preview(value)
        self._summary.show_value(0 if too_much else value, preview, whole=False)
        self.confirm_button.setEnabled(self._can_confirm(value))
        self.confirm_button.set_label(self.tr("Registrar devolução"))
        if too_much:
            self.message.say(
                "danger",
                self.tr("{0} passa do que ainda pode ser devolvido.").format(format_reais(value)),
                action=self.tr("Devolva no máximo {0}.").format(format_reais(self._refundable)),
                code="PEDIDO-04",
            )
        elif not self._found.id_mismatch:
            self.message.clear()

    def _can_confirm(self, value: Cents) -> bool:
        if value > self._refundable or self._planner.is_stopped or self._lacks_value(value):
            return False
        return bool(value or self._planner.ready or self._planner.is_pending)

    def _lacks_value(self, value: Cents) -> bool:
        """Whether items of BonifiQ are ticked that it shows no price of, and no value was typed."""
        if not self._has_points or value:
            return False
        own = {item.position: item.own_units for item in self._goods.items}
        return any(count and own.get(row, 0) for row, count in enumerate(self._shared.units()))

    def _lacks_reason(self, value: Cents) -> bool:
        by_hand = value > 0 and not self._shared.is_chosen() and not self._is_whole(value)
        return by_hand and not self._reason.reason()

    def _points_preview(self, value: Cents) -> str:
        if not value and not self._shared.is_chosen():
            return self.tr("Marque os itens que voltaram.")
        if self._lacks_value(value):
            return self.tr("O BonifiQ não mostra o preço destes itens: digite o valor a estornar.")
        return points_text(value) if value else ""

    # --- registering

    def command(self) -> Command[Operation] | Command[tuple[Operation, ...]] | None:
        """The return in all its systems; what BonifiQ alone has is a refund as any other."""
        value = self._value.value()
        if not self._can_confirm(value):
            return None
        if self._planner.is_pending:
            self._confirm_waits = True  # type-ahead: registered when the amounts are on the screen
            return None
        money = self._planner.requests()
        if not money:
            return super().command()
        self._draft.flush()  # before the return: a draft saved after it would come back
        return RegisterReturn(ReturnRequest(self._points(value), money, self._intent_id))

    def _points(self, value: Cents) -> RefundRequest | None:
        if not self._has_points or not value:
            return None
        lines = () if self._is_typed else self._shared.lines()
        reason = self._reason.reason() or CounterReason.OTHER.value
        return RefundRequest(self._found.order, value, reason, lines, cached_at=self._found.cached_at)

    def is_half_typed(self) -> bool:
        return super().is_half_typed() or (not self._is_registered and self._shared.is_chosen())

    def _read_draft(self) -> dict[str, Any]:
        shipping = self._options.shipping.isChecked() if self._options.shipping_is_chosen else None
        return {**super()._read_draft(), "shipping": shipping, "invoice": self._options.invoice_number()}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        if draft.get("order_id") == self._found.order.order_id:
            if isinstance(draft.get("shipping"), bool):
                self._options.set_shipping(back=draft["shipping"])
            self._options.set_invoice_number(str(draft.get("invoice", "")))
        super()._restore_draft(draft)


def _unknown_in_bonifiq(purchase: Purchase) -> LookupResult:
    """An order that BonifiQ does not know, as the page needs it: nothing can be taken back there."""
    elsewhere = purchase.first_elsewhere
    customer = elsewhere.order.customer if elsewhere is not None and elsewhere.order is not None else None
    order = Order(purchase.order_id, 0, customer=customer)
    return LookupResult(order, purchase.order_id, 0, 0, (), None, closed=False)
