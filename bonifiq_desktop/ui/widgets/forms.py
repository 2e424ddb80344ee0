"""Fields of a form, and their captions at the left."""

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from bonifiq_desktop.ui.widgets.parts import label


def line(name: str) -> QLineEdit:
    """A field for one line."""
    field = QLineEdit()
    field.setObjectName(name)
    return field


def text_list(name: str) -> QPlainTextEdit:
    """A field for a list, one entry per line."""
    field = QPlainTextEdit()
    field.setObjectName(name)
    field.setTabChangesFocus(True)
    field.setMinimumHeight(90)
    return field


def lines_of(field: QPlainTextEdit) -> tuple[str, ...]:
    """The entries of such a list, tidied."""
    return tuple(entry.strip() for entry in field.toPlainText().splitlines() if entry.strip())


def choice(name: str, entries: list[tuple[str, str]]) -> QComboBox:
    """A box to choose from: (what is shown, what it means)."""
    box = QComboBox()
    box.setObjectName(name)
    for text, value in entries:
        box.addItem(text, value)
    return box


def captioned(*entries: tuple[str, QWidget]) -> QGridLayout:
    """Names at the left, fields at the right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    for row, (name, field) in enumerate(entries):
        caption = label(name, "muted")
        caption.setBuddy(field)
        field.setAccessibleName(name)
        grid.addWidget(caption, row, 0)
        grid.addWidget(field, row, 1)
    grid.setColumnStretch(1, 1)
    return grid
