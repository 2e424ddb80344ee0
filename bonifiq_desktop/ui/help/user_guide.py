"""The user guide (F1): `docs/user-guide.pt-BR.md` in a window of its own."""

import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QSize, Qt, QUrl, Slot
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextBlock, QTextCursor, QTextDocument
from PySide6.QtWidgets import QApplication, QDialog, QTextBrowser, QVBoxLayout, QWidget

from bonifiq_desktop.storage.paths import document
from bonifiq_desktop.ui.widgets.labels import KeyButton

_FILE = "user-guide.pt-BR.md"
_SHORTCUT = "helpShortcut"
_SIZE = QSize(900, 640)
_BESIDE_PICTURE = 80  # margins, frame and scroll bar


class HelpButton(KeyButton):
    """Opens the guide. Its key works in every window of the program: a modal one would block a shortcut of another."""

    def __init__(self, window: QWidget) -> None:
        super().__init__("helpButton", QCoreApplication.translate("HelpButton", "Ajuda"), "F1", look="present")
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
        # Of the window itself: at each change of the focus a search through all its widgets would be wasted.
        option = Qt.FindChildOption.FindDirectChildrenOnly
        if focused.window().findChild(QShortcut, _SHORTCUT, option) is None:
            shortcut = QShortcut(QKeySequence("F1"), focused.window())
            shortcut.setObjectName(_SHORTCUT)
            shortcut.activated.connect(self._open)


def show_user_guide(window: QWidget) -> None:
    """Open the guide, or bring the open one to the front. A modal dialog stays open below it."""
    for guide in QApplication.topLevelWidgets():
        if isinstance(guide, UserGuideDialog) and guide.isVisible():
            guide.raise_()
            guide.activateWindow()
            return
    UserGuideDialog(QApplication.activeModalWidget() or window).show()


class UserGuideDialog(QDialog):
    """The guide with its pictures; links lead to headings of the same text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("userGuide")
        self.setWindowTitle(self.tr("Guia do caixa"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
        self._text = _GuideText(self.width() - _BESIDE_PICTURE)
        self._text.setObjectName("userGuideText")
        self._text.setAccessibleName(self.tr("Guia do caixa"))
        self._text.setOpenLinks(False)
        self._text.anchorClicked.connect(self._follow)
        self._text.setSource(QUrl.fromLocalFile(str(document(_FILE))))
        _colour_links_as_text(self._text.document())
        close = KeyButton("userGuideClose", self.tr("Fechar"), "Esc", self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
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
