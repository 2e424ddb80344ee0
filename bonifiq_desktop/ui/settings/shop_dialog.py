"""Sheet for credentials that are new to this till: same shop or another one. Nothing is preselected."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.connections import Shop
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet

_WIDTH = 620


class ShopDialog(Sheet):
    """`chosen` carries the Shop; a dialog closed without a choice saves nothing."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "shopDialog", translate("shop", "De que loja é este token?"), _WIDTH)
        same = ActionButton("shopSame", translate("shop", "Mesma loja, chave nova"), tall=True)
        same.clicked.connect(lambda: self._choose(Shop.SAME))
        another = ActionButton("shopAnother", translate("shop", "Outra loja"), tall=True)
        another.clicked.connect(lambda: self._choose(Shop.ANOTHER))
        back = ActionButton("shopBack", translate("shop", "Voltar"), "Esc", self.reject, tall=True)
        texts = (
            translate("shop", "Este caixa já registrou operações com outro token. Nada foi salvo ainda."),
            translate(
                "shop",
                "Mesma loja: o que está pendente segue com a chave nova. Antes, um pedido recente deste caixa é "
                "consultado com ela, para ter certeza.",
            ),
            translate(
                "shop",
                "Outra loja: o que está pendente é da loja de antes e espera até ela voltar; nada dele é enviado.",
            ),
        )
        buttons = button_row(back, right=(another, same))
        self.fill(label(self.windowTitle(), "title"), *map(paragraph, texts), buttons)
        back.setFocus()

    def _choose(self, shop: Shop) -> None:
        self.accept()
        self.chosen.emit(shop)
