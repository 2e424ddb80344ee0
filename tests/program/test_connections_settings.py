"""Connections to marketplaces and web shops in the settings, against the training marketplace over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QTableWidget

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from bonifiq_desktop.ui.widgets.choice import Choice
from tests.support.cashier import Cashier, wait_until
from tests.support.staff_actions import open_settings


@pytest.fixture(name="market")
def running_marketplace() -> Iterator[MiraklTraining]:
    """A marketplace that listens."""
    server = MiraklTraining(resource("contract/mirakl.openapi.json"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(name="sheet")
def opened_sheet(cashier: Cashier, market: MiraklTraining) -> Cashier:
    """The sheet of a new connection, filled in for the marketplace, with a consent to a file where no keyring is."""
    open_settings(cashier, "connections")
    cashier.click_when_enabled("connectionsAdd")
    wait_until(lambda: cashier.is_shown("connectionName"), "the sheet")
    cashier.type("connectionName", "Carrefour")
    cashier.type("connectionUrl", market.url)
    cashier.type("connectionSecret", market.key)
    consent = cashier.find("connectionConsent")
    if consent.isVisible():
        consent.click()
    return cashier


def choose_reason(cashier: Cashier, name: str, code: str) -> None:
    box = cashier.find(name, QComboBox)
    box.setCurrentIndex(box.findData(code))
    assert box.currentData() == code


def rows(cashier: Cashier) -> list[str]:
    table = cashier.find("connectionsTable", QTableWidget)
    return [table.item(row, 0).text() for row in range(table.rowCount())]


def fetch_reasons(cashier: Cashier) -> None:
    cashier.find("connectionFetch").click()
    cashier.wait_for_message("connectionMessage", ("success",))


def save(cashier: Cashier) -> None:
    cashier.find("connectionConfirm").click()
    wait_until(lambda: not cashier.is_open("connectionSheet"), "the sheet to close")


def test_new_connection_with_fetched_reasons_is_stored_and_listed(sheet: Cashier, market: MiraklTraining) -> None:
    fetch_reasons(sheet)
    choose_reason(sheet, "connectionReasonRegretCancel", "15")
    choose_reason(sheet, "connectionReasonRegretRefund", "34")
    save(sheet)
    assert rows(sheet) == ["Carrefour"]
    stored = json.loads((sheet.app.paths.folder / "settings.json").read_text())["connections"][0]
    assert (stored["name"], stored["system"], stored["url"]) == ("Carrefour", "mirakl", market.url)
    assert [(each["reason"], each["cancel_code"], each["refund_code"]) for each in stored["reasons"]] == [
        ("Arrependimento", "15", "34")
    ]
    assert market.key not in (sheet.app.paths.folder / "settings.json").read_text()


def test_test_button_names_the_shop_and_changes_nothing(sheet: Cashier, market: MiraklTraining) -> None:
    sheet.find("connectionTest").click()
    assert "Loja de treino" in sheet.wait_for_message("connectionMessage", ("success", "warning"))
    assert market.service.applied == []
    assert all(method == "GET" for method, _path, _body in market.requests)
    assert not (sheet.app.paths.folder / "settings.json").exists() or rows(sheet) == []


def test_wrong_key_is_said_and_nothing_is_stored(sheet: Cashier) -> None:
    sheet.type("connectionSecret", "outra-chave")
    sheet.find("connectionTest").click()
    sheet.wait_for_message("connectionMessage", ("danger", "warning"))
    sheet.press(Qt.Key.Key_Escape, "connectionUrl")
    wait_until(lambda: not sheet.is_open("connectionSheet"), "the sheet to close")
    assert rows(sheet) == []


def test_address_of_no_marketplace_is_marked(sheet: Cashier) -> None:
    sheet.type("connectionUrl", "https://loja.exemplo.com.br")
    sheet.find("connectionConfirm").click()
    sheet.wait_for_message("connectionMessage", ("danger",))
    assert sheet.find("connectionUrl").property("wrong") == "true"


def test_removal_asks_once_and_forgets_the_secret(sheet: Cashier, market: MiraklTraining) -> None:
    save(sheet)
    folder: Path = sheet.app.paths.folder
    sheet.find("connectionsRemove").click()
    assert rows(sheet) == ["Carrefour"], "only asked"
    sheet.find("connectionsRemove").click()
    wait_until(lambda: rows(sheet) == [], "the removal")
    kept = folder / "credentials.json"
    assert not kept.exists() or market.key not in kept.read_text()
    assert json.loads((folder / "settings.json").read_text())["connections"] == []


def test_akinon_connection_shows_its_own_fields(cashier: Cashier) -> None:
    open_settings(cashier, "connections")
    cashier.click_when_enabled("connectionsAdd")
    wait_until(lambda: cashier.is_shown("connectionName"), "the sheet")
    assert not cashier.find("connectionUser").isVisible()
    system = cashier.find("connectionSystem", Choice)
    system.choose(1)
    assert cashier.find("connectionUser").isVisible()
    assert not cashier.find("connectionLines").isVisible()
