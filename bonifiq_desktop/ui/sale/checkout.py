"""Checkout of a sale: the reward that it uses, from the choice to the sale that takes it or the reversal."""

from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.rewards import CodeRequest, RedemptionRequest, RewardsNotOffered
from bonifiq_desktop.domain.sales import SaleError
from bonifiq_desktop.ui.messages import rewards as texts
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.sale.form import SaleForm
from bonifiq_desktop.ui.sale.reward_query import RewardQuery
from bonifiq_desktop.ui.sale.used_reward import UsedReward, from_draft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadCheckout, RegisterRedemption, Status, UndoRedemption

if TYPE_CHECKING:
    from bonifiq_desktop.ui.sale.reward_sheet import ChosenReward


class SaleCheckout(QObject):
    """At most one reward for the typed sale. While it is used, the form is locked to what it was computed from.

    - `changed`: the reward, and with it the amount to pay and the draft. `told` carries a Message; `failed` an error.
    - `checkout_id`: of the typed sale; a new one follows each end, because a checkout redeems once.
    - `intent_id`: of the registration of the sale. The checkout of a refused sale goes on under another one.
    """

    changed = Signal()
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, client: WorkerClient, form: SaleForm, save: Callable[[], None], page: QWidget) -> None:
        """`save`: puts the typed sale, with this checkout, on the way to the disk."""
        super().__init__(page)
        self._client = client
        self._form = form
        self._row = form.reward_row
        self._save = save
        self._page = page
        self._query = RewardQuery(client, self)
        self._query.changed.connect(self._show_offer)
        self._row.pressed.connect(self._row_pressed)
        self._chosen: ChosenReward | None = None
        self._reset()
        client.operationChanged.connect(self._operation_changed)
        client.statusChanged.connect(self._status_changed)

    def _reset(self) -> None:
        self._renew()
        self._asked: Customer | None = None
        self._is_identified = False
        self._forget_reward()

    def _renew(self) -> None:
        self.checkout_id = self.intent_id = token_hex(8)
        self._redeemed_for = ""  # the customer for whom a redemption of this checkout was asked

    def _forget_reward(self) -> None:
        self.used: UsedReward | None = None
        self._redemption: Operation | None = None
        self._reversal: Operation | None = None
        self._is_waiting = False
        self._is_from_draft = False
        self._form.use_reward(None)

    @property
    def is_waiting(self) -> bool:
        """Whether a command about the reward has no outcome yet."""
        return self._is_waiting

    # --- the offer

    def basket_changed(self) -> None:
        """Ask for the rewards of what is typed now."""
        if self.used is None:
            self._query.show_basket(self._form.basket())

    @Slot()
    def _show_offer(self) -> None:
        query, error = self._query, self._query.error
        if query.found is not None and query.found.customer is not None:
            self._form.customer.show_account(query.found.customer)
        if self.used is not None:
            return
        if query.found is not None:
            self._row.show_offer(query.found)
        elif error is not None and not isinstance(error, RewardsNotOffered | NotSetUp):
            self._row.show_problem(texts.not_asked_message(error))
        elif query.basket is not None and error is None:
            self._row.wait()
        else:
            self._row.hide()

    @Slot()
    def _row_pressed(self) -> None:
        if self.used is not None:
            self.undo()
        elif self._query.error is not None:
            self._query.ask_again()
        else:
            self._open_rewards()

    def _open_rewards(self) -> None:
        """Let the cashier choose. The sale must be complete so far: a locked one could not be completed any more."""
        found, basket = self._query.found, self._query.basket
        if found is None or basket is None or self._form.basket() != basket:
            return
        try:
            self._form.sale()
        except SaleError as error:
            self.failed.emit(error)
            return
        from bonifiq_desktop.ui.sale.reward_sheet import RewardSheet

        sheet = RewardSheet(found, basket, self._page)
        sheet.warn_of_coupon(self._form.coupon())
        sheet.chosen.connect(self._reward_chosen)
        sheet.open()

    @Slot(object)
    def _reward_chosen(self, chosen: "ChosenReward") -> None:
        found, basket = self._query.found, self._query.basket
        self._chosen = chosen
        if found is None or basket is None:
            return
        if basket.customer != self._asked:
            self._asked, self._transaction_id, self._is_identified = basket.customer, token_hex(8), False
        if self._is_identified or not (found.needs_code or found.needs_signup_code):
            self._redeem()
            return
        from bonifiq_desktop.ui.sale.code_sheet import CodeSheet, is_in_training

        request = CodeRequest(basket.customer, self._transaction_id, is_signup=found.needs_signup_code)
        sheet = CodeSheet(self._client, request, self._page, shows_test_code=is_in_training(self._page))
        sheet.confirmed.connect(self._identified)
        sheet.open()

    @Slot()
    def _identified(self) -> None:
        self._is_identified = True
        self._redeem()

    # --- redemption

    def _redeem(self) -> None:
        chosen, basket = self._chosen, self._query.basket
        if chosen is None or basket is None or self._is_waiting or self._form.basket() != basket:
            return
        order_id = self._form.sale().order_id
        customer = basket.customer.programme_id
        if self._redeemed_for not in {"", customer}:
            self._renew()  # a repeated key may be answered with the reward of the customer before
        self._redeemed_for = customer
        self._take_reward(chosen.used)
        if self._is_identified and self._query.found is not None and self._query.found.needs_signup_code:
            self._form.customer.join()
        self._form.focus_payment()
        self._save()  # before the redemption: a power cut in between must not lose which sale it is for
        line = chosen.used.line
        request = RedemptionRequest(
            self.checkout_id,
            basket,
            chosen.reward,
            chosen.used.amount,
            order_id=order_id,
            product_price=0 if line is None else line.price or 0,
        )
        self._is_waiting = True
        self._client.submit_with_approval(RegisterRedemption(request), self._registered, asker=self._page)

    def _take_reward(self, used: UsedReward) -> None:
        self.used = used
        self._form.use_reward(used)
        self._show_used()

    def _registered(self, outcome: Outcome[Operation]) -> None:
        self._is_waiting = False
        if outcome.value is not None:
            self._take(outcome.value)
        elif outcome.error is not None:
            self.failed.emit(outcome.error)
            self._read()  # the ledger alone knows whether it was stored

    # --- undo

    @Slot()
    def undo(self) -> None:
        """Undo the reward, so that the sale can be edited once BonifiQ confirms it."""
        if self.used is None or self._is_waiting or (self._reversal is not None and self._reversal.state in UNFINISHED):
            return
        self._is_waiting = True
        self.told.emit(texts.undoing_message())
        self._client.submit(UndoRedemption(self.checkout_id), self._undo_registered)

    def _undo_registered(self, outcome: Outcome[Operation]) -> None:
        self._is_waiting = False
        if outcome.error is not None:
            self.failed.emit(outcome.error)
        elif outcome.value is not None:
            self._take(outcome.value)

    def give_up(self) -> bool:
        """Undo the reward of a sale that is cleared, and do not wait for it. Returns whether there is one."""
        had_reward = self.used is not None
        if had_reward:
            self._client.submit(UndoRedemption(self.checkout_id), self._given_up)
        self.begin_next()
        return had_reward

    def _given_up(self, outcome: Outcome[Operation]) -> None:
        if outcome.error is not None:
            self.failed.emit(outcome.error)  # the checkout stays open, and the home page offers it

    def begin_next(self) -> None:
        """Begin the next sale: the last one took its reward, or gave it up."""
        self._reset()
        self._query.show_basket(None)
        self._row.hide()

    # --- what becomes of it

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if operation.checkout_id == self.checkout_id and self.used is not None:
            self._take(operation)

    @Slot(object)
    def _status_changed(self, _status: Status) -> None:
        """Read the checkout again that could not be read: the ledger may be back."""
        if self.used is not None and self._redemption is None and not self._is_waiting:
            self._read()

    def _take(self, operation: Operation) -> None:
        """Take a newer state of the redemption or of the reversal."""
        before = self._redemption if operation.kind is Kind.REDEMPTION else self._reversal
        if operation.kind is Kind.REDEMPTION:
            self._redemption = operation
        elif operation.kind is Kind.REVERSAL:
            self._reversal = operation
        else:
            return
        self._show_used()
        if before is None or _stage(before) != _stage(operation):
            self._settle(operation)

    def _settle(self, operation: Operation) -> None:
        """Act on a state that the redemption or the reversal just reached."""
        is_reversal = operation.kind is Kind.REVERSAL
        if operation.state in CLOSED_NEGATIVELY:
            if not is_reversal:
                self._is_identified = False
                self._end(texts.refused_redemption(operation))
            elif self._redemption is not None and self._redemption.state is State.CONFIRMED:
                self.told.emit(texts.kept_reward(operation))
        elif operation.state is State.QUEUED and not is_reversal and operation.failure_reason in texts.NO_LINE:
            self.undo()  # no reward is used without a line: later the customer may be gone
        elif operation.state is State.CONFIRMED and is_reversal:
            self._end(texts.undone_message())
        elif operation.state is State.CONFIRMED and not operation.external_code:
            self.told.emit(texts.reward_without_code())
        elif operation.state is State.CONFIRMED and self._is_another_product(operation):
            self.undo()
            self.told.emit(texts.another_product(operation.external_product_id))
        elif operation.state is State.CONFIRMED:
            self._query.ask_again()  # for the balance that is left

    def _is_another_product(self, operation: Operation) -> bool:
        line, given = self.used.line if self.used is not None else None, operation.external_product_id
        return line is not None and bool(given) and given != line.product_id

    def _end(self, message: Message) -> None:
        """Unlock the sale; another reward is a new checkout."""
        self._forget_reward()
        self._renew()
        self._query.show_basket(self._form.basket())
        self._query.ask_again()
        self.changed.emit()
        self.told.emit(message)

    def _show_used(self) -> None:
        if self.used is None:
            return
        reversal = self._reversal
        is_undoing = reversal is not None and reversal.state not in CLOSED_NEGATIVELY
        self._row.show_used(self.used, self._form.gross(), reversal if is_undoing else self._redemption)
        self.changed.emit()

    # --- the sale

    def obstacle(self) -> tuple[Message | None, bool]:
        """What keeps the sale from being registered, and whether the cashier may register it all the same."""
        redemption, reversal = self._redemption, self._reversal
        if self.used is None:
            return None, False
        if reversal is not None and reversal.state not in CLOSED_NEGATIVELY:
            return texts.undoing_message(), False
        if redemption is None:
            return texts.unread_checkout(), False
        if redemption.state is not State.CONFIRMED:
            return texts.unclear_redemption(self.used.title), True
        return (None, False) if redemption.external_code else (texts.reward_without_code(), False)

    # --- drafts

    def read_draft(self) -> dict[str, Any]:
        reward = {} if self.used is None else {"reward": self.used.read_draft()}
        ids = {"intent_id": self.intent_id, "checkout_id": self.checkout_id, "redeemed_for": self._redeemed_for}
        return {**ids, **reward}

    def restore_draft(self, draft: dict[str, Any]) -> None:
        """Take the checkout of a draft. A reward stays locked until the ledger says what became of it."""
        self.intent_id = str(draft.get("intent_id") or self.intent_id)
        self.checkout_id = str(draft.get("checkout_id") or self.intent_id)
        self._redeemed_for = str(draft.get("redeemed_for") or "")
        used = from_draft(draft.get("reward"))
        if used is not None:
            self._take_reward(used)
            self._is_from_draft = True
            self._read()

    def resume(self, operations: Sequence[Operation]) -> None:
        """Take a checkout whose draft is gone, as the ledger holds it."""
        redemption = next((each for each in operations if each.kind is Kind.REDEMPTION), None)
        if redemption is None:
            return
        self.checkout_id = redemption.checkout_id
        line = next((Product(e.product_id, e.title, e.value, 1) for e in redemption.lines), None)
        self._take_reward(UsedReward(redemption.reason, redemption.value, line))
        self._take_all(operations)

    def _read(self) -> None:
        self._is_waiting = True
        self._client.submit(ReadCheckout(self.checkout_id), self._checkout_read)

    def _checkout_read(self, outcome: Outcome[tuple[Operation, ...]]) -> None:
        self._is_waiting = False
        if outcome.value is None or self.used is None:
            return  # it stays locked; the next status asks again
        if not any(each.kind is Kind.REDEMPTION for each in outcome.value):
            forgotten = self.used.title if self._is_from_draft else ""
            self._forget_reward()
            self._query.show_basket(self._form.basket())
            self._query.ask_again()
            self.changed.emit()
            if forgotten:
                self.told.emit(texts.forgotten_reward(forgotten))
        else:
            self._take_all(outcome.value)

    def _take_all(self, operations: Sequence[Operation]) -> None:
        for operation in operations:
            if self.used is not None:
                self._take(operation)


def _stage(operation: Operation) -> tuple[object, ...]:
    """What the page acts on when it changes."""
    return operation.operation_id, operation.state, operation.failure_reason
