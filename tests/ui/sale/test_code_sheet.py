"""Identity check before a reward: code sent, contact asked once, wrong code, resending, and the test code."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.rewards import CodeSent
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.commands import CheckCode, RegisterRedemption, RegisterSale, SaveDraft, SendCode
from tests.support.checkouts import CASHBACK, MARIA, SaleDesk

Key = Qt.Key


@pytest.fixture(name="open_desk")
def desks(qapp: QApplication) -> Iterator[Callable[..., SaleDesk]]:
    """Return a function that opens sale pages whose customer must be identified."""
    del qapp
    opened: list[SaleDesk] = []

    def open_desk(**changes: Any) -> SaleDesk:
        opened.append(SaleDesk(CASHBACK, **{"needs_code": True, **changes}))
        opened[-1].sell_to_maria()
        return opened[-1]

    yield open_desk
    for desk in opened:
        desk.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_code_comes_between_choice_and_redemption(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    assert not desk.client.of(RegisterRedemption)
    assert "por SMS" in desk.text("codeTold")
    assert desk.focused().objectName() == "rewardCode"
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return)
    (request,) = [each.request for each in desk.client.of(RegisterRedemption)]
    sent, checked = desk.client.of(SendCode)[0].request, desk.client.of(CheckCode)[0].request
    assert sent.transaction_id == checked.transaction_id != ""
    assert request.basket.customer == sent.customer
    assert not sent.is_signup


def test_wrong_code_keeps_the_field_and_redeems_nothing(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    desk.type("rewardCode", "999999")
    desk.press(Key.Key_Return)
    assert "não confere" in desk.text("codeMessage")
    assert "Código inválido" in desk.text("codeMessage")
    field = desk.find("rewardCode")
    assert (field.selectedText(), desk.focused()) == ("999999", field)
    assert not desk.client.of(RegisterRedemption)
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return)
    assert len(desk.client.of(RegisterRedemption)) == 1


def test_enter_while_the_code_is_checked_checks_it_once(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    desk.client.holds = lambda command: isinstance(command, CheckCode)
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return, 2)
    assert len(desk.client.of(CheckCode)) == 1


@pytest.mark.parametrize(("asked", "typed", "field"), [
    ("asks_phone", "11987654321", "phone"), ("asks_email", "ana@exemplo.com.br", "email"),
])  # fmt: skip
def test_missing_contact_is_asked_once(open_desk: Callable[..., SaleDesk], asked: str, typed: str, field: str) -> None:
    desk = open_desk()

    def send(command: SendCode) -> CodeSent:
        if command.request.phone or command.request.email:
            return CodeSent(was_sent=True)
        return CodeSent(was_sent=False, asks_phone=asked == "asks_phone", asks_email=asked == "asks_email")

    desk.client.script[SendCode] = send
    desk.use_first()
    assert desk.focused().objectName() == "codeContact"
    desk.type("codeContact", "1")
    desk.press(Key.Key_Return, 2)
    assert len(desk.client.of(SendCode)) == 1, "an invalid contact is not sent"
    desk.type("codeContact", typed)
    desk.press(Key.Key_Return, 2)
    first, second = (each.request for each in desk.client.of(SendCode))
    assert getattr(second, field) in {typed, "+5511987654321"}
    assert second.transaction_id == first.transaction_id
    assert desk.focused().objectName() == "rewardCode"


def test_contact_that_is_asked_again_ends_in_words(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.client.script[SendCode] = lambda _command: CodeSent(
        was_sent=False, asks_phone=True, message="Telefone inválido"
    )
    desk.use_first()
    desk.type("codeContact", "11987654321")
    desk.press(Key.Key_Return, 2)
    assert "não enviou o código" in desk.text("codeMessage")
    assert "Telefone inválido" in desk.text("codeMessage")
    assert not desk.find("codeContact").isVisible()


def test_code_is_resent_after_the_countdown_only(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    sheet = desk.find("codeSheet")
    resend = desk.find("codeResend")
    assert not resend.isEnabled()
    assert "1:00" in resend.text()
    for _ in range(59):
        sheet._count_down()
    assert "0:01" in resend.text()
    sheet._count_down()
    assert resend.isEnabled()
    resend.click()
    desk.settle()
    first, second = (each.request for each in desk.client.of(SendCode))
    assert first == second
    assert not resend.isEnabled()


@pytest.mark.parametrize("training", [True, False])
def test_test_code_is_shown_in_training_only(open_desk: Callable[..., SaleDesk], *, training: bool) -> None:
    desk = open_desk()
    if training:
        mark = label("TREINAMENTO", name="trainingMark")
        mark.setParent(desk.window)
        mark.show()
    desk.client.script[SendCode] = lambda _command: CodeSent(was_sent=False, test_code="424242", message="sem envio")
    desk.use_first()
    shown = desk.text("codeTold") + desk.text("codeMessage")
    assert ("424242" in shown) is training
    assert ("não enviou" in shown) is not training


def test_code_that_cannot_be_asked_can_be_asked_again(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()

    def fail(_command: object) -> None:
        raise LookupFailed(FailureReason.NO_CONNECTION)

    desk.client.script[SendCode] = fail
    desk.use_first()
    assert "Sem conexão" in desk.text("codeMessage")
    desk.client.script[SendCode] = lambda _command: CodeSent(was_sent=True)
    desk.press(Key.Key_Return)  # the focus is on "resend"
    assert desk.focused().objectName() == "rewardCode"


def test_signup_code_names_the_customer_as_a_new_member(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(needs_code=False, needs_signup_code=True)
    desk.use_first()
    request = desk.client.of(SendCode)[0].request
    assert request.is_signup
    assert request.customer.name == "Maria Aparecida dos Santos"


def test_customer_is_identified_once_for_a_sale_and_again_after_a_refusal(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_F5)
    desk.change(1, State.CONFIRMED)
    desk.redemption_state = State.SENDING
    desk.use_first()
    assert len(desk.client.of(SendCode)) == 1
    assert len(desk.client.of(RegisterRedemption)) == 2
    desk.change(2, State.REFUSED)
    desk.use_first()
    first, second = (each.request for each in desk.client.of(SendCode))
    assert first == second


def test_left_check_redeems_nothing_and_no_code_is_kept(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Escape)
    assert not desk.client.of(RegisterRedemption)
    assert not desk.find("saleTotal").isReadOnly()
    assert "123456" not in repr([each.content for each in desk.client.of(SaveDraft)])
    request = desk.client.of(SendCode)[0].request
    assert "1198" not in repr(CheckCode(replace(request, phone="+5511987654321"), "123456"))
    assert "123456" not in repr(CheckCode(request, "123456"))


def test_another_customer_is_identified_anew(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk()
    desk.use_first()
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return)
    desk.press(Key.Key_F5)
    desk.change(1, State.CONFIRMED)
    desk.type("saleDocument", "11144477735")
    desk.settle()  # the rewards of the other customer
    desk.use_first()
    first, second = (each.request for each in desk.client.of(SendCode))
    assert first.customer != second.customer
    assert first.transaction_id != second.transaction_id
    assert len(desk.client.of(RegisterRedemption)) == 1


def test_signup_code_lets_a_customer_outside_the_programme_join(open_desk: Callable[..., SaleDesk]) -> None:
    desk = open_desk(needs_code=False, needs_signup_code=True, customer=replace(MARIA, enrolled=False))
    assert not desk.find("saleEnrolled").isChecked()
    desk.use_first()
    assert not desk.find("saleEnrolled").isChecked()
    desk.type("rewardCode", "123456")
    desk.press(Key.Key_Return)
    assert desk.find("saleEnrolled").isChecked()
    desk.find("saleSubmit").click()
    desk.settle()
    (command,) = desk.client.of(RegisterSale)
    assert command.sale.customer.enrolled is True
