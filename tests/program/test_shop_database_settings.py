"""The shop database in the settings: joining with file and code, its state and troubles, beginning anew, leaving."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus, Trouble
from bonifiq_desktop.shop_database.enrolment_file import Enrolment, new_code, seal_enrolment
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.messages.codes import TROUBLE_CODES
from bonifiq_desktop.ui.messages.shop_database import message_for_trouble
from bonifiq_desktop.ui.widgets.message_code import MessageCode
from bonifiq_desktop.worker import backend
from tests.support.cashier import Cashier, wait_until
from tests.support.fake_keyring import FakeKeyring
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_window import exchange, invite, publish
from tests.support.staff_actions import open_settings

Start = Callable[..., Cashier]


@pytest.fixture(name="card")
def shown_card(cashier: Cashier) -> Cashier:
    """The card of a till that takes part in no shop database."""
    open_settings(cashier, "shop")
    wait_until(lambda: cashier.is_shown("shopJoin"), "the card")
    return cashier


def open_sheet(cashier: Cashier) -> None:
    cashier.click_when_enabled("shopJoin")
    wait_until(lambda: cashier.is_shown("joinPath"), "the sheet")


def join(cashier: Cashier, file: Path, code: str) -> None:
    """Fill the sheet in and confirm it."""
    cashier.type("joinPath", str(file))
    cashier.type("joinCode", code)
    consent = cashier.find("joinConsent")
    if consent.isVisible() and not consent.isChecked():
        consent.click()
    cashier.press(Qt.Key.Key_Return, "joinConfirm")


def rows(cashier: Cashier) -> list[list[str]]:
    table = cashier.find("shopTills", QTableWidget)
    return [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]


# --- joining


def test_till_joins_with_file_and_code_and_leaves_again(
    card: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    code = invite(shop_base, tmp_path / "caixa7.bin", "CAIXA7")
    open_sheet(card)
    join(card, tmp_path / "caixa7.bin", code)
    wait_until(lambda: not card.is_open("joinSheet"), "the till to join")
    assert card.text("shopMessage").startswith("Este caixa entrou no banco da loja.")
    assert "LOJA" in card.text("shopState")
    wait_until(lambda: card.text("shopDatabase") == "Banco da loja: há menos de 1 min", "the first exchange")
    wait_until(lambda: card.text("tillName") == "CAIXA7", "the name of the till")
    card.find("shopLeave").click()
    assert card.text("shopMessage").startswith("Sair do banco da loja?")
    assert not card.is_shown("shopJoin"), "only asked"
    card.find("shopLeave").click()
    wait_until(lambda: card.is_shown("shopJoin"), "the till to leave")
    assert card.text("shopDatabase") == ""


def test_name_of_a_till_in_the_shop_database_stays(
    card: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    code = invite(shop_base, tmp_path / "caixa7.bin", "CAIXA7")
    open_sheet(card)
    join(card, tmp_path / "caixa7.bin", code)
    wait_until(lambda: card.text("tillName") == "CAIXA7", "the name of the till")
    open_settings(card, "till")
    assert card.find("settingsTill").isReadOnly()


def test_wrong_code_is_marked_and_nothing_joins(card: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path) -> None:
    code = invite(shop_base, tmp_path / "caixa1.bin")
    open_sheet(card)
    join(card, tmp_path / "caixa1.bin", code[::-1])
    assert "O código não abre este arquivo." in card.wait_for_message("joinMessage")
    assert card.find("joinCode").property("wrong") == "true"
    assert card.find("joinPath").property("wrong") == "false"


def test_keyring_that_fails_after_the_sheet_opened_offers_a_file(
    start: Start, server: TrainingServer, shop_base: ShopDatabaseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(backend, "system_keyring", lambda: keyring)
    code = invite(shop_base, tmp_path / "caixa7.bin", "CAIXA7")
    card = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    open_settings(card, "shop")
    open_sheet(card)
    assert not card.is_shown("joinConsent")
    keyring.locked = True
    join(card, tmp_path / "caixa7.bin", code)
    wait_until(lambda: card.is_shown("joinConsent"), "the consent")
    assert card.text("joinMessage").startswith("O cofre de senhas deste computador não guarda a senha")
    join(card, tmp_path / "caixa7.bin", code)
    wait_until(lambda: card.text("tillName") == "CAIXA7", "the name of the till")


def test_file_that_is_missing_is_said_and_marked(card: Cashier, tmp_path: Path) -> None:
    open_sheet(card)
    join(card, tmp_path / "nothing", "ABCDE-FGHIJ-KLMNO-PQRST")
    assert "O arquivo não foi achado" in card.wait_for_message("joinMessage")
    assert card.find("joinPath").property("wrong") == "true"


def test_silent_database_leaves_file_and_code_in_the_sheet(card: Cashier, tmp_path: Path) -> None:
    file, code = tmp_path / "caixa7.bonifiq", new_code()
    access = Enrolment(
        "LOJA", "CAIXA7", ("127.0.0.1:9",), "bonifiq", "till", "", datetime.now(UTC), "password", bytes(32)
    )
    file.write_bytes(seal_enrolment(access, code))
    open_sheet(card)
    join(card, file, code)
    message = card.wait_for_message("joinMessage")
    assert message.startswith("O banco da loja não responde.\nNada mudou neste caixa.")
    assert "aperte “Entrar” de novo" in message
    assert (card.text("joinPath"), card.text("joinCode")) == (str(file), code)


def test_sheet_without_file_or_code_cannot_be_confirmed(card: Cashier) -> None:
    open_sheet(card)
    assert not card.find("joinConfirm").isEnabled()
    card.type("joinPath", "caixa1.bin")
    assert not card.find("joinConfirm").isEnabled()
    card.type("joinCode", "ABCDE")
    assert card.find("joinConfirm").isEnabled()


# --- the state


def test_card_shows_each_till_with_the_age_of_its_news(card: Cashier) -> None:
    publish(card, exchange(9))
    assert rows(card) == [["caixa 2", "há 9 min", "nada"], ["caixa 3", "há menos de 1 min", "14 registros"]]
    assert "há 9 min. 3 registros deste caixa a mandar." in card.text("shopState")
    assert not card.is_shown("shopJoin")


@pytest.mark.parametrize("trouble", Trouble)
def test_card_explains_each_trouble_with_its_code(card: Cashier, trouble: Trouble) -> None:
    publish(card, exchange(9, trouble))
    assert card.text("shopTrouble").startswith(message_for_trouble(trouble).title)
    assert card.find("shopTrouble").findChild(MessageCode).text() == TROUBLE_CODES[trouble]
    assert card.is_shown("shopBegin") is (trouble in {Trouble.FORK, Trouble.HOLE})
    publish(card, exchange())
    assert not card.is_shown("shopTrouble")
    assert not card.is_shown("shopBegin")


def test_exchange_by_hand_says_a_trouble_once(card: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path) -> None:
    code = invite(shop_base, tmp_path / "caixa7.bin", "CAIXA7")
    open_sheet(card)
    join(card, tmp_path / "caixa7.bin", code)
    wait_until(lambda: not card.is_open("joinSheet"), "the till to join")
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.members SET removed_at = now()")
    card.find("shopSync").click()
    assert card.is_shown("shopMessage"), "under way"
    wait_until(lambda: not card.is_shown("shopMessage"), "the exchange")
    assert card.text("shopTrouble").startswith("Este caixa foi retirado do banco da loja.")


def test_till_that_leaves_while_the_database_fails_is_told_what_the_others_will_miss(card: Cashier) -> None:
    publish(card, exchange(9, Trouble.UNREACHABLE))
    card.find("shopLeave").click()
    assert "3 registros deste caixa nunca chegarão aos outros." in card.text("shopMessage")
    publish(card, ShopDatabaseStatus("", ""))
    publish(card, exchange())
    open_settings(card, "till")
    open_settings(card, "shop")
    card.find("shopLeave").click()
    assert "nunca" not in card.text("shopMessage"), "the database gets them before this till leaves"


def test_begin_anew_asks_before_it_tells_everything(card: Cashier) -> None:
    publish(card, exchange(9, Trouble.FORK))
    card.find("shopBegin").click()
    assert card.text("shopMessage").startswith("Começar de novo com o histórico deste PC?")
    card.find("shopLeave").click()
    card.find("shopBegin").click()
    assert card.text("shopMessage").startswith("Começar de novo"), "another button's press confirms nothing"
