"""Messages for an order that is shown from the cache, or by a ledger that was restored from a backup."""

from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.ledger.records import Restoration
from bonifiq_desktop.services.refundable import LookupResult, OrderAlreadyCancelled
from bonifiq_desktop.ui.messages.errors import message_for_busy_order, message_for_error
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.messages.message import Message, translate
from bonifiq_desktop.ui.messages.order_errors import failure_title
from bonifiq_desktop.ui.widgets.banner import Notice


def cached_order_sentence(found: LookupResult) -> str:
    return translate("LastSeen", "Este é o pedido como este caixa o conhecia em {0}; pode ter mudado depois.").format(
        date_and_time(found.cached_at)
    )


def cached_order_message(found: LookupResult, shop: ShopDatabaseStatus | None = None) -> Message:
    """Message of the look-up page: why the order is cached, since when, and what can be done with it."""
    if found.unfinished is not None:
        action = message_for_busy_order(found.unfinished, "", shop).title
    elif found.closed:
        action = message_for_error(OrderAlreadyCancelled()).title
    elif not found.refundable:
        action = translate("LastSeen", "Não há mais nada a devolver neste pedido.")
    else:
        action = translate("LastSeen", "Dá para devolver: o pedido será conferido no BonifiQ antes do envio.")
    title = failure_title(found.failure_reason) if found.failure_reason else ""
    return Message("warning", title, cached_order_sentence(found), action, "PEDIDO-15")


def restored_history_message(restored: Restoration) -> Message:
    """Message of the look-up page for an order whose refunds may be missing in a restored ledger."""
    told = (
        translate("LastSeen", "O histórico deste caixa foi recuperado em {0} de uma cópia de {1}.")
        if restored.copy_made_at
        else translate("LastSeen", "O histórico deste caixa foi trocado em {0}.")
    )
    return Message(
        "warning",
        translate("LastSeen", "Este caixa pode não lembrar de todas as devoluções deste pedido."),
        told.format(date_and_time(restored.restored_at), date_and_time(restored.copy_made_at)),
        translate("LastSeen", "Antes de devolver, confira no painel do BonifiQ o que já voltou."),
        code="PEDIDO-16",
    )


def cached_order_banner(name: str, found: LookupResult) -> Notice:
    title = translate("LastSeen", "Não consultado agora: visto em {0}.").format(date_and_time(found.cached_at))
    banner = Notice(name)
    banner.fit_text()
    banner.say("warning", title, translate("LastSeen", "Será conferido no BonifiQ antes do envio."), code="PEDIDO-15")
    return banner
