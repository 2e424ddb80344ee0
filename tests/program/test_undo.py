"""Four seconds to undo a refund: queued on disk first, nothing sent, and no way to lose it."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain import undo
from bonifiq_desktop.training_server.server import TrainingServer
from tests.program.test_scans import scan
from tests.support.cashier import Cashier, history, let_work, wait_until
from tests.support.fork_server import PROMISED
from tests.support.process_kills import RECOVERY_SECONDS, ForkServer

LONG, SHORT = 60.0, 1.5


def states(data: Path) -> list[str]:
    """States of the operations on disk, oldest first."""
    return [row["state"] for row in sorted(history(data), key=lambda row: row["id"])]


def applied(server: TrainingServer) -> list[tuple[str, int]]:
    return [(entry.kind, entry.cents) for entry in server.service.applied]


def confirm_first_item(cashier: Cashier) -> None:
    cashier.look_up("1001")
    cashier.open_refund()
    cashier.tick(0)
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "queued")


def press_undo(cashier: Cashier) -> None:
    QTest.keyClick(cashier.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


@pytest.fixture(name="undo_seconds")
def settable_time_to_undo(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return a function that sets the time to undo."""
    return lambda seconds: monkeypatch.setattr(undo, "UNDO_SECONDS", seconds)


def test_undone_refund_sends_nothing_and_gives_the_form_back(
    cashier: Cashier, server: TrainingServer, data: Path, undo_seconds: Callable[[float], None]
) -> None:
    undo_seconds(LONG)
    confirm_first_item(cashier)
    assert "Desfazer" in cashier.text("refundUndo")
    assert not cashier.find("refundValue").isVisible()
    press_undo(cashier)
    wait_until(lambda: cashier.find("refundValue").isVisible(), "the form")
    assert cashier.find("refundOutcome").property("state") == ""
    assert "nada foi enviado" in cashier.text("refundMessage")
    assert (cashier.text("refundValue"), cashier.find("refundItems").ticked_rows()) == ("49,90", [0])
    assert cashier.find("refundConfirm").accessibleName() == "Devolver R$\u00a049,90"
    assert (states(data), applied(server)) == (["withdrawn"], [])
    undo_seconds(0)
    cashier.tick(1)
    cashier.tick(0)
    cashier.confirm_refund()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert states(data) == ["withdrawn", "confirmed"]
    assert len(applied(server)) == 1


def test_undone_cancel_can_be_registered_again(
    cashier: Cashier, server: TrainingServer, data: Path, undo_seconds: Callable[[float], None]
) -> None:
    undo_seconds(LONG)
    cashier.look_up("1001")
    cashier.open_cancel()
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "queued")
    press_undo(cashier)
    wait_until(lambda: "nada foi enviado" in cashier.text("cancelMessage"), "the form")
    assert "1001" in cashier.find("cancelConfirm").accessibleName()
    undo_seconds(0)
    cashier.press(Qt.Key.Key_Return, "cancelConfirm")
    cashier.wait_for_state("cancelOutcome", "confirmed")
    assert (states(data), applied(server)) == (["withdrawn", "confirmed"], [("cancel", 12990)])


def test_refund_is_sent_when_the_time_to_undo_is_over(
    cashier: Cashier, server: TrainingServer, undo_seconds: Callable[[float], None]
) -> None:
    undo_seconds(SHORT)
    confirm_first_item(cashier)
    let_work(SHORT / 3)
    assert applied(server) == []
    assert cashier.find("refundUndo").isVisible()
    cashier.wait_for_state("refundOutcome", "confirmed")
    assert not cashier.find("refundUndo").isVisible()
    press_undo(cashier)
    let_work(0.2)
    assert applied(server) == [("refund", 4990)]
    assert cashier.find("refundOutcome").property("state") == "confirmed"


@pytest.mark.parametrize("leave", ["esc", "scan"])
def test_leaving_the_page_keeps_the_time_to_undo_and_the_refund(
    cashier: Cashier, server: TrainingServer, data: Path, undo_seconds: Callable[[float], None], leave: str
) -> None:
    undo_seconds(SHORT)
    confirm_first_item(cashier)
    if leave == "esc":
        cashier.close_refund()
    else:
        scan("1002")
        wait_until(lambda: cashier.find("orderCard").property("orderId") == "1002", "the scanned order")
    assert "Devolução" in cashier.text("toastText")
    assert applied(server) == [], "leaving shortens nothing"
    wait_until(lambda: states(data) == ["confirmed"], "the refund")
    assert applied(server) == [("refund", 4990)]


def test_refund_is_undone_after_its_page_was_left(
    cashier: Cashier, server: TrainingServer, data: Path, undo_seconds: Callable[[float], None]
) -> None:
    undo_seconds(LONG)
    confirm_first_item(cashier)
    cashier.close_refund()
    press_undo(cashier)
    wait_until(lambda: states(data) == ["withdrawn"], "the withdrawal")
    wait_until(lambda: cashier.find("refundButton").isEnabled(), "the order to be free")
    assert applied(server) == []


def test_program_closed_in_the_time_to_undo_sends_the_refund_at_the_next_start(
    cashier: Cashier,
    server: TrainingServer,
    data: Path,
    undo_seconds: Callable[[float], None],
    open_till: Callable[[], Cashier],
) -> None:
    undo_seconds(LONG)
    confirm_first_item(cashier)
    assert cashier.app.stop()
    assert (states(data), applied(server)) == (["queued"], [])
    open_till()
    wait_until(lambda: applied(server) == [("refund", 4990)], "the refund")


def test_process_killed_in_the_time_to_undo_sends_the_refund_once_at_the_next_start(
    server: TrainingServer, data: Path, credentials: None, open_till: Callable[[], Cashier]
) -> None:
    job = {
        "folder": str(data),
        "url": server.url,
        "token": server.token,
        "key": server.key,
        "kill": "",
        "undo": LONG,
        "actions": [("refund", "1001", 2590)],
        "seconds": RECOVERY_SECONDS,
    }
    with ForkServer("tests.support.killable_window") as fork_server:
        process = fork_server.start(job)
        wait_until((data / PROMISED).exists, "what the screen was told")
        let_work(0.5)
        assert applied(server) == []
        os.kill(process, signal.SIGKILL)
        assert fork_server.wait() == -signal.SIGKILL
    assert (states(data), applied(server)) == (["queued"], [])
    cashier = open_till()
    wait_until(lambda: cashier.counted and cashier.counted[-1] == "Nada pendente", "the empty outbox")
    assert (states(data), applied(server)) == (["confirmed"], [("refund", 2590)])
    assert cashier.window.findChild(QWidget, "toast") is None


def test_held_refund_holds_up_no_sale(
    cashier: Cashier, server: TrainingServer, undo_seconds: Callable[[float], None]
) -> None:
    undo_seconds(LONG)
    confirm_first_item(cashier)
    cashier.close_refund()
    cashier.fill_sale("15990")
    cashier.press(Qt.Key.Key_Return, "saleSubmit")
    cashier.wait_for_state("saleOutcome", "confirmed")
    assert [kind for kind, _cents in applied(server)] == ["sale"]
