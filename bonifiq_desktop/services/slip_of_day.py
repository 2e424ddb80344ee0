"""Values of the slip of a closed day, from its record alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, timezone, tzinfo

from bonifiq_desktop.domain.coded_names import read_coded_name
from bonifiq_desktop.domain.day_close import ClosedDay, LateChange, LoyaltySum, NamedSum, Sum, TillDay, shop_total
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.services.slip_sentences import Sentences
from bonifiq_desktop.services.slip_templates import Values
from bonifiq_desktop.services.slip_values import moment, shown, shown_order


def values_of_day(closed: ClosedDay, say: Sentences) -> Values:
    """The values of a closed day."""
    left = closed.open_operations
    status = say.say("day.clean") if not left else say.say("day.open_one" if left == 1 else "day.open", str(left))
    if damaged := len(closed.damaged_operations):
        status = f"{status} {say.say('day.damaged', str(damaged))}"
    zone = timezone(timedelta(minutes=closed.utc_offset_minutes))
    texts = {
        **moment(closed.at.astimezone(zone)),
        "day": f"{closed.day:%d/%m/%Y}",
        "close_number": str(closed.number),
        "status": status,
        "person": shown(closed.person),
        "reason": shown(closed.reason),
        "code": closed.code,
        "shop_count": str(len(closed.shop)) if closed.shop else "",
        "late_count": str(len(closed.late_changes)) if closed.late_changes else "",
    }
    lists = {
        "sum": list(_sums(closed, say)),
        "shop": list(_shop(closed, zone, say)),
        "late": [_late(each, say) for each in closed.late_changes],
    }
    return Values(texts, lists)


def _sums(closed: ClosedDay, say: Sentences) -> Iterator[dict[str, str]]:
    totals = closed.totals
    payments = tuple(replace(each, name=_payment(each.name)) for each in totals.sales_by_payment)
    sales = {"day.by_payment": payments, "day.by_person": totals.sales_by_person}
    refunds = {"day.by_reason": totals.refunds_by_reason, "day.by_person": totals.refunds_by_person}
    cancellations = {"day.by_reason": totals.cancellations_by_reason, "day.by_person": totals.cancellations_by_person}
    yield from _sum(say.say("day.sales"), totals.sales, sales, say)
    yield from _sum(say.say("day.pending"), totals.pending_sales, {}, say)
    yield from _sum(say.say("day.completions"), totals.completions, {}, say)
    yield from _sum(say.say("day.refunds"), totals.refunds, refunds, say)
    yield from _sum(say.say("day.cancellations"), totals.cancellations, cancellations, say)
    estimated = {(each.name, each.sum.currency): each.sum for each in totals.estimated_returns}
    for each in totals.returns:
        part = estimated.get((each.name, each.sum.currency))
        is_estimate = part is not None and part.count > 0
        yield from _sum(say.say("day.returns", shown(each.name)), each.sum, {}, say, is_estimate=is_estimate)
    yield from _sum(say.say("day.rewards"), totals.rewards, {}, say)
    yield from _sum(say.say("day.rewards_undone"), totals.rewards_undone, {}, say)
    yield from _loyalty("given", totals.given, say)
    yield from _loyalty("taken", totals.taken, say)


def _shop(closed: ClosedDay, zone: tzinfo, say: Sentences) -> Iterator[dict[str, str]]:
    """The sums of each till, as this one knew them at the close, and those of all."""
    if not closed.shop:
        return
    for till in closed.shop:
        yield {"name": f"{shown(till.till) or say.say('day.this_till')} ({till.operations})"}
        yield from _till(till, say)
        if till.heard_at is not None:
            yield {"part": say.say("day.heard", f"{till.heard_at.astimezone(zone):%d/%m/%Y %H:%M}")}
    total = shop_total(closed.shop)
    yield {"name": f"{say.say('day.whole_shop')} ({total.operations})"}
    yield from _till(total, say)


def _till(till: TillDay, say: Sentences) -> Iterator[dict[str, str]]:
    named = [
        (say.say("day.sales"), till.sales),
        (say.say("day.refunds"), till.refunds),
        (say.say("day.cancellations"), till.cancellations),
        *((say.say("day.returns", shown(each.name)), each.sum) for each in till.returns),
    ]
    for name, total in named:
        if total.count:
            yield {"part": f"{name} ({total.count})", "part_value": format_money(total.value, total.currency)}
    if till.open_operations:
        yield {"part": say.say("day.till_open", str(till.open_operations))}


def _sum(
    name: str, total: Sum, parts: Mapping[str, Sequence[NamedSum]], say: Sentences, *, is_estimate: bool = False
) -> Iterator[dict[str, str]]:
    """A row of a total, and one of each of its parts; nothing for a total that counts no operation, sales apart."""
    if not total.count and name != say.say("day.sales"):
        return
    value = format_money(total.value, total.currency)
    yield {
        "name": f"{name} ({total.count})",
        "value": say.say("text.estimate", value) if is_estimate else value,
    }
    for heading, group in parts.items():
        yield from ({"part": say.say(heading)} for _ in group[:1])
        for part in group:
            label = shown(part.name) or say.say("day.unnamed")
            yield {"part": f"{label} ({part.sum.count})", "part_value": format_money(part.sum.value, part.sum.currency)}


def _payment(text: str) -> str:
    coded = read_coded_name(text)
    return coded.name if coded else ""


def _loyalty(way: str, found: LoyaltySum, say: Sentences) -> Iterator[dict[str, str]]:
    """Points and cashback, those that BonifiQ told apart from estimates."""
    rows = (
        (f"day.points_{way}", say.number(found.points), found.points),
        (f"day.cashback_{way}", format_reais(found.cashback), found.cashback),
        (f"day.points_{way}_estimated", say.number(found.estimated_points), found.estimated_points),
        (f"day.cashback_{way}_estimated", format_reais(found.estimated_cashback), found.estimated_cashback),
    )
    for key, text, value in rows:
        if value:
            yield {"name": say.say(key), "value": text}


def _late(change: LateChange, say: Sentences) -> dict[str, str]:
    """`29/11/2026 Devolução do pedido 1001: sendo confirmada → confirmada`."""
    before = say.say("day.late_new") if change.before is None else say.say(f"name.{change.before}")
    now = say.say(f"name.{change.now}")
    if change.contradicted:
        now = f"{now} ({say.say('day.contradicted')})"
    what = f"{change.day:%d/%m/%Y} {say.say(f'kind.{change.kind}')} {shown_order(change.order_id)}"
    return {
        "name": f"{what}: {before} → {now}",
        "value": format_money(change.value, change.currency),
    }
