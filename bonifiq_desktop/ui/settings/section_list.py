"""The sections of the settings page: the list at its left, and the page of one section."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QWidget

from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.theme import icon, px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.labels import tooltip

_WIDTH, _ROW = 184, 44
_NAME = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Section:
    """A section of the settings; `name`: for the code.

    `make`: its parts, made when it is shown first: all sections together take as much memory as every other page.
    """

    name: str
    icon: str
    title: str
    make: Callable[[], Sequence[QWidget]]


class SectionList(QListWidget):
    """`chosen` carries a section's name; `entered`: Enter, so that the focus moves into the section."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, sections: Mapping[str, Section]) -> None:
        super().__init__()
        self.setObjectName("settingsSections")
        self.setAccessibleName(self.tr("Partes dos ajustes"))
        self._sections = sections
        self._unsaved: set[str] = set()
        for section in sections.values():
            item = QListWidgetItem(section.title)
            item.setData(_NAME, section.name)
            self.addItem(item)
        self.setCurrentRow(0)
        self.restyle()
        self.currentRowChanged.connect(self._row_changed)

    def restyle(self) -> None:
        """Take the sizes and colours in force."""
        self.setFixedWidth(px(_WIDTH))
        self.setIconSize(QSize(px(20), px(20)))
        for row, section in enumerate(self._sections.values()):
            item = self.item(row)
            item.setIcon(icon(section.icon, "accent" if row == self.currentRow() else "text2"))
            item.setSizeHint(QSize(0, px(_ROW)))

    def current(self) -> str:
        return str(self.currentItem().data(_NAME))

    def choose(self, name: str) -> None:
        self.setCurrentRow(list(self._sections).index(name))

    def mark_unsaved(self, name: str, *, unsaved: bool) -> None:
        """Show that a section has changes that were not saved."""
        if unsaved is (name in self._unsaved):
            return
        self._unsaved ^= {name}
        item, title = self.item(list(self._sections).index(name)), self._sections[name].title
        item.setText(f"{title} •" if unsaved else title)
        words = self.tr("{0}: falta salvar").format(title) if unsaved else title
        item.setToolTip(tooltip(words if unsaved else ""))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    @Slot(int)
    def _row_changed(self, row: int) -> None:
        if row >= 0:
            self.restyle()
            self.chosen.emit(self.current())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event) or event.key() == Qt.Key.Key_Right:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class SectionPage(QScrollArea):
    """The parts of a section below one another. `cards`: those that are saved with the section's button."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        parts = section.make()
        self.cards = [part for part in parts if isinstance(part, SettingsCard)]
        inner = QWidget()
        inner.setObjectName("page")
        lay_out(inner, *parts, margins=(0, 0, px(8), 0), spacing=px(12)).addStretch(1)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
