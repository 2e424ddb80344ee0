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
                translate("errors", "Este pedido já está cancelado por inteiro."),
                translate("errors", "Não há mais nada a devolver nele."),
                "warning",
            )
        case ValueNotRefundable(refundable=refundable):
            return rejection(
                translate("errors", "O valor passa do que ainda pode ser devolvido."),
                translate("errors", "Ainda pode devolver até {0}.").format(format_reais(refundable)),
            )
        case ItemNotRefundable():
            return rejection(
                _item_title(error),
                translate("errors", "Marque só o que volta agora, ou digite o valor e o motivo."),
            )
    return None


def _item_title(error: ItemNotRefundable) -> str:
    if not error.title:
        return translate("errors", "Os itens marcados não somam o valor a devolver.")
    if not error.refundable:
        return translate("errors", "Este item já foi devolvido: {0}.").format(error.title)
    most = translate("errors", "Do item {0} ainda pode devolver até {1}.")
    return most.format(error.title, format_reais(error.refundable))
