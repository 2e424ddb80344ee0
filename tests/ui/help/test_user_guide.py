"""The help's sheet: chapters, search, links, pictures and the way back."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTranslator, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.paths import document, resource
from bonifiq_desktop.ui.help.chapter_list import ChapterList
from bonifiq_desktop.ui.help.guide_text import GuideText
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog, show_user_guide

TEXT = document("user-guide.pt-BR.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\((#[^)]+)\)", TEXT)
PICTURES = re.findall(r"!\[[^]]*\]\(([^)]+)\)", TEXT)


@pytest.fixture(name="window")
def parent_window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1200, 700)
    window.show()
    return window


@pytest.fixture(name="guide")
def open_guide(window: QWidget) -> Iterator[UserGuideDialog]:
    show_user_guide(window)
    guide = window.findChild(UserGuideDialog)
    assert guide is not None
    yield guide
    guide.close()


def text_of(guide: UserGuideDialog) -> GuideText:
    view = guide.findChild(GuideText, "userGuideText")
    assert isinstance(view, GuideText)
    return view


def rows(guide: UserGuideDialog) -> ChapterList:
    found = guide.findChild(ChapterList, "guideChapters")
    assert isinstance(found, ChapterList)
    return found


def field(guide: UserGuideDialog) -> QLineEdit:
    found = guide.findChild(QLineEdit, "guideSearch")
    assert isinstance(found, QLineEdit)
    return found


def row_texts(guide: UserGuideDialog) -> list[str]:
    return [rows(guide).item(row).text() for row in range(rows(guide).count())]


def highlighted(guide: UserGuideDialog) -> set[str]:
    return {mark.cursor.selectedText().lower() for mark in text_of(guide).extraSelections()}


def first_line_in_view(guide: UserGuideDialog) -> str:
    """The heading or line at the top of the text."""
    view = text_of(guide)
    return view.cursorForPosition(view.viewport().rect().topLeft()).block().text()


def test_list_has_a_row_for_each_heading_of_a_chapter(guide: UserGuideDialog) -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert len(headings) > 10
    assert row_texts(guide) == ["Guia do caixa", *headings, "O que quer dizer esta mensagem"]


def test_each_row_shows_its_chapter(guide: UserGuideDialog) -> None:
    for row, title in enumerate(row_texts(guide)):
        rows(guide).setCurrentRow(row)
        assert text_of(guide).toPlainText().startswith(title)


@pytest.mark.parametrize("link", LINKS)
def test_link_leads_to_its_heading(guide: UserGuideDialog, link: str) -> None:
    text_of(guide).anchorClicked.emit(QUrl(link))
    QApplication.processEvents()
    shown = re.sub(r"[^\w\- ]", "", first_line_in_view(guide).lower()).replace(" ", "-")
    scrolled_to_end = text_of(guide).verticalScrollBar().value() == text_of(guide).verticalScrollBar().maximum()
    assert f"#{shown}" == link or scrolled_to_end


@pytest.mark.parametrize("picture", PICTURES)
def test_picture_is_no_wider_than_the_text(guide: UserGuideDialog, picture: str) -> None:
    folder = document("user-guide.pt-BR.md").parent
    url = QUrl.fromLocalFile(str(folder / picture))
    image = text_of(guide).loadResource(QTextDocument.ResourceType.ImageResource.value, url)
    assert 0 < image.width() <= text_of(guide).viewport().width()


def test_chapter_loads_its_picture_beside_the_document(guide: UserGuideDialog) -> None:
    rows(guide).setCurrentRow(row_texts(guide).index("Registrar uma venda (F3)"))
    image = (
        text_of(guide).document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl("pictures/sale.png"))
    )
    assert image is not None
    assert image.width() > 0


def test_links_have_the_colour_of_the_text(guide: UserGuideDialog) -> None:
    rows(guide).setCurrentRow(0)
    blue = [block for block in re.findall(r"<a [^>]*>(<span[^>]*>)?", text_of(guide).toHtml()) if "color:" in block]
    assert blue == []


@pytest.mark.parametrize("query", ["pin nao confere", "O PIN NÃO CONFERE", "pin-3", "PIN 03", "pin03"])
def test_search_finds_a_message_by_words_or_code(guide: UserGuideDialog, query: str) -> None:
    field(guide).setText(query)
    assert row_texts(guide)[0] == "PIN-03: O PIN não confere.\nO que quer dizer esta mensagem"
    assert first_line_in_view(guide) == "PIN-03: O PIN não confere."
    assert highlighted(guide) in ({"pin", "não", "confere"}, {"pin-03"})


def test_search_without_a_hit_says_so(guide: UserGuideDialog) -> None:
    field(guide).setText("xilofone")
    assert row_texts(guide) == ["Nada encontrado.\nTente outra palavra."]
    assert highlighted(guide) == set()


def test_cleared_search_shows_the_chapters_again(guide: UserGuideDialog) -> None:
    before = row_texts(guide)
    field(guide).setText("impressora")
    assert row_texts(guide) != before
    field(guide).clear()
    assert row_texts(guide) == before
    assert highlighted(guide) == set()


def test_keys_choose_a_hit_enter_its_text_and_go_back(guide: UserGuideDialog) -> None:
    start = text_of(guide).toPlainText()
    field(guide).setFocus()
    QTest.keyClicks(field(guide), "cashback")
    first = first_line_in_view(guide)
    QTest.keyClick(field(guide), Qt.Key.Key_Down)
    assert rows(guide).currentRow() == 1
    assert first_line_in_view(guide) != first
    QTest.keyClick(field(guide), Qt.Key.Key_Return)
    assert text_of(guide).hasFocus()
    QTest.keyClick(text_of(guide), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert text_of(guide).toPlainText() == start


def test_way_back_visits_the_chapters_in_reverse(guide: UserGuideDialog) -> None:
    titles = []
    for row in (3, 5, 7):
        titles.append(row_texts(guide)[row])
        rows(guide).setCurrentRow(row)
    for title in reversed(titles[:-1]):
        QTest.keyClick(rows(guide), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert text_of(guide).toPlainText().startswith(title)
        assert rows(guide).currentItem().text() == title


def test_guide_that_is_open_is_not_opened_again(guide: UserGuideDialog, window: QWidget) -> None:
    show_user_guide(window)
    assert window.findChildren(UserGuideDialog) == [guide]


def test_message_on_the_screen_stands_above_the_chapters(window: QWidget) -> None:
    guide = UserGuideDialog(window, "sale", ("REDE-01",))
    guide.open()
    assert row_texts(guide)[0] == "Esta mensagem: REDE-01"
    rows(guide).setCurrentRow(0)
    assert first_line_in_view(guide).startswith("REDE-01: Sem conexão com o BonifiQ.")
    guide.close()


def test_english_window_shows_the_english_guide(window: QWidget) -> None:
    translator = QTranslator()
    assert translator.load(str(resource("translations/bonifiq_en.qm")))
    QApplication.installTranslator(translator)
    try:
        guide = UserGuideDialog(window, "sale")
        guide.open()
        assert text_of(guide).toPlainText().startswith("Register a sale (F3)")
        guide.close()
    finally:
        QApplication.removeTranslator(translator)
