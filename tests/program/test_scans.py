"""A scanner at the wrong moment: the field under it is as it was, and the order is looked up from any screen."""

import gc
import time
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QWidget,
)

from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.access.person_tiles import PersonTiles
from bonifiq_desktop.ui.widgets import scan_guard
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.server_requests import looked_up_orders
from tests.support.staff import ANA
from tests.support.staff_actions import audit_log_entries, dialog_is_open, open_settings, type_pin

KEY = "35260911222333000181650010000001231000001233"
"""The key of a fiscal receipt."""


def scan(
    code: str, *, end: Qt.Key = Qt.Key.Key_Return, into: Callable[[], QWidget | None] = QApplication.focusWidget
) -> None:
    """A scanner types a code, 4 ms a key by the events' own time, into what has the focus."""
    let_work(0.06)
    now = int(time.monotonic() * 1000)
    for at, (key, text) in enumerate([*((Qt.Key(ord(sign)), sign) for sign in code), (end, "\r")]):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            target = into()
            assert target is not None
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            event.setTimestamp(now + 4 * at)
            QApplication.sendEvent(target, event)
    let_work(0.08)


def card_shows(cashier: Cashier, order_id: str) -> Callable[[], bool]:
    """Whether the card of an order is in sight."""
    card = cashier.find("orderCard")
    return lambda: card.isVisible() and card.property("orderId") == order_id


@pytest.mark.parametrize("end", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
@pytest.mark.parametrize("code", ["1002", "7891000315507"])
def test_scan_into_the_refund_value_keeps_it_and_is_looked_up(
    cashier: Cashier, server: TrainingServer, code: str, end: Qt.Key
) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "4990")
    scan(code, end=end)
    assert cashier.text("refundValue") == "49,90"
    wait_until(lambda: looked_up_orders(server)[-1:] == [code], "the look-up")
    assert dialog_is_open(cashier, "scanDialog")
    assert "guardada" in cashier.text("scanRest")
    let_work(0.2)
    QTest.keyClick(cashier.find("scanGo"), Qt.Key.Key_Return)
    if code == "1002":
        wait_until(card_shows(cashier, code), "its card")
    else:
        cashier.wait_for_message("lookupMessage")
    assert not dialog_is_open(cashier, "refundDialog")
    assert server.service.applied == []
    cashier.look_up("1001")
    cashier.open_refund()
    wait_until(lambda: cashier.text("refundValue") == "49,90", "the kept draft")


def test_declined_scan_keeps_the_refund_with_its_ticks(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.tick(0)
    value = cashier.text("refundValue")
    assert value
    for field in ("refundValue", "refundItems", "refundReason", "refundConfirm"):
        cashier.find(field).setFocus()
        scan("1002")
        wait_until(lambda: dialog_is_open(cashier, "scanDialog"), "the question")
        let_work(0.2)
        QTest.keyClick(cashier.find("scanDialog"), Qt.Key.Key_Escape)
        wait_until(lambda: not dialog_is_open(cashier, "scanDialog"), "the question to go")
        assert (cashier.text("refundValue"), cashier.item_value(0)) == (value, value), field
        assert cashier.find("refundItems").ticked_rows() == [0], field
        assert cashier.find("refundReason").reason() == "Cliente devolveu o produto", field
        assert cashier.find("refundConfirm").isEnabled(), field
        assert not cashier.find("refundMessage").isVisible(), field
    assert server.service.applied == []


def test_scan_closes_a_dialog_without_unsaved_input(cashier: Cashier, server: TrainingServer) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    scan("1002")
    wait_until(card_shows(cashier, "1002"), "the card")
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    scan("1002")
    wait_until(card_shows(cashier, "1002"), "the card")
    assert not cashier.window.findChildren(QDialog)
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_second_scan_replaces_the_code_in_question(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_cancel()
    scan("1003")
    scan("1002")
    wait_until(lambda: "1002" in cashier.text("scanFound"), "the order")
    assert len(cashier.window.findChildren(QDialog, "scanDialog")) == 1
    let_work(0.2)
    QTest.keyClick(cashier.find("scanGo"), Qt.Key.Key_Return)
    wait_until(card_shows(cashier, "1002"), "the card")
    assert not cashier.window.findChildren(QDialog)


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F9])
def test_scan_on_any_page_is_looked_up(cashier: Cashier, key: Qt.Key) -> None:
    cashier.press(key)
    scan("1002")
    wait_until(card_shows(cashier, "1002"), "the card")


