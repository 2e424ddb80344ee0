"""What the evidence does not decide, a person does: with both sides in sight, and nothing by default."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QRadioButton

from bonifiq_desktop.domain.operations import Decision, Kind, Resolution, ReviewReason, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason, Unknown
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.history.review_dialog import ReviewDialog
from tests.support.cashier import Cashier, history, wait_until


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


@pytest.fixture(name="short_wait")
def copies_die_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a request is on its way for three seconds, and not for ten minutes."""
    monkeypatch.setattr("bonifiq_desktop.services.counter.CALL_TIMEOUT", 3.0)
    monkeypatch.setattr("bonifiq_desktop.services.counter.COPY_LIFETIME", timedelta())


@pytest.mark.parametrize(("choice", "state"), [("reviewDone", "confirmed"), ("reviewNotDone", "not_applied")])
def test_a_decision_closes_it_sends_nothing_and_keeps_who_and_why(
    short_wait: None, doubtful: Cashier, server: TrainingServer, tmp_path: Path, choice: str, state: str
) -> None:
    sent = [request for request in server.service.requests if request.method == "POST"]
    open_review(doubtful)
    wait_until(lambda: doubtful.find(choice).isEnabled(), "the time when it can be decided")
    decide(doubtful, choice)
    doubtful.wait_for_state("reviewOutcome", state)
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"]) == (state, "person")
    assert [request for request in server.service.requests if request.method == "POST"] == sent
    doubtful.press(Qt.Key.Key_Return, "reviewConfirm")
    detail = doubtful.find("historyDetail")
    wait_until(lambda: "Dona Lucia: conferi no painel" in detail.toPlainText(), "who and why")
    wait_until(lambda: doubtful.text("pendingCount") == "Nada pendente", "the empty counter")


@pytest.mark.parametrize("choice", ["reviewNotDone", "reviewAnother"])
def test_what_lets_a_second_request_exist_can_be_chosen_once_no_copy_of_the_first_can_arrive(
    short_wait: None, doubtful: Cashier, choice: str
) -> None:
    open_review(doubtful)
    button, wait = doubtful.find(choice), doubtful.find("reviewWait")
    assert not button.isEnabled()
    assert re.search(r"Até \d\d:\d\d:\d\d uma cópia", wait.text())
    assert wait.isVisible()
    assert doubtful.find("reviewAgain").isEnabled()
    wait_until(button.isEnabled, "the time when it can be decided")
    assert not wait.isVisible()


def test_another_return_names_its_risk_where_the_key_may_have_been_applied(doubtful: Cashier) -> None:
    open_review(doubtful)
    assert "estornados duas vezes" in doubtful.text("reviewAnother")
    assert not doubtful.find("reviewAnother").isEnabled()


