"""Everything within the screen: 1366x768 at 100 % and 125 %, long numbers and names, in both languages."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.training_server.models import Item
from bonifiq_desktop.training_server.server import TrainingServer

# Opens the program on a screen of its own, as wide as said, and prints what does not fit.
PROGRAM = """
import json, os, sys
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea, QDialog, QFrame, QLabel, QPushButton, QRadioButton
from PySide6.QtWidgets import QScrollArea, QWidget
from bonifiq_desktop.app import build
from tests.support.cashier import Cashier, let_work, wait_until

data, url, language, pictures = sys.argv[1:]
app = build(["--data-dir", data, "--api-url", url, "--lang", language])
cashier = Cashier(app)
app.start()
wait_until(app.paths.ledger.exists, "the worker")
screen = QGuiApplication.primaryScreen().availableGeometry()
found = []


def scrolls(widget):
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QAbstractScrollArea):
            return True
        around = around.parentWidget()
    return False


def look(state, window):
    let_work(0.3)
    if pictures:
        window.grab().save(f"{pictures}/{state}.png")
    if not screen.adjusted(0, 0, 1, 1).contains(window.frameGeometry()):  # the scale leaves part of a pixel
        found.append((state, "window", window.objectName(), str(window.frameGeometry())))
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window or isinstance(widget, QDialog):
            continue
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if not scrolls(widget) and not window.rect().contains(place):
            found.append((state, "outside", widget.objectName() or type(widget).__name__, str(place)))
        if isinstance(widget, QScrollArea) and widget.widget() and widget.widget().width() > widget.viewport().width():
            found.append((state, "wider than its page", widget.widget().objectName(), str(widget.widget().width())))
        if isinstance(widget, QPushButton | QRadioButton) and widget.width() < widget.minimumSizeHint().width():
            found.append((state, "clipped", widget.objectName(), widget.text()))
        if isinstance(widget, QFrame) and widget.property("look") == "card" and not scrolls(widget):
            needed = widget.layout().heightForWidth(widget.width()) if widget.layout().hasHeightForWidth() else 0
            if widget.height() < max(needed, widget.minimumSizeHint().height()):
                found.append((state, "cut", "card", str(widget.height())))
        if isinstance(widget, QLabel) and not widget.wordWrap() and widget.width() < widget.sizeHint().width():
            found.append((state, "clipped", widget.objectName(), widget.text()))
        if isinstance(widget, QLabel) and widget.wordWrap() and widget.height() < widget.heightForWidth(widget.width()):
            found.append((state, "cut", widget.objectName(), widget.text()[:60]))


look("start", app.window)
for state, key in (("sale", Qt.Key.Key_F3), ("history", Qt.Key.Key_F4), ("settings", Qt.Key.Key_F9)):
    cashier.press(key)
    look(state, app.window)
cashier.press(Qt.Key.Key_F3)
for field, text in (("saleItemName", "Vestido"), ("saleItemPrice", "99999900"), ("saleDiscount", "99999900")):
    cashier.type(field, text)
    cashier.press(Qt.Key.Key_Return, field)
look("sale of items", app.window)
cashier.press(Qt.Key.Key_F1)
look("guide", cashier.find("userGuide"))
cashier.press(Qt.Key.Key_Escape, "userGuide")
for number in json.loads(os.environ["NUMBERS"]):
    cashier.look_up(number)
    name = number[:8]
    look(f"order {name}", app.window)
    for figure in ("orderTotal", "orderRefundable"):
        label = cashier.find(figure)
        if label.mapTo(app.window, QPoint(0, 0)).x() + label.width() > app.window.width():
            found.append((name, "out of sight", figure, ""))
    cashier.open_refund()
    look(f"refund {name}", app.window)
    cashier.type("refundValue", "99999999")
    look(f"refund too much {name}", app.window)
    cashier.close_refund()
    cashier.open_cancel()
    look(f"cancel {name}", app.window)
    cashier.press(Qt.Key.Key_Escape, "cancelDialog")
    let_work(0.3)
cashier.refund(state="review")
cashier.press(Qt.Key.Key_F4)
wait_until(lambda: cashier.find("historyDecide").isVisible(), "the button")
look("history of a review", app.window)
cashier.press(Qt.Key.Key_F8)
wait_until(lambda: app.window.findChild(QWidget, "reviewDialog") is not None, "the dialog")
look("review", app.window)
cashier.press(Qt.Key.Key_Escape, "reviewDialog")
cashier.ask_for("x" * 300)
cashier.wait_for_message("lookupMessage")
look("message", app.window)
app.stop()
print(json.dumps({"found": found, "screen": [screen.width(), screen.height()]}))
sys.stdout.flush()
os._exit(0)
"""

NUMBERS = ("W" * 99 + "7", "7b0c1d5e-9c5f-4f0a-8d3b-6a1f2e3d4c5b_0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f", "1001")


def opened(tmp_path: Path, url: str, language: str, scale: str, pictures: str = "") -> dict[str, Any]:
    """What the program says of its layout on a screen of 1366x768."""
    screens = tmp_path / "screens.json"
    screen = {"name": "s", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "dpr": 1}
    screens.write_text(json.dumps({"screens": [screen]}))
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
        "QT_SCALE_FACTOR": scale,
        "NUMBERS": json.dumps(NUMBERS),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), url, language, pictures],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("language", ["pt_BR", "en"])
@pytest.mark.parametrize("scale", [("1", [1366, 768]), ("1.25", [1093, 614])])
def test_every_page_and_dialog_fits_the_screen(
    server: TrainingServer, credentials: None, tmp_path: Path, language: str, scale: tuple[str, list[int]]
) -> None:
    add_long_orders(server)
    told = opened(tmp_path, server.url, language, scale[0])
    assert told["screen"] == scale[1]
    assert told["found"] == []


def add_long_orders(server: TrainingServer) -> None:
    """A refund that needs a decision; the longest order numbers, and a customer of 300 letters with eight items."""
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    usual = server.service._orders["1001"]
    server.service._customers[usual.customer_id].name = "Wilhelmina" * 30
    for number in NUMBERS[:2]:
        order = server.service._orders[number] = copy.deepcopy(usual)
        order.original_id = number
        order.items = [Item(f"P{row}", "Camiseta de algodão orgânico " * 4, 1000) for row in range(8)]
