"""The connector against the training marketplace, which validates each request by the contract in `resources/`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest

from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.read_back import Finding, ReadBack
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import Call, CounterReason, RemoteAccount
from bonifiq_desktop.domain.verdicts import Done, LookupFailed, Refused, Unknown, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from bonifiq_desktop.training_server.server import TrainingServer
from tests.connectors.mirakl.examples import choice, leg_operation

T = TypeVar("T")
SETTINGS = RemoteSettings(
    "Marketplace", "mirakl", "", reasons=(ReasonMapping(CounterReason.REGRET.value, "15", "", "34", ""),)
)
BY_RETURN_FLOW = replace(SETTINGS, by_return_flow=True)


@pytest.fixture(name="market")
def running_marketplace() -> Iterator[MiraklTraining]:
    contracts = (resource("contract/mirakl.openapi.json"), resource("contract/akinon.openapi.json"))
    with TrainingServer(contract=resource("contract/bonifiq.openapi.json"), remote_contracts=contracts) as server:
        yield server.mirakl


def _run(
    market: MiraklTraining, act: Callable[[MiraklConnector], Awaitable[T]], settings: RemoteSettings = SETTINGS
) -> T:
    async def main() -> T:
        connector = MiraklConnector(market.url, Credentials("", market.key), settings=lambda: settings)
        try:
            return await act(connector)
        finally:
            await connector.aclose()

    return asyncio.run(main())


@dataclass(frozen=True)
class Sent:
    call: Call
    verdict: Verdict
    found: ReadBack
    state: str


def _give_back(
    market: MiraklTraining,
    number: str,
    units: int = 1,
    *,
    shipping: bool = True,
    settings: RemoteSettings = SETTINGS,
) -> Sent:
    """Take units of the first line back, and read that back."""

    async def act(connector: MiraklConnector) -> Sent:
        order = await connector.look_up(number)
        assert order.remote is not None
        line_id = order.remote.lines[0].line_id
        (leg,) = connector.plan(order, choice(units, line_id, shipping=shipping))
        request = connector.serialize(Intent(Kind.RETURN, order.order_id, 1, leg=leg, return_id="DV-TEST-1"))
        operation = leg_operation(order_id=order.order_id, remote_line=line_id)
        operation = replace(operation, baseline=connector.baseline(order, operation))
        verdict = await connector.send(operation, request)
        found = await connector.read_back(operation, request.body)
        operation = replace(operation, evidence_id=found.evidence_id)
        return Sent(leg.call, verdict, found, connector.remote_state(await connector.look_up(number), operation))

    return _run(market, act, settings)


@pytest.mark.parametrize(
    ("number", "units", "call"),
    [
        ("1001", 1, Call.REFUND_LINE),
        ("8817455903-A", 1, Call.REFUND_LINE),
        ("2001", 2, Call.CANCEL_LINE),
        ("2002", 1, Call.CANCEL_ORDER),
        ("2004", 1, Call.REFUND_LINE),
        ("2005", 1, Call.REFUND_LINE),
        ("2007", 1, Call.REFUND_LINE),
    ],
)
def test_each_order_takes_the_request_of_its_state(market: MiraklTraining, number: str, units: int, call: Call) -> None:
    sent = _give_back(market, number, units)
    assert (sent.call, sent.found.finding) == (call, Finding.APPLIED)
    assert sent.verdict == Done(evidence_id=sent.found.evidence_id)
    states = {Call.REFUND_LINE: "WAITING_REFUND", Call.CANCEL_ORDER: "CANCELED"}
    assert sent.state == states.get(call, "")
    (applied,) = market.service.applied
    reasons = {Call.REFUND_LINE: "34", Call.CANCEL_LINE: "15", Call.CANCEL_ORDER: ""}
    assert (applied.entry_id, applied.reason) == (sent.found.evidence_id, reasons[call])


@pytest.mark.parametrize("deducts", [False, True])
@pytest.mark.parametrize(
    ("fault", "finding", "applied"),
    [
        ("lose_answer", Finding.APPLIED, 1),
        ("error_500_after", Finding.APPLIED, 1),
        ("html_502_after", Finding.APPLIED, 1),
        ("cut_with_length", Finding.APPLIED, 1),
        ("cut_without_length", Finding.APPLIED, 1),
        ("no_ids", Finding.APPLIED, 1),
        ("close", Finding.ABSENT, 0),
        ("error_500", Finding.ABSENT, 0),
        ("error_503", Finding.ABSENT, 0),
        ("html", Finding.ABSENT, 0),
        ("html_502", Finding.ABSENT, 0),
        ("error_429", Finding.ABSENT, 0),
        ("beside_other_client", Finding.CONFLICT, 2),  # ours and the other one
    ],
)
def test_answer_without_verdict_is_settled_by_the_records(
    market: MiraklTraining, fault: str, finding: Finding, applied: int, deducts: bool
) -> None:
    market.service.switches.deducts = deducts
    market.faults.add(fault, only="cancel")  # type: ignore[arg-type]
    sent = _give_back(market, "2001", 1)
    assert isinstance(sent.verdict, Unknown)
    assert (sent.found.finding, len(market.service.applied)) == (finding, applied)
    assert not sent.found.may_repeat


def test_price_that_fell_by_another_client_is_no_evidence(market: MiraklTraining) -> None:
    market.service.switches.deducts = True

    async def act(connector: MiraklConnector) -> ReadBack:
        order = await connector.look_up("2001")
        operation = leg_operation(order_id="2001-A", remote_line="2001-A-1")
        operation = replace(operation, baseline=connector.baseline(order, operation))
        (leg,) = connector.plan(order, choice(1, "2001-A-1"))
        request = connector.serialize(Intent(Kind.RETURN, "2001-A", 1, leg=leg))
        market.service.cancel_by_hub("2001-A-2", leg.lines[0].amount)
        absent = await connector.read_back(operation, request.body)
        market.service.cancel_by_hub("2001-A-1", leg.lines[0].amount / 2)
        conflict = await connector.read_back(operation, request.body)
        assert (absent.finding, conflict.finding) == (Finding.ABSENT, Finding.CONFLICT)
        assert absent.fingerprint != conflict.fingerprint
        return conflict

    _run(market, act)
    assert market.service.applied == []


@pytest.mark.parametrize("status", [400, 403])
def test_switched_off_feature_is_refused_as_such(market: MiraklTraining, status: int) -> None:
    market.service.switches.cancels_lines = False
    market.service.switches.refused_with = status
    sent = _give_back(market, "2001")
    assert isinstance(sent.verdict, Refused)
    assert (sent.verdict.code, sent.found.finding) == ("feature_off", Finding.ABSENT)


@pytest.mark.parametrize(("number", "obstacle"), [("2003", Obstacle.NOT_ACCEPTED), ("2006", Obstacle.INCIDENT)])
def test_order_that_cannot_go_back_from_here_says_why(market: MiraklTraining, number: str, obstacle: Obstacle) -> None:
    with pytest.raises(ReturnImpossible) as caught:
        _give_back(market, number)
    assert caught.value.obstacle is obstacle


def test_return_flow_opens_one_return_that_then_stands_in_the_way(market: MiraklTraining) -> None:
    sent = _give_back(market, "1001", settings=BY_RETURN_FLOW)
    assert (sent.call, sent.found.finding, sent.state) == (Call.OPEN_RETURN, Finding.APPLIED, "RECEIVED")
    assert sent.verdict == Done(evidence_id=sent.found.evidence_id)
    for settings in (SETTINGS, BY_RETURN_FLOW):
        with pytest.raises(ReturnImpossible) as caught:
            _give_back(market, "1001", settings=settings)
        assert caught.value.obstacle is Obstacle.OPEN_RETURN
    assert [applied.kind for applied in market.service.applied] == ["return"]


def test_lost_answer_of_the_return_flow_is_found_by_our_number(market: MiraklTraining) -> None:
    market.faults.add("lose_answer", only="return")
    sent = _give_back(market, "1001", settings=BY_RETURN_FLOW)
    assert isinstance(sent.verdict, Unknown)
    assert sent.found.finding is Finding.APPLIED


def test_paid_refund_shows_its_state(market: MiraklTraining) -> None:
    sent = _give_back(market, "2007")
    market.service.pay_refunds()

    async def act(connector: MiraklConnector) -> str:
        operation = leg_operation(remote_line="2007-A-1", evidence_id=sent.found.evidence_id)
        return connector.remote_state(await connector.look_up("2007-A"), operation)

    assert _run(market, act) == "REFUNDED"


def test_description_and_reasons_come_from_the_shop(market: MiraklTraining) -> None:
    assert _run(market, lambda c: c.describe()) == RemoteAccount("Loja de treino", "2001", "BRL")
    reasons = _run(market, lambda c: c.reasons())
    assert {reason.purpose for reason in reasons} == {"cancel", "refund"}
    assert not [reason for reason in reasons if reason.code.startswith("SYSTEM") or reason.code == "50"]
    market.service.switches.missing_roles = {"settings"}
    assert _run(market, lambda c: c.describe()).missing == ("reasons",)
    market.service.switches.missing_roles = {"read"}
    with pytest.raises(LookupFailed):
        _run(market, lambda c: c.describe())
