"""The day close over a real backend: its check against the systems, its export, and what a stop leaves."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bonifiq_desktop.domain.day_close import DamagedClose, DayCheck, Difference, NextStep
from bonifiq_desktop.domain.operations import FINAL, Operation, State
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.ledger.backups import make_backup
from bonifiq_desktop.services import day_export
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.training_server.models import Refund
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.headless_till import SALE
from tests.support.remote_till import NAME, RemoteTill
from tests.support.tally_system import TallyServer
from tests.worker.test_rewards import redeem

Tally = tuple[TallyServer, str]
CHOICE = ReturnChoice((ChosenLine("L1", 2),), CounterReason.DEFECT)


def settle(till: RemoteTill, *operations: Operation) -> None:
    """Wait until operations are final."""
    state = till.backend.ledger.queries.state
    till.wait_until(lambda: all(state(each.operation_id) in FINAL for each in operations))


def sell(till: RemoteTill, order_id: str = "2001") -> None:
    """A confirmed sale."""
    sale = replace(SALE, order_id=order_id, placed_at=datetime.now(UTC))
    settle(till, till.ask(c.RegisterSale(sale, ignore_clock=True)))


def refund(till: RemoteTill, order_id: str = "1001", value: int = 1000) -> None:
    """A confirmed refund."""
    order = till.ask(c.LookUp(order_id)).order
    settle(till, till.ask(c.RegisterRefund(RefundRequest(order, value, "Troca"))))


def give_back(till: RemoteTill) -> None:
    """A confirmed return in both systems."""
    money = RemoteRequest(NAME, till.ask(c.LookUpElsewhere(NAME, "1001")).order, CHOICE)
    points = RefundRequest(till.ask(c.LookUp("1001")).order, 2000, "Defeito")
    settle(till, *till.ask(c.RegisterReturn(ReturnRequest(points, (money,)))))


def check(till: RemoteTill) -> DayCheck:
    """Check today."""
    found: DayCheck = till.ask(c.CheckDay(today()))
    return found


def today() -> date:
    """The day of this PC's clock."""
    return datetime.now().astimezone().date()


def differences(till: RemoteTill) -> list[tuple[str, Difference, NextStep]]:
    """What a check of today finds."""
    return [(each.order_id, each.difference, each.next_step) for each in check(till).differences]


def test_day_that_its_systems_show_alike_has_no_differences(recording_shop: RemoteTill) -> None:
    sell(recording_shop)
    refund(recording_shop)
    give_back(recording_shop)
    found = check(recording_shop)
    assert (found.orders, found.checked, found.differences) == (3, 3, ())
    progress = [each for each in recording_shop.published if isinstance(each, c.WorkProgress)]
    assert {each.command for each in progress} == {c.CheckDay}


def test_refund_of_another_client_is_a_difference_with_both_values(
    recording_shop: RemoteTill, server: TrainingServer
) -> None:
    refund(recording_shop)
    server.service._orders["1001"].refunds.append(Refund("OTHER", 500, ""))
    [found] = check(recording_shop).differences
    assert (found.difference, found.next_step) == (Difference.REFUNDED_MORE, NextStep.OPEN_ORDER)
    assert (found.here, found.there) == (1000, 1500)


def test_refund_that_the_system_lost_in_part_is_a_difference(
    recording_shop: RemoteTill, server: TrainingServer
) -> None:
    refund(recording_shop)
    refund(recording_shop, value=700)
    server.service._orders["1001"].refunds.pop()
    [found] = check(recording_shop).differences
    assert (found.difference, found.here, found.there) == (Difference.REFUNDED_LESS, 1700, 1000)


def test_order_cancelled_elsewhere_is_a_difference(recording_shop: RemoteTill, server: TrainingServer) -> None:
    sell(recording_shop)
    server.service._orders["2001"].cancelled = "2026-11-20T15:00:00.000Z"
    [(order_id, difference, step)] = differences(recording_shop)
    assert (order_id, difference) == ("2001", Difference.CANCELLED)
    assert step in {NextStep.OPEN_ORDER, NextStep.DECIDE}


def test_sale_that_the_system_does_not_know_waits_for_a_decision(
    recording_shop: RemoteTill, server: TrainingServer
) -> None:
    sell(recording_shop)
    del server.service._orders["2001"]
    found = differences(recording_shop)
    assert found == [("2001", Difference.NOT_FOUND, NextStep.DECIDE)]
    assert recording_shop.ask(c.ReadDay(today())).open_operations[0].contradicted


def test_money_given_back_by_another_client_is_a_difference(recording_shop: RemoteTill, tally: Tally) -> None:
    give_back(recording_shop)
    tally[0].apply("1001", 300, "L1")
    [found] = check(recording_shop).differences
    assert (found.connection, found.difference, found.here, found.there) == (
        NAME,
        Difference.REFUNDED_MORE,
        2000,
        2300,
    )


def test_money_that_the_system_does_not_show_is_a_difference(recording_shop: RemoteTill, tally: Tally) -> None:
    give_back(recording_shop)
    tally[0].refunds.clear()
    [found] = check(recording_shop).differences
    assert (found.connection, found.difference, found.here, found.there) == (NAME, Difference.REFUNDED_LESS, 2000, 0)


def test_redeemed_reward_without_an_end_is_a_difference(recording_shop: RemoteTill) -> None:
    redeem(recording_shop)
    [(_, difference, step)] = differences(recording_shop)
    assert (difference, step) == (Difference.REWARD_OPEN, NextStep.DECIDE)


