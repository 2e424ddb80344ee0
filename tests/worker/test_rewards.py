"""Commands about rewards over a real backend: what is told, stored, offered again, and what is written nowhere."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import FINAL, Kind, Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import CodeRequest, RedemptionRequest, RewardKind
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.search import Home
from bonifiq_desktop.domain.staff import Approval, ApprovalNeeded, Role, Task
from bonifiq_desktop.ledger.errors import CheckoutEnded
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.ledger_actions import START
from tests.support.remote_till import RemoteTill
from tests.support.rewarded_sales import AMOUNT, BASKET, CHECKOUT, MARIA, NET, cashback_of_maria
from tests.support.staff import ANA

ANA_IN_SHOP = Customer(name="Ana Lima", document="12345678909")
LIMIT = AMOUNT - 1


def request_of(till: RemoteTill, customer: Customer = MARIA) -> RedemptionRequest:
    """A confirmed use of cashback."""
    basket = replace(BASKET, customer=customer)
    found = till.ask(c.FindRewards(basket))
    reward = next(each for each in found.rewards if each.kind is RewardKind.CASHBACK)
    return RedemptionRequest(CHECKOUT, basket, reward, AMOUNT)


def settled(till: RemoteTill, operation: Operation) -> Operation:
    """The operation once it is final."""
    queries = till.backend.ledger.queries
    till.wait_until(lambda: queries.state(operation.operation_id) in FINAL)
    return queries.operation(operation.operation_id)


def redeem(till: RemoteTill) -> Operation:
    """A confirmed redemption."""
    return settled(till, till.ask(c.RegisterRedemption(request_of(till))))


def audit_entries(paths: Paths) -> list[dict[str, Any]]:
    """The lines of the audit log."""
    return [json.loads(line) for line in (paths.folder / "audit.jsonl").read_text().splitlines()]


def files_with(folder: Path, text: bytes) -> list[str]:
    """The files of a folder that hold a text."""
    return [path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]


def test_rewards_are_told_with_a_masked_customer(till: RemoteTill) -> None:
    found = till.ask(c.FindRewards(BASKET))
    assert found.customer is not None
    assert found.customer.document == "***.982.247-**"
    assert (found.cashback > 0, found.points > 0, len(found.rewards) > 1) == (True, True, True)


def test_redemption_and_sale_go_through_as_one_checkout(till: RemoteTill, server: TrainingServer) -> None:
    redemption = redeem(till)
    sale = settled(
        till, till.ask(c.RegisterSale(Sale(MARIA, NET, START), CHECKOUT, ignore_clock=True, checkout_id=CHECKOUT))
    )
    assert [each.state for each in till.ask(c.ReadCheckout(CHECKOUT))] == [State.CONFIRMED] * 2
    assert sale.external_code == redemption.external_code
    assert server.service.rewards.redemptions[0].order_id == sale.order_id
    with pytest.raises(CheckoutEnded):
        till.ask(c.UndoRedemption(CHECKOUT))
    assert [entry["did"] for entry in audit_entries(till.paths)][-2:] == ["redeem", "sell"]


def test_redemption_left_by_a_restart_is_offered_at_home_until_it_is_undone(
    till: RemoteTill, server: TrainingServer
) -> None:
    before = cashback_of_maria(server)
    till.ask(c.RegisterRedemption(request_of(till)))
    till.reopen()
    till.wait_until(lambda: bool(till.backend.ledger.checkouts.open_redemptions()))
    (offered,) = home(till).open_checkouts
    assert (offered.checkout_id, offered.customer, offered.title, offered.amount, offered.can_continue) == (
        CHECKOUT,
        "Maria",
        "Cashback",
        AMOUNT,
        True,
    )
    till.let_work(0.2)
    assert not server.service.rewards.redemptions[0].cancelled, "nothing is undone by itself"
    reversal = till.ask(c.UndoRedemption(CHECKOUT))
    assert reversal.kind is Kind.REVERSAL
    assert home(till).open_checkouts == ()
    assert settled(till, reversal).state is State.CONFIRMED
    assert cashback_of_maria(server) == before
    assert audit_entries(till.paths)[-1]["did"] == "undo_redemption"


@pytest.mark.parametrize("name", ["intent_id", "checkout_id"])
def test_redemption_in_the_draft_of_a_sale_is_not_offered_at_home(till: RemoteTill, name: str) -> None:
    redeem(till)
    till.ask(c.SaveDraft("sale", {name: CHECKOUT}))
    assert home(till).open_checkouts == ()
    till.ask(c.SaveDraft("sale", {name: "another"}))
    assert [each.checkout_id for each in home(till).open_checkouts] == [CHECKOUT]


def home(till: RemoteTill) -> Home:
    """The home page."""
    found: Home = till.ask(c.HomeSummary())
    return found


def test_one_time_code_is_written_nowhere(till: RemoteTill, server: TrainingServer) -> None:
    server.service.rewards.set_options(code_delivery="sent_with_code")
    asked = CodeRequest(ANA_IN_SHOP, "7f3a9c")
    sent = till.ask(c.SendCode(asked))
    named = server.service.find_customer("", ANA_IN_SHOP.document, "")
    assert named is not None
    code = server.service.rewards.last_code(named.original_id)
    assert sent.was_sent
    wrong = c.CheckCode(asked, "wrong")
    assert not till.ask(wrong).is_right
    command = c.CheckCode(asked, code)
    assert till.ask(command).is_right
    assert code not in repr((command, sent))
    request = request_of(till, ANA_IN_SHOP)
    assert settled(till, till.ask(c.RegisterRedemption(request))).state is State.CONFIRMED
    assert ANA_IN_SHOP.document not in repr(request)
    target = till.paths.folder.parent / "support.zip"
    till.ask(c.SaveSupportFile(str(target)))
    assert len(code) >= 4
    assert files_with(till.paths.folder, f'"{code}"'.encode()) == []
    # The ledger's log is cut when nothing is due, which may be a moment after the outcome.
    till.wait_until(lambda: files_with(till.paths.folder, ANA_IN_SHOP.document.encode()) == [])


def test_reward_over_the_limit_is_approved_by_a_manager_and_logged(till: RemoteTill) -> None:
    till.ask(c.SavePerson(ANA.name, Role.MANAGER, ANA.pin))
    store = till.backend.settings_store
    store.settings = replace(store.settings, reward_limit=LIMIT)
    request = request_of(till)
    with pytest.raises(ApprovalNeeded) as needed:
        till.ask(c.RegisterRedemption(request))
    assert needed.value.task is Task.REWARD_OVER_LIMIT
    assert till.ask(c.ReadCheckout(CHECKOUT)) == ()
    command = replace(c.RegisterRedemption(request), approval=Approval(ANA.name, ANA.pin))
    assert till.ask(command).state is State.QUEUED
    entries = [entry for entry in audit_entries(till.paths) if entry["did"] == Task.REWARD_OVER_LIMIT.value]
    assert [(entry["outcome"], entry.get("approved_by")) for entry in entries] == [
        ("refused", None),
        ("allowed", ANA.name),
    ]
