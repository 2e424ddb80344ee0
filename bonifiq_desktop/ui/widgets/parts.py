"""Buttons with their key printed on them, chips, cards, headings, and forms where Enter means "next"."""

from html import escape
from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import set_look

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
SCAN_PAUSE = 0.15  # seconds between two keys of a person; scanners are an order of magnitude faster


class KeyButton(QPushButton):
    """A button that prints its key; the key works wherever `scope` is active."""

    def __init__(
        self, name: str, label: str, key: str = "", *, look: str = "", scope: QWidget | None = None, tall: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._key = key
        self._other_key_at = -SCAN_PAUSE
        if look:
            self.setProperty("look", look)
        if tall:
            self.setProperty("tall", "true")
        self.setAutoDefault(False)
        self.set_label(label)
        if key and scope is not None:
            shortcut = QShortcut(QKeySequence(key), scope)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(self.click)

    def set_label(self, label: str) -> None:
        """Change the words; the key stays."""
        # A lone & would be taken for a mnemonic.
        shown = label.replace("&", "&&")
        self.setText(f"{shown}   {self._key}" if self._key else shown)
        self.setAccessibleName(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            self._other_key_at = monotonic()
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and monotonic() - self._other_key_at > SCAN_PAUSE:
            self.click()  # an Enter on the heels of other keys is the end of a scanned code, not a wish


def label(text: str, look: str = "", name: str = "") -> QLabel:
    """A label of plain text in one of the style sheet's looks."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        made.setProperty("look", look)
    if name:
        made.setObjectName(name)
    return made


def tooltip(text: str) -> str:
    """A text for a tooltip: Qt would take one that looks like HTML for HTML."""
    return f"<span>{escape(text)}</span>" if text else ""


def chip(name: str = "") -> QLabel:
    """A small coloured word; set it with `set_chip`."""
    return label("", "chip", name)


def set_chip(widget: QLabel, text: str, tone: str) -> None:
    """Give a chip its word and colour."""
    widget.setText(text)
    set_look(widget, tone=tone)


def card(name: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A framed area and the layout inside it."""
    frame = QFrame()
    frame.setProperty("look", "card")
    if name:
        frame.setObjectName(name)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setSpacing(10)
    return frame, layout


def mark_wrong(field: QWidget, *, wrong: bool) -> None:
    """Frame a field that cannot be used, or take the frame away."""
    set_look(field, wrong="true" if wrong else "false")


class EnterChain(QObject):
    """In the widgets it links, Enter goes to the next one that can take it: never to a button that was not meant."""

    def __init__(self, parent: QObject, *widgets: QWidget) -> None:
        super().__init__(parent)
        self._widgets = list(widgets)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in ENTER
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and isinstance(watched, QWidget)
            and not isinstance(watched, QPushButton)
        ):
            self._go_on_from(watched)
            return True
        return super().eventFilter(watched, event)

    def _go_on_from(self, widget: QWidget) -> None:
        for following in self._widgets[self._widgets.index(widget) + 1 :]:
            if following.isEnabled() and following.isVisible() and following.focusPolicy() != Qt.FocusPolicy.NoFocus:
                following.setFocus(Qt.FocusReason.TabFocusReason)
                return
