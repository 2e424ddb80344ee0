"""Find what does not fit in a window: widgets outside it, over one another, and texts that are cut."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QWidget,
)

from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.ui.widgets.toast import Toast

Problem = tuple[str, str, str]
_OVERLAYS = Toast | Sheet | EmptyState
_STACKS = QStackedWidget | QPushButton
_PADDING = 8  # pixels
_BUTTONS = QPushButton | QRadioButton | QCheckBox


def problems(window: QWidget) -> list[Problem]:
    """(what, which widget, details) of each visible widget that does not fit; a sheet's content alone where one is."""
    sheet = Sheet.open_in(window)
    root = sheet if sheet is not None else window
    shown = [widget for widget in root.findChildren(QWidget) if _is_shown(widget, window)]
    found = [*_window_problems(window), *_overlaps(shown)]
    for widget in shown:
        found += _place_problems(widget, window)
        found += _text_problems(widget)
        found += _heading_problems(widget)
    return found


def _is_shown(widget: QWidget, window: QWidget) -> bool:
    return widget.isVisible() and widget.window() is window and not widget.visibleRegion().isNull()


def _name(widget: QWidget) -> str:
    return widget.objectName() or type(widget).__name__


def _window_problems(window: QWidget) -> Iterator[Problem]:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if not screen.adjusted(0, 0, 1, 1).contains(window.frameGeometry()):  # the scale leaves part of a pixel
        yield "beyond the screen", _name(window), str(window.frameGeometry())


def _scrolls(widget: QWidget) -> bool:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QAbstractScrollArea):
            return True
        around = around.parentWidget()
    return False


def _place_problems(widget: QWidget, window: QWidget) -> Iterator[Problem]:
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    if not _scrolls(widget) and not window.rect().contains(place):
        yield "outside", _name(widget), str(place)
    page = widget.widget() if isinstance(widget, QScrollArea) else None
    if isinstance(widget, QScrollArea) and page is not None and page.width() > widget.viewport().width():
        yield "wider than its page", _name(page), str(page.width())
    layout = widget.layout()
    if isinstance(widget, QFrame) and widget.property("look") in {"card", "notice"} and layout is not None:
        needed = layout.totalHeightForWidth(widget.width()) if layout.hasHeightForWidth() else 0
        if widget.height() < max(needed, widget.minimumSizeHint().height()):
            yield "too low", _name(widget), f"{widget.height()} of {needed}"


def _text_problems(widget: QWidget) -> Iterator[Problem]:
    if isinstance(widget, _BUTTONS) and widget.text() and widget.width() < widget.sizeHint().width():
        yield "clipped", _name(widget), widget.text()
    if isinstance(widget, _BUTTONS) and widget.height() < widget.minimumSizeHint().height():
        yield "cut", _name(widget), widget.text()
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()):
                yield "cut", _name(widget), widget.text()[:60]
        elif widget.width() < widget.minimumSizeHint().width() or widget.height() < widget.minimumSizeHint().height():
            yield "clipped", _name(widget), widget.text()[:60]


def _heading_problems(widget: QWidget) -> Iterator[Problem]:
    """A column that is too narrow for its own heading shows no number either."""
    if isinstance(widget, QTableView) and widget.horizontalHeader().isVisible():
        header, model = widget.horizontalHeader(), widget.model()
        for column in range(model.columnCount()):
            text = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            if text and not header.isSectionHidden(column) and header.sectionSize(column) < _least(header, text):
                yield "clipped", _name(widget), text


def _least(header: QHeaderView, text: str) -> int:
    return header.fontMetrics().horizontalAdvance(text) + _PADDING


def _overlaps(shown: list[QWidget]) -> Iterator[Problem]:
    """Two widgets with text in one parent that share pixels."""
    of_parent: dict[int, list[QWidget]] = {}
    for widget in shown:
        parent = widget.parentWidget()
        if parent is not None and not isinstance(parent, _STACKS) and not isinstance(widget, _OVERLAYS):
            of_parent.setdefault(id(parent), []).append(widget)
    for siblings in of_parent.values():
        for place, widget in enumerate(siblings):
            for other in siblings[place + 1 :]:
                shared = widget.geometry().intersected(other.geometry())
                if shared.width() > 1 and shared.height() > 1:
                    yield "over one another", f"{_name(widget)} {_name(other)}", str(shared)
