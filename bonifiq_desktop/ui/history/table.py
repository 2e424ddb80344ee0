"""Table of the history: a delegate that paints each cell from the model's row, and columns that fit the width."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.history.model import CUSTOMER, KIND, ORDER, PERSON, STATE, VALUE, WHEN, HistoryModel, Row
from bonifiq_desktop.ui.widgets.chip import TONE_TOKENS
from bonifiq_desktop.ui.widgets.tables import style_table

KIND_ICONS = {Kind.SALE: "sale", Kind.REFUND: "refund", Kind.CANCEL: "cancel", Kind.COMPLETION: "check"}
STATE_ICONS = {"success": "done", "info": "clock", "warning": "clock", "danger": "alert"}
"""The icon of a state's tone; the neutral tone has none."""
_KIND_TOKENS = {Kind.SALE: "success", Kind.REFUND: "accent", Kind.CANCEL: "danger", Kind.COMPLETION: "success"}
_ROW, _PADDING, _ICON, _CHIP, _BAR = 48, 8, 20, 26, 3  # pixels at 100 %
_BODY, _CAPTION = 15, 13
_WIDTHS = {WHEN: 104, KIND: 40, CUSTOMER: 120, PERSON: 84, VALUE: 112, STATE: 168}  # pixels at 100 %
_MIN_ORDER = 120  # pixels at 100 %
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_HasFocus


class _Ink:
    """Colours, fonts and icons of the current look and size, made once per paint of the table."""

    def __init__(self) -> None:
        self.text, self.muted = theme.color("text"), theme.color("text2")
        self.line, self.bar, self.focus = theme.color("line"), theme.color("accent"), theme.color("focus")
        self.selected, self.surface = theme.color("accentSoft"), theme.color("surface")
        self.body, self.strong = theme.font(_BODY), theme.font(_BODY, bold=True)
        self.caption = theme.font(_CAPTION, bold=True)
        self.body_metrics, self.caption_metrics = QFontMetrics(self.body), QFontMetrics(self.caption)
        self.icons: dict[Kind, QPixmap] = {
            kind: theme.pixmap(name, _KIND_TOKENS[kind], _ICON) for kind, name in KIND_ICONS.items()
        }
        self.tones: dict[str, tuple[QColor, QColor]] = {
            tone: (theme.color(token), theme.color("accentSoft" if token == "accent" else f"{token}Soft"))
            for tone, token in TONE_TOKENS.items()
        }
        self.neutral = (self.muted, theme.color("surface2"))
        self.padding, self.stroke = theme.px(_PADDING), theme.stroke()


class RowDelegate(QStyledItemDelegate):
    """Paints one cell in one call, and asks the model's rows instead of its roles."""

    def __init__(self, model: HistoryModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._model = model
        self._look: tuple[str, int] | None = None
        self._ink: _Ink

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(_MIN_ORDER), theme.px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = (theme.look(), theme.scale())
        if look != self._look:
            self._look, self._ink = look, _Ink()
        ink, column = self._ink, index.column()
        rect, state = option.rect, option.state
        if state & _SELECTED:
            painter.fillRect(rect, ink.selected)
            if column == WHEN:
                painter.fillRect(rect.x(), rect.y(), theme.px(_BAR), rect.height(), ink.bar)
        painter.fillRect(rect.x(), rect.bottom() + 1 - ink.stroke, rect.width(), ink.stroke, ink.line)
        row = self._model.row(index.row())
        if row is None:
            return
        if column == KIND:
            icon = ink.icons[row.kind]
            size = icon.deviceIndependentSize()
            center = QRectF(rect).center()
            painter.drawPixmap(QPointF(center.x() - size.width() / 2, center.y() - size.height() / 2), icon)
        elif column == STATE:
            self._paint_chip(painter, option, row)
        else:
            self._paint_text(painter, option, row, column)

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, column: int) -> None:
        ink = self._ink
        text = row.texts[column]
        if not text:
            return
        rect = option.rect.adjusted(ink.padding, 0, -ink.padding, 0)
        metrics = ink.body_metrics
        if metrics.horizontalAdvance(text) > rect.width():
            # The end of a long order number tells it from its neighbours.
            mode = Qt.TextElideMode.ElideLeft if column == ORDER else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(text, mode, rect.width())
        is_strong = column in {ORDER, VALUE}
        painter.setFont(ink.strong if is_strong else ink.body)
        painter.setPen(ink.text if is_strong or column == WHEN else ink.muted)
        x = rect.right() + 1 - _advance(ink.strong, text) if column == VALUE else rect.x()
        painter.drawText(QPointF(x, rect.y() + (rect.height() + metrics.ascent() - metrics.descent()) / 2), text)

    def _paint_chip(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        ink = self._ink
        metrics, rect = ink.caption_metrics, option.rect
        room = rect.width() - 4 * ink.padding
        text = metrics.elidedText(row.texts[STATE], Qt.TextElideMode.ElideRight, room)
        colour, soft = ink.tones.get(row.tone, ink.neutral)
        height = theme.px(_CHIP)
        box = QRectF(
            rect.x() + ink.padding,
            rect.y() + (rect.height() - height) / 2,
            metrics.horizontalAdvance(text) + 2 * ink.padding,
            height,
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colour if theme.look() == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(colour)
        painter.setFont(ink.caption)
        baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(box.x() + ink.padding, baseline), text)


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)


class HistoryTable(QTableView):
    """The order stretches; in a narrow table the person and then the customer are left to the details."""

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self.setObjectName("historyTable")
        self.setModel(model)
        style_table(self, theme.px(_ROW))
        self.setAlternatingRowColors(False)
        self.setItemDelegate(RowDelegate(model, self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(ORDER, QHeaderView.ResizeMode.Stretch)
        self._scale = 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        header = self.horizontalHeader()
        if self._scale != theme.scale():
            self._scale = theme.scale()
            self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
            header.setMinimumSectionSize(theme.px(_WIDTHS[KIND]))
            for column, width in _WIDTHS.items():
                header.resizeSection(column, theme.px(width))
        free = self.viewport().width() - theme.px(_MIN_ORDER + sum(_WIDTHS.values()))
        without_person = free + theme.px(_WIDTHS[PERSON])
        self.setColumnHidden(PERSON, free < 0)
        self.setColumnHidden(CUSTOMER, without_person < 0)
