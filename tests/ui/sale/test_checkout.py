"""Reward of a sale: offered, used, locked, undone, and told in each state."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.domain.operations import Kind, State
from bonifiq_desktop.domain.rewards import AvailableRewards, RewardsNotOffered
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.worker.commands import (
    FindRewards,
    RegisterRedemption,
    RegisterSale,
    SaveDraft,
    UndoRedemption,
)
from tests.support.checkouts import CASHBACK, DEAR, FIXED, HALF_MUG, MUG, PERCENT, SaleDesk

Key = Qt.Key


@pytest.fixture(name="open_desk")
def desks(qapp: QApplication) -> Iterator[Callable[..., SaleDesk]]:
    """Return a function that opens sale pages."""
    del qapp
    opened: list[SaleDesk] = []

    def open_desk(*rewards: Any, **changes: Any) -> SaleDesk:
        opened.append(SaleDesk(*rewards, **changes))
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def sale_of(desk: SaleDesk) -> Any:
    (command,) = desk.client.of(RegisterSale)
    return command


def test_customer_without_rewards_sees_no_reward(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.sell_to_maria()
    assert len(desk.client.of(FindRewards)) == 1
    assert not desk.shows("saleReward")
    desk.press(Key.Key_Return, 3)
    command = sale_of(desk)
    assert (command.sale.total, command.sale.reward, command.checkout_id) == (15990, 0, "")


def test_cashback_in_full_takes_three_keys_more(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(PERCENT, CASHBACK)
    desk.sell_to_maria()
    assert "R$\u00a018,50" in desk.text("saleRewardTitle")
    desk.press(Key.Key_F5)  # 1
    assert desk.focused().objectName() == "rewardAmount"
    assert desk.text("rewardAmount") == "18,50"
    desk.press(Key.Key_Return, 2)  # 2, 3
    request = desk.client.of(RegisterRedemption)[0].request
    assert (request.amount, request.reward, request.basket.gross) == (1850, CASHBACK, 15990)
    assert desk.focused().objectName().startswith("salePayment")  # as after Enter in the total
    assert "141,40" in desk.text("saleSubmit")
    desk.press(Key.Key_Return, 2)
    command = sale_of(desk)
    assert command.checkout_id == request.checkout_id == command.intent_id
    assert (command.sale.total, command.sale.reward) == (14140, 1850)


def test_part_of_the_cashback_is_typed(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.press(Key.Key_F5)
    desk.type("rewardAmount", "99999")
    assert not desk.find("rewardConfirm").isEnabled()
    desk.type("rewardAmount", "1000")
    assert "149,90" in desk.text("rewardPays")
    desk.press(Key.Key_Return, 2)
    assert desk.client.of(RegisterRedemption)[0].request.amount == 1000


def test_arrows_choose_another_reward(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK, PERCENT, DEAR)
    desk.sell_to_maria()
    desk.press(Key.Key_F5)
    desk.press(Key.Key_Down)
    assert desk.focused().objectName() == "reward2"
    assert not desk.find("rewardAmount").isVisible()
    assert "Vale mais que a compra" in desk.text("rewardShut1Why")
    assert "Compra acima de R$ 500" in desk.text("rewardShut1Why")
    desk.press(Key.Key_Return, 2)
    request = desk.client.of(RegisterRedemption)[0].request
    assert (request.reward, request.amount) == (PERCENT, 1599)


def test_locked_sale_refuses_changes_and_escape_of_the_sheet_changes_nothing(
    open_desk: Callable[..., SaleDesk],
) -> None:
    desk = open_desk(FIXED)
    desk.sell_to_maria()
    desk.press(Key.Key_F5)
    desk.press(Key.Key_Escape)
    assert not desk.client.of(RegisterRedemption)
    assert not desk.find("saleTotal").isReadOnly()
    desk.use_first()
    for name, text in (("saleDocument", "111"), ("saleTotal", "5"), ("saleName", "x")):
        before = desk.text(name)
        desk.type(name, text)
        assert desk.text(name) == before
    assert not desk.find("saleItems").isEnabled()
    assert not desk.find("saleCoupon").isEnabled()
    assert desk.find("saleNote").isEnabled()


def test_draft_holds_the_reward_before_it_is_registered(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    asked = desk.client.asked
    place = next(i for i, each in enumerate(asked) if isinstance(each, RegisterRedemption))
    saved = [each for each in asked[:place] if isinstance(each, SaveDraft)][-1].content
    assert saved["reward"] == {"title": "Cashback", "amount": 1850, "product": {}}
    assert saved["intent_id"] == asked[place].request.checkout_id


def test_undo_unlocks_only_when_confirmed_and_the_next_one_is_another_checkout(
    open_desk: Callable[..., SaleDesk],
) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    first = desk.client.of(RegisterRedemption)[0].request.checkout_id
    desk.press(Key.Key_F5)
    assert desk.client.of(UndoRedemption)[0].checkout_id == first
    assert desk.find("saleTotal").isReadOnly()
    desk.press(Key.Key_F5)
    assert len(desk.client.of(UndoRedemption)) == 1
    desk.find("saleSubmit").click()
    assert not desk.client.of(RegisterSale)
    desk.change(1, State.CONFIRMED)
    assert not desk.find("saleTotal").isReadOnly()
    assert "159,90" in desk.text("saleSubmit")
    assert "voltou para o cliente" in desk.text("saleMessage")
    desk.use_first()
    assert desk.client.of(RegisterRedemption)[1].request.checkout_id != first


def test_failed_undo_keeps_the_reward_and_can_be_repeated(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    desk.press(Key.Key_F5)
    desk.change(1, State.REFUSED, message="Recompensa não encontrada")
    assert "continua usado" in desk.text("saleMessage")
    assert desk.find("saleTotal").isReadOnly()
    desk.press(Key.Key_F5)
    assert len(desk.client.of(UndoRedemption)) == 2


@pytest.mark.parametrize("state", [State.REFUSED, State.NOT_APPLIED, State.WITHDRAWN])
def test_redemption_that_came_to_nothing_unlocks_the_sale(open_desk: Callable[..., SaleDesk], state: State) -> None:
    desk = open_desk(CASHBACK)
    desk.redemption_state = State.SENDING
    desk.sell_to_maria()
    desk.use_first()
    first = desk.client.of(RegisterRedemption)[0].request.checkout_id
    desk.change(0, state, message="Saldo insuficiente")
    assert "Saldo insuficiente" in desk.text("saleMessage")
    assert "159,90" in desk.text("saleSubmit")
    desk.find("saleSubmit").click()
    desk.settle()
    command = sale_of(desk)
    assert (command.checkout_id, command.sale.total) == ("", 15990)
    assert command.intent_id != first


def test_sale_of_an_unclear_redemption_is_registered_on_purpose_only(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.redemption_state = State.UNKNOWN
    desk.sell_to_maria()
    desk.use_first()
    desk.find("saleSubmit").click()
    desk.settle()
    assert not desk.client.of(RegisterSale)
    assert "ainda não confirmou" in desk.text("saleMessage")
    desk.find("saleDespiteReward").click()
    desk.settle()
    assert sale_of(desk).checkout_id
    assert sale_of(desk).sale.total == 14140


def test_reward_without_its_code_keeps_the_sale_back(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.external_code = ""
    desk.sell_to_maria()
    desk.use_first()
    desk.find("saleSubmit").click()
    assert not desk.client.of(RegisterSale)
    assert "não informou o código" in desk.text("saleMessage")
    assert not desk.find("saleDespiteReward").isVisible()


def test_cleared_sale_undoes_its_reward_and_comes_back_without_it(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    used = desk.client.of(RegisterRedemption)[0].request.checkout_id
    desk.press(Key.Key_Delete, modifier=Qt.KeyboardModifier.ControlModifier)
    assert [each.checkout_id for each in desk.client.of(UndoRedemption)] == [used]
    assert "benefício está sendo desfeito" in desk.text("toastText")
    assert (desk.text("saleTotal"), desk.find("saleTotal").isReadOnly()) == ("", False)
    desk.find("toastUndo").click()
    desk.settle()
    assert desk.text("saleTotal") == "159,90"
    assert not desk.find("saleTotal").isReadOnly()
    desk.find("saleSubmit").click()
    desk.settle()
    assert (sale_of(desk).checkout_id, sale_of(desk).intent_id == used) == ("", False)


def test_answer_to_an_older_basket_is_dropped(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.client.holds = lambda command: isinstance(command, FindRewards) and command.basket.gross == 15990
    desk.sell_to_maria()
    desk.answer = AvailableRewards(None)
    desk.type("saleTotal", "1000")
    desk.answer = AvailableRewards(None, (CASHBACK,))
    desk.client.holds = lambda _command: False
    desk.client.answer()
    assert not desk.shows("saleReward")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LookupFailed(FailureReason.NO_CONNECTION), "Sem conexão"),
        (LookupFailed(FailureReason.SERVER_ERROR), "com problemas"),
        (RewardsNotOffered(), None),
    ],
)
def test_rewards_that_cannot_be_asked_leave_the_sale_alone(
    open_desk: Callable[..., SaleDesk], error: Exception, said: str | None
) -> None:
    desk = open_desk(CASHBACK)

    def fail(_command: object) -> None:
        raise error

    desk.client.script[FindRewards] = fail
    desk.sell_to_maria()
    assert desk.shows("saleReward") is (said is not None)
    if said is not None:
        assert said in desk.text("saleRewardTitle")
        assert "segue normalmente" in desk.text("saleRewardNote")
        desk.press(Key.Key_F5)
        assert len(desk.client.of(FindRewards)) == 2
    desk.press(Key.Key_Return, 3)
    assert sale_of(desk).sale.total == 15990


def add_item(desk: SaleDesk, code: str, name: str, price: str, quantity: str = "1") -> None:
    for field, text in (
        ("saleItemCode", code),
        ("saleItemName", name),
        ("saleItemQuantity", quantity),
        ("saleItemPrice", price),
    ):
        desk.type(field, text)
    desk.find("saleItemAdd").click()
    desk.settle()


def test_reward_is_spread_over_the_items(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(FIXED)
    desk.sell_to_maria("")
    add_item(desk, "B1", "Blusa", "10000")
    add_item(desk, "C1", "Bermuda", "3333", "3")
    desk.type("saleDiscount", "1000")
    basket = desk.client.of(FindRewards)[-1].basket
    assert (basket.gross, basket.discount, [p.price for p in basket.products]) == (19999, 1000, [10000, 9999])
    desk.use_first()
    desk.find("saleSubmit").click()
    desk.settle()
    sale = sale_of(desk).sale
    assert sale.total == 16999
    assert sum(product.price for product in sale.products) == 16999


def test_product_reward_adds_one_line_at_its_price(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(HALF_MUG)
    desk.sell_to_maria("")
    add_item(desk, "CAN-1", "Caneca", "3000", "2")
    desk.use_first()
    request = desk.client.of(RegisterRedemption)[0].request
    assert (request.amount, request.product_price) == (1500, 1500)
    desk.find("saleSubmit").click()
    desk.settle()
    sale = sale_of(desk).sale
    assert sale.total == 7500
    assert [(p.product_id, p.price, p.quantity) for p in sale.products] == [("CAN-1", 6000, 2), ("CAN-1", 1500, 1)]


def test_product_reward_of_an_unknown_price_asks_for_it(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(HALF_MUG)
    desk.sell_to_maria("10000")
    desk.press(Key.Key_F5)
    assert not desk.find("rewardConfirm").isEnabled()
    desk.type("rewardAmount", "4000")
    assert "120,00" in desk.text("rewardPays")
    desk.press(Key.Key_Return, 2)
    desk.find("saleSubmit").click()
    desk.settle()
    sale = sale_of(desk).sale
    assert (sale.total, sale.products) == (12000, ())
    assert ("Produto do benefício", "CAN-1 Caneca") in sale.notes


def test_another_product_than_offered_is_undone_at_once(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(MUG)
    desk.redemption_state = State.SENDING
    desk.sell_to_maria()
    desk.use_first()
    desk.change(0, State.CONFIRMED, external_code="C", external_product_id="CAN-2")
    assert len(desk.client.of(UndoRedemption)) == 1
    assert "CAN-2" in desk.text("saleMessage")


def test_coupon_of_the_shop_becomes_a_note(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.type("saleCoupon", "VIP")
    desk.press(Key.Key_F5)
    assert "VIP" in desk.text("rewardCoupon")
    desk.press(Key.Key_Return, 2)
    desk.find("saleSubmit").click()
    desk.settle()
    sale = sale_of(desk).sale
    assert (sale.coupon, ("Cupom de desconto", "VIP") in sale.notes) == ("", True)


def test_whole_purchase_by_cashback_is_a_sale_of_nothing(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria("1000")
    desk.use_first()
    assert desk.client.of(RegisterRedemption)[0].request.amount == 1000
    desk.find("saleSubmit").click()
    desk.settle()
    assert (sale_of(desk).sale.total, sale_of(desk).sale.reward) == (0, 1000)


def test_restored_draft_is_locked_until_the_ledger_speaks(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    saved = desk.client.of(SaveDraft)[-1].content
    again = open_desk(CASHBACK)
    again.operations = desk.operations
    again.client.holds = lambda _command: True
    again.page._restore_draft(dict(saved))
    assert again.find("saleTotal").isReadOnly()
    assert "141,40" in again.text("saleSubmit")
    again.find("saleSubmit").click()
    assert not again.client.of(RegisterSale)
    again.client.holds = lambda _command: False
    again.settle()
    again.find("saleSubmit").click()
    again.settle()
    assert sale_of(again).checkout_id == saved["intent_id"]


def test_draft_of_a_reward_unknown_to_the_ledger_is_unlocked_with_a_warning(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    again = open_desk(CASHBACK)
    again.page._restore_draft(dict(desk.client.of(SaveDraft)[-1].content))
    again.settle()
    assert not again.find("saleTotal").isReadOnly()
    assert "159,90" in again.text("saleSubmit")
    assert "não tem registro do benefício desta venda: Cashback" in again.text("saleMessage")


def test_other_customer_of_a_draft_unknown_to_the_ledger_has_another_checkout(
    open_desk: Callable[..., SaleDesk],
) -> None:
    desk = open_desk(CASHBACK)
    desk.sell_to_maria()
    desk.use_first()
    before = desk.client.of(RegisterRedemption)[-1].request.checkout_id
    saved = dict(desk.client.of(SaveDraft)[-1].content)
    for document, is_same in (("52998224725", True), ("11144477735", False)):
        again = open_desk(CASHBACK)
        again.page._restore_draft(dict(saved))
        again.settle()
        again.type("saleDocument", document)
        again.settle()
        again.use_first()
        asked = again.client.of(RegisterRedemption)[-1].request
        assert asked.basket.customer.document == document
        assert (asked.checkout_id == before) is is_same


def test_checkout_without_a_draft_is_continued(open_desk: Callable[..., SaleDesk]) -> None:
    from bonifiq_desktop.domain.orders import Order, Product

    desk = open_desk(CASHBACK)
    products = (Product("B1", "Blusa", 10000), Product("C1", "Bermuda", 9999, 3))
    desk.became(
        Kind.REDEMPTION,
        State.CONFIRMED,
        checkout_id="left",
        value=1850,
        reason="Cashback",
        external_code="C",
        order=Order("LOJA-7", 18999, products=products),
    )
    desk.page.continue_checkout("left")
    desk.settle()
    assert "171,49" in desk.text("saleSubmit")
    desk.find("saleSubmit").click()
    desk.settle()
    command = sale_of(desk)
    assert (command.checkout_id, command.sale.total) == ("left", 17149)
    assert command.intent_id != "left", "the refused sale was registered under it"
    assert command.sale.customer.name == "Maria Aparecida dos Santos"
