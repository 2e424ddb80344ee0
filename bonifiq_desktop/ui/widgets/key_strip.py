"""Key strip: keys on the screen for a touch screen without a keyboard; off until the user turns it on."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QPushButton, QSizePolicy, QToolBar, QWidget

from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.sheet import Sheet

_REFRESH_MS = 300
_TARGET = 48  # pixels at 100 %; a finger needs 44
_FUNCTION_KEYS = frozenset({f"F{number}" for number in range(1, 13)})


class KeyStrip(QToolBar):
    """Esc, arrows, Space, Tab and Enter for the focused field, and the F-keys of the visible buttons.

    A tool bar of the window, so that it stays above a sheet. Its buttons take no focus: the field keeps it.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(translate("KeyStrip", "Teclas na tela"), window)
        self.setObjectName("keyStrip")
        self.setMovable(False)
        self.setFloatable(False)
        self.toggleViewAction().setEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._window = window
        self._page_keys: list[tuple[str, str]] = []
        self._page_buttons: list[QPushButton] = []
        self._add_keys()
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self)
        self.hide()

    def set_shown(self, shown: bool) -> None:
        self.setVisible(shown)
        if shown:
            self._refresh()
            self._timer.start()
        else:
            self._timer.stop()

    def _add_keys(self) -> None:
        keys = {
            Qt.Key.Key_Escape: ("Esc", self.tr("Esc: voltar")),
            Qt.Key.Key_Left: ("←", self.tr("Seta para a esquerda")),
            Qt.Key.Key_Up: ("↑", self.tr("Seta para cima")),
            Qt.Key.Key_Down: ("↓", self.tr("Seta para baixo")),
            Qt.Key.Key_Right: ("→", self.tr("Seta para a direita")),
            Qt.Key.Key_Space: (self.tr("Espaço"), self.tr("Espaço: marcar")),
            Qt.Key.Key_Tab: ("Tab", self.tr("Tab: próximo campo")),
        }
        for key, (shown, name) in keys.items():
            self.addWidget(self._key_button(key, shown, name))
        self._gap = QWidget()
        self._gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._before_gap = self.addWidget(self._gap)
        self.addWidget(self._key_button(Qt.Key.Key_Return, "Enter ⏎", self.tr("Enter: próximo ou confirmar")))

    def _key_button(self, key: Qt.Key, shown: str, name: str) -> QPushButton:
        button = _touch_button(f"strip{QKeySequence(key).toString()}", shown, name)
        button.setAutoRepeat(key in {Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Right})
        button.clicked.connect(lambda: press_key(self._window, key))
        return button

    @Slot()
    def _refresh(self) -> None:
        """Show the F-keys of the buttons that can be pressed now."""
        self.raise_()  # above a sheet
        found = {key: button for key, button in _buttons_with_keys(self._window).items() if key in _FUNCTION_KEYS}
        names = [(key, button.accessibleName() or button.text()) for key, button in sorted(found.items(), key=_number)]
        if names == self._page_keys:
            return
        self._page_keys = names
        for button in self._page_buttons:
            button.deleteLater()
        self._page_buttons = [_touch_button(f"strip{key}", f"{key}  {name}", name) for key, name in names]
        for (key, _), button in zip(names, self._page_buttons, strict=True):
            button.clicked.connect(lambda _checked=False, key=key: self._press_page_key(key))
            self.insertWidget(self._before_gap, button)

    def _press_page_key(self, key: str) -> None:
        button = _buttons_with_keys(self._window).get(key)
        if button is not None:
            button.click()


def press_key(window: QWidget, key: Qt.Key, field: QWidget | None = None) -> None:
    """Press a key as a keyboard does: a shortcut of the window comes first, unless the focused field wants the key.

    `field` stands for the focused one, which a window has only while it is active.
    """
    target = field or QApplication.focusWidget() or window
    text = {Qt.Key.Key_Space: " ", Qt.Key.Key_Return: "\r", Qt.Key.Key_Tab: "\t"}.get(key, "")
    override = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
    override.ignore()
    QCoreApplication.sendEvent(target, override)
    if not override.isAccepted():
        for shortcut in _usable_shortcuts(window):
            if shortcut.key() == QKeySequence(key):
                shortcut.activated.emit()
                return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def _usable_shortcuts(window: QWidget) -> list[QShortcut]:
    scope = Sheet.open_in(window) or window
    found = []
    for shortcut in scope.findChildren(QShortcut):
        owner = shortcut.parent()
        if shortcut.isEnabled() and isinstance(owner, QWidget) and owner.isVisible() and owner.isEnabled():
            found.append(shortcut)
    return found


def _buttons_with_keys(window: QWidget) -> dict[str, QAbstractButton]:
    owners = ((shortcut.key().toString(), shortcut.parent()) for shortcut in _usable_shortcuts(window))
    return {key: owner for key, owner in owners if isinstance(owner, QAbstractButton)}


def _number(entry: tuple[str, object]) -> int:
    return int(entry[0].removeprefix("F"))


def _touch_button(name: str, shown: str, accessible: str) -> QPushButton:
    button = QPushButton(shown.replace("&", "&&"))
    button.setObjectName(name)
    button.setAccessibleName(accessible)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setMinimumSize(px(_TARGET), px(_TARGET))
    return button
