"""The user guide (F1): `docs/user-guide.pt-BR.md` in a sheet."""

import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from bonifiq_desktop.storage.paths import document
from bonifiq_desktop.ui.side_bar import BarButton
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet

_FILE = "user-guide.pt-BR.md"
_SHORTCUT = "helpShortcut"
_WIDTH = 900
_BESIDE_PICTURE = 128  # margins, frame and scroll bar


class HelpButton(BarButton):
    """Opens the guide. Its key works in every sheet, too: a sheet keeps the window's keys away."""

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
    """Open the guide above what is open; a sheet below it stays as it is."""
    if not isinstance(Sheet.open_in(window), UserGuideDialog):
        UserGuideDialog(QApplication.activeModalWidget() or window).open()


class UserGuideDialog(Sheet):
    """The guide with its pictures; links lead to headings of the same text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "userGuide", self.tr("Guia do caixa"), _WIDTH, tall=True)
        self._text = _GuideText(min(px(_WIDTH), parent.window().width()) - _BESIDE_PICTURE)
        self._text.setObjectName("userGuideText")
        self._text.setAccessibleName(self.tr("Guia do caixa"))
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._follow)
        self._text.setSource(QUrl.fromLocalFile(str(document(_FILE))))
        _colour_links_as_text(self._text.document())
        close = ActionButton("userGuideClose", self.tr("Fechar"), "Esc", self.reject)
        self.fill(label(self.windowTitle(), "title"), self._text, button_row(right=(close,)))
        self._text.setFocus()

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        text = self._text.document()
        for block in _blocks(text):
            if block.blockFormat().headingLevel() and _anchor(block.text()) == link.fragment():
                self._text.verticalScrollBar().setValue(int(text.documentLayout().blockBoundingRect(block).top()))


class _GuideText(QTextBrowser):
    def __init__(self, picture_width: int) -> None:
        super().__init__()
        self._picture_width = picture_width

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Load a file of the guide; a picture is scaled down to the width of the text."""
        loaded = super().loadResource(kind, url)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return loaded
        picture = loaded if isinstance(loaded, QImage) else QImage.fromData(loaded)
        return picture.scaledToWidth(
            min(self._picture_width, picture.width()), Qt.TransformationMode.SmoothTransformation
        )


def _colour_links_as_text(text: QTextDocument) -> None:
    """Replace the blue that Qt gives to links, which cannot be read on a dark ground."""
    cursor = QTextCursor(text)
    for block in _blocks(text):
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            look = piece.charFormat()
            if look.isAnchor():
                look.clearForeground()
                look.setFontUnderline(True)
                cursor.setPosition(piece.position())
                cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(look)
            pieces += 1


def _blocks(text: QTextDocument) -> Iterator[QTextBlock]:
    block = text.begin()
    while block.isValid():
        yield block
        block = block.next()


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
