"""Section with the owner's questions: rows lead to their orders, and names go when nobody may see them any more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableWidget, QWidget

from bonifiq_desktop.domain.day_close import NamedSum, Sum
from bonifiq_desktop.domain.operations import Kind, ReviewReason, State
from bonifiq_desktop.domain.owner_questions import (
    Answer,
    ByHand,
    Decided,
    Delay,
    Question,
    ReturningCustomer,
    RevealedCustomer,
    Unsent,
)
from bonifiq_desktop.domain.reports import GivenBack
from bonifiq_desktop.domain.staff import ApprovalNeeded, Session, Task
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.errors import LedgerFailed
from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ui.reports.questions_page import QuestionsPage
from bonifiq_desktop.worker.commands import StopWork
from bonifiq_desktop.worker.report_commands import AskQuestion, ExportAnswer, RevealCustomers
from tests.support.scripted_client import ScriptedClient

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
ROWS: dict[Question, Any] = {
    Question.GIVEN_BACK: GivenBack(
        1, "1006", AT, Kind.REFUND, "Ana", "Troca", ("Café", "Copo"), 2590, systems=("Carrefour", "bonifiq")
    ),
    Question.CUSTOMERS: ReturningCustomer(7, 3, (Sum(3, 9000), Sum(1, 500, "USD")), "1007", "M…", "***.982.247-**"),
    Question.DECIDED: Decided(
        3, "1008", AT, Kind.REFUND, ByHand.DECIDED, "Bia", "Vi no site", ReviewReason.BUDGET_USED_UP,
        State.CONFIRMED, 2590,
    ),
    Question.UNSENT: Unsent(
        4, "1009", AT, Kind.SALE, State.CONFIRMED, 2590, "BRL", AT + timedelta(hours=3),
        Delay(timedelta(hours=2), timedelta(hours=1)), 4, FailureReason.NO_CONNECTION,
    ),
}  # fmt: skip
MARIA = RevealedCustomer(7, "Maria Aparecida", "529.982.247-25")


def answered(command: AskQuestion) -> Answer:
    people = (NamedSum("Ana", Sum(1, 2590)),) if command.question is Question.GIVEN_BACK else ()
    return Answer(command.question, command.first, command.last, (ROWS[command.question],), 1, people)


class Page:
    """The section over a scripted client."""

    def __init__(self) -> None:
        self.client = ScriptedClient()
        self.client.script[AskQuestion] = answered
        self.client.script[RevealCustomers] = lambda _command: (MARIA,)
        self.page = QuestionsPage(self.client)
        self.opened: list[tuple[object, ...]] = []
        self.page.orderRequested.connect(lambda order: self.opened.append((order,)))
        self.page.historyRequested.connect(lambda waiting, text: self.opened.append((waiting, text)))
        self.page.resize(1100, 640)
        self.page.show()

    def find(self, name: str) -> Any:
        found = self.page.findChild(QWidget, name)
        assert found is not None, name
        return found

    def choose(self, question: Question) -> None:
        QTest.keyClick(self.find("questionsQuestion1"), Qt.Key(Qt.Key.Key_1 + list(Question).index(question)))
        self.client.answer()

    def cells(self) -> list[str]:
        table: QTableWidget = self.find("questionsTable")
        return [table.item(0, column).text() for column in range(table.columnCount())]  # type: ignore[union-attr]


@pytest.fixture(name="page")
def questions_page(qapp: QApplication) -> Iterator[Page]:
    page = Page()
    yield page
    page.page.close()
    page.page.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


SHOWN = {
    Question.GIVEN_BACK: ["Ana", "Troca", "Café, Copo", "1006", "Carrefour, BonifiQ", "R$\u00a025,90"],
    Question.CUSTOMERS: ["M…", "***.982.247-**", "3", "1007", "R$\u00a090,00 + US$\u00a05,00"],
    Question.DECIDED: ["Bia", "Já foi feita: Devolução", "Vi no site", "1008"],
    Question.UNSENT: ["Venda 1009", "2 h 0 min", "1 h 0 min", "Confirmada"],
}


@pytest.mark.parametrize("question", list(Question))
def test_answer_is_shown_and_its_row_leads_to_the_order(page: Page, question: Question) -> None:
    page.choose(question)
    cells = page.cells()
    assert set(SHOWN[question]) <= set(cells)
    assert page.find("questionsTable").accessibleName()
    QTest.keyClick(page.find("questionsTable"), Qt.Key.Key_Return)
    row = ROWS[question]
    expected = ("1007",) if question is Question.CUSTOMERS else (Waiting.ANYTHING, row.order_id)
    assert page.opened == [expected]
    assert page.find("questionsReveal").isVisible() == (question is Question.CUSTOMERS)


def test_person_s_sum_stands_above_the_rows(page: Page) -> None:
    page.client.answer()
    assert page.find("questionsHeadline").text() == "Ana: 1, R$\u00a025,90"


def test_answer_that_is_cut_says_so(page: Page) -> None:
    page.client.script[AskQuestion] = lambda command: replace(answered(command), count=900)
    page.client.answer()
    assert "Mostra 1 de 900" in page.find("questionsHeadline").text()


def test_names_come_after_an_approval_and_go_when_the_session_changes(page: Page) -> None:
    page.choose(Question.CUSTOMERS)
    QTest.keyClick(page.find("questionsReveal"), Qt.Key.Key_Space)
    assert page.client.of(RevealCustomers) == [RevealCustomers((7,))]
    assert "Maria Aparecida" not in page.cells()
    page.client.answer()
    assert page.cells()[:2] == ["Maria Aparecida", "529.982.247-25"]
    page.client.holds = lambda command: isinstance(command, AskQuestion)
    page.client.sessionChanged.emit(Session())
    assert page.find("questionsTable").rowCount() == 0
    page.client.answer(lambda command: isinstance(command, AskQuestion))
    assert page.cells()[0] == "M…"


def test_names_go_when_the_page_is_left_and_after_a_minute(page: Page) -> None:
    page.choose(Question.CUSTOMERS)
    for leave in (page.page.hide, page.page._mask_timer.timeout.emit):
        page.page.show()
        page.client.answer()
        QTest.keyClick(page.find("questionsReveal"), Qt.Key.Key_Space)
        page.client.answer()
        assert page.cells()[0] == "Maria Aparecida"
        leave()
        assert page.cells()[0] == "M…"


def test_names_that_come_after_the_page_was_left_are_dropped(page: Page) -> None:
    page.choose(Question.CUSTOMERS)
    QTest.keyClick(page.find("questionsReveal"), Qt.Key.Key_Space)
    page.page.hide()
    page.client.answer()
    assert page.cells()[0] == "M…"


def test_names_stay_hidden_without_an_approval(page: Page) -> None:
    def refuse(_command: RevealCustomers) -> None:
        raise ApprovalNeeded(Task.REVEAL, ("Ana",))

    page.client.script[RevealCustomers] = refuse
    page.choose(Question.CUSTOMERS)
    QTest.keyClick(page.find("questionsReveal"), Qt.Key.Key_Space)
    page.client.answer()
    assert page.cells()[0] == "M…"
    assert page.find("questionsMessage").isVisible()
    assert page.find("questionsReveal").isEnabled()


def test_answer_to_an_older_question_is_stopped_and_dropped(page: Page) -> None:
    page.client.holds = lambda command: isinstance(command, AskQuestion)
    page.choose(Question.UNSENT)
    assert page.client.of(StopWork) == [StopWork(AskQuestion)]
    first, second = page.client.of(AskQuestion)
    page.client.answer(lambda command: command is second)
    page.client.answer(lambda command: command is first)
    assert "Venda 1009" in page.cells()


def test_old_answer_does_not_stay_after_an_error(page: Page) -> None:
    page.client.answer()

    def fail(_command: AskQuestion) -> Answer:
        raise LedgerFailed("busy")

    page.client.script[AskQuestion] = fail
    page.choose(Question.DECIDED)
    assert page.find("questionsTable").rowCount() == 0
    assert page.find("questionsMessage").isVisible()
    assert not page.find("questionsExport").isEnabled()


@pytest.mark.parametrize("question", list(Question))
def test_question_without_rows_says_so(page: Page, question: Question) -> None:
    page.client.script[AskQuestion] = lambda command: Answer(command.question, command.first, command.last, (), 0)
    page.choose(question)
    assert page.find("questionsEmpty").isVisible()
    assert page.find("questionsEmpty").text()


def test_export_asks_for_the_shown_answer(page: Page) -> None:
    page.client.script[ExportAnswer] = lambda _command: 12
    page.choose(Question.UNSENT)
    page.page.export_to("/x/a.csv")
    [command] = page.client.of(ExportAnswer)
    assert (command.question, command.path) == (Question.UNSENT, "/x/a.csv")
    page.client.answer()
    assert "12" in page.find("questionsMessage").accessibleName()
