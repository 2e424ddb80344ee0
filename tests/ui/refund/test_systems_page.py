"""Return over several systems: one tick each, an amount of its own in each, and no payment from the drawer."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import BONIFIQ, Line, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import CounterReason
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed, OrderNotFound
from bonifiq_desktop.services.return_requests import ReturnRequest
from bonifiq_desktop.ui.refund.items import PAID
from bonifiq_desktop.ui.refund.systems_page import SystemsReturnPage
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.worker.commands import (
    LoadDraft,
    PlanReturn,
    RegisterRefund,
    RegisterReturn,
    SaveDraft,
    WithdrawReturn,
)
from tests.support.purchases import IN_MARKETPLACE, IN_SHOP, NUMBER, Systems, line, remote
from tests.ui.lookup.test_systems import Counter

Key = Qt.Key


class Desk(Counter):
    """The return page of a purchase over scripted systems, and keys pressed in it."""

    page: SystemsReturnPage

    def open(self, number: str = NUMBER, button: str = "refundButton") -> None:
        self.look_up(number)
        self.press(button)
        page = self.opened[-1]
        assert isinstance(page, SystemsReturnPage)
        self.page = page
        page.show()
        self.systems.client.answer()

    def find(self, name: str) -> Any:
        page = getattr(self, "page", None)
        found = page.findChild(QWidget, name) if page is not None else None
        return found if found is not None else super().find(name)

    def tick(self, *rows: int) -> None:
        items = self.find("refundItems")
        for row in rows:
            items.setCurrentCell(row, 0)
            QTest.keyClick(items, Key.Key_Space)
        self.systems.client.answer()

    def legs(self) -> list[str]:
        return [each.text() for each in self.page.findChildren(QWidget, "refundLeg") if each.isVisible()]  # type: ignore[attr-defined]

    def confirm(self) -> None:
        QTest.keyClick(self.find("refundConfirm"), Key.Key_Return)
        self.systems.client.answer()

    def request(self) -> ReturnRequest:
        """The last return that was registered."""
        request: ReturnRequest = self.systems.client.of(RegisterReturn)[-1].request
        return request

    def banners(self) -> list[Any]:
        found = [each for each in self.page.findChildren(QWidget, "legOutcome") if each.isVisible()]
        return sorted(found, key=lambda each: each.mapToGlobal(each.rect().topLeft()).y())

    def change(self, system: str, **fields: Any) -> None:
        """Let a leg of the registered return change."""
        known = next(each for each in self.page.outcome.operations if each.system == system)
        self.systems.client.operationChanged.emit(replace(known, **fields))
        self.systems.client.answer()


@pytest.fixture(name="systems")
def scripted_systems() -> Systems:
    systems = Systems()
    systems.elsewhere["Loja on-line"] = IN_SHOP
    return systems


@pytest.fixture(name="desk")
def desk_at_the_systems(qtbot: QtBot, systems: Systems) -> Desk:
    return Desk(qtbot, systems)


def test_each_system_gives_back_an_amount_of_its_own(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    assert desk.legs() == ["Carrefour devolve R$\u00a049,90", "Loja on-line devolve R$\u00a047,00 (estimado)"]
    assert desk.find("refundPreview").text() == "BonifiQ estorna o valor de R$\u00a046,06"
    assert desk.find("refundDanger").text() == "Não pague na gaveta: Carrefour e Loja on-line devolvem."
    assert desk.find("refundValue").value() == 4606


def test_return_registers_the_ticked_units_in_every_system(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    desk.confirm()
    request = desk.request()
    assert request.points is not None
    assert (request.points.value, request.points.lines) == (4606, (Line("CAM", "Camiseta", 4606, 1, 0),))
    assert request.points.reason == "Arrependimento"
    sent = {each.connection: [(one.line_id, one.units) for one in each.choice.lines] for each in request.money}
    assert sent == {"Carrefour": [("L1", 1)], "Loja on-line": [("11", 1)]}
    assert {each.choice.reason for each in request.money} == {CounterReason.REGRET}
    assert request.intent_id


def test_space_enter_enter_registers_without_waiting_for_the_amounts(desk: Desk) -> None:
    desk.open()
    items = desk.find("refundItems")
    items.setFocus()
    QTest.keyClick(items, Key.Key_Space)
    QTest.keyClick(items, Key.Key_Return)
    QTest.keyClick(desk.find("refundConfirm"), Key.Key_Return)
    assert desk.systems.client.of(RegisterReturn) == [], "the amounts are not on the screen yet"
    desk.systems.client.answer()
    assert len(desk.systems.client.of(RegisterReturn)) == 1


def test_choice_that_changes_before_its_amounts_registers_nothing(desk: Desk) -> None:
    desk.open()
    items = desk.find("refundItems")
    QTest.keyClick(items, Key.Key_Space)
    QTest.keyClick(desk.find("refundConfirm"), Key.Key_Return)
    desk.tick(1)
    assert desk.systems.client.of(RegisterReturn) == []
    assert desk.find("refundItems").ticked_rows() == [0, 1]


def test_regret_of_the_whole_purchase_proposes_the_freight(desk: Desk) -> None:
    desk.open()
    shipping: QCheckBox = desk.find("refundShipping")
    desk.tick(0)
    assert not shipping.isChecked()
    desk.tick(1)
    assert shipping.isChecked()
    assert desk.legs()[0] == "Carrefour devolve R$\u00a0169,90 + frete R$\u00a08,00"
    desk.page._reason.setCurrentText(CounterReason.DEFECT.value)
    desk.systems.client.answer()
    assert not shipping.isChecked()


def test_freight_that_the_person_unticked_stays_unticked(desk: Desk) -> None:
    desk.open()
    desk.tick(0, 1)
    shipping: QCheckBox = desk.find("refundShipping")
    shipping.setFocus()
    QTest.keyClick(shipping, Key.Key_Space)
    desk.systems.client.answer()
    desk.tick(1, 1)
    assert not shipping.isChecked()
    desk.confirm()
    assert {each.choice.shipping for each in desk.request().money} == {False}


def test_connection_that_gives_the_freight_back_ticks_it_at_first(desk: Desk, systems: Systems) -> None:
    systems.settings = (replace(systems.settings[0], shipping_back=True), systems.settings[1])
    desk.open()
    assert desk.find("refundShipping").isChecked()


def test_invoice_and_account_are_asked_only_where_they_are_wanted(desk: Desk, systems: Systems) -> None:
    systems.settings = (systems.settings[0], replace(systems.settings[1], ask_bank_account=True))
    desk.open()
    desk.find("refundInvoice").setText(" 1234 ")
    desk.find("refundIban").setText("br15 0000 0000 0000 1093 2840 814p 2")
    desk.find("refundHolder").setText("Maria")
    desk.tick(0)
    desk.confirm()
    choice = desk.request().money[1].choice
    assert choice.invoice_number == "1234"
    assert choice.bank_account is not None
    assert (choice.bank_account.iban, choice.bank_account.holder) == ("BR1500000000000010932840814P2", "Maria")
    saved = [command.content for command in systems.client.of(SaveDraft)]
    assert "BR15" not in str(saved)


def test_marketplace_alone_shows_no_invoice_field(desk: Desk, systems: Systems) -> None:
    systems.elsewhere["Loja on-line"] = None
    desk.open()
    assert not desk.find("refundInvoice").isVisible()
    assert not desk.find("refundIban").isVisible()


def test_reason_without_a_code_leaves_one_system_out(desk: Desk, systems: Systems) -> None:
    systems.impossible["Carrefour"] = ReturnImpossible(Obstacle.REASON_NOT_MAPPED)
    desk.open()
    desk.tick(0)
    assert "Carrefour fica de fora: o motivo “Arrependimento” não tem código lá" in desk.legs()[0]
    assert desk.find("refundDanger").text() == "Não pague na gaveta: Loja on-line devolve."
    desk.confirm()
    assert [each.connection for each in desk.request().money] == ["Loja on-line"]


def test_open_return_on_the_line_stops_the_whole_return(desk: Desk, systems: Systems) -> None:
    systems.impossible["Carrefour"] = ReturnImpossible(Obstacle.OPEN_RETURN, "Camiseta")
    desk.open()
    desk.tick(0)
    assert desk.legs()[0].startswith("Carrefour impede esta devolução: Camiseta: Já há uma devolução aberta")
    assert not desk.find("refundConfirm").isEnabled()
    desk.confirm()
    assert desk.systems.client.of(RegisterReturn) == []


def test_order_that_bonifiq_does_not_know_returns_money_alone(desk: Desk, systems: Systems) -> None:
    systems.bonifiq = OrderNotFound()
    systems.elsewhere["Loja on-line"] = None
    desk.open(f"{NUMBER}-A")
    assert not desk.find("refundValue").isVisible()
    desk.tick(0)
    desk.confirm()
    assert desk.request().points is None
    assert desk.find("refundOutcome").property("state") == "queued"


def test_silent_bonifiq_is_named_before_a_return_without_points(desk: Desk, systems: Systems) -> None:
    systems.bonifiq = LookupFailed(FailureReason.TIMED_OUT)
    desk.open(f"{NUMBER}-A")
    assert "Os pontos ficam para depois" in desk.find("refundWarning").text()


@pytest.mark.parametrize(("button", "prefix"), [("refundButton", "refund"), ("cancelOrderButton", "cancel")])
def test_order_that_a_marketplace_gave_back_already_sends_nobody_to_the_drawer(
    desk: Desk, systems: Systems, button: str, prefix: str
) -> None:
    gone = (replace(each, units_left=0) for each in IN_MARKETPLACE.remote.lines)  # type: ignore[union-attr]
    systems.elsewhere = {"Carrefour": remote(f"{NUMBER}-A", *gone, references=(NUMBER,)), "Loja on-line": None}
    desk.look_up(NUMBER)
    desk.press(button)
    page = desk.opened[-1]
    shown = [each.text() for each in page.findChildren(QWidget) if hasattr(each, "text")]
    danger = page.findChild(QWidget, f"{prefix}Danger")
    assert danger is not None
    assert danger.text() == "Não pague na gaveta: Carrefour já cancelou ou devolveu este pedido."  # type: ignore[attr-defined]
    assert not [text for text in shown if "volta na" in str(text)]


def test_whole_cancel_names_the_system_that_gave_no_answer(desk: Desk, systems: Systems) -> None:
    systems.elsewhere = {"Carrefour": LookupFailed(FailureReason.TIMED_OUT), "Loja on-line": None}
    desk.look_up(NUMBER)
    desk.press("cancelOrderButton")
    warning = desk.opened[-1].findChild(QWidget, "refundWarning")
    assert warning is not None
    assert warning.text().startswith("Sem resposta de Carrefour.")  # type: ignore[attr-defined]


def test_item_of_bonifiq_alone_is_a_usual_refund(desk: Desk, systems: Systems) -> None:
    systems.elsewhere["Carrefour"] = remote(f"{NUMBER}-A", IN_MARKETPLACE.remote.lines[0], references=(NUMBER,))  # type: ignore[union-attr]
    systems.elsewhere["Loja on-line"] = None
    desk.open()
    desk.tick(1)
    assert not desk.find("refundDanger").isVisible()
    QTest.keyClick(desk.find("refundConfirm"), Key.Key_Return)
    assert [command.request.value for command in systems.client.of(RegisterRefund)] == [11085]


def test_typed_value_changes_bonifiq_alone(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    value = desk.find("refundValue")
    value.setFocus()
    value.selectAll()
    QTest.keyClicks(value, "3000")
    desk.systems.client.answer()
    desk.confirm()
    request = desk.request()
    assert request.points is not None
    assert (request.points.value, request.points.lines) == (3000, ())
    assert [len(each.choice.lines) for each in request.money] == [1, 1]


def test_other_currency_is_shown_with_its_own_decimals(desk: Desk, systems: Systems) -> None:
    systems.bonifiq = OrderNotFound()
    dinar = line("L1", "CAM", "Camiseta", "12.345")
    systems.elsewhere = {"Carrefour": remote(f"{NUMBER}-A", dinar, currency="KWD"), "Loja on-line": None}
    desk.open(f"{NUMBER}-A")
    desk.tick(0)
    assert desk.legs() == ["Carrefour devolve KWD\u00a012,345"]


def test_whole_cancel_ticks_everything_in_every_system(desk: Desk) -> None:
    desk.open(button="cancelOrderButton")
    desk.confirm()
    request = desk.request()
    assert request.points is not None
    assert request.points.value == 15691
    assert [len(each.choice.lines) for each in request.money] == [2, 2]


def test_line_of_three_units_is_ticked_unit_by_unit(desk: Desk, systems: Systems) -> None:
    shirts = line("L1", "CAM", "Camiseta", "149.70", units=3)
    singles = [line(str(place), "CAM", "Camiseta", "47.00") for place in range(3)]
    systems.elsewhere = {
        "Carrefour": remote(f"{NUMBER}-A", shirts, references=(NUMBER,)),
        "Loja on-line": remote(NUMBER, *singles, state="550"),
    }
    desk.open()
    desk.tick(0, 0)
    assert desk.find("refundItems").item(0, 0).text() == "2 de 3 × Camiseta"
    assert desk.legs()[0] == "Carrefour devolve R$\u00a099,80"
    desk.confirm()
    request = desk.request()
    assert [(one.line_id, one.units) for one in request.money[0].choice.lines] == [("L1", 2)]
    assert [one.line_id for one in request.money[1].choice.lines] == ["0", "1"]
    assert request.points is not None
    assert request.points.value == 3071, "two thirds of BonifiQ's line"
    assert request.points.order.products[0].quantity == 3


def test_another_purchase_under_the_same_number_is_named(desk: Desk, systems: Systems) -> None:
    systems.elsewhere["Loja on-line"] = remote(NUMBER, line("9", "VASO", "Vaso", "10.00"), state="550")
    desk.open()
    warning = desk.find("refundWarning")
    assert "Loja on-line mostra outros itens com este número" in warning.text()
    desk.tick(0)
    assert [each for each in desk.legs() if "Loja" in each] == []


# --- after it


def test_banners_stand_worst_first_and_the_panel_has_the_state_of_bonifiq(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    desk.confirm()
    assert [each.property("system") for each in desk.banners()] == ["mirakl", "akinon", BONIFIQ]
    assert "BonifiQ: o estorno de R$\u00a046,06 espera o dinheiro" in desk.banners()[2].text()
    desk.change("akinon", state=State.UNKNOWN, failure_reason=FailureReason.TIMED_OUT)
    desk.change("mirakl", state=State.CONFIRMED)
    shown = [(each.property("system"), each.property("state")) for each in desk.banners()]
    assert shown == [("akinon", "unknown"), (BONIFIQ, "queued"), ("mirakl", "confirmed")]
    assert desk.find("refundOutcome").property("state") == "queued"


def test_accepted_leg_is_never_called_refunded(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    desk.confirm()
    desk.change("mirakl", state=State.CONFIRMED, remote_state="WAITING_REFUND")
    text = desk.banners()[-1].text()
    assert "aceitou" in text
    assert "estorno ainda não saiu" in text
    assert "estornada" not in text.casefold()
    desk.change("mirakl", state=State.CONFIRMED, remote_state="REFUNDED")
    assert "Estornada: o dinheiro já saiu por lá." in desk.banners()[-1].text()


def test_refused_money_says_that_the_points_are_kept(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    desk.confirm()
    desk.change("mirakl", state=State.REFUSED, message="insufficient payable balance")
    desk.change(BONIFIQ, state=State.REVIEW, review_reason=ReviewReason.MONEY_REFUSED)
    assert [each.property("state") for each in desk.banners()[:2]] == ["refused", "review"]
    assert "dinheiro não devolvido, pontos mantidos" in desk.banners()[1].text()
    assert desk.find("refundOutcome").property("tone") == "danger"


def test_points_that_were_taken_back_do_not_send_the_person_to_the_drawer(desk: Desk) -> None:
    desk.open()
    desk.tick(0)
    desk.confirm()
    for system in ("mirakl", "akinon", BONIFIQ):
        desk.change(system, state=State.CONFIRMED)
    text = desk.find("refundOutcome").text()
    assert "na maquininha ou na gaveta" not in text
    assert "não pague na gaveta" in text
    assert text.startswith("Devolução aceita. O dinheiro volta por Carrefour e Loja on-line")


def test_undo_withdraws_the_whole_return_and_opens_the_form_again(
    desk: Desk, systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 60.0)
    systems.client.script[WithdrawReturn] = lambda _command: tuple(
        replace(each, state=State.WITHDRAWN) for each in desk.page.outcome.operations
    )
    desk.open()
    desk.tick(0)
    desk.confirm()
    first = desk.request().intent_id
    desk.find("refundUndo").click()
    systems.client.answer()
    assert [command.return_id for command in systems.client.of(WithdrawReturn)] == ["D-1"]
    assert desk.banners() == []
    assert desk.find("refundItems").ticked_rows() == [0]
    desk.confirm()
    assert desk.request().intent_id != first


def test_leg_that_left_ends_the_time_to_undo(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 60.0)
    desk.open()
    desk.tick(0)
    desk.confirm()
    assert desk.find("refundUndo").isVisible()
    desk.change("mirakl", state=State.SENDING)
    assert not desk.find("refundUndo").isVisible()


def test_draft_brings_the_return_back(desk: Desk, systems: Systems, qtbot: QtBot) -> None:
    desk.open()
    desk.tick(0)
    desk.find("refundShipping").click()
    desk.page.reject()
    draft = systems.client.of(SaveDraft)[-1].content
    systems.client.script[LoadDraft] = lambda _command: draft
    again = Desk(qtbot, systems)
    again.open()
    assert again.find("refundItems").ticked_rows() == [0]
    assert again.find("refundShipping").isChecked()
    assert again.legs()[0] == "Carrefour devolve R$\u00a049,90 + frete R$\u00a08,00"


def test_plans_are_asked_once_for_each_choice(desk: Desk, systems: Systems) -> None:
    desk.open()
    desk.tick(0)
    asked = len(systems.client.of(PlanReturn))
    assert asked == 2
    systems.client.statusChanged.emit(systems.status())
    desk.page._show_value()
    assert len(systems.client.of(PlanReturn)) == asked


def test_names_of_systems_leave_the_room_of_the_product(qtbot: QtBot, systems: Systems) -> None:
    cap = line("13", "BON", "Boné", "20.00")
    systems.settings = (replace(systems.settings[0], name="Carrefour Brasil"), systems.settings[1])
    found = remote(f"{NUMBER}-A", cap, references=(NUMBER,))
    systems.elsewhere = {"Carrefour Brasil": found, "Loja on-line": remote(NUMBER, cap)}
    desk = Desk(qtbot, systems)
    desk.open()
    items = desk.find("refundItems")
    texts = [items.item(row, PAID).text() for row in range(items.rowCount())]
    assert "só Carrefour Brasil, Loja on-line" in texts
    assert items.columnWidth(PAID) <= px(172)
