"""Texts of the day close: days, records, differences and their next steps, errors."""

from datetime import date, datetime, timedelta, timezone

from PySide6.QtCore import QLocale

from bonifiq_desktop.domain.day_close import (
    ClosedDay,
    DamagedClose,
    DayChanged,
    DayNotClosable,
    Difference,
    NextStep,
    OrderDifference,
    ReasonNeeded,
)
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.ui.messages.message import Message, join_sentences, translate
from bonifiq_desktop.ui.messages.remote_orders import SYSTEM_NAMES

_CODE_GROUP = 4  # characters


def full_day(day: date) -> str:
    """`29/11/2026`."""
    return f"{day:%d/%m/%Y}"


def day_with_weekday(day: date, today: date) -> str:
    """`hoje, dom 29/11/2026`."""
    weekday = QLocale().dayName(day.isoweekday(), QLocale.FormatType.ShortFormat).rstrip(".")
    near = {0: translate("day", "Hoje"), 1: translate("day", "Ontem")}.get((today - day).days, "")
    return ", ".join(filter(None, (near, f"{weekday} {full_day(day)}")))


def count_text(count: int) -> str:
    """`1.234`."""
    return QLocale().toString(count)


def spoken_code(code: str) -> str:
    """`A1B2 C3D4`, to read out."""
    return " ".join(code[start : start + _CODE_GROUP] for start in range(0, len(code), _CODE_GROUP)).upper()


def closed_at(closed: ClosedDay) -> datetime:
    """When a day was closed, by the till's clock of that day."""
    return closed.at.astimezone(timezone(timedelta(minutes=closed.utc_offset_minutes)))


def record_text(closed: ClosedDay) -> str:
    """`Fechado por Ana em 29/11/2026 às 19:02.`"""
    at = closed_at(closed)
    if not closed.person:
        return translate("day", "Fechado em {0} às {1}.").format(full_day(at.date()), f"{at:%H:%M}")
    return translate("day", "Fechado por {0} em {1} às {2}.").format(closed.person, full_day(at.date()), f"{at:%H:%M}")


def open_text(count: int) -> str:
    if count == 1:
        return translate("day", "1 registro em aberto")
    return translate("day", "{0} registros em aberto").format(count_text(count))


def sales_text(count: int) -> str:
    return translate("day", "1 venda") if count == 1 else translate("day", "{0} vendas").format(count_text(count))


def more_text(count: int) -> str:
    if count == 1:
        return translate("day", "1 registro a mais")
    return translate("day", "{0} registros a mais").format(count_text(count))


def damaged_close_message(damaged: tuple[DamagedClose, ...]) -> Message:
    """Message for records of closed days that changed on disk or are gone, with the way out."""
    named = ", ".join(
        _numbered(translate("day", "nº {0}").format(each.number), full_day(each.day) if each.day else "")
        for each in damaged
    )
    if all(each.is_gone for each in damaged):
        return Message(
            "danger",
            translate("day", "O registro do fechamento {0} sumiu do histórico.").format(named),
            translate("day", "As vendas e devoluções do dia continuam nele."),
            translate("day", "Feche o dia outra vez, ou chame o suporte: uma cópia do histórico pode ter o registro."),
            "DIA-07",
        )
    return Message(
        "danger",
        translate("day", "O registro do fechamento {0} foi alterado no disco ou sumiu.").format(named),
        translate("day", "Ele não é mostrado, nem refeito: um registro refeito não provaria nada."),
        translate("day", "Chame o suporte: uma cópia do histórico pode ter o registro certo."),
        "DIA-05",
    )


def _numbered(number: str, day: str) -> str:
    return f"{number} ({day})" if day else number


def restored_message(at: datetime) -> Message:
    return Message(
        "info",
        translate("day", "O histórico veio de uma cópia, em {0}.").format(f"{at.astimezone():%d/%m/%Y %H:%M}"),
        translate("day", "Fechamentos feitos entre a cópia e esse momento não estão nele."),
        code="DIA-06",
    )


# --- differences


def difference_title(difference: OrderDifference) -> str:
    return translate("day", "Pedido {0} · {1}").format(difference.order_id, _system(difference))


