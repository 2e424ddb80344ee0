"""Rows and lines of the look-up page: what a hit, a draft, an item or an operation says."""

from datetime import datetime

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Operation, State
from bonifiq_desktop.domain.orders import (
    FiscalKeyTyped,
    Order,
    OrderIdError,
    OrderState,
    PersonalOrderId,
    read_typed_order_id,
)
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.search import Draft, HitKind, OpenCheckout, OrderHit, SlipMatch
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.rows import Row
from bonifiq_desktop.ui.messages import formats
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.remote_orders import format_decimal, obstacle_text
from bonifiq_desktop.ui.messages.shop_database import knowledge_text, person_and_till

_HIT_ICONS = {HitKind.SALE: "sale", HitKind.REFUND: "refund", HitKind.CANCEL: "cancel", HitKind.SEEN: "search"}
_KIND_ICONS = {
    Kind.SALE: "sale",
    Kind.COMPLETION: "sale",
    Kind.REFUND: "refund",
    Kind.CANCEL: "cancel",
    Kind.RETURN: "refund",
    Kind.REDEMPTION: "gift",
    Kind.REVERSAL: "gift-off",
}


def when(at: datetime) -> str:
    """`hoje 14:05`, `ontem 14:05`, `20/11 14:05`."""
    days, time = _days_ago(at), f"{at.astimezone():%H:%M}"
    if days == 0:
        return translate("lookup", "hoje {0}").format(time)
    if days == 1:
        return translate("lookup", "ontem {0}").format(time)
    return formats.short_date_and_time(at)


def age(at: datetime) -> str:
    """`20/11 14:05, há 9 dias`."""
    days = _days_ago(at)
    if days <= 1:
        return when(at)
    return translate("lookup", "{0}, há {1} dias").format(formats.short_date_and_time(at), days)


def _days_ago(at: datetime) -> int:
    return (datetime.now().astimezone().date() - at.astimezone().date()).days


def facts(order: Order) -> str:
    """The line below an order's number: age, payment, seller, coupon."""
    payment, seller = read_coded_name(order.payment_method), read_coded_name(order.sales_person)
    return joined(
        age(order.placed_at) if order.placed_at else "",
        payment.name if payment else "",
        seller.name if seller else "",
        order.coupon,
    )


def hit_row(hit: OrderHit) -> Row:
    name, tone = _hit_state(hit)
    return Row(
        hit.order_id,
        joined(hit.first_name, hit.masked_document),
        when(hit.at),
        format_reais(hit.value),
        name,
        tone,
        _HIT_ICONS[hit.kind],
        hit,
        spoken=translate("OrderCard", "Pedido {0}").format(hit.order_id),
    )


def _hit_state(hit: OrderHit) -> tuple[str, str]:
    match hit.state:
        case State():
            name, tone = formats.state_and_tone(hit.state)
        case OrderState():
            name, tone = formats.order_state_and_tone(hit.state)
        case _:
            name, tone = "", "neutral"
    kind = {
        HitKind.REFUND: translate("lookup", "Devolução"),
        HitKind.CANCEL: translate("lookup", "Cancelamento"),
    }.get(hit.kind, "")
    return (f"{kind}: {name.lower()}" if kind and name else name), tone


def draft_row(draft: Draft) -> Row:
    title = {
        "sale": translate("lookup", "Venda começada"),
        "refund": translate("lookup", "Devolução do pedido {0}"),
        "cancel": translate("lookup", "Cancelamento do pedido {0}"),
        "review": translate("lookup", "Decisão do pedido {0}"),
    }[draft.screen].format(draft.order_id)
    amount = format_reais(draft.value) if draft.value else ""
    return Row(title, amount=amount, icon="edit", target=draft)


def checkout_row(checkout: OpenCheckout) -> Row:
    """A reward that was redeemed and has no sale."""
    chip = translate("lookup", "Sem venda") if checkout.can_continue else translate("lookup", "Só desfazer")
    return Row(
        checkout.title or formats.kind_name(Kind.REDEMPTION),
        checkout.customer,
        when(checkout.redeemed_at),
        format_reais(checkout.amount) if checkout.amount else "",
        chip,
        "warning" if checkout.can_continue else "danger",
        "gift",
        checkout,
        spoken=translate("lookup", "Benefício usado sem venda: {0}").format(checkout.title),
    )


