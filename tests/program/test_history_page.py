"""The history page: filters, totals, search, its empty states, and the way to the order, by keyboard."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDateEdit

from bonifiq_desktop.domain.operations import Kind, Resolution, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from tests.support.cashier import Cashier, wait_until
from tests.support.ledger_actions import ANSWERED_DONE, CONFIRMED, refund, start_attempt
from tests.support.return_actions import MARKET_ORDER_ID, money_intent, register_return

ORDER_COLUMN = 2
DAYS = {"S-1": 40, "R-1": 5, "C-1": 0, "R-2": 0}


@pytest.fixture(name="till")
def till_with_a_history(open_till: Callable[[], Cashier], data: Path) -> Cashier:
    """A sale of 40 days ago by Ana, a refund of 5 days ago by Bia; today's cancel, and a refund in review."""
    data.mkdir()
    for order_id, (kind, person, state) in {
        "S-1": (Kind.SALE, "Ana", State.CONFIRMED),
        "R-1": (Kind.REFUND, "Bia", State.CONFIRMED),
        "C-1": (Kind.CANCEL, "Ana", State.CONFIRMED),
        "R-2": (Kind.REFUND, "Bia", State.REVIEW),
    }.items():
        at = datetime.now(UTC) - timedelta(days=DAYS[order_id])
        ledger = Ledger(data / "ledger.db", clock=lambda at=at: at)  # type: ignore[misc]
        order = Order(order_id, 9900, customer=Customer(name="Maria"))
        key = f"BQ-{order_id}" if kind is Kind.REFUND else None
        made = ledger.enqueue(
            Intent(kind, order_id, 1000, order=order, registered_by=person),
            lambda _index, key=key: SerializedRequest("/p", b"{}", key),  # type: ignore[misc]
        )
        if state is State.CONFIRMED:
            ledger.finish_attempt(start_attempt(ledger, made), ANSWERED_DONE, CONFIRMED)
        else:
            doubt = Resolution(State.REVIEW, review_reason=ReviewReason.ORDER_CHANGED)
            ledger.resolve(made.operation_id, State.QUEUED, doubt)
        ledger.close()
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, "R-2", "C-1", "R-1", "S-1")
    return cashier


def orders(cashier: Cashier) -> list[str]:
    """The order numbers in the table."""
    model = cashier.find("historyTable").model()
    return [model.index(row, ORDER_COLUMN).data() for row in range(model.rowCount())]


def wait_for_orders(cashier: Cashier, *expected: str) -> None:
    wait_until(lambda: orders(cashier) == list(expected), f"the orders {expected}, not {orders(cashier)}")


def choose(cashier: Cashier, chip: str) -> None:
    """Press a chip, by its object name."""
    cashier.find(chip).click()


def test_chips_select_by_kind_and_the_totals_follow(till: Cashier) -> None:
    wait_until(lambda: "4 registros" in till.text("historyTotals"), "the totals")
    assert "vendas R$\u00a010,00 · devoluções R$\u00a010,00 · cancelamentos R$\u00a010,00" in till.text("historyTotals")
    choose(till, "historyKinds3")
    wait_for_orders(till, "R-2", "R-1")
    wait_until(lambda: till.text("historyTotals").startswith("2 registros"), "the totals")
    assert "confirmados: devoluções R$\u00a010,00" in till.text("historyTotals"), "what is in review is not confirmed"
    choose(till, "historyKinds2")
    wait_for_orders(till, "S-1")
    choose(till, "historyKinds4")
    wait_for_orders(till, "C-1")


def test_chips_select_by_period(till: Cashier) -> None:
    choose(till, "historyPeriod2")
    wait_for_orders(till, "R-2", "C-1")
    choose(till, "historyPeriod3")
    wait_for_orders(till, "R-2", "C-1", "R-1")
    choose(till, "historyPeriod5")
    days = [QDate.currentDate().addDays(-DAYS[order_id]) for order_id in ("S-1", "R-1")]
    for name, day in zip(("historyFrom", "historyTo"), days, strict=True):
        assert till.find(name).isVisible()
        till.find(name, QDateEdit).setDate(day)
    wait_for_orders(till, "R-1", "S-1")
    choose(till, "historyPeriod1")
    wait_for_orders(till, "R-2", "C-1", "R-1", "S-1")
    assert not till.find("historyFrom").isVisible()


def test_chips_of_what_waits_carry_their_numbers(till: Cashier) -> None:
    wait_until(lambda: till.text("historyReview") == "Decidir (1)", "the number")
    assert till.text("historyPending") == "Pendentes (0)"
    choose(till, "historyReview")
    wait_for_orders(till, "R-2")
    choose(till, "historyPending")
    wait_for_orders(till)
    assert not till.find("historyReview").isChecked()
    till.window.content.history.show_waiting(Waiting.PERSON)
    wait_for_orders(till, "R-2")
    choose(till, "historyReview")
    wait_for_orders(till, "R-2", "C-1", "R-1", "S-1")


