"""Sheet in which the cashier chooses a reward of the customer, and how much of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.orders import Product
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    Basket,
    ProductPricing,
    Reward,
    RewardKind,
    discount_of,
    unit_price,
)
from bonifiq_desktop.ui.messages.formats import joined, points_text
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.rewards import cannot_use_text, conditions_text, effect_text, restricted_text
from bonifiq_desktop.ui.sale.used_reward import UsedReward
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice_card import ChoiceCard
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.money_field import HeroField
from bonifiq_desktop.ui.widgets.sheet import Sheet

_WIDTH, _MIN_LIST, _MAX_LIST, _AROUND = 620, 96, 300, 96  # pixels at 100 %
_ARROWS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_CHOSEN_AMOUNT = frozenset({RewardKind.CASHBACK, RewardKind.FIXED})


@dataclass(frozen=True)
class ChosenReward:
    """A reward, and what it does to the sale."""

    reward: Reward
    used: UsedReward


class RewardSheet(Sheet):
    """`chosen` carries a ChosenReward. The usable rewards come first, cashback before the others.

    Arrows choose among them, also from the amount. Enter goes from the choice to the amount, and on to the button.
    """

    chosen = Signal(object)

    def __init__(self, found: AvailableRewards, basket: Basket, parent: QWidget) -> None:
        super().__init__(parent, "rewardSheet", self.tr("Benefícios do cliente"), _WIDTH)
        self._basket = basket
        self._most_cashback = found.maximum
        usable = [reward for reward in found.rewards if reward.can_use]
        self._usable = sorted(usable, key=lambda reward: reward.kind is not RewardKind.CASHBACK)
        self._cards = [self._usable_card(place, reward) for place, reward in enumerate(self._usable)]
        self._amount = HeroField("rewardAmount")
        self._amount_name = label("", "figureName", "rewardAmountName")
        self._amount_name.setBuddy(self._amount)
        self._amount_hint = paragraph("", "muted", "rewardAmountHint")
        self._amount.valueEdited.connect(self._show_effect)
        self._pays = label("", "section", "rewardPays")
        self._confirm = ActionButton(
            "rewardConfirm", "", "Enter", self._choose, look="primary", icon="check", tall=True
        )
        back = ActionButton("rewardBack", self.tr("Voltar"), "Esc", self.reject, tall=True)
        shut = [reward for reward in found.rewards if not reward.can_use]
        self.fill(
            paragraph(self.windowTitle(), "title"),
            paragraph(_balance_text(found), "muted", "rewardBalance"),
            self._list(shut),
            self._amount_part(restricted_text(found)),
            button_row(back, right=(self._confirm,)),
        )
        EnterChain(self, *(card.button for card in self._cards), self._amount, self._confirm)
        for widget in (*(card.button for card in self._cards), self._amount):
            widget.installEventFilter(self)
        if self._cards:
            self._cards[0].button.setChecked(True)
            self._focus_choice()
        else:
            self._confirm.hide()
            back.setFocus()

    # --- building

    def _usable_card(self, place: int, reward: Reward) -> ChoiceCard:
        more = joined(effect_text(reward), conditions_text(reward))
        card = ChoiceCard(f"reward{place + 1}", reward.title or effect_text(reward), more)
        card.button.setAutoExclusive(False)  # the cards have no parent in common
        card.button.toggled.connect(lambda checked, place=place: self._card_toggled(place, checked=checked))
        return card

    def _list(self, shut: Sequence[Reward]) -> QScrollArea:
        inner = QWidget()
        inner.setObjectName("page")
        inside: QVBoxLayout = lay_out(inner, *self._cards, spacing=px(8))
        if shut:
            inside.addWidget(label(self.tr("Não podem ser usados nesta venda"), "figureName"))
        for place, reward in enumerate(shut):
            inside.addWidget(_shut_card(place, reward))
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("rewardList")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        self._scroll_list = scroll
        return scroll

    def _amount_part(self, restricted: str) -> QWidget:
        part = QWidget()
        note = paragraph(restricted, "muted", "rewardRestricted")
        if not restricted:
            note.hide()
        coupon = paragraph("", "muted", "rewardCoupon")
        coupon.hide()
        self._coupon_note = coupon
        lay_out(part, self._amount_name, self._amount, self._amount_hint, note, coupon, self._pays, spacing=px(6))
        for widget in (self._amount_name, self._amount, self._amount_hint, self._pays):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(any(map(self._asks, self._usable)))  # the sheet keeps its size
            widget.setSizePolicy(policy)
        if not self._usable:
            part.hide()
        return part

    def warn_of_coupon(self, coupon: str) -> None:
        """Say that the shop's own coupon leaves the sale: BonifiQ takes one code."""
        text = self.tr("O cupom {0} fica anotado na venda: no lugar dele vai o código do benefício.")
        self._coupon_note.setText(text.format(coupon))
        self._coupon_note.setVisible(bool(coupon))

    def open(self) -> None:
        super().open()
        self._fit_list()  # the sizes of texts are known once the style is applied

    def _fit_list(self) -> None:
        """Give the list the height of its rewards, as far as the window has room."""
        inner: QWidget | None = self._scroll_list.widget()
        layout = inner.layout() if inner is not None else None
        if inner is None or layout is None:
            return
        layout.activate()
        width = self._scroll_list.viewport().width()
        needed = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else inner.sizeHint().height()
        beside = self.panel.sizeHint().height() - self._scroll_list.height()
        room = self._window.height() - beside - px(_AROUND)
        self._scroll_list.setFixedHeight(min(px(_MAX_LIST), needed, max(px(_MIN_LIST), room)))

    # --- choosing

    def _reward(self) -> Reward | None:
        place = self._index()
        return self._usable[place] if place >= 0 else None

    def _index(self) -> int:
        return next((place for place, card in enumerate(self._cards) if card.button.isChecked()), -1)

    def _card_toggled(self, place: int, *, checked: bool) -> None:
        if not checked:
            if self._index() < 0:
                self._cards[place].button.setChecked(True)  # a pressed choice stays
            return
        for other, card in enumerate(self._cards):
            if other != place:
                card.button.setChecked(False)
        self._ask_amount(self._usable[place])
        self._scroll_list.ensureWidgetVisible(self._cards[place])

    def _ask_amount(self, reward: Reward) -> None:
        """Ask for what the reward leaves open: the cashback to use, or the price of its product."""
        asks_price, asks_amount = self._asks_price(reward), _asks_amount(reward)
        name = reward.product.name or reward.product.product_id if reward.product else ""
        caption = self.tr("Preço de um {0} nesta loja").format(name) if asks_price else self.tr("Quanto usar")
        self._amount_name.setText(caption)
        self._amount.setAccessibleName(caption)
        most = format_reais(self._most(reward))
        self._amount_hint.setText(self.tr("No máximo {0} nesta compra.").format(most) if asks_amount else "")
        for widget, shown in (
            (self._amount_name, asks_price or asks_amount),
            (self._amount, asks_price or asks_amount),
            (self._amount_hint, asks_amount),
        ):
            widget.setVisible(shown)
        self._amount.set_value(self._most(reward) if asks_amount else 0)
        self._show_effect()

    def _focus_choice(self) -> None:
        reward, place = self._reward(), self._index()
        if reward is not None and self._asks(reward):
            self._amount.setFocus()
            self._amount.selectAll()
        elif place >= 0:
            self._cards[place].button.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move the choice, from the cards and from the amount."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = _ARROWS.get(Qt.Key(event.key()), 0)
            if by and self._cards and isinstance(watched, QWidget):
                self._cards[(self._index() + by) % len(self._cards)].button.setChecked(True)
                self._focus_choice()
                return True
        return super().eventFilter(watched, event)

    # --- what it does to the sale

    def _total(self) -> Cents:
        return self._basket.gross - self._basket.discount

    def _most(self, reward: Reward) -> Cents:
        """The largest amount of cashback that BonifiQ takes for this purchase."""
        limits = [limit for limit in (reward.maximum, self._most_cashback) if limit]
        return min(min(limits, default=0), self._total())

    def _shelf_price(self, product_id: str) -> Cents:
        """The price of one unit in this sale; 0 where the sale has none."""
        found = (p for p in self._basket.products if p.product_id.casefold() == product_id.casefold() and p.price)
        return next(((p.price or 0) // max(1, p.quantity) for p in found), 0)

    def _asks_price(self, reward: Reward) -> bool:
        product = reward.product
        if product is None or product.pricing is ProductPricing.FREE:
            return False
        return not self._shelf_price(product.product_id)

    def _asks(self, reward: Reward) -> bool:
        return self._asks_price(reward) or _asks_amount(reward)

    def _used(self) -> UsedReward | None:
        """What is chosen; None while something is missing or too much."""
        reward = self._reward()
        if reward is None:
            return None
        title = reward.title or effect_text(reward)
        if reward.kind is RewardKind.PRODUCT:
            return self._used_product(reward, title)
        typed = self._amount.value() if _asks_amount(reward) else 0
        if _asks_amount(reward) and not 0 < typed <= self._most(reward):
            return None
        return UsedReward(title, discount_of(reward, self._total(), typed))

    def _used_product(self, reward: Reward, title: str) -> UsedReward | None:
        product = reward.product
        if product is None or not product.product_id:
            return None
        base = self._amount.value() if self._asks_price(reward) else self._shelf_price(product.product_id)
        if not base and product.pricing is not ProductPricing.FREE:
            return None
        price = unit_price(product, base)
        line = Product(product.product_id, product.name or product.product_id, price, 1)
        return UsedReward(title, max(0, base - price), line)

    @Slot()
    def _show_effect(self) -> None:
        reward, used = self._reward(), self._used()
        is_over = used is None and bool(self._amount.value()) and reward is not None and _asks_amount(reward)
        set_invalid(self._amount, wrong=is_over)
        self._confirm.setEnabled(used is not None)
        self._pays.setVisible(used is not None)
        if used is None:
            self._confirm.set_label(self.tr("Usar benefício"))
            return
        self._pays.setText(self.tr("Cliente paga {0}").format(format_reais(used.net(self._total()))))
        by_amount = used.line is None and bool(used.amount)
        self._confirm.set_label(
            self.tr("Usar {0}").format(format_reais(used.amount)) if by_amount else self.tr("Usar benefício")
        )

    @Slot()
    def _choose(self) -> None:
        reward, used = self._reward(), self._used()
        if reward is not None and used is not None:
            self.accept()
            self.chosen.emit(ChosenReward(reward, used))


def _asks_amount(reward: Reward) -> bool:
    return reward.can_select_value and reward.kind in _CHOSEN_AMOUNT


def _shut_card(place: int, reward: Reward) -> QFrame:
    frame = QFrame()
    frame.setObjectName(f"rewardShut{place + 1}")
    frame.setProperty("look", "person")
    title = paragraph(joined(reward.title, effect_text(reward)), "", f"rewardShut{place + 1}Title")
    why = paragraph(cannot_use_text(reward), "muted", f"rewardShut{place + 1}Why")
    lay_out(frame, title, why, margins=(px(12), px(8), px(12), px(8)), spacing=px(2))
    return frame


def _balance_text(found: AvailableRewards) -> str:
    """Tier, points and cashback of the customer."""
    tier = found.customer.tier if found.customer is not None else ""
    cashback = (
        translate("RewardSheet", "{0} de cashback").format(format_reais(found.cashback)) if found.cashback else ""
    )
    return joined(tier, points_text(found.points), cashback)
