"""The services refuse each command that needs an approval, for any sender of the command."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.connections import NotSetUp
from bonifiq_desktop.domain.day_close import ReasonNeeded
from bonifiq_desktop.domain.operations import Decision, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import Basket, RedemptionRequest, Reward, RewardKind
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.staff import ApprovalNeeded, OwnershipNotProved, PinWrong, Role, SignInNeeded
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
from bonifiq_desktop.services.return_requests import ReturnRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker import shop_commands as s
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.report_commands import RevealCustomers
from tests.support.headless_till import SALE
from tests.support.staff import ANA, BIA
from tests.worker.conftest import OpenClient, Window

MARKETPLACE = RemoteSettings("Carrefour", "mirakl", "https://carrefour.mirakl.net")
BASKET = Basket(Customer(document="52998224725", name="Maria"), 10000)
CASHBACK = Reward(1, "Cashback", RewardKind.CASHBACK, Decimal(0), can_use=True, maximum=5000, available=5000)

Make = Callable[[LookupResult, Path], c.NeedsApproval[Any]]

MANAGED: dict[type, Make] = {
    c.RegisterRefund: lambda found, _out: c.RegisterRefund(RefundRequest(found.order, 5000, "Troca")),
    c.RegisterReturn: lambda found, _out: c.RegisterReturn(ReturnRequest(RefundRequest(found.order, 5000, "Troca"))),
    c.RegisterRedemption: lambda _found, _out: c.RegisterRedemption(RedemptionRequest("a1", BASKET, CASHBACK, 5000)),
    c.SaveConnection: lambda _found, _out: c.SaveConnection(MARKETPLACE, "key"),
    c.RemoveConnection: lambda _found, _out: c.RemoveConnection(MARKETPLACE.name),
    c.RegisterSale: lambda _found, _out: c.RegisterSale(replace(SALE, state=SaleState.CANCELLED)),
    c.RegisterCancellation: lambda found, _out: c.RegisterCancellation(found.order, "Desistência"),
    c.DecideReview: lambda _found, _out: c.DecideReview(1, Decision.WAS_DONE, "Bia", "Vi"),
    c.AcknowledgeContradiction: lambda _found, _out: c.AcknowledgeContradiction(1),
    c.SaveSettings: lambda _found, _out: c.SaveSettings(Settings(till="MEU")),
    c.ForgetCredentials: lambda _found, _out: c.ForgetCredentials(),
    c.SwitchVersion: lambda _found, _out: c.SwitchVersion(),
    c.SavePerson: lambda _found, _out: c.SavePerson("Bia", Role.MANAGER, ""),
    c.RemovePerson: lambda _found, _out: c.RemovePerson("Bia"),
    c.ExportPersonalData: lambda _found, out: c.ExportPersonalData("529.982.247-25", str(out)),
    c.ErasePersonalData: lambda _found, _out: c.ErasePersonalData("529.982.247-25"),
    RevealCustomers: lambda _found, _out: RevealCustomers((1,)),
    s.JoinShopDatabase: lambda _found, out: s.JoinShopDatabase(str(out), "ABCDE"),
    s.InviteTill: lambda _found, out: s.InviteTill("CAIXA2", str(out), "dono", "secret"),
    s.LeaveShopDatabase: lambda _found, _out: s.LeaveShopDatabase(),
    s.BeginIncarnation: lambda _found, _out: s.BeginIncarnation(),
    s.TakeOver: lambda _found, _out: s.TakeOver(-1, "caixa 1 quebrou"),
    c.RevealDocument: lambda found, _out: c.RevealDocument(found.order.order_id),
}
ELSEWHERE = {c.RestoreLedger, c.AdoptLedger}
"""Answered only while the ledger cannot be used: tests/program/test_recovery.py."""

IN_PART = {c.CloseDay}
"""Approved only where operations of the day are open: below."""


@pytest.fixture(name="client")
def desk_with_a_cashier(open_bare_client: OpenClient, window: Window, server: TrainingServer) -> WorkerClient:
    """Bia, a cashier, is at the counter; both limits are R$ 20,00."""
    client = open_bare_client()
    pair = Credentials(server.token, server.key)
    window.get(client, c.SaveSettings(Settings(url=server.url, refund_limit=2000, reward_limit=2000), pair))
    assert window.ask(client, c.SavePerson("Ana", Role.MANAGER, ANA.pin)).error is None
    assert window.ask(client, c.SavePerson("Bia", Role.CASHIER, BIA.pin, approval=ANA)).error is None
    window.get(client, c.SignIn(BIA.name, BIA.pin))
    return client


def trail(paths: Paths) -> list[dict[str, Any]]:
    """The lines of the trail."""
    return [json.loads(line) for line in (paths.folder / "audit.jsonl").read_text().splitlines()]


def test_commands_with_approval_are_all_tried_here() -> None:
    assert set(c.NeedsApproval.__subclasses__()) == set(MANAGED) | ELSEWHERE | IN_PART


@pytest.mark.parametrize("kind", MANAGED, ids=lambda kind: kind.__name__)
def test_command_of_a_cashier_is_refused_and_recorded_in_the_audit_log(
    client: WorkerClient, window: Window, paths: Paths, server: TrainingServer, kind: type
) -> None:
    out = paths.folder.parent / "out"
    command = MANAGED[kind](window.get(client, c.LookUp("1001")), out)
    before = {name: (paths.folder / name).read_bytes() for name in ("settings.json", "people.json")}
    outcome = window.ask(client, command)
    assert isinstance(outcome.error, ApprovalNeeded)
    assert {name: (paths.folder / name).read_bytes() for name in before} == before
    assert window.get(client, c.ReadHistoryPage("")) == []
    assert server.service.applied == []
    assert not out.exists()
    last = trail(paths)[-1]
    assert (last["did"], last["outcome"], last["who"]) == (outcome.error.task.value, "refused", "Bia")


def test_approval_with_a_cashiers_or_a_wrong_pin_is_refused(
    client: WorkerClient, window: Window, paths: Paths, server: TrainingServer
) -> None:
    order = window.get(client, c.LookUp("1001")).order
    own = window.ask(client, c.RegisterCancellation(order, "Desistência", approval=BIA))
    assert isinstance(own.error, ApprovalNeeded)
    guess = window.ask(client, c.RegisterCancellation(order, "Desistência", approval=type(ANA)("Ana", "9999")))
    assert isinstance(guess.error, PinWrong)
    assert [line["outcome"] for line in trail(paths)[-2:]] == ["refused", "refused"]
    cancelled = window.get(client, c.RegisterCancellation(order, "Desistência", approval=ANA))
    assert cancelled.order_id == "1001"
    window.until(lambda: window.get(client, c.ReadHistoryPage(""))[0].state is State.CONFIRMED)
    assert [entry.kind for entry in server.service.applied] == ["cancel"]


def test_cancelled_sale_needs_a_managers_pin_and_other_sales_none(client: WorkerClient, window: Window) -> None:
    cancelled = replace(SALE, order_id="2002", state=SaleState.CANCELLED)
    assert window.ask(client, c.RegisterSale(cancelled, approval=ANA)).error is None
    assert window.ask(client, c.RegisterSale(SALE)).error is None


def test_close_of_a_day_needs_a_managers_pin_only_while_operations_are_open(
    client: WorkerClient, window: Window, paths: Paths, server: TrainingServer
) -> None:
    server.faults.add("error_500", only="refund", times=500)
    today = datetime.now().astimezone().date()
    clean = window.get(client, c.CloseDay(today - timedelta(days=1), 0))
    assert (clean.person, clean.number) == ("Bia", 1)
    found = window.get(client, c.LookUp("1001"))
    window.get(client, c.RegisterRefund(RefundRequest(found.order, 1000, "Troca")))
    assert isinstance(window.ask(client, c.CloseDay(today, 1)).error, ReasonNeeded)
    refused = window.ask(client, c.CloseDay(today, 1, "Eva", "sem internet"))
    assert isinstance(refused.error, ApprovalNeeded)
    assert trail(paths)[-1]["did"] == "close_open_day"
    assert window.get(client, c.ReadDay(today)).closed is None
    closed = window.get(client, c.CloseDay(today, 1, "Eva", "sem internet", approval=ANA))
    assert (closed.person, closed.reason, closed.open_operations) == ("Ana", "sem internet", 1)
    line = trail(paths)[-1]
    assert (line["did"], line["code"], line["number"], line["open"]) == ("close_day", closed.code, 2, 1)
    assert window.get(client, c.ReadClosedDays()) == (closed, clean)


def test_commands_without_a_sign_in_are_refused_but_the_sign_in(
    client: WorkerClient, window: Window, server: TrainingServer
) -> None:
    found = window.get(client, c.LookUp("1001"))
    assert window.ask(client, c.SignOut()).error is None
    asked = len(server.service.requests)
    commands: list[c.Command[Any]] = [
        c.LookUp("1001"),
        c.ReadHistoryPage(""),
        c.ReadOperationDetails(1),
        c.WithdrawOperation(1),
        c.FindCustomer("52998224725"),
        c.RegisterRefund(RefundRequest(found.order, 100, "Troca")),
        c.RegisterCancellation(found.order, "Desistência", approval=ANA),
    ]
    for command in commands:
        assert isinstance(window.ask(client, command).error, SignInNeeded), command
    assert len(server.service.requests) == asked
    window.get(client, c.SignIn(BIA.name, BIA.pin))
    window.get(client, c.LookUp("1001"))


def test_pin_is_reset_with_the_tills_own_credentials_only(
    client: WorkerClient, window: Window, server: TrainingServer
) -> None:
    wrong = c.ResetPin("Ana", "6170", Credentials(server.token, "other"))
    assert isinstance(window.ask(client, wrong).error, OwnershipNotProved)
    assert window.ask(client, c.ResetPin("Ana", "6170", Credentials(server.token, server.key))).error is None
    assert window.ask(client, c.RemovePerson("Bia", approval=type(ANA)("Ana", "6170"))).error is None


def test_pin_reset_without_stored_credentials_asks_bonifiq(
    client: WorkerClient, window: Window, server: TrainingServer
) -> None:
    window.get(client, c.ForgetCredentials(approval=ANA))
    assert isinstance(window.ask(client, c.LookUp("1001")).error, NotSetUp)
    wrong = c.ResetPin("Eva", "6170", Credentials(server.token, "other"))
    assert window.ask(client, wrong).error is not None
    assert window.ask(client, c.ResetPin("Eva", "6170", Credentials(server.token, server.key))).error is None
    assert window.ask(client, c.RemovePerson("Bia", approval=type(ANA)("Eva", "6170"))).error is None
