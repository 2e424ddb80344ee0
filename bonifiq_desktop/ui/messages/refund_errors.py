"""User messages for refunds and whole cancels that an order or one of its items does not allow."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.services.refundable import ItemNotRefundable, OrderAlreadyCancelled, ValueNotRefundable
from bonifiq_desktop.ui.messages.message import Message, rejection

translate = QCoreApplication.translate


def message_for_refund_error(error: Exception) -> Message | None:
    """Convert the error of a refund or whole cancel into a message; None for any other error."""
    match error:
        case OrderAlreadyCancelled():
            return rejection(
                translate("words", "Este pedido já está cancelado por inteiro."),
                translate("words", "Não há mais nada a devolver nele."),
                "warning",
            )
        case ValueNotRefundable(refundable=refundable):
            return rejection(
                translate("words", "O valor passa do que ainda pode ser devolvido."),
                translate("words", "Ainda pode devolver até {0}.").format(format_reais(refundable)),
            )
        case ItemNotRefundable():
            return rejection(
                _item_title(error),
                translate("words", "Marque só o que volta agora, ou digite o valor e o motivo."),
            )
    return None


def _item_title(error: ItemNotRefundable) -> str:
    if not error.title:
        return translate("words", "Os itens marcados não somam o valor a devolver.")
    if not error.refundable:
        return translate("words", "Este item já foi devolvido: {0}.").format(error.title)
    most = translate("words", "Do item {0} ainda pode devolver até {1}.")
    return most.format(error.title, format_reais(error.refundable))
