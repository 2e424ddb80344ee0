"""A driver from outside: it knows the object names, properties and keys of the contract, and no more of the window.

The contract stands in `docs/architecture.md`. So this file imports the program's entry point and no part of its window,
and takes no helper of the other tests that knows more.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.app import build
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer

Key = Qt.Key

NAMES = {
    "window": "mainWindow navLookup navSale navHistory navDay navSettings connectionStatus pendingCount trainingMark",
    "look up": "lookupField lookupButton lookupMessage orderCard orderNumber orderState orderTotal orderRefundable"
    " orderCustomer refundButton cancelOrderButton",
    "refund": "refundDialog refundItems refundValue refundReason refundPreview refundConfirm refundCancel refundMessage"
    " refundOutcome",
    "sale": "saleOrderId saleDocument saleName saleEmail salePhone saleTotal salePayment saleSalesPerson saleCoupon"
    " saleSubmit saleMessage saleOutcome",
    "history": "historySearch historyTable historyDetail historyExport",
    "day": "daySections dayChoice dayDate dayCheck dayExport dayClose",
    "settings": "settingsUrl settingsToken settingsKey settingsTest settingsSave settingsMessage",
}


class Driver:
    """Drives one window by object names."""

    def __init__(self, *arguments: str) -> None:
        self.app = build(list(arguments))
        self.app.start()
        self.window = self.app.window
        assert QTest.qWaitForWindowActive(self.window)

    def __getitem__(self, name: str) -> Any:
        found = self.window if name == "mainWindow" else self.window.findChild(QWidget, name)
        assert found is not None, f"there is no {name}"
        return found

    def wait(self, seen: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 30
        while not seen():
            assert time.monotonic() < end, f"waited in vain for {what}"
            QTest.qWait(5)
            time.sleep(0.002)

    def see(self, name: str) -> None:
        self.wait(lambda: self.window.findChild(QWidget, name) and self[name].isVisible(), f"{name} to be visible")

    def press(self, key: Key, name: str = "mainWindow") -> None:
        QTest.keyClick(self[name], key)

    def click(self, name: str) -> None:
        self.wait(self[name].isEnabled, f"{name} to be enabled")
        QTest.mouseClick(self[name], Qt.MouseButton.LeftButton)

    def type(self, name: str, text: str) -> None:
        """Focus a field and type: a field behind "more details" opens them."""
        field = self[name]
        field.setFocus()
        if hasattr(field, "selectAll"):
            field.selectAll()
        QTest.keyClicks(field, text)

    def text(self, name: str) -> str:
        widget = self[name]
        return str(widget.toPlainText() if hasattr(widget, "toPlainText") else widget.text())

    def wait_for_text(self, name: str, words: str = "") -> str:
        self.see(name)
        self.wait(lambda: self.text(name) and words in self.text(name), f"{name} to say {words!r}")
        return self.text(name)

    def wait_for_state(self, name: str, state: str) -> None:
        self.wait(lambda: self[name].property("state") == state, f"{name} to be {state}")
        self.see(name)

    def look_up(self, order_id: str) -> None:
        self.press(Key.Key_F2)
        self.type("lookupField", order_id)
        self.press(Key.Key_Return, "lookupField")
        self.wait(lambda: self["orderCard"].property("orderId") == order_id, f"order {order_id}")

    def open_refund(self) -> None:
        self.wait(self["refundButton"].isEnabled, "the refund button")
        self.press(Key.Key_F6)
        self.see("refundDialog")

    def close_refund(self) -> None:
        self.press(Key.Key_Escape, "refundDialog")
        self.wait(self.has_no_refund, "the refund to close")
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)

    def has_no_refund(self) -> bool:
        found = self.window.findChild(QWidget, "refundDialog")
        return found is None or not found.isVisible()


@pytest.fixture(name="drive")
def drivers(qapp: object) -> Iterator[Callable[..., Driver]]:
    """Return a function that starts the program under a driver."""
    running: list[Driver] = []

    def drive(*arguments: str) -> Driver:
        running.append(Driver(*arguments))
        return running[-1]

    yield drive
    for driver in running:
        assert driver.app.stop()
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(name="driver")
def connected_driver(
    drive: Callable[..., Driver], server: TrainingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Driver:
    """A driver of a connected program."""
    monkeypatch.setenv("BONIFIQ_API_TOKEN", server.token)
    monkeypatch.setenv("BONIFIQ_API_KEY", server.key)
    return drive("--data-dir", str(tmp_path / "data"), "--api-url", server.url)


def test_names_of_the_contract_exist(driver: Driver) -> None:
    driver.look_up("1001")
    driver.open_refund()
    driver.press(Key.Key_F10)
    missing = {
        (screen, name)
        for screen, names in NAMES.items()
        for name in names.split()
        if name != "mainWindow" and driver.window.findChild(QWidget, name) is None
    }
    assert driver.window.objectName() == "mainWindow"
    assert missing == set()
    assert not driver["trainingMark"].isVisible()


def test_driver_gets_through_the_first_start(
    drive: Callable[..., Driver], server: TrainingServer, paths: Paths
) -> None:
    driver = drive("--data-dir", str(paths.folder), "--api-url", server.url)
    driver.press(Key.Key_F9)
    for name, text in (("settingsToken", server.token), ("settingsKey", server.key)):
        driver.see(name)
        driver.type(name, text)
    driver.click("settingsTest")
    driver.wait_for_text("settingsMessage")
    driver.wait(lambda: not driver.text("settingsMessage").endswith("…"), "the test's result")
    driver.click("settingsSave")
    driver.wait(lambda: driver["settingsSave"].isEnabled() and paths.settings.exists(), "the settings to be saved")
    driver.look_up("1001")
    driver.wait_for_text("connectionStatus", "onectado")


def test_driver_gets_through_look_up_refund_and_history(driver: Driver, server: TrainingServer) -> None:
    driver.look_up("1001")
    driver.see("orderCard")
    assert "1001" in driver.text("orderNumber")
    assert "129,90" in driver.text("orderTotal")
    assert "129,90" in driver.text("orderRefundable")
    assert "Maria" in driver.text("orderCustomer")
    assert driver.text("orderState")
    driver.open_refund()
    driver["refundItems"].setFocus()
    driver.press(Key.Key_Space, "refundItems")
    assert driver.text("refundValue") == "49,90"
    assert "80,00" in driver.text("refundPreview")
    driver.press(Key.Key_Return, "refundConfirm")
    driver.wait_for_state("refundOutcome", "confirmed")
    driver.close_refund()
    driver.wait(lambda: "80,00" in driver.text("orderRefundable"), "the new figure")
    driver.open_refund()
    driver.type("refundValue", "2590")
    assert driver.text("refundValue") == "25,90"
    driver.press(Key.Key_Return, "refundConfirm")
    driver.wait_for_state("refundOutcome", "confirmed")
    driver.close_refund()
    assert [entry.cents for entry in server.service.applied] == [4990, 2590]
    driver.press(Key.Key_F4)
    rows = driver["historyTable"].model()
    driver.wait(lambda: rows.rowCount() == 2, "both refunds")
    driver.wait(lambda: driver.text("historyDetail"), "the detail")
    driver.type("historySearch", "9999")
    driver.wait(lambda: rows.rowCount() == 0, "no row of that number")


def test_driver_gets_through_a_refused_refund(driver: Driver, server: TrainingServer) -> None:
    driver.look_up("1001")
    driver.open_refund()
    driver.type("refundValue", "99999")
    driver.press(Key.Key_Return, "refundConfirm")
    driver.wait_for_text("refundMessage")
    driver.close_refund()
    assert server.service.applied == []


def test_driver_gets_through_a_sale(driver: Driver, server: TrainingServer) -> None:
    driver.press(Key.Key_F3)
    for name, text in (
        ("saleDocument", "52998224725"),
        ("saleName", "Maria Aparecida"),
        ("saleEmail", "maria@exemplo.com.br"),
        ("salePhone", "11987654321"),
        ("saleTotal", "15990"),
        ("saleOrderId", "PED-77"),
        ("saleCoupon", "VIP10"),
    ):
        driver.type(name, text)
        assert driver[name].isVisible(), name
    for name in ("salePayment", "saleSalesPerson"):
        driver[name].setFocus()
        assert driver[name].isVisible(), name
    driver.press(Key.Key_Return, "saleSubmit")
    driver.wait_for_state("saleOutcome", "confirmed")
    [sale] = server.service.applied
    assert (sale.kind, sale.order_id, sale.cents) == ("sale", "PED-77", 15990)
    driver.look_up("PED-77")


def test_keys_and_buttons_of_the_contract_open_their_screens(driver: Driver) -> None:
    screens = {
        Key.Key_F2: ("navLookup", "lookupField"),
        Key.Key_F3: ("navSale", "saleSubmit"),
        Key.Key_F4: ("navHistory", "historyTable"),
        Key.Key_F10: ("navDay", "dayClose"),
        Key.Key_F9: ("navSettings", "settingsSave"),
    }
    for key, (_, seen) in screens.items():
        driver.press(key)
        driver.see(seen)
    for button, seen in screens.values():
        driver.click(button)
        driver.see(seen)
    driver.press(Key.Key_Escape)
    driver.see("lookupField")
