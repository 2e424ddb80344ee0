"""Colours and sizes: Fusion with our own palette, light or dark as the system says, from `resources/styles`."""

import json
import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from bonifiq_desktop.config.paths import resource

_POINT_SIZE = 11
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


def apply_theme(app: QApplication) -> None:
    """Dress the program, and again whenever the system changes between light and dark."""
    app.setStyle("Fusion")
    font = app.font()
    font.setPointSize(_POINT_SIZE)
    app.setFont(font)
    hints = app.styleHints()
    dress(app, hints.colorScheme())
    hints.colorSchemeChanged.connect(lambda scheme: dress(app, scheme))


def dress(app: QApplication, scheme: Qt.ColorScheme) -> None:
    """Dress the program light or dark."""
    name = "dark" if scheme == Qt.ColorScheme.Dark else "light"
    colours: dict[str, str] = json.loads(resource(f"styles/{name}.json").read_text(encoding="utf-8"))
    palette = QPalette()
    for colour, role in _ROLES.items():
        palette.setColor(role, QColor(colours[colour]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.ToolTipText):
        palette.setColor(role, QColor(colours["text"]))
    palette.setColor(QPalette.ColorRole.ToolTipBase, QColor(colours["card"]))
    app.setPalette(palette)
    sheet = resource("styles/window.qss").read_text(encoding="utf-8")
    icons = {icon: resource(f"icons/{icon}-{name}.svg").as_posix() for icon in ("arrow", "box", "box_ticked")}
    values = colours | icons
    app.setStyleSheet(re.sub(r"@(\w+)", lambda match: values[match[1]], sheet))


def set_look(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties that the style sheet looks at, and have it look again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return  # to look again takes long
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
