"""One operation with everything known of it, as a page to read or print. All outside text is escaped."""

from html import escape

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Evidence
from bonifiq_desktop.ledger.history import Details
from bonifiq_desktop.ledger.rows import Attempt, Event
from bonifiq_desktop.ui.formats import customer_lines, kind_name, moment_exact, state_name, translate
from bonifiq_desktop.ui.outcomes import describe_operation
from bonifiq_desktop.ui.words import trouble_title


def details_html(details: Details) -> str:
    """The HTML of one operation's details."""
    operation = details.operation
    words = describe_operation(operation)
    kind = kind_name(operation.kind)
    parts = [
        f"<h3>{escape(kind)} · {escape(format_reais(operation.value))}</h3>",
        f"<p><b>{escape(words.title)}</b><br>{escape(words.moved)}<br>{escape(words.to_do)}</p>",
        "<table cellpadding='2'>",
        _row(translate("HistoryDetail", "Pedido"), operation.order_id),
        _row(translate("HistoryDetail", "Protocolo"), operation.cancel_key or ""),
        _row(translate("HistoryDetail", "Motivo"), operation.reason),
        _row(translate("HistoryDetail", "Cliente"), _customer(details)),
        _row(translate("HistoryDetail", "Registrado em"), moment_exact(operation.created_at)),
        _row(translate("HistoryDetail", "Encerrado em"), moment_exact(operation.settled_at)),
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


def _row(name: str, value: str) -> str:
    return f"<tr><td>{escape(name)}:&nbsp;</td><td>{escape(value)}</td></tr>" if value else ""


def _customer(details: Details) -> str:
    order = details.operation.order
    if order is None or order.customer is None:
        return ""
    return "  ".join(part for part in customer_lines(order.customer) if part)


def timeline(details: Details) -> list[str]:
    """What happened to an operation, a line per attempt and change, oldest first."""
    # What an attempt saw stands before the state it led to, written in the same moment.
    lines = [(attempt.ended_at or attempt.started_at, _attempt(attempt)) for attempt in details.attempts]
    lines += [(event.at, _event(event)) for event in details.events]
    return [f"{moment_exact(at)}  {text}" for at, text in sorted(lines, key=lambda line: line[0])]


def _event(event: Event) -> str:
    text = translate("HistoryDetail", "Situação: {0}").format(state_name(event.to_state))
    if event.evidence is Evidence.PERSON and event.note:
        text += " " + translate("HistoryDetail", "Decidido por {0}").format(event.note)
    return text


def _attempt(attempt: Attempt) -> str:
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
    if attempt.trouble is not None:
        text += " " + trouble_title(attempt.trouble)
    said = " ".join(part for part in (attempt.code, attempt.message) if part)
    return f"{text} ({said})" if said else text
