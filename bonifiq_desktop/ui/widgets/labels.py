"""Buttons that print their key, chips, cards and labels.

Loaded before the first paint. PySide creates the enums of a class at its first use: for `Qt` this takes as long as the
whole first paint. So such classes are imported no earlier than they are used.
"""

import re
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import set_variant

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QKeyEvent

_PLAIN_TEXT = 0  # Qt.TextFormat.PlainText
_LONG_WORD, _PIECE = re.compile(r"\S{25,}"), re.compile(r"\S{1,8}")
_KEPT_CHARACTERS = 6  # characters at either end
_BREAK = "\u200b"  # takes no room, and a line may end there


class KeyButton(QPushButton):
    """A button that prints its key. The key works in the whole window while the button is visible and enabled.

    `has_shortcut`: False where the surrounding fields handle the key. A hidden button has no active shortcut: two
    shortcuts with one key are ambiguous, and Qt would press neither button. `action`: called at each press.
    """

    def __init__(
        self,
        name: str,
        label: str,
        key: str = "",
        action: "Callable[[], object] | SignalInstance | None" = None,
        *,
        look: str = "",
        has_shortcut: bool = False,
        tall: bool = False,
    ) -> None:
        super().__init__()
        if action is not None:
            self.clicked.connect(action)
        self.setObjectName(name)
        self._key = key
        self._other_key_at = float("-inf")
        if look:
            self.setProperty("look", look)
        if tall:
            self.setProperty("tall", "true")
        self.setAutoDefault(False)
        self.set_label(label)
        if key and has_shortcut:
            from PySide6.QtGui import QKeySequence, QShortcut

            QShortcut(QKeySequence(key), self).activated.connect(self.click)

    def set_label(self, label: str) -> None:
        """Change the text; the key stays."""
        # A lone & would be taken for a mnemonic.
        shown = shortened(label).replace("&", "&&")
        self.setText(f"{shown}   {self._key}" if self._key else shown)
        self.setAccessibleName(label)

    def keyPressEvent(self, event: "QKeyEvent") -> None:
        from bonifiq_desktop.ui.widgets.keys import ENTER, MAX_SCANNER_PAUSE

        if event.key() not in ENTER:
            self._other_key_at = monotonic()
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and monotonic() - self._other_key_at > MAX_SCANNER_PAUSE:
            self.click()  # an Enter that follows keys this fast is the end of a scanned code


def label(text: str, look: str = "", name: str = "") -> QLabel:
    """A label of plain text, in one of the style sheet's looks."""
    made = QLabel(text)
    made.setProperty("textFormat", _PLAIN_TEXT)
    if look:
        made.setProperty("look", look)
    if name:
        made.setObjectName(name)
    return made


def breakable(text: str) -> str:
    """Insert breaks into long words: an order number of 100 letters would be as wide as the screen."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def shortened(text: str) -> str:
    """Shorten long words for one line, by their middle."""
    return _LONG_WORD.sub(lambda word: f"{word[0][:_KEPT_CHARACTERS]}…{word[0][-_KEPT_CHARACTERS:]}", text)


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
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setSpacing(10)
    return frame, layout


def set_invalid(field: QWidget, *, wrong: bool) -> None:
    set_variant(field, wrong="true" if wrong else "false")
