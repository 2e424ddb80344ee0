"""Rewards in the sale, over the whole program and a training server: used, paid, undone, and kept through a restart."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.training_server.models import Customer
from bonifiq_desktop.training_server.rewards.models import Redemption
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, wait_until
from tests.support.server_requests import bodies_sent_to, exact_json
from tests.support.staff import ANA as MANAGER
from tests.support.staff_actions import type_pin

Key = Qt.Key
MARIA, ANA, UNKNOWN = "52998224725", "12345678909", "39053344705"
BALANCE = 2815  # Maria's cashback in cents, when the server starts


def customer(server: TrainingServer, document: str) -> Customer:
    return next(each for each in server.service._customers.values() if each.document == document)


def redemptions(server: TrainingServer) -> list[Redemption]:
    return server.service.rewards.redemptions


def press(key: Key, times: int = 1) -> None:
    """A key where the focus is, as slowly as a hand."""
    for _ in range(times):
        let_work(0.2)
        QTest.keyClick(focused(), key)


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def begin_sale(cashier: Cashier, total: str = "10000", document: str = MARIA, name: str = "Maria") -> None:
    """A sale whose rewards are on the screen."""
    cashier.press(Key.Key_F3)
    cashier.type("saleDocument", document)
    press(Key.Key_Return)
    wait_until(lambda: cashier.find("saleNewCustomer").text() or cashier.is_shown("saleCustomer"), "the customer")
    if not cashier.text("saleName"):
        cashier.type("saleName", name)
    cashier.type("saleTotal", total)
    wait_until(lambda: offers(cashier), "the rewards")


def offers(cashier: Cashier) -> bool:
    button = cashier.find("saleRewardButton")
    return bool(button.isVisible() and button.isEnabled() and "benefício" in button.text())


def choose(cashier: Cashier, title: str) -> None:
    """Open the rewards, and choose one by the arrows."""
    press(Key.Key_F5)
    wait_until(lambda: cashier.is_shown("rewardConfirm"), "the rewards")
    for _ in range(12):
        if chosen(cashier) == title:
            return
        press(Key.Key_Down)
    raise AssertionError(title)


def chosen(cashier: Cashier) -> str:
    sheet = cashier.find("rewardSheet")
    return next((card.button.text() for card in sheet._cards if card.button.isChecked()), "")


def use_cashback(cashier: Cashier) -> None:
    press(Key.Key_F5)
    wait_until(lambda: cashier.is_shown("rewardConfirm"), "the rewards")
    press(Key.Key_Return, 2)


def wait_for_reward(cashier: Cashier, state: str = "Confirmado") -> None:
    wait_until(lambda: cashier.text("saleRewardState") == state, f"the reward: {state}")


def wait_until_unlocked(cashier: Cashier) -> None:
    wait_until(lambda: not cashier.find("saleTotal").isReadOnly(), "the unlocked sale")


def register(cashier: Cashier) -> None:
    cashier.press(Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")


def sale_bodies(server: TrainingServer) -> list[dict[str, object]]:
    return [exact_json(body) for body in bodies_sent_to(server, "/POS/orders")]


def test_sale_with_cashback_in_full_takes_three_keys_more(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")  # Maria is known at this till
    cashier.press(Key.Key_F3)
    write(MARIA)
    wait_until(lambda: cashier.is_shown("saleCustomer"), "the card")
    press(Key.Key_Return)  # 1
    write("10000")
    wait_until(lambda: offers(cashier), "the rewards")
    assert "R$\u00a028,15 de cashback" in cashier.text("saleRewardTitle")
    press(Key.Key_F5)  # 2
    press(Key.Key_Return, 2)  # 3, 4: the focus goes to the payment, as by Enter in the total
    wait_for_reward(cashier)
    assert cashier.text("saleRewardPays") == "Cliente paga R$\u00a071,85"
    press(Key.Key_Return, 2)  # 5, 6; without a reward the sale takes 4
    cashier.wait_for_state("saleOutcome", "confirmed")
    (used,) = redemptions(server)
    (sale,) = sale_bodies(server)
    assert (used.cents, used.cancelled, used.order_id) == (BALANCE, None, sale["OriginalId"])
    assert (sale["Coupon"], str(sale["OrderTotal"])) == (used.external_code, "71.85")
    assert customer(server, MARIA).cashback_cents < 500, "what the sale gave is all that is there"


def test_undone_reward_goes_back_and_the_sale_can_be_edited(cashier: Cashier, server: TrainingServer) -> None:
    begin_sale(cashier)
    use_cashback(cashier)
    wait_for_reward(cashier)
    assert customer(server, MARIA).cashback_cents == 0
    press(Key.Key_F5)
    wait_until_unlocked(cashier)
    assert redemptions(server)[0].cancelled
    assert customer(server, MARIA).cashback_cents == BALANCE
    cashier.type("saleTotal", "20000")
    wait_until(lambda: offers(cashier), "the rewards of the changed sale")
    use_cashback(cashier)
    wait_for_reward(cashier)
    register(cashier)
    first, second = redemptions(server)
    assert first.key != second.key
    assert (second.cancelled, second.order_id) == (None, sale_bodies(server)[0]["OriginalId"])


def test_reward_of_the_draft_survives_the_end_of_the_program(
    cashier: Cashier, server: TrainingServer, open_till: Callable[[], Cashier], data: Path
) -> None:
    begin_sale(cashier)
    use_cashback(cashier)
    wait_for_reward(cashier)
    draft = data / "drafts" / "sale.json"
    wait_until(lambda: draft.exists() and "reward" in json.loads(draft.read_text()), "the draft")
    cashier.app.stop()
    again = open_till()
    again.press(Key.Key_F3)
    wait_until(lambda: again.is_shown("saleRewardState"), "the reward")
    wait_for_reward(again)
    assert again.find("saleTotal").isReadOnly()
    assert "71,85" in again.text("saleSubmit")
    assert not redemptions(server)[0].cancelled
    register(again)
    assert sale_bodies(server)[0]["Coupon"] == redemptions(server)[0].external_code


def test_cleared_sale_gives_its_reward_back(cashier: Cashier, server: TrainingServer) -> None:
    begin_sale(cashier)
    use_cashback(cashier)
    wait_for_reward(cashier)
    QTest.keyClick(cashier.window, Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert cashier.text("saleTotal") == ""
    wait_until(lambda: redemptions(server)[0].cancelled, "the reversal")
    assert sale_bodies(server) == []


def test_customer_is_identified_by_a_code_that_nothing_keeps(
    cashier: Cashier, server: TrainingServer, data: Path
) -> None:
    server.service.rewards.set_options(code_delivery="sent")
    begin_sale(cashier, document=ANA, name="Ana")
    use_cashback(cashier)
    wait_until(lambda: cashier.is_shown("rewardCode"), "the code's field")
    code = server.service.rewards.last_code(customer(server, ANA).original_id)
    assert code not in cashier.text("codeTold") + cashier.text("codeMessage")
    cashier.type("rewardCode", "000000")
    press(Key.Key_Return)
    assert "não confere" in cashier.wait_for_message("codeMessage")
    assert redemptions(server) == []
    cashier.type("rewardCode", code)
    press(Key.Key_Return)
    wait_for_reward(cashier)
    register(cashier)
    cashier.app.stop()
    for file in data.rglob("*"):
        if file.is_file():
            assert code.encode() not in file.read_bytes(), file


def test_offline_is_said_before_and_the_sale_goes_on(cashier: Cashier, server: TrainingServer, data: Path) -> None:
    cashier.look_up("1001")
    server.stop()
    cashier.press(Key.Key_F3)
    cashier.type("saleDocument", MARIA)
    wait_until(lambda: cashier.is_shown("saleCustomer"), "the card")
    cashier.type("saleTotal", "10000")
    wait_until(lambda: "Sem conexão" in cashier.text("saleRewardTitle"), "the words")
    assert "segue normalmente" in cashier.text("saleRewardNote")
    cashier.press(Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    assert [(row["kind"], row["state"]) for row in history(data)] == [("sale", "queued")]
    server.start()
    cashier.wait_for_state("saleOutcome", "confirmed")


def test_line_lost_after_the_offer_redeems_nothing(cashier: Cashier, server: TrainingServer, data: Path) -> None:
    begin_sale(cashier)
    server.stop()
    use_cashback(cashier)
    assert "Sem conexão" in cashier.wait_for_message("saleMessage")
    wait_until_unlocked(cashier)
    assert [(row["kind"], row["state"]) for row in history(data)] == [("redemption", "withdrawn")]
    assert redemptions(server) == []


def test_offers_come_back_with_the_line(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    server.stop()
    cashier.press(Key.Key_F3)
    cashier.type("saleDocument", MARIA)
    wait_until(lambda: cashier.is_shown("saleCustomer"), "the card")
    cashier.type("saleTotal", "10000")
    wait_until(lambda: "Sem conexão" in cashier.text("saleRewardTitle"), "the words")
    server.start()
    press(Key.Key_F5)
    wait_until(lambda: offers(cashier), "the rewards")


def test_refused_redemption_unlocks_the_sale_and_says_why(cashier: Cashier, server: TrainingServer) -> None:
    begin_sale(cashier)
    customer(server, MARIA).cashback_cents = 0  # used at another till meanwhile
    use_cashback(cashier)
    words = cashier.wait_for_message("saleMessage")
    assert "recusou o benefício" in words
    wait_until_unlocked(cashier)
    assert "100,00" in cashier.text("saleSubmit")
    assert not cashier.is_shown("operationNotice")
    register(cashier)
    assert not sale_bodies(server)[0].get("Coupon")


def test_sale_waits_for_an_unclear_redemption_and_takes_its_code(cashier: Cashier, server: TrainingServer) -> None:
    begin_sale(cashier)
    server.faults.add("lose_answer", only="redeem")
    server.faults.add("error_500", only="redeem")
    use_cashback(cashier)
    wait_for_reward(cashier, "Sendo confirmado")
    cashier.press(Key.Key_Return, "saleSubmit")
    assert "ainda não confirmou" in cashier.wait_for_message("saleMessage")
    assert sale_bodies(server) == []
    cashier.find("saleDespiteReward").click()
    cashier.wait_for_state("saleOutcome", "confirmed")
    (used,) = redemptions(server)
    assert sale_bodies(server)[0]["Coupon"] == used.external_code


def test_reward_beyond_the_limit_asks_for_the_pin(managed: Cashier, server: TrainingServer) -> None:
    managed.press(Key.Key_F9)
    managed.type("settingsRewardLimit", "1000")
    managed.find("settingsSave").click()
    type_pin(managed, "approvalPin", MANAGER.pin)
    managed.wait_for_message("settingsMessage", ("success",))
    begin_sale(managed)
    use_cashback(managed)
    wait_until(lambda: managed.is_shown("approvalDialog"), "the manager's PIN")
    managed.press(Key.Key_Escape, "approvalDialog")
    wait_until_unlocked(managed)
    assert redemptions(server) == []
    wait_until(lambda: offers(managed), "the rewards")
    use_cashback(managed)
    type_pin(managed, "approvalPin", MANAGER.pin)
    wait_for_reward(managed)
    register(managed)


def test_customer_unknown_to_the_programme_sees_no_rewards(cashier: Cashier, server: TrainingServer) -> None:
    cashier.press(Key.Key_F3)
    cashier.type("saleDocument", UNKNOWN)
    cashier.type("saleName", "Nova")
    cashier.type("saleTotal", "5000")
    wait_until(lambda: bodies_sent_to(server, "/rewards/available")[1:], "the query")
    let_work(0.5)
    assert not cashier.is_shown("saleReward")
    register(cashier)


def test_product_reward_is_one_more_line_of_the_sale(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.press(Key.Key_F3)
    cashier.type("saleDocument", MARIA)
    wait_until(lambda: cashier.is_shown("saleCustomer"), "the card")
    for field, text in (("saleItemCode", "BER-02"), ("saleItemName", "Bermuda"), ("saleItemPrice", "6510")):
        cashier.type(field, text)
    cashier.press(Key.Key_Return, "saleItemPrice")
    wait_until(lambda: offers(cashier), "the rewards")
    choose(cashier, "Bermuda com R$ 15 a menos")
    press(Key.Key_Return, 2)
    wait_for_reward(cashier)
    register(cashier)
    (sale,) = sale_bodies(server)
    lines = [(line["OriginalId"], str(line["ProductPrice"])) for line in sale["Products"]]  # type: ignore[attr-defined]
    assert lines == [("BER-02", "65.10"), ("BER-02", "50.10")]
    assert str(sale["OrderTotal"]) == "115.20"
    assert sale["Coupon"] == redemptions(server)[0].external_code


@pytest.mark.parametrize("name", ["saleDocument", "saleName", "saleTotal"])
def test_scan_into_a_locked_sale_changes_nothing(cashier: Cashier, name: str) -> None:
    begin_sale(cashier)
    use_cashback(cashier)
    wait_for_reward(cashier)
    before = cashier.text(name)
    field = cashier.find(name, QWidget)
    field.setFocus()
    QTest.keyClicks(field, "7891234567895")
    assert cashier.text(name) == before
