"""One look-up in every system: each answer in its own row as it comes, and no system waits for another."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import PersonalOrderId
from bonifiq_desktop.domain.remote_orders import Obstacle
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.services.return_requests import RemoteLookup
from bonifiq_desktop.ui.lookup.result import LookupResultView
from bonifiq_desktop.ui.lookup.rows import Row, RowList
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.refund.systems_page import SystemsReturnPage
from bonifiq_desktop.worker.commands import LookUp, LookUpElsewhere
from tests.support.purchases import (
    IN_BONIFIQ,
    IN_MARKETPLACE,
    IN_SHOP,
    NUMBER,
    SHIRT,
    TROUSERS,
    Systems,
    money_leg,
    remote,
)

LINES = (SHIRT, TROUSERS)


class Counter:
    """The order page over scripted systems."""

    def __init__(self, qtbot: QtBot, systems: Systems) -> None:
        self.systems = systems
        self.view = LookupResultView(systems.client)
        self.opened: list[QWidget] = []
        self.view.operationOpened.connect(self.opened.append)
        qtbot.addWidget(self.view)
        self.view.show()
        systems.client.statusChanged.emit(systems.status())

    def look_up(self, number: str = NUMBER, *, is_sure: bool = False) -> None:
        self.view.look_up(number, is_sure=is_sure)
        self.systems.client.answer()

    def find(self, name: str) -> Any:
        found = self.view.findChild(QWidget, name)
        assert found is not None
        return found

    def rows(self) -> dict[str, Row]:
        """The rows of the systems, by the first word of each."""
        rows: RowList = self.find("orderProducts")
        shown = list(rows.rows)
        first = next((place for place, row in enumerate(shown) if row.title == "Onde este pedido está"), None)
        if first is None:
            return {}
        last = next(place for place in range(first + 1, len(shown)) if shown[place].is_heading)
        return {row.title.split("  ·  ")[0].split(" (")[0]: row for row in shown[first + 1 : last]}

    def chips(self) -> dict[str, str]:
        return {name: row.chip for name, row in self.rows().items()}

    def press(self, button: str) -> None:
        self.find(button).click()


@pytest.fixture(name="systems")
def scripted_systems() -> Systems:
    return Systems()


@pytest.fixture(name="counter")
def counter_at_the_systems(qtbot: QtBot, systems: Systems) -> Counter:
    return Counter(qtbot, systems)


def only(kind: type, connection: str = "") -> Callable[[Any], bool]:
    """What answers one command alone."""
    return lambda command: isinstance(command, kind) and getattr(command, "connection", "") == connection


def test_look_up_asks_every_system_at_once(counter: Counter, systems: Systems) -> None:
    counter.view.look_up(NUMBER)
    asked = [(type(command), getattr(command, "connection", "")) for command in systems.client.asked]
    assert asked == [(LookUp, ""), (LookUpElsewhere, "Carrefour"), (LookUpElsewhere, "Loja on-line")]


def test_rows_say_what_each_system_answers(counter: Counter, systems: Systems) -> None:
    systems.elsewhere["Loja on-line"] = LookupFailed(FailureReason.NO_CONNECTION)
    counter.look_up()
    assert counter.chips() == {
        "Carrefour": "Pode devolver",
        "BonifiQ": "Pode estornar",
        "Loja on-line": "Sem conexão",
    }
    assert counter.rows()["Carrefour"].detail == f"{NUMBER}-A  ·  Entregue, pago"
    assert counter.find("orderCard").property("orderId") == NUMBER
    assert counter.find("refundButton").isEnabled()


@pytest.mark.parametrize("late", ["Carrefour", "Loja on-line", "BonifiQ"])
def test_late_system_holds_up_no_other_row(counter: Counter, systems: Systems, late: str) -> None:
    systems.elsewhere["Loja on-line"] = IN_SHOP
    systems.client.holds = only(LookUp) if late == "BonifiQ" else only(LookUpElsewhere, late)
    counter.look_up()
    chips = counter.chips()
    assert chips.pop(late) == "Consultando…"
    assert set(chips.values()) <= {"Pode devolver", "Pode estornar"}
    systems.client.holds = lambda _command: False
    systems.client.answer()
    assert set(counter.chips().values()) <= {"Pode devolver", "Pode estornar"}


def test_order_that_bonifiq_does_not_know_is_shown_by_the_marketplace(counter: Counter, systems: Systems) -> None:
    systems.bonifiq = OrderNotFound()
    counter.look_up(f"{NUMBER}-A")
    assert counter.find("orderCard").property("orderId") == f"{NUMBER}-A"
    assert counter.chips()["BonifiQ"] == "Não encontrado"
    assert counter.find("orderTotal").text() == "R$\u00a0169,90"
    assert counter.find("refundButton").isEnabled()
    assert not counter.find("lookupMessage").isVisible()


def test_number_that_the_marketplace_names_is_asked_of_the_others(counter: Counter, systems: Systems) -> None:
    systems.elsewhere["Loja on-line"] = IN_SHOP
    counter.look_up(f"{NUMBER}-A")
    assert [command.text for command in systems.client.of(LookUp)] == [f"{NUMBER}-A", NUMBER]
    assert systems.client.of(LookUpElsewhere)[-1].also == (NUMBER,)
    assert counter.chips() == {
        "Carrefour": "Pode devolver",
        "Loja on-line": "Pode devolver",
        "BonifiQ": "Pode estornar",
    }
    assert counter.find("orderCard").property("orderId") == NUMBER


def test_late_bonifiq_is_asked_by_the_number_that_came_before_its_answer(counter: Counter, systems: Systems) -> None:
    systems.client.holds = only(LookUp)
    counter.look_up(f"{NUMBER}-A")
    systems.client.holds = lambda _command: False
    systems.client.answer()
    assert [command.text for command in systems.client.of(LookUp)] == [f"{NUMBER}-A", NUMBER]
    assert counter.chips()["BonifiQ"] == "Pode estornar"


def test_number_that_no_system_knows_is_told_once_for_all(counter: Counter, systems: Systems) -> None:
    systems.bonifiq = OrderNotFound()
    systems.elsewhere = {"Carrefour": None, "Loja on-line": LookupFailed(FailureReason.FORBIDDEN)}
    systems.client.holds = only(LookUpElsewhere, "Carrefour")
    counter.look_up()
    assert "Consultando" in counter.find("lookupMessage").text(), "one system may still have it"
    systems.client.holds = lambda _command: False
    systems.client.answer()
    text = counter.find("lookupMessage").text()
    assert "O BonifiQ não encontrou este pedido." in text
    assert "Carrefour: não encontrado." in text
    assert "Loja on-line não deixa" in text
    assert not counter.find("orderCard").isVisible()


def test_text_like_a_phone_goes_out_only_when_the_person_insists(counter: Counter, systems: Systems) -> None:
    systems.bonifiq = PersonalOrderId("phone", NUMBER)
    systems.elsewhere = {"Carrefour": systems.bonifiq, "Loja on-line": systems.bonifiq}
    counter.look_up()
    assert counter.find("lookupSure").isVisible()
    counter.look_up(is_sure=True)
    assert all(command.is_order_number for command in systems.client.of(LookUpElsewhere)[2:])


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (remote(f"{NUMBER}-A", *LINES, obstacle=Obstacle.NOT_ACCEPTED), "recuse"),
        (remote(f"{NUMBER}-A", replace(LINES[0], units_left=0)), "Já foi tudo devolvido"),
        (
            remote(f"{NUMBER}-A", replace(LINES[0], obstacle=Obstacle.OPEN_RETURN)),
            "devolução aberta",
        ),
    ],
)
def test_obstacle_stands_in_the_row_with_its_sentence(
    counter: Counter, systems: Systems, order: Any, text: str
) -> None:
    systems.bonifiq = OrderNotFound()
    systems.elsewhere["Carrefour"] = order
    counter.look_up(f"{NUMBER}-A")
    assert counter.chips()["Carrefour"] == "Não dá por aqui"
    assert text in counter.rows()["Carrefour"].detail
    assert not counter.find("refundButton").isEnabled()


def test_unfinished_leg_blocks_a_further_return(counter: Counter, systems: Systems) -> None:
    busy = money_leg(7, State.UNKNOWN)
    systems.elsewhere["Carrefour"] = RemoteLookup("Carrefour", "mirakl", IN_MARKETPLACE, (busy,), busy)
    counter.look_up()
    assert not counter.find("refundButton").isEnabled()
    assert "registro em andamento" in counter.find("lookupMessage").text()


def test_return_waits_for_the_last_answer(counter: Counter, systems: Systems) -> None:
    systems.client.holds = only(LookUpElsewhere, "Carrefour")
    counter.look_up()
    counter.press("refundButton")
    assert counter.opened == []
    assert "Esperando" in counter.find("lookupMessage").text()
    systems.client.holds = lambda _command: False
    systems.client.answer()
    assert [type(page) for page in counter.opened] == [SystemsReturnPage]


def test_second_press_opens_the_return_without_the_silent_system(counter: Counter, systems: Systems) -> None:
    systems.client.holds = only(LookUpElsewhere, "Carrefour")
    counter.look_up()
    counter.press("refundButton")
    counter.press("refundButton")
    assert [type(page) for page in counter.opened] == [RefundPage]
    warning = counter.opened[0].findChild(QWidget, "refundWarning")
    assert "Sem resposta de Carrefour" in warning.text()  # type: ignore[union-attr]


def test_purchase_of_bonifiq_alone_opens_the_usual_pages(counter: Counter, systems: Systems) -> None:
    systems.elsewhere["Carrefour"] = None
    counter.look_up()
    counter.press("refundButton")
    counter.press("cancelOrderButton")
    assert [type(page).__name__ for page in counter.opened] == ["RefundPage", "CancelPage"]


def test_till_without_connections_asks_and_shows_bonifiq_alone(qtbot: QtBot, systems: Systems) -> None:
    systems.settings = ()
    counter = Counter(qtbot, systems)
    counter.look_up()
    assert [type(command) for command in systems.client.asked] == [LookUp]
    assert counter.rows() == {}
    counter.press("refundButton")
    page = counter.opened[0]
    assert isinstance(page, RefundPage)
    assert [text for _reason, text in page._reason._usual_reasons()][:1] == ["Devolveu"]
    assert page._reason.currentText() == "Cliente devolveu o produto"


def test_operation_of_another_system_refreshes_every_row(counter: Counter, systems: Systems) -> None:
    counter.look_up()
    asked = len(systems.client.asked)
    systems.client.operationChanged.emit(money_leg(7, State.CONFIRMED))
    assert not counter.find("refundButton").isEnabled(), "what it shows is out of date"
    assert len(systems.client.asked) == asked + 3
    systems.bonifiq = replace(IN_BONIFIQ, refundable=11085)
    systems.client.answer()
    assert counter.find("refundButton").isEnabled()
    assert counter.find("orderRefundable").text() == "R$\u00a0110,85"
