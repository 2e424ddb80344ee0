"""The main window's left side: one button per screen, the count of unfinished operations, and the connection.

Loaded before the first paint: see `widgets/labels.py` on PySide's `Qt` class.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.labels import label

_WIDTH = 210

SCREEN_KEYS = {"navLookup": "F2", "navSale": "F3", "navHistory": "F4", "navSettings": "F9"}
"""The key of each screen, by the object name of its button."""


class SideBar(QWidget):
    """`screenChosen` carries the object name of the clicked button."""

    screenChosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sideBar")
        self.setFixedWidth(_WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        self._connection = label(self.tr("● Abrindo…"), name="connectionStatus")
        self._pending = label("", name="pendingCount")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(label("BonifiQ", name="programName"))
        texts = (self.tr("Consultar"), self.tr("Nova venda"), self.tr("Histórico"), self.tr("Ajustes"))
        for (name, key), text in zip(SCREEN_KEYS.items(), texts, strict=True):
            self._layout.addWidget(self._add_button(name, text, key))
        self._layout.addStretch(1)
        for text_label in (self._pending, self._connection):
            text_label.setWordWrap(True)
            self._layout.addWidget(text_label)
        self.buttons["navLookup"].setChecked(True)

    def _add_button(self, name: str, text: str, key: str) -> QPushButton:
        button = QPushButton(text)
        hint = QHBoxLayout(button)
        hint.setContentsMargins(0, 0, 14, 0)
        hint.addStretch(1)
        hint.addWidget(label(key))
        button.setObjectName(name)
        button.setProperty("look", "nav")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.screenChosen.emit(name))
        self.buttons[name] = button
        return button

    def insert_above_pending(self, *widgets: QWidget) -> None:
        """Add widgets above the count of unfinished operations."""
        for widget in widgets:
            self._layout.insertWidget(self._layout.indexOf(self._pending), widget)

    def uncheck_all(self) -> None:
        """Mark no screen as the current one."""
        for button in self.buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)

    def show_pending(self, text: str, tone: str) -> None:
        """Show how many operations are unfinished."""
        self._pending.setText(text)
        set_variant(self._pending, tone=tone)

    def show_connection(self, text: str, tone: str) -> None:
        """Show the state of the connection."""
        self._connection.setText(f"● {text}")
        set_variant(self._connection, tone=tone)
