"""The decision page: decisions, evidence of both sides, requests that follow."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton, QWidget

from bonifiq_desktop.domain.operations import Decision, Kind, Resolution, ReviewReason, State
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.verdicts import FailureReason, Unknown
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.history.review_page import ReviewPage
from tests.support.cashier import Cashier, history, wait_until


@pytest.fixture(name="in_review")
def refund_in_review(cashier: Cashier, server: TrainingServer) -> Cashier:
    """Bring a refund into review: applied, answer lost, repeat refused without a reason."""
    server.faults.key_used_form = "silent"
    server.faults.add("lose_answer", only="refund")
    cashier.refund(state="review")
    return cashier


def open_review(cashier: Cashier) -> None:
    cashier.open_review()
    wait_until(lambda: "R$\u00a0129,90" in cashier.text("reviewTheirsTotal"), "BonifiQ's side")


def decide(cashier: Cashier, choice: str) -> None:
    cashier.press(Qt.Key.Key_Space, choice)
    cashier.type("reviewName", "Dona Lucia")
    cashier.type("reviewReason", "conferi no painel")
    cashier.press(Qt.Key.Key_Return, "reviewConfirm")


def test_review_needs_a_decision_a_name_and_a_reason(in_review: Cashier) -> None:
    assert "espera decisão" in in_review.text("pendingCount")
    open_review(in_review)
    assert "sem resposta clara" in in_review.find("reviewOurs").toPlainText()
    wait_until(in_review.find("reviewAgainAdvice").isVisible, "the recommendation")
    assert "Recomendada: repetir com o mesmo protocolo é seguro." in in_review.text("reviewAgainAdvice")
    assert [in_review.find(name).isChecked() for name in ("reviewAgain", "reviewDone")] == [False, False]
    confirm = in_review.find("reviewConfirm")
    assert not confirm.isEnabled()
    in_review.press(Qt.Key.Key_Space, "reviewDone")
    assert not confirm.isEnabled()
    in_review.type("reviewName", "Dona Lucia")
    assert not confirm.isEnabled()
    in_review.type("reviewReason", "conferi no painel")
    assert confirm.isEnabled()


def test_review_reopened_restores_name_and_reason_but_no_decision(in_review: Cashier, tmp_path: Path) -> None:
    open_review(in_review)
    in_review.type("reviewName", "Dona Lucia")
    in_review.type("reviewReason", "conferi no painel")
    in_review.press(Qt.Key.Key_Space, "reviewDone")
    in_review.press(Qt.Key.Key_Escape, "reviewDialog")
    wait_until(lambda: in_review.window.findChild(QWidget, "reviewDialog") is None, "the page to close")
    open_review(in_review)
    wait_until(lambda: in_review.text("reviewName") == "Dona Lucia", "the draft")
    assert in_review.text("reviewReason") == "conferi no painel"
    assert not in_review.find("reviewDone", QRadioButton).isChecked()
    assert not in_review.find("reviewConfirm").isEnabled()
    in_review.press(Qt.Key.Key_Space, "reviewDone")
    in_review.press(Qt.Key.Key_Return, "reviewConfirm")
    in_review.wait_for_state("reviewOutcome", "confirmed")
    assert not (tmp_path / "data" / "drafts" / "review.json").exists()


@pytest.fixture(name="short_wait")
def copies_expire_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let copies of a request expire after three seconds instead of ten minutes."""
    monkeypatch.setattr("bonifiq_desktop.services.review.CALL_TIMEOUT", 3.0)
    monkeypatch.setattr("bonifiq_desktop.services.review.COPY_LIFETIME", timedelta())


@pytest.mark.parametrize(("choice", "state"), [("reviewDone", "confirmed"), ("reviewNotDone", "not_applied")])
def test_closing_decision_sends_nothing_and_stores_name_and_reason(
    short_wait: None, in_review: Cashier, server: TrainingServer, tmp_path: Path, choice: str, state: str
) -> None:
    sent = [request for request in server.service.requests if request.method == "POST"]
    open_review(in_review)
    wait_until(lambda: in_review.find(choice).isEnabled(), "the time when it can be decided")
    decide(in_review, choice)
    in_review.wait_for_state("reviewOutcome", state)
    [row] = history(tmp_path / "data")
    assert (row["state"], row["evidence"]) == (state, "person")
    assert [request for request in server.service.requests if request.method == "POST"] == sent
    in_review.press(Qt.Key.Key_Return, "reviewConfirm")
    detail = in_review.find("historyDetail")
    wait_until(lambda: "Dona Lucia: conferi no painel" in detail.toPlainText(), "who and why")
    wait_until(lambda: in_review.text("pendingCount") == "Nada pendente", "the empty counter")


