"""The history page and the day page of a till that knows other tills: the filter, the sheet, the sums, the command."""

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus, TillHead
from bonifiq_desktop.ledger.ledger import Ledger
from tests.program.test_day_page import open_day
from tests.program.test_history_filtered_export import choose_in_list, printed, save_by_keyboard
from tests.program.test_history_page import orders, wait_for_orders
from tests.support.cashier import Cashier, program, wait_until
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, KEYS, start_attempt
from tests.support.shop_teller import Teller

NOW = datetime.now(UTC)


def sell_at(path: Path, order_id: str, at: datetime) -> None:
    """Register and confirm a sale in a ledger file."""
    with closing(Ledger(path, clock=lambda: at, customer_keys=KEYS)) as ledger:
        made = ledger.enqueue(Intent(Kind.SALE, order_id, 1000), lambda _index: SerializedRequest("/p", b"{}"))
        ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, CONFIRMED)


@pytest.fixture(name="shop")
def history_of_three_tills(data: Path, tmp_path: Path) -> Path:
    """Sales of this till, of CAIXA2 and of CAIXA3 in turn; CAIXA2 was silent for nine minutes."""
    data.mkdir(mode=0o700)
    files = {"": data / "ledger.db", "CAIXA2": tmp_path / "2.db", "CAIXA3": tmp_path / "3.db"}
    for number in range(6):
        till = ("", "CAIXA2", "CAIXA3")[number % 3]
        sell_at(files[till], f"{till or 'CAIXA1'}-{number}", NOW - timedelta(seconds=60 - number))
    with closing(Ledger(files[""], customer_keys=KEYS)) as ledger:
        for till in ("CAIXA2", "CAIXA3"):
            with closing(Ledger(files[till], customer_keys=KEYS)) as other:
                Teller(other, till).tell_to(ledger)
        ledger.shop.note_heads([TillHead("CAIXA2", 1, 6, b"", 540), TillHead("CAIXA3", 1, 4, b"", 0)], NOW)
    return data


ALL = ("CAIXA3-5", "CAIXA2-4", "CAIXA1-3", "CAIXA3-2", "CAIXA2-1", "CAIXA1-0")


@pytest.mark.parametrize(
    ("place", "name", "shown"),
    [
        (0, "all", ALL),
        (1, "CAIXA1", ("CAIXA1-3", "CAIXA1-0")),
        (2, "CAIXA2", ("CAIXA2-4", "CAIXA2-1")),
        (3, "CAIXA3", ("CAIXA3-5", "CAIXA3-2")),
    ],
)
def test_till_chosen_in_the_window_selects_as_the_command_does(
    shop: Path, open_till: Callable[[], Cashier], tmp_path: Path, place: int, name: str, shown: tuple[str, ...]
) -> None:
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, *ALL)
    choose_in_list(cashier, "historyTill", place)
    wait_for_orders(cashier, *shown)
    count = f"{len(shown)} registros"
    wait_until(lambda: cashier.text("historyTotals").startswith(count), count)
    assert "linha" in save_by_keyboard(cashier, tmp_path / "a.csv")
    saved = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert saved == printed(shop, "--format", "csv", "--till", name).splitlines()
    rows = list(csv.DictReader(saved, delimiter=";"))
    tills = [row.get("till", "CAIXA1") for row in rows]
    assert [(row["order_id"], till) for row, till in zip(rows, tills, strict=True)] == [
        (order, order.split("-")[0]) for order in shown
    ]


def test_chosen_till_that_is_gone_selects_every_till_again(shop: Path, open_till: Callable[[], Cashier]) -> None:
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, *ALL)
    choose_in_list(cashier, "historyTill", 2)
    wait_for_orders(cashier, "CAIXA2-4", "CAIXA2-1")
    cashier.press(Qt.Key.Key_F2)
    with closing(Ledger(shop / "ledger.db", customer_keys=KEYS)) as ledger:
        ledger.shop.forget()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, "CAIXA1-3", "CAIXA1-0")


