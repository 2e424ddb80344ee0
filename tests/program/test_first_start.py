"""The first start: connect, name the till, name the owner; and what stops each step."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, let_work, wait_until


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


def type_here(text: str) -> None:
    """Type where the focus is, at a person's speed before the next Enter."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)
    let_work(0.2)


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def connect(cashier: Cashier, token: str, key: str) -> None:
    """Fill in both fields with the keyboard alone."""
    cashier.find("setupToken").setFocus()
    cashier.find("setupToken").selectAll()
    type_here(token)
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is cashier.find("setupKey")
    cashier.find("setupKey").selectAll()
    type_here(key)
    press(Qt.Key.Key_Return)


def test_first_start_with_the_keyboard_alone(new: Cashier, server: TrainingServer, data: Path) -> None:
    connect(new, server.token, server.key)
    wait_until(lambda: new.find("setupTillName").isVisible(), "the second step")
    wait_until(lambda: QApplication.focusWidget() is new.find("setupTillName"), "its field")
    type_here("balcao2")
    press(Qt.Key.Key_Return)
    wait_until(lambda: new.find("setupName").isVisible(), "the third step")
    wait_until(lambda: QApplication.focusWidget() is new.find("setupName"), "its field")
    for text in ("Ana", "4862", "4862"):
        type_here(text)
        press(Qt.Key.Key_Return)
    wait_until(lambda: new.find("lookupField").isVisible(), "the counter")
    assert json.loads((data / "settings.json").read_text())["till"] == "BALCAO2"
    assert new.app.client.session.managers == ("Ana",)
    wait_until(lambda: new.text("tillName") == "BALCAO2", "the strip")
    new.look_up("1001")


def test_wrong_key_and_missing_network_look_different(new: Cashier, server: TrainingServer, data: Path) -> None:
    connect(new, server.token, "wrong")
    words = new.wait_for_message("setupConnectMessage", ("danger",))
    assert "Token ou chave errados" in words
    assert new.find("setupKey").property("wrong") == "true"
    server.stop()
    connect(new, server.token, server.key)
    words = new.wait_for_message("setupConnectMessage", ("warning",))
    assert "Sem internet" in words
    assert new.find("setupKey").property("wrong") == "false"
    assert not (data / "credentials.json").exists()
    assert new.find("setupToken").isVisible()


def test_owner_step_may_be_skipped(new: Cashier, server: TrainingServer) -> None:
    connect(new, server.token, server.key)
    wait_until(lambda: new.find("setupTillName").isVisible(), "the second step")
    new.find("setupNext").click()
    wait_until(lambda: new.find("setupName").isVisible(), "the third step")
    new.find("setupSkip").click()
    assert new.find("lookupField").isVisible()
    assert not new.app.client.session.people


def test_mistyped_pin_keeps_the_owner_step(new: Cashier, server: TrainingServer) -> None:
    connect(new, server.token, server.key)
    wait_until(lambda: new.find("setupTillName").isVisible(), "the second step")
    new.find("setupNext").click()
    wait_until(lambda: new.find("setupName").isVisible(), "the third step")
    for name, text in (("setupName", "Ana"), ("setupPin", "4862"), ("setupPinAgain", "4863")):
        new.type(name, text)
    new.find("setupNext").click()
    assert "iguais" in new.wait_for_message("setupOwnerMessage")
    assert not new.app.paths.staff.exists()


def test_practice_is_offered_at_every_step(new: Cashier, server: TrainingServer) -> None:
    asked: list[bool] = []
    page = new.window.content.first_start
    page.practiceRequested.disconnect()
    page.practiceRequested.connect(lambda: asked.append(True))
    new.press(Qt.Key.Key_P, modifier=Qt.KeyboardModifier.ControlModifier)
    connect(new, server.token, server.key)
    wait_until(lambda: new.find("setupTillName").isVisible(), "the second step")
    new.press(Qt.Key.Key_P, modifier=Qt.KeyboardModifier.ControlModifier)
    assert asked == [True, True]


def test_credentials_saved_in_the_settings_end_the_first_step(new: Cashier, server: TrainingServer) -> None:
    new.press(Qt.Key.Key_F9)
    assert new.find("settingsToken").isVisible()
    new.type("settingsToken", server.token)
    new.type("settingsKey", server.key)
    new.find("settingsSave").click()
    new.wait_for_message("settingsMessage", ("success",))
    assert not new.is_shown("firstStart")
    new.look_up("1001")


def test_first_start_does_not_take_the_place_of_an_opened_page(
    start: Callable[..., Cashier], server: TrainingServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BONIFIQ_API_TOKEN", "BONIFIQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    cashier = start("--data-dir", str(data), "--api-url", server.url)
    cashier.press(Qt.Key.Key_F9)
    wait_until(lambda: bool(cashier.text("settingsUrl")), "the settings")
    assert cashier.find("settingsToken").isVisible()
