"""Details of one operation as HTML: what it means, its facts in two columns, its items. Outside texts are escaped."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from bonifiq_desktop.domain.operations import BONIFIQ, UNFINISHED, Kind, Operation
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.ledger.history import OperationDetails, TakenOver
from bonifiq_desktop.ui.history.timeline import is_contradiction, timeline
from bonifiq_desktop.ui.messages.contradictions import message_for_contradiction
from bonifiq_desktop.ui.messages.formats import (
    customer_lines,
    date_and_time_with_seconds,
    kind_name,
    lookup_event_text,
    operation_state,
)
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.money_legs import value_text
from bonifiq_desktop.ui.messages.operations import message_for_operation, with_stop_reason
from bonifiq_desktop.ui.messages.reward_operations import REWARD_KINDS
from bonifiq_desktop.ui.messages.shop_database import knowledge_text, message_for_other_till, till_name
from bonifiq_desktop.ui.theme import color, px
from bonifiq_desktop.worker.commands import Status

_CAPTION = 13  # pixels at 100 %


def details_html(
    details: OperationDetails,
    status: Status | None = None,
    checkout: Sequence[Operation] = (),
    shop: ShopDatabaseStatus | None = None,
    *,
    unfolded: bool = False,
) -> str:
    """Return one operation's details as HTML. `status`: the worker's last status, for stopped sending.

    `checkout`: the redemption, the sale and the reversals of one checkout. `unfolded`: with the whole timeline instead
    of its newest line. `shop`: tells how old the news of another till is.
    """
    operation = details.operation
    message = with_stop_reason(_message(details, shop), operation, status)
    lines = timeline(details)
    happened = translate("HistoryDetail", "O que aconteceu") if unfolded else translate("HistoryDetail", "Por último")
    items = [(line.title, format_money(line.value, operation.currency)) for line in operation.lines]
    return "".join(
        (
            _contradiction_html(details) if operation.contradicted else "",
            f"<p><b>{escape(message.title)}</b></p>",
            *(f"<p>{escape(part)}</p>" for part in (message.effect, message.action) if part),
            _legs_html(details),
            _checkout_html(details.operation, checkout),
            _facts_html(details),
            _items_html(items, operation.kind) if items else "",
            _caption(happened) if lines else "",
            *(f"<p style='margin-top:{px(4)}px'>{escape(line)}</p>" for line in (lines if unfolded else lines[-1:])),
            f"<p>{escape(_how_old(operation, shop))}</p>" if operation.till else "",
        )
    )


def _message(details: OperationDetails, shop: ShopDatabaseStatus | None) -> Message:
    operation = details.operation
    if details.waits_elsewhere:
        return _message_for_other_shop(operation)
    if details.taken_over is not None and operation.state in UNFINISHED:
        return replace(message_for_other_till(operation, shop), action=_taken_over_text(details.taken_over))
    if operation.till and operation.state in UNFINISHED:
        return message_for_other_till(operation, shop)
    return message_for_operation(operation)


def _taken_over_text(taken: TakenOver) -> str:
    at = date_and_time_with_seconds(taken.at)
    if taken.by:
        return translate("HistoryDetail", "Este caixa assumiu o pedido em {0}, por {1}.").format(at, taken.by)
    return translate("HistoryDetail", "Este caixa assumiu o pedido em {0}.").format(at)


LEG_LINK = "leg:"
"""Start of a link to another leg of a return, or operation of a checkout; the operation's id follows."""


def _checkout_html(shown: Operation, checkout: Sequence[Operation]) -> str:
    """The operations of a checkout with their states; the others than the shown one as links."""
    if len(checkout) < 2:  # noqa: PLR2004 - one operation is the shown one itself
        return ""
    is_shown = {o.operation_id: o.operation_id == shown.operation_id for o in checkout}
    rows = "".join(_operation_html(o, kind_name(o.kind), is_shown=is_shown[o.operation_id]) for o in checkout)
    heading = _caption(translate("HistoryDetail", "Nesta compra"))
    return f"{heading}<table width='100%' cellspacing='0' cellpadding='2'>{rows}</table>"


def _legs_html(details: OperationDetails) -> str:
    """Every system of a return with its state and value; the others than the shown one as links."""
    if len(details.legs) < 2:  # noqa: PLR2004 - one leg is the operation itself
        return ""
    rows = "".join(_leg_html(leg, is_shown=leg == details.operation) for leg in details.legs)
    heading = _caption(translate("HistoryDetail", "Em cada sistema"))
    return f"{heading}<table width='100%' cellspacing='0' cellpadding='2'>{rows}</table>"


def _leg_html(leg: Operation, *, is_shown: bool) -> str:
    return _operation_html(leg, "BonifiQ" if leg.system == BONIFIQ else leg.connection, is_shown=is_shown)


def _operation_html(leg: Operation, called: str, *, is_shown: bool) -> str:
    name = escape(called)
    state, tone = operation_state(leg)
    ink = color(tone if tone in {"success", "danger", "warning"} else "text2").name()
    shown = f"<b>{name}</b>" if is_shown else f"<a href='{LEG_LINK}{leg.operation_id}'>{name}</a>"
    return (
        f"<tr><td>{shown}</td><td style='color:{ink}'>{escape(state)}</td>"
        f"<td align='right'>{escape(value_text(leg))}</td></tr>"
    )


