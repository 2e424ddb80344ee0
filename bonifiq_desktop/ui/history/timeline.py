"""Timeline of one operation: a line per attempt and event, oldest first."""

from itertools import islice

from bonifiq_desktop.domain.operations import Evidence, ReviewReason, State
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.row_mapping import Attempt, Event
from bonifiq_desktop.ui.messages.formats import date_and_time_with_seconds, lookup_event_text, state_name
from bonifiq_desktop.ui.messages.message import join_sentences, translate
from bonifiq_desktop.ui.messages.order_errors import failure_title


def is_contradiction(event: Event) -> bool:
    """Whether a look-up contradicted a final state."""
    return event.from_state is event.to_state and event.review_reason is ReviewReason.LOOKUP_DISAGREES


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
    if is_contradiction(event):
        return translate("HistoryDetail", "O BonifiQ mostrou outra coisa: {0}.").format(shown)
    if event.from_state is event.to_state and event.review_reason is ReviewReason.RESTORED:
        return translate("HistoryDetail", "O histórico da loja mostrou: foi confirmado.")
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
