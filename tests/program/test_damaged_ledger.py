"""An unusable ledger: the window and every command name the cause and leave the file untouched."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.domain.operations import Decision
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.ledger.connection import LedgerConnection
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerError, LedgerForeign, LedgerNewer
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.cashier import Cashier, history, let_work, program, wait_until
from tests.support.headless_till import SALE
from tests.support.ledger_actions import refund

DAMAGED = "O arquivo do histórico está danificado"
UNREADABLE = "Um registro não pôde ser lido"
ACTIONS = ("historyWithdraw", "historyDecide", "historyAcknowledge")
SENTENCES: dict[type[LedgerError], str] = {
    LedgerDamaged: DAMAGED,
    LedgerForeign: "O arquivo do histórico é de outro programa",
    LedgerNewer: "O histórico foi gravado por uma versão mais nova do programa",
}
ORDER = Order("1001", 12990)
COMMANDS: list[c.Command[Any]] = [
    c.LookUp("1001"),
    c.FindCustomer("52998224725"),
    c.RegisterRefund(RefundRequest(ORDER, 100)),
    c.RegisterCancellation(ORDER, ""),
    c.RegisterSale(SALE),
    c.WithdrawOperation(1),
    c.DecideReview(1, Decision.NOT_DONE, "Ana", "conferido"),
    c.ReadHistoryPage(""),
    c.ReadOperationDetails(1),
    c.ExportHistory("out.csv"),
]


def ledger_at(path: Path) -> None:
    """Create a ledger with an unfinished operation."""
    ledger = Ledger(path)
    for number in range(20):
        refund(ledger, order_id=f"A{number}")
    ledger.close()


def run_sql(path: Path, statement: str, *values: str) -> None:
    """Run one SQL statement on a database file."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement, values)
        db.commit()


def truncate(path: Path) -> None:
    """Truncate the file."""
    ledger_at(path)
    path.write_bytes(path.read_bytes()[:5000])


def mark_as_newer(path: Path) -> None:
    """Mark the file as written by a newer version."""
    ledger_at(path)
    run_sql(path, "PRAGMA user_version = 99")


TROUBLES: dict[str, tuple[Callable[[Path], object], type[LedgerError]]] = {
    "no byte": (Path.touch, LedgerDamaged),
    "zeros": (lambda path: path.write_bytes(bytes(20_000)), LedgerDamaged),
    "a text": (lambda path: path.write_text("Lista de compras\n" * 400, "utf-8"), LedgerDamaged),
    "cut off": (truncate, LedgerDamaged),
    "a folder": (Path.mkdir, LedgerDamaged),
    "another program's": (lambda path: run_sql(path, "CREATE TABLE orders (id INTEGER)"), LedgerForeign),
    "a newer version's": (mark_as_newer, LedgerNewer),
}


def empty_index(path: Path, name: str) -> None:
    """Remove all entries of an index, which nothing but the whole check can see."""
    db = sqlite3.connect(path)
    root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    db.close()
    content = bytearray(path.read_bytes())
    page_size = 4096
    start = (root - 1) * page_size
    content[start + 3 : start + 5] = bytes(2)  # no cells
    content[start + 5 : start + 7] = page_size.to_bytes(2, "big")
    path.write_bytes(content)


def ledger_files(folder: Path) -> dict[str, bytes | None]:
    """Return the contents of the ledger's files."""
    return {file.name: file.read_bytes() if file.is_file() else None for file in folder.glob("ledger.db*")}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_unusable_ledger_is_reported_and_left_untouched(
    server: TrainingServer, credentials: None, start: Callable[..., Cashier], tmp_path: Path, trouble: str
) -> None:
    make, error = TROUBLES[trouble]
    make(tmp_path / "ledger.db")
    before = ledger_files(tmp_path)
    cashier = start("--data-dir", str(tmp_path), "--api-url", server.url)
    words = cashier.wait_for_message("ledgerMessage")
    assert SENTENCES[error] in words
    assert "Nada foi registrado nem enviado" in words
    assert cashier.text("pendingCount") == "Histórico fora de uso"
    cashier.ask_for("1001")
    assert SENTENCES[error] in cashier.wait_for_message("lookupMessage")
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    assert SENTENCES[error] in cashier.wait_for_message("saleMessage")
    assert cashier.text("saleName") == "Maria Aparecida"
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: "fora de uso" in cashier.text("historyEmpty"), "the history")
    assert SENTENCES[error] in cashier.wait_for_message("ledgerMessage")
    assert not cashier.find("historyMessage").isVisible(), "the window has one notice of it"
    answers: list[c.Outcome[Any]] = []
    for command in COMMANDS:
        cashier.app.client.submit(command, answers.append)
    wait_until(lambda: len(answers) == len(COMMANDS), "every answer")
    assert {type(answer.error) for answer in answers} == {error}
    cashier.app.stop()
    assert ledger_files(tmp_path) == before
    assert server.service.requests == []


