"""Form fields and their captions."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QToolTip,
    QWidget,
)

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice import ListBox
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.scan_guard import TAKES_SCAN

_MAX_CAPTION = 40  # characters; a longer one takes several lines on a small screen
MAX_TEXT_LENGTH = 120
"""Default maximum of characters in a text field."""


def text_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    return field


def path_in(field: QLineEdit) -> str:
    """The path in a text field. One that was copied on Windows stands in quotes."""
    return field.text().strip().strip('"')


class _MaxLengthValidator(QValidator):
    """Refuses texts of more than `most` characters."""

    def __init__(self, most: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.most = most

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        too_long = len(text) > self.most
        return (QValidator.State.Invalid if too_long else QValidator.State.Acceptable), text, position


def limit_length(field: QLineEdit, max_length: int) -> None:
    """Refuse input beyond the maximum as a whole, with a tooltip.

    QLineEdit.maxLength cuts pasted text silently; what remains may be another person's name or address.
    """
    field.setValidator(_MaxLengthValidator(max_length, field))

    def show_hint() -> None:
        QApplication.beep()
        text = QCoreApplication.translate("forms", "Não coube: aqui vão até {0} letras. Nada foi colado nem cortado.")
        QToolTip.showText(field.mapToGlobal(QPoint(0, field.height())), text.format(max_length), field)

    field.inputRejected.connect(show_hint)


def limited_text_field(
    name: str,
    accessible: str = "",
    max_length: int = MAX_TEXT_LENGTH,
    *,
    hint: str = "",
    takes_scan: bool | str = False,
) -> QLineEdit:
    """A text field with a maximum of characters and a name for screen readers.

    `accessible`: empty where `captions_above` sets the caption's text. `hint`: shown while the field is empty.
    `takes_scan`: the value of the property `TAKES_SCAN`.
    """
    field = text_field(name)
    field.setAccessibleName(accessible)
    field.setPlaceholderText(hint)
    field.setProperty(TAKES_SCAN, takes_scan)
    limit_length(field, max_length)
    return field


def combo_box(name: str, entries: list[tuple[str, str]]) -> QComboBox:
    box = ListBox()
    box.setObjectName(name)
    for text, value in entries:
        box.addItem(text, value)
    return box


def editable_combo_box(name: str, accessible: str, hint: str = "") -> QComboBox:
    """An editable combo box; `set_entries` gives it its list. `hint`: shown while it is empty."""
    box = combo_box(name, [])
    box.setAccessibleName(accessible)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setMinimumContentsLength(10)
    field = box.lineEdit()
    if field is not None:
        field.setPlaceholderText(hint)
        field.setAccessibleName(accessible)
    return box


def set_entries(box: QComboBox, entries: Sequence[str]) -> None:
    """Set the list of an editable combo box; the current text stays."""
    chosen = box.currentText()
    box.blockSignals(True)
    box.clear()
    box.addItems(["", *entries])
    box.setCurrentText(chosen)
    box.blockSignals(False)


def captions_left(*entries: tuple[str, QWidget]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(8))
    for row, (name, field) in enumerate(entries):
        caption = label(name, "muted")
        if len(name) > _MAX_CAPTION:
            caption.setWordWrap(True)
            grid.setColumnStretch(0, 2)
        caption.setBuddy(field)
        field.setAccessibleName(name)
        grid.addWidget(caption, row, 0)
        grid.addWidget(field, row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def captions_above(*entries: tuple[str | QLabel, QWidget, int, int, int]) -> QGridLayout:
    """Captions above the fields: (caption, field, row, column, columns wide)."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(4))
    for name, field, row, column, span in entries:
        caption = label(name, "figureName") if isinstance(name, str) else name
        caption.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(caption.text())
        grid.addWidget(caption, row, column, 1, span)
        grid.addWidget(field, row + 1, column, 1, span)
    for column in {column for _name, _field, _row, column, _span in entries} | {1}:
        grid.setColumnStretch(column, 1)
    return grid
