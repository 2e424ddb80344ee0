"""Row of an order's item: tick, name on two lines, what was paid, what came back, and the value."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from bonifiq_desktop.ui.theme import color, font, pixmap, px, stroke

LINE_ROLE = Qt.ItemDataRole.UserRole + 40
"""The role of an `ItemLine`. The tick is the item's CheckStateRole, and is missing where nothing can be ticked."""

Index = QModelIndex | QPersistentModelIndex

_FIELD, _BODY, _CAPTION, _TICK = 17, 15, 13, 22  # pixels at 100 %
_PADDING, _GAP, _AMOUNT, _BAR, _HEIGHT = 12, 12, 104, 3, 60
_TICKABLE = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled


@dataclass(frozen=True)
class ItemLine:
    """`detail`: the second line. `returned`: in place of the tick, for what cannot be ticked again."""

    name: str
    detail: str = ""
    paid: str = ""
    returned: str = ""
    value: str = ""


class ItemRowDelegate(QStyledItemDelegate):
    """For a list view whose rows have an `ItemLine`. A click anywhere in the row, or Space, ticks it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(px(320), px(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LINE_ROLE)
        area = QRect(option.rect)
        state = option.state
        is_enabled = bool(state & QStyle.StateFlag.State_Enabled)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, color("accentSoft"))
            painter.fillRect(QRect(area.left(), area.top(), px(_BAR), area.height()), color("accent"))
        painter.setPen(QPen(color("line"), stroke()))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        inner = area.adjusted(px(_PADDING), 0, -px(_PADDING), 0)
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            inner = self._paint_tick(painter, inner, index)
        elif line.returned:
            inner = self._paint_icon(painter, inner)
        ink = "text" if is_enabled else "text2"
        inner = self._paint_amount(painter, inner, line.value, _FIELD, ink, bold=True)
        inner = self._paint_amount(painter, inner, line.paid, _BODY, "text2", bold=False)
        self._paint_name(painter, inner, line, ink)
        painter.restore()

    @staticmethod
    def _paint_tick(painter: QPainter, area: QRect, index: Index) -> QRect:
        box = QRect(area.left(), area.center().y() - px(_TICK) // 2, px(_TICK), px(_TICK))
        is_ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is not Qt.CheckState.Unchecked
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color("accent" if is_ticked else "lineStrong"), 2))
        painter.setBrush(color("accent" if is_ticked else "surface"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        if is_ticked:
            painter.drawPixmap(box.topLeft(), pixmap("check", "onAccent", _TICK))
        return area.adjusted(box.width() + px(_GAP), 0, 0, 0)

    @staticmethod
    def _paint_icon(painter: QPainter, area: QRect) -> QRect:
        painter.drawPixmap(area.left(), area.center().y() - px(_TICK) // 2, pixmap("refund", "text2", _TICK))
        return area.adjusted(px(_TICK + _GAP), 0, 0, 0)

    @staticmethod
    def _paint_amount(painter: QPainter, area: QRect, text: str, size: int, ink: str, *, bold: bool) -> QRect:
        if not text:
            return area
        letters = font(size, bold=bold)
        painter.setFont(letters)
        painter.setPen(color(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        width = max(px(_AMOUNT), QFontMetrics(letters).horizontalAdvance(text)) + px(_GAP)
        return area.adjusted(0, 0, -width, 0)

    @staticmethod
    def _paint_name(painter: QPainter, area: QRect, line: ItemLine, ink: str) -> None:
        below = " · ".join(filter(None, (line.detail, line.returned)))
        lines: list[tuple[str, QFont, str]] = [(line.name, font(_FIELD), ink)]
        if below:
            lines.append((below, font(_CAPTION), "text2"))
        heights = [QFontMetrics(letters).height() for _text, letters, _ink in lines]
        top = area.center().y() - sum(heights) / 2
        for (text, letters, colour), height in zip(lines, heights, strict=True):
            metrics = QFontMetrics(letters)
            painter.setFont(letters)
            painter.setPen(color(colour))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(QPointF(area.left(), top + metrics.ascent()), shown)
            top += height

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: Index,
    ) -> bool:
        """Tick the row by a click anywhere in it or by Space."""
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        is_click = event.type() == QEvent.Type.MouseButtonRelease
        stored = index.data(Qt.ItemDataRole.CheckStateRole)
        if not (is_click or is_space) or stored is None or (model.flags(index) & _TICKABLE) != _TICKABLE:
            return False
        is_ticked = Qt.CheckState(stored) is Qt.CheckState.Checked
        ticked = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        return model.setData(index, ticked, Qt.ItemDataRole.CheckStateRole)
