"""A day of the whole shop: the sums of every till, the age of what is known, and the record of a close."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop.domain.day_close import ClosedDay, NamedSum, Sum, TillDay, shop_total
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.shop_database import TillHead
from bonifiq_desktop.ledger.day_close import local_day, read_closed, read_day
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.row_mapping import closed_day_from
from bonifiq_desktop.services import day_export
from bonifiq_desktop.services.slip_of_day import values_of_day
from bonifiq_desktop.services.slip_sentences import Sentences
from tests.ledger.test_history_filter import enqueue
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, KEYS, START, Clock, start_attempt
from tests.support.return_actions import money_intent, register_return
from tests.support.shop_teller import Teller

DAY = local_day(START)
NOW = START + timedelta(hours=2)
HEARD = NOW - timedelta(minutes=9)


@pytest.fixture(name="second")
def open_second_till(tmp_path: Path) -> Iterator[Teller]:
    """Another till of the shop."""
    ledger = Ledger(tmp_path / "second.db", clock=Clock(), customer_keys=KEYS)
    yield Teller(ledger)
    ledger.close()


def done(ledger: Ledger, number: int, kind: Kind) -> None:
    """Register an operation of 1,00 and its number in cents, and confirm it."""
    made = enqueue(ledger, number, kind, "Ana")
    ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, CONFIRMED)


@pytest.fixture(name="shop")
def day_of_two_tills(ledger: Ledger, second: Teller) -> Ledger:
    """A sale of 1,01 here; sales of 1,02 and 1,03, a refund of 1,04, a return and an open cancel at CAIXA2."""
    done(ledger, 1, Kind.SALE)
    for number, kind in ((2, Kind.SALE), (3, Kind.SALE), (4, Kind.REFUND)):
        done(second.ledger, number, kind)
    (leg,) = register_return(second.ledger, money_intent())
    second.ledger.finish_attempt(start_attempt(second.ledger, leg), ANSWERED_DONE, CONFIRMED)
    enqueue(second.ledger, 5, Kind.CANCEL, "Ana")
    second.tell_to(ledger)
    heads = [TillHead("CAIXA2", 1, len(second.changes) + 3, b"", 540), TillHead("CAIXA3", 1, 0, b"", 60)]
    ledger.shop.note_heads(heads, NOW)
    return ledger


def read(path: Path) -> tuple[TillDay, ...]:
    """The day of every till."""
    return read_day(path, DAY, till="CAIXA1", now=NOW).shop


def test_day_of_a_till_alone_names_no_shop(ledger: Ledger, path: Path) -> None:
    done(ledger, 1, Kind.SALE)
    assert read(path) == ()
    assert ledger.days.close(DAY, till="CAIXA1", seen_operations=1, person="", reason="").shop == ()


def test_day_of_the_shop_adds_up_each_till_and_tells_its_age(shop: Ledger, path: Path) -> None:
    own, second, third = read(path)
    assert own == TillDay("", 1, 0, Sum(1, 101))
    market = money_intent()
    returned = NamedSum(market.scope.connection, Sum(1, market.value))
    assert second == TillDay("CAIXA2", 5, 1, Sum(2, 205), Sum(1, 104), Sum(), (returned,), HEARD, pending=3)
    assert third == TillDay("CAIXA3", heard_at=NOW - timedelta(minutes=1))
    total = shop_total((own, second, third))
    assert total == TillDay("", 6, 1, Sum(3, 306), Sum(1, 104), Sum(), (returned,), HEARD, 3)


def test_operation_of_another_day_or_unconfirmed_is_in_no_sum(shop: Ledger, second: Teller, path: Path) -> None:
    tomorrow = read_day(path, DAY + timedelta(days=1), till="CAIXA1", now=NOW).shop
    assert [(till.operations, till.sales) for till in tomorrow] == [(0, Sum())] * 3
    refused = enqueue(second.ledger, 6, Kind.SALE, "Ana")
    second.ledger.withdraw(refused.operation_id)
    second.tell_to(shop)
    assert (read(path)[1].operations, read(path)[1].sales) == (6, Sum(2, 205))


def test_totals_and_open_operations_of_this_till_count_no_other(shop: Ledger, path: Path) -> None:
    report = read_day(path, DAY, till="CAIXA1", now=NOW)
    assert (report.operations, report.totals.sales, report.open_operations) == (1, Sum(1, 101), ())


def close(ledger: Ledger) -> ClosedDay:
    """Close the day, which has nothing open here."""
    return ledger.days.close(DAY, till="CAIXA1", seen_operations=1, person="", reason="")


def test_closed_day_keeps_what_was_known_of_the_shop(shop: Ledger, second: Teller, path: Path) -> None:
    known = read(path)
    closed = close(shop)
    done(second.ledger, 7, Kind.SALE)
    second.tell_to(shop)
    (record,) = read_closed(path, None)
    assert (record, record.shop) == (closed, known)
    assert read(path)[1].sales == Sum(3, 312)


def test_record_from_before_the_shop_database_is_still_whole(ledger: Ledger, path: Path) -> None:
    done(ledger, 1, Kind.SALE)
    close(ledger)
    (text,) = ledger.connection.db.execute("SELECT record FROM closed_days").fetchone()
    older = {name: value for name, value in json.loads(text).items() if name != "shop"}
    assert closed_day_from(json.dumps(older), "ABCD1234").shop == ()


def test_exported_day_has_a_row_for_each_sum_of_a_till(shop: Ledger, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "day.csv"
    day_export.save(path, DAY, target, till="CAIXA1", now=NOW, data_folder=path.parent)
    rows = list(csv.reader(target.read_text("utf-8-sig").splitlines(), delimiter=";"))
    heard = HEARD.astimezone().strftime("%d/%m/%Y %H:%M:%S")
    assert ["shop", "CAIXA1", "", "", "1", "", "", "", ""] in rows
    assert ["shop", "CAIXA2", "", "", "5", "", "", "", heard] in rows
    assert ["shop_open", "CAIXA2", "", "", "1", "", "", "", ""] in rows
    assert ["shop_sales", "CAIXA2", "", "", "2", "2,05", "BRL", "", ""] in rows


def test_slip_of_a_closed_day_names_each_till_and_the_shop(shop: Ledger) -> None:
    values = values_of_day(close(shop), Sentences("pt_BR"))
    texts = [f"{row.get('name') or row['part']} {row.get('part_value', '')}".strip() for row in values.lists["shop"]]
    offset = datetime.combine(DAY, datetime.min.time()).astimezone().tzinfo
    assert values.texts["shop_count"] == "3"
    assert texts[:5] == [
        "Este caixa (1)",
        "Vendas (1) R$\u00a01,01",
        "CAIXA2 (5)",
        "Vendas (2) R$\u00a02,05",
        "Devoluções no BonifiQ (1) R$\u00a01,04",
    ]
    assert f"notícias até {HEARD.astimezone(offset):%d/%m/%Y %H:%M}" in texts
    assert texts[texts.index("Toda a loja (6)") + 1] == "Vendas (3) R$\u00a03,06"


def test_slip_of_a_till_alone_has_no_part_of_the_shop(ledger: Ledger) -> None:
    done(ledger, 1, Kind.SALE)
    values = values_of_day(close(ledger), Sentences("pt_BR"))
    assert (values.texts["shop_count"], values.lists["shop"]) == ("", [])
