"""Two equal columns: an order as this till registered it, and as the system shows it now; differences stand out."""

from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.ui.messages.formats import date_and_time, order_state
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel

_GAP, _PADDING = 8, 12  # pixels at 100 %
_MAX_VALUE = 60  # characters


@dataclass(frozen=True)
class _Fact:
    """One line of the comparison; an empty text is not known there."""

    name: str
    caption: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether both are known and do not agree. This till keeps only the first name of a customer."""
        ours, theirs = self.ours.casefold(), self.theirs.casefold()
        return bool(ours and theirs) and not theirs.startswith(ours)


class Comparison(QWidget):
    """`reviewOurs<Name>` and `reviewTheirs<Name>` hold the values, `differs` as a dynamic property tells them apart."""

    def __init__(self, ours: Order | None) -> None:
        super().__init__()
        self._ours = ours
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(px(_GAP))
        self._cells: dict[str, tuple[_Cell, _Cell]] = {}
        for column, heading in enumerate(
            (
                translate("ReviewPage", "O que este caixa registrou"),
                translate("ReviewPage", "O que o BonifiQ diz agora"),
            )
        ):
            self._grid.addWidget(paragraph(heading, "section"), 0, column)
            self._grid.setColumnStretch(column, 1)
        for number, fact in enumerate(_facts(ours, None), start=1):
            cells = (_Cell(f"reviewOurs{fact.name}", fact.caption), _Cell(f"reviewTheirs{fact.name}", fact.caption))
            self._cells[fact.name] = cells
            for column, cell in enumerate(cells):
                self._grid.addWidget(cell, number, column)
        self.show_theirs(None)

    def show_theirs(self, theirs: Order | None) -> None:
        """Show the system's side; None: it showed no order."""
        for fact in _facts(self._ours, theirs):
            ours, their = self._cells[fact.name]
            ours.show_value(fact.ours or translate("ReviewPage", "não guardado"), differs=fact.differs)
            their.show_value(fact.theirs or "—", differs=fact.differs)


class _Cell(QFrame):
    def __init__(self, name: str, caption: str) -> None:
        super().__init__()
        self.setProperty("look", "compared")
        self._caption = caption
        self._value = UntrustedLabel("strong", name, max_length=_MAX_VALUE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(_PADDING), px(_GAP), px(_PADDING), px(_GAP))
        layout.setSpacing(0)
        self._caption_label = paragraph(caption, "caption")
        layout.addWidget(self._caption_label)
        layout.addWidget(self._value)

    def show_value(self, text: str, *, differs: bool) -> None:
        self._value.setText(text)
        set_variant(self, differs="true" if differs else "false")
        caption = translate("ReviewPage", "{0} · diferente") if differs else "{0}"
        self._caption_label.setText(caption.format(self._caption))
        self._value.setAccessibleName(f"{self._caption_label.text()}: {text}")


def _facts(ours: Order | None, theirs: Order | None) -> list[_Fact]:
    """Both orders side by side."""
    captions = {
        "State": translate("ReviewPage", "Situação do pedido"),
        "Total": translate("ReviewPage", "Total do pedido"),
        "Customer": translate("ReviewPage", "Cliente"),
        "Document": translate("ReviewPage", "CPF ou CNPJ"),
        "Date": translate("ReviewPage", "Data do pedido"),
    }
    sides = _texts(ours), _texts(theirs)
    return [_Fact(name, caption, sides[0].get(name, ""), sides[1].get(name, "")) for name, caption in captions.items()]


def _texts(order: Order | None) -> dict[str, str]:
    if order is None:
        return {}
    customer = order.customer
    return {
        "State": order_state(order)[0],
        "Total": format_reais(order.total),
        "Customer": customer.name if customer else "",
        "Document": mask_document(customer.document) if customer else "",
        "Date": date_and_time(order.placed_at),
    }
