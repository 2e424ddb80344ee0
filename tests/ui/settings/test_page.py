"""The settings page with the real worker behind it: messages, storage of the key, validation."""

import base64
import stat
from collections.abc import Callable
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials
from bonifiq_desktop.services import settings_store
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, account_for_token, load_settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.settings.list_editor import ListEditor
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.worker import backend
from tests.support.fake_keyring import FakeKeyring
from tests.support.owner import Owner, files_with
from tests.ui.settings.conftest import OpenPage


def test_page_shows_the_settings_but_not_the_key(open_page: OpenPage, server: TrainingServer) -> None:
    owner = open_page()
    assert owner.text("settingsUrl") == server.url
    assert (owner.text("settingsToken"), owner.text("settingsKey")) == ("", "")
    key = owner.find(QLineEdit, "settingsKey")
    assert key.echoMode() is QLineEdit.EchoMode.Password
    assert key.placeholderText() == ""
    owner.type_credentials(server)
    owner.save()
    assert (owner.text("settingsToken"), key.text()) == ("", "")
    assert "guardada" in key.placeholderText()


def test_page_shows_only_the_end_of_the_stored_token(open_page: OpenPage, server: TrainingServer) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.save()
    assert "Conexão certa" in owner.test()
    assert "Ajustes salvos." in owner.save()
    token = owner.find(QLineEdit, "settingsToken")
    assert token.placeholderText() == f"guardado (…{server.token[-4:]}); digite só para trocar"
    for field in (token, owner.find(QLineEdit, "settingsKey")):
        field.undo()
    token.selectAll()
    token.copy()
    copied = QApplication.clipboard().text()
    shown = [value for widget in owner.page.findChildren(QWidget) for value in texts_of(widget)]
    known = [repr(vars(owner.page)), *(repr(setup) for setup in owner.changes)]
    assert not [text for text in (copied, *shown, *known) if server.token in text or server.key in text]


TEXTS = ("text", "displayText", "placeholderText", "plainText", "currentText", "toolTip", "statusTip", "whatsThis",
         "accessibleName", "accessibleDescription", "windowTitle")  # fmt: skip


def texts_of(widget: QWidget) -> list[str]:
    """Return every text of a widget."""
    return [str(value) for name in TEXTS if (value := widget.property(name))]


@pytest.mark.parametrize("token", ["", "short-token"])
def test_page_hides_a_short_token_entirely(open_page: OpenPage, token: str) -> None:
    owner = open_page()
    owner.fill("settingsToken", token)
    owner.fill("settingsKey", "the key" if token else "")
    owner.save()
    shown = owner.find(QLineEdit, "settingsToken").placeholderText()
    assert shown == ("guardado (…); digite só para trocar" if token else "")


def test_key_saved_without_keyring_stays_in_memory(open_page: OpenPage, server: TrainingServer, paths: Paths) -> None:
    owner = open_page()
    assert owner.find(QCheckBox, "settingsConsent").isVisible()
    owner.type_credentials(server)
    message = owner.save()
    assert "Ajustes salvos." in message
    assert "até fechar o programa" in message
    assert files_with(paths, server.key) == set()
    again = open_page()
    assert not again.changes[0].has_key


def test_key_saved_with_consent_is_in_a_private_file(open_page: OpenPage, server: TrainingServer, paths: Paths) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.find(QCheckBox, "settingsConsent").setChecked(True)
    assert "num arquivo que só este usuário" in owner.save()
    assert files_with(paths, server.key) == {"credentials.json"}
    assert stat.S_IMODE(paths.credentials.stat().st_mode) == 0o600
    again = open_page()
    assert again.changes[0].has_key
    assert again.find(QCheckBox, "settingsConsent").isChecked()


def test_key_in_memory_moves_to_a_file_on_later_consent(
    open_page: OpenPage, server: TrainingServer, paths: Paths
) -> None:
    owner = open_page()
    owner.type_credentials(server)
    assert "Marque a opção" in owner.save()
    consent = owner.find(QCheckBox, "settingsConsent")
    consent.setChecked(True)
    assert "num arquivo" in owner.save()
    assert files_with(paths, server.key) == {"credentials.json"}
    consent.setChecked(False)
    assert "até fechar o programa" in owner.save()
    assert files_with(paths, server.key) == set()


