"""The main window's left side: one button per screen, what is unfinished, and, added later, the help and the person.

Loaded before the first paint: see `widgets/labels.py` on PySide's `Qt` class.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout

from bonifiq_desktop.ui.theme import pixmap, px, set_variant
from bonifiq_desktop.ui.widgets.buttons import KeyCap
from bonifiq_desktop.ui.widgets.labels import breakable, label

if TYPE_CHECKING:
    from bonifiq_desktop.domain.updates import Release
    from bonifiq_desktop.worker.commands import Status

_WIDTH, _RAIL_WIDTH = 184, 80
_SIGN_SIZE = 24
_TOUCH_HEIGHT = 44
_MARGINS, _RAIL_MARGINS = (8, 8, 5, 8), (2, 8, 2, 8)
_CENTRED, _LEFT = 0x84, 0x81  # Qt.AlignmentFlag: AlignCenter, AlignLeft | AlignVCenter
_NO_FOCUS = 0  # Qt.FocusPolicy.NoFocus

SCREEN_KEYS = {"navLookup": "F2", "navSale": "F3", "navHistory": "F4", "navDay": "F10", "navSettings": "F9"}
"""The key of each screen, by the object name of its button."""

_ICONS = {
    "navLookup": "search",
    "navSale": "sale",
    "navHistory": "history",
    "navDay": "day",
    "navSettings": "settings",
}


class LaidOutButton(QPushButton):
    """A button that takes its size from the widgets in `row`, outside the tab ring: a key leads to the same place."""

    def __init__(self, name: str, look: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", look)
        self.setProperty("focusPolicy", _NO_FOCUS)
        self.row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)

    def sizeHint(self) -> QSize:
        return self.row.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        """Any width does where a text wraps."""
        least = self.row.totalMinimumSize()
        return QSize(0, least.height()) if self.row.hasHeightForWidth() else least

    def hasHeightForWidth(self) -> bool:
        return self.row.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self.row.totalHeightForWidth(width)


class BarButton(LaidOutButton):
    """Icon, text and key in a row, or below one another in the rail. `wraps`: a long text takes several lines."""

    def __init__(self, name: str, text: str, key: str = "", icon: str = "", *, wraps: bool = False) -> None:
        super().__init__(name, "nav")
        self._icon = icon
        self.sign = label("", "navIcon")
        self.sign.setProperty("alignment", _CENTRED)
        self._text = label("", "navText")
        self._text.setWordWrap(wraps)
        self._key = KeyCap(key)
        self._key.setProperty("alignment", _CENTRED)
        for part in (self.sign, self._text, self._key):
            self.row.addWidget(part)
        self._key.setVisible(bool(key))  # shown before it is in the row, it would open as a window
        self.row.setStretchFactor(self._text, 1)
        self.setAccessibleDescription(key)
        self.set_label(text)
        self.set_rail(rail=False)

    def text(self) -> str:
        return self._text.text()

    def set_label(self, text: str) -> None:
        self._text.setText(breakable(text) if self._text.wordWrap() else text)
        self.setAccessibleName(text)

    def set_rail(self, *, rail: bool) -> None:
        self.row.setDirection(QBoxLayout.Direction.TopToBottom if rail else QBoxLayout.Direction.LeftToRight)
        self.row.setContentsMargins(*map(px, _RAIL_MARGINS if rail else _MARGINS))
        self.row.setSpacing(px(2 if rail else 6))
        self._text.setProperty("alignment", _CENTRED if rail else _LEFT)
        self.sign.setFixedSize(px(_RAIL_WIDTH - 12 if rail else _SIGN_SIZE), px(_SIGN_SIZE))

    def show_icon(self) -> None:
        """Draw the icon in the colour of the button's state."""
        if self._icon:
            token = "accent" if self.isChecked() else "text2"
            self.sign.setPixmap(pixmap(self._icon, token, _SIGN_SIZE))


