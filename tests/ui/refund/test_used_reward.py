"""Refund and whole cancel of an order in which a reward was used: what happens to the reward."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.refund.cancel_page import CancelPage
from bonifiq_desktop.ui.refund.refund_page import RefundPage
from bonifiq_desktop.ui.refund.used_reward import UsedRewardNote, used_reward
from bonifiq_desktop.worker.commands import CurrentSettings, ReadSettings
from tests.support.operations import make_operation
from tests.support.scripted_client import ScriptedClient

REDEEMED = make_operation(operation_id=1, kind=Kind.REDEMPTION, value=1000, checkout_id="c1", external_code="EC-1")
SALE = make_operation(operation_id=2, kind=Kind.SALE, value=8990, checkout_id="c1")
PLAIN_SALE = replace(SALE, checkout_id="")


def found(*operations: Operation) -> LookupResult:
    order = Order("A-1", 8990, customer=Customer(name="Maria"), completed=True)
    return LookupResult(order, "A-1", 8990, 0, operations, None, closed=False)


def note_of(page: QWidget, name: str) -> UsedRewardNote:
    note = page.findChild(UsedRewardNote, name)
    assert note is not None
    return note


def client_with(setting: str) -> ScriptedClient:
    client = ScriptedClient()
    current = CurrentSettings(
        Settings(return_used_reward=setting), "", has_key=True, key_storage=None, keyring_usable=True
    )
    client.script[ReadSettings] = lambda _command: current
    return client


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("", "o ajuste da loja no BonifiQ diz se ele volta ao saldo"),
        ("yes", "a devolução pede ao BonifiQ que ele volte"),
        ("no", "ele não volta ao saldo"),
    ],
)
def test_refund_says_what_happens_to_the_used_reward(qtbot: QtBot, setting: str, said: str) -> None:
    client, parent = client_with(setting), QWidget()
    qtbot.addWidget(parent)
    page = RefundPage(client, found(SALE, REDEEMED), parent)
    client.answer()
    note = note_of(page, "refundReward")
    assert said in note.text()
    assert "benefício de R$\u00a010,00" in note.text()
    page._value.set_value(8990)  # all that is left: a whole cancel, which states nothing
    page._show_value()
    assert "o BonifiQ decide se ele volta" in note.text()


def test_whole_cancel_leaves_the_used_reward_to_bonifiq(qtbot: QtBot) -> None:
    client, parent = client_with("yes"), QWidget()
    qtbot.addWidget(parent)
    page = CancelPage(client, found(SALE, REDEEMED), parent)
    client.answer()
    assert "o BonifiQ decide se ele volta" in note_of(page, "cancelReward").text()


def test_order_without_a_reward_has_no_word_about_one(qtbot: QtBot) -> None:
    client, parent = client_with("yes"), QWidget()
    qtbot.addWidget(parent)
    page = RefundPage(client, found(PLAIN_SALE), parent)
    client.answer()
    assert note_of(page, "refundReward").isHidden()
    assert client.of(ReadSettings) == []


@pytest.mark.parametrize(
    "operations",
    [
        (REDEEMED,),  # no sale used it
        (replace(SALE, state=State.REFUSED), REDEEMED),
        (SALE, replace(REDEEMED, state=State.REFUSED)),
        (replace(SALE, checkout_id="c2"), REDEEMED),
    ],
)
def test_reward_counts_as_used_only_in_a_sale_of_its_checkout(operations: tuple[Operation, ...]) -> None:
    assert used_reward(operations) is None
    assert used_reward((SALE, REDEEMED)) == REDEEMED