def test_damage_found_beside_the_use_opens_the_recovery_and_sends_nothing(
    server: TrainingServer, cashier: Cashier, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    server.refuse_connections()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    cashier.app.stop()
    ledger = tmp_path / "data" / "ledger.db"
    empty_index(ledger, "operations_by_order")
    Ledger(ledger, connect=partial(LedgerConnection, checked=False)).close()  # opening does not see it
    server.accept_connections()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    assert DAMAGED in again.wait_for_message("ledgerMessage")
    assert again.is_shown("rescueRetry")
    assert server.service.applied == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_unusable_ledger_is_reported_by_the_command_line(tmp_path: Path, trouble: str) -> None:
    make, _error = TROUBLES[trouble]
    make(tmp_path / "ledger.db")
    before = ledger_files(tmp_path)["ledger.db"]
    done = program("history", "--data-dir", str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "histórico" in done.stderr
    assert program("doctor", "--data-dir", str(tmp_path)).returncode == 1
    assert ledger_files(tmp_path)["ledger.db"] == before


def test_damaged_row_is_reported_and_other_rows_are_sent(
    server: TrainingServer, cashier: Cashier, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    server.refuse_connections()
    for _ in range(2):
        cashier.fill_sale()
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        cashier.wait_for_state("saleOutcome", "queued")
    rotten, sound = sorted(row["order_id"] for row in history(tmp_path / "data"))
    cashier.app.stop()
    run_sql(tmp_path / "data" / "ledger.db", "UPDATE operations SET snapshot = '{' WHERE order_id = ?", rotten)
    server.accept_connections()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: [entry.order_id for entry in server.service.applied] == [sound], "the sound one")
    wait_until(lambda: again.counted[-1:] == ["1 registro em andamento"], "the count")
    again.press(Qt.Key.Key_F4)
    assert UNREADABLE in again.wait_for_message("historyMessage")
    table = again.find("historyTable").model()
    wait_until(lambda: table.rowCount() == 1, "the row that can be read")
    assert table.index(0, 2).data() == sound


def test_damaged_row_shows_no_other_operations_details(
    server: TrainingServer, cashier: Cashier, tmp_path: Path
) -> None:
    for _ in range(2):
        cashier.fill_sale()
        cashier.press(Qt.Key.Key_Return, "saleSubmit")
        cashier.wait_for_state("saleOutcome", "confirmed")
    newest, rotten = (row["order_id"] for row in history(tmp_path / "data"))
    run_sql(tmp_path / "data" / "ledger.db", "UPDATE events SET to_state = '?' WHERE operation_id = 1")
    with closing(Ledger(tmp_path / "data" / "ledger.db")) as ledger:
        ledger.record_contradiction(2, "shown missing")
    cashier.press(Qt.Key.Key_F4)
    details = cashier.find("historyDetail")
    wait_until(lambda: newest in details.toPlainText(), "the newest one's details")
    assert cashier.find("historyAcknowledge").isVisible()
    cashier.press(Qt.Key.Key_Down, "historyTable")
    assert UNREADABLE in cashier.wait_for_message("historyMessage")
    assert details.toPlainText() == ""
    assert not any(cashier.find(name).isVisible() for name in ACTIONS)
    assert rotten in cashier.find("historyTable").currentIndex().siblingAtColumn(2).data()


def test_history_page_of_a_damaged_ledger_shows_a_message(open_till: Callable[[], Cashier], data: Path) -> None:
    data.mkdir(mode=0o700)
    (data / "ledger.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    cashier = open_till()
    wait_until(lambda: cashier.find("ledgerMessage").isVisible(), "the trouble")
    cashier.press(Qt.Key.Key_F4)
    empty = cashier.find("historyEmpty")
    wait_until(lambda: empty.isVisible() and "fora de uso" in empty.text(), "the page to say so")
    cashier.type("historySearch", "1001")
    let_work(0.5)
    assert "fora de uso" in empty.text(), "the search says something else"
