"""Frame that the small dialogs share: title, wrapped paragraphs, content, one row of buttons."""

from collections.abc import Callable

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui.widgets.labels import label


def paragraph(text: str, look: str = "", name: str = "") -> QLabel:
    made = label(text, look, name)
    made.setWordWrap(True)
    return made


def add_all(layout: QVBoxLayout, *content: QWidget | QLayout) -> None:
    for part in content:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)


def lay_out(
    widget: QWidget,
    *content: QWidget | QLayout,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    spacing: int | None = None,
) -> QVBoxLayout:
    """Lay content out in a widget, top down. `margins` (left, top, right, bottom) and `spacing` in pixels."""
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    add_all(layout, *content)
    return layout


def button_row(*left: QPushButton, right: tuple[QPushButton, ...] = ()) -> QHBoxLayout:
    """Lay buttons out at both ends of a row."""
    row = QHBoxLayout()
    for button in left:
        row.addWidget(button)
    row.addStretch(1)
    for button in right:
        row.addWidget(button)
    return row


def ask_where_to_save(
    parent: QWidget, name: str, heading: str, *, file_name: str, filters: dict[str, str], save: Callable[[str], None]
) -> None:
    """Open a dialog for a file below Documents. `filters`: label -> ending, the first is the default.

    `save` gets the chosen path; it must be a bound method of a widget, so that Qt drops it with the widget.
    """
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    dialog = QFileDialog(parent, heading, folder, ";;".join(filters))
    dialog.setObjectName(name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
    dialog.setDefaultSuffix(next(iter(filters.values())))
    dialog.selectFile(file_name)
    dialog.fileSelected.connect(save)
    dialog.open()
