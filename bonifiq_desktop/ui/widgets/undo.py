"""Undo of a burst of keys in a field: its value, cursor and selection, and the form around it.

A form whose other fields follow the typed one has its own `snapshot()`, as `MoneyField` and `RefundPage` do.
"""

from collections.abc import Callable

from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QWidget

Restore = Callable[[], None]


def snapshot(widget: QWidget) -> Restore:
    """Remember a widget and the forms around it; the returned call restores them."""
    steps: list[Restore] = []
    around: QWidget | None = widget
    while around is not None:
        steps += _steps(around)
        around = around.parentWidget()
    if isinstance(widget, QLineEdit):
        steps.append(_cursor(widget))  # last, because setting a text moves the cursor

    def go() -> None:
        for step in steps:
            step()

    return go


def _steps(widget: QWidget) -> list[Restore]:
    own: Callable[[], Restore] | None = getattr(widget, "snapshot", None)
    if own is not None:
        return [own()]
    if isinstance(widget, QLineEdit):
        return [_line(widget)]
    if isinstance(widget, QComboBox):
        return [_choice(widget)]
    if isinstance(widget, QPlainTextEdit):
        return [_text(widget)]
    if isinstance(widget, QAbstractItemView):
        return [_row(widget)]
    value = widget.metaObject().userProperty()
    return [_property(widget)] if value.isValid() and value.isWritable() else []


def _line(field: QLineEdit) -> Restore:
    before = field.text()

    def back() -> None:
        if field.text() != before:
            field.setText(before)
            field.textEdited.emit(before)  # slots of textEdited follow this change, too

    return back


def _cursor(field: QLineEdit) -> Restore:
    cursor, start, length = field.cursorPosition(), field.selectionStart(), len(field.selectedText())

    def back() -> None:
        if start < 0:
            field.setCursorPosition(cursor)
        elif cursor == start:
            field.setSelection(start + length, -length)
        else:
            field.setSelection(start, length)

    return back


def _choice(box: QComboBox) -> Restore:
    index, text, line = box.currentIndex(), box.currentText(), box.lineEdit()
    cursor = None if line is None else _cursor(line)

    def back() -> None:
        if box.view().isVisible():
            box.hidePopup()
        if box.currentIndex() != index:
            box.setCurrentIndex(index)
        if box.isEditable() and box.currentText() != text:
            box.setEditText(text)
        if cursor is not None:
            cursor()

    return back


def _text(field: QPlainTextEdit) -> Restore:
    before, cursor = field.toPlainText(), field.textCursor()
    anchor, position = cursor.anchor(), cursor.position()

    def back() -> None:
        if field.toPlainText() == before:
            return
        field.setPlainText(before)
        again = field.textCursor()
        again.setPosition(anchor)
        again.setPosition(position, again.MoveMode.KeepAnchor)
        field.setTextCursor(again)

    return back


def _row(view: QAbstractItemView) -> Restore:
    row = QPersistentModelIndex(view.currentIndex())  # letters typed in a list select a row

    def back() -> None:
        if view.currentIndex() != row:
            view.setCurrentIndex(view.model().index(row.row(), row.column()))

    return back


def _property(widget: QWidget) -> Restore:
    """The user property of spin boxes, date fields and check boxes."""
    value = widget.metaObject().userProperty()
    before = value.read(widget)

    def back() -> None:
        if value.read(widget) != before:
            value.write(widget, before)

    return back
