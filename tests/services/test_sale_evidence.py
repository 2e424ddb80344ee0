"""Tests that tell own sales from others, and of the check that a typed number is free."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.keys import REFERENCE
from bonifiq_desktop.domain.operations import Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.orders import Customer, Order
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import OrderNotFound, Verdict
from bonifiq_desktop.services.lookup import PROPAGATION_DELAY
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import FAST_RETRIES, SALE, Till, applied, posted_requests

OWN_NUMBER = replace(SALE, order_id="")


def hide_metadata(server: TrainingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """BonifiQ stores the Metadatas of an order and does not return them."""
    really = server.service.find

    def find(order_id: str) -> Any:
        order = really(order_id)
        if order is not None:
            order.metadata = []
        return order

    monkeypatch.setattr(server.service, "find", find)


def body_of(till: Till, operation: Operation) -> dict[str, Any]:
    body = till.ledger.queries.request_body(operation.operation_id)
    assert body is not None
    return dict(exact_json.load(body))


def test_sale_repeats_keep_reference(till: Till, server: TrainingServer) -> None:
    server.faults.add("error_500", only="sale")
    done = till.wait_until_settled(till.sell(replace(OWN_NUMBER, notes=(("NFC-e", "123"),))))
    first, second = posted_requests(server)
    assert first.body == second.body
    assert exact_json.load(first.body)["Metadatas"] == [
        {"Name": "NFC-e", "Value": "123"},
        {"Name": REFERENCE, "Value": done.reference},
    ]
    another = till.wait_until_settled(till.sell(OWN_NUMBER))
    assert another.reference not in {None, done.reference}


@pytest.mark.parametrize("hidden", [False, True])
def test_unknown_sale_is_confirmed_by_own_sale(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, *, hidden: bool
) -> None:
    if hidden:
        hide_metadata(server, monkeypatch)
    server.faults.add("lose_answer", only="sale")
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert len(posted_requests(server)) == 1


@pytest.mark.parametrize("hidden", [False, True])
def test_unknown_sale_is_not_confirmed_by_other_tills_sale(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, *, hidden: bool
) -> None:
    if hidden:
        hide_metadata(server, monkeypatch)
    till, other = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    operation = till.sell()
    theirs = other.sell(replace(SALE, placed_at=SALE.placed_at.replace(microsecond=1000)))
    server.faults.add("close", only="sale")
    till.on_published = lambda o: (
        None if o.state is not State.UNKNOWN or applied(server) else _sold(server, body_of(other, theirs))
    )
    done = till.wait_until_settled(operation)
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert len(posted_requests(server)) == 1


def _sold(server: TrainingServer, body: dict[str, Any]) -> None:
    server.service.register_sale(body)


def test_sale_overwritten_by_other_till_is_reported(make_till: MakeTill, server: TrainingServer) -> None:
    till, other = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    theirs = other.sell()
    till.on_published = lambda o: None if o.state is not State.SENDING else _once(server, till, other, theirs)
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES), (
        "answered done, and the other's there"
    )


@pytest.mark.parametrize("other_part", [{"customer": Customer(name="Bia", document="11144477735")}, {"total": 4500}])
def test_sale_overwritten_without_metadata_is_reported(
    make_till: MakeTill, server: TrainingServer, other_part: dict[str, Any]
) -> None:
    server.service.set_options(shows_metadatas=False)
    till, other = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    theirs = other.sell(replace(SALE, placed_at=SALE.placed_at + timedelta(minutes=1, seconds=7), **other_part))
    till.on_published = lambda o: None if o.state is not State.SENDING else _once(server, till, other, theirs)
    done = till.wait_until_settled(till.sell())
    assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES), (
        "answered done, and the other's there"
    )


def test_own_sale_without_metadata_is_recognized(till: Till, server: TrainingServer) -> None:
    server.service.set_options(shows_metadatas=False)
    done = till.wait_until_settled(till.sell())
    till.time_offset += 2 * PROPAGATION_DELAY
    till.look_up(SALE.order_id)
    assert (till.stored(done).state, till.stored(done).contradicted) == (State.CONFIRMED, False)


def _once(server: TrainingServer, till: Till, other: Till, theirs: Operation) -> None:
    """The other till's sale takes the order over before this one is looked up after its sending."""
    really = till.connection.send

    async def send(operation: Operation, request: SerializedRequest) -> Verdict:
        verdict = await really(operation, request)
        server.service.register_sale(body_of(other, theirs))
        return verdict

    till.connection.send = send  # type: ignore[method-assign]


def test_confirmed_sale_overwritten_later_raises_alarm(make_till: MakeTill, server: TrainingServer) -> None:
    till, other = make_till("caixa1"), make_till("caixa2", settings=replace(SETTINGS, till="CAIXA2"))
    done = till.wait_until_settled(till.sell())
    theirs = other.sell()
    server.service.register_sale(body_of(other, theirs))
    till.time_offset += 2 * PROPAGATION_DELAY
    till.look_up(SALE.order_id)
    assert till.stored(done).contradicted
    assert till.stored(done).state is State.CONFIRMED


def test_confirmed_own_sale_raises_no_alarm(till: Till, server: TrainingServer) -> None:
    done = till.wait_until_settled(till.sell())
    till.time_offset += 2 * PROPAGATION_DELAY
    till.look_up(SALE.order_id)
    assert not till.stored(done).contradicted


# --- a typed number is free only after two "not found"


@pytest.mark.parametrize("sale", [SALE, OWN_NUMBER])
def test_typed_number_is_not_free_after_one_not_found(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch, sale: Any
) -> None:
    """An outdated part of BonifiQ answers once that order 1002 does not exist."""
    till = make_till("caixa1", pace=replace(FAST_RETRIES, not_found_interval=0.3))
    really = till.connection.look_up
    missing = iter([OrderNotFound()])

    async def look_up(order_id: str) -> Order:
        for error in missing:
            raise error
        return await really(order_id)

    monkeypatch.setattr(till.connection, "look_up", look_up)
    before = server.service.find("1002")
    typed = replace(sale, order_id="1002") if sale is SALE else sale
    done = till.wait_until_settled(till.sell(typed))
    if sale is SALE:
        assert (done.state, done.review_reason) == (State.REVIEW, ReviewReason.ORDER_CHANGED)
        assert posted_requests(server) == []
        assert server.service.find("1002") == before
    else:
        assert done.state is State.CONFIRMED


def test_second_not_found_waits_without_blocking_others(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1", pace=replace(FAST_RETRIES, not_found_interval=1.0))
    typed = till.sell()
    other = till.sell(OWN_NUMBER)
    assert till.wait_until_settled(other).state is State.CONFIRMED
    assert till.stored(typed).state is State.QUEUED
    assert till.wait_until_settled(typed).state is State.CONFIRMED
    looked = [request for request in server.service.requests if request.method == "GET"]
    assert len(looked) == 3, "twice before, once after"


def test_failed_lookup_between_two_not_found_restarts_wait(till: Till, server: TrainingServer) -> None:
    operation = till.sell()
    till.wait_until(lambda: any(request.method == "GET" for request in server.service.requests))
    server.faults.add("error_500", only="lookup")
    done = till.wait_until_settled(operation)
    assert done.state is State.CONFIRMED
    methods = [request.method for request in server.service.requests]
    assert methods[: methods.index("POST")].count("GET") == 4
