"""Choice of one entry: numbered segments, or a list that the mouse wheel never changes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QRadioButton, QWidget

from bonifiq_desktop.ui.theme import color, font, px
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout
from bonifiq_desktop.ui.widgets.long_words import shortened

MAX_SEGMENTS = 9
_CAPTION, _NUMBER_AT, _NUMBER_WIDTH = 13, 10, 18  # pixels at 100 %


class ListBox(QComboBox):
    """A combo box that the mouse wheel scrolls past: a wheel over a form must not change what it says."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Choice(QWidget):
    """`entries`: value and text of each. `changed` carries the value that the person chose, not one that was set.

    With `segments` up to nine entries stand side by side, the keys 1 to 9 choose while one of them has the focus, and
    no entry is chosen at first; more entries make a list. Without `segments` the first entry is chosen at first.
    """

    changed = Signal(object)

    def __init__(self, name: str, entries: Sequence[tuple[object, str]], *, segments: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self._segmented = segments
        self._segments: list[_Segment] = []
        self._box: ListBox | None = None
        self._values: list[object] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = FlowLayout(self, spacing=px(8)) if segments else QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.set_entries(entries)

    def set_entries(self, entries: Sequence[tuple[object, str]]) -> None:
        """Replace the entries; the value stays if it is among them. Emits nothing."""
        chosen = self.value()
        self._values = [value for value, _text in entries]
        if self._box is not None and not self._segmented:
            self._box.clear()
            self._box.addItems([text for _value, text in entries])
            self.set_value(chosen)
            return
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        for old in (*self._segments, self._box):
            if old is not None:
                self._layout.removeWidget(old)
                old.hide()
                old.deleteLater()
        self._segments, self._box = [], None
        if self._segmented and len(entries) <= MAX_SEGMENTS:
            self._add_segments([text for _value, text in entries])
        else:
            self._add_box([text for _value, text in entries])
        self._keep_place_in_tab_ring()
        self.setAccessibleName(self.accessibleName())
        self.set_value(chosen)
        if had_focus:
            self.setFocus()

    def _keep_place_in_tab_ring(self) -> None:
        """Qt puts new widgets at the end of the window's ring, behind the button that confirms the form."""
        self.setFocusProxy(None)  # type: ignore[arg-type]
        before: QWidget = self
        for entry in (*self._segments, *filter(None, [self._box])):
            QWidget.setTabOrder(before, entry)
            before = entry

    def _add_segments(self, texts: list[str]) -> None:
        for place, text in enumerate(texts):
            segment = _Segment(place, text)
            segment.setObjectName(f"{self.objectName()}{place + 1}")
            segment.clicked.connect(self._chosen)
            segment.digit.connect(self.choose)
            self._segments.append(segment)
            self._layout.addWidget(segment)

    def _add_box(self, texts: list[str]) -> None:
        self._box = ListBox()
        self._box.setObjectName(f"{self.objectName()}List")
        self._box.addItems(texts)
        if self._segmented:
            self._box.setCurrentIndex(-1)
        self._box.activated.connect(self._chosen)
        self._layout.addWidget(self._box)

    def value(self) -> object:
        """The chosen value; None while no entry is chosen."""
        place = self._place()
        return self._values[place] if place >= 0 else None

    def text(self) -> str:
        """The chosen entry's text, empty while no entry is chosen."""
        place = self._place()
        if place < 0:
            return ""
        return self._box.itemText(place) if self._box is not None else self._segments[place].full_text

    def set_value(self, value: object) -> None:
        """Choose the entry of a value; a value without an entry leaves none chosen (in a list: the first)."""
        place = self._values.index(value) if value in self._values else -1
        if self._box is not None:
            self._box.setCurrentIndex(place if place >= 0 or self._segmented else 0)
            self.setFocusProxy(self._box)
            return
        for segment in self._segments:
            segment.setAutoExclusive(False)
            segment.setChecked(segment.place == place)
            segment.setAutoExclusive(True)
        self._set_focus_proxy()

    @Slot(int)
    def choose(self, place: int) -> None:
        """Choose an entry as the person does."""
        if 0 <= place < len(self._segments):
            self._segments[place].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._segments[place].click()

    def setAccessibleName(self, name: str) -> None:
        """Name the part; each segment is named after it too."""
        super().setAccessibleName(name)
        for segment in self._segments:
            segment.setAccessibleName(f"{name}: {segment.full_text}" if name else segment.full_text)
        if self._box is not None:
            self._box.setAccessibleName(name)

    def _place(self) -> int:
        if self._box is not None:
            return self._box.currentIndex()
        return next((segment.place for segment in self._segments if segment.isChecked()), -1)

    @Slot()
    def _chosen(self) -> None:
        if self._box is None:
            self._set_focus_proxy()
        self.changed.emit(self.value())

    def _set_focus_proxy(self) -> None:
        """Give the focus to the chosen segment, or to the first one."""
        if self._segments:
            self.setFocusProxy(self._segments[max(self._place(), 0)])


class _Segment(QRadioButton):
    """One entry, with its number at the left. `digit` carries the place that a number key stands for."""

    digit = Signal(int)

    def __init__(self, place: int, text: str) -> None:
        super().__init__(shortened(text).replace("&", "&&"))
        self.place = place
        self.full_text = text
        self.setProperty("look", "segment")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.text() in set("123456789") and held == Qt.KeyboardModifier.NoModifier:
            self.digit.emit(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        letters = font(_CAPTION, bold=True)
        metrics = QFontMetricsF(letters)
        number = str(self.place + 1)
        box = QRectF(px(_NUMBER_AT), 0, px(_NUMBER_WIDTH), self.height())
        painter = QPainter(self)
        painter.setFont(letters)
        painter.setPen(color("disabled" if not self.isEnabled() else "accent" if self.isChecked() else "text2"))
        baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(box.center().x() - metrics.horizontalAdvance(number) / 2, baseline), number)
        painter.end()
