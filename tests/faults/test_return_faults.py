"""Every pair of faults on the way of a marketplace leg: never given back twice, and no outcome that is not so."""

from collections.abc import Iterator
from itertools import product

import pytest

from bonifiq_desktop.domain.operations import Evidence, State
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till, applied
from tests.support.tally_system import ReturnTallyConnector, TallyServer
from tests.support.tally_till import Tally

FAULTS = ("", "drop_before", "drop_after", "late", "silent_late", "refuse", "unavailable")
LIMITED, UNLIMITED = 6000, 1000  # cents: two of the first are more than the order is worth
POINTS = 2590


@pytest.fixture(name="tally_server")
def made_up_system() -> TallyServer:
    """The made-up system."""
    return TallyServer()


@pytest.fixture(name="tally")
def tally_for_returns(till: Till, tally_server: TallyServer) -> Iterator[Tally]:
    """The made-up system's services beside those of BonifiQ."""
    with tally_server.listening() as url:
        tally = Tally(till, url, ReturnTallyConnector)
        yield tally
        tally.stop()


@pytest.mark.parametrize("cents", [LIMITED, UNLIMITED])
@pytest.mark.parametrize("faults", list(product(FAULTS, FAULTS)), ids=lambda pair: "-".join(f or "fine" for f in pair))
def test_leg_is_given_back_once_at_most_and_its_outcome_is_true(
    tally: Tally, tally_server: TallyServer, server: TrainingServer, faults: tuple[str, str], cents: int
) -> None:
    money, points = tally.register(tally.money("A", cents, "DV-1"), points=POINTS)
    tally_server.faults = list(faults)
    tally.till.start_outbox()
    tally.start()
    tally.wait_until(lambda: bool(tally_server.posts))

    def settles() -> bool:
        state = tally.till.stored(money).state
        if state is State.UNKNOWN:
            tally_server.apply_late()  # what was accepted shows before the records are believed
        return state not in {State.QUEUED, State.SENDING, State.UNKNOWN}

    tally.wait_until(settles)
    done = tally.till.stored(money)
    count = tally_server.cents("1001").count(cents)
    assert count <= 1
    expected = {State.CONFIRMED: 1, State.REFUSED: 0}
    assert count == expected.get(done.state, count), done.state
    if cents == UNLIMITED:
        assert tally_server.posts == 1, "never repeated without a person"
    if done.state is State.CONFIRMED:
        assert tally.settled(points).state is State.CONFIRMED
        assert done.evidence_id == tally_server.refunds["1001"][0].refund_id
        assert done.evidence in {Evidence.ANSWER, Evidence.LOOKUP}
    else:
        tally.till.run_for(0.1)
        assert applied(server) == [], "points never before the money"