def test_command_without_a_till_prints_this_till_as_before(shop: Path) -> None:
    rows = json.loads(printed(shop))
    assert [row["order_id"] for row in rows] == ["CAIXA1-3", "CAIXA1-0"]
    assert "till" not in rows[0]
    done = program("history", "--data-dir", str(shop), "--till", "CAIXA9")
    assert (done.returncode, done.stdout) == (2, "")
    assert "não conhece caixa “CAIXA9”; há all, CAIXA1, CAIXA2, CAIXA3" in done.stderr


def test_filter_of_tills_is_hidden_where_no_other_is_known(data: Path, open_till: Callable[[], Cashier]) -> None:
    data.mkdir(mode=0o700)
    sell_at(data / "ledger.db", "CAIXA1-1", NOW)
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, "CAIXA1-1")
    assert not cashier.is_shown("historyTill")
    open_day(cashier)
    assert not cashier.is_shown("dayShop")


def test_what_waits_for_this_till_shows_no_other_tills_work(
    shop: Path, open_till: Callable[[], Cashier], tmp_path: Path
) -> None:
    with closing(Ledger(tmp_path / "2.db", customer_keys=KEYS)) as other:
        other.enqueue(Intent(Kind.SALE, "CAIXA2-9", 1000), lambda _index: SerializedRequest("/p", b"{}"))
        with closing(Ledger(shop / "ledger.db", customer_keys=KEYS)) as ledger:
            ledger.shop.forget()
            Teller(other).tell_to(ledger)
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: "CAIXA2-9" in orders(cashier), "the open sale")
    cashier.find("historyPending").click()
    wait_for_orders(cashier)
    choose_in_list(cashier, "historyTill", 2)
    wait_for_orders(cashier, "CAIXA2-9")


def test_list_shows_what_other_tills_tell_while_it_is_open(shop: Path, open_till: Callable[[], Cashier]) -> None:
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, *ALL)
    with closing(sqlite3.connect(shop / "ledger.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(shop_operations)")]
        changed = {
            "id": "999000",
            "uid": "'new'",
            "order_id": "'CAIXA2-6'",
            "created_at": "'2099-01-01T00:00:00.000+00:00'",
        }
        values = ", ".join(changed.get(column, column) for column in columns)
        copied = f"SELECT {values} FROM shop_operations WHERE order_id = 'CAIXA2-4'"
        db.execute(f"INSERT INTO shop_operations ({', '.join(columns)}) {copied}")
        db.commit()
    cashier.window.content._client.shopDatabaseChanged.emit(ShopDatabaseStatus("Loja", "CAIXA1", synced_at=NOW))
    wait_for_orders(cashier, "CAIXA2-6", *ALL)


def test_day_page_shows_each_till_the_shop_and_the_age(shop: Path, open_till: Callable[[], Cashier]) -> None:
    cashier = open_till()
    open_day(cashier)
    table = cashier.find("dayShop", QTableWidget)
    wait_until(table.isVisible, "the table of the shop")
    cells = [[table.item(row, column).text() for column in range(table.columnCount())] for row in range(4)]
    assert [row[0] for row in cells] == ["CAIXA1", "CAIXA2", "CAIXA3", "Toda a loja"]
    assert [row[1] for row in cells] == ["2", "2", "2", "6"]
    assert [row[2] for row in cells] == ["R$\u00a020,00"] * 3 + ["R$\u00a060,00"]
    assert cells[0][6] == ""
    assert cells[1][6] == cells[3][6]
    assert cells[1][6].startswith("há ")
    assert cells[1][6] != cells[2][6]
    assert "Faltam 6 mudanças deles." in cashier.text("dayShopNote")
    assert cashier.text("daySales") == "R$\u00a020,00", "the till's own figures stay its own"
    cashier.press(Qt.Key.Key_Return, "dayClose")
    wait_until(lambda: cashier.is_shown("closeDaySummary"), "the sheet")
    assert "Fecha só o dia deste caixa: cada caixa fecha o seu." in cashier.text("closeDaySummary")
