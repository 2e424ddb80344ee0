"""Touch: whatever a finger presses is 44 pixels wide and high, on every page and sheet."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from tests.support.cashier import Cashier, let_work

TARGET = 44
"""Pixels at 100 %; see Microsoft's guidelines for touch targets."""
_NOT_TOUCHED = {"orderProducts", "dayRefundsByReason", "dayRefundsByPerson", "dayLoyalty", "pendingOpen"}
"""Lists without actions, and the line at the foot of a low window: F4 leads to the same list."""
_TOUCHED = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit)


def too_small(window: QWidget) -> Iterator[str]:
    """Yield the controls on the screen that a finger misses."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.objectName().startswith("qt_") or widget.objectName() in _NOT_TOUCHED:
            continue
        if isinstance(widget, _TOUCHED) and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox):
            if widget.height() < TARGET or widget.width() < TARGET:
                yield f"{widget.objectName() or type(widget).__name__} {widget.width()}x{widget.height()}"
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None and widget.model().rowCount():
            height = widget.visualRect(widget.model().index(0, 0)).height()
            if 0 < height < TARGET and widget.selectionMode() != QAbstractItemView.SelectionMode.NoSelection:
                yield f"rows of {widget.objectName()} {height}"


def test_touch_targets_of_every_page_are_large_enough(cashier: Cashier) -> None:
    found: dict[str, set[str]] = {}

    def look(state: str) -> None:
        let_work(0.2)
        for target in too_small(cashier.window):
            found.setdefault(target, set()).add(state)

    look("start")
    cashier.look_up("1001")
    look("order")
    cashier.open_refund()
    look("refund")
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    look("refund outcome")
    cashier.close_refund()
    cashier.open_cancel()
    look("whole cancel")
    cashier.press(Qt.Key.Key_Escape, "cancelDialog")
    pages = {"sale": Qt.Key.Key_F3, "history": Qt.Key.Key_F4, "day": Qt.Key.Key_F10, "settings": Qt.Key.Key_F9}
    for state, key in pages.items():
        cashier.press(key)
        look(state)
    assert sorted(found) == []
