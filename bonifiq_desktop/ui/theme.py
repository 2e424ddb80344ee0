"""Colours, sizes and icons of the window, from `resources/styles` and `resources/icons`.

`tokens.json` holds three sets of colours (light, dark, contrast) and the sizes at 100 %. The style sheet is
`window.qss` followed by one file per concern. A sheet, a delegate and an icon name a token; the value comes from here.
Loaded before the window is painted: see `widgets/labels.py` on PySide's `Qt` class.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QWidget

from bonifiq_desktop.storage.paths import resource

LOOKS = ("light", "dark", "contrast")
FIRST_SHEETS = ("window", "frame", "lookup")
"""What the first paint needs; `AppearanceControl` applies all of them, before the other pages are made."""
SHEETS = (*FIRST_SHEETS, "refund", "sale", "history", "settings", "access", "printing")

_BODY, _ICON, _ICON_GAP = 15, 20, 4  # pixels at 100 %
_GRID = 24  # the icons' own units
_MID_LIGHTNESS = 128  # of 255
_TOKEN = re.compile(r"@(\w+)")
SHEET_ICONS = {"sheet-arrow": ("chevron-down", "text"), "sheet-tick": ("check", "onAccent")}
"""Icons that the sheet names: it takes files alone, so each look has its own copy in the colour of a token."""
_ROLES = {
    "bg": (QPalette.ColorRole.Window,),
    "surface": (QPalette.ColorRole.Base, QPalette.ColorRole.Button, QPalette.ColorRole.ToolTipBase),
    "surface2": (QPalette.ColorRole.AlternateBase,),
    "text": (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
        QPalette.ColorRole.ToolTipText,
        QPalette.ColorRole.HighlightedText,
    ),
    "text2": (QPalette.ColorRole.PlaceholderText,),
    "accentSoft": (QPalette.ColorRole.Highlight,),
    "accent": (QPalette.ColorRole.Link,),
}


@dataclass
class _Current:
    look: str = LOOKS[0]
    scale: int = 100
    system: str = ""  # the look of the palette that the system gave


_current = _Current()


@cache
def _tokens() -> dict[str, Any]:
    tokens: dict[str, Any] = json.loads(resource("styles/tokens.json").read_text(encoding="utf-8"))
    return tokens


def look() -> str:
    return _current.look


def scale() -> int:
    """The chosen size in per cent."""
    return _current.scale


def color(token: str) -> QColor:
    """A colour of the current set."""
    return QColor(_tokens()[look()][token])


def paper_color(token: str) -> QColor:
    """A colour of the light set, for paper."""
    return QColor(_tokens()["light"][token])


def px(pixels: float) -> int:
    """Pixels in the chosen size."""
    return round(pixels * scale() / 100)


def stroke() -> int:
    """Width of an outline in pixels."""
    return int(_tokens()["strokes"][look()][0])


def font(pixels: int, *, bold: bool = False) -> QFont:
    """The window's font in a size of the type scale, for delegates and painted parts."""
    return font_of_dots(px(pixels), bold=bold)


def font_of_dots(dots: int, *, bold: bool = False) -> QFont:
    """The window's font in the dots of another surface, such as a printed page."""
    made = QFont(QApplication.font())
    made.setPixelSize(dots)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def values() -> dict[str, str]:
    """What each token stands for in the style sheet, in the current look and size."""
    tokens = _tokens()
    thin, thick = tokens["strokes"][look()]
    return {
        **tokens[look()],
        **{name: f"{px(size)}px" for name, size in tokens["sizes"].items()},
        **{name: f"{size}px" for name, size in tokens["fixed"].items()},
        "stroke": f"{thin}px",
        "strokeFocus": f"{thick}px",
    }


def system_look() -> str:
    """The system's look by the palette that it gave, which `apply_style` replaces."""
    if not _current.system:
        is_dark = QGuiApplication.palette().window().color().lightness() < _MID_LIGHTNESS
        _current.system = "dark" if is_dark else "light"
    return _current.system


def asked_look() -> str:
    """The look that the system asks for; unlike `system_look` it costs PySide's `Qt` class."""
    from PySide6.QtCore import Qt

    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", lambda: None)()  # Qt 6.10
    if accessibility is not None and accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast:
        return "contrast"
    if hints.colorScheme() is Qt.ColorScheme.Unknown:
        return system_look()
    return "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"


def set_font(app: QApplication) -> None:
    """Use the system's letters in the chosen size, with figures of one width."""
    made = app.font()
    made.setPixelSize(px(_BODY))
    made.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(made)


def set_size(scale: int) -> None:
    """Set the size in per cent. Widgets take their margins from it when they are made, so it comes before them."""
    if scale == _current.scale:
        return
    _current.scale = scale
    app = QApplication.instance()
    if isinstance(app, QApplication):
        set_font(app)


def apply_style(window: QMainWindow, look: str, scale: int = 100, sheets: tuple[str, ...] = SHEETS) -> None:
    """Set the palette, the font, and the style sheet of a window and its dialogs.

    The sheet belongs to the window, not to the application. An application's sheet is applied again to each widget
    that gets a new parent, which took most of the start.
    """
    set_size(scale)
    _current.look = look
    _pixmap.cache_clear()
    palette = QPalette()
    for token, roles in _ROLES.items():
        for role in roles:
            palette.setColor(role, color(token))
    QGuiApplication.setPalette(palette)
    is_restyled = bool(window.styleSheet())
    window.setStyleSheet(_style_sheet(sheets))
    if is_restyled:
        for button in window.findChildren(QAbstractButton):
            if button.property("iconName"):
                set_icon(button, button.property("iconName"), button.property("iconToken"))


def _style_sheet(names: tuple[str, ...]) -> str:
    sheets = [resource(f"styles/{name}.qss").read_text(encoding="utf-8") for name in names]
    icons = {name.replace("-", "_"): resource(f"icons/{name}-{look()}.svg").as_posix() for name in SHEET_ICONS}
    known = values() | icons
    return _TOKEN.sub(lambda match: known[match[1]], "\n".join(sheets))


def set_variant(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties that the style sheet selects by, and apply the sheet again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return  # applying the sheet is slow
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


# --- icons


def icon(name: str, colour: str = "text", pixels: int = _ICON, gap: int = 0) -> QIcon:
    """An icon of `resources/icons` in the colour of a token, and in that of `disabled`; `gap`: room at its right."""
    made = QIcon(pixmap(name, colour, pixels, gap))
    made.addPixmap(pixmap(name, "disabled", pixels, gap), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, colour: str = "text", pixels: int = _ICON, gap: int = 0) -> QPixmap:
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(name, color(colour).name(), px(pixels), px(gap), ratio)


@cache
def _pixmap(name: str, ink: str, pixels: int, gap: int, ratio: float) -> QPixmap:
    drawing = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", ink)
    width, height = round((pixels + gap) * ratio), round(pixels * ratio)
    frame = f'width="{width}" height="{height}" viewBox="0 0 {_GRID * width / height:.3f} {_GRID}"'
    made = QPixmap()
    made.loadFromData(drawing.replace(f'viewBox="0 0 {_GRID} {_GRID}"', frame, 1).encode(), "svg")
    made.setDevicePixelRatio(ratio)
    return made


def set_icon(button: QAbstractButton, name: str, token: str) -> None:
    """Set a button's icon; a change of the look draws it again."""
    button.setProperty("iconName", name)
    button.setProperty("iconToken", token)
    button.setIcon(icon(name, token, gap=_ICON_GAP if button.text() else 0))
    button.setIconSize(QSize(px(_ICON) + (px(_ICON_GAP) if button.text() else 0), px(_ICON)))