def test_scan_after_a_typed_number_is_looked_up_alone(cashier: Cashier, server: TrainingServer) -> None:
    cashier.press(Qt.Key.Key_F2)
    cashier.type("lookupField", "10")
    scan("1002")
    wait_until(card_shows(cashier, "1002"), "the card")
    assert looked_up_orders(server) == ["1002"]
    assert cashier.text("lookupField") == "1002"


@pytest.mark.parametrize("screen", [Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F9])
def test_scan_stays_in_no_field_of_any_page(cashier: Cashier, screen: Qt.Key) -> None:
    gc.collect()  # PySide finds a new widget by the wrapper of a deleted one that had the same address
    cashier.fill_sale()
    cashier.press(screen)
    let_work(0.5)
    page = cashier.window.pages.currentWidget()
    assert page is not None

    def fields() -> dict[str, QWidget]:  # by name, because a page may make them anew
        return {
            field.objectName(): field
            for kind in (QLineEdit, QComboBox, QPlainTextEdit)
            for field in page.findChildren(kind)
            if field.isEnabled()
            and field.objectName()
            and field.focusPolicy() != Qt.FocusPolicy.NoFocus
            and field.property(TAKES_SCAN) is not True
        }

    def find(name: str) -> QWidget:
        return fields()[name]

    assert fields()
    for name in fields():
        cashier.press(screen)
        let_work(0.1)
        before = {each: _text_of(field) for each, field in fields().items()}
        fields()[name].setFocus()
        scan("1002", into=partial(find, name))
        after = {each: _text_of(field) for each, field in fields().items() if each in before}
        assert after == before, name


@pytest.mark.parametrize(
    ("name", "code"), [("saleItemCode", "7891000315507"), ("saleMetadataValue", KEY), ("saleCoupon", "VIP10")]
)
def test_scan_stays_in_code_fields_of_the_sale(cashier: Cashier, server: TrainingServer, name: str, code: str) -> None:
    cashier.press(Qt.Key.Key_F3)
    cashier.find(name).setFocus()
    scan(code)
    assert cashier.text(name) == code
    let_work(0.2)
    assert looked_up_orders(server) == []
    assert cashier.find("saleDocument").isVisible()


