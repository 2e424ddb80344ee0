"""The person at the counter, at the foot of the side bar: initials, name, and a menu."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu

from bonifiq_desktop.ui.side_bar import BarButton
from bonifiq_desktop.ui.theme import px, set_variant

_CIRCLE = 32


class PersonButton(BarButton):
    """`leaving`: the person leaves the till; `appearanceChosen`: the person wants another look of the window."""

    leaving = Signal()
    appearanceChosen = Signal()

    def __init__(self) -> None:
        super().__init__("presentPerson", "", wraps=True)
        self.setAccessibleDescription("Ctrl+L")
        set_variant(self.sign, look="monogram")
        self.clicked.connect(self._open_menu)
        # A hidden button has no active shortcut: without staff there is no session to end.
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.leaving)

    def set_rail(self, *, rail: bool) -> None:
        super().set_rail(rail=rail)
        self.sign.setFixedSize(px(_CIRCLE), px(_CIRCLE))
        self.row.setAlignment(self.sign, Qt.AlignmentFlag.AlignHCenter if rail else Qt.AlignmentFlag.AlignVCenter)

    def show_person(self, name: str) -> None:
        self.set_label(name)
        self.sign.setText(initials(name))
        self.setAccessibleName(self.tr("No caixa: {0}").format(name))

    @Slot()
    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("personMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self.tr("Sair ou trocar de pessoa"), "Ctrl+L", self.leaving.emit)
        menu.addAction(self.tr("Aparência e sons"), self.appearanceChosen.emit)
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


def initials(name: str) -> str:
    """First letters of the first and the last word: `Ana Paula Reis` gives `AR`."""
    words = name.split()
    return "".join(word[0] for word in words[:: max(1, len(words) - 1)][:2]).upper()
