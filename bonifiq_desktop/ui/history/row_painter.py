"""Painting of the history's rows, in the colours and letters of the tokens.

A whole row is painted by one call, with the shaped texts of its last painting: an item delegate is called for each
cell, asks the model for seven roles, and shapes every text again.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QStaticText, QTransform

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.history.model import KIND, ORDER, PERSON, STATE, VALUE, WHEN, Row
from bonifiq_desktop.ui.messages.shop_database import till_name
from bonifiq_desktop.ui.widgets.chip import TONE_TOKENS

KIND_ICONS = {
    Kind.SALE: "sale",
    Kind.REFUND: "refund",
    Kind.CANCEL: "cancel",
    Kind.COMPLETION: "check",
    Kind.RETURN: "refund",
    Kind.REDEMPTION: "gift",
    Kind.REVERSAL: "gift-off",
}
STATE_ICONS = {"success": "done", "info": "clock", "warning": "clock", "danger": "alert"}
"""The icon of a state's tone; the neutral tone has none."""
_KIND_TOKENS = {
    Kind.SALE: "success",
    Kind.REFUND: "accent",
    Kind.CANCEL: "danger",
    Kind.COMPLETION: "success",
    Kind.RETURN: "accent",
    Kind.REDEMPTION: "success",
    Kind.REVERSAL: "danger",
}
_PADDING, _ICON, _CHIP, _BAR = 8, 20, 26, 3  # pixels at 100 %
_BODY, _CAPTION = 15, 13
_MAX_SHAPED = 200  # rows, several screenfuls


@dataclass(frozen=True)
class _Shaped:
    """A text as it is painted: shortened for its column, at a place from the row's left upper corner."""

    text: QStaticText
    at: QPointF
    font: QFont
    ink: QColor


@dataclass(frozen=True)
class _ShapedRow:
    row: Row
    texts: tuple[_Shaped, ...]
    pictures: tuple[tuple[QPointF, QPixmap], ...]


