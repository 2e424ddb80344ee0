"""Parts of the look-up page: a customer's initials, and the column at the right."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from bonifiq_desktop.ui import theme

_BADGE, _LETTERS, _COLUMN = 44, 17, 360  # pixels at 100 %


class Initials(QWidget):
    """The initials of a name in a circle. Decoration: the name stands beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str) -> None:
        """`MS` for Maria Aparecida dos Santos; hidden without a letter."""
        words = [word for word in name.split() if word[0].isalpha()]
        self._text = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else ""
        self.setVisible(bool(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(_BADGE), theme.px(_BADGE))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("accentSoft"))
        painter.setPen(theme.color("edge"))
        inset = theme.stroke()
        painter.drawEllipse(self.rect().adjusted(inset, inset, -inset, -inset))
        painter.setPen(theme.color("accent"))
        painter.setFont(theme.font(_LETTERS, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()


class SideColumn(QScrollArea):
    """A column of one width, which scrolls on a small screen. It is no stop of the Tab key."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        content.setObjectName("page")
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(theme.px(_COLUMN))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFixedWidth(theme.px(_COLUMN))
