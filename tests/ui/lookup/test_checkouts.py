"""Rewards that were redeemed and have no sale: rows on the home page, and the question about one of them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.search import Draft, Home, OpenCheckout
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ui.lookup.rows import RowList
from bonifiq_desktop.ui.lookup.views import LookupViews
from bonifiq_desktop.worker.commands import HomeSummary, UndoRedemption
from tests.support.operations import make_operation
from tests.support.scripted_client import ScriptedClient

Key = Qt.Key
LEFT = OpenCheckout("c1", "Maria", "Vale R$ 10", 1000, datetime.now(UTC))
REVERSAL = make_operation(operation_id=7, kind=Kind.REVERSAL, value=1000, state=State.QUEUED, checkout_id="c1")


class Counter:
    """The look-up page's views in a window, over a scripted worker."""

    def __init__(self, qtbot: QtBot) -> None:
        self.client = ScriptedClient()
        self.window = QWidget()
        self.window.resize(1000, 700)
        self.field = QLineEdit()
        self.views = LookupViews(self.client, self.field)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.field)
        layout.addWidget(self.views)
        self.continued: list[str] = []
        self.views.checkoutChosen.connect(self.continued.append)
        qtbot.addWidget(self.window)

    def show(self, *checkouts: OpenCheckout, drafts: tuple[Draft, ...] = ()) -> None:
        self.client.script[HomeSummary] = lambda _command: Home(open_checkouts=checkouts, drafts=drafts)
        self.window.show()
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.client.answer()
        self.field.setFocus()

    def ask(self) -> None:
        """Choose the first row by the keys of the field."""
        QTest.keyClick(self.field, Key.Key_Down)
        self.views.home.rows.choose()

    def find(self, name: str) -> Any:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def is_open(self) -> bool:
        sheet = self.window.findChild(QWidget, "checkoutSheet")
        return sheet is not None and sheet.isVisible()

    def change(self, operation: Operation) -> None:
        self.client.operationChanged.emit(operation)


@pytest.fixture(name="counter")
def counter_at_home(qtbot: QtBot) -> Counter:
    return Counter(qtbot)


def test_home_lists_rewards_without_a_sale_above_all_else(counter: Counter) -> None:
    counter.show(LEFT, replace(LEFT, checkout_id="c2", can_continue=False, title=""), drafts=(Draft("sale"),))
    rows = counter.find("homeRows").rows
    assert [row.title for row in rows] == [
        "Benefícios usados sem venda",
        "Vale R$ 10",
        "Uso de benefício",
        "Continuar",
        "Venda começada",
    ]
    assert (rows[1].detail, rows[1].amount, rows[1].chip) == ("Maria", "R$\u00a010,00", "Sem venda")
    assert rows[2].chip == "Só desfazer"
    assert "Benefício usado sem venda: Vale R$ 10" in rows[1].sentence


def test_home_without_open_checkouts_has_no_heading_for_them(counter: Counter) -> None:
    counter.show(drafts=(Draft("sale"),))
    assert [row.title for row in counter.find("homeRows").rows] == ["Continuar", "Venda começada"]


def test_question_continues_the_sale_by_enter(counter: Counter) -> None:
    counter.show(LEFT)
    counter.ask()
    assert "Vale R$ 10" in counter.find("checkoutReward").text()
    assert counter.find("checkoutContinue").hasFocus()
    QTest.keyClick(counter.find("checkoutContinue"), Key.Key_Return)
    assert counter.continued == ["c1"]
    assert not counter.is_open()
    assert counter.client.of(UndoRedemption) == []


def test_question_that_is_left_changes_nothing(counter: Counter) -> None:
    counter.show(LEFT)
    counter.ask()
    QTest.keyClick(counter.find("checkoutSheet"), Key.Key_Escape)
    assert not counter.is_open()
    assert (counter.continued, counter.client.of(UndoRedemption)) == ([], [])


def test_undo_is_followed_until_bonifiq_confirms_it(counter: Counter) -> None:
    counter.client.script[UndoRedemption] = lambda _command: REVERSAL
    counter.show(LEFT)
    counter.ask()
    for _press in range(2):
        QTest.keyClick(counter.find("checkoutSheet"), Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(counter.find("checkoutSheet"), Key.Key_Escape)
    assert len(counter.client.of(UndoRedemption)) == 1, "a second press would undo twice"
    assert counter.is_open(), "an error would be said nowhere"
    counter.client.answer()
    assert [command.checkout_id for command in counter.client.of(UndoRedemption)] == ["c1"]
    outcome = counter.find("checkoutOutcome")
    assert "Desfazendo no BonifiQ" in outcome.text()
    assert not counter.find("checkoutContinue").isVisible(), "the sale must not use an undone reward"
    counter.change(replace(REVERSAL, operation_id=8, state=State.REFUSED))
    assert outcome.property("state") == "queued", "another operation is none of its business"
    counter.change(replace(REVERSAL, state=State.CONFIRMED))
    assert "desfeito no BonifiQ" in outcome.text()
    assert counter.is_open()


def test_undo_that_fails_leaves_both_ways_open(counter: Counter) -> None:
    def fail(_command: UndoRedemption) -> None:
        raise LookupFailed(FailureReason.NO_CONNECTION)

    counter.client.script[UndoRedemption] = fail
    counter.show(LEFT)
    counter.ask()
    counter.find("checkoutUndo").click()
    counter.client.answer()
    assert counter.find("checkoutMessage").isVisible()
    assert counter.find("checkoutUndo").isEnabled()
    assert counter.find("checkoutContinue").isEnabled()


def test_reward_without_its_code_is_not_offered_to_a_sale(counter: Counter) -> None:
    counter.show(replace(LEFT, can_continue=False))
    counter.ask()
    assert not counter.find("checkoutContinue").isVisible()
    assert counter.find("checkoutBack").hasFocus(), "the first Enter undoes nothing"
    assert "só pode ser desfeito" in counter.find("checkoutQuestion").text()


def test_rows_of_the_home_page_are_spoken_whole(counter: Counter) -> None:
    counter.show(LEFT)
    rows: RowList = counter.find("homeRows")
    assert rows.rows[1].sentence.endswith("Sem venda")
