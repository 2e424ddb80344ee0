"""Colours and sizes: Fusion with our own palette, light or dark as the system says, from `resources/styles`.

Loaded before the window is painted: see `widgets/parts.py` on PySide's `Qt` class.
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
    """Letters that can be read from a metre away."""
    font = app.font()
    font.setPointSize(_POINT_SIZE)
    app.setFont(font)


def system_palette_is_dark() -> bool:
    """Whether the system's own colours are dark ones, before `dress` has set ours."""
    return QGuiApplication.palette().window().color().lightness() < _MID_LIGHTNESS


def is_dark() -> bool:
    """Whether the system asks for dark colours."""
    from PySide6.QtCore import Qt

    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def apply_style(window: QMainWindow, *, dark: bool) -> None:
    """Dress a window, and all that is opened from it, light or dark.

    The sheet is the window's and not the whole program's: under the latter every widget is dressed again each time
    that a part it stands in is put into another one, which took most of the start.
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
    """Set dynamic properties that the style sheet looks at, and have it look again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return  # to look again takes long
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
