"""`tour`: drive the real window through the main job against the training server, with a picture of each step.

Each step waits for what a cashier would see. The last one compares the result with the server's changes. A tour that
returns 0 has looked up, refunded, sold without and with a reward, returned in two systems, and recovered from lost
answers.
"""

import json
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTableView, QWidget

from bonifiq_desktop.app import AlreadyRunning, App, FolderUsedByOtherPc
from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import ALREADY_RUNNING, DONE, FAILED, OPEN_ALREADY, USAGE_ERROR, CommandFailed
from bonifiq_desktop.cli.window import has_display, used_by_other_pc
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, credentials_from_environment
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.widgets.key_strip import press_key

_STEP_TIMEOUT = float(os.environ.get("BONIFIQ_TOUR_PATIENCE", "30"))  # seconds that a step may take
_LAYOUT_TURNS = 10
_SETTLE_SECONDS = 0.12  # seconds for the window to settle
_ORDER = "1001"
_DOCUMENT = "529.982.247-25"
_SALES = 2  # the second one with a reward
_ITEM, _TYPED, _LAST_ITEM = Decimal("49.90"), Decimal("15.50"), Decimal("14.90")  # what the steps give back

W = TypeVar("W", bound=QWidget)


class TourError(Exception):
    """A step did not find what it expects."""


def run(arguments: Arguments) -> int:
    """Run the tour. Return 0 if every step passed and the server applied the same changes."""
    if arguments.api_url and credentials_from_environment() is None:
        raise CommandFailed(f"--api-url needs {TOKEN_VARIABLE} and {KEY_VARIABLE} in the environment", USAGE_ERROR)
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_print_qt_message)
    try:
        with tempfile.TemporaryDirectory(prefix="bonifiq-tour-") as temporary:
            return _take(arguments, Path(arguments.out), temporary)
    except AlreadyRunning as error:
        raise CommandFailed(OPEN_ALREADY, ALREADY_RUNNING) from error
    except FolderUsedByOtherPc as error:
        raise CommandFailed(f"{used_by_other_pc(error.other)} Nada foi aberto.") from error


def _take(arguments: Arguments, out: Path, temporary: str) -> int:
    out.mkdir(parents=True, exist_ok=True)
    arguments.training = True
    arguments.data_dir = arguments.data_dir or temporary
    arguments.language = arguments.language or LANGUAGES[0]
    app = App(arguments)
    app.finish()
    app.window.resize(*arguments.size)
    if arguments.dark:
        app.window.content.appearance.choose(look="dark")
    tour = Tour(app, out, arguments.api_url)
    try:
        tour.run_all_steps()
    except TourError as error:
        print(f"tour: step {tour.step}: {error}", file=sys.stderr)
        tour.picture("failed")
        return FAILED
    finally:
        app.stop()
    if tour.unexpected:
        print(f"tour: {tour.unexpected} unexpected error(s), see above", file=sys.stderr)
        return FAILED
    print(f"tour: {tour.pictures} pictures in {out}")
    return DONE


