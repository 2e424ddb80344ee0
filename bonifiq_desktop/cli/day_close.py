"""`day-close`: print a day of this till and its close, read beside an open program."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from bonifiq_desktop.arguments import Arguments
from bonifiq_desktop.cli.console import DONE, NEWER_LEDGER, CommandFailed
from bonifiq_desktop.domain.day_close import DayReport, LoyaltySum, NamedSum, Sum, TillDay
from bonifiq_desktop.domain.remote_orders import to_whole_units
from bonifiq_desktop.ledger.errors import LedgerError, LedgerNewer
from bonifiq_desktop.services.day_close import read_audited_day
from bonifiq_desktop.services.export import in_brazilian
from bonifiq_desktop.storage.files import check_private
from bonifiq_desktop.storage.paths import Paths, data_folder
from bonifiq_desktop.storage.settings import SettingsError, load_settings


def run(arguments: Arguments) -> int:
    paths = Paths(data_folder(arguments.data_dir, training=arguments.training))
    if not paths.ledger.is_file():
        raise CommandFailed(f"não há histórico em {paths.folder}.")
    check_private(paths.folder)
    try:
        till = load_settings(paths.settings).till
        report = read_audited_day(paths, arguments.day, till=till, now=datetime.now(UTC))
    except LedgerNewer as error:
        raise CommandFailed(NEWER_LEDGER) from error
    except LedgerError as error:
        raise CommandFailed(f"o histórico não pôde ser lido ({type(error).__name__}).") from error
    except SettingsError as error:
        raise CommandFailed("os ajustes não puderam ser lidos.") from error
    if arguments.list_format == "json":
        json.dump(asdict(report), sys.stdout, default=_packed, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(report))
    return DONE


def _packed(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _lines(report: DayReport) -> Iterator[str]:
    closed = report.closed
    yield f"{report.day:%d/%m/%Y}  {report.till}  operations: {report.operations}"
    if closed is not None:
        at, by = closed.at.astimezone(), f"{closed.person}  {closed.reason}"
        yield f"closed: number {closed.number}, code {closed.code}, {at:%d/%m/%Y %H:%M}  {by}".rstrip()
    else:
        yield f"not closed; open operations: {report.undecided}"
    for name, total in vars(closed.totals if closed else report.totals).items():
        yield from _total_lines(name, total)
    for till in closed.shop if closed else report.shop:
        yield _till_line(till, till.till or report.till)
    for item in report.open_operations:
        state = "contradicted" if item.contradicted else item.state
        yield f"open: {item.operation_id} {item.kind} {item.order_id} {state} {_money(item.value, item.currency)}"
    for number in report.damaged_operations:
        yield f"damaged: operation {number}"
    for change in report.late_changes:
        now = "contradicted" if change.contradicted else change.now
        yield (
            f"late: {change.operation_id} {change.kind} {change.order_id} of {change.day:%d/%m/%Y} "
            f"{change.before or 'not registered'} > {now} {_money(change.value, change.currency)}"
        )
    for record in report.damaged_closes:
        what = "gone" if record.is_gone else "damaged"
        yield f"{what}: close number {record.number} {record.day or ''} {record.code}".rstrip()
    for day in report.earlier_open_days:
        yield f"not closed: {day:%d/%m/%Y}"


def _till_line(till: TillDay, name: str) -> str:
    sums = ", ".join(
        f"{what} {total.count} {_money(total.value, total.currency)}"
        for what, total in (
            ("sales", till.sales),
            ("refunds", till.refunds),
            ("cancellations", till.cancellations),
            *((f"returns {each.name}", each.sum) for each in till.returns),
        )
    )
    heard = f"; heard {till.heard_at.astimezone():%d/%m/%Y %H:%M}" if till.heard_at else ""
    return f"till {name}: operations {till.operations}, open {till.open_operations}, {sums}{heard}"


def _total_lines(name: str, total: Sum | LoyaltySum | tuple[NamedSum, ...]) -> Iterator[str]:
    match total:
        case Sum():
            yield f"{name}: {total.count}  {_money(total.value, total.currency)}"
        case LoyaltySum():
            yield f"{name}: {total.points} points, cashback {_money(total.cashback, 'BRL')}"
            if total.estimated_points or total.estimated_cashback:
                cashback = _money(total.estimated_cashback, "BRL")
                yield f"{name}, estimated: {total.estimated_points} points, cashback {cashback}"
        case _:
            for each in total:
                yield f"  {name} {each.name or '-'}: {each.sum.count}  {_money(each.sum.value, each.sum.currency)}"


def _money(value: int, currency: str) -> str:
    return f"{currency} {in_brazilian(to_whole_units(value, currency))}"