def test_key_saved_with_a_keyring_is_in_no_file(
    open_page: OpenPage, server: TrainingServer, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(backend, "system_keyring", lambda: keyring)
    owner = open_page()
    assert not owner.find(QCheckBox, "settingsConsent").isVisible()
    owner.type_credentials(server)
    assert "cofre de senhas" in owner.save()
    basic = base64.b64encode(f"{server.token}:{server.key}".encode()).decode()
    assert files_with(paths, server.key) == set()
    assert files_with(paths, basic) == set()
    assert open_page().changes[0].has_key


def test_environment_credentials_are_named_as_in_force(
    open_page: OpenPage, server: TrainingServer, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    owner = open_page()
    message = owner.save()
    assert "deste computador" in message
    assert "cofre" not in message
    assert files_with(paths, server.key) == set()


@pytest.mark.parametrize("name", ["settingsToken", "settingsKey"])
def test_half_of_the_credentials_is_rejected_before_saving(
    open_page: OpenPage, server: TrainingServer, paths: Paths, name: str
) -> None:
    owner = open_page()
    owner.fill(name, "only this half")
    for press in (owner.save, owner.test):
        assert "Preencha o token e a chave juntos." in press()
    assert owner.is_marked_wrong("settingsToken")
    assert owner.is_marked_wrong("settingsKey")
    assert load_settings(paths.settings) == Settings(url=server.url)
    assert not paths.credentials.exists()
    assert server.service.requests == []
    owner.type_credentials(server)
    assert "Ajustes salvos." in owner.save()
    assert not owner.is_marked_wrong("settingsToken")


def test_new_token_needs_its_key(open_page: OpenPage, server: TrainingServer) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.save()
    for token, key in (("another", ""), (server.token, ""), ("", "another")):
        owner.fill("settingsToken", token)
        owner.fill("settingsKey", key)
        assert "juntos" in owner.save()
        assert "juntos" in owner.test()
    owner.fill("settingsKey", "")
    assert "Conexão certa" in owner.test()


def test_typed_credentials_replace_the_stored_ones(open_page: OpenPage, server: TrainingServer) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.save()
    owner.fill("settingsToken", "another-token-9876")
    owner.fill("settingsKey", "another-key")
    assert "Ajustes salvos." in owner.save()
    assert "9876" in owner.find(QLineEdit, "settingsToken").placeholderText()
    assert "não aceitou o token e a chave" in owner.test()


@pytest.mark.parametrize("url", ["http://example.com", "http://192.168.0.2", "ftp://x", "example.com", "", "https://"])
def test_remote_address_without_https_is_rejected(
    open_page: OpenPage, server: TrainingServer, paths: Paths, url: str
) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.fill("settingsUrl", url)
    for press in (owner.save, owner.test):
        assert "https://" in press()
    assert owner.is_marked_wrong("settingsUrl")
    assert load_settings(paths.settings).url == server.url
    assert server.service.requests == []


def test_till_name_unfit_for_a_sale_number_is_rejected(open_page: OpenPage, paths: Paths) -> None:
    owner = open_page()
    owner.fill("settingsTill", "Caixa do João")
    assert "nome do caixa" in owner.save()
    assert owner.is_marked_wrong("settingsTill")
    owner.fill("settingsTill", " caixa2 ")
    assert "Ajustes salvos." in owner.save()
    assert owner.text("settingsTill") == "CAIXA2"


def test_connection_test_shows_each_result_and_saves_nothing(
    open_page: OpenPage, server: TrainingServer, paths: Paths
) -> None:
    owner = open_page()
    assert "ainda não está conectado" in owner.test()
    owner.type_credentials(server)
    assert "Conexão certa" in owner.test()
    owner.fill("settingsKey", "wrong")
    assert "não aceitou o token e a chave" in owner.test()
    owner.fill("settingsUrl", f"{server.url}/elsewhere")
    owner.type_credentials(server)
    assert "não veio do BonifiQ" in owner.test()
    server.stop()
    owner.fill("settingsUrl", server.url)
    owner.type_credentials(server)
    assert "Sem conexão com o BonifiQ." in owner.test()
    assert not paths.credentials.exists()
    assert load_settings(paths.settings) == Settings(url=server.url)
    assert not owner.changes[-1].has_key


@pytest.mark.parametrize("answer", ["shopSame", "shopAnother", "shopBack"])
def test_new_token_on_a_used_till_is_saved_after_the_shop_is_chosen(
    open_page: OpenPage, server: TrainingServer, paths: Paths, qtbot: QtBot, answer: str
) -> None:
    paths.folder.mkdir()
    with closing(Ledger(paths.ledger)) as ledger:
        intent = Intent(Kind.SALE, "2001", 9000, account=account_for_token("former-token"))
        ledger.enqueue(intent, lambda _index: SerializedRequest("/v1/pvt/POS/orders", b"{}"))
    save_settings(paths.settings, Settings(url=server.url, account=account_for_token("former-token")))
    owner = open_page()
    owner.type_credentials(server)
    assert "falta dizer de que loja" in owner.save()
    assert not paths.credentials.exists()
    dialog = owner.find(QDialog, "shopDialog")
    assert dialog.isVisible()
    owner.find(Notice, "settingsMessage").clear()
    owner.find(QPushButton, answer).click()
    if answer == "shopBack":
        qtbot.waitUntil(lambda: owner.page.findChild(QDialog, "shopDialog") is None)
        assert not paths.credentials.exists()
        return
    qtbot.waitUntil(lambda: "Ajustes salvos." in owner.find(Notice, "settingsMessage").text(), timeout=15_000)
    former = answer == "shopSame"  # with no order to look up, the owner's choice counts
    assert load_settings(paths.settings).account == account_for_token("former-token" if former else server.token)


def test_connection_test_without_typed_key_uses_the_stored_one(open_page: OpenPage, server: TrainingServer) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.save()
    assert "Conexão certa" in owner.test()


def test_every_setting_is_saved_and_shown_again(open_page: OpenPage, server: TrainingServer, paths: Paths) -> None:
    owner = open_page()
    owner.fill("settingsTill", "LOJA2")
    owner.fill("settingsBranchId", "07")
    owner.fill("settingsBranchName", "Filial Centro")
    owner.choose("settingsLanguage", "en")
    assert "quando o programa for aberto de novo" in owner.save()
    owner.add_to_list("settingsSalesPeople", " Bia ")
    owner.add_to_list("settingsSalesPeople", "Zé", "17")
    owner.find(ListEditor, "settingsPaymentMethods").set_values(("Pix",))
    owner.add_to_list("settingsPaymentMethods", "Dinheiro")
    assert "Ajustes salvos." in owner.save()
    owner.find(MoneyField, "settingsRewardLimit").set_value(5000)
    assert "Ajustes salvos." in owner.save()
    owner.fill("settingsAccount", "MATRIZ")
    owner.choose("settingsOrderPaths", "Order")
    owner.choose("settingsReturnUsedReward", "no")
    owner.find(QCheckBox, "settingsSendProducts").setChecked(True)
    owner.find(QCheckBox, "settingsTrustUsedKey").setChecked(False)
    assert "Ajustes salvos." in owner.save()
    expected = Settings(
        url=server.url,
        account="MATRIZ",
        till="LOJA2",
        branch_id="07",
        branch_name="Filial Centro",
        sales_people=("Bia", "17 = Zé"),
        payment_methods=("Pix", "Dinheiro"),
        language="en",
        order_paths="Order",
        send_refund_products=True,
        trust_used_key=False,
        reward_limit=5000,
        return_used_reward="no",
    )
    assert load_settings(paths.settings) == expected
    assert open_page().changes[0].settings == expected


def test_saving_unchanged_settings_changes_only_the_account(
    open_page: OpenPage, server: TrainingServer, paths: Paths
) -> None:
    owner = open_page()
    owner.type_credentials(server)
    owner.save()
    assert load_settings(paths.settings) == Settings(url=server.url, account=account_for_token(server.token))
    before = paths.settings.read_bytes()
    owner.save()
    assert paths.settings.read_bytes() == before


def test_unwritable_folder_shows_an_error_and_keeps_the_form(
    open_page: OpenPage, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    owner = open_page()
    owner.type_credentials(server)
    monkeypatch.setattr(settings_store, "save_settings", full)
    assert "Não foi possível gravar neste PC." in owner.save()
    assert owner.text("settingsKey") == server.key


def test_connection_in_training_is_fixed_and_its_key_hidden(
    open_page: Callable[..., Owner], server: TrainingServer, paths: Paths
) -> None:
    owner = open_page(given=Credentials(server.token, server.key))
    for name in ("settingsUrl", "settingsToken", "settingsKey"):
        assert not owner.find(QLineEdit, name).isEnabled()
    assert not owner.find(QCheckBox, "settingsConsent").isVisible()
    assert "Conexão certa" in owner.test()
    assert "Ajustes salvos." in owner.save()
    assert files_with(paths, server.key) == set()


def test_enter_moves_through_fields_and_buttons_show_their_keys(open_page: OpenPage, qtbot: QtBot) -> None:
    owner = open_page()
    owner.page.activateWindow()
    url = owner.find(QLineEdit, "settingsUrl")
    url.setFocus()
    qtbot.waitUntil(url.hasFocus)
    QTest.keyClick(url, Qt.Key.Key_Return)
    assert owner.find(QLineEdit, "settingsToken").hasFocus()
    assert owner.find(ActionButton, "settingsTest").key == "Ctrl+T"
    assert owner.find(ActionButton, "settingsSave").key == "Ctrl+S"
