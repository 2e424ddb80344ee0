"""Sheets: focus, keys, place and result."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QMainWindow, QVBoxLayout, QWidget

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet


class Question(Sheet):
    def __init__(self, parent: QWidget, text: str = "Fechar mesmo assim?") -> None:
        super().__init__(parent, "question", "Fechar", 480)
        self.field = QLineEdit()
        self.field.setObjectName("questionField")
        self.yes = ActionButton("questionYes", "Fechar", "F5", self.accept, look="primary", has_shortcut=True)
        row = QHBoxLayout()
        row.addWidget(self.yes)
        self.fill(paragraph(text, "title"), self.field, row)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture(name="window")
def window_with_a_page(qapp: QApplication) -> Iterator[QMainWindow]:
    window = QMainWindow()
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    mark = label("TREINAMENTO", name="trainingMark")
    field = QLineEdit()
    field.setObjectName("pageField")
    layout.addWidget(mark)
    layout.addWidget(field)
    layout.addWidget(QLabel("page"), 1)
    window.setCentralWidget(page)
    theme.apply_style(window, "light")
    window.resize(800, 500)
    window.show()
    assert QTest.qWaitForWindowActive(window)
    field.setFocus()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_sheet_covers_the_page_and_leaves_the_training_mark(window: QMainWindow) -> None:
    sheet = Question(window)
    assert not sheet.isVisible()
    sheet.open()
    mark = window.findChild(QLabel, "trainingMark")
    assert mark is not None
    assert sheet.geometry().top() == mark.mapTo(window, QPoint(0, mark.height())).y()
    assert sheet.geometry().bottomRight() == window.rect().bottomRight()
    window.resize(900, 600)
    QTest.qWait(1)
    assert sheet.geometry().bottomRight() == window.rect().bottomRight()
    assert Sheet.open_in(window) is sheet


def test_sheet_higher_than_the_window_scrolls(window: QMainWindow) -> None:
    sheet = Question(window, "Um texto muito comprido. " * 200)
    sheet.open()
    QTest.qWait(1)
    assert sheet.rect().contains(sheet._scroll.geometry())
    assert sheet._scroll.verticalScrollBar().maximum() > 0


def test_tall_sheet_takes_the_height_of_the_window(window: QMainWindow) -> None:
    sheet = Sheet(window, "guide", "Guia", 480, tall=True)
    sheet.fill(paragraph("Guia", "title"), QLineEdit())
    sheet.open()
    QTest.qWait(1)
    assert sheet.height() - sheet._scroll.height() == 2 * theme.px(16)
    assert sheet._scroll.verticalScrollBar().maximum() == 0


def test_focus_stays_in_the_sheet_and_returns(window: QMainWindow) -> None:
    sheet = Question(window)
    sheet.open()
    assert sheet.field.hasFocus()
    seen = []
    for _press in range(3):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        seen.append(focused().objectName())
    assert seen == ["questionYes", "questionField", "questionYes"]
    field = window.findChild(QLineEdit, "pageField")
    assert field is not None
    field.setFocus()  # a late answer gives the page the focus
    assert sheet.isAncestorOf(focused())
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert focused().objectName() == "pageField"


def test_window_shortcuts_rest_while_a_sheet_is_open(window: QMainWindow) -> None:
    pressed: list[str] = []
    for key in ("F2", "F5", "Esc"):
        QShortcut(QKeySequence(key), window).activated.connect(lambda key=key: pressed.append(key))
    sheet = Question(window)
    results: list[int] = []
    sheet.finished.connect(results.append)
    sheet.open()
    QTest.keyClick(focused(), Qt.Key.Key_F2)
    assert pressed == []
    QTest.keyClick(focused(), Qt.Key.Key_F5)
    assert pressed == []
    assert results == [1]
    assert Sheet.open_in(window) is None
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert pressed == ["F2"]


def test_escape_rejects_the_topmost_sheet_alone(window: QMainWindow) -> None:
    below, above = Question(window), Question(window)
    below.open()
    above.open()
    assert Sheet.open_in(window) is above
    rejected: list[bool] = []
    above.rejected.connect(lambda: rejected.append(True))
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert rejected == [True]
    assert Sheet.open_in(window) is below
    assert below.isAncestorOf(focused())
    below.accept()
    assert below.result() == 1


def test_click_beside_the_panel_changes_nothing(window: QMainWindow) -> None:
    sheet = Question(window)
    sheet.open()
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(5, sheet.height() - 5))
    assert sheet.isVisible()
    assert sheet.field.hasFocus()
