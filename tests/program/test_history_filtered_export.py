"""Export of what the history's filters select: the window and the command line write the same rows."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.storage import held_files
from tests.program.test_history_page import choose, wait_for_orders
from tests.support.cashier import Cashier, program, wait_until
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, start_attempt
from tests.support.return_actions import MARKET_ORDER_ID, money_intent, points_intent, register_return

DAYS = {"0012": 40, "=1+1": 5, "1E5": 1}
NEWEST = datetime.now(UTC)
DAY = (NEWEST - timedelta(days=5)).astimezone().date()


@pytest.fixture(name="history")
def mixed_history(data: Path) -> Path:
    """A sale by Ana, refunds by Bia and Ana, and a return in a marketplace with its leg in BonifiQ."""
    data.mkdir(mode=0o700)
    sold = (("0012", Kind.SALE, "Ana"), ("=1+1", Kind.REFUND, "Bia"), ("1E5", Kind.REFUND, "Ana"))
    for order_id, kind, person in sold:
        at = NEWEST - timedelta(days=DAYS[order_id])
        with closing(Ledger(data / "ledger.db", clock=lambda at=at: at)) as ledger:  # type: ignore[misc]
            customer = Customer(name="Maria Aparecida", document="52998224725", phone="+5511987654321")
            intent = Intent(kind, order_id, 1000, order=Order(order_id, 9900, customer=customer), registered_by=person)
            key = f"BQ-{order_id}" if kind is Kind.REFUND else None
            made = ledger.enqueue(intent, lambda _index, key=key: SerializedRequest("/p", b"{}", key))  # type: ignore[misc]
            ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, CONFIRMED)
    with closing(Ledger(data / "ledger.db")) as ledger:
        for leg in register_return(ledger, money_intent(), points_intent()):
            ledger.withdraw(leg.operation_id)
    return data


def printed(history: Path, *filters: str) -> str:
    """What `history` prints for some filters."""
    done = program("history", "--data-dir", str(history), *filters)
    assert done.returncode == 0, done.stderr
    return done.stdout


def choose_refunds(cashier: Cashier) -> None:
    choose(cashier, "historyKinds3")


def choose_period(cashier: Cashier) -> None:
    choose(cashier, "historyPeriod5")
    for name in ("historyFrom", "historyTo", "historyFrom"):
        cashier.find(name).setFocus()
        QTest.keyClicks(cashier.find(name), f"{DAY:%d%m%Y}")
        QTest.keyClick(cashier.find(name), Qt.Key.Key_Return)


def choose_in_list(cashier: Cashier, name: str, place: int) -> None:
    wait_until(cashier.find(name).isVisible, "the choices")
    cashier.find(f"{name}List").setFocus()
    for _ in range(place):
        cashier.press(Qt.Key.Key_Down, f"{name}List")


@dataclass(frozen=True)
class Choice:
    """A filter in the window, the same on the command line, and the orders of the rows that it shows."""

    choose: Callable[[Cashier], object]
    filters: tuple[str, ...]
    shown: tuple[str, ...]


CHOICES = {
    "everything": Choice(lambda _: None, (), (MARKET_ORDER_ID, "1E5", "=1+1", "0012")),
    "refunds": Choice(choose_refunds, ("--kind", "refund", "return"), (MARKET_ORDER_ID, "1E5", "=1+1")),
    "text": Choice(lambda cashier: cashier.type("historySearch", "=1"), ("--search", "=1"), ("=1+1",)),
    "period": Choice(choose_period, ("--since", f"{DAY:%d/%m/%Y}", "--until", DAY.isoformat()), ("=1+1",)),
    "person": Choice(lambda c: choose_in_list(c, "historyPerson", 1), ("--person", "Ana"), ("1E5", "0012")),
    "system": Choice(lambda c: choose_in_list(c, "historySystem", 2), ("--system", "mirakl"), (MARKET_ORDER_ID,)),
}


def save_by_keyboard(cashier: Cashier, file: Path) -> str:
    """Save what the list shows with the page's key, and return the message."""
    cashier.window.activateWindow()
    assert QTest.qWaitForWindowActive(cashier.window)
    QTest.keyClick(cashier.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    dialog = cashier.find("historyExportDialog", QFileDialog)
    filters = dialog.nameFilters()[file.suffix == ".csv"]
    dialog.selectNameFilter(filters)
    dialog.filterSelected.emit(filters)
    dialog.setDirectory(str(file.parent))
    dialog.selectFile(file.stem)
    dialog.accept()
    return cashier.wait_for_message("historyMessage", ("success", "info", "warning", "danger"))


@pytest.mark.parametrize("name", CHOICES)
def test_window_saves_what_it_shows_and_the_command_line_the_same(
    history: Path, open_till: Callable[[], Cashier], tmp_path: Path, name: str
) -> None:
    choice = CHOICES[name]
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, *CHOICES["everything"].shown)
    choice.choose(cashier)
    wait_for_orders(cashier, *choice.shown)
    assert "linha" in save_by_keyboard(cashier, tmp_path / "a.csv")
    assert "linha" in save_by_keyboard(cashier, tmp_path / "a.xlsx")
    in_csv = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert in_csv.splitlines() == printed(history, "--format", "csv", *choice.filters).splitlines()
    rows = json.loads(printed(history, *choice.filters))
    by_row = {row["return_id"] or row["id"]: row["order_id"] for row in rows}
    assert tuple(by_row.values()) == choice.shown
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    head, *lines = sheet.iter_rows(values_only=True)
    assert head == tuple(rows[0])
    assert [line[:1] + line[4:5] for line in lines] == [(row["id"], row["order_id"]) for row in rows]
    for personal in ("Maria", "52998224725", "987654321"):
        assert personal not in in_csv


