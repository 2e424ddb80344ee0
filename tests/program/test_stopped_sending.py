"""While nothing is sent for want of a good pair, no screen says that it goes on by itself; doctor lists real copies."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker.commands import Status
from tests.support.cashier import Cashier, program, wait_until
from tests.support.ledger_actions import bring_to, make_changed_backup, refund, sell

BY_ITSELF = ("repete sozinho", "acontece sozinho", "confere sozinho", "Enviando ao BonifiQ", "começa em seguida")


@pytest.fixture(name="pair", params=["refused", "missing"])
def bad_pair(request: pytest.FixtureRequest, server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A pair that BonifiQ refuses, or none."""
    for name, value in (("BONIFIQ_API_TOKEN", server.token), ("BONIFIQ_API_KEY", "another-key")):
        if request.param == "refused":
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name, raising=False)
    return str(request.param)


@pytest.mark.parametrize("state", [State.QUEUED, State.UNKNOWN])
@pytest.mark.parametrize("kind", [refund, sell])
def test_history_shows_why_sending_is_stopped(
    start: Callable[..., Cashier],
    server: TrainingServer,
    data: Path,
    pair: str,
    *,
    state: State,
    kind: Callable[[Ledger], Operation],
) -> None:
    data.mkdir(mode=0o700)
    ledger = Ledger(data / "ledger.db")
    bring_to(ledger, kind(ledger), state)
    ledger.close()
    cashier = start("--data-dir", str(data), "--api-url", server.url)
    wait_until(lambda: bool(cashier.counted), "the worker")
    cashier.ask_for("1002")
    if pair == "refused":
        cashier.wait_for_message("lookupMessage")
    cashier.press(Qt.Key.Key_F4)
    reason = {"refused": "não aceitou o token e a chave", "missing": "faltam o token e a chave"}[pair]
    detail = cashier.find("historyDetail")
    wait_until(lambda: reason in detail.toPlainText(), "what stops it")
    assert not [words for words in BY_ITSELF if words in detail.toPlainText().partition("O que aconteceu")[0]]


def test_visible_outcome_shows_refused_credentials(cashier: Cashier, server: TrainingServer) -> None:
    server.stop()
    cashier.fill_sale()
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "queued")
    cashier.app.client.statusChanged.emit(Status(ConnectionStatus.CREDENTIALS, 1, 0, stopped_by_credentials=True))
    assert "O envio está parado" in cashier.text("saleOutcome")


def test_doctor_lists_only_restorable_backups(data: Path) -> None:
    data.mkdir(mode=0o700)
    ledger = Ledger(data / "ledger.db")
    sell(ledger)
    copy = make_changed_backup(data / "ledger.db")
    ledger.close()
    aside = data / "ledger-set-aside-20261120T100000Z.db"
    aside.write_bytes(copy.read_bytes())
    listed = program("doctor", "--data-dir", str(data)).stdout
    assert copy.name in listed
    assert aside.name not in listed
    done = program("doctor", "--data-dir", str(data), "--restore", copy.name, "--name", "Ana")
    assert "put back by Ana" in done.stdout
