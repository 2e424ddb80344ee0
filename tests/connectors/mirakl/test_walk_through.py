"""OR30 field by field against the training marketplace, and which order takes which call."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from bonifiq_desktop.connectors.exact_json import load
from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.requests import Intent
from bonifiq_desktop.domain.returns import Call, ChosenLine, CounterReason, ReturnChoice
from bonifiq_desktop.domain.verdicts import Done, Refused, Verdict
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import resource
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from bonifiq_desktop.training_server.mirakl.models import Line, MarketOrder
from bonifiq_desktop.training_server.mirakl.server import MiraklTraining
from tests.connectors.mirakl.examples import leg_operation

SETTINGS = RemoteSettings(
    "Marketplace", "mirakl", "", reasons=(ReasonMapping(CounterReason.REGRET.value, "15", "", "34", ""),)
)


@pytest.fixture(name="market")
def running_marketplace() -> Iterator[MiraklTraining]:
    server = MiraklTraining(resource("contract/mirakl.openapi.json"))
    server.start()
    yield server
    server.stop()


@dataclass(frozen=True)
class Sent:
    call: Call
    body: dict[str, Any]
    verdict: Verdict


def give_back(market: MiraklTraining, order_id: str, *lines: ChosenLine, shipping: bool = True) -> Sent:
    """Send the return of lines of one order as one request."""

    async def act() -> Sent:
        connector = MiraklConnector(market.url, Credentials("", market.key), settings=lambda: SETTINGS)
        async with aclosing(connector):
            order = await connector.look_up(order_id)
            chosen = ReturnChoice(lines, CounterReason.REGRET, shipping=shipping, return_id="DV-1")
            (leg,) = connector.plan(order, chosen)
            request = connector.serialize(Intent(Kind.RETURN, order.order_id, 1, leg=leg, return_id="DV-1"))
            operation = leg_operation(order_id=order.order_id, remote_line=lines[0].line_id)
            operation = replace(operation, baseline=connector.baseline(order, operation))
            verdict = await connector.send(operation, request)
            return Sent(leg.call, load(request.body) if request.body else {}, verdict)

    return asyncio.run(act())


def undebited(market: MiraklTraining, order_id: str, workflow: str = "PAY_ON_DELIVERY") -> MarketOrder:
    """The order before it is debited and shipped."""
    order = market.service.orders[order_id]
    order.debited, order.state, order.workflow = None, "SHIPPING", workflow
    for line in order.lines:
        line.debited = line.shipped = line.received = None
        line.state = "SHIPPING"
    return order


def with_another_line(order: MarketOrder) -> Line:
    """Return the order's only line, which is now a part, so that it goes by OR30 and not by OR29."""
    [line] = order.lines
    order.lines.append(replace(line, line_id="other", cancelations=[], refunds=[]))
    return line


def test_part_of_a_line_names_every_field_without_taxes_in_its_amounts(market: MiraklTraining) -> None:
    sent = give_back(market, "2001-A", ChosenLine("2001-A-1", 2))
    assert sent.body == {
        "cancelations": [
            {
                "order_line_id": "2001-A-1",
                "amount": Decimal("99.80"),
                "quantity": 2,
                "shipping_amount": Decimal("8.00"),
                "reason_code": "15",
                "currency_iso_code": "BRL",
                "taxes": [{"code": "TAXA", "amount": Decimal("2.00")}],  # rule NONE; ICMS is computed there
            }
        ],
        "order_tax_mode": "TAX_EXCLUDED",
    }
    [entry] = market.service.orders["2001-A"].lines[0].cancelations
    assert sent.verdict == Done(evidence_id=entry.entry_id)
    assert {tax.code: tax.amount for tax in entry.taxes} == {"TAXA": Decimal("2.00"), "ICMS": Decimal("11.98")}
    assert {tax.code: tax.amount for tax in entry.shipping_taxes} == {"ICMS": Decimal("0.96")}


def test_part_of_a_line_names_fees_and_taxes_of_its_freight_with_taxes_in_its_amounts(market: MiraklTraining) -> None:
    sent = give_back(market, "2013-A", ChosenLine("2013-A-1", 1))
    assert sent.body == {
        "cancelations": [
            {
                "order_line_id": "2013-A-1",
                "amount": Decimal("14.990"),
                "quantity": 1,
                "shipping_amount": Decimal("1.250"),
                "reason_code": "15",
                "currency_iso_code": "TND",
                "taxes": [{"code": "TIMBRE", "amount": Decimal("0.200")}],
                "shipping_taxes": [{"code": "TIMBRE", "amount": Decimal("0.034")}],
                "fees": [{"code": "ECO", "amount": Decimal("0.167")}],
            }
        ],
        "order_tax_mode": "TAX_INCLUDED",
    }
    [entry] = market.service.orders["2013-A"].lines[0].cancelations
    assert sent.verdict == Done(evidence_id=entry.entry_id)
    assert {tax.code: tax.amount for tax in entry.taxes} == {"TIMBRE": Decimal("0.200"), "TVA": Decimal("2.393")}