def _process_events() -> None:
    """Process window events, then let the worker run."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only an event loop that ends does it itself
    time.sleep(0.005)


def _print_qt_message(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
    # The offscreen platform prints this for every window.
    if text and "propagateSizeHints" not in text:
        print(text, file=sys.stderr)


class Tour:
    """A walk through the program. It finds widgets by object name and acts by keys, like a cashier."""

    def __init__(self, app: App, out: Path, api_url: str | None) -> None:
        self._app = app
        self._window = app.window
        self._out = out
        self._api_url = api_url
        self.step = "start"
        self.pictures = 0
        self.unexpected = 0
        sys.excepthook = self._count_unexpected

    def _count_unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.unexpected += 1
        traceback.print_exception(kind, error, trace)

    def run_all_steps(self) -> None:
        """Run all steps. Raises TourError at the first failure."""
        self._app.start()
        self._settle()
        if not self._api_url:
            self._wait("the training server", lambda: self._app.training_server is not None)
            self._wait("the practice orders", lambda: _ORDER in self._text("lookupHint"))
        self.picture("start")
        self._look_up()
        self._refund_one_item()
        self._refund_with_lost_answer()
        self._register_sale()
        self._sell_with_a_reward()
        if self._app.training_server is not None:
            self._return_in_two_systems()
        self._open_history()
        self._look_up_unknown_order()
        self._open_settings()
        self._compare_with_server()

    # --- steps

    def _look_up(self) -> None:
        self.step = "look up"
        self._show_order()
        self.picture("look-up")

    def _refund_one_item(self) -> None:
        self.step = "refund one item"
        self._open_refund()
        self._press(Qt.Key.Key_Space, "refundItems")
        self._settle()
        self.picture("refund")
        self._confirm_refund()
        self._wait_for_outcome("refundOutcome", "confirmed")
        self.picture("refund-done")
        self._close_refund()

    def _refund_with_lost_answer(self) -> None:
        self.step = "refund with a lost answer"
        # The first answer is lost, and the repeat is delayed so that the picture shows the wait.
        faults = [{"name": "lose_answer", "only": "refund"}, {"name": "delay", "only": "refund", "seconds": 1}]
        self._call_server("POST", "/training/faults", faults)
        self._open_refund()
        self._type("refundValue", "1550")
        self._confirm_refund()
        self._wait_for_outcome("refundOutcome", "unknown")
        self.picture("refund-being-confirmed")
        self._wait_for_outcome("refundOutcome", "confirmed")
        self.picture("refund-settled")
        self._close_refund()

    def _register_sale(self) -> None:
        self.step = "register a sale"
        self._press(Qt.Key.Key_F3)
        self._settle()
        for name, text in (
            ("saleDocument", _DOCUMENT),
            ("saleName", "Maria Aparecida dos Santos"),
            ("saleItemName", "Vestido midi"),
            ("saleItemPrice", "15990"),
        ):
            field = self._find(QLineEdit, name)
            if not field.text():
                self._type(name, text)
        # Typed in any case: a packaged program could lack the module that parses phone numbers.
        self._type("salePhone", "11 98765-4321")
        self._press(Qt.Key.Key_Return, "saleItemPrice")
        self._type("saleDiscount", "1000", Qt.Key.Key_Return)
        self.picture("sale")
        self._press(Qt.Key.Key_Return, "saleSubmit")
        self._wait_for_outcome("saleOutcome", "confirmed")
        self.picture("sale-done")

    def _sell_with_a_reward(self) -> None:
        self.step = "sell with a reward"
        self._press(Qt.Key.Key_F3)
        self._type("saleDocument", _DOCUMENT, Qt.Key.Key_Return)
        self._wait("the customer", self._find(QWidget, "saleCustomer").isVisible)
        self._type("saleTotal", "10000")
        button = self._find(QWidget, "saleRewardButton")
        self._wait("the rewards", lambda: button.isVisible() and button.isEnabled())
        self._press(Qt.Key.Key_F5)
        self._wait("the rewards to choose", lambda: self._window.findChild(QWidget, "rewardConfirm") is not None)
        self._settle()
        self.picture("sale-rewards")
        # The first answer is lost: the same key again redeems nothing twice.
        self._call_server("POST", "/training/faults", [{"name": "lose_answer", "only": "redeem"}])
        self._press(Qt.Key.Key_Return, "rewardConfirm")
        used = self._find(QWidget, "saleRewardState")
        self._wait("the used reward", lambda: used.isVisible() and used.property("tone") == "success")
        self.picture("sale-reward-used")
        self._press(Qt.Key.Key_Return, "saleSubmit")
        self._wait_for_outcome("saleOutcome", "confirmed")
        self.picture("sale-reward-done")

    def _return_in_two_systems(self) -> None:
        self.step = "return in two systems"
        server = self._app.training_server
        if server is None:
            return
        self._press(Qt.Key.Key_F2)
        self._show_order()
        server.mirakl.faults.add("lose_answer", only="refund")
        self._open_refund()
        self._press(Qt.Key.Key_Down, "refundItems")  # the last item
        self._press(Qt.Key.Key_Space, "refundItems")
        self._settle()
        self.picture("return-in-two-systems")
        self._confirm_refund()
        self._wait("the lost answer", lambda: self._legs() == {"mirakl": "unknown", "bonifiq": "queued"})
        self.picture("return-being-confirmed")
        self._wait("both systems", lambda: self._legs() == {"mirakl": "confirmed", "bonifiq": "confirmed"})
        self.picture("return-settled")
        self._close_refund()

    def _open_history(self) -> None:
        self.step = "history"
        self._press(Qt.Key.Key_F4)
        model = self._find(QTableView, "historyTable").model()
        self._wait("three operations", lambda: model.rowCount() >= 3)  # noqa: PLR2004
        self._wait("the details", lambda: bool(self._find(QWidget, "historyDetail").property("plainText")))
        self._settle()
        self.picture("history")

    def _look_up_unknown_order(self) -> None:
        self.step = "unknown order"
        self._press(Qt.Key.Key_F2)
        self._type("lookupField", "999999", Qt.Key.Key_Return)
        message = self._find(QWidget, "lookupMessage")
        self._wait("the sentence", lambda: message.property("tone") in {"warning", "danger"})
        self.picture("unknown-order")

    def _open_settings(self) -> None:
        self.step = "settings"
        self._press(Qt.Key.Key_F9)
        self._settle()
        self.picture("settings")

    def _compare_with_server(self) -> None:
        self.step = "compare with the server"
        state = self._call_server("GET", "/training/state")
        applied = [(row["kind"], row["value"]) for row in state["applied"]]
        server = self._app.training_server
        self._compare(
            "BonifiQ",
            [Decimal(value) for kind, value in applied if kind == "refund"],
            [_ITEM, _TYPED] if server is None else [_ITEM, _TYPED, _LAST_ITEM],
        )
        if server is not None:
            self._compare("Marketplace", [entry.amount for entry in server.mirakl.service.applied], [_ITEM, _LAST_ITEM])
        used = [bool(row["order_id"]) and not row["is_canceled"] for row in state["redemptions"]]
        if sum(kind == "sale" for kind, _value in applied) != _SALES or used != [True]:
            raise TourError(f"the server applied: {applied}; rewards used: {used}")

    @staticmethod
    def _compare(name: str, applied: list[Decimal], expected: list[Decimal]) -> None:
        if sorted(applied) != sorted(expected):
            raise TourError(f"{name} applied these refunds: {applied}")

    # --- acting

    def _show_order(self) -> None:
        """Look the order up. A card that is hidden may still be the one of before."""
        self._type("lookupField", _ORDER, Qt.Key.Key_Return)
        card = self._find(QWidget, "orderCard")
        self._wait("the order", lambda: card.isVisible() and card.property("orderId") == _ORDER, "lookupMessage")
        self._wait_for_systems()

    def _open_refund(self) -> None:
        button = self._find(QWidget, "refundButton")
        self._wait("the refund button", lambda: button.isEnabled() and button.isVisible())
        self._press(Qt.Key.Key_F6)
        self._wait("the refund page", lambda: self._window.findChild(QWidget, "refundDialog") is not None)
        self._settle()

    def _confirm_refund(self) -> None:
        confirm = self._find(QWidget, "refundConfirm")
        self._wait("the confirm button", confirm.isEnabled, "refundMessage")
        self._press(Qt.Key.Key_Return, "refundConfirm")

    def _close_refund(self) -> None:
        self._press(Qt.Key.Key_Return, "refundConfirm")
        self._wait("the closed page", lambda: self._window.findChild(QWidget, "refundDialog") is None)
        self._settle()

    def _type(self, name: str, text: str, then: Qt.Key | None = None) -> None:
        field = self._find(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = Qt.Key(ord(letter.upper()))
                QCoreApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))
        if then is not None:
            self._press(then, name)
        self._settle()

    def _press(self, key: Qt.Key, name: str | None = None) -> None:
        """Press a key in a field, or anywhere in the window. QtTest would do it, but does not travel in a package."""
        field = self._find(QWidget, name) if name else None
        if field is not None:
            field.setFocus()
        press_key(self._window, key, field)

    def _find(self, kind: type[W], name: str) -> W:
        found = self._window.findChild(kind, name)
        if found is None:
            raise TourError(f"there is no {name}")
        return found

    def _text(self, name: str) -> str:
        return str(getattr(self._find(QWidget, name), "text", str)())

    def _wait_for_outcome(self, name: str, state: str) -> None:
        outcome = self._find(QWidget, name)
        self._wait(f"{name} {state}", lambda: outcome.property("state") == state, name)

    def _wait_for_systems(self) -> None:
        """Wait until each connection has answered about the order."""
        rows = self._find(RowList, "orderProducts")
        self._wait("the other systems", lambda: not any(row.tone == "info" for row in rows.rows))

    def _legs(self) -> dict[str, str]:
        """The states of the return's legs, by system."""
        found = self._window.findChildren(QWidget, "legOutcome")
        return {str(each.property("system")): str(each.property("state")) for each in found if each.isVisible()}

    def _wait(self, what: str, seen: Callable[[], bool], message_in: str | None = None) -> None:
        end = time.monotonic() + _STEP_TIMEOUT
        while not seen():
            if time.monotonic() > end:
                said = f"; the window says: {self._text(message_in)}" if message_in else ""
                raise TourError(f"waited in vain for {what}{said}")
            _process_events()

    @staticmethod
    def _settle() -> None:
        end = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < end:
            _process_events()

    # --- pictures and the server's state

    def picture(self, name: str) -> None:
        """Save a picture of the window. Nested layouts need some turns until a new text has its room."""
        for _ in range(_LAYOUT_TURNS):
            _process_events()
        shot = self._window.grab()
        self.pictures += 1
        if not shot.save(str(self._out / f"{self.pictures:02}-{name}.png")):
            raise TourError(f"the picture {name} could not be saved")

    def _call_server(self, method: str, path: str, body: object = None) -> dict[str, list[dict[str, str]]]:
        import httpx

        server = self._app.training_server
        if server is not None:
            url, token, key = server.url, server.token, server.key
        else:
            url, token, key = self._api_url or "", os.environ[TOKEN_VARIABLE], os.environ[KEY_VARIABLE]
        answer = httpx.request(method, url + path, json=body, auth=(token, key), timeout=_STEP_TIMEOUT, trust_env=False)
        if not answer.is_success:
            raise TourError(f"{path} answered {answer.status_code}")
        data: dict[str, list[dict[str, str]]] = json.loads(answer.text, parse_float=Decimal)
        return data
