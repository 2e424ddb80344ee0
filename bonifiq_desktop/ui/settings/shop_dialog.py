"""A pair that is new to this till: the same shop with a new key, or another shop? Nothing is chosen by default."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.services.errors import ShopNotProved
from bonifiq_desktop.services.values import Shop
from bonifiq_desktop.ui.messages.message import Message, nothing_registered
from bonifiq_desktop.ui.widgets.labels import KeyButton, label

translate = QCoreApplication.translate
_WIDTH = 620


def message_for_shop_error(error: Exception) -> Message:
    """The words for a pair of which it is not known whose it is."""
    if isinstance(error, ShopNotProved):
        return Message(
            "danger",
            translate("shop", "Com este token, o BonifiQ não mostra nenhum dos últimos pedidos deste caixa."),
            translate("shop", "Nada foi salvo nem enviado."),
            translate("shop", "Confira o token e a chave. Se for outra loja, salve de novo e escolha “Outra loja”."),
        )
    return Message(
        "warning",
        translate("shop", "Este token é novo neste caixa: falta dizer de que loja ele é."),
        nothing_registered(),
        translate("shop", "O responsável diz isso em Ajustes (F9), em “Salvar ajustes”."),
    )


class ShopDialog(QDialog):
    """`chosen` tells the answer; closed without one, nothing is saved."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shopDialog")
        self.setWindowTitle(translate("shop", "De que loja é este token?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        same = KeyButton("shopSame", translate("shop", "Mesma loja, chave nova"), tall=True)
        same.clicked.connect(lambda: self._choose(Shop.SAME))
        another = KeyButton("shopAnother", translate("shop", "Outra loja"), tall=True)
        another.clicked.connect(lambda: self._choose(Shop.ANOTHER))
        back = KeyButton("shopBack", translate("shop", "Voltar"), "Esc", tall=True)
        back.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(another)
        buttons.addWidget(same)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "title"))
        for sentence in (
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
        ):
            line = label(sentence)
            line.setWordWrap(True)
            layout.addWidget(line)
        layout.addLayout(buttons)
        back.setFocus()

    def _choose(self, shop: Shop) -> None:
        self.accept()
        self.chosen.emit(shop)
