"""A second remote system, without client keys, beside BonifiQ in one ledger: queue, lost answers, read-back, review."""

import asyncio
from collections.abc import Iterator

import pytest

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Decision, Evidence, ReviewReason, State
from bonifiq_desktop.ledger.errors import CommitUncertain, OrderBusy
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import Till, applied
from tests.support.tally_system import SYSTEM, TallyServer
from tests.support.tally_till import NAME, Tally

HALF = 5000  # cents: two such refunds are more than order 1001 is worth
SMALL = 1000


@pytest.fixture(name="server_of_tally")
def listening_tally() -> Iterator[tuple[TallyServer, str]]:
    """The made-up system, listening."""
    server = TallyServer()
    with server.listening() as url:
        yield server, url


@pytest.fixture(name="tally_server")
def only_the_server(server_of_tally: tuple[TallyServer, str]) -> TallyServer:
    """What the made-up system holds."""
    return server_of_tally[0]


@pytest.fixture(name="tally")
def tally_beside_bonifiq(till: Till, server_of_tally: tuple[TallyServer, str]) -> Iterator[Tally]:
    """The made-up system's services beside those of BonifiQ."""
    tally = Tally(till, server_of_tally[1])
    yield tally
    tally.stop()


def test_refund_without_client_key_is_sent_and_confirmed_by_its_answer(tally: Tally, tally_server: TallyServer) -> None:
    queued = tally.refund(HALF)
    assert (queued.state, queued.system, queued.connection, queued.cancel_key) == (State.QUEUED, SYSTEM, NAME, None)
    assert tally_server.posts == 0, "registering sends nothing"
    tally.start()
    done = tally.settled(queued)
    assert (done.state, done.evidence, tally_server.cents("1001")) == (State.CONFIRMED, Evidence.ANSWER, [HALF])