class SideBar(QFrame):
    """`screenChosen` carries the object name of the clicked button; `pendingChosen`: what is unfinished was clicked.

    A QFrame: a subclass of QWidget would not paint the background of the style sheet.
    """

    screenChosen = Signal(str)
    pendingChosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sideBar")
        self.buttons: dict[str, BarButton] = {}
        self.pending = PendingButton()
        self.pending.clicked.connect(self.pendingChosen)
        self._update = label("", name="updateNotice")
        self._update.setWordWrap(True)
        self._update.hide()
        self._newer_release: Release | None = None
        self._dismissed_release: Release | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(2))
        self._layout.addWidget(label("BonifiQ", name="programName"))
        texts = (
            self.tr("Consultar"),
            self.tr("Nova venda"),
            self.tr("Histórico"),
            self.tr("Fechamento"),
            self.tr("Ajustes"),
        )
        for (name, key), text in zip(SCREEN_KEYS.items(), texts, strict=True):
            self._layout.addWidget(self._add_button(name, text, key))
        self._layout.addStretch(1)
        self._layout.addWidget(self._update)
        self.buttons["navLookup"].setChecked(True)
        self.is_rail = False

    def _add_button(self, name: str, text: str, key: str) -> BarButton:
        button = BarButton(name, text, key, _ICONS[name])
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.clicked.connect(lambda: self.screenChosen.emit(name))
        self.buttons[name] = button
        return button

    def add_below(self, *buttons: BarButton) -> None:
        """Add buttons at the foot."""
        for button in buttons:
            self._layout.addWidget(button)
            button.set_rail(rail=self.is_rail)

    def set_rail(self, *, rail: bool) -> None:
        """Show the narrow bar of small screens; its count of what is unfinished stands elsewhere."""
        self.is_rail = rail
        self.setFixedWidth(px(_RAIL_WIDTH if rail else _WIDTH))
        for button in self.findChildren(BarButton):
            button.set_rail(rail=rail)
        if not rail:
            self._layout.insertWidget(self._layout.indexOf(self._update) + 1, self.pending)
        self.pending.set_one_line(one_line=rail)
        had_other_style = self.property("rail") not in {None, str(rail).lower()}
        self.setProperty("rail", str(rail).lower())
        if had_other_style:  # not before the first style: see widgets/labels.py
            _restyle_labels(self)

    def show_icons(self) -> None:
        """Draw the icons in the colours in force. Not before the first paint: Qt loads its SVG reader for them."""
        for button in self.findChildren(BarButton):
            button.show_icon()

    def restyle(self) -> None:
        """Take the sizes and colours in force."""
        self.set_rail(rail=self.is_rail)
        self.show_icons()

    def uncheck_all(self) -> None:
        for button in self.buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)

    def show_status(self, status: "Status") -> None:
        """Show what is unfinished, and a newer release until it is dismissed."""
        self._newer_release = status.newer_release
        if self._newer_release is not None:
            self._update.setText(self.tr("Versão nova: {0}\nVeja Ajustes (F9).").format(self._newer_release.name))
        self._update.setVisible(self._newer_release not in {None, self._dismissed_release})
        self.pending.show_status(status)

    def dismiss_update(self) -> None:
        """Hide the newer release until the next start: the settings page says where to get it."""
        self._dismissed_release = self._newer_release
        self._update.hide()


def _restyle_labels(bar: QFrame) -> None:
    """Apply the sheet again to the labels, which it selects by a property of the bar."""
    from PySide6.QtCore import QCoreApplication, QEvent  # see widgets/labels.py

    for part in bar.findChildren(QLabel):
        part.style().unpolish(part)
        part.style().polish(part)
        QCoreApplication.sendEvent(part, QEvent(QEvent.Type.StyleChange))  # a label then takes its new padding


class PendingButton(LaidOutButton):
    """What is unfinished, in words. Hidden until the worker has counted."""

    def __init__(self) -> None:
        super().__init__("pendingOpen", "pending")
        self._lines: list[str] = []
        self._is_one_line = False
        self._words = label("", name="pendingCount")
        self.row.addWidget(self._words)
        self.setMinimumHeight(px(_TOUCH_HEIGHT))
        self.setAccessibleDescription(self.tr("Abre a lista no Histórico"))
        self.set_one_line(one_line=False)
        self.hide()

    def set_one_line(self, *, one_line: bool) -> None:
        self._is_one_line = one_line
        self._words.setWordWrap(not one_line)
        self.row.setContentsMargins(*map(px, (8, 2, 8, 2) if one_line else (12, 8, 12, 8)))
        self._show_lines()

    def show_status(self, status: "Status") -> None:
        other_shop = status.pending_for_other_shop
        lines = []
        if status.contradictions:
            lines.append(self.tr("%n registro(s) para conferir no BonifiQ", "", status.contradictions))
        if status.review:
            lines.append(self.tr("%n registro(s) esperam decisão", "", status.review))
        if other_shop:
            lines.append(self.tr("%n registro(s) de outra loja ou endereço esperam", "", other_shop))
        if status.pending > other_shop:
            lines.append(self.tr("%n registro(s) em andamento", "", status.pending - other_shop))
        needs_person = status.review or status.contradictions
        self._show(lines or [self.tr("Nada pendente")], "danger" if needs_person else "warning" if lines else "neutral")

    def show_ledger_unavailable(self) -> None:
        self._show([self.tr("Histórico fora de uso")], "danger")

    def _show(self, lines: list[str], tone: str) -> None:
        if self._lines not in ([], lines):
            from bonifiq_desktop.ui.widgets.announcer import announce

            announce(self, ", ".join(lines))
        self._lines = lines
        self._show_lines()
        self.setAccessibleName(", ".join(lines))
        set_variant(self._words, tone=tone)
        set_variant(self, tone=tone)
        self.show()

    def _show_lines(self) -> None:
        self._words.setText((" · " if self._is_one_line else "\n").join(self._lines))
