"""Texts for dates, states, kinds and customers."""

from datetime import UTC, datetime

from PySide6.QtCore import QLocale

from bonifiq_desktop.domain.documents import mask_document
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import FOUND_SUMMARY, Customer, Order, OrderState
from bonifiq_desktop.domain.verdicts import Bonus
from bonifiq_desktop.ui.messages.message import translate

_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds


def date_and_time(at: datetime | None) -> str:
    """`20/11/2026 14:05`, in this PC's time zone."""
    return at.astimezone().strftime("%d/%m/%Y %H:%M") if at else ""


def short_date_and_time(at: datetime) -> str:
    """`20/11 14:05`; with the year when it is not this one."""
    local = at.astimezone()
    this_year = local.year == datetime.now().astimezone().year
    return local.strftime("%d/%m %H:%M" if this_year else "%d/%m/%Y %H:%M")


def short_date(at: datetime) -> str:
    """`20/11`; with the year when it is not this one."""
    return short_date_and_time(at).split()[0]


def date_and_time_with_seconds(at: datetime | None) -> str:
    """`20/11/2026 14:05:09`."""
    return at.astimezone().strftime("%d/%m/%Y %H:%M:%S") if at else ""


def age_text(at: datetime) -> str:
    """`há menos de 1 min`, `há 9 min`, `há 2 h`, `há 3 dias`."""
    seconds = int((datetime.now(UTC) - at).total_seconds())
    if seconds < _MINUTE:
        return translate("formats", "há menos de 1 min")
    if seconds < _HOUR:
        return translate("formats", "há {0} min").format(seconds // _MINUTE)
    if seconds < _DAY:
        return translate("formats", "há {0} h").format(seconds // _HOUR)
    days = seconds // _DAY
    return translate("formats", "há 1 dia") if days == 1 else translate("formats", "há {0} dias").format(days)


def kind_name(kind: Kind) -> str:
    return {
        Kind.SALE: translate("formats", "Venda"),
        Kind.REFUND: translate("formats", "Devolução"),
        Kind.CANCEL: translate("formats", "Cancelamento"),
        Kind.COMPLETION: translate("formats", "Conclusão de venda"),
        Kind.RETURN: translate("formats", "Devolução"),
        Kind.REDEMPTION: translate("formats", "Uso de benefício"),
        Kind.REVERSAL: translate("formats", "Desfazer benefício"),
    }[kind]


def state_and_tone(state: State) -> tuple[str, str]:
    """The state of an operation as (text, tone)."""
    return {
        State.QUEUED: (translate("formats", "Aguardando envio"), "warning"),
        State.SENDING: (translate("formats", "Enviando"), "info"),
        State.UNKNOWN: (translate("formats", "Sendo confirmada"), "warning"),
        State.REVIEW: (translate("formats", "Precisa de decisão"), "danger"),
        State.CONFIRMED: (translate("formats", "Confirmada"), "success"),
        State.REFUSED: (translate("formats", "Recusada"), "danger"),
        State.WITHDRAWN: (translate("formats", "Desistida"), "neutral"),
        State.NOT_APPLIED: (translate("formats", "Não aconteceu"), "neutral"),
    }[state]


def state_name(state: State) -> str:
    return state_and_tone(state)[0]


def operation_state(operation: Operation) -> tuple[str, str]:
    """An operation's state as (text, tone), with a note when BonifiQ contradicts it."""
    name, tone = state_and_tone(operation.state)
    return (translate("formats", "{0} (conferir)").format(name), "danger") if operation.contradicted else (name, tone)


def lookup_event_text(note: str) -> str:
    """Text for a look-up event's note; empty for other events."""
    match note.split():
        case [shown, "missing"] if shown == FOUND_SUMMARY:
            return translate("formats", "pedido não encontrado")
        case [shown, "cancelled"] if shown == FOUND_SUMMARY:
            return translate("formats", "pedido cancelado")
        case [shown, total] if shown == FOUND_SUMMARY:
            return translate("formats", "pedido não cancelado, total de {0}").format(format_reais(int(total)))
        case _:
            return ""


def order_state(order: Order) -> tuple[str, str]:
    """An order's state as (text, tone)."""
    if order.cancelled:
        return order_state_and_tone(OrderState.CANCELLED)
    if order.state is not None:
        return order_state_and_tone(order.state)
    if order.completed:
        return order_state_and_tone(OrderState.COMPLETED)
    return translate("formats", "Situação não informada"), "neutral"


def order_state_and_tone(state: OrderState) -> tuple[str, str]:
    return {
        OrderState.INITIAL: (translate("formats", "Iniciado"), "neutral"),
        OrderState.PENDING: (translate("formats", "Pendente"), "warning"),
        OrderState.COMPLETED: (translate("formats", "Concluído"), "success"),
        OrderState.CANCELLED: (translate("formats", "Cancelado"), "danger"),
        OrderState.IGNORED: (translate("formats", "Ignorado"), "neutral"),
    }[state]


def joined(*parts: str) -> str:
    """The parts in one line, the empty ones left out."""
    return "  ·  ".join(part for part in parts if part)


def customer_lines(customer: Customer | None) -> tuple[str, str]:
    """The customer as (name, details): masked document, tier, balances."""
    if customer is None or not (customer.name or customer.document):
        return translate("formats", "Cliente não informado"), ""
    name = customer.name or translate("formats", "Cliente sem nome")
    return name, joined(mask_document(customer.document), customer.tier, balance_line(customer))


def balance_line(customer: Customer | None) -> str:
    """Points and cashback of a customer; empty where BonifiQ did not say."""
    if customer is None:
        return ""
    points = "" if customer.points is None else points_text(customer.points)
    cashback = translate("formats", "{0} de cashback")
    return joined(points, "" if customer.cashback is None else cashback.format(format_reais(customer.cashback)))


def points_text(points: int) -> str:
    """`1.234 pontos`, with the language's plural and digits."""
    if points == 1:
        return translate("formats", "1 ponto")
    return translate("formats", "{0} pontos").format(QLocale().toString(points))


def bonus_text(bonus: Bonus) -> str:
    parts = [points_text(bonus.points)] if bonus.points else []
    if bonus.cashback:
        parts.append(translate("formats", "{0} de cashback").format(format_reais(bonus.cashback)))
    if not parts:
        return translate("formats", "Esta venda não gera pontos nem cashback.")
    earned = translate("formats", " e ").join(parts)
    return translate("formats", "O cliente deve ganhar {0} (estimativa do BonifiQ).").format(earned)


def operation_line(operation: Operation) -> str:
    return f"{kind_name(operation.kind)}  {format_reais(operation.value)}  ·  {date_and_time(operation.created_at)}"
