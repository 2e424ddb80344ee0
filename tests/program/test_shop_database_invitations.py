"""Another till is invited in the settings of a till that takes part in the shop database."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble
from bonifiq_desktop.shop_database.admin import read_admin_url, read_members
from bonifiq_desktop.shop_database.enrolment_file import open_enrolment
from bonifiq_desktop.ui.messages.codes import INVITATION_CODES
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.settings.invite_sheet import InviteSheet
from bonifiq_desktop.ui.widgets.message_code import MessageCode
from bonifiq_desktop.worker.commands import JoinShopDatabase
from tests.support.cashier import Cashier, wait_until
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_window import exchange, invite, publish
from tests.support.staff import ANA, audit_log_of
from tests.support.staff_actions import add_person, open_settings, type_pin

Fill = Callable[..., None]


@pytest.fixture(name="member")
def till_in_the_shop(cashier: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path) -> Cashier:
    """The card of a till that has joined as CAIXA1."""
    file = tmp_path / "first.bonifiq"
    code = invite(shop_base, file, "CAIXA1")
    open_settings(cashier, "shop")
    wait_until(lambda: cashier.is_shown("shopJoin"), "the card")
    assert not cashier.is_shown("shopInvite"), "only a till of the shop invites"
    cashier.app.client.submit(JoinShopDatabase(str(file), code, keep_in_file=True), _ignore)
    wait_until(lambda: cashier.is_shown("shopInvite"), "the till to join")
    return cashier


@pytest.fixture(name="fill")
def filler(member: Cashier, shop_base: ShopDatabaseServer, tmp_path: Path) -> Fill:
    """Opens the sheet and fills it in as the administrator of the database."""
    user = read_admin_url(shop_base.server.admin_url(shop_base.name)).user

    def fill(till: str = "CAIXA2", password: str = shop_base.server.superuser_password) -> None:
        if not member.is_open("inviteSheet"):
            member.find("shopInvite").click()
        for name, text in (
            ("inviteTill", till),
            ("invitePath", str(tmp_path / "second.bonifiq")),
            ("inviteUser", user),
            ("invitePassword", password),
        ):
            member.type(name, text)

    return fill


def _ignore(_outcome: object) -> None:
    """The card shows what came of it."""


def confirm(cashier: Cashier) -> None:
    cashier.press(Qt.Key.Key_Return, "inviteConfirm")


def shown_code(cashier: Cashier) -> str:
    wait_until(lambda: cashier.is_shown("inviteCode"), "the code")
    return cashier.text("inviteCode").replace("\n", "-")


def test_code_is_shown_large_and_opens_the_file(member: Cashier, fill: Fill, tmp_path: Path) -> None:
    fill("caixa2")
    confirm(member)
    code = shown_code(member)
    enrolment = open_enrolment((tmp_path / "second.bonifiq").read_bytes(), code)
    assert (enrolment.shop, enrolment.till, len(code.replace("-", ""))) == ("LOJA", "CAIXA2", 20)
    assert str(tmp_path / "second.bonifiq") in member.text("inviteFile")
    label = member.find("inviteCode")
    assert label.fontMetrics().capHeight() >= 2 * member.find("inviteFile").fontMetrics().capHeight()
    assert label.sizeHint().width() <= label.width()
    assert not member.is_shown("inviteConfirm")


def test_code_and_password_are_forgotten_when_the_sheet_closes(
    member: Cashier, fill: Fill, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    fill()
    confirm(member)
    code = shown_code(member)
    password_field, label = member.find("invitePassword", QLineEdit), member.find("inviteCode")
    assert password_field.text() == ""
    member.click_when_enabled("inviteDone")
    assert label.text() == ""
    wait_until(lambda: not member.is_open("inviteSheet"), "the sheet to go")
    assert member.text("shopMessage").startswith("Convite feito para o caixa 2.")
    gc.collect()
    kept = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    for secret in (code, code.replace("-", ""), shop_base.server.superuser_password):
        assert secret.encode() not in kept


def test_enter_or_esc_too_many_leaves_the_code_in_sight(member: Cashier, fill: Fill) -> None:
    fill()
    confirm(member)
    assert shown_code(member)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, key)
    assert member.is_shown("inviteCode")
    wait_until(lambda: member.find("inviteDone").hasFocus(), "the button")
    member.press(Qt.Key.Key_Return, "inviteDone")
    wait_until(lambda: not member.is_open("inviteSheet"), "the sheet to go")


def test_failed_invitation_is_repeated_with_enter(member: Cashier) -> None:
    member.find("shopInvite").click()
    for name in ("inviteTill", "invitePath", "inviteUser", "invitePassword"):
        member.type(name, "CAIXA9")
    confirm(member)
    member.wait_for_message("inviteMessage")
    sheet = member.find("inviteSheet", InviteSheet)
    sheet._confirm.setFocus()
    sheet.set_waiting(*sheet._fields(), waiting=True)
    assert QApplication.focusWidget() is sheet._confirm, "the keys reach no page below"
    sheet.set_waiting(*sheet._fields(), waiting=False)


def test_password_is_not_readable_on_the_screen(member: Cashier, fill: Fill) -> None:
    fill()
    assert member.find("invitePassword", QLineEdit).echoMode() is QLineEdit.EchoMode.Password


def test_sheet_without_one_of_its_texts_cannot_be_confirmed(member: Cashier, fill: Fill) -> None:
    fill()
    for name in ("inviteTill", "invitePath", "inviteUser", "invitePassword"):
        text = member.find(name, QLineEdit).text()
        member.find(name, QLineEdit).setText("")
        assert not member.find("inviteConfirm").isEnabled(), name
        member.find(name, QLineEdit).setText(text)
        assert member.find("inviteConfirm").isEnabled(), name


def test_wrong_password_is_marked_and_nothing_is_written(member: Cashier, fill: Fill, tmp_path: Path) -> None:
    fill(password="wrong")
    confirm(member)
    assert "não aceitou este usuário ou esta senha" in member.wait_for_message("inviteMessage")
    assert member.find("invitePassword").property("wrong") == "true"
    assert not (tmp_path / "second.bonifiq").exists()
    fill()
    confirm(member)
    assert shown_code(member)


def test_name_of_a_till_in_use_asks_whether_another_pc_takes_its_place(
    member: Cashier, fill: Fill, shop_base: ShopDatabaseServer
) -> None:
    shop_base.add_till("CAIXA2")
    fill()
    assert not member.is_shown("inviteReplace")
    confirm(member)
    assert "Já há um caixa com este nome" in member.wait_for_message("inviteMessage")
    assert member.is_shown("inviteReplace")
    member.find("inviteReplace").click()
    confirm(member)
    assert shown_code(member)
    with shop_base.admin() as admin:
        states = {each.till: each.enrolled_at is None for each in read_members(admin)}
    assert states == {"CAIXA1": False, "CAIXA2": True}, "CAIXA2 is invited anew"


def test_consent_to_replace_a_till_counts_for_its_name_only(member: Cashier, fill: Fill) -> None:
    publish(member, exchange(till="CAIXA2"))
    fill("CAIXA2")
    member.find("inviteReplace").click()
    member.type("inviteTill", "CAIXA3")
    assert member.find("inviteReplace").isChecked() is False


def test_unusable_name_is_said_and_marked(member: Cashier, fill: Fill) -> None:
    fill("caixa do fundo")
    confirm(member)
    assert "só letras e números" in member.wait_for_message("inviteMessage")
    assert member.find("inviteTill").property("wrong") == "true"


def test_invitation_at_a_till_with_managers_asks_for_a_pin(member: Cashier, fill: Fill, data: Path) -> None:
    add_person(member, ANA.name, "manager", ANA.pin)
    open_settings(member, "shop")
    fill()
    confirm(member)
    type_pin(member, "approvalPin", ANA.pin)
    assert shown_code(member)
    line = [each for each in audit_log_of(data) if each.get("change") == "added"][-1]
    assert (line["till"], line["outcome"], line["approved_by"]) == ("CAIXA2", "allowed", ANA.name)


@pytest.mark.parametrize("trouble", InvitationTrouble)
def test_each_trouble_of_an_invitation_has_a_sentence_and_a_code(member: Cashier, trouble: InvitationTrouble) -> None:
    member.find("shopInvite").click()
    sheet = member.find("inviteSheet", InviteSheet)
    sheet._show_error(InvitationError(trouble))
    message = message_for_error(InvitationError(trouble))
    assert member.text("inviteMessage").startswith(message.title)
    assert member.find("inviteMessage").findChild(MessageCode).text() == INVITATION_CODES[trouble]