def test_person_is_chosen_among_those_who_registered(till: Cashier) -> None:
    box = till.find("historyPersonList", QComboBox)
    wait_until(lambda: box.count() == 3, "the people")
    assert [box.itemText(place) for place in range(3)] == ["Todas as pessoas", "Ana", "Bia"]
    assert not till.find("historySystem").isVisible(), "there is one system to choose from"
    box.setFocus()
    till.press(Qt.Key.Key_Down, "historyPersonList")
    wait_for_orders(till, "C-1", "S-1")


def test_nothing_found_offers_to_clear_search_and_filters(till: Cashier) -> None:
    choose(till, "historyKinds2")
    till.type("historySearch", "R-")
    wait_for_orders(till)
    empty = till.find("historyEmpty")
    assert (empty.isVisible(), empty.text()) == (True, "Nada encontrado.")
    assert not till.find("historyOrder").isVisible()
    choose(till, "historyClearFilters")
    wait_for_orders(till, "R-2", "C-1", "R-1", "S-1")
    assert not empty.isVisible()
    assert till.find("historySearch").hasFocus()


@pytest.mark.parametrize("text", ["maria apar", "529.982.247-25", "52998224725"])
def test_search_finds_the_records_of_a_customer(cashier: Cashier, text: str) -> None:
    cashier.refund()
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, "1001")
    cashier.type("historySearch", "joana nunca veio")
    wait_for_orders(cashier)
    cashier.type("historySearch", text)
    wait_for_orders(cashier, "1001")
    wait_until(lambda: cashier.text("historyTotals").startswith("1 registro"), "the totals")


def test_refunds_include_returns_of_other_systems(open_till: Callable[[], Cashier], data: Path) -> None:
    data.mkdir()
    with closing(Ledger(data / "ledger.db")) as ledger:
        register_return(ledger, money_intent())
        ledger.withdraw(refund(ledger, order_id="R-9").operation_id)
    cashier = open_till()
    cashier.press(Qt.Key.Key_F4)
    choose(cashier, "historyKinds3")
    wait_for_orders(cashier, "R-9", MARKET_ORDER_ID)
    wait_until(lambda: cashier.text("historyTotals").startswith("2 registros"), "the totals")
    box = cashier.find("historySystemList", QComboBox)
    wait_until(lambda: box.count() == 3, "the systems")
    box.setFocus()
    for order_id in ("R-9", MARKET_ORDER_ID):
        cashier.press(Qt.Key.Key_Down, "historySystemList")
        wait_for_orders(cashier, order_id)


def test_order_is_reached_by_keys_alone(till: Cashier) -> None:
    asked: list[str] = []
    till.window.content.history.orderRequested.connect(asked.append)
    till.type("historySearch", "-1")
    wait_for_orders(till, "C-1", "R-1", "S-1")
    till.press(Qt.Key.Key_Down, "historySearch")
    assert till.find("historyTable").hasFocus()
    till.press(Qt.Key.Key_Down, "historyTable")
    detail = till.find("historyDetail")
    wait_until(lambda: "R-1" in detail.toPlainText(), "its details")
    assert till.text("historyKind") == "Devolução"
    assert till.text("historyValue") == "R$\u00a010,00"
    assert till.text("historyState") == "Confirmada"
    till.press(Qt.Key.Key_Return, "historyTable")
    assert asked == ["R-1"]


def test_timeline_is_folded_to_its_newest_line(till: Cashier) -> None:
    till.press(Qt.Key.Key_Down, "historyTable")
    detail = till.find("historyDetail")
    wait_until(lambda: "C-1" in detail.toPlainText(), "the details")
    assert "Registrado por Ana" not in detail.toPlainText()
    assert "Situação: Confirmada" in detail.toPlainText()
    choose(till, "historyTimeline")
    assert "Registrado por Ana" in detail.toPlainText()
    assert detail.toPlainText().index("Registrado por Ana") < detail.toPlainText().index("Situação: Confirmada")


def test_timeline_and_withdrawal_have_keys_on_their_buttons(start: Callable[..., Cashier], data: Path) -> None:
    data.mkdir()
    with closing(Ledger(data / "ledger.db")) as ledger:
        refund(ledger, order_id="R-9")
    cashier = start("--data-dir", str(data))  # without credentials, so that nothing is sent
    cashier.press(Qt.Key.Key_F4)
    wait_for_orders(cashier, "R-9")
    withdraw, fold = (cashier.find(name, ActionButton) for name in ("historyWithdraw", "historyTimeline"))
    wait_until(withdraw.isVisible, "the button")
    assert (withdraw.key, fold.key) == ("Ctrl+D", "Ctrl+E")
    QTest.keyClick(cashier.window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: cashier.text("historyState") == "Desistida", "the state")
    QTest.keyClick(cashier.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: cashier.text("historyTimeline") == "Ver menos", "the whole timeline")