def item_rows(found: LookupResult) -> list[Row]:
    """The lines of an order: what was paid for each, and what has come back."""
    items = {item.position: item for item in found.items}
    rows = []
    for position, product in enumerate(found.order.products):
        title = product.title or product.product_id
        if product.quantity > 1:
            title = f"{product.quantity} × {title}"
        item = items.get(position)
        paid = product.price if item is None or item.paid is None else item.paid
        amount = "" if paid is None else format_reais(paid)
        if item is None or not item.returned:
            rows.append(Row(title, amount=amount))
            continue
        last = item.last_return
        by = joined(formats.short_date(last.created_at), person_and_till(last)) if last else ""
        detail = joined(translate("lookup", "Devolvido {0}").format(format_reais(item.returned)), by)
        chip = translate("lookup", "Em parte") if item.refundable else translate("lookup", "Devolvido")
        rows.append(Row(title, detail, "", amount, chip, "warning" if item.refundable else "neutral"))
    return rows


def remote_item_rows(order: Order) -> list[Row]:
    """The lines of an order of a marketplace or web shop: their price, and what has gone back."""
    rows = []
    for line in order.remote.lines if order.remote else ():
        title = line.title or next(iter(line.codes), "")
        title = f"{line.units} × {title}" if line.units > 1 else title
        amount = format_decimal(line.price, order.remote.currency) if order.remote else ""
        detail = obstacle_text(line.obstacle) if line.obstacle else ""
        if line.units_left < line.units:
            chip = translate("lookup", "Em parte") if line.units_left > 0 else translate("lookup", "Devolvido")
            rows.append(Row(title, detail, "", amount, chip, "warning" if line.units_left > 0 else "neutral"))
        else:
            rows.append(Row(title, detail, amount=amount))
    return rows


def operation_row(operation: Operation) -> Row:
    state, tone = formats.operation_state(operation)
    elsewhere = "" if operation.system == BONIFIQ else operation.connection
    return Row(
        joined(formats.kind_name(operation.kind), elsewhere),
        joined(when(operation.created_at), person_and_till(operation), operation.reason),
        "",
        format_money(operation.value, operation.currency),
        state,
        tone,
        _KIND_ICONS[operation.kind],
    )


def not_found_message(typed: str, shop: ShopDatabaseStatus | None = None) -> Message:
    """Message for a text by which this till knows no order, and which does not go out by itself.

    `shop`: this till knows the orders of the other tills, too, as they were at its last exchange.
    """
    insist = translate("lookup", "Se for mesmo o número de um pedido, aperte Ctrl+Enter.")
    try:
        read_typed_order_id(typed)
    except PersonalOrderId as error:
        title = {
            "cpf": translate("lookup", "Nenhum pedido deste CPF passou por este caixa."),
            "cnpj": translate("lookup", "Nenhum pedido deste CNPJ passou por este caixa."),
            "phone": translate("lookup", "Nenhum pedido deste telefone passou por este caixa."),
            "email": translate("lookup", "Nenhum pedido deste e-mail passou por este caixa."),
        }[error.like]
        balance = translate("lookup", "F5 mostra o saldo do cliente.")
        return Message("warning", title, "", join_sentences(balance, insist if error.order_id else ""), "PEDIDO-18")
    except FiscalKeyTyped:
        title = translate("lookup", "Esta é a chave de um cupom fiscal que este caixa não conhece.")
        return Message(
            "warning", title, translate("lookup", "Digite o número do pedido que está no cupom."), insist, "PEDIDO-18"
        )
    except OrderIdError as error:
        return message_for_error(error)
    title = translate("lookup", "Nada encontrado neste caixa para “{0}”.").format(typed.strip())
    where = translate("lookup", "Aqui aparece só o que passou por este caixa.")
    if shop is not None:
        where = translate("lookup", "Aqui aparece só o que passou pelos caixas da loja. {0}.")
        where = where.format(knowledge_text(shop))
    return Message("warning", title, where, insist, "PEDIDO-18")


def slip_message(match: SlipMatch) -> Message:
    """Message for a slip number that leads to no order of this till."""
    insist = translate("lookup", "Se for o número de um pedido, aperte Ctrl+Enter.")
    if match is SlipMatch.TEST_PAGE:
        title = translate("lookup", "O leitor funciona: este é o código da página de teste deste caixa.")
        return Message("success", title)
    if match is SlipMatch.OTHER_TILL:
        title = translate("lookup", "Este é o número de um comprovante de outro caixa.")
        where = translate("lookup", "Consulte-o no caixa que o imprimiu, ou digite o número do pedido que está nele.")
        return Message("warning", title, where, insist)
    title = translate("lookup", "Este comprovante é deste caixa, mas o histórico não tem mais o registro dele.")
    return Message("warning", title, translate("lookup", "Digite o número do pedido que está no papel."), insist)
