"""Draw every part of the window in every state, one picture for each look, into the folder given.

`QT_SCALE_FACTOR` sets the screen's scale; the picture's name has it.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.ui import theme
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton, KeyCap
from bonifiq_desktop.ui.widgets.chip import Chip
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.empty_state import EmptyState
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout
from bonifiq_desktop.ui.widgets.forms import captions_above, text_field
from bonifiq_desktop.ui.widgets.icon_view import IconView
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.money_field import MoneyField
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.ui.widgets.tables import amount_item, set_headings, style_table
from bonifiq_desktop.ui.widgets.toast import Toast

_LOOKS = ("primary", "secondary", "danger", "dangerGhost", "ghost")
_TONES = {"success": "Devolvido", "info": "Em andamento", "warning": "Sendo confirmado", "danger": "Precisa de decisão"}
_ICONS = {"success": "done", "info": "clock", "warning": "question", "danger": "alert", "neutral": ""}
_TYPE = ("caption", "muted", "", "hint", "section", "title", "figure", "hero")
_WIDTH = 1180


_STATES = ("", "hover", "focus", "disabled")


class Gallery(QMainWindow):
    """One page of cards. Only one widget has the focus at a time: a part with the focus is a picture of it."""

    def __init__(self, look: str, scale: int) -> None:
        super().__init__()
        theme.apply_style(self, look, scale)
        page = QWidget()
        self._layout = QVBoxLayout(page)
        self._hovered: list[QWidget] = []
        self._focused: list[tuple[QVBoxLayout, QWidget]] = []
        for name, section in _SECTIONS.items():
            frame, inside = card()
            inside.addWidget(label(name, "section"))
            row = QWidget()
            flow = FlowLayout(row, spacing=px(12))
            for caption, part in section():
                flow.addWidget(self._cell(caption, part))
            inside.addWidget(row)
            self._layout.addWidget(frame)
        self.setCentralWidget(page)
        self.resize(px(_WIDTH), px(_WIDTH))
        self.show()
        QTest.qWaitForWindowActive(self)
        for layout, part in self._focused:
            part.setFocus(Qt.FocusReason.TabFocusReason)
            QTest.qWait(1)
            picture = QLabel()
            picture.setPixmap(part.grab())
            layout.replaceWidget(part, picture)
            part.hide()
        self.resize(px(_WIDTH), self._layout.totalHeightForWidth(px(_WIDTH)))
        for part in self._hovered:
            part.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        QTest.qWait(50)

    def _cell(self, caption: str, part: QWidget) -> QWidget:
        """A part in the state that its caption ends with, and the caption below."""
        cell = QWidget()
        layout = QVBoxLayout(cell)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        part.setVisible(True)
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(label(caption, "caption"))
        state = caption.rsplit(" ", 1)[-1]
        if state == "hover":
            self._hovered.append(part)
        elif state == "disabled":
            part.setEnabled(False)
        elif state == "focus":
            self._focused.append((layout, part))
        return cell


def _in_states(name: str, make: Callable[[], QWidget]) -> Iterator[tuple[str, QWidget]]:
    for state in _STATES:
        yield f"{name} {state}".strip(), make()


def _buttons() -> Iterator[tuple[str, QWidget]]:
    for look in _LOOKS:
        yield from _in_states(look, lambda look=look: ActionButton("x", "Devolver", "F6", look=look, icon="refund"))
    yield "tall", ActionButton("x", "Devolver R$ 49,90", "Enter", look="primary", tall=True)
    yield "without key", ActionButton("x", "Imprimir", icon="print")
    yield "long key", ActionButton("x", "Registrar", "Ctrl+Enter")
    yield from ((f"cap {key}", KeyCap(key)) for key in ("F2", "Esc", "Espaço"))


def _chips() -> Iterator[tuple[str, QWidget]]:
    for tone, icon in _ICONS.items():
        for kind in (icon, ""):
            chip = Chip()
            chip.show_chip(tone, _TONES.get(tone, "Retirado"), kind)
            yield tone, chip


def _notices() -> Iterator[tuple[str, QWidget]]:
    for tone in _ICONS:
        notice = Notice("x")
        notice.setFixedWidth(px(540))
        notice.say(
            tone, f"{_TONES.get(tone, 'Retirado')} no pedido 1001", "R$ 49,90 voltam para o cliente.", "Veja o F4."
        )
        yield tone, notice


def _field(text: str = "", look: str = "", *, wrong: bool = False) -> QLineEdit:
    made = text_field("x")
    made.setPlaceholderText("CPF, telefone ou e-mail")
    made.setText(text)
    made.setProperty("look", look)
    made.setProperty("wrong", "true" if wrong else "false")
    made.setMinimumWidth(px(220))
    return made


def _amount(look: str) -> MoneyField:
    made = MoneyField("x")
    made.setProperty("look", look)
    made.set_value(4990)
    return made


def _fields() -> Iterator[tuple[str, QWidget]]:
    yield from _in_states("text", lambda: _field("Maria Aparecida"))
    yield "empty", _field()
    yield "wrong", _field("123", wrong=True)
    yield "look-up", _field("1001", "big")
    yield "amount", _amount("money")
    yield "hero amount", _amount("hero")
    yield from _in_states("list", lambda: Choice("x", [("v", "Cartão de crédito Visa")], segments=False))
    caption = QWidget()
    grid: QGridLayout = captions_above(("Nome", _field("Ana"), 0, 0, 1), ("Telefone", _field(), 0, 1, 1))
    caption.setLayout(grid)
    yield "captions", caption


def _choices() -> Iterator[tuple[str, QWidget]]:
    def make() -> Choice:
        choice = Choice("x", [(text, text) for text in ("Devolveu", "Defeito", "Troca", "Erro")])
        choice.setFixedWidth(px(540))
        choice.set_value("Defeito")
        return choice

    yield from _in_states("segments", make)
    for kind in (QCheckBox, QRadioButton):
        for ticked in (False, True):

            def make_box(kind: type[QCheckBox] | type[QRadioButton] = kind, *, ticked: bool = ticked) -> QWidget:
                box = kind("Cliente aceita participar")
                box.setChecked(ticked)
                return box

            yield from _in_states("on" if ticked else "off", make_box)


def _tables() -> Iterator[tuple[str, QWidget]]:
    table = QTableWidget(3, 3)
    style_table(table, 48)
    set_headings(table, ["Produto", "Código", "Valor"], amounts={2})
    for row, (name, value) in enumerate((("Camiseta básica", "49,90"), ("Bermuda sarja", "65,10"), ("Meia", "14,90"))):
        table.setItem(row, 0, QTableWidgetItem(name))
        table.setItem(row, 1, QTableWidgetItem(f"P{row}"))
        table.setItem(row, 2, amount_item(value))
    table.selectRow(1)
    table.setFixedSize(px(440), px(210))
    yield "table", table


def _icons() -> Iterator[tuple[str, QWidget]]:
    for file in sorted(resource("icons/check.svg").parent.glob("*.svg")):
        if file.stem != "bonifiq-desktop" and not file.stem.startswith("sheet-"):
            yield file.stem, IconView(file.stem, "text", 24)


def _letters() -> Iterator[tuple[str, QWidget]]:
    for look in _TYPE:
        yield look or "body", label("R$ 1.234,56", look)


def _colours() -> Iterator[tuple[str, QWidget]]:
    for token in ("bg", "surface", "surface2", "line", "lineStrong", "text", "text2", "accent", "accentSoft"):
        yield token, _swatch(token)
    for token in ("success", "successSoft", "warning", "warningSoft", "danger", "dangerSoft", "training", "disabled"):
        yield token, _swatch(token)


def _swatch(token: str) -> QFrame:
    made = QFrame()
    made.setAutoFillBackground(True)
    palette = made.palette()
    palette.setColor(made.backgroundRole(), theme.color(token))
    made.setPalette(palette)
    made.setFixedSize(px(72), px(40))
    return made


def _empty() -> Iterator[tuple[str, QWidget]]:
    state = EmptyState("history", "Nada registrado hoje neste caixa.", ActionButton("x", "Nova venda", "F3"))
    state.setFixedSize(px(480), px(220))
    yield "empty", state


_SECTIONS = {
    "Tipos": _letters,
    "Cores": _colours,
    "Botões": _buttons,
    "Estados": _chips,
    "Avisos": _notices,
    "Campos": _fields,
    "Escolhas": _choices,
    "Listas": _tables,
    "Vazio": _empty,
    "Ícones": _icons,
}


def _sheet_over_page(look: str, scale: int) -> QPixmap:
    """A sheet and a toast over a page with the training mark."""
    window = QMainWindow()
    theme.apply_style(window, look, scale)
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(label("TREINAMENTO: nada aqui vale.", name="trainingMark"))
    body = QHBoxLayout()
    body.setContentsMargins(px(24), px(24), px(24), px(24))
    frame, inside = card()
    inside.addWidget(label("Pedido 1001", "title"))
    inside.addStretch(1)
    body.addWidget(frame)
    layout.addLayout(body, 1)
    window.setCentralWidget(page)
    window.resize(px(900), px(520))
    window.show()
    QTest.qWaitForWindowActive(window)
    Toast.show_in(window, "Formulário limpo.", lambda: None)
    sheet = Sheet(window, "x", "Fechar", 520)
    leave = ActionButton("a", "Fechar", "Enter", look="primary", tall=True)
    stay = ActionButton("b", "Voltar", "Esc", tall=True)
    text = "Dois registros ainda estão em andamento. Eles continuam quando o programa for aberto de novo."
    sheet.fill(paragraph("Fechar mesmo assim?", "title"), paragraph(text), button_row(stay, right=(leave,)))
    sheet.open()
    QTest.qWait(20)
    picture = window.grab()
    window.close()
    return picture


def draw(out: Path) -> None:
    """Draw the gallery in each look, and once in the largest size. Raises OSError where a picture is not written."""
    application = QApplication([sys.argv[0], "-style", "Fusion"])
    theme.set_font(application)
    factor = os.environ.get("QT_SCALE_FACTOR", "1")
    out.mkdir(parents=True, exist_ok=True)
    for look, scale in (*((look, 100) for look in theme.LOOKS), ("light", 130)):
        gallery = Gallery(look, scale)
        name = f"{look}-{scale}-at-{float(factor):.0%}"
        for kind, picture in (("parts", gallery.grab()), ("sheet", _sheet_over_page(look, scale))):
            if not picture.save(str(out / f"{kind}-{name}.png")):
                raise OSError(f"{name} was not written")
        gallery.close()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