def test_scan_keeps_the_autofilled_customer(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleDocument", "529.982.247-25")
    cashier.press(Qt.Key.Key_Return, "saleDocument")
    wait_until(lambda: "@" in cashier.text("saleEmail"), "the customer")
    before = [cashier.text(name) for name in ("saleDocument", "saleName", "saleEmail", "salePhone")]
    cashier.find("saleDocument").setFocus()
    scan("1002")
    assert [cashier.text(name) for name in ("saleDocument", "saleName", "saleEmail", "salePhone")] == before
    wait_until(card_shows(cashier, "1002"), "the card")


def test_scan_in_a_locked_window_is_no_look_up_and_no_pin_attempt(staffed: Cashier, server: TrainingServer) -> None:
    QTest.keyClick(staffed.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: staffed.is_shown("lockPin"), "the lock")
    tiles = staffed.find("lockName", PersonTiles)
    for chosen in ("Bia", ""):
        tiles.choose(chosen)
        for field in (staffed.find("lockPin"), *tiles.findChildren(QPushButton), staffed.find("lockForgot")):
            field.setFocus()
            scan("1002")
            assert tiles.current() == chosen, field.objectName()
            assert staffed.text("lockPin") == ""
            wait_until(lambda: staffed.is_shown("toast"), f"the answer to a scan into {field.objectName()}")
            assert "Leitura ignorada" in staffed.find("toast").text(), field.objectName()
            staffed.find("toast").close_toast()
            let_work(0.02)
    assert looked_up_orders(server) == []
    assert ("pin", "refused") not in audit_log_entries(staffed)


def test_scan_into_the_managers_pin_is_discarded(managed: Cashier, server: TrainingServer) -> None:
    managed.look_up("1001")
    managed.open_cancel()
    managed.press(Qt.Key.Key_Return, "cancelConfirm")
    wait_until(lambda: dialog_is_open(managed, "approvalDialog"), "the question for the manager")
    managed.find("approvalPin").setFocus()
    scan("1002")
    assert managed.text("approvalPin") == ""
    assert managed.find("toast").text() == "Leitura ignorada: este campo é digitado."
    assert looked_up_orders(server) == ["1001"]
    assert ("pin", "refused") not in audit_log_entries(managed)
    type_pin(managed, "approvalPin", ANA.pin)
    managed.wait_for_state("cancelOutcome", "confirmed")


def test_wheel_over_any_field_changes_nothing(cashier: Cashier) -> None:
    seen = 0
    for screen in (Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F9):
        cashier.press(screen)
        let_work(0.1)
        seen += turn_wheel_over_fields(cashier)
    sections = cashier.find("settingsSections")
    for _section in range(sections.count() - 1):
        QTest.keyClick(sections, Qt.Key.Key_Down)
        let_work(0.05)
        seen += turn_wheel_over_fields(cashier)
    assert seen >= 5


def turn_wheel_over_fields(cashier: Cashier) -> int:
    """Turn the wheel over each visible field; returns their number."""
    seen = 0
    for kind in (QComboBox, QAbstractSpinBox, QAbstractSlider, QTabBar):
        for field in cashier.window.findChildren(kind):
            if not field.isVisible() or isinstance(field, QScrollBar):
                continue
            for scroll in _scroll_areas(field):
                scroll.ensureWidgetVisible(field)
            if isinstance(field, QComboBox):
                with QSignalBlocker(field):
                    field.setCurrentIndex(min(1, field.count() - 1))
            value = field.metaObject().userProperty()
            before = (value.read(field), getattr(field, "currentIndex", int)())
            place = QPointF(field.mapTo(cashier.window, QPoint(8, 8)))
            for step in (-120, 240, 120):
                QTest.wheelEvent(cashier.window.windowHandle(), place, QPoint(0, step))
                assert (value.read(field), getattr(field, "currentIndex", int)()) == before, field.objectName()
            seen += 1
    return seen


def _scroll_areas(field: QWidget) -> list[QScrollArea]:
    found: list[QScrollArea] = []
    around = field.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            found.append(around)
        around = around.parentWidget()
    return found


def _text_of(field: QWidget) -> str:
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else str(field.property("text"))


def test_scan_without_time_stamps_on_a_busy_pc_is_one_code(
    cashier: Cashier, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_settings(cashier, "till")
    field = cashier.find("settingsTill")
    wait_until(field.text, "the settings")
    field.setFocus()
    before = field.text()
    let_work(0.1)
    now = 1000.0
    monkeypatch.setattr(scan_guard, "monotonic", lambda: now)
    for place, sign in enumerate("7891000315507"):
        now += 0.045 if place == 7 else 0.004
        QTest.keyClicks(field, sign, Qt.KeyboardModifier.NoModifier, 1)
    now += 0.004
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, 1)
    wait_until(lambda: looked_up_orders(server) == ["7891000315507"], "the look-up")
    assert field.text() == before


@pytest.mark.parametrize("pauses", [(60,), (70, 120), (40, 50), (4, 4, 60, 4)])
def test_typing_is_no_scan(cashier: Cashier, server: TrainingServer, pauses: tuple[int, ...]) -> None:
    open_settings(cashier, "till")
    field = cashier.find("settingsTill")
    wait_until(field.text, "the settings")
    field.setFocus()
    field.clear()
    let_work(0.1)
    for place, sign in enumerate("CAIXA2"):
        QTest.keyClicks(field, sign, Qt.KeyboardModifier.NoModifier, pauses[place % len(pauses)])
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, max(pauses))
    let_work(0.2)
    assert field.text() == "CAIXA2"
    assert looked_up_orders(server) == []
