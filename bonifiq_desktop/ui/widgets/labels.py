"""Labels and cards.

Loaded before the first paint. PySide creates the enums of a class at its first use: for `Qt` this takes as long as the
whole first paint. So such classes are imported no earlier than they are used.
"""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.long_words import breakable, shortened

__all__ = ["UntrustedLabel", "breakable", "card", "label", "set_invalid", "shortened", "tooltip"]

_PLAIN_TEXT = 0  # Qt.TextFormat.PlainText


def label(text: str, look: str = "", name: str = "") -> QLabel:
    """A label of plain text, in one of the style sheet's looks."""
    made = QLabel(text)
    made.setProperty("textFormat", _PLAIN_TEXT)
    if look:
        made.setProperty("look", look)
    if name:
        made.setObjectName(name)
    return made


class UntrustedLabel(QLabel):
    """A label for text from outside: long words wrap, and text beyond `max_length` is left to the tooltip.

    `text()` is the full text.
    """

    def __init__(self, look: str = "", name: str = "", max_length: int = 1000, text: str = "") -> None:
        super().__init__()
        self._full_text = ""
        self._most = max_length
        self.setProperty("textFormat", _PLAIN_TEXT)
        self.setProperty("look", look)
        self.setObjectName(name)
        self.setWordWrap(True)
        if text:
            self.setText(text)

    def setText(self, text: str) -> None:
        self._full_text = text
        is_cut = len(text) > self._most
        super().setText(breakable(f"{text[: self._most]}…" if is_cut else text))
        self.setToolTip(tooltip(text if is_cut else ""))
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._full_text


def tooltip(text: str) -> str:
    """Escape a tooltip's text, because Qt takes some texts for HTML."""
    from html import escape

    return f"<span>{escape(text)}</span>" if text else ""


def card(name: str = "") -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("look", "card")
    if name:
        frame.setObjectName(name)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(px(16), px(12), px(16), px(12))
    layout.setSpacing(px(8))
    return frame, layout


def set_invalid(field: QWidget, *, wrong: bool) -> None:
    set_variant(field, wrong="true" if wrong else "false")