def test_lost_answer_of_an_applied_refund_is_confirmed_by_read_back(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_after"]
    tally.start()
    operation = tally.refund(SMALL)
    done = tally.settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert (tally_server.posts, tally_server.cents("1001")) == (1, [SMALL])
    assert "R1" in tally.till.details(operation).events[-1].note, "the id that the system gave stays in the history"


def test_lost_request_that_limits_itself_is_sent_again(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_before", "unavailable"]
    tally.start()
    done = tally.settled(tally.refund(HALF))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert (tally_server.posts, tally_server.cents("1001")) == (3, [HALF])


def test_lost_request_that_could_apply_twice_goes_to_review(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_before"]
    tally.start()
    operation = tally.refund(SMALL)
    left = tally.settled(operation)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert tally_server.posts == 1, "never again without a person"
    with pytest.raises(OrderBusy):
        tally.refund(SMALL)
    tally.till.expire_copies()
    decided = tally.review.decide(operation.operation_id, Decision.NOT_DONE, "Ana", "Não consta no portal")
    assert decided.state is State.NOT_APPLIED
    assert tally.settled(tally.refund(SMALL)).state is State.CONFIRMED
    assert tally_server.cents("1001") == [SMALL]


def test_late_application_is_waited_for_and_not_repeated(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["late"]
    tally.start()
    operation = tally.refund(HALF)
    tally.wait_until(lambda: tally.till.stored(operation).state is State.UNKNOWN)
    tally.till.run(asyncio.sleep(0.2))
    assert (tally.till.stored(operation).state, tally_server.posts) == (State.UNKNOWN, 1)
    tally_server.apply_late()
    done = tally.settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert (tally_server.posts, tally_server.cents("1001")) == (1, [HALF])


def test_equal_refund_of_another_client_makes_read_back_ambiguous(tally: Tally, tally_server: TallyServer) -> None:
    operation = tally.refund(SMALL)
    tally_server.apply("1001", SMALL)
    tally_server.faults = ["drop_after"]
    tally.start()
    left = tally.settled(operation)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert tally.review.decide(operation.operation_id, Decision.WAS_DONE, "Ana", "R2").state is State.CONFIRMED


def test_earlier_refund_of_the_same_amount_is_no_evidence(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.apply("1001", 4990)
    tally_server.faults = ["drop_before"]
    tally.start()
    done = tally.settled(tally.refund(4990))
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert (tally_server.posts, tally_server.cents("1001")) == (2, [4990] * 2)


def test_refusal_of_the_only_sending_is_read_back_and_final(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["refuse"]
    tally.start()
    refused = tally.settled(tally.refund(HALF))
    assert (refused.state, refused.message) == (State.REFUSED, "not refundable")
    assert tally_server.cents("1001") == []


def test_refusal_of_a_repeat_goes_to_review(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_before", "refuse"]
    tally.start()
    left = tally.settled(tally.refund(HALF))
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.REFUSED_ON_REPEAT)
    assert (tally_server.posts, tally_server.cents("1001")) == (2, [])


def test_operation_of_a_killed_program_is_read_back_after_the_restart(
    make_till: MakeTill, server_of_tally: tuple[TallyServer, str]
) -> None:
    tally_server, url = server_of_tally
    first = make_till("caixa1")
    tally = Tally(first, url)
    operation = tally.refund(HALF)
    first.ledger.start_attempt(operation.operation_id, tally.connection.server_id)
    tally_server.apply("1001", HALF)  # it was applied, and the program died before the answer
    tally.stop()
    first.close()
    again = Tally(make_till("caixa1"), url)
    assert again.till.stored(operation).state is State.UNKNOWN
    again.start()
    done = again.settled(operation)
    assert (done.state, done.evidence, tally_server.posts) == (State.CONFIRMED, Evidence.LOOKUP, 0)
    again.stop()


# --- beside BonifiQ


def test_same_order_number_is_free_in_the_other_system(tally: Tally, server: TrainingServer) -> None:
    here = tally.refund(HALF)
    there = tally.till.refund(2590)
    assert (here.order_id, there.order_id) == ("1001", "1001")
    tally.start()
    assert tally.settled(here).state is State.CONFIRMED
    assert tally.till.wait_until_settled(there).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", 2590)]
    found = tally.till.run(tally.services.lookup.look_up("1001"))
    assert [operation.operation_id for operation in found.operations] == [here.operation_id]


def test_unreachable_bonifiq_does_not_hold_up_the_other_system(tally: Tally, server: TrainingServer) -> None:
    there = tally.till.refund(2590)
    server.stop()
    tally.till.start_outbox()
    tally.start()
    tally.wait_until(lambda: tally.till.connection.status is ConnectionStatus.OFFLINE)
    assert tally.settled(tally.refund(HALF)).state is State.CONFIRMED
    assert tally.connection.status is ConnectionStatus.ONLINE
    assert tally.till.stored(there).state in {State.QUEUED, State.SENDING}


def test_refused_credentials_of_one_system_stop_only_its_outbox(tally: Tally, tally_server: TallyServer) -> None:
    operation = tally.refund(HALF)
    tally_server.lets_in = False
    tally.connection.recent_orders.clear()
    tally.start()
    tally.wait_until(lambda: tally.services.outbox.stopped_by_credentials)
    assert tally.connection.status is ConnectionStatus.CREDENTIALS
    assert tally.till.wait_until_settled(tally.till.refund(2590)).state is State.CONFIRMED
    assert not tally.till.outbox.stopped_by_credentials
    tally_server.lets_in = True
    tally.services.outbox.credentials_changed()
    assert tally.settled(operation).state is State.CONFIRMED


def test_uncertain_commit_of_one_outbox_leaves_the_others_attempt_alone(
    tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tally.till.ledger
    really = ledger.start_attempt
    under_way = tally.refund(HALF)
    really(under_way.operation_id, tally.connection.server_id)  # another outbox is sending just now
    errors = iter([CommitUncertain("disk")])

    def start(operation_id: int, server_id: str = "") -> object:
        for error in errors:
            raise error
        return really(operation_id, server_id)

    monkeypatch.setattr(ledger, "start_attempt", start)
    assert tally.till.wait_until_settled(tally.till.refund(2590)).state is State.CONFIRMED
    assert tally.till.stored(under_way).state is State.SENDING