def _how_old(operation: Operation, shop: ShopDatabaseStatus | None) -> str:
    """Where an operation of another till was registered, and since when this till knows no more of it."""
    told = translate("HistoryDetail", "Registrado no {0}: os detalhes e o comprovante ficam lá.")
    return join_sentences(told.format(till_name(operation.till)), f"{knowledge_text(shop)}." if shop else "")


def _facts_html(details: OperationDetails) -> str:
    operation = details.operation
    facts = (
        (translate("HistoryDetail", "Caixa"), till_name(operation.till) if operation.till else ""),
        (translate("HistoryDetail", "Pedido"), operation.order_id),
        (translate("HistoryDetail", "Cliente"), _customer_text(details)),
        (translate("HistoryDetail", "Registrado em"), date_and_time_with_seconds(operation.created_at)),
        (translate("HistoryDetail", "Registrado por"), _registered_by(details)),
        (translate("HistoryDetail", "Encerrado em"), date_and_time_with_seconds(operation.settled_at)),
        (_reason_caption(operation.kind), operation.reason),
        (translate("HistoryDetail", "Código do benefício"), operation.external_code),
        (translate("HistoryDetail", "Número lá"), operation.evidence_id),
        (translate("HistoryDetail", "Devolução"), operation.return_id),
    )
    cells = [f"<td width='50%'>{_fact(name, value)}</td>" for name, value in facts if value]
    rows = ["".join(cells[start : start + 2]) for start in range(0, len(cells), 2)]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    key = _fact(translate("HistoryDetail", "Protocolo"), operation.cancel_key) if operation.cancel_key else ""
    return f"<table width='100%' cellspacing='0' cellpadding='4'>{table}</table>{key}"


def _reason_caption(kind: Kind) -> str:
    return translate("HistoryDetail", "Benefício") if kind in REWARD_KINDS else translate("HistoryDetail", "Motivo")


def _fact(name: str, value: str) -> str:
    return f"{_caption(name)}<p style='margin-top:0'>{escape(value)}</p>"


def _caption(text: str) -> str:
    style = f"color:{color('text2').name()}; font-size:{px(_CAPTION)}px; font-weight:600; margin-bottom:0"
    return f"<p style='{style}'>{escape(text)}</p>"


def _items_html(items: list[tuple[str, str]], kind: Kind) -> str:
    rows = "".join(f"<tr><td>{escape(name)}</td><td align='right'>{escape(value)}</td></tr>" for name, value in items)
    product, returned = translate("HistoryDetail", "Produto"), translate("HistoryDetail", "Itens devolvidos")
    heading = _caption(product if kind in REWARD_KINDS else returned)
    return f"{heading}<table width='100%' cellspacing='0' cellpadding='2'>{rows}</table>"


def _message_for_other_shop(operation: Operation) -> Message:
    if operation.system != BONIFIQ:
        return Message(
            "warning",
            translate("HistoryDetail", "Este registro espera a conexão {0}, como era quando foi feito.").format(
                operation.connection
            ),
            translate("HistoryDetail", "Essa conexão não existe mais aqui, ou está em outro endereço ou loja."),
            translate(
                "HistoryDetail", "Ele segue sozinho quando ela voltar com o mesmo nome, em Ajustes (F9), Conexões."
            ),
            code="PORTAL-16",
        )
    return Message(
        "warning",
        translate("HistoryDetail", "Este registro é de outra loja ou de outro endereço do BonifiQ, e espera por eles."),
        translate("HistoryDetail", "Nada dele é enviado com o token e o endereço de agora."),
        translate("HistoryDetail", "Ele segue sozinho quando o token daquela loja voltar, em Ajustes (F9)."),
        code="ENVIO-09",
    )


def contradiction_lines(details: OperationDetails) -> tuple[str, ...]:
    """What a look-up showed against a final operation: when and what, what it means, what to do."""
    message = message_for_contradiction(details.operation)
    shown = ""
    for event in filter(is_contradiction, details.events):  # no such event if its row is damaged
        shown = translate("HistoryDetail", "Em {0} o BonifiQ mostrou: {1}.").format(
            date_and_time_with_seconds(event.at), lookup_event_text(event.note)
        )
    return tuple(filter(None, (shown, message.effect, message.action)))


def _contradiction_html(details: OperationDetails) -> str:
    title = escape(message_for_contradiction(details.operation).title)
    lines = "".join(f"<p>{escape(line)}</p>" for line in contradiction_lines(details))
    stored = escape(translate("HistoryDetail", "O que está gravado aqui:"))
    ink, back = color("danger").name(), color("dangerSoft").name()
    return (
        f"<table width='100%' cellpadding='8' bgcolor='{back}'><tr><td>"
        f"<p style='color:{ink}'><b>{title}</b></p>{lines}</td></tr></table><p>{stored}</p>"
    )


def _customer_text(details: OperationDetails) -> str:
    order = details.operation.order
    if order is None or order.customer is None:
        return ""
    return " ".join(filter(None, customer_lines(order.customer)))


def _registered_by(details: OperationDetails) -> str:
    first = details.events[0] if details.events else None
    if first is None or not first.approved_by:
        return details.operation.registered_by
    approval = translate("HistoryDetail", "com autorização de {0}").format(first.approved_by)
    return ", ".join(filter(None, (first.registered_by, approval)))
