"""The list beside the help's text: the messages on the screen and the chapters, or what a search found."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from bonifiq_desktop.ui.help.guide import Guide, Target
from bonifiq_desktop.ui.help.search import Passage
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.labels import tooltip

_ROW, _HIT_ROW = 36, 56  # pixels at 100 %
_LONGEST = 60
_TARGET = Qt.ItemDataRole.UserRole


class ChapterList(QListWidget):
    """`chosen` carries the Target of the row that was moved to. `is_search`: the rows are hits."""

    chosen = Signal(object)

    def __init__(self, guide: Guide, codes: Iterable[str]) -> None:
        super().__init__()
        self.setObjectName("guideChapters")
        self.setAccessibleName(self.tr("Capítulos da ajuda"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.is_search = False
        self._guide = guide
        self._codes = tuple(codes)
        self.show_chapters()
        self.currentRowChanged.connect(self._row_changed)

    def show_chapters(self) -> None:
        self._fill(is_search=False)
        for code in self._codes:
            self._add(self.tr("Esta mensagem: {0}").format(code), self._guide.message(code), _ROW)
        for chapter in self._guide.chapters:
            self._add(chapter.title, Target(chapter.name), _ROW)
        self.blockSignals(False)

    def show_hits(self, hits: Iterable[Passage]) -> None:
        """Show hits with their chapters; the first one is the current one."""
        self._fill(is_search=True)
        for hit in hits:
            self._add(f"{hit.title}\n{hit.chapter_title}", hit.target, _HIT_ROW)
        if not self.count():
            item = self._add(self.tr("Nada encontrado.\nTente outra palavra."), None, _HIT_ROW)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            self.setCurrentRow(0)
        self.blockSignals(False)

    def mark(self, target: Target | None) -> None:
        """Make a chapter's row the current one, without choosing it."""
        if self.is_search or target is None:
            return
        self.blockSignals(True)
        rows = range(len(self._codes), self.count())
        wanted = Target(target.chapter)
        self.setCurrentRow(next((row for row in rows if self.item(row).data(_TARGET) == wanted), -1))
        self.blockSignals(False)

    def move_row(self, step: int) -> None:
        self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + step)))

    def _fill(self, *, is_search: bool) -> None:
        self.blockSignals(True)
        self.clear()
        self.is_search = is_search

    def _add(self, text: str, target: Target | None, height: int) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setData(_TARGET, target)
        item.setSizeHint(QSize(0, px(height)))
        item.setToolTip(tooltip(text if len(text) > _LONGEST else ""))
        self.addItem(item)
        return item

    @Slot(int)
    def _row_changed(self, row: int) -> None:
        target = self.item(row).data(_TARGET) if row >= 0 else None
        if target is not None:
            self.chosen.emit(target)
