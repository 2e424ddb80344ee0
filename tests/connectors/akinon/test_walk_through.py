"""The cancel call field by field against the training web shop, and each of its lost answers."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bonifiq_desktop.connectors.akinon.connector import AkinonConnector
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import ReturnImpossible
from bonifiq_desktop.domain.returns import AKINON, BankAccount, ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.domain.verdicts import Done, Refused, Unknown, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from bonifiq_desktop.training_server.akinon.server import AkinonTraining
from bonifiq_desktop.training_server.remote.faults import RemoteFaultName
from tests.support.omnitron import intent_of, operation_of

REASONS = (
    ReasonMapping(CounterReason.REGRET.value, "1", "", "7", ""),
    ReasonMapping(CounterReason.DEFECT.value, "3", "", "8", ""),
)
SETTINGS = RemoteSettings("Loja on-line", AKINON, "", reasons=REASONS, ask_bank_account=True)
ACCOUNT = BankAccount("TR330006100519786457841326", "Maria Souza")


@pytest.fixture(name="shop")
def running_web_shop() -> Iterator[AkinonTraining]:
    server = AkinonTraining(resource("contract/akinon.openapi.json"))
    server.start()
    yield server
    server.stop()


@dataclass(frozen=True)
class Sent:
    body: dict[str, Any]
    verdict: Verdict
    found: ReadBack


def give_back(
    shop: AkinonTraining,
    number: str,
    *items: int,
    before_sending: Callable[[], None] = lambda: None,
    settings: RemoteSettings = SETTINGS,
    **choice: Any,
) -> Sent:
    """Send the return of items of one order, and read it back."""

    async def act() -> Sent:
        used = replace(settings, user=shop.user)
        connector = AkinonConnector(shop.url, Credentials(shop.user, shop.password), settings=lambda: used)
        async with aclosing(connector):
            order = await connector.look_up(number)
            lines = tuple(ChosenLine(str(item), 1) for item in items)
            chosen = replace(ReturnChoice(lines, CounterReason.REGRET, return_id="DV-1"), **choice)
            (leg,) = connector.plan(order, chosen)
            request = connector.serialize(intent_of(leg, order))
            operation = operation_of(leg, order)
            operation = replace(operation, baseline=connector.baseline(order, operation))
            before_sending()
            verdict = await connector.send(operation, request)
            found = await connector.read_back(operation, request.body)
            return Sent(json.loads(request.body), verdict, found)

    return asyncio.run(act())


def test_whole_order_names_no_items_and_a_reason_for_each(shop: AkinonTraining) -> None:
    sent = give_back(shop, "1006/B", 61002, 61003, shipping=True, invoice_number="NF-2025-17")
    assert sent.body == {
        "order": 5002,
        "is_all": True,
        "cancel_items": [],
        "forced_refund_amount": None,
        "reasons": {"61002": 7, "61003": 7},
        "is_cargo_refund": True,
        "refund_invoice_number": "NF-2025-17",
        "return_details": False,
    }
    assert isinstance(sent.verdict, Done)
    seen = [(each.item, each.reason, each.with_cargo, each.invoice_number) for each in shop.service.applied]
    assert seen == [(61002, 7, True, "NF-2025-17"), (61003, 7, True, "NF-2025-17")]


def test_some_items_are_named_with_their_reasons(shop: AkinonTraining) -> None:
    sent = give_back(shop, "3001", 61010, 61012, reason=CounterReason.DEFECT)
    assert (sent.body["is_all"], sent.body["cancel_items"]) == (False, [61010, 61012])
    assert (sent.body["reasons"], sent.body["is_cargo_refund"]) == ({"61010": 3, "61012": 3}, False)
    assert isinstance(sent.verdict, Done)
    assert [(each.item, each.plan) for each in shop.service.applied] == [(61010, "cancel"), (61012, "cancel")]


def test_bank_account_goes_to_each_item_where_the_setting_says_so(shop: AkinonTraining) -> None:
    sent = give_back(shop, "3004", 61040, bank_account=ACCOUNT)
    assert (sent.body["ibans"], sent.body["holder_names"]) == ({"61040": ACCOUNT.iban}, {"61040": ACCOUNT.holder})
    assert isinstance(sent.verdict, Done)


@pytest.mark.parametrize("channel", [None, AkinonTraining.channel])
@pytest.mark.parametrize("prefix", ["i1", "v1"])
def test_call_is_taken_on_each_of_its_paths(shop: AkinonTraining, prefix: str, channel: int | None) -> None:
    settings = replace(SETTINGS, channel=channel, prefixes=(("cancel", prefix),))
    assert isinstance(give_back(shop, "1002", 61001, settings=settings).verdict, Done)
    [path] = [path for _method, path, _body in shop.requests if path.endswith("/cancel/")]
    where = "channel/4/" if channel is not None and prefix == "v1" else ""
    assert path == f"/api/{prefix}/{where}orders/5001/cancel/"


@pytest.mark.parametrize(("number", "item"), [("3002", 61020), ("3003", 61030)])
def test_item_that_cannot_go_back_makes_no_request(shop: AkinonTraining, number: str, item: int) -> None:
    with pytest.raises(ReturnImpossible):
        give_back(shop, number, item)
    assert not [path for _method, path, _body in shop.requests if path.endswith("/cancel/")]


@pytest.mark.parametrize("settles_at_once", [False, True])
@pytest.mark.parametrize(
    ("fault", "finding", "applied"),
    [
        ("lose_answer", Finding.APPLIED, 1),
        ("error_500_after", Finding.APPLIED, 1),
        ("html_502_after", Finding.APPLIED, 1),
        ("cut_with_length", Finding.APPLIED, 1),
        ("close", Finding.ABSENT, 0),
        ("error_500", Finding.ABSENT, 0),
        ("error_503", Finding.ABSENT, 0),
        ("html", Finding.ABSENT, 0),
        ("html_502", Finding.ABSENT, 0),
        ("error_429", Finding.ABSENT, 0),
    ],
)
def test_answer_without_verdict_is_settled_by_the_items(
    shop: AkinonTraining, fault: RemoteFaultName, finding: Finding, applied: int, settles_at_once: bool
) -> None:
    shop.service.switches.settles_at_once = settles_at_once
    shop.faults.add(fault, only="cancel")
    sent = give_back(shop, "3001", 61010)
    assert isinstance(sent.verdict, Unknown)
    assert (sent.found.finding, len(shop.service.applied)) == (finding, applied)
    assert sent.found.may_repeat


def test_cut_answer_is_done_by_reading_the_items(shop: AkinonTraining) -> None:
    shop.faults.add("no_ids", only="cancel")
    assert isinstance(give_back(shop, "3001", 61010).verdict, Done)


@pytest.mark.parametrize("fault", ["refuse", "refuse_406"])
def test_refusal_is_told_with_its_words(shop: AkinonTraining, fault: RemoteFaultName) -> None:
    shop.faults.add(fault, only="cancel", message="Order can't be cancelled in this status.")
    sent = give_back(shop, "3001", 61010)
    assert isinstance(sent.verdict, Refused)
    assert sent.verdict.message == "Order can't be cancelled in this status."
    assert sent.found.finding is Finding.ABSENT


def test_item_that_another_client_took_back_meanwhile_is_refused_and_applied_once(shop: AkinonTraining) -> None:
    sent = give_back(shop, "3001", 61010, before_sending=lambda: shop.service.cancel_by_hub("3001", 61010))
    assert isinstance(sent.verdict, Refused)
    assert shop.service.applied == []


def test_some_changed_items_of_several_are_a_conflict(shop: AkinonTraining) -> None:
    shop.faults.add("close", only="cancel")
    sent = give_back(shop, "3001", 61010, 61011, before_sending=lambda: shop.service.cancel_by_hub("3001", 61010))
    assert isinstance(sent.verdict, Unknown)
    assert sent.found.finding is Finding.CONFLICT


def test_token_that_ended_is_renewed_once_and_the_items_go_back_once(shop: AkinonTraining) -> None:
    sent = give_back(shop, "3001", 61010, before_sending=shop.expire_token)
    assert isinstance(sent.verdict, Done)
    bodies = [body for _method, path, body in shop.requests if path.endswith("/cancel/")]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert len(shop.service.applied) == 1
