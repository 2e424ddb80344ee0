"""A cashier: finds things by object name, acts by key presses, waits for what is on the screen."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QTableWidget, QWidget

from bonifiq_desktop.app import App
from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from bonifiq_desktop.ui.refund.refund_page import RefundPage

PATIENCE = 30.0
"""Seconds that anything may take before a test gives up; it usually takes a fraction of one."""

W = TypeVar("W", bound=QWidget)


def let_work(seconds: float) -> None:
    """Let the window and the worker work. QTest's own wait keeps Python's lock from the worker."""
    end = time.monotonic() + seconds
    while True:
        QTest.qWait(1)
        time.sleep(0.002)
        if time.monotonic() >= end:
            return


def wait_until(seen: Callable[[], object], what: str) -> None:
    """Let the window work until something is seen."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, f"waited in vain for {what}"
        let_work(0.005)


class Cashier:
    """Sits in front of one window. `counted`: all that was seen in the corner where the unfinished is counted."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.window = app.window
        self.counted: list[str] = []
        app.client.statusChanged.connect(lambda _status: self.counted.append(self.text("pendingCount")))

    def find(self, name: str, kind: type[W] | None = None) -> Any:
        """A widget by its object name."""
        found = self.window.findChild(kind or QWidget, name)
        assert found is not None, f"there is no {name}"
        return found

    def text(self, name: str) -> str:
        """What a widget says."""
        return str(self.find(name).text())

    def press(
        self,
        key: Qt.Key,
        name: str | None = None,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key, in a widget or in whatever has the focus."""
        if QApplication.activeWindow() is None:
            # The window of an earlier test, deleted late in this same process, took the focus with it.
            self.window.activateWindow()
            assert QTest.qWaitForWindowActive(self.window)
        QTest.keyClick(self.find(name) if name else self.window, key, modifier)

    def click_when_enabled(self, name: str) -> None:
        """Click a button that waits for what the program reads first."""
        wait_until(lambda: self.is_shown(name) and self.find(name).isEnabled(), f"{name} to be enabled")
        self.find(name).click()

    def type(self, name: str, text: str) -> None:
        """Type over what is in a field."""
        field = self.find(name, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def wait_for_state(self, name: str, *states: str) -> str:
        """Wait for an outcome; the words that stand beside it."""
        outcome = self.find(name)
        wait_until(lambda: outcome.property("state") in states, f"{name} in {states}")
        return self.text(name)

    def wait_for_message(self, name: str, tones: tuple[str, ...] = ("warning", "danger")) -> str:
        """Wait for a message that is not mere progress; its words."""
        message = self.find(name)
        wait_until(lambda: message.isVisible() and message.property("tone") in tones, f"{name} to speak")
        return self.text(name)

    # --- the main job

    def look_up(self, order_id: str) -> None:
        """Look an order up and wait for its card."""
        self.ask_for(order_id)
        card = self.find("orderCard")
        wait_until(lambda: card.property("orderId") == order_id, f"the card of {order_id}")

    def ask_for(self, order_id: str) -> None:
        """Type an order number and press Enter."""
        self.press(Qt.Key.Key_F2)
        self.type("lookupField", order_id)
        self.press(Qt.Key.Key_Return, "lookupField")

    def open_refund(self) -> RefundPage:
        """F6, once the card allows it."""
        wait_until(lambda: self.find("refundButton").isEnabled(), "the refund button")
        self.press(Qt.Key.Key_F6)
        wait_until(lambda: self.is_open("refundDialog"), "the refund page")
        page: RefundPage = self.find("refundDialog", RefundPage)
        return page

    def open_cancel(self) -> CancelPage:
        """F7, once the card allows it."""
        wait_until(lambda: self.find("cancelOrderButton").isEnabled(), "the cancel button")
        self.press(Qt.Key.Key_F7)
        wait_until(lambda: self.is_open("cancelDialog"), "the cancel page")
        page: CancelPage = self.find("cancelDialog", CancelPage)
        return page

    def is_open(self, name: str) -> bool:
        """Whether a dialog or page is there; it may be covered by another one."""
        return self.window.findChild(QWidget, name) is not None

    def is_shown(self, name: str) -> bool:
        """Whether a widget is there and visible; pages that few starts need are made when they are used."""
        found = self.window.findChild(QWidget, name)
        return found is not None and found.isVisible()

    def tick(self, *rows: int) -> None:
        """Tick items of the order with the space bar."""
        table: QTableWidget = self.find("refundItems", QTableWidget)
        table.setFocus()
        for row in rows:
            table.setCurrentCell(row, 0)
            QTest.keyClick(table, Qt.Key.Key_Space)

    def type_item_value(self, row: int, digits: str) -> None:
        """Type the value of an item in its row."""
        table: QTableWidget = self.find("refundItems", QTableWidget)
        self.find("refundReason").setFocus()  # the end of what was typed before
        table.setFocus()
        table.setCurrentCell(row, 0)
        QTest.keyClicks(table, digits)

    def item_value(self, row: int) -> str:
        """Return the value that the row of an item shows."""
        cell = self.find("refundItems", QTableWidget).item(row, 2)
        return str(cell.text())

    def confirm_refund(self) -> None:
        """Enter on the confirm button."""
        self.press(Qt.Key.Key_Return, "refundConfirm")

    def close_refund(self) -> None:
        """Esc: the order comes back."""
        self.press(Qt.Key.Key_Escape, "refundDialog")
        wait_until(lambda: not self.is_open("refundDialog"), "the page to close")

    def refund(self, cents: str = "1000", *, state: str = "confirmed") -> str:
        """Refund part of order 1001 and wait for what becomes of it; the words that stand beside it."""
        self.look_up("1001")
        self.open_refund()
        self.type("refundValue", cents)
        self.confirm_refund()
        words = self.wait_for_state("refundOutcome", state)
        self.close_refund()
        return words

    def fill_sale(self, total: str = "15990") -> None:
        """The common path of a sale."""
        self.press(Qt.Key.Key_F3)
        self.type("saleDocument", "529.982.247-25")
        self.type("saleName", "Maria Aparecida")
        self.type("saleTotal", total)

    # --- the history

    def open_review(self) -> None:
        """F4 and F8: the page on which the newest operation in review is decided."""
        self.press(Qt.Key.Key_F4)
        wait_until(lambda: self.find("historyDecide").isVisible(), "the button")
        self.press(Qt.Key.Key_F8)
        wait_until(lambda: self.window.findChild(QWidget, "reviewDialog") is not None, "the decision")

    def acknowledge(self) -> None:
        """F12, and the answer that clears the alarm."""
        self.press(Qt.Key.Key_F12)
        wait_until(lambda: self.window.findChild(QDialog, "acknowledgeDialog") is not None, "the question")
        self.press(Qt.Key.Key_Return, "acknowledgeConfirm")
        wait_until(lambda: self.window.findChild(QDialog, "acknowledgeDialog") is None, "the question to close")


def history(data_dir: Path) -> list[dict[str, Any]]:
    """What `history --format json` prints for a data folder."""
    done = program("history", "--format", "json", "--data-dir", str(data_dir))
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program's command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bonifiq_desktop", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
