"""What an office that is opened anew keeps of this run, and what opens none anew."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from bonifiq_desktop.ledger.backups import Backup, backups_of
from bonifiq_desktop.ledger.errors import LedgerDamaged
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials, KeyStorage
from bonifiq_desktop.services import maintenance
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.settings import Settings, load_settings, save_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend, recovery
from bonifiq_desktop.worker import commands as c
from tests.program.test_recovery import choose, till_with_a_copy, wait_for_rescue
from tests.support.cashier import Cashier, history, wait_until

Start = Callable[..., Cashier]
T = TypeVar("T")
OpenTill = Callable[[], Cashier]


def ask(cashier: Cashier, command: c.Command[T]) -> c.Outcome[T]:
    """What the worker answers to a command of the window."""
    answers: list[c.Outcome[T]] = []
    cashier.app.client.submit(command, answers.append)
    wait_until(lambda: bool(answers), "the answer")
    return answers[0]


def setup_of(cashier: Cashier) -> c.CurrentSettings:
    setup = ask(cashier, c.ReadSettings()).value
    assert setup is not None
    return setup


def lose_the_ledger(cashier: Cashier, path: Path) -> None:
    """The file goes bad under the open program, and the next copy finds it out; the schedule is short."""
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xff" * 4096)
    for rest in ("-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    wait_for_rescue(cashier)


@pytest.fixture(name="often")
def copies_made_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy every moment, so that damage is noticed at once."""
    monkeypatch.setattr(maintenance, "BACKUP_SECONDS", 0.2)


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("with_address", [False, True])
def test_settings_and_keys_of_this_run_survive_a_recovery(
    start: Start, server: TrainingServer, credentials: None, data: Path, with_address: bool
) -> None:
    data.mkdir()
    stored = "https://api.example.com.br" if with_address else server.url
    save_settings(data / "settings.json", Settings(url=stored))
    cashier = start("--data-dir", str(data), *(("--api-url", server.url) if with_address else ()))
    chosen = replace(
        setup_of(cashier).settings, account="LOJA1", till="CAIXA7", order_paths="Order", trust_used_key=False
    )
    assert ask(cashier, c.SaveSettings(chosen)).error is None
    cashier.refund()
    lose_the_ledger(cashier, data / "ledger.db")
    choose(cashier, "rescueAnew")
    assert setup_of(cashier).settings == replace(chosen, url=server.url)
    # The same return once more makes the same key, so BonifiQ itself refuses it, and a person is asked.
    cashier.refund(state="review")
    assert [entry.cents for entry in server.service.applied] == [1000]
    assert ask(cashier, c.SaveSettings(replace(chosen, till="CAIXA8"))).error is None
    assert load_settings(data / "settings.json") == replace(chosen, url=stored, till="CAIXA8")