def test_trying_again_repeats_the_same_key_and_never_refunds_twice(doubtful: Cashier, server: TrainingServer) -> None:
    server.faults.key_used_form = "code_name"
    open_review(doubtful)
    assert not doubtful.find("reviewAnother").isEnabled()  # a copy of the first one may be on its way
    decide(doubtful, "reviewAgain")
    doubtful.wait_for_state("reviewOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [1000]
    bodies = [request.body for request in server.service.requests if request.path.endswith("/partialcancel")]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


def test_a_second_till_that_makes_the_same_return_is_asked_and_only_its_word_makes_a_second_one(
    cashier: Cashier, server: TrainingServer, start: Callable[..., Cashier], tmp_path: Path
) -> None:
    cashier.refund()
    other = start("--data-dir", str(tmp_path / "other"), "--api-url", server.url)
    assert "já foi feita antes" in other.refund(state="review")
    assert [entry.cents for entry in server.service.applied] == [1000]
    wait_until(lambda: other.find("orderCard").isVisible(), "the card")
    open_review(other)
    decide(other, "reviewAnother")
    other.wait_for_state("reviewOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [1000, 1000]
    bodies = [request.body for request in server.service.requests if request.path.endswith("/partialcancel")]
    keys = [json.loads(body)["CancelKey"] for body in bodies]
    assert keys[0] == keys[1] != keys[2]


CHOICES = ("reviewAgain", "reviewDone", "reviewAnother", "reviewNotDone")


@pytest.mark.parametrize(
    ("doubt", "kind", "offered", "again"),
    [
        (ReviewReason.ORDER_CHANGED, Kind.REFUND, {"reviewAgain", "reviewDone", "reviewNotDone"}, "com o protocolo"),
        (ReviewReason.ORDER_CHANGED, Kind.CANCEL, {"reviewAgain", "reviewDone", "reviewNotDone"}, "ainda não estiver"),
        (
            ReviewReason.ORDER_CHANGED,
            Kind.SALE,
            {"reviewAgain", "reviewDone", "reviewNotDone"},
            "se o número estiver livre",
        ),
        (ReviewReason.RESTORED, Kind.REFUND, {"reviewAgain", "reviewDone", "reviewNotDone"}, "não devolve duas vezes"),
        (ReviewReason.RESTORED, Kind.CANCEL, {"reviewAgain", "reviewDone", "reviewNotDone"}, "se não estiver lá"),
        (ReviewReason.UNSENDABLE, Kind.REFUND, {"reviewDone", "reviewNotDone"}, ""),
        (ReviewReason.KEY_USED_BEFORE, Kind.REFUND, {"reviewDone", "reviewAnother", "reviewNotDone"}, ""),
    ],
)
def test_each_doubt_offers_the_choices_that_fit_it(
    server: TrainingServer,
    credentials: None,
    start: Callable[..., Cashier],
    tmp_path: Path,
    doubt: ReviewReason,
    kind: Kind,
    offered: set[str],
    again: str,
) -> None:
    (tmp_path / "data").mkdir()
    ledger = Ledger(tmp_path / "data" / "ledger.db")
    key = "BQ-AAAAA" if kind is Kind.REFUND else None
    made = ledger.enqueue(Intent(kind, "1001", 1000), lambda _count: SerializedRequest("/v1/pvt/POS/1001", b"{}", key))
    ledger.resolve(made.operation_id, State.QUEUED, Resolution(State.REVIEW, review_reason=doubt))
    ledger.close()
    cashier = start("--data-dir", str(tmp_path / "data"), "--api-url", server.url)
    open_review(cashier)
    found = {name: cashier.window.findChild(QRadioButton, name) for name in CHOICES}
    assert {name for name, button in found.items() if button is not None} == offered
    if again:
        assert again in cashier.text("reviewAgain")


NAMES = {
    Decision.TRY_AGAIN: "reviewAgain",
    Decision.WAS_DONE: "reviewDone",
    Decision.ANOTHER_RETURN: "reviewAnother",
    Decision.NOT_DONE: "reviewNotDone",
}


def test_the_window_offers_what_the_table_of_decisions_allows(open_till: Callable[[], Cashier], data: Path) -> None:
    """The services accept the same table: `services/test_decisions.py`."""
    data.mkdir()
    ledger = Ledger(data / "ledger.db")
    made = []
    for number, (kind, doubt) in enumerate(product(Kind, ReviewReason)):
        request = SerializedRequest("/v1/pvt/POS/A", b"{}", "BQ-AAAAA" if kind is Kind.REFUND else None)
        operation = ledger.enqueue(Intent(kind, f"A-{number}", 1000), partial(_given, request))
        made.append(ledger.resolve(operation.operation_id, State.QUEUED, Resolution(State.REVIEW, review_reason=doubt)))
    ledger.close()
    cashier = open_till()
    for operation in made:
        dialog = ReviewDialog(cashier.app.client, OperationDetails(operation, (), ()), cashier.window)
        offered = {button.objectName() for button in dialog.findChildren(QRadioButton) if button.isEnabled()}
        assert offered == {
            NAMES[decision] for decision in spec_of(operation.kind).decisions_for(operation.review_reason)
        }
        dialog.close()


def _given(request: SerializedRequest, _count: int) -> SerializedRequest:
    return request


def test_the_answers_own_words_are_shown_where_it_said_no_twice(open_till: Callable[[], Cashier], data: Path) -> None:
    data.mkdir()
    ledger = Ledger(data / "ledger.db")
    made = ledger.enqueue(
        Intent(Kind.REFUND, "1001", 1000), partial(_given, SerializedRequest("/p", b"{}", "BQ-AAAAA"))
    )
    no = Unknown(FailureReason.SAYS_NO, code="409", message="Conflict for maria@exemplo.com.br")
    ledger.finish_attempt(
        ledger.start_attempt(made.operation_id), no, Resolution(State.REVIEW, review_reason=ReviewReason.SAYS_NO_TWICE)
    )
    ledger.close()
    cashier = open_till()
    open_review(cashier)
    texts = " ".join(each.text() for each in cashier.find("reviewDialog").findChildren(QLabel))
    assert "respondeu duas vezes que não" in texts
    assert "Conflict for" in texts
    assert "maria@" not in texts + cashier.find("reviewOurs").toPlainText()