class RowPainter:
    """Paints rows of one width and look; made anew when either changes. `columns`: left edge and width of each.

    `ratio`: device pixels per pixel.
    """

    def __init__(self, columns: dict[int, tuple[int, int]], height: int, ratio: float) -> None:
        self._columns = columns
        self._ratio = ratio
        self._chips: dict[tuple[str, str], QPixmap] = {}
        self._height = height
        self._width = max(left + width for left, width in columns.values())
        self._shaped: dict[int, _ShapedRow] = {}
        self._padding, self._stroke, self._bar = theme.px(_PADDING), theme.stroke(), theme.px(_BAR)
        self._text, self._muted, self._line = theme.color("text"), theme.color("text2"), theme.color("line")
        self._accent, self._selected = theme.color("accent"), theme.color("accentSoft")
        self._body, self._strong = theme.font(_BODY), theme.font(_BODY, bold=True)
        self._caption = theme.font(_CAPTION, bold=True)
        self._metrics = {id(font): QFontMetrics(font) for font in (self._body, self._strong, self._caption)}
        self._icons = {kind: theme.pixmap(name, _KIND_TOKENS[kind], _ICON) for kind, name in KIND_ICONS.items()}
        self._tones = {tone: (theme.color(name), theme.color(f"{name}Soft")) for tone, name in TONE_TOKENS.items()}
        self._neutral = (self._muted, theme.color("surface2"))
        self._has_chip_outline = theme.look() == "contrast"

    def paint(self, painter: QPainter, top: int, row: Row | None, *, selected: bool) -> None:
        """Paint one row; None: its page is loaded again."""
        if selected:
            painter.fillRect(0, top, self._width, self._height, self._selected)
            painter.fillRect(0, top, self._bar, self._height, self._accent)
        painter.fillRect(0, top + self._height - self._stroke, self._width, self._stroke, self._line)
        if row is None:
            return
        shaped = self._shaped_row(row)
        origin = QPointF(0, top)
        for place, picture in shaped.pictures:
            painter.drawPixmap(place + origin, picture)
        for part in shaped.texts:
            painter.setFont(part.font)
            painter.setPen(part.ink)
            painter.drawStaticText(part.at + origin, part.text)

    def _shaped_row(self, row: Row) -> _ShapedRow:
        number = row.operation.operation_id
        shaped = self._shaped.get(number)
        if shaped is None or shaped.row is not row:
            if len(self._shaped) >= _MAX_SHAPED:
                self._shaped.clear()
            shaped = self._shaped[number] = self._shape(row)
        return shaped

    def _shape(self, row: Row) -> _ShapedRow:
        painted = {column: row.texts[column] for column in self._columns if column not in {KIND, STATE}}
        if PERSON in painted:
            painted[PERSON] = row.operation.registered_by  # the till stands below the order
        texts = [self._shape_text(column, text) for column, text in painted.items() if text and column != ORDER]
        texts += self._shape_order(row)
        icon, chip = self._icons[row.operation.kind], self._chip(row.texts[STATE], row.tone)
        left, width = self._columns[KIND]
        icon_left = left + (width - icon.deviceIndependentSize().width()) / 2
        chip_left = self._columns[STATE][0] + self._padding / 2
        pictures = (self._picture_at(icon_left, icon), self._picture_at(chip_left, chip))
        return _ShapedRow(row, tuple(texts), pictures)

    def _shape_order(self, row: Row) -> list[_Shaped]:
        """The order's number; below it the other till that registered."""
        order = self._shape_text(ORDER, row.texts[ORDER])
        if not row.operation.till:
            return [order]
        left, width = self._columns[ORDER]
        room = width - 2 * self._padding
        text, _width = self._static(till_name(row.operation.till), self._caption, room, Qt.TextElideMode.ElideRight)
        both = order.text.size().height() + text.size().height()
        top = (self._height - both) / 2
        below = QPointF(left + self._padding, top + order.text.size().height())
        return [replace(order, at=QPointF(order.at.x(), top)), _Shaped(text, below, self._caption, self._muted)]

    def _picture_at(self, x: float, picture: QPixmap) -> tuple[QPointF, QPixmap]:
        return QPointF(x, (self._height - picture.deviceIndependentSize().height()) / 2), picture

    def _shape_text(self, column: int, text: str) -> _Shaped:
        left, width = self._columns[column]
        is_strong = column in {ORDER, VALUE}
        font = self._strong if is_strong else self._body
        # The end of a long order number tells it from its neighbours.
        mode = Qt.TextElideMode.ElideLeft if column == ORDER else Qt.TextElideMode.ElideRight
        made, size = self._static(text, font, width - 2 * self._padding, mode)
        x = left + width - self._padding - size if column == VALUE else left + self._padding
        return _Shaped(made, self._at(x, made), font, self._text if is_strong or column == WHEN else self._muted)

    def _chip(self, text: str, tone: str) -> QPixmap:
        """The picture of a state, which many rows have in common."""
        made = self._chips.get((text, tone))
        if made is None:
            made = self._chips[text, tone] = self._paint_chip(text, tone)
        return made

    def _paint_chip(self, text: str, tone: str) -> QPixmap:
        ink, back = self._tones.get(tone, self._neutral)
        room = self._columns[STATE][1] - 3 * self._padding
        shaped, width = self._static(text, self._caption, room, Qt.TextElideMode.ElideRight)
        size = QSizeF(width + 2 * self._padding, theme.px(_CHIP))
        made = QPixmap((size * self._ratio).toSize())
        made.setDevicePixelRatio(self._ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(ink if self._has_chip_outline else Qt.PenStyle.NoPen)
        painter.setBrush(back)
        box = QRectF(QPointF(0, 0), size).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(ink)
        painter.setFont(self._caption)
        painter.drawStaticText(QPointF(self._padding, (size.height() - shaped.size().height()) / 2), shaped)
        painter.end()
        return made

    def _static(self, text: str, font: QFont, room: int, mode: Qt.TextElideMode) -> tuple[QStaticText, float]:
        made = _static_text(text, font)
        if made.size().width() > room:
            made = _static_text(self._metrics[id(font)].elidedText(text, mode, room), font)
        return made, made.size().width()

    def _at(self, x: float, text: QStaticText) -> QPointF:
        return QPointF(x, (self._height - text.size().height()) / 2)


def _static_text(text: str, font: QFont) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(QTransform(), font)
    return made
