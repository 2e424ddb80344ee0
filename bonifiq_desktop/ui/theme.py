"""Colours and sizes: Fusion with our own palette, light or dark as the system says, from `resources/styles`.

Loaded before the window is painted: see `widgets/labels.py` on PySide's `Qt` class.
"""

import json
import re

from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from bonifiq_desktop.storage.paths import resource

_POINT_SIZE = 11
_MID_LIGHTNESS = 128  # of 255
_ROLES = {
    "window": QPalette.ColorRole.Window,
    "text": QPalette.ColorRole.WindowText,
    "field": QPalette.ColorRole.Base,
    "stripe": QPalette.ColorRole.AlternateBase,
    "button": QPalette.ColorRole.Button,
    "muted": QPalette.ColorRole.PlaceholderText,
    "accent": QPalette.ColorRole.Highlight,
    "on_accent": QPalette.ColorRole.HighlightedText,
}


def set_font_size(app: QApplication) -> None:
    """Use letters that can be read from a metre away."""
    font = app.font()
    font.setPointSize(_POINT_SIZE)
    app.setFont(font)


def system_palette_is_dark() -> bool:
    """Whether the system's palette is dark. Valid until `apply_style` replaces that palette."""
    return QGuiApplication.palette().window().color().lightness() < _MID_LIGHTNESS


def is_dark() -> bool:
    """Whether the system asks for dark colours."""
    from PySide6.QtCore import Qt

    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def apply_style(window: QMainWindow, *, dark: bool) -> None:
    """Set the palette, and the style sheet of a window and its dialogs.

    The sheet belongs to the window, not to the application. An application's sheet is applied again to each widget
    that gets a new parent, which took most of the start.
    """
    name = "dark" if dark else "light"
    colours: dict[str, str] = json.loads(resource(f"styles/{name}.json").read_text(encoding="utf-8"))
    palette = QPalette()
    for colour, role in _ROLES.items():
        palette.setColor(role, QColor(colours[colour]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.ToolTipText):
        palette.setColor(role, QColor(colours["text"]))
    palette.setColor(QPalette.ColorRole.ToolTipBase, QColor(colours["card"]))
    QGuiApplication.setPalette(palette)
    sheet = resource("styles/window.qss").read_text(encoding="utf-8")
    icons = {icon: resource(f"icons/{icon}-{name}.svg").as_posix() for icon in ("arrow", "box", "box_ticked")}
    values = colours | icons
    window.setStyleSheet(re.sub(r"@(\w+)", lambda match: values[match[1]], sheet))


def set_variant(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties that the style sheet selects by, and apply the sheet again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return  # applying the sheet is slow
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