@pytest.mark.usefixtures("often")
def test_key_held_in_memory_survives_a_recovery_at_its_address(
    start: Start, server: TrainingServer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "system_keyring", lambda: None)
    for name in (TOKEN_VARIABLE, KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    data.mkdir()
    save_settings(data / "settings.json", Settings(url=server.url))
    cashier = start("--data-dir", str(data))
    typed = c.SaveSettings(setup_of(cashier).settings, Credentials(server.token, server.key))
    assert ask(cashier, typed).error is None
    cashier.refund()
    lose_the_ledger(cashier, data / "ledger.db")
    choose(cashier, "rescueAnew")
    assert setup_of(cashier).key_storage is KeyStorage.MEMORY
    cashier.refund(state="review")
    assert server.key not in (data / "credentials.json").read_text("utf-8")
    # Edited on the disk meanwhile, another address gets nothing.
    save_settings(data / "settings.json", replace(setup_of(cashier).settings, url="https://api.example.com.br"))
    lose_the_ledger(cashier, data / "ledger.db")
    choose(cashier, "rescueAnew")
    assert not setup_of(cashier).has_key


@pytest.fixture(name="openings")
def counted_openings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An entry for every office that was opened."""
    openings: list[str] = []
    really = backend.Backend.open

    async def counted(*arguments: Any, **named: Any) -> backend.Backend:
        openings.append("office")
        return await really(*arguments, **named)

    monkeypatch.setattr(backend.Backend, "open", counted)
    return openings


def test_unreadable_row_reopens_nothing_and_the_next_refund_is_sent(
    open_till: OpenTill, data: Path, server: TrainingServer, openings: list[str]
) -> None:
    cashier = open_till()
    cashier.refund()
    with closing(sqlite3.connect(data / "ledger.db")) as db:
        db.execute("UPDATE operations SET lines = replace(lines, '[', 'Z')")
        db.commit()
    cashier.press(Qt.Key.Key_F4)
    assert "não pôde ser lido" in cashier.wait_for_message("historyMessage")
    cashier.look_up("1002")
    refund_of = ask(cashier, c.LookUp("1002")).value
    assert refund_of is not None
    assert ask(cashier, c.RegisterRefund(RefundRequest(refund_of.order, 500))).error is None
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: len(server.service.applied) == 2, "the second refund")
    wait_until(lambda: cashier.find("historyTable").model().rowCount() == 1, "the row that can be read")
    assert openings == ["office"]
    assert not cashier.is_shown("rescueRetry")


def test_backend_that_stops_twice_at_once_opens_the_recovery(
    open_till: OpenTill, monkeypatch: pytest.MonkeyPatch, openings: list[str]
) -> None:
    def damaged(*_arguments: object) -> None:
        raise LedgerDamaged("a page")

    monkeypatch.setattr(Queries, "page", damaged)
    cashier = open_till()
    ask(cashier, c.ReadHistoryPage(""))
    ask(cashier, c.ReadHistoryPage(""))
    assert "danificado" in wait_for_rescue(cashier)
    assert openings == ["office"] * 2


def test_sale_draft_survives_a_start_into_recovery(open_till: OpenTill, data: Path) -> None:
    cashier = open_till()
    cashier.press(Qt.Key.Key_F3)
    cashier.type("saleName", "Maria Aparecida")
    wait_until(lambda: bool(cashier.counted), "the history")
    cashier.app.stop()
    (data / "ledger.db").unlink()
    again = open_till()
    wait_for_rescue(again)
    wait_until(lambda: again.text("saleName") == "Maria Aparecida", "the draft")
    again.press(Qt.Key.Key_F3)
    again.type("saleTotal", "15990")
    again.app.stop()
    third = open_till()
    wait_for_rescue(third)
    wait_until(lambda: third.text("saleTotal") == "159,90", "what was typed meanwhile")
    choose(third, "rescueAnew")
    assert third.text("saleName") == "Maria Aparecida"


def test_backups_that_break_the_search_leave_options_and_a_running_worker(
    open_till: OpenTill, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_till().app.stop()
    (data / "ledger.db").unlink(missing_ok=True)

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(recovery, "backups_of", broken)
    (data / "ledger.db").write_bytes(b"not a database" * 1000)
    cashier = open_till()
    wait_for_rescue(cashier)
    choose(cashier, "rescueAnew")
    assert not cashier.find("workerMessage").isVisible()


def test_any_ledger_error_at_the_start_offers_backups(
    open_till: OpenTill, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till_with_a_copy(open_till, data, data / "ledger.db")

    def broken(_ledger: Ledger) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as breaking:
        breaking.setattr(Ledger, "recover", broken)
        cashier = open_till()
        wait_for_rescue(cashier)
    choose(cashier, "rescueBackup0")
    assert [row["order_id"] for row in history(data)] == ["1001"]


def test_ledger_error_is_shown_before_the_backup_search_and_only_once(
    open_till: OpenTill, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till_with_a_copy(open_till, data, data / "ledger.db")
    (data / "ledger.db").unlink()
    go = threading.Event()

    def slowly(*arguments: Any) -> list[Backup]:
        go.wait(60)
        return backups_of(*arguments)

    monkeypatch.setattr(recovery, "backups_of", slowly)
    cashier = open_till()
    assert "sumiu" in wait_for_rescue(cashier)
    assert "Procurando as cópias" in cashier.text("rescueMessage")
    cashier.press(Qt.Key.Key_F2)
    cashier.find("rescueName").setText("Dona Lucia")
    go.set()
    wait_until(lambda: cashier.window.findChild(QRadioButton, "rescueBackup0") is not None, "the copy")
    assert cashier.find("lookupField").isVisible()
    assert cashier.text("rescueName") == "Dona Lucia"
    assert cashier.text("rescueMessage") == ""


@pytest.mark.usefixtures("often")
def test_recovery_clears_the_order_card(open_till: OpenTill, data: Path) -> None:
    cashier = open_till()
    cashier.look_up("1001")
    lose_the_ledger(cashier, data / "ledger.db")
    choose(cashier, "rescueAnew")
    assert cashier.find("orderCard").property("orderId") == ""
    assert not cashier.find("orderCard").isVisible()
