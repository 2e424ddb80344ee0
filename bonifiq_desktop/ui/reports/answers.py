"""Answers to the owner's questions as tables, each with a headline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.owner_questions import (
    Answer,
    ByHand,
    Decided,
    Question,
    ReturningCustomer,
    RevealedCustomer,
    Row,
    Unsent,
)
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.reports import GivenBack
from bonifiq_desktop.ui.messages.formats import date_and_time, joined, kind_name, state_name
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.operations import review_text
from bonifiq_desktop.ui.messages.order_errors import failure_title
from bonifiq_desktop.ui.reports.charts import duration_text, number_text

_MOST_PEOPLE = 8
Names = Mapping[int, RevealedCustomer]


@dataclass(frozen=True)
class AnswerTable:
    """`wide`: the column that takes the room which the others leave. `amounts`: the columns at the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    headline: str
    amounts: set[int] = field(default_factory=set)
    wide: int = 0


def question_title(question: Question) -> str:
    return {
        Question.GIVEN_BACK: translate("reports", "Quem devolveu o quê"),
        Question.CUSTOMERS: translate("reports", "Clientes que mais devolvem"),
        Question.DECIDED: translate("reports", "Decidido à mão"),
        Question.UNSENT: translate("reports", "O que não saiu"),
    }[question]


def nothing_found(question: Question) -> str:
    return {
        Question.GIVEN_BACK: translate("reports", "Nenhuma devolução confirmada no período."),
        Question.CUSTOMERS: translate("reports", "Nenhuma devolução de cliente conhecido no período."),
        Question.DECIDED: translate("reports", "Nada foi decidido ou autorizado à mão no período."),
        Question.UNSENT: translate("reports", "Tudo saiu na hora: nada ficou esperando no período."),
    }[question]


def table_of(answer: Answer, names: Names) -> AnswerTable:
    """The table of an answer. `names`: customers whose data a manager released."""
    make: dict[Question, Callable[[Answer, Names], AnswerTable]] = {
        Question.GIVEN_BACK: _given_back,
        Question.CUSTOMERS: _customers,
        Question.DECIDED: _decided,
        Question.UNSENT: _unsent,
    }
    return make[answer.question](answer, names)


def order_of(row: Row) -> str:
    """The number of the order that a row leads to."""
    return row.last_order_id if isinstance(row, ReturningCustomer) else row.order_id


def _rows_of(answer: Answer, kind: type[Any]) -> list[Any]:
    return [row for row in answer.rows if isinstance(row, kind)]


def _given_back(answer: Answer, _names: Names) -> AnswerTable:
    rows: list[GivenBack] = _rows_of(answer, GivenBack)
    people = [
        f"{each.name or _nobody_named()}: {number_text(each.sum.count)}, "
        f"{format_money(each.sum.value, each.sum.currency)}"
        for each in answer.people[:_MOST_PEOPLE]
    ]
    return AnswerTable(
        (
            translate("reports", "Quem"),
            translate("reports", "Motivo"),
            translate("reports", "O quê"),
            translate("reports", "Quando"),
            translate("reports", "Pedido"),
            translate("reports", "Sistemas"),
            translate("reports", "Valor"),
        ),
        tuple(
            (
                row.person or _nobody_named(),
                row.reason or translate("reports", "Sem motivo"),
                ", ".join(row.items) or kind_name(row.kind),
                date_and_time(row.at),
                row.order_id,
                ", ".join(_system_name(system) for system in row.systems),
                format_money(row.value, row.currency),
            )
            for row in rows
        ),
        joined(*people, _cut(answer)),
        amounts={6},
        wide=2,
    )


