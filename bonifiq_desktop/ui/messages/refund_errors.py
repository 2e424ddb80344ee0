"""Messages for what an order or an item of it cannot give back any more."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.services.errors import ItemNotRefundable, OrderAlreadyCancelled, ValueNotRefundable
from bonifiq_desktop.ui.messages.message import Message, nothing_registered

translate = QCoreApplication.translate


def message_for_refund_error(error: OrderAlreadyCancelled | ValueNotRefundable | ItemNotRefundable) -> Message:
    """The words for a refund or a whole cancel that was not registered."""
    match error:
        case OrderAlreadyCancelled():
            return Message(
                "warning",
                translate("words", "Este pedido já está cancelado por inteiro."),
                nothing_registered(),
                translate("words", "Não há mais nada a devolver nele."),
            )
        case ValueNotRefundable(refundable=left):
            return Message(
                "danger",
                translate("words", "O valor passa do que ainda pode ser devolvido."),
                nothing_registered(),
                translate("words", "Ainda pode devolver até {0}.").format(format_reais(left)),
            )
        case ItemNotRefundable():
            return Message(
                "danger",
                _item_title(error),
                nothing_registered(),
                translate("words", "Marque só o que volta agora, ou digite o valor e o motivo."),
            )


def _item_title(error: ItemNotRefundable) -> str:
    if not error.title:
        return translate("words", "Os itens marcados não somam o valor a devolver.")
    if not error.refundable:
        return translate("words", "Este item já foi devolvido: {0}.").format(error.title)
    most = translate("words", "Do item {0} ainda pode devolver até {1}.")
    return most.format(error.title, format_reais(error.refundable))