def difference_text(difference: OrderDifference) -> str:
    """What differs, and the next step."""
    return join_sentences(_what_differs(difference), next_step_text(difference))


def difference_chip(difference: Difference) -> tuple[str, str]:
    """A difference in one or two words, and its tone."""
    return {
        Difference.NOT_FOUND: (translate("day", "Não encontrado"), "danger"),
        Difference.REFUNDED_MORE: (translate("day", "Devolvido a mais"), "warning"),
        Difference.REFUNDED_LESS: (translate("day", "Devolvido a menos"), "danger"),
        Difference.CANCELLED: (translate("day", "Cancelado lá"), "danger"),
        Difference.NOT_CANCELLED: (translate("day", "Não cancelado"), "danger"),
        Difference.OTHER_TOTAL: (translate("day", "Outro total"), "warning"),
        Difference.OTHER_CUSTOMER: (translate("day", "Outro cliente"), "warning"),
        Difference.REWARD_OPEN: (translate("day", "Sem venda"), "warning"),
        Difference.NOT_CHECKED: (translate("day", "Não conferido"), "neutral"),
    }[difference]


def next_step_text(difference: OrderDifference) -> str:
    if difference.difference is Difference.REWARD_OPEN:
        return translate("day", "Registre a venda ou desfaça o benefício em Consultar (F2).")
    return {
        NextStep.OPEN_ORDER: translate("day", "Abra o pedido e compare."),
        NextStep.DECIDE: translate("day", "Decida no Histórico."),
        NextStep.ASK_SYSTEM: translate("day", "Abra o pedido e fale com o suporte: {0}.").format(_system(difference)),
        NextStep.TRY_AGAIN: translate("day", "Confira de novo."),
        NextStep.WAIT: translate("day", "Espere uns minutos e confira de novo."),
    }[difference.next_step]


def _what_differs(difference: OrderDifference) -> str:
    text = {
        Difference.NOT_FOUND: translate("day", "O sistema não tem este pedido."),
        Difference.REFUNDED_MORE: translate("day", "Lá foi devolvido mais."),
        Difference.REFUNDED_LESS: translate("day", "Lá foi devolvido menos."),
        Difference.CANCELLED: translate("day", "Lá está cancelado, aqui não."),
        Difference.NOT_CANCELLED: translate("day", "Cancelado aqui; lá não está."),
        Difference.OTHER_TOTAL: translate("day", "O total é outro."),
        Difference.OTHER_CUSTOMER: translate("day", "Lá é de outro cliente."),
        Difference.REWARD_OPEN: translate("day", "Um benefício foi usado, e a venda não foi registrada."),
        Difference.NOT_CHECKED: translate("day", "Não deu para conferir."),
    }[difference.difference]
    sides = (
        (translate("day", "Aqui {0}"), difference.here),
        (translate("day", "lá {0}"), difference.there),
    )
    values = [side.format(format_money(value, difference.currency)) for side, value in sides if value is not None]
    return join_sentences(text, f"{', '.join(values)}." if values else "")


def _system(difference: OrderDifference) -> str:
    return SYSTEM_NAMES.get(difference.connection, difference.connection)


# --- errors


def message_for_day_error(error: Exception) -> Message | None:
    """Convert an error of the day close into a message; None for any other error."""
    match error:
        case DayChanged():
            return Message(
                "warning",
                translate("day", "Chegaram registros enquanto isso: o dia mudou."),
                translate("day", "Nada foi fechado."),
                translate("day", "Confira o que há de novo e feche de novo."),
                "DIA-04",
            )
        case DayNotClosable():
            return Message(
                "warning",
                translate("day", "Este dia não pode ser fechado."),
                translate("day", "Ele ainda não chegou, já está fechado, ou o registro dele está danificado."),
                code="DIA-01",
            )
        case ReasonNeeded(open_operations=count):
            return Message(
                "warning",
                translate("day", "Para fechar com {0} falta o nome ou o motivo.").format(open_text(count)),
                translate("day", "Nada foi fechado."),
                code="DIA-02",
            )
        case _:
            return None