def _customers(answer: Answer, names: Names) -> AnswerTable:
    rows: list[ReturningCustomer] = _rows_of(answer, ReturningCustomer)
    unnamed = translate("reports", "Devoluções sem cliente guardado: {0}").format(number_text(answer.unnamed))
    return AnswerTable(
        (
            translate("reports", "Cliente"),
            translate("reports", "CPF ou CNPJ"),
            translate("reports", "Devoluções"),
            translate("reports", "Último pedido"),
            translate("reports", "Valor"),
        ),
        tuple(
            (
                names[row.customer_id].name if row.customer_id in names else row.name or _no_name(),
                names[row.customer_id].document if row.customer_id in names else row.document,
                number_text(row.count),
                row.last_order_id,
                " + ".join(format_money(each.value, each.currency) for each in row.sums),
            )
            for row in rows
        ),
        joined(unnamed if answer.unnamed else "", _cut(answer)),
        amounts={2, 4},
    )


def _decided(answer: Answer, _names: Names) -> AnswerTable:
    rows: list[Decided] = _rows_of(answer, Decided)
    return AnswerTable(
        (
            translate("reports", "Quando"),
            translate("reports", "Quem"),
            translate("reports", "Decisão"),
            translate("reports", "Motivo dado"),
            translate("reports", "Por que foi perguntado"),
            translate("reports", "Pedido"),
            translate("reports", "Valor"),
        ),
        tuple(
            (
                date_and_time(row.at),
                row.person or _nobody_named(),
                f"{_decision_name(row)}: {kind_name(row.kind)}",
                row.reason,
                review_text(row.review_reason, row.kind) if row.review_reason else "",
                row.order_id,
                format_money(row.value, row.currency),
            )
            for row in rows
        ),
        joined(translate("reports", "Decisões: {0}").format(number_text(answer.count)), _cut(answer)),
        amounts={6},
        wide=4,
    )


def _unsent(answer: Answer, _names: Names) -> AnswerTable:
    rows: list[Unsent] = _rows_of(answer, Unsent)
    waiting = sum(row.until is None for row in rows)
    longest = max((row.delay.total for row in rows), default=None)
    parts = [
        translate("reports", "Registros: {0}").format(number_text(answer.count)),
        translate("reports", "ainda esperam: {0}").format(number_text(waiting)) if waiting else "",
        translate("reports", "o mais demorado: {0}").format(duration_text(longest)) if longest else "",
        _cut(answer),
    ]
    return AnswerTable(
        (
            translate("reports", "Desde"),
            translate("reports", "O quê"),
            translate("reports", "Causa"),
            translate("reports", "Sem sair"),
            translate("reports", "Sem resposta"),
            translate("reports", "Com uma pessoa"),
            translate("reports", "Situação"),
            translate("reports", "Valor"),
        ),
        tuple(
            (
                date_and_time(row.at),
                f"{kind_name(row.kind)} {row.order_id}",
                failure_title(row.failure) if row.failure else translate("reports", "Esperou na fila"),
                duration_text(row.delay.unsent),
                duration_text(row.delay.unknown),
                duration_text(row.delay.review),
                state_name(row.state),
                format_money(row.value, row.currency),
            )
            for row in rows
        ),
        joined(*parts),
        amounts={3, 4, 5, 7},
        wide=2,
    )


def _decision_name(row: Decided) -> str:
    match row.by_hand:
        case ByHand.APPROVED:
            return translate("reports", "Autorizou")
        case ByHand.ACKNOWLEDGED:
            return translate("reports", "Conferiu o alarme")
        case ByHand.WITHDRAWN:
            return translate("reports", "Desistiu")
    return {
        State.CONFIRMED: translate("reports", "Já foi feita"),
        State.NOT_APPLIED: translate("reports", "Não foi feita"),
        State.QUEUED: translate("reports", "É outra devolução"),
    }.get(row.state, translate("reports", "Tentar de novo"))


def _system_name(connection: str) -> str:
    return "BonifiQ" if connection == "bonifiq" else connection


def _nobody_named() -> str:
    return translate("reports", "Sem nome")


def _no_name() -> str:
    return translate("reports", "Cliente sem nome")


def _cut(answer: Answer) -> str:
    if answer.count <= len(answer.rows):
        return ""
    most, count = number_text(len(answer.rows)), number_text(answer.count)
    return translate("reports", "Mostra {0} de {1}: a planilha tem todos.").format(most, count)