def test_units_one_by_one_take_back_all_of_a_line_and_no_more(market: MiraklTraining) -> None:
    line = with_another_line(market.service.orders["2013-A"])
    for _ in range(3):
        sent = give_back(market, "2013-A", ChosenLine("2013-A-1", 1))
        assert (sent.call, isinstance(sent.verdict, Done)) == (Call.CANCEL_LINE, True)
    assert [line.left, line.shipping_left, line.fee_left("ECO")] == [Decimal(0)] * 3
    named = [tax.amount for entry in line.cancelations for tax in entry.taxes if tax.code == "TIMBRE"]
    assert sum(named) == Decimal("0.600")
    with pytest.raises(ReturnImpossible) as caught:
        give_back(market, "2013-A", ChosenLine("2013-A-1", 1))
    assert caught.value.obstacle is Obstacle.FULLY_RETURNED


def test_order_level_taxes_are_never_named(market: MiraklTraining) -> None:
    market.service.orders["2012-A"].lines[0].taxes = market.service.orders["2001-A"].lines[0].taxes
    sent = give_back(market, "2012-A", ChosenLine("2012-A-1", 1))
    [entry] = sent.body["cancelations"]
    assert "taxes" not in entry
    assert (entry["currency_iso_code"], sent.body["order_tax_mode"]) == ("CLP", "TAX_EXCLUDED")
    assert isinstance(sent.verdict, Done)


@pytest.mark.parametrize(
    ("order_id", "currency", "units", "amount", "shipping"),
    [
        ("2004-A", "JPY", 1, "4990", "0"),
        ("2005-A", "KWD", 2, "9.980", "0.834"),
        ("2012-A", "CLP", 1, "9990", "995"),
        ("2013-A", "TND", 2, "29.980", "2.500"),
    ],
)
def test_amounts_have_the_decimals_of_the_orders_currency(
    market: MiraklTraining, order_id: str, currency: str, units: int, amount: str, shipping: str
) -> None:
    order = undebited(market, order_id)
    with_another_line(order)
    sent = give_back(market, order_id, ChosenLine(f"{order_id}-1", units))
    [entry] = sent.body["cancelations"]
    assert (entry["currency_iso_code"], str(entry["amount"]), str(entry["shipping_amount"])) == (
        currency,
        amount,
        shipping,
    )
    assert isinstance(sent.verdict, Done)


@pytest.mark.parametrize("status", [400, 403])
def test_feature_that_is_off_is_a_refusal_with_its_own_code(market: MiraklTraining, status: int) -> None:
    market.service.switches.cancels_lines = False
    market.service.switches.refused_with = status
    sent = give_back(market, "2001-A", ChosenLine("2001-A-1", 1))
    assert isinstance(sent.verdict, Refused)
    assert sent.verdict.code == Obstacle.FEATURE_OFF
    assert market.service.applied == []


@pytest.mark.parametrize("workflow", ["PAY_ON_DELIVERY", "PAY_ON_DUE_DATE", "PAY_ON_SHIPMENT"])
def test_order_is_cancelled_before_its_debit_and_refunded_after_it(market: MiraklTraining, workflow: str) -> None:
    order = market.service.orders["2001-A"]
    order.workflow = workflow
    assert give_back(market, "2001-A", ChosenLine("2001-A-1", 1)).call is Call.CANCEL_LINE
    order.debited = order.lines[0].debited = order.created
    assert give_back(market, "2001-A", ChosenLine("2001-A-1", 1)).call is Call.REFUND_LINE
    assert [entry.kind for entry in market.service.applied] == ["cancelation", "refund"]


def test_order_without_payment_confirmation_is_cancelled_until_it_is_shipped(market: MiraklTraining) -> None:
    part = ChosenLine("2002-A-1", 1, Decimal("100.00"))
    sent = give_back(market, "2002-A", part)
    assert (sent.call, isinstance(sent.verdict, Done)) == (Call.CANCEL_LINE, True)
    order = market.service.orders["2002-A"]
    order.state, order.lines[0].state, order.lines[0].shipped = "SHIPPED", "SHIPPED", order.created
    with pytest.raises(ReturnImpossible):
        give_back(market, "2002-A", part)


def test_order_paid_at_its_acceptance_is_never_cancelled_by_line(market: MiraklTraining) -> None:
    order = undebited(market, "1001-A", "PAY_ON_ACCEPTANCE")
    order.state = "WAITING_ACCEPTANCE"
    with pytest.raises(ReturnImpossible) as caught:
        give_back(market, "1001-A", ChosenLine("1001-A-1", 1))
    assert caught.value.obstacle is Obstacle.NOT_ACCEPTED


def test_whole_order_before_its_debit_is_one_call_without_a_body(market: MiraklTraining) -> None:
    sent = give_back(market, "2001-A", ChosenLine("2001-A-1", 3), ChosenLine("2001-A-2", 1))
    assert (sent.call, sent.body, isinstance(sent.verdict, Done)) == (Call.CANCEL_ORDER, {}, True)
    assert market.service.orders["2001-A"].state == "CANCELED"
