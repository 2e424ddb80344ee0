"""The message below an order's card: what stands in the way of a return, or what is not known."""

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.offline_notice import (
    cached_order_message,
    cached_order_sentence,
    restored_history_message,
)
from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.messages.errors import message_for_busy_order, message_for_error
from bonifiq_desktop.ui.messages.message import Message, nothing_changed, translate
from bonifiq_desktop.ui.messages.shop_database import is_fresh, message_for_old_knowledge, message_for_other_till


def message_for_purchase(purchase: Purchase, shop: ShopDatabaseStatus | None) -> Message | None:
    """The message below the card; one that waits for an answer comes last."""
    if purchase.found is not None:
        message = _order_message(purchase.found, shop)
        if message is not None and (purchase.found.refundable or not purchase.can_return):
            return message
    busy = purchase.unfinished
    if busy is not None:
        return _busy_message(busy, shop)
    if purchase.found is None and purchase.bonifiq_silent and purchase.error is not None:
        return Message(
            "warning",
            message_for_error(purchase.error).title,
            translate(
                "LookupResultView",
                "Uma devolução agora não estorna os pontos: consulte de novo quando o BonifiQ responder.",
            ),
            code=message_for_error(purchase.error).code,
        )
    return None


def _order_message(found: LookupResult, shop: ShopDatabaseStatus | None) -> Message | None:
    if found.id_mismatch:
        return Message(
            "danger",
            translate("LookupResultView", "Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.").format(
                found.requested_id, found.order.order_id
            ),
            cached_order_sentence(found) if found.cached_at else nothing_changed(),
            translate("LookupResultView", "Compare com o cupom fiscal antes de qualquer devolução."),
            code="PEDIDO-12",
        )
    if found.cached_at is not None:
        return cached_order_message(found, shop)
    if found.unfinished is not None:
        return _busy_message(found.unfinished, shop)
    if found.completable:
        return Message(
            "warning",
            translate("LookupResultView", "Esta venda está pendente: ainda não deu pontos nem cashback."),
            "",
            translate(
                "LookupResultView", "Se foi paga, conclua a venda (Ctrl+Enter); se não, cancele o pedido inteiro (F7)."
            ),
            code="PEDIDO-13",
        )
    if found.refundable == 0 and not found.closed:
        return Message(
            "info", translate("LookupResultView", "Não há mais nada a devolver neste pedido."), code="PEDIDO-14"
        )
    if found.restored and not found.closed:
        return restored_history_message(found.restored)
    is_unsure = shop is not None and not is_fresh(shop) and not found.closed
    return message_for_old_knowledge(shop) if shop is not None and is_unsure else None


def _busy_message(operation: Operation, shop: ShopDatabaseStatus | None) -> Message:
    if operation.till:
        return message_for_other_till(operation, shop)
    effect = translate("LookupResultView", "Até terminar, não dá para fazer outra devolução nele.")
    return message_for_busy_order(operation, effect)