def test_tab_reaches_every_part_of_the_decision(in_review: Cashier) -> None:
    open_review(in_review)
    in_review.type("reviewName", "Dona Lucia")
    in_review.type("reviewReason", "conferi")
    in_review.press(Qt.Key.Key_Space, "reviewDone")
    reached = set()
    for _ in range(15):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {"reviewName", "reviewReason", "reviewConfirm", "reviewCancel"} <= reached
    assert reached & set(CHOICES), "no decision is reached"


def test_decision_is_chosen_by_arrows_and_space(in_review: Cashier) -> None:
    open_review(in_review)
    in_review.press(Qt.Key.Key_Down, "reviewAgain")
    focused = in_review.window.focusWidget()
    assert focused is not None
    in_review.press(Qt.Key.Key_Space, focused.objectName())
    assert in_review.find("reviewDone", QRadioButton).isChecked()


def test_recorded_decision_gives_way_to_the_list_after_another_page(in_review: Cashier) -> None:
    open_review(in_review)
    in_review.type("reviewReason", "conferi no painel")
    in_review.press(Qt.Key.Key_F2)
    in_review.press(Qt.Key.Key_F4)
    assert in_review.find("reviewReason").isVisible(), "an unfinished decision is lost"
    decide(in_review, "reviewDone")
    in_review.wait_for_state("reviewOutcome", "confirmed")
    in_review.press(Qt.Key.Key_F2)
    in_review.press(Qt.Key.Key_F4)
    assert in_review.find("historyTable").isVisible()
    wait_until(lambda: in_review.window.findChild(QWidget, "reviewDialog") is None, "the page to close")


@pytest.mark.parametrize("choice", ["reviewNotDone", "reviewAnother"])
def test_decision_for_a_second_request_waits_until_copies_expire(
    short_wait: None, in_review: Cashier, choice: str
) -> None:
    open_review(in_review)
    button, wait = in_review.find(choice), in_review.find("reviewWait")
    assert not button.isEnabled()
    assert re.search(r"Até \d\d:\d\d:\d\d uma cópia", wait.text())
    assert wait.isVisible()
    assert in_review.find("reviewAgain").isEnabled()
    wait_until(button.isEnabled, "the time when it can be decided")
    assert not wait.isVisible()


def test_another_return_after_a_possible_success_states_its_risk(in_review: Cashier) -> None:
    open_review(in_review)
    assert "estornados duas vezes" in in_review.text("reviewAnotherEffect")
    assert not in_review.find("reviewAnother").isEnabled()


def test_retry_repeats_the_key_and_refunds_once(in_review: Cashier, server: TrainingServer) -> None:
    server.faults.key_used_form = "code_name"
    open_review(in_review)
    assert not in_review.find("reviewAnother").isEnabled()  # a copy of the first request may still arrive
    decide(in_review, "reviewAgain")
    in_review.wait_for_state("reviewOutcome", "confirmed")
    assert [entry.cents for entry in server.service.applied] == [1000]
    bodies = [request.body for request in server.service.requests if request.path.endswith("/partialcancel")]
    assert len(bodies) == 3
    assert len(set(bodies)) == 1


def test_same_return_at_a_second_till_goes_to_review(
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
        (
            ReviewReason.ORDER_CHANGED,
            Kind.REFUND,
            {"reviewAgain", "reviewDone", "reviewNotDone"},
            "com o protocolo deste registro",
        ),
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
def test_each_review_reason_offers_its_decisions(
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
        assert again in cashier.text("reviewAgainEffect")


NAMES = {
    Decision.TRY_AGAIN: "reviewAgain",
    Decision.WAS_DONE: "reviewDone",
    Decision.ANOTHER_RETURN: "reviewAnother",
    Decision.NOT_DONE: "reviewNotDone",
}


def test_page_offers_the_decisions_of_the_specification(open_till: Callable[[], Cashier], data: Path) -> None:
    """`services/test_decisions.py` checks the same table."""
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
        page = ReviewPage(cashier.app.client, OperationDetails(operation, (), ()), cashier.window)
        offered = {button.objectName() for button in page.findChildren(QRadioButton) if button.isEnabled()}
        assert offered == {
            NAMES[decision] for decision in spec_of(operation.kind).decisions_for(operation.review_reason)
        }
        page.deleteLater()


def _given(request: SerializedRequest, _count: int) -> SerializedRequest:
    return request


def test_review_after_two_denials_quotes_the_answer(open_till: Callable[[], Cashier], data: Path) -> None:
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
