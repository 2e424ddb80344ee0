"""List of rows: icon, title, detail, note, amount and chip. Only the visible rows are painted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.widgets.chip import TONE_TOKENS
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import shortened

_Index = QModelIndex | QPersistentModelIndex
_ROW_ROLE = Qt.ItemDataRole.UserRole
_ROW_HEIGHT, _HEADING_HEIGHT = 48, 40
_MARGIN, _GAP, _ICON, _BAR, _CHIP_PADDING = 12, 12, 20, 3, 8
_BODY, _ROW, _CAPTION = 15, 17, 13
_MAX_TITLE = 0.45  # of the room that title and detail share
_NARROW = 300  # pixels at 100 %; in less room the detail goes below the title
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Row:
    """One row. `target`: what the row stands for; None for a row that cannot be chosen. `tone`: colour of the chip.

    `spoken`: read aloud in place of the title.
    """

    title: str
    detail: str = ""
    note: str = ""
    amount: str = ""
    chip: str = ""
    tone: str = "neutral"
    icon: str = ""
    target: object = None
    is_heading: bool = False
    spoken: str = ""

    @property
    def sentence(self) -> str:
        """The row as it is read aloud."""
        title = self.spoken or self.title
        return ", ".join(part for part in (title, self.detail, self.amount, self.note, self.chip) if part)


class _RowModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.sentence
            case _:
                return row if role == _ROW_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.rows[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _RowDelegate(QStyledItemDelegate):
    """Paints rows in columns of one width. `two_lines`: the detail stands below the title."""

    def __init__(self, parent: QWidget, *, two_lines: bool) -> None:
        super().__init__(parent)
        self._two_lines = two_lines
        self._title = self._note = self._amount = self._chip = 0

    def measure(self, rows: Sequence[Row]) -> None:
        """Set the width of each column to that of its widest text, and a pixel for its fractions."""
        rows = [row for row in rows if not row.is_heading]
        bold, plain, small = self._metrics(_ROW, bold=True), self._metrics(_BODY), self._metrics(_CAPTION, bold=True)
        self._title = max((bold.horizontalAdvance(shortened(row.title)) for row in rows), default=0)
        self._amount = max((bold.horizontalAdvance(row.amount) + 1 for row in rows if row.amount), default=0)
        self._note = max((plain.horizontalAdvance(row.note) + 1 for row in rows if row.note), default=0)
        self._chip = max((_chip_width(small, row.chip) for row in rows), default=0)

    @staticmethod
    def _metrics(pixels: int, *, bold: bool = False) -> QFontMetrics:
        return QFontMetrics(theme.font(pixels, bold=bold))

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: Row = index.data(_ROW_ROLE)
        return QSize(0, theme.px(_HEADING_HEIGHT if row.is_heading else _ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: Row = index.data(_ROW_ROLE)
        area: QRect = option.rect
        painter.save()
        if row.is_heading:
            text = area.adjusted(theme.px(_MARGIN), 0, -theme.px(_MARGIN), -4)
            _draw(painter, text, row.title, "text2", _CAPTION, bold=True, align=Qt.AlignmentFlag.AlignBottom)
        else:
            self._paint_background(painter, option, area)
            self._paint_row(painter, area, row)
        painter.restore()

    @staticmethod
    def _paint_background(painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        state: QStyle.StateFlag = option.state
        margin = theme.px(_MARGIN)
        rule = QRect(area.left() + margin, area.bottom(), area.width() - 2 * margin, 1)
        painter.fillRect(rule, theme.color("line"))
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("accentSoft"))
            painter.fillRect(QRect(area.left(), area.top(), theme.px(_BAR), area.height()), theme.color("accent"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.color("surface2"))

    def _paint_row(self, painter: QPainter, area: QRect, row: Row) -> None:
        room = area.adjusted(theme.px(_MARGIN), 0, -theme.px(_MARGIN), 0)
        if row.icon:
            size = theme.px(_ICON)
            top = area.top() + (area.height() - size) // 2
            painter.drawPixmap(room.left(), top, theme.pixmap(row.icon, "text2", _ICON))
            room.setLeft(room.left() + size + theme.px(_GAP))
        # A row that names a system has neither amount nor note: its name takes their room.
        has_figures = bool(row.amount or row.note)
        if self._chip:
            self._paint_chip(painter, _cut_right(room, self._chip), row)
        if self._amount and has_figures:
            _draw(painter, _cut_right(room, self._amount), row.amount, "text", _ROW, bold=True, align=_RIGHT)
        if self._note and has_figures:
            _draw(painter, _cut_right(room, self._note), row.note, "text2", _BODY, align=_RIGHT)
        self._paint_texts(painter, room, row)

    def _paint_texts(self, painter: QPainter, room: QRect, row: Row) -> None:
        title = shortened(row.title)
        if not row.detail:
            _draw(painter, room, title, "text", _ROW, bold=not self._two_lines)
        elif self._two_lines or room.width() < theme.px(_NARROW):
            middle = room.center().y()
            upper, lower = QRect(room), QRect(room)
            upper.setBottom(middle + 2)
            lower.setTop(middle + 2)
            _draw(painter, upper, title, "text", _ROW, bold=not self._two_lines, align=Qt.AlignmentFlag.AlignBottom)
            _draw(painter, lower, row.detail, "text2", _CAPTION, align=Qt.AlignmentFlag.AlignTop)
        else:
            left = QRect(room)
            left.setWidth(min(self._title + 1, int(room.width() * _MAX_TITLE)))
            _draw(painter, left, title, "text", _ROW, bold=True)
            room.setLeft(left.right() + theme.px(_GAP))
            _draw(painter, room, row.detail, "text2", _BODY)

    @staticmethod
    def _paint_chip(painter: QPainter, place: QRect, row: Row) -> None:
        if not row.chip:
            return
        font = theme.font(_CAPTION, bold=True)
        metrics = QFontMetrics(font)
        height = metrics.height() + 6
        chip = QRect(0, 0, _chip_width(metrics, row.chip), height)
        chip.moveTo(place.left(), place.top() + (place.height() - height) // 2)
        text = TONE_TOKENS.get(row.tone, "text2")
        back = f"{text}Soft" if row.tone in TONE_TOKENS else "surface2"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("edge"))
        painter.setBrush(theme.color(back))
        painter.drawRoundedRect(chip, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(theme.color(text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, row.chip)


def _cut_right(room: QRect, width: int) -> QRect:
    """Take a column off the right end of the room."""
    column = QRect(room.right() + 1 - width, room.top(), width, room.height())
    room.setRight(column.left() - 1 - theme.px(_GAP))
    return column


def _chip_width(metrics: QFontMetrics, text: str) -> int:
    return metrics.horizontalAdvance(text) + 2 * theme.px(_CHIP_PADDING) if text else 0


def _draw(
    painter: QPainter,
    place: QRect,
    text: str,
    token: str,
    pixels: int,
    *,
    bold: bool = False,
    align: Qt.AlignmentFlag = _LEFT,
) -> None:
    font = theme.font(pixels, bold=bold)
    painter.setFont(font)
    painter.setPen(theme.color(token))
    one_line = QFontMetrics(font).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, align, one_line)


class RowList(QListView):
    """`chosen` carries the target of the row that was clicked, or that Enter was pressed on."""

    chosen = Signal(object)

    def __init__(self, name: str, accessible: str, *, two_lines: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setProperty("look", "rows")
        self._model = _RowModel(self)
        self._delegate = _RowDelegate(self, two_lines=two_lines)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda _index: self.choose())

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._model.rows

    def show_rows(self, rows: Sequence[Row], current: int = -1) -> None:
        """Show other rows. `current`: the row to select; for -1 the first one becomes current without a selection."""
        self._model.set_rows(rows)
        self._delegate.measure(rows)
        first = next((place for place, row in enumerate(rows) if not row.is_heading), -1)
        if current >= 0:
            self.setCurrentIndex(self._model.index(current))
        elif first >= 0:
            self.selectionModel().setCurrentIndex(self._model.index(first), QItemSelectionModel.SelectionFlag.NoUpdate)

    def step(self, rows: int) -> None:
        """Select the next row that can be chosen, that many rows on."""
        places = [place for place, row in enumerate(self.rows) if row.target is not None]
        if not places:
            return
        present = self.currentIndex().row()
        if present not in places or not self.selectionModel().hasSelection():
            place = places[0 if rows > 0 else -1]
        else:
            place = places[min(max(places.index(present) + rows, 0), len(places) - 1)]
        self.setCurrentIndex(self._model.index(place))
        if place == places[0]:
            self.scrollToTop()  # with its heading

    def current_target(self) -> object:
        index = self.currentIndex()
        return self.rows[index.row()].target if index.isValid() and self.selectionModel().isSelected(index) else None

    def choose(self) -> None:
        """Emit the target of the current row, if there is one."""
        target = self.current_target()
        if target is not None:
            self.chosen.emit(target)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentIndex().isValid():
            self.setCurrentIndex(self.currentIndex())  # selects it, so that Enter chooses what is marked

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self.choose()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._delegate.measure(self.rows)
            self.scheduleDelayedItemsLayout()
