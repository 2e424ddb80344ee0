"""What the evidence does not decide, a person does: with both sides in sight, and nothing by default."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QRadioButton

from bonifiq_desktop.domain.operations import Doubt, Kind, Settled, State
from bonifiq_desktop.ledger.ledger import Frozen, Intent, Ledger
from bonifiq_desktop.training.server import TrainingServer
from tests.program.cashier import Cashier, history, wait_until


@pytest.fixture(name="doubtful")
def refund_in_review(cashier: Cashier, server: TrainingServer) -> Cashier:
    """A refund that was applied, whose answer was lost, and whose repeat was refused without a reason."""
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    cashier.refund(state="review")
    return cashier


def open_review(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_F4)
    wait_until(lambda: cashier.find("historyDecide").isVisible(), "the button")
    cashier.press(Qt.Key.Key_F8)
    wait_until(lambda: cashier.window.findChild(QDialog, "reviewDialog") is not None, "the dialog")
    wait_until(lambda: "R$\u00a0129,90" in cashier.text("reviewTheirs"), "BonifiQ's side")


def decide(cashier: Cashier, choice: str) -> None:
    cashier.press(Qt.Key.Key_Space, choice)
    cashier.type("reviewName", "Dona Lucia")
    cashier.type("reviewReason", "conferi no painel")
    cashier.press(Qt.Key.Key_Return, "reviewConfirm")


def test_nothing_is_decided_by_default_and_a_name_and_a_reason_are_required(doubtful: Cashier) -> None:
    assert "espera decisão" in doubtful.text("pendingCount")
    open_review(doubtful)
    assert "sem resposta clara" in doubtful.find("reviewOurs").toPlainText()
    confirm = doubtful.find("reviewConfirm")
    assert not confirm.isEnabled()
    doubtful.press(Qt.Key.Key_Space, "reviewDone")
    assert not confirm.isEnabled()
    doubtful.type("reviewName", "Dona Lucia")
    assert not confirm.isEnabled()
    doubtful.type("reviewReason", "conferi no painel")
    assert confirm.isEnabled()


def test_name_and_reason_survive_esc_and_the_choice_is_made_anew(doubtful: Cashier, tmp_path: Path) -> None:
    open_review(doubtful)
    doubtful.type("reviewName", "Dona Lucia")
    doubtful.type("reviewReason", "conferi no painel")
    doubtful.press(Qt.Key.Key_Space, "reviewDone")
    doubtful.press(Qt.Key.Key_Escape, "reviewDialog")
    wait_until(lambda: doubtful.window.findChild(QDialog, "reviewDialog") is None, "the dialog to close")
    open_review(doubtful)
    wait_until(lambda: doubtful.text("reviewName") == "Dona Lucia", "the draft")
    assert doubtful.text("reviewReason") == "conferi no painel"
    assert not doubtful.find("reviewDone", QRadioButton).isChecked()
    assert not doubtful.find("reviewConfirm").isEnabled()
    doubtful.press(Qt.Key.Key_Space, "reviewDone")
    doubtful.press(Qt.Key.Key_Return, "reviewConfirm")
    doubtful.wait_for_state("reviewOutcome", "confirmed")
    assert not (tmp_path / "data" / "drafts" / "review.json").exists()


@pytest.mark.parametrize(("choice", "state"), [("reviewDone", "confirmed"), ("reviewNotDone", "not_applied")])
def test_a_decision_closes_it_sends_nothing_and_keeps_who_and_why(
    doubtful: Cashier, server: TrainingServer, tmp_path: Path, choice: str, state: str
) -> None:
    sent = [request for request in server.shop.requests if request.method == "POST"]
    open_review(doubtful)
    decide(doubtful, choice)
    doubtful.wait_for_state("reviewOutcome", state)
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"]) == (state, "person")
    assert [request for request in server.shop.requests if request.method == "POST"] == sent
    doubtful.press(Qt.Key.Key_Return, "reviewConfirm")
    detail = doubtful.find("historyDetail")
    wait_until(lambda: "Dona Lucia: conferi no painel" in detail.toPlainText(), "who and why")
    wait_until(lambda: doubtful.text("pendingCount") == "Nada pendente", "the empty counter")


def test_trying_again_repeats_the_same_key_and_never_refunds_twice(doubtful: Cashier, server: TrainingServer) -> None:
    server.faults.key_used_form = "code_name"
    open_review(doubtful)
    assert doubtful.window.findChild(QRadioButton, "reviewAnother") is None  # it may have been applied already
    decide(doubtful, "reviewAgain")
    doubtful.wait_for_state("reviewOutcome", "confirmed")
    assert [entry.cents for entry in server.shop.applied] == [1000]
    bodies = [request.body for request in server.shop.requests if request.path.endswith("/partialcancel")]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


def test_a_second_till_that_makes_the_same_return_is_asked_and_only_its_word_makes_a_second_one(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.refund()
    other = start("--data-dir", str(tmp_path / "other"), "--api-url", server.url)
    assert "já foi feita antes" in other.refund(state="review")
    assert [entry.cents for entry in server.shop.applied] == [1000]
    wait_until(lambda: other.find("orderCard").isVisible(), "the card")
    open_review(other)
    decide(other, "reviewAnother")
    other.wait_for_state("reviewOutcome", "confirmed")
    assert [entry.cents for entry in server.shop.applied] == [1000, 1000]
    bodies = [request.body for request in server.shop.requests if request.path.endswith("/partialcancel")]
    keys = [json.loads(body)["CancelKey"] for body in bodies]
    assert keys[0] == keys[1] != keys[2]


CHOICES = ("reviewAgain", "reviewDone", "reviewAnother", "reviewNotDone")


@pytest.mark.parametrize(
    ("doubt", "kind", "offered", "again"),
    [
        (Doubt.ORDER_CHANGED, Kind.REFUND, {"reviewAgain", "reviewDone", "reviewNotDone"}, "com o protocolo"),
        (Doubt.ORDER_CHANGED, Kind.CANCEL, {"reviewAgain", "reviewDone", "reviewNotDone"}, "ainda não estiver"),
        (Doubt.ORDER_CHANGED, Kind.SALE, {"reviewAgain", "reviewDone", "reviewNotDone"}, "se o número estiver livre"),
        (Doubt.RESTORED, Kind.REFUND, {"reviewAgain", "reviewDone", "reviewNotDone"}, "não devolve duas vezes"),
        (Doubt.RESTORED, Kind.CANCEL, {"reviewAgain", "reviewDone", "reviewNotDone"}, "se não estiver lá"),
        (Doubt.UNSENDABLE, Kind.REFUND, {"reviewDone", "reviewNotDone"}, ""),
        (Doubt.KEY_USED_BEFORE, Kind.REFUND, {"reviewDone", "reviewAnother", "reviewNotDone"}, ""),
    ],
)
def test_each_doubt_offers_the_choices_that_fit_it(  # noqa: PLR0917
    server: TrainingServer,
    credentials: None,
    start: Callable[..., Cashier],
    tmp_path: Path,
    doubt: Doubt,
    kind: Kind,
    offered: set[str],
    again: str,
) -> None:
    (tmp_path / "data").mkdir()
    ledger = Ledger(tmp_path / "data" / "ledger.db")
    key = "BQ-AAAAA" if kind is Kind.REFUND else None
    made = ledger.begin(Intent(kind, "1001", 1000), lambda _count: Frozen("/v1/pvt/POS/1001", b"{}", key))
    ledger.settle(made.operation_id, State.QUEUED, Settled(State.REVIEW, doubt=doubt))
    ledger.close()
    cashier = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    open_review(cashier)
    found = {name: cashier.window.findChild(QRadioButton, name) for name in CHOICES}
    assert {name for name, button in found.items() if button is not None} == offered
    if again:
        assert again in cashier.text("reviewAgain")
