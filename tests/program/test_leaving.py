"""Closing the window with unfinished operations: a question that says they are safe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel

from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.cashier import Cashier, history, let_work, program, wait_until


@pytest.fixture(name="waiting")
def refund_without_a_line(cashier: Cashier, server: TrainingServer) -> Cashier:
    """A registered refund that cannot be sent."""
    cashier.look_up("1001")
    server.stop()
    cashier.open_refund()
    cashier.type("refundValue", "1000")
    cashier.confirm_refund()
    wait_until(lambda: "aguardando a internet" in cashier.text("refundOutcome"), "the waiting refund")
    cashier.close_refund()
    wait_until(lambda: "1 registro" in cashier.text("pendingCount"), "the count")
    return cashier


def ask_to_close(cashier: Cashier) -> QDialog:
    """The title bar's button, or Alt+F4."""
    assert not cashier.window.close()
    wait_until(lambda: cashier.window.findChild(QDialog, "leaveDialog") is not None, "the question")
    wait_until(lambda: QApplication.focusWidget() is cashier.find("leaveAnyway"), "the focus on it")
    dialog: QDialog = cashier.find("leaveDialog", QDialog)
    return dialog


def said_by(dialog: QDialog) -> str:
    return " ".join(child.text() for child in dialog.findChildren(QLabel))


def press_where_the_focus_is(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)


def test_enter_closes_and_the_next_start_sends_the_rest(
    waiting: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    said = said_by(ask_to_close(waiting))
    assert "1 registro ainda não tem a confirmação do BonifiQ" in said
    assert "guardado neste PC" in said
    press_where_the_focus_is(Qt.Key.Key_Return)
    wait_until(lambda: not waiting.window.isVisible(), "the window to close")
    assert waiting.app.stop()
    server.start()
    again = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    wait_until(lambda: again.counted and again.counted[-1] == "Nada pendente", "the empty outbox")
    assert [entry.cents for entry in server.service.applied] == [1000]


def test_esc_keeps_the_program_open(waiting: Cashier, server: TrainingServer) -> None:
    for _ in range(2):
        ask_to_close(waiting)
        press_where_the_focus_is(Qt.Key.Key_Escape)
        wait_until(lambda: waiting.window.findChild(QDialog, "leaveDialog") is None, "the question to go")
        assert waiting.window.isVisible()
    server.start()
    wait_until(lambda: waiting.text("pendingCount") == "Nada pendente", "the empty outbox")
    waiting.look_up("1002")
    assert waiting.window.close(), "nothing is unfinished any more"


def test_scan_does_not_close_the_program(waiting: Cashier) -> None:
    dialog = ask_to_close(waiting)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "7891000315507")
    QTest.keyClick(focused, Qt.Key.Key_Return)
    let_work(0.1)
    assert dialog.isVisible()
    assert waiting.window.isVisible()


def test_closing_twice_shows_one_question(waiting: Cashier) -> None:
    ask_to_close(waiting)
    assert not waiting.window.close()
    let_work(0.1)
    assert len(waiting.window.findChildren(QDialog)) == 1


def test_close_question_tells_reviews_from_pending_operations(cashier: Cashier, server: TrainingServer) -> None:
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    cashier.refund(state="review")
    wait_until(lambda: "espera decisão" in cashier.text("pendingCount"), "the count")
    said = said_by(ask_to_close(cashier))
    assert "1 registro espera decisão" in said
    assert "sozinho" not in said


def test_window_without_unfinished_operations_closes_at_once(cashier: Cashier) -> None:
    cashier.look_up("1001")
    assert cashier.window.close()
    assert cashier.window.findChild(QDialog) is None


def test_log_off_saves_the_draft_without_a_question(waiting: Cashier, tmp_path: Path) -> None:
    draft = tmp_path / "data" / "drafts" / "sale.json"
    waiting.fill_sale("15990")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.commitDataRequest.emit(None)
    wait_until(lambda: draft.exists() and "15990" in draft.read_text(encoding="utf-8"), "the draft")
    assert waiting.window.isVisible(), "another program may still cancel the log-off"
    assert waiting.window.close()


def test_stopped_program_closes_without_a_question(waiting: Cashier, tmp_path: Path) -> None:
    assert waiting.app.stop()
    assert not waiting.window.isVisible()
    assert [row["state"] for row in history(tmp_path / "data")] == ["queued"]
    timed = program("--quit-when-ready", "--data-dir", str(tmp_path / "data"), "--api-url", "http://127.0.0.1:9")
    assert timed.returncode == 0, timed.stderr
