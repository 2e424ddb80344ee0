"""User messages for credentials whose shop is not confirmed."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.connections import ShopNotProved, ShopUncertain
from bonifiq_desktop.ui.messages.message import Message, rejection

translate = QCoreApplication.translate


def message_for_shop_error(error: Exception) -> Message | None:
    """Convert an error about the owner of the credentials into a message; None for any other error."""
    match error:
        case ShopNotProved():
            return Message(
                "danger",
                translate("shop", "Com este token, o BonifiQ não mostra nenhum dos últimos pedidos deste caixa."),
                translate("shop", "Nada foi salvo nem enviado."),
                translate(
                    "shop", "Confira o token e a chave. Se for outra loja, salve de novo e escolha “Outra loja”."
                ),
            )
        case ShopUncertain():
            return shop_unconfirmed()
    return None


def shop_unconfirmed() -> Message:
    """Build the message for credentials that are new to this till."""
    return rejection(
        translate("shop", "Este token é novo neste caixa: falta dizer de que loja ele é."),
        translate("shop", "O responsável diz isso em Ajustes (F9), em “Salvar ajustes”."),
        "warning",
    )
