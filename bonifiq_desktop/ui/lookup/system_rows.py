"""Rows of the order page for the systems: where a purchase was found, its state there, and whether it can go back."""

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.orders import OrderIdError
from bonifiq_desktop.domain.returns import AKINON, MIRAKL
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.purchase import Elsewhere, Purchase
from bonifiq_desktop.ui.lookup.rows import Row
from bonifiq_desktop.ui.messages import formats
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.remote_orders import (
    SYSTEM_NAMES,
    obstacle_text,
    order_state_text,
    remote_error_text,
    remote_failure_title,
    several_orders,
)

_OFFLINE = {FailureReason.NO_CONNECTION, FailureReason.TIMED_OUT, FailureReason.CONNECTION_LOST}


def system_rows(purchase: Purchase) -> list[Row]:
    """One row per system: the connections that have the purchase, BonifiQ, and the connections that do not."""
    have = [each for each in purchase.elsewhere if each.order is not None]
    others = [each for each in purchase.elsewhere if each.order is None]
    return [*map(_elsewhere_row, have), _bonifiq_row(purchase), *map(_elsewhere_row, others)]


def not_found_so_far(purchase: Purchase) -> str:
    """The answers of the connections that have no order, for a number that no system has found yet."""
    texts = []
    for each in purchase.elsewhere:
        if each.error is not None and not isinstance(each.error, NotSetUp | OrderIdError):
            texts.append(remote_error_text(each.error, each.name))
        elif each.lookup is not None:
            texts.append(translate("SystemRows", "{0}: não encontrado.").format(each.name))
    return " ".join(texts)


def _elsewhere_row(each: Elsewhere) -> Row:
    if each.is_pending:
        return _asking_row(each.name)
    if each.error is not None:
        return _error_row(each.name, each.error, remote_error_text(each.error, each.name))
    order, lookup = each.order, each.lookup
    if order is None or lookup is None:
        return Row(each.name, chip=translate("SystemRows", "Não encontrado"), icon="store")
    chip, tone, detail = _can_return(each)
    if lookup.cached_at is not None:
        since = translate("SystemRows", "visto em {0}").format(formats.short_date_and_time(lookup.cached_at))
        failure = remote_failure_title(lookup.failure_reason, each.name) if lookup.failure_reason else ""
        detail = joined(failure, since)
        chip, tone = translate("SystemRows", "Sem resposta agora"), "warning"
    name = each.name if each.system not in {MIRAKL, AKINON} else f"{each.name} ({SYSTEM_NAMES[each.system]})"
    return Row(
        name, joined(order.order_id, detail or order_state_text(order, each.system)), chip=chip, tone=tone, icon="store"
    )


def _can_return(each: Elsewhere) -> tuple[str, str, str]:
    """Chip, tone and, in place of the state, the obstacle's sentence."""
    lookup = each.lookup
    if lookup is not None and lookup.unfinished is not None:
        name, tone = formats.operation_state(lookup.unfinished)
        return name, tone, ""
    if each.obstacle is not None:
        return translate("SystemRows", "Não dá por aqui"), "neutral", obstacle_text(each.obstacle)
    return translate("SystemRows", "Pode devolver"), "success", ""


def _bonifiq_row(purchase: Purchase) -> Row:
    if purchase.found is not None:
        return _found_row(purchase.found)
    error = purchase.error
    if error is None:
        return _asking_row("BonifiQ")
    if isinstance(error, OrderNotFound):
        detail = translate("SystemRows", "Não há pontos nem cashback deste pedido a estornar.")
        return Row("BonifiQ", detail, chip=translate("SystemRows", "Não encontrado"), icon="star")
    return _error_row("BonifiQ", error, message_for_error(error).title, icon="star")


def _found_row(found: LookupResult) -> Row:
    order = found.order
    state, tone = formats.order_state(order)
    balance = formats.balance_line(order.customer)
    if found.unfinished is not None:
        chip, tone = formats.operation_state(found.unfinished)
    elif found.closed:
        chip, tone = state, "neutral"
    elif found.refundable <= 0:
        chip, tone = translate("SystemRows", "Nada a estornar"), "neutral"
    else:
        chip, tone = translate("SystemRows", "Pode estornar"), "success"
    return Row("BonifiQ", joined(order.order_id, state, balance), chip=chip, tone=tone, icon="star")


def _asking_row(name: str) -> Row:
    icon = "star" if name == "BonifiQ" else "store"
    return Row(name, chip=translate("SystemRows", "Consultando…"), tone="info", icon=icon)


def _error_row(name: str, error: Exception, text: str, icon: str = "store") -> Row:
    if isinstance(error, NotSetUp):
        return Row(name, text, chip=translate("SystemRows", "Sem chave"), icon=icon)
    if several_orders(error):
        return Row(name, text, chip=translate("SystemRows", "Mais de um"), tone="warning", icon=icon)
    is_offline = isinstance(error, LookupFailed) and error.reason in _OFFLINE
    chip = translate("SystemRows", "Sem conexão") if is_offline else translate("SystemRows", "Falhou")
    return Row(name, text, chip=chip, tone="warning" if is_offline else "danger", icon=icon)