def test_offline_day_is_not_checked_and_asks_once(recording_shop: RemoteTill, server: TrainingServer) -> None:
    for order_id in ("2001", "2002", "2003"):
        sell(recording_shop, order_id)
    server.stop()
    found = check(recording_shop)
    assert (found.orders, found.checked) == (3, 0)
    assert {(each.difference, each.next_step) for each in found.differences} == {
        (Difference.NOT_CHECKED, NextStep.TRY_AGAIN)
    }


def test_order_with_an_unsent_operation_is_not_asked_for(recording_shop: RemoteTill, server: TrainingServer) -> None:
    server.faults.add("error_500", only="refund", times=500)
    order = recording_shop.ask(c.LookUp("1001")).order
    waiting = recording_shop.ask(c.RegisterRefund(RefundRequest(order, 1000, "Troca")))
    assert differences(recording_shop) == [("1001", Difference.NOT_CHECKED, NextStep.WAIT)]
    assert recording_shop.backend.ledger.queries.state(waiting.operation_id) is not State.CONFIRMED


def test_stopped_check_returns_what_was_checked(recording_shop: RemoteTill, monkeypatch: pytest.MonkeyPatch) -> None:
    for order_id in ("2001", "2002", "2003"):
        sell(recording_shop, order_id)
    ask = recording_shop.backend.outbox.look_up_for_check

    async def stop_after_one(order_id: str) -> object:
        recording_shop.backend.work.stop(c.CheckDay)
        return await ask(order_id)

    monkeypatch.setattr(recording_shop.backend.outbox, "look_up_for_check", stop_after_one)
    found = check(recording_shop)
    assert (found.orders, found.checked, found.differences) == (3, 1, ())


def test_check_of_a_day_leaves_room_for_what_is_sent(recording_shop: RemoteTill, server: TrainingServer) -> None:
    """A check takes its look-ups from the share of repeats: what a cashier registers meanwhile goes out at once."""
    sell(recording_shop)
    outbox = recording_shop.backend.outbox
    limiter = outbox._throttle.rate_limiter
    now = recording_shop._runner.get_loop().time()
    for _ in range(int(outbox.policy.requests_per_hour * 0.76)):
        limiter.record(now)
    assert [each.difference for each in check(recording_shop).differences] == [Difference.NOT_CHECKED]
    refund(recording_shop)


@pytest.fixture(name="out")
def folder_for_files(tmp_path: Path) -> Path:
    """A folder outside of the data folder."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def test_exported_day_is_read_by_a_spreadsheet_with_exact_amounts(recording_shop: RemoteTill, out: Path) -> None:
    sell(recording_shop)
    refund(recording_shop)
    give_back(recording_shop)
    closed = recording_shop.ask(c.CloseDay(today(), 10))
    book, sheet = out / "dia.xlsx", out / "dia.csv"
    count = recording_shop.ask(c.ExportDay(today(), str(book)))
    assert recording_shop.ask(c.ExportDay(today(), str(sheet))) == count
    header, *rows = load_workbook(book).worksheets[0].iter_rows(values_only=True)
    assert header == day_export.COLUMNS
    assert len(rows) == count
    found = {(row[0], row[1] or ""): row for row in rows}
    assert found["sales", ""][4:7] == (1, 90, "BRL")
    assert found["refunds", ""][4:7] == (2, 30, "BRL")
    assert found["refunds_by_reason", "Troca"][4:7] == (1, 10, "BRL")
    assert found["returns", NAME][4:7] == (1, 20, "BRL")
    assert found["closed", f"1 {closed.code}"][4] == 0
    text = sheet.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(text.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert ["sales", "", "", "", "1", "90,00", "BRL", "", ""] in lines


def test_exported_texts_are_no_formulas(recording_shop: RemoteTill, out: Path) -> None:
    order = recording_shop.ask(c.LookUp("1001")).order
    settle(recording_shop, recording_shop.ask(c.RegisterRefund(RefundRequest(order, 1000, "=1+1"))))
    recording_shop.ask(c.ExportDay(today(), str(out / "dia.csv")))
    assert ";'=1+1;" in (out / "dia.csv").read_text("utf-8-sig")
    recording_shop.ask(c.ExportDay(today(), str(out / "dia.xlsx")))
    cells = [
        cell
        for row in load_workbook(out / "dia.xlsx").worksheets[0].iter_rows()
        for cell in row
        if cell.value == "=1+1"
    ]
    assert [cell.data_type for cell in cells] == ["s"]


def test_close_newer_than_the_copy_put_back_is_named_as_gone(
    recording_shop: RemoteTill,
) -> None:
    shop, yesterday = recording_shop, today() - timedelta(days=1)
    shop.ask(c.CloseDay(yesterday - timedelta(days=1), 0))
    ledger = shop.paths.ledger
    copy = make_backup(ledger, datetime.now(UTC))
    assert copy is not None
    lost = shop.ask(c.CloseDay(yesterday, 0))
    shop.put_back(copy)
    report = shop.ask(c.ReadDay(today()))
    assert report.restored_at is not None
    assert report.damaged_closes == (DamagedClose(2, yesterday, is_gone=True, code=lost.code),)
    assert shop.ask(c.CloseDay(yesterday, 0)).code != lost.code
    assert shop.ask(c.ReadDay(today())).damaged_closes == ()


def test_document_in_a_name_or_a_reason_is_masked_in_the_record_that_stays(
    recording_shop: RemoteTill, server: TrainingServer
) -> None:
    server.faults.add("error_500", only="refund", times=500)
    order = recording_shop.ask(c.LookUp("1001")).order
    recording_shop.ask(c.RegisterRefund(RefundRequest(order, 1000)))
    closed = recording_shop.ask(c.CloseDay(today(), 1, "Ana 529.982.247-25", "CPF 52998224725"))
    assert (closed.person, closed.reason) == ("Ana ***.982.247-**", "CPF ***.982.247-**")
