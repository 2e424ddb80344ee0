"""A whole till with a marketplace over real HTTP: each lost answer ends where the marketplace's records say."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bonifiq_desktop.connectors.mirakl.connector import MiraklConnector
from bonifiq_desktop.domain.operations import Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import MIRAKL, SettlingTimes
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from bonifiq_desktop.worker import commands as c
from tests.connectors.mirakl.examples import ORDER, SETTINGS, choice, line_json, order_json
from tests.connectors.mirakl.marketplace import Marketplace
from tests.support.fake_keyring import FakeKeyring
from tests.support.remote_till import RemoteTill
from tests.support.scripted_server import ScriptedServer

NAME = SETTINGS.name
RESTING = {State.CONFIRMED, State.REFUSED, State.REVIEW}


@pytest.fixture(name="marketplace")
def make_marketplace() -> Marketplace:
    """An order of two shirts, and one of one shirt that can only be cancelled by line."""
    single = line_json("single", quantity=1, price=49.9, total_price=57.9)
    return Marketplace(
        [order_json(), order_json(single, order_id="5550001-A", commercial_id="5550001", can_cancel=False)]
    )


@pytest.fixture(name="till")
def running_till(
    paths: Paths, server: TrainingServer, marketplace: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RemoteTill]:
    """A till connected to the marketplace, with short times for settling."""
    monkeypatch.setattr(backend, "CONNECTORS", {MIRAKL: MiraklConnector})
    monkeypatch.setattr(backend, "system_keyring", FakeKeyring)
    monkeypatch.setattr(MiraklConnector, "settling", SettlingTimes(first=0.05, between=0.05))
    with ScriptedServer(marketplace.script) as listening:
        till = RemoteTill(paths, server.url)
        try:
            till.ask(c.SaveConnection(replace(SETTINGS, url=listening.url), "shop-key-0123"))
            yield till
        finally:
            till.close()


def _return(till: RemoteTill, order_id: str, line_id: str = f"{ORDER}-1") -> Operation:
    """Register the return of one unit, and wait until it rests."""
    order = till.ask(c.LookUpElsewhere(NAME, order_id)).order
    (leg,) = till.ask(c.RegisterReturn(ReturnRequest(None, (RemoteRequest(NAME, order, choice(1, line_id)),))))

    def now() -> Operation:
        found: Operation = till.backend.ledger.queries.legs(leg.return_id)[0]
        return found

    till.wait_until(lambda: now().state in RESTING)
    return now()


def test_return_is_confirmed_with_the_id_of_its_cancelation(till: RemoteTill, marketplace: Marketplace) -> None:
    leg = _return(till, ORDER)
    assert (leg.state, leg.evidence, leg.evidence_id, leg.value) == (State.CONFIRMED, Evidence.ANSWER, "c-1", 4990)
    assert (marketplace.writes, marketplace.records) == (1, 1)


def test_lost_answer_of_an_applied_cancelation_is_confirmed_by_its_id(
    till: RemoteTill, marketplace: Marketplace
) -> None:
    marketplace.faults = ["lost"]
    leg = _return(till, ORDER)
    assert (leg.state, leg.evidence, leg.evidence_id) == (State.CONFIRMED, Evidence.LOOKUP, "c-1")
    assert (marketplace.writes, marketplace.records) == (1, 1)


def test_request_that_never_arrived_is_repeated_where_it_limits_itself(
    till: RemoteTill, marketplace: Marketplace
) -> None:
    marketplace.faults = ["dropped"]
    leg = _return(till, "5550001-A", "single")
    assert (leg.state, leg.evidence_id) == (State.CONFIRMED, "c-1")
    assert (marketplace.writes, marketplace.records) == (2, 1)


def test_request_without_trace_that_could_be_applied_twice_waits_for_a_person(
    till: RemoteTill, marketplace: Marketplace
) -> None:
    marketplace.faults = ["dropped"]
    leg = _return(till, ORDER)
    assert (leg.state, leg.review_reason) == (State.REVIEW, ReviewReason.NO_TRACE)
    assert (marketplace.writes, marketplace.records) == (1, 0)


def test_two_equal_cancelations_wait_for_a_person(till: RemoteTill, marketplace: Marketplace) -> None:
    marketplace.faults = ["doubled"]
    leg = _return(till, ORDER)
    assert (leg.state, leg.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert marketplace.writes == 1


def test_first_refusal_of_line_cancelling_is_learnt(till: RemoteTill, marketplace: Marketplace) -> None:
    marketplace.faults = ["off"]
    leg = _return(till, ORDER)
    assert (leg.state, leg.message) == (State.REFUSED, "The shop partial cancelation feature is not enabled")
    with pytest.raises(ReturnImpossible) as caught:
        _return(till, ORDER)
    assert caught.value.obstacle is Obstacle.WHOLE_ORDER_ONLY
    assert marketplace.writes == 1
