"""One operation with everything known of it, as a page to read or print. All outside text is escaped."""

from html import escape
from itertools import islice

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Evidence, ReviewReason, State
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.row_mapping import Attempt, Event
from bonifiq_desktop.ui.messages.formats import (
    customer_lines,
    date_and_time_with_seconds,
    kind_name,
    lookup_event_text,
    state_name,
    translate,
)
from bonifiq_desktop.ui.messages.lookup_errors import failure_title
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_contradiction, message_for_operation
from bonifiq_desktop.ui.messages.stopped_sending import with_stop_reason
from bonifiq_desktop.worker.commands import Status

_ALARM_COLOR = "#d33d33"  # red on light and on dark


def details_html(details: OperationDetails, status: Status | None = None) -> str:
    """The HTML of one operation's details. `status`: what the worker told of the sending as a whole."""
    operation = details.operation
    words = with_stop_reason(
        _message_for_other_shop() if details.waits_elsewhere else message_for_operation(operation), operation, status
    )
    kind = kind_name(operation.kind)
    parts = [
        f"<h3>{escape(kind)} · {escape(format_reais(operation.value))}</h3>",
        _contradiction_html(details) if operation.contradicted else "",
        f"<p><b>{escape(words.title)}</b><br>{escape(words.effect)}<br>{escape(words.action)}</p>",
        "<table cellpadding='2'>",
        _table_row(translate("HistoryDetail", "Pedido"), operation.order_id),
        _table_row(translate("HistoryDetail", "Protocolo"), operation.cancel_key or ""),
        _table_row(translate("HistoryDetail", "Motivo"), operation.reason),
        _table_row(translate("HistoryDetail", "Cliente"), _customer_text(details)),
        _table_row(translate("HistoryDetail", "Registrado em"), date_and_time_with_seconds(operation.created_at)),
        _table_row(translate("HistoryDetail", "Encerrado em"), date_and_time_with_seconds(operation.settled_at)),
        "</table>",
    ]
    if operation.lines:
        items = "".join(
            f"<li>{escape(line.title)}: {escape(format_reais(line.value))}</li>" for line in operation.lines
        )
        returned = translate("HistoryDetail", "Itens devolvidos")
        parts.append(f"<p><b>{escape(returned)}</b></p><ul>{items}</ul>")
    happened = translate("HistoryDetail", "O que aconteceu")
    parts.append(f"<p><b>{escape(happened)}</b></p><ul>")
    parts += [f"<li>{escape(line)}</li>" for line in timeline(details)]
    parts.append("</ul>")
    return "".join(parts)


def _message_for_other_shop() -> Message:
    return Message(
        "warning",
        translate("HistoryDetail", "Este registro é de outra loja ou de outro endereço do BonifiQ, e espera por eles."),
        translate("HistoryDetail", "Nada dele é enviado com o token e o endereço de agora."),
        translate("HistoryDetail", "Ele segue sozinho quando o token daquela loja voltar, em Ajustes (F9)."),
    )


def _contradiction_html(details: OperationDetails) -> str:
    words = message_for_contradiction(details.operation)
    shown = ""
    for event in filter(_is_contradiction, details.events):  # none, where a bit on the disk has flipped
        shown = translate("HistoryDetail", "Em {0} o BonifiQ mostrou: {1}.").format(
            date_and_time_with_seconds(event.at), lookup_event_text(event.note)
        )
    lines = "<br>".join(escape(part) for part in (shown, words.effect, words.action))
    here = escape(translate("HistoryDetail", "O que está gravado aqui:"))
    return f"<p><span style='color:{_ALARM_COLOR}'><b>{escape(words.title)}</b></span><br>{lines}</p><p>{here}</p>"


def _is_contradiction(event: Event) -> bool:
    return event.from_state is event.to_state and event.review_reason is ReviewReason.LOOKUP_DISAGREES


def _table_row(name: str, value: str) -> str:
    return f"<tr><td>{escape(name)}:&nbsp;</td><td>{escape(value)}</td></tr>" if value else ""


def _customer_text(details: OperationDetails) -> str:
    order = details.operation.order
    if order is None or order.customer is None:
        return ""
    return "  ".join(part for part in customer_lines(order.customer) if part)


def timeline(details: OperationDetails) -> list[str]:
    """What happened to an operation, a line per attempt and change, oldest first."""
    # In the order in which it was written down, whatever a clock that jumps says: every attempt begins when the
    # operation turns to sending, and what it saw stands before the state that it led to.
    attempts = iter(details.attempts)
    lines = []
    for event in details.events:
        if event.from_state is State.SENDING:
            lines += [_attempt_text(attempt) for attempt in islice(attempts, 1)]
        lines.append(f"{date_and_time_with_seconds(event.at)}  {_event_text(event)}")
    return lines + [_attempt_text(attempt) for attempt in attempts]


def _event_text(event: Event) -> str:
    shown = lookup_event_text(event.note)
    if event.from_state is None and (event.registered_by or event.approved_by):
        return _registration_text(event)
    if _is_contradiction(event):
        return translate("HistoryDetail", "O BonifiQ mostrou outra coisa: {0}.").format(shown)
    if event.from_state is event.to_state:
        return translate("HistoryDetail", "Verificado por uma pessoa.")
    text = translate("HistoryDetail", "Situação: {0}").format(state_name(event.to_state))
    if event.evidence is Evidence.PERSON:
        decided = translate("HistoryDetail", "Decidido por {0}").format(event.note)
        return f"{text} {decided}" if event.note else text
    seen = translate("HistoryDetail", "O BonifiQ mostrou: {0}.").format(shown)
    return f"{text}. {seen}" if shown else text


def _registration_text(event: Event) -> str:
    if not event.registered_by:
        return translate("HistoryDetail", "Registrado, com autorização de {0}").format(event.approved_by)
    by = translate("HistoryDetail", "Registrado por {0}").format(event.registered_by)
    if not event.approved_by:
        return by
    return translate("HistoryDetail", "{0}, com autorização de {1}").format(by, event.approved_by)


def _attempt_text(attempt: Attempt) -> str:
    at = date_and_time_with_seconds(attempt.ended_at or attempt.started_at)
    match attempt.outcome:
        case "done":
            text = translate("HistoryDetail", "Enviado; o BonifiQ confirmou.")
        case "refused":
            text = translate("HistoryDetail", "Enviado; o BonifiQ recusou.")
        case "not_sent":
            text = translate("HistoryDetail", "Não saiu deste PC.")
        case "unknown":
            text = translate("HistoryDetail", "Enviado; sem resposta clara.")
        case _:
            text = translate("HistoryDetail", "Envio começado.")
    if attempt.failure_reason is not None:
        text += " " + failure_title(attempt.failure_reason)
    said = " ".join(part for part in (attempt.code, attempt.message) if part)
    return f"{at}  {text} ({said})" if said else f"{at}  {text}"
