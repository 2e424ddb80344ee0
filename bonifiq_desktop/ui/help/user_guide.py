"""The help (F1): chapters at the left, or what a search found; the text beside them."""

from functools import cached_property

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from bonifiq_desktop.ui.help.chapter_list import ChapterList
from bonifiq_desktop.ui.help.guide import Target, read_guide
from bonifiq_desktop.ui.help.guide_text import GuideText, anchor
from bonifiq_desktop.ui.help.places import FIRST, place_of
from bonifiq_desktop.ui.help.search import Passage, passages, search, words_of
from bonifiq_desktop.ui.side_bar import BarButton
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import is_enter
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.message_code import codes_shown
from bonifiq_desktop.ui.widgets.sheet import Sheet

_SHORTCUT = "helpShortcut"
_WIDTH, _LIST_WIDTH = 1080, 264  # pixels at 100 %
_LONGEST_QUERY = 100
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_SCROLL_KEYS = frozenset({Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})


class HelpButton(BarButton):
    """Opens the help. Its key works in every sheet, too: a sheet keeps the window's keys away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__("helpButton", QCoreApplication.translate("HelpButton", "Ajuda"), "F1", "help")
        self._window = window
        self.clicked.connect(self._open)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._add_shortcut)

    @Slot()
    def _open(self) -> None:
        show_user_guide(self._window)

    @Slot(QWidget, QWidget)
    def _add_shortcut(self, _before: QWidget | None, focused: QWidget | None) -> None:
        if focused is None:
            return
        place = Sheet.open_in(focused.window()) or focused.window()
        # Of the place itself: at each change of the focus a search through all its widgets would be wasted.
        option = Qt.FindChildOption.FindDirectChildrenOnly
        if place.findChild(QShortcut, _SHORTCUT, option) is None:
            shortcut = QShortcut(QKeySequence("F1"), place)
            shortcut.setObjectName(_SHORTCUT)
            shortcut.activated.connect(self._open)


def show_user_guide(window: QWidget) -> None:
    """Open the help of what is on the screen; a sheet below it stays as it is. An open help takes a new search."""
    open_sheet = Sheet.open_in(window)
    if isinstance(open_sheet, UserGuideDialog):
        open_sheet.take_search()
        return
    seen = open_sheet or window
    UserGuideDialog(QApplication.activeModalWidget() or window, place_of(window), codes_shown(seen)).open()


class UserGuideDialog(Sheet):
    """Shows a place of the guide; `codes`: those of the messages on the screen, offered above the chapters."""

    def __init__(self, parent: QWidget, place: str = FIRST, codes: tuple[str, ...] = ()) -> None:
        super().__init__(parent, "userGuide", self.tr("Ajuda"), _WIDTH, tall=True)
        self._guide = read_guide(self.tr("pt", "language of the documents: pt or en"))
        self._shown: Target | None = None
        self._is_preview = False
        self._visited: list[tuple[Target, int]] = []
        self._list = ChapterList(self._guide, codes)
        self._list.chosen.connect(self._row_chosen)
        self._text = GuideText()
        self._text.anchorClicked.connect(self._follow)
        hint = self.tr("Palavra ou código")
        self._field = limited_text_field("guideSearch", self.tr("Procurar na ajuda"), _LONGEST_QUERY, hint=hint)
        self._field.textChanged.connect(self._search)
        self._back = ActionButton("guideBack", self.tr("Voltar"), "Alt+←", self._go_back, look="ghost")
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self._go_back)
        for part in (self._field, self._list, self._text):
            part.installEventFilter(self)
        self._arrange()
        self._show(self._guide.places.get(place) or self._guide.places[place.partition(".")[0]])
        self._list.mark(self._shown)
        self._field.setFocus()

    def _arrange(self) -> None:
        side = QWidget()
        side.setFixedWidth(px(_LIST_WIDTH))
        lay_out(side, self._field, self._list, spacing=px(12)).setStretch(1, 1)
        body = QHBoxLayout()
        body.setSpacing(px(16))
        body.addWidget(side)
        body.addWidget(self._text, 1)
        close = ActionButton("userGuideClose", self.tr("Fechar"), "Esc", self.reject)
        layout = self.fill(label(self.windowTitle(), "title"), body, button_row(self._back, right=(close,)))
        layout.setStretch(1, 1)

    def take_search(self) -> None:
        self._field.setFocus()
        self._field.selectAll()

    # --- what is shown

    def _show(self, target: Target, *, preview: bool = False) -> None:
        """Show a heading. A chapter that was read before stays reachable; one that a search only showed does not."""
        if self._shown is not None and not self._is_preview and self._shown != target:
            self._visited.append((self._shown, self._text.verticalScrollBar().value()))
        self._is_preview = preview
        self._shown = target
        self._text.show_chapter(self._guide.chapter(target.chapter))
        self._text.highlight(words_of(self._field.text()) if self._list.is_search else ())
        self._text.scroll_to(target.heading)
        self._back.setEnabled(bool(self._visited))

    @Slot()
    def _go_back(self) -> None:
        if not self._visited:
            return
        target, position = self._visited.pop()
        self._is_preview = True  # of the place that is left: it is not to be visited again
        self._show(target)
        self._text.verticalScrollBar().setValue(position)
        if not self._list.is_search:
            self._list.mark(target)

    @Slot(object)
    def _row_chosen(self, target: Target) -> None:
        self._show(target, preview=self._list.is_search)

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        """Follow a link to a heading, also of another chapter."""
        for passage in self._passages:
            if anchor(passage.title) == link.fragment():
                is_first = passage.title == passage.chapter_title
                self._show(Target(passage.target.chapter, "" if is_first else passage.title))
                self._list.mark(self._shown)
                return

    # --- search

    @cached_property
    def _passages(self) -> tuple[Passage, ...]:
        return passages(self._guide)

    @Slot(str)
    def _search(self, query: str) -> None:
        if not query.strip():
            self._list.show_chapters()
            self._text.highlight(())
            self._list.mark(self._shown)
            return
        hits = search(self._passages, query)
        self._list.show_hits(hits)
        if hits:
            self._show(hits[0].target, preview=True)
        else:
            self._text.highlight(())
        announce(self._list, self.tr("%n resultado(s)", "", len(hits)))

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._go_back()  # before the text and the list take the arrow
                return True
            if watched in {self._field, self._list} and self._key_beside_text(watched, event):
                return True
        return super().eventFilter(watched, event)

    def _key_beside_text(self, watched: QObject, event: QKeyEvent) -> bool:
        if is_enter(event):
            if self._list.count() and self._shown is not None:
                self._is_preview = False
                self._text.setFocus()
            return True
        if watched is self._field and event.key() in _STEPS:
            self._list.move_row(_STEPS[Qt.Key(event.key())])
            return True
        if watched is self._field and event.key() in _SCROLL_KEYS:
            QApplication.sendEvent(self._text, event)
            return True
        return False
