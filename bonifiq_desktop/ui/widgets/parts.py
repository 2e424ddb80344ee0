"""Buttons with their key printed on them, chips, cards, headings, and forms where Enter means "next"."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import set_look


class KeyButton(QPushButton):
    """A button that prints its key; the key works wherever `scope` is active."""

    def __init__(
        self, name: str, label: str, key: str = "", *, look: str = "", scope: QWidget | None = None, tall: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._key = key
        if look:
            self.setProperty("look", look)
        if tall:
            self.setProperty("tall", "true")
        self.setAutoDefault(False)
        self.set_label(label)
        if key and scope is not None:
            shortcut = QShortcut(QKeySequence(key), scope)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(self.animateClick)

    def set_label(self, label: str) -> None:
        """Change the words; the key stays."""
        # A lone & would be taken for a mnemonic.
        shown = label.replace("&", "&&")
        self.setText(f"{shown}   {self._key}" if self._key else shown)
        self.setAccessibleName(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


def label(text: str, look: str = "", name: str = "") -> QLabel:
    """A label of plain text in one of the style sheet's looks."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if look:
        made.setProperty("look", look)
    if name:
        made.setObjectName(name)
    return made


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


class EnterIsNext(QObject):
    """In the fields it watches, Enter goes to the next field, as the Tab key does."""

    def watch(self, *fields: QWidget) -> None:
        """Watch these fields."""
        for field in fields:
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            and isinstance(watched, QLineEdit | QComboBox)
        ):
            watched.focusNextChild()
            return True
        return super().eventFilter(watched, event)
