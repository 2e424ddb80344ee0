"""Answers that come late: they change neither what is typed meanwhile nor what a press confirms."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from bonifiq_desktop.domain.shop_database import Trouble
from bonifiq_desktop.domain.staff import Role
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.settings.first_start import FirstStartPage
from bonifiq_desktop.ui.settings.shop_database_card import ShopDatabaseCard
from bonifiq_desktop.ui.widgets import second_press
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.worker.commands import (
    CustomerBalance,
    JoinShopDatabase,
    LookUp,
    Outcome,
    ReadSettings,
    SaveConnection,
    SavePerson,
    SaveSettings,
    SyncShopDatabase,
    TakeOver,
    TestConnection,
    TestRemoteConnection,
)
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.held_answers import HeldAnswers
from tests.support.shop_window import exchange, publish, told_by_another_till
from tests.support.staff_actions import open_settings

Hold = Callable[..., HeldAnswers]


def focus_name() -> str:
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


def press_where_the_focus_is(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None, "no widget takes the keys"
    QTest.keyClick(focused, key)


@pytest.fixture(name="hold")
def holder(monkeypatch: pytest.MonkeyPatch) -> Hold:
    return lambda cashier, kind: HeldAnswers(monkeypatch, cashier.app.client, kind)


# --- the look-up


@pytest.mark.parametrize("number", ["1001", "99999"], ids=["an order", "no order"])
def test_answer_for_an_earlier_number_leaves_the_number_being_typed(cashier: Cashier, hold: Hold, number: str) -> None:
    answers = hold(cashier, LookUp)
    cashier.ask_for(number)
    wait_until(lambda: answers.waiting, "the answer")
    field = cashier.find("lookupField")
    field.selectAll()
    QTest.keyClicks(field, "10")
    answers.release()
    QTest.keyClicks(field, "02")
    assert cashier.text("lookupField") == "1002"


def test_balance_of_an_earlier_document_is_not_shown_for_the_number_being_typed(cashier: Cashier, hold: Hold) -> None:
    answers = hold(cashier, CustomerBalance)
    cashier.type("lookupField", "529.982.247-25")
    cashier.press(Qt.Key.Key_F5)
    wait_until(lambda: answers.waiting, "the balance")
    field = cashier.find("lookupField")
    field.selectAll()
    QTest.keyClicks(field, "10")
    answers.release()
    QTest.keyClicks(field, "02")
    assert cashier.text("lookupField") == "1002"
    assert not cashier.is_shown("balanceCard")


def test_draft_does_not_open_over_the_number_being_typed(cashier: Cashier, hold: Hold, data: Path) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.close_refund()
    wait_until((data / "drafts" / "refund.json").exists, "the draft")
    cashier.press(Qt.Key.Key_Escape, "lookupField")
    wait_until(lambda: any(row.target for row in cashier.find("homeRows").rows), "the draft's row")
    answers = hold(cashier, LookUp)
    cashier.press(Qt.Key.Key_Down, "lookupField")
    cashier.press(Qt.Key.Key_Return, "lookupField")
    wait_until(lambda: answers.waiting, "the order of the draft")
    field = cashier.find("lookupField")
    field.selectAll()
    QTest.keyClicks(field, "10")
    answers.release()
    let_work(0.2)
    assert not cashier.is_open("refundDialog")


# --- sheets that wait


def test_take_over_sheet_stays_until_the_order_is_released(
    open_till: Callable[[], Cashier], data: Path, hold: Hold
) -> None:
    told_by_another_till(data / "ledger.db")
    cashier = open_till()
    publish(cashier, exchange())
    cashier.look_up("1001")
    wait_until(lambda: cashier.is_shown("takeOverButton"), "the other till's refund")
    answers = hold(cashier, TakeOver)
    cashier.press(Qt.Key.Key_F8)
    cashier.type("takeOverReason", "desligado")
    press_where_the_focus_is(Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        let_work(0.2)  # slower than a scanner
        press_where_the_focus_is(key)
    wait_until(lambda: answers.waiting, "the answer")
    assert cashier.is_open("takeOverSheet")
    assert answers.asked == 1
    answers.release()
    wait_until(lambda: cashier.find("refundButton").isEnabled(), "the order to be free")


def test_join_sheet_stays_until_the_till_has_joined(cashier: Cashier, hold: Hold) -> None:
    open_settings(cashier, "shop")
    answers = hold(cashier, JoinShopDatabase)
    cashier.click_when_enabled("shopJoin")
    assert focus_name() == "joinPath"
    cashier.type("joinPath", "caixa1.bonifiq")
    cashier.type("joinCode", "ABCDE")
    cashier.find("joinConfirm").setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        let_work(0.2)
        press_where_the_focus_is(key)
    wait_until(lambda: answers.waiting, "the answer")
    assert answers.asked == 1
    assert cashier.is_open("joinSheet")
    answers.release()
    assert "O arquivo não foi achado" in cashier.wait_for_message("joinMessage")
    press_where_the_focus_is(Qt.Key.Key_Escape)
    wait_until(lambda: not cashier.is_open("joinSheet"), "the sheet to go")


def test_connection_sheet_stays_until_the_connection_is_saved(cashier: Cashier, hold: Hold) -> None:
    answers = hold(cashier, SaveConnection)
    fill_connection(cashier)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        cashier.press(key, "connectionConfirm")
        let_work(0.2)
    wait_until(lambda: answers.waiting, "the answer")
    assert answers.asked == 1
    assert cashier.is_open("connectionSheet")


def test_person_dialog_stays_until_the_person_is_saved(cashier: Cashier, hold: Hold) -> None:
    open_settings(cashier, "people")
    answers = hold(cashier, SavePerson)
    cashier.find("peopleAdd").click()
    box = cashier.find("personRole", QComboBox)
    box.setCurrentIndex(box.findData(Role.MANAGER))
    for name, text in (("personName", "Ana"), ("personPin", "4711"), ("personPinAgain", "4711")):
        cashier.type(name, text)
    cashier.find("personConfirm").setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        let_work(0.2)
        press_where_the_focus_is(key)
    wait_until(lambda: answers.waiting, "the answer")
    assert answers.asked == 1
    assert cashier.is_shown("personDialog")
    answers.release()
    wait_until(lambda: not cashier.is_open("personDialog"), "the saved person")


# --- tests of a connection


def fill_connection(cashier: Cashier) -> None:
    open_settings(cashier, "connections")
    cashier.click_when_enabled("connectionsAdd")
    for name, text in (
        ("connectionName", "Mercado"),
        ("connectionUrl", "https://mercado.mirakl.net"),
        ("connectionSecret", "0123456789"),
    ):
        cashier.type(name, text)


def test_answer_about_an_earlier_secret_says_nothing_of_the_changed_one(cashier: Cashier, hold: Hold) -> None:
    answers = hold(cashier, TestRemoteConnection)
    fill_connection(cashier)
    cashier.find("connectionTest").click()
    wait_until(lambda: answers.waiting, "the answer")
    cashier.type("connectionSecret", "9876543210")
    answers.release()
    assert cashier.text("connectionMessage") == ""
    assert cashier.find("connectionTest").isEnabled()


def test_answer_about_an_earlier_key_says_nothing_of_the_changed_one(
    cashier: Cashier, server: TrainingServer, hold: Hold
) -> None:
    answers = hold(cashier, TestConnection)
    open_settings(cashier, "connections")
    cashier.type("settingsToken", server.token)
    cashier.type("settingsKey", server.key)
    cashier.click_when_enabled("settingsTest")
    wait_until(lambda: answers.waiting, "the answer")
    cashier.type("settingsKey", "another")
    answers.release()
    assert cashier.text("settingsMessage") == ""
    assert cashier.find("settingsTest").isEnabled()


# --- the first start


@pytest.fixture(name="new")
def new_till(
    start: Callable[..., Cashier], server: TrainingServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> Cashier:
    """A till without credentials, at its first step."""
    for name in ("BONIFIQ_API_TOKEN", "BONIFIQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    cashier = start("--data-dir", str(data), "--api-url", server.url)
    wait_until(lambda: cashier.is_shown("firstStart"), "the first step")
    return cashier


def test_first_start_saves_no_key_that_was_changed_during_its_test(
    new: Cashier, server: TrainingServer, hold: Hold
) -> None:
    answers, saved = hold(new, TestConnection), hold(new, SaveSettings)
    new.type("setupToken", server.token)
    new.type("setupKey", server.key)
    new.find("setupNext").click()
    wait_until(lambda: answers.waiting, "the answer")
    new.type("setupKey", "another")
    answers.release()
    assert not saved.asked
    assert new.find("setupNext").isEnabled()


def test_first_start_waits_for_the_settings_in_force(new: Cashier, server: TrainingServer, hold: Hold) -> None:
    answers, read = hold(new, TestConnection), hold(new, ReadSettings)
    page = new.find("firstStart", FirstStartPage)
    page._connect._current = None  # as before the settings are read
    new.type("setupToken", server.token)
    new.type("setupKey", server.key)
    new.find("setupNext").click()
    assert not answers.asked, "the address is not known yet"
    page.settingsSaved.emit()
    wait_until(lambda: read.waiting, "the settings")
    read.release()
    wait_until(lambda: answers.asked, "the test")


# --- questions that a second press answers


def test_late_answer_of_an_exchange_leaves_the_question_in_sight(cashier: Cashier, hold: Hold) -> None:
    open_settings(cashier, "shop")
    publish(cashier, exchange())
    answers = hold(cashier, SyncShopDatabase)
    cashier.find("shopSync").click()
    cashier.find("shopLeave").click()
    wait_until(lambda: answers.waiting, "the answer")
    answers.waiting.clear()
    card = cashier.window.findChild(ShopDatabaseCard)
    assert card is not None
    card._synced(Outcome(0))
    assert cashier.text("shopMessage").startswith("Sair do banco da loja?")


def test_failed_exchange_withdraws_the_question(cashier: Cashier, hold: Hold) -> None:
    open_settings(cashier, "shop")
    publish(cashier, exchange())
    answers = hold(cashier, SyncShopDatabase)
    cashier.find("shopSync").click()
    cashier.find("shopLeave").click()
    wait_until(lambda: answers.waiting, "the answer")
    answers.release()
    cashier.find("shopLeave").click()
    assert cashier.text("shopMessage").startswith("Sair do banco da loja?")


def test_question_that_another_message_replaced_is_asked_again(cashier: Cashier) -> None:
    open_settings(cashier, "shop")
    publish(cashier, exchange(9, Trouble.FORK))
    cashier.find("shopLeave").click()
    cashier.find("shopMessage", Notice).say("success", "Começado de novo: a troca continua.")
    cashier.find("shopLeave").click()
    assert cashier.text("shopMessage").startswith("Sair do banco da loja?")
    assert cashier.is_shown("shopLeave")


def test_question_about_the_credentials_is_asked_again_after_another_message(cashier: Cashier, hold: Hold) -> None:
    open_settings(cashier, "connections")
    let_work(0.3)  # the settings are read
    answers = hold(cashier, TestConnection)
    cashier.click_when_enabled("settingsTest")
    cashier.find("settingsForget").click()
    wait_until(lambda: answers.waiting, "the answer")
    answers.release()
    assert "O teste não muda nada lá." in cashier.text("settingsMessage")
    cashier.find("settingsForget").click()
    assert cashier.text("settingsMessage").startswith("Apagar o token e a chave")


def test_double_click_is_one_press(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_press, "PAUSE", 0.3)
    notice = Notice("notice", cashier.window)
    press, question = SecondPress(notice), Message("warning", "Sair?")
    assert [press.confirms("leave", question) for _ in range(2)] == [False, False]
    let_work(0.3)
    assert press.confirms("leave", question)
    assert not press.confirms("leave", question), "the next press asks again"
