"""Rows of what a day leaves to do: open operations, late changes, differences, earlier open days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bonifiq_desktop.domain.day_close import (
    ClosedDay,
    DayCheck,
    DayReport,
    LateChange,
    NextStep,
    OpenOperation,
    OrderDifference,
)
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ui.history.row_painter import KIND_ICONS
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.messages.day_close import (
    day_with_weekday,
    difference_chip,
    difference_text,
    difference_title,
    full_day,
    sales_text,
)
from bonifiq_desktop.ui.messages.formats import joined, kind_name, state_and_tone, state_name
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import stroke

_MAX_DAYS = 5  # earlier open days that are listed; the chooser has all of them
_MAX_ROWS = 7


@dataclass(frozen=True)
class DamagedOperation:
    """An operation of the day that changed on disk; it is in no total."""

    operation_id: int


def open_rows(report: DayReport) -> list[Row]:
    """What keeps the day from being closed without a reason."""
    return [
        *(_open_row(operation) for operation in report.open_operations),
        *(_damaged_row(operation_id) for operation_id in report.damaged_operations),
    ]


def to_do_rows(report: DayReport, check: DayCheck | None, today: date) -> list[Row]:
    """All that a person may have to do about a day, in groups with headings."""
    closed = report.closed
    groups = [
        (translate("day", "Em aberto neste dia, fora dos totais"), open_rows(report)),
        (
            translate("day", "Diferenças entre este caixa e os sistemas"),
            [_difference_row(each) for each in check.differences] if check else [],
        ),
        (
            translate("day", "Mudou depois do fechamento"),
            [*map(_late_row, report.late_changes)],
        ),
        (
            translate("day", "Mudanças de dias anteriores, neste fechamento"),
            [*map(_late_row, closed.late_changes)] if closed else [],
        ),
    ]
    if closed is None:
        title = translate("day", "Dias anteriores que ainda não foram fechados")
        groups.append((title, [_day_row(day, today) for day in report.earlier_open_days[:_MAX_DAYS]]))
    return [row for title, rows in groups if rows for row in (Row(title, is_heading=True), *rows)]


def _open_row(operation: OpenOperation) -> Row:
    needs_person = operation.contradicted or operation.state is State.REVIEW
    step = (
        translate("day", "Falta conferir no sistema: abra no Histórico.")
        if operation.contradicted
        else translate("day", "Falta decidir: abra no Histórico.")
        if needs_person
        else translate("day", "Vai sozinho quando houver conexão; o andamento está no Histórico.")
    )
    name, tone = state_and_tone(operation.state)
    chip = translate("formats", "{0} (conferir)").format(name) if operation.contradicted else name
    return Row(
        _title(operation.kind, operation.order_id),
        joined(f"{operation.created_at.astimezone():%d/%m %H:%M}", step),
        "",
        format_money(operation.value, operation.currency),
        chip,
        "danger" if needs_person else tone,
        KIND_ICONS[operation.kind],
        operation,
    )


def _damaged_row(operation_id: int) -> Row:
    return Row(
        translate("day", "Registro nº {0}").format(operation_id),
        translate("day", "Não pôde ser lido no disco: chame o suporte."),
        chip=translate("day", "Danificado"),
        tone="danger",
        icon="alert",
        target=DamagedOperation(operation_id),
    )


def _late_row(change: LateChange) -> Row:
    now, tone = state_and_tone(change.now)
    if change.contradicted:
        now, tone = translate("formats", "{0} (conferir)").format(now), "danger"
    before = (
        translate("day", "registrado depois do fechamento")
        if change.before is None
        else translate("day", "antes: {0}").format(state_name(change.before).lower())
    )
    day = translate("day", "dia {0}").format(full_day(change.day))
    return Row(
        _title(change.kind, change.order_id),
        joined(day, before, translate("day", "mudou em {0}").format(f"{change.at.astimezone():%d/%m %H:%M}")),
        "",
        format_money(change.value, change.currency),
        now,
        tone,
        KIND_ICONS[change.kind],
        change,
    )


def _difference_row(difference: OrderDifference) -> Row:
    chip, tone = difference_chip(difference.difference)
    icon = "clock" if difference.next_step is NextStep.WAIT else "alert"
    title = difference_title(difference)
    return Row(title, difference_text(difference), "", "", chip, tone, icon, difference)


def _day_row(day: date, today: date) -> Row:
    chip = translate("day", "Aberto")
    return Row(day_with_weekday(day, today), "", "", "", chip, "warning", "day", day)


def closed_row(closed: ClosedDay, today: date) -> Row:
    """A closed day in the list of them."""
    number = translate("day", "nº {0}").format(closed.number)
    open_count = closed.open_operations
    return Row(
        day_with_weekday(closed.day, today),
        joined(number, closed.person, closed.reason),
        sales_text(closed.totals.sales.count),
        format_money(closed.totals.sales.value, closed.totals.sales.currency),
        translate("day", "{0} em aberto").format(open_count) if open_count else translate("day", "Completo"),
        "warning" if open_count else "success",
        "day",
        closed.day,
    )


def _title(kind: object, order_id: str) -> str:
    return translate("day", "{0} · pedido {1}").format(kind_name(kind), order_id)  # type: ignore[arg-type]


def fit(rows: RowList) -> None:
    """Set the height of a list to that of its first rows; more of them scroll."""
    heights: Iterable[int] = (rows.sizeHintForRow(row) for row in range(min(len(rows.rows), _MAX_ROWS)))
    rows.setFixedHeight(sum(heights) + 2 * rows.frameWidth() + 4 * stroke())