def test_command_writes_the_file_that_the_window_writes(history: Path, tmp_path: Path) -> None:
    for ending in ("xlsx", "csv", "json"):
        out = tmp_path / f"a.{ending}"
        assert printed(history, "--out", str(out), "--person", "Bia") == ""
        assert out.stat().st_size > 0
    [row] = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet["E"]] == ["order_id", row["order_id"]]
    assert sorted(tmp_path.glob(".*")) == [] == sorted(history.glob(".temporary-*"))


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (["--kind", "gift"], "não existe o tipo gift; há sale"),
        (["--person", "Zuleika"], "não conhece pessoa “Zuleika”; há Ana, Bia"),
        (["--system", "akinon"], "não conhece sistema “akinon”; há bonifiq, mirakl"),
        (["--connection", "Loja"], "não conhece conexão “Loja”; há bonifiq, Carrefour"),
        (["--system", "bonifiq", "--connection", "Carrefour"], "não é do sistema “bonifiq”"),
        (["--since", "2026-11-02", "--until", "01/11/2026"], "02/11/2026 é depois de --until 01/11/2026"),
        (["--since", "31/02/2026"], "'31/02/2026' is no day"),
        (["--until", "9999-12-31"], "'9999-12-31' is no day"),
        (["--waiting", "me"], "invalid choice: 'me'"),
        (["--format", "xlsx"], "precisa de --out"),
        (["--out", "historico.txt"], "precisa terminar em .json, .csv ou .xlsx"),
        (["--out", "historico.csv", "--format", "xlsx"], "precisa terminar em .xlsx"),
    ],
)
def test_wrong_filter_is_refused_with_a_sentence(history: Path, filters: list[str], sentence: str) -> None:
    done = program("history", "--data-dir", str(history), *filters)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_export_into_the_data_folder_is_refused(history: Path) -> None:
    done = program("history", "--data-dir", str(history), "--out", str(history / "x.csv"))
    assert (done.returncode, "escolha outra" in done.stderr) == (2, True)


def test_file_that_a_spreadsheet_has_open_is_named_as_such(
    history: Path, open_till: Callable[[], Cashier], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("yesterday's")
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, *CHOICES["everything"].shown)

    def held(_self: Path, new: Path) -> Path:
        error = PermissionError(13, "in use", str(new))
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(held_files, "_PAUSES", (0.01,))
    with monkeypatch.context() as excel:
        excel.setattr(Path, "replace", held)
        cashier.window.content.history.export_to(str(target))
        words = cashier.wait_for_message("historyMessage", ("warning",))
    assert "está aberto em outro programa" in words
    assert target.read_text() == "yesterday's"
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_rest_of_a_killed_export_is_removed_at_the_next_start(
    history: Path, open_till: Callable[[], Cashier], tmp_path: Path
) -> None:
    stuck = "import os, sys; from pathlib import Path; from bonifiq_desktop.services import export, history_sheet\n"
    stuck += "history_sheet._Sheets._finish = lambda sheets, sheet, last: os.kill(os.getpid(), 9)\n"
    stuck += "export.save(Path(sys.argv[1]), Path(sys.argv[2]), data_folder=Path(sys.argv[1]).parent)"
    done = subprocess.run(
        [sys.executable, "-c", stuck, str(history / "ledger.db"), str(tmp_path / "a.xlsx")], check=False
    )
    assert done.returncode == -9
    assert not (tmp_path / "a.xlsx").exists()
    [rest] = history.glob(".temporary-*")
    assert list(rest.iterdir())
    open_till()
    wait_until(lambda: not rest.exists(), "its end")
