"""Sale page: the form, its submission, and the outcome."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.domain.slips import subject_of
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, SaleNumberUsed
from bonifiq_desktop.ledger.history_filter import HistoryFilter
from bonifiq_desktop.services.clock_check import ClockDoubted
from bonifiq_desktop.ui.printing.preview import open_preview
from bonifiq_desktop.ui.sale.checkout import SaleCheckout
from bonifiq_desktop.ui.sale.customer_search import CustomerSearch
from bonifiq_desktop.ui.sale.form import SaleForm, draft_of
from bonifiq_desktop.ui.sale.last_sale import LastSale, PointsEstimate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadCheckout, ReadHistoryPage, RegisterSale

_MIN_RIGHT, _MAX_RIGHT = 280, 360  # pixels at 100 %
_SALES = HistoryFilter(kinds=frozenset({Kind.SALE}), till="")


class SalePage(QWidget):
    """Registers one sale at a time, and starts an empty form for the next one. The last sale stays beside it.

    `openRequested` carries the number of an order to show.
    """

    openRequested = Signal(str)

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._is_loaded = False
        self._registering = ""  # the customer of the sale that waits for its outcome
        self.message = Notice("saleMessage")
        enter = "Ctrl+Enter"
        self.submit = ActionButton("saleSubmit", "", enter, self._submit, look="primary", icon="check", tall=True)
        for key in ("Ctrl+Return", enter):
            QShortcut(QKeySequence(key), self).activated.connect(self.submit.click)
        anyway = self.tr("Registrar com a data deste PC")
        self._submit_anyway = ActionButton("saleDespiteClock", anyway, look="dangerGhost", tall=True)
        self._submit_anyway.clicked.connect(lambda: self._submit(despite_clock=True, despite_reward=True))
        self._submit_anyway.hide()
        waits = self.tr("Registrar e esperar")
        self._submit_waiting = ActionButton("saleDespiteReward", waits, look="secondary", tall=True)
        self._submit_waiting.clicked.connect(lambda: self._submit(despite_reward=True))
        self._submit_waiting.hide()
        clear = self.tr("Limpar")
        self._clear_button = ActionButton(
            "saleClear", clear, "Ctrl+Del", self._clear_typed, look="ghost", icon="trash", has_shortcut=True
        )
        self.form = SaleForm(self.submit)
        self.form.edited.connect(self._edited)
        self._search = CustomerSearch(client, self.form, self)
        self._search.failed.connect(self.message.show_error)
        self._search.filledIn.connect(self._customer_filled_in)
        self.checkout = SaleCheckout(client, self.form, self._save_now, self)
        self.checkout.changed.connect(self._reward_changed)
        self.checkout.told.connect(self.message.show_message)
        self.checkout.failed.connect(self._show_error)
        self.points = PointsEstimate()
        self.last_sale = LastSale()
        self.last_sale.openRequested.connect(self.openRequested)
        self.last_sale.printRequested.connect(self._open_preview)
        self.form.reward_row.printPressed.connect(self._open_preview)
        self.draft = DraftKeeper(client, "sale", self._read_draft, self._restore_draft, self)
        self._arrange()
        self._show_amounts()
        client.operationChanged.connect(self._operation_changed)

    def _arrange(self) -> None:
        left = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(px(12))
        buttons.addWidget(self._submit_anyway)
        buttons.addWidget(self._submit_waiting)
        buttons.addWidget(self.submit, 1)
        lay_out(left, self.message, self.form, buttons, spacing=px(12)).setStretchFactor(self.form, 1)
        beside = QWidget()
        beside.setObjectName("page")
        lay_out(beside, self.points, self.last_sale, spacing=px(12)).addStretch(1)
        right = QScrollArea()
        right.setWidgetResizable(True)
        right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.setMinimumWidth(px(_MIN_RIGHT))
        right.setMaximumWidth(px(_MAX_RIGHT))
        right.setWidget(beside)
        head = button_row(right=(self._clear_button,))
        head.insertWidget(0, label(self.tr("Nova venda"), "title"))
        columns = QHBoxLayout()
        columns.setSpacing(px(24))
        columns.addWidget(left, 64)
        columns.addWidget(right, 36)
        layout = lay_out(
            self,
            head,
            columns,
            margins=(px(24), px(16), px(24), px(16)),
            spacing=px(12),
        )
        layout.setStretchFactor(columns, 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.customer.field.setFocus()
        if not self._is_loaded:
            self._client.submit(ReadHistoryPage("", filter=_SALES), self._history_read)

    def _history_read(self, outcome: Outcome[list[Operation]]) -> None:
        """Show the last sale of an earlier run, and take its rate of points."""
        if outcome.value is None:
            return  # without a history, or behind the lock; the next showing asks again
        self._is_loaded = True
        for sale in reversed(outcome.value):
            self.points.learn(sale)
            self.last_sale.show_sale(sale)
        self._show_amounts()

    # --- what is typed

    @Slot()
    def _edited(self) -> None:
        self.draft.changed()
        self._hide_choices()
        self.last_sale.begin_next()
        self.form.mark_invalid("")
        self.message.clear()
        self._show_amounts()
        self.checkout.basket_changed()

    def _show_amounts(self) -> None:
        total = self.form.total()
        has_amount = total or self.checkout.used is not None
        amount = self.tr("Registrar {0}").format(format_reais(total)) if has_amount else self.tr("Registrar venda")
        self.submit.set_label(amount)
        takes_part = self.form.customer.enrolled.isChecked()
        self.last_sale.print_button.setEnabled(self.checkout.used is None)  # F11 is the reward's then
        self.points.show_total(total, self.form.state(), takes_part=takes_part)

    @Slot()
    def _customer_filled_in(self) -> None:
        if self.checkout.used is not None:
            self.form.customer.set_locked(locked=self.form.customer.is_known())
        self.draft.changed()
        self._show_amounts()
        self.checkout.basket_changed()

    @Slot()
    def _reward_changed(self) -> None:
        self.draft.changed()
        self._hide_choices()
        self._show_amounts()

    def _save_now(self) -> None:
        self.draft.changed()
        self.draft.flush()

    def _hide_choices(self) -> None:
        self._submit_anyway.hide()
        self._submit_waiting.hide()

    def _read_draft(self) -> dict[str, Any]:
        typed = self.form.read_draft()
        return {**typed, **self.checkout.read_draft()} if typed else {}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        self._restore(draft)
        self.message.say(
            "info",
            self.tr("Você tinha começado esta venda."),
            self.tr("Ela ainda não foi registrada."),
            self.tr("Continue de onde parou ou aperte Limpar (Ctrl+Del)."),
        )

    def _restore(self, draft: dict[str, Any]) -> None:
        self.form.restore_draft(draft)
        self.checkout.restore_draft(draft)
        identity, order_id = self.form.customer.identity(), draft.get("customer_order")
        if order_id:
            self._search.find_by_order(str(order_id))
        elif identity.is_exact:
            self._search.find(identity)
        self._show_amounts()
        self.checkout.basket_changed()

    @Slot(str)
    def continue_checkout(self, checkout_id: str) -> None:
        """Continue the sale of a redeemed reward whose draft is gone."""
        if self._read_draft():
            self.message.say(
                "warning",
                self.tr("Há outra venda começada aqui."),
                self.tr("O benefício do outro cliente continua guardado."),
                self.tr("Registre esta venda ou aperte Limpar (Ctrl+Del), e continue a outra depois."),
                code="BENEF-26",
            )
        else:
            self._client.submit(ReadCheckout(checkout_id), self._checkout_read)

    def _checkout_read(self, outcome: Outcome[tuple[Operation, ...]]) -> None:
        if outcome.error is not None:
            self.message.show_error(outcome.error)
        redeemed = [each for each in outcome.value or () if each.kind is Kind.REDEMPTION and each.order is not None]
        if not redeemed or self._read_draft():
            return
        sold = redeemed[0].order
        if sold is not None:
            self.form.restore_draft(draft_of(sold))
        self.checkout.resume(outcome.value or ())
        self.form.customer.set_locked(locked=False)  # until the customer is found
        self._search.find_by_order(redeemed[0].order_id)
        self.draft.changed()
        self._show_amounts()

    @Slot()
    def _clear_typed(self) -> None:
        """Empty the form; for some seconds the typed sale can be brought back."""
        typed = self.form.read_draft()
        if not typed or not self.submit.isEnabled() or self.checkout.is_waiting:
            return
        told = self.tr("A venda começada foi apagada.")
        if self.checkout.give_up():
            told = self.tr("A venda começada foi apagada, e o benefício está sendo desfeito.")
        self._clear()
        self.form.mark_invalid("")
        self.message.clear()
        self._hide_choices()
        self.form.customer.field.setFocus()
        Toast.show_in(self.window(), told, partial(self._bring_back, typed))

    def _bring_back(self, typed: dict[str, Any]) -> None:
        """Restore a cleared sale without its reward, unless the next one was begun."""
        if not self._read_draft():
            self._restore(typed)
            self.draft.changed()
            self.form.customer.field.setFocus()

    # --- registering

    @Slot()
    def _submit(self, *, despite_clock: bool = False, despite_reward: bool = False) -> None:
        if not self.submit.isEnabled() or self.checkout.is_waiting:
            return
        self.message.clear()
        self._hide_choices()
        try:
            sale = self.form.sale()
        except SaleError as error:
            self._show_error(error)
            return
        obstacle, may_wait = self.checkout.obstacle()
        if obstacle is not None and not (may_wait and despite_reward):
            self.message.show_message(obstacle)
            self._submit_waiting.setVisible(may_wait)
            return
        self.form.mark_invalid("")
        self._search.forget()
        self.draft.flush()  # before the sale: a draft saved after it would come back
        self._registering = sale.customer.name
        self.submit.setEnabled(False)  # until the outcome, so that a second press registers nothing
        checkout_id = self.checkout.checkout_id if self.checkout.used is not None else ""
        self._client.submit_with_approval(
            RegisterSale(sale, self.checkout.intent_id, despite_clock, checkout_id), self._outcome_received, asker=self
        )

    def _outcome_received(self, outcome: Outcome[Operation]) -> None:
        self.submit.setEnabled(True)
        if outcome.error is not None:
            self._show_error(outcome.error)
            self._submit_anyway.setVisible(isinstance(outcome.error, ClockDoubted))
            if isinstance(outcome.error, AlreadyRegistered):
                self._clear()
        elif outcome.value is not None:
            self._clear()
            self.last_sale.show_outcome(outcome.value, self._registering)
            self.form.customer.field.setFocus()
            self.form.show_top()

    @Slot(object)
    def _show_error(self, error: Exception) -> None:
        self.form.mark_invalid(_field_for(error))
        self.message.show_error(error)

    def _clear(self) -> None:
        self._search.forget()  # a late answer must not fill in the next sale
        self.checkout.begin_next()
        self.draft.discard()
        self.form.clear()
        self._show_amounts()

    @Slot(object)
    def _open_preview(self, operation: Operation) -> None:
        open_preview(self._client, subject_of(operation), self)

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        self.last_sale.operation_changed(operation)
        if operation.kind is Kind.SALE:
            self.points.learn(operation)
            self._show_amounts()


def _field_for(error: Exception) -> str:
    """The field of an error, by its name in SaleError; empty for none."""
    if isinstance(error, SaleNumberUsed | OrderBusy):
        return "order_id"
    return error.field if isinstance(error, SaleError) else ""
