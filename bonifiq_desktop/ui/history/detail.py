"""Details of one operation as HTML, and its timeline. Every outside text is escaped."""

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
)
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.operations import message_for_contradiction, message_for_operation, with_stop_reason
from bonifiq_desktop.ui.messages.order_errors import failure_title
from bonifiq_desktop.worker.commands import Status

_ALARM_COLOR = "#d33d33"  # readable on light and dark backgrounds


def details_html(details: OperationDetails, status: Status | None = None) -> str:
    """Return one operation's details as HTML. `status`: the worker's last status, for stopped sending."""
    operation = details.operation
    message = _message_for_other_shop() if details.waits_elsewhere else message_for_operation(operation)
    message = with_stop_reason(message, operation, status)
    heading = f"{kind_name(operation.kind)} · {format_reais(operation.value)}"
    rows = (
        (translate("HistoryDetail", "Pedido"), operation.order_id),
        (translate("HistoryDetail", "Protocolo"), operation.cancel_key or ""),
        (translate("HistoryDetail", "Motivo"), operation.reason),
        (translate("HistoryDetail", "Cliente"), _customer_text(details)),
        (translate("HistoryDetail", "Registrado em"), date_and_time_with_seconds(operation.created_at)),
        (translate("HistoryDetail", "Encerrado em"), date_and_time_with_seconds(operation.settled_at)),
    )
    items = [f"{line.title}: {format_reais(line.value)}" for line in operation.lines]
    return "".join(
        (
            f"<h3>{escape(heading)}</h3>",
            _contradiction_html(details) if operation.contradicted else "",
            f"<p><b>{escape(message.title)}</b><br>{escape(message.effect)}<br>{escape(message.action)}</p>",
            "<table cellpadding='2'>",
            *(f"<tr><td>{escape(name)}:&nbsp;</td><td>{escape(value)}</td></tr>" for name, value in rows if value),
            "</table>",
            _list_html(translate("HistoryDetail", "Itens devolvidos"), items) if items else "",
            _list_html(translate("HistoryDetail", "O que aconteceu"), timeline(details)),
        )
    )


def _list_html(heading: str, items: list[str]) -> str:
    entries = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<p><b>{escape(heading)}</b></p><ul>{entries}</ul>"


def _message_for_other_shop() -> Message:
    return Message(
        "warning",
        translate("HistoryDetail", "Este registro é de outra loja ou de outro endereço do BonifiQ, e espera por eles."),
        translate("HistoryDetail", "Nada dele é enviado com o token e o endereço de agora."),
        translate("HistoryDetail", "Ele segue sozinho quando o token daquela loja voltar, em Ajustes (F9)."),
    )


def _contradiction_html(details: OperationDetails) -> str:
    message = message_for_contradiction(details.operation)
    shown = ""
    for event in filter(_is_contradiction, details.events):  # no such event if its row is damaged
        shown = translate("HistoryDetail", "Em {0} o BonifiQ mostrou: {1}.").format(
            date_and_time_with_seconds(event.at), lookup_event_text(event.note)
        )
    title = f"<span style='color:{_ALARM_COLOR}'><b>{escape(message.title)}</b></span>"
    lines = "<br>".join(map(escape, (shown, message.effect, message.action)))
    stored = escape(translate("HistoryDetail", "O que está gravado aqui:"))
    return f"<p>{title}<br>{lines}</p><p>{stored}</p>"


def _is_contradiction(event: Event) -> bool:
    return event.from_state is event.to_state and event.review_reason is ReviewReason.LOOKUP_DISAGREES


def _customer_text(details: OperationDetails) -> str:
    order = details.operation.order
    if order is None or order.customer is None:
        return ""
    return "  ".join(filter(None, customer_lines(order.customer)))


def timeline(details: OperationDetails) -> list[str]:
    """Return a line per attempt and event, oldest first.

    The order is the order of writing, because the clock may jump: an attempt stands before the event that ends it.
    """
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
    known = {
        "done": translate("HistoryDetail", "Enviado; o BonifiQ confirmou."),
        "refused": translate("HistoryDetail", "Enviado; o BonifiQ recusou."),
        "not_sent": translate("HistoryDetail", "Não saiu deste PC."),
        "unknown": translate("HistoryDetail", "Enviado; sem resposta clara."),
    }
    text = known.get(attempt.outcome or "", translate("HistoryDetail", "Envio começado."))
    if attempt.failure_reason is not None:
        text += " " + failure_title(attempt.failure_reason)
    answer = join_sentences(attempt.code, attempt.message)
    return f"{at}  {text} ({answer})" if answer else f"{at}  {text}"
