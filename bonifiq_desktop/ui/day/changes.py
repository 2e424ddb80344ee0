"""What a day has more than when a person looked at it."""

from bonifiq_desktop.domain.day_close import DayReport, Sum
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.ui.messages.day_close import more_text
from bonifiq_desktop.ui.messages.formats import joined
from bonifiq_desktop.ui.messages.message import translate


def what_is_new(before: DayReport, now: DayReport) -> str:
    """`2 registros a mais  ·  Vendas: +1, R$ 159,90  ·  Em aberto: +1`; empty where nothing differs."""
    more = now.operations - before.operations
    sums = (
        (translate("day", "Vendas"), before.totals.sales, now.totals.sales),
        (translate("day", "Devoluções"), before.totals.refunds, now.totals.refunds),
        (translate("day", "Cancelamentos"), before.totals.cancellations, now.totals.cancellations),
        (translate("day", "Benefícios usados"), before.totals.rewards, now.totals.rewards),
    )
    parts = [more_text(more)] if more > 0 else []
    parts += [_difference(name, old, new) for name, old, new in sums if old != new]
    known = {operation.operation_id for operation in before.open_operations}
    opened = sum(operation.operation_id not in known for operation in now.open_operations)
    if opened:
        parts.append(translate("day", "Em aberto: +{0}").format(opened))
    return joined(*parts)


def _difference(name: str, old: Sum, new: Sum) -> str:
    return f"{name}: {new.count - old.count:+d}, {format_reais(new.value - old.value)}"
