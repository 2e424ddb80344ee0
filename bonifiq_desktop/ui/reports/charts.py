"""The owner's pictures as charts: sales and refunds by hour and weekday, reasons, points given and taken."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QLocale

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.reports import REAL, Flow, Pictures, PointsStep, Step
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.reports.chart import Chart, Series, shortened_rows

_WHOLE = 100  # cents


def period_text(first: date, last: date) -> str:
    """`28/11/2026`, or `01/11/2026 a 28/11/2026`."""
    begin, end = first.strftime("%d/%m/%Y"), last.strftime("%d/%m/%Y")
    return begin if first == last else translate("reports", "{0} a {1}").format(begin, end)


def charts_of(pictures: Pictures) -> tuple[Chart, ...]:
    """The charts in the order of the page's choice."""
    return (_by_hour(pictures), _by_weekday(pictures), _reasons(pictures), _points(pictures))


def weekday_names() -> tuple[str, ...]:
    """Short names, from Monday."""
    return (
        translate("reports", "seg"),
        translate("reports", "ter"),
        translate("reports", "qua"),
        translate("reports", "qui"),
        translate("reports", "sex"),
        translate("reports", "sáb"),
        translate("reports", "dom"),
    )


def _by_hour(pictures: Pictures) -> Chart:
    title = translate("reports", "Vendas e devoluções por hora")
    names = [f"{hour}h" for hour in range(24)]
    return _flows(title, translate("reports", "Hora"), names, pictures.hours, pictures)


def _by_weekday(pictures: Pictures) -> Chart:
    title = translate("reports", "Vendas e devoluções por dia da semana")
    return _flows(title, translate("reports", "Dia"), weekday_names(), pictures.weekdays, pictures)


def _flows(title: str, heading: str, names: Sequence[str], flows: Sequence[Flow], pictures: Pictures) -> Chart:
    sales, refunds = translate("reports", "Vendas"), translate("reports", "Devoluções e cancelamentos")
    many = translate("reports", "Quantas")
    return Chart(
        _titled(title, pictures),
        tuple(names),
        (
            Series(sales, tuple(flow.sales.value for flow in flows)),
            Series(refunds, tuple(flow.given_back.value for flow in flows), 1),
        ),
        money_text,
        (heading, sales, many, refunds, many),
        tuple(
            (
                name,
                format_reais(flow.sales.value),
                number_text(flow.sales.count),
                format_reais(flow.given_back.value),
                number_text(flow.given_back.count),
            )
            for name, flow in zip(names, flows, strict=True)
        ),
        _other_currencies(pictures),
    )


def _reasons(pictures: Pictures) -> Chart:
    none = translate("reports", "Sem motivo")
    reais = [each for each in pictures.reasons if each.sum.currency == REAL]
    names, values = shortened_rows(
        [each.name or none for each in reais],
        [each.sum.value for each in reais],
        lambda count: translate("reports", "Outros ({0})").format(count),
    )
    value = translate("reports", "Valor")
    return Chart(
        _titled(translate("reports", "Devoluções e cancelamentos por motivo"), pictures),
        names,
        (Series(value, values, 1),),
        format_reais,
        (translate("reports", "Motivo"), value, translate("reports", "Quantas")),
        tuple(
            (each.name or none, format_money(each.sum.value, each.sum.currency), number_text(each.sum.count))
            for each in pictures.reasons
        ),
        _other_currencies(pictures),
        has_rows=True,
    )


def _points(pictures: Pictures) -> Chart:
    given, taken = translate("reports", "Pontos dados"), translate("reports", "Pontos retirados (estimativa)")
    steps = pictures.points
    names = tuple(_step_name(step, pictures.step) for step in steps)
    notes = [
        translate("reports", "O BonifiQ não diz quantos pontos uma devolução tirou: o programa estima pela venda."),
        translate("reports", "Pontos trocados por benefícios não estão aqui."),
    ]
    if pictures.untold:
        unknown = translate("reports", "Operações com pontos desconhecidos, que não estão na conta: {0}.")
        notes.append(unknown.format(number_text(pictures.untold)))
    return Chart(
        _titled(translate("reports", "Pontos dados e retirados"), pictures),
        names,
        (
            Series(given, tuple(step.given.points for step in steps)),
            Series(taken, tuple(step.taken.points for step in steps), 1),
        ),
        number_text,
        (
            translate("reports", "Quando"),
            given,
            taken,
            translate("reports", "Cashback dado"),
            translate("reports", "Cashback retirado (estimativa)"),
        ),
        tuple(
            (
                name,
                number_text(step.given.points),
                number_text(step.taken.points),
                format_reais(step.given.cashback),
                format_reais(step.taken.cashback),
            )
            for name, step in zip(names, steps, strict=True)
        ),
        tuple(notes),
    )


def _step_name(step: PointsStep, unit: Step) -> str:
    return step.first.strftime({Step.DAY: "%d/%m", Step.MONTH: "%m/%Y", Step.YEAR: "%Y"}[unit])


def _titled(title: str, pictures: Pictures) -> str:
    return f"{title}  ·  {period_text(pictures.first, pictures.last)}"


def _other_currencies(pictures: Pictures) -> tuple[str, ...]:
    if not pictures.other_currencies:
        return ()
    sums = ", ".join(format_money(each.value, each.currency) for each in pictures.other_currencies)
    return (translate("reports", "Devolvido em outras moedas, fora do gráfico: {0}.").format(sums),)


def money_text(cents: int) -> str:
    """`R$ 1.234`, with the cents only where there are some below one real."""
    return format_reais(cents) if cents % _WHOLE and cents < _WHOLE else format_reais(cents)[:-3]


def number_text(number: int) -> str:
    return QLocale().toString(number)


def duration_text(span: timedelta) -> str:
    """`35 s`, `12 min`, `3 h 20 min`, `2 d 4 h`; empty for none."""
    seconds = span // timedelta(seconds=1)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    if minutes:
        return f"{minutes} min"
    return f"{seconds} s" if seconds else ""
