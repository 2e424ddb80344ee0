"""The text of a chapter: pictures as wide as the text, links in the text's colour, hits of a search highlighted."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextBlock, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from bonifiq_desktop.storage.paths import document
from bonifiq_desktop.ui.help.guide import Chapter
from bonifiq_desktop.ui.help.search import places_of
from bonifiq_desktop.ui.theme import color, px

_ANY_DOCUMENT = "user-guide.pt-BR.md"
_BESIDE_PICTURE = 24  # margins of the document
_ABOVE_HEADING, _BELOW_HEADING, _BELOW_TEXT = 20, 6, 6  # pixels at 100 %
_LEAST = 240  # a width for pictures while the text has none
_DOCUMENT_LINK = re.compile(r"\[([^]]*)\]\((?!#)[^)]*\.md[^)]*\)")


class GuideText(QTextBrowser):
    """Shows one chapter. `anchorClicked`: a link was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("userGuideText")
        self.setOpenLinks(False)
        self._chapter: Chapter | None = None

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter from its start; one that is shown already stays."""
        if chapter == self._chapter:
            return
        self._chapter = chapter
        self.setAccessibleName(chapter.title)
        text = self.document()
        text.setBaseUrl(QUrl.fromLocalFile(str(document(_ANY_DOCUMENT))))
        self.setMarkdown(_DOCUMENT_LINK.sub(r"\1", chapter.text))  # other documents are not shown here
        _colour_links_as_text(text)
        _space_out(text)

    def scroll_to(self, heading: str) -> None:
        """Put a heading at the top; the start of the chapter for an empty one."""
        if not heading:
            self.verticalScrollBar().setValue(0)
            return
        text = self.document()
        shown = _plain(heading)
        for block in _blocks(text):
            if block.blockFormat().headingLevel() and block.text() == shown:
                cursor = QTextCursor(block)
                self.setTextCursor(cursor)  # arrows and a screen reader go on from here
                self.verticalScrollBar().setValue(int(text.documentLayout().blockBoundingRect(block).top()))
                return

    def highlight(self, words: Iterable[str]) -> None:
        """Mark each of the folded words in the text."""
        look = QTextCharFormat()
        look.setBackground(color("accent"))
        look.setForeground(color("onAccent"))
        marks = []
        for start, length in places_of(words, self.toPlainText()):
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look
            marks.append(mark)
        self.setExtraSelections(marks)

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Load a file of the guide; a picture is scaled down to the width of the text."""
        loaded = super().loadResource(kind, url)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return loaded
        picture = loaded if isinstance(loaded, QImage) else QImage.fromData(loaded)
        room = max(_LEAST, self.viewport().width() - _BESIDE_PICTURE)
        return picture.scaledToWidth(min(room, picture.width()), Qt.TransformationMode.SmoothTransformation)


def anchor(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _plain(heading: str) -> str:
    """A heading without its Markdown, as the document shows it."""
    text = QTextDocument()
    text.setMarkdown(f"# {heading}")
    return text.toPlainText()


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


def _space_out(text: QTextDocument) -> None:
    """Set headings off from the text above them, and paragraphs from each other."""
    for block in _blocks(text):
        look = block.blockFormat()
        is_start = block.blockNumber() == 0
        if look.headingLevel():
            look.setTopMargin(0 if is_start else px(_ABOVE_HEADING))
            look.setBottomMargin(px(_BELOW_HEADING))
        elif look.objectIndex() < 0 and QTextCursor(block).currentTable() is None:  # neither in a list nor in a table
            look.setBottomMargin(px(_BELOW_TEXT))
        QTextCursor(block).setBlockFormat(look)


def _blocks(text: QTextDocument) -> Iterator[QTextBlock]:
    block = text.begin()
    while block.isValid():
        yield block
        block = block.next()
