"""The user guide's window."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.storage.paths import document
from bonifiq_desktop.ui.help.user_guide import UserGuideDialog, show_user_guide

TEXT = document("user-guide.pt-BR.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\((#[^)]+)\)", TEXT)
PICTURES = re.findall(r"!\[[^]]*\]\(([^)]+)\)", TEXT)


@pytest.fixture(name="window")
def parent_window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture(name="guide")
def open_guide(window: QWidget) -> Iterator[UserGuideDialog]:
    show_user_guide(window)
    guide = window.findChild(UserGuideDialog)
    assert guide is not None
    yield guide
    guide.close()


def text_view(guide: UserGuideDialog) -> QTextBrowser:
    view = guide.findChild(QTextBrowser, "userGuideText")
    assert isinstance(view, QTextBrowser)
    return view


def test_guide_shows_every_heading_of_the_file(guide: UserGuideDialog) -> None:
    shown = text_view(guide).toPlainText()
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    assert len(headings) > 10
    assert [heading for heading in headings if heading not in shown] == []


@pytest.mark.parametrize("link", LINKS[1:])
def test_link_scrolls_to_its_heading(guide: UserGuideDialog, link: str) -> None:
    view = text_view(guide)
    view.anchorClicked.emit(QUrl(link))
    assert view.verticalScrollBar().value() > 0
    assert view.source().fileName() == "user-guide.pt-BR.md"


@pytest.mark.parametrize("picture", PICTURES)
def test_picture_is_no_wider_than_the_text(guide: UserGuideDialog, picture: str) -> None:
    image = text_view(guide).loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(picture))
    assert 0 < image.width() <= text_view(guide).viewport().width()


def test_links_have_the_colour_of_the_text(guide: UserGuideDialog) -> None:
    blue = [block for block in re.findall(r"<a [^>]*>(<span[^>]*>)?", text_view(guide).toHtml()) if "color:" in block]
    assert blue == []


def test_guide_that_is_open_is_not_opened_again(guide: UserGuideDialog, window: QWidget) -> None:
    show_user_guide(window)
    assert window.findChildren(UserGuideDialog) == [guide]
