"""Legs of a return over real HTTP: money before points, one after another, lost answers, decisions, follow-up."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.verdicts import Done, FailureReason
from bonifiq_desktop.ledger.errors import OrderBusy, TransitionRefused
from bonifiq_desktop.services.follow_up import INTERVAL
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till, applied
from tests.support.tally_system import CREDENTIALS, ReturnTallyConnector, TallyServer
from tests.support.tally_till import Tally

HALF, SMALL, POINTS = 4995, 1000, 2590
RETURN = "DV-1"


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


def start(tally: Tally) -> None:
    """Start both outboxes."""
    tally.till.start_outbox()
    tally.start()


def state(tally: Tally, operation: Operation) -> tuple[State, ReviewReason | None]:
    """The state of an operation and the reason for its review."""
    stored = tally.till.stored(operation)
    return stored.state, stored.review_reason


# --- money first


def test_points_are_sent_after_all_money_was_given_back(
    tally: Tally, tally_server: TallyServer, server: TrainingServer
) -> None:
    one, two, points = tally.register(tally.money("A", SMALL, RETURN), tally.money("B", SMALL, RETURN), points=POINTS)
    tally.till.run_for(0.2)
    assert (tally.till.stored(points).state, applied(server)) == (State.QUEUED, []), "its outbox runs, the money's not"
    tally.start()
    assert tally.settled(points).state is State.CONFIRMED
    assert [tally.till.stored(o).state for o in (one, two)] == [State.CONFIRMED] * 2
    assert (tally_server.lines("1001"), applied(server)) == (["A", "B"], [("refund", "1001", POINTS)])
    assert [tally.till.stored(o).evidence_id for o in (one, two, points)] == ["R1", "R2", ""]


def test_points_without_money_legs_leave_at_once(tally: Tally, server: TrainingServer) -> None:
    [points] = tally.register(points=POINTS)
    start(tally)
    assert tally.settled(points).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", POINTS)]


@pytest.mark.parametrize(("decision", "after"), [(Decision.TRY_AGAIN, 1), (Decision.NOT_DONE, 0)])
def test_refused_money_holds_the_points_until_a_person_decides(
    tally: Tally, tally_server: TallyServer, server: TrainingServer, decision: Decision, after: int
) -> None:
    tally_server.faults = ["refuse"]
    money, points = tally.register(tally.money("A", SMALL, RETURN), points=POINTS)
    start(tally)
    assert tally.settled(money).state is State.REFUSED
    tally.settled(points)
    assert state(tally, points) == (State.REVIEW, ReviewReason.MONEY_REFUSED)
    assert applied(server) == []
    with pytest.raises(TransitionRefused):
        tally.review.decide(points.operation_id, Decision.WAS_DONE, "Ana", "Não")
    tally.review.decide(points.operation_id, decision, "Ana", "Dinheiro na gaveta")
    tally.till.outbox.wake()
    assert tally.settled(points).state is (State.CONFIRMED if after else State.NOT_APPLIED)
    assert len(applied(server)) == after


def test_released_points_are_not_held_again_after_a_failed_connection(
    tally: Tally, tally_server: TallyServer, server: TrainingServer
) -> None:
    tally_server.faults = ["refuse"]
    _money, points = tally.register(tally.money("A", SMALL, RETURN), points=POINTS)
    start(tally)
    tally.settled(points)
    tally.till.mark_recently_seen(points)
    server.stop()
    tally.review.decide(points.operation_id, Decision.TRY_AGAIN, "Ana", "Dinheiro na gaveta")
    tally.till.outbox.wake()
    tally.wait_until(lambda: "not_sent" in tally.till.attempt_outcomes(points))
    tally.till.run_for(0.3)
    assert tally.till.stored(points).state in {State.QUEUED, State.SENDING}, "it is tried again and again"


def test_withdrawn_money_holds_the_points(tally: Tally, server: TrainingServer) -> None:
    money, points = tally.register(tally.money("A", SMALL, RETURN), points=POINTS)
    tally.till.start_outbox()
    tally.till.run_for(0.1)
    tally.services.registration.withdraw(money.operation_id)
    tally.settled(points)
    assert (state(tally, points), applied(server)) == ((State.REVIEW, ReviewReason.MONEY_REFUSED), [])


def test_points_wait_while_the_money_is_in_review(
    tally: Tally, tally_server: TallyServer, server: TrainingServer
) -> None:
    tally_server.faults = ["drop_before"]
    money, points = tally.register(tally.money("A", SMALL, RETURN), points=POINTS)
    start(tally)
    assert tally.settled(money).state is State.REVIEW
    tally.till.run_for(0.2)
    assert (tally.till.stored(points).state, applied(server)) == (State.QUEUED, [])
    tally.review.decide(money.operation_id, Decision.WAS_DONE, "Ana", "Visto no portal: R9")
    assert tally.settled(points).state is State.CONFIRMED


@pytest.mark.parametrize("decision", [Decision.WAS_DONE, Decision.NOT_DONE])
def test_points_of_a_restored_ledger_that_a_person_sends_still_wait_for_the_money(
    tally: Tally, server: TrainingServer, decision: Decision
) -> None:
    money, points = tally.register(tally.money("A", SMALL, RETURN), points=POINTS)
    tally.till.ledger.connection.set_metadata("quarantine", "1")
    tally.till.ledger.recover()
    start(tally)
    assert tally.settled(money).state is State.REVIEW
    tally.review.decide(points.operation_id, Decision.TRY_AGAIN, "Ana", "Não consta")
    tally.till.outbox.wake()
    tally.till.run_for(0.2)
    assert (tally.till.stored(points).state, applied(server)) == (State.UNKNOWN, [])
    tally.till.expire_copies()
    tally.review.decide(money.operation_id, decision, "Ana", "Visto no portal")
    tally.till.outbox.wake()
    tally.settled(points)
    if decision is Decision.WAS_DONE:
        assert (state(tally, points), len(applied(server))) == ((State.CONFIRMED, None), 1)
    else:
        assert (state(tally, points), applied(server)) == ((State.REVIEW, ReviewReason.MONEY_REFUSED), [])


# --- one after another


def test_leg_in_review_holds_up_only_its_own_line(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_before"]
    one, two = tally.register(tally.money("A", SMALL, RETURN), tally.money("B", SMALL, RETURN))
    start(tally)
    tally.wait_until(lambda: tally.till.stored(one).state is State.UNKNOWN)
    assert tally.till.stored(two).attempts == 0, "the first one is not settled"
    tally.wait_until(lambda: tally.till.stored(two).state is State.CONFIRMED)
    assert state(tally, one) == (State.REVIEW, ReviewReason.NO_TRACE)
    assert tally_server.lines("1001") == ["B"]


def test_second_leg_on_the_line_of_one_in_review_waits(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_before"]
    one, two = tally.register(tally.money("A", SMALL, RETURN), tally.money("A", SMALL, RETURN))
    start(tally)
    assert tally.settled(one).state is State.REVIEW
    tally.till.run_for(0.3)
    assert (tally.till.stored(two).attempts, tally_server.cents("1001")) == (0, [])


def test_other_return_of_the_order_is_refused_meanwhile(tally: Tally) -> None:
    tally.register(tally.money("A", SMALL, RETURN))
    with pytest.raises(OrderBusy):
        tally.register(tally.money("B", SMALL, "DV-2"))


# --- a lost answer


def test_lost_answer_is_confirmed_with_the_id_of_the_system(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["drop_after"]
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    done = tally.settled(leg)
    assert (done.state, done.evidence, done.evidence_id) == (State.CONFIRMED, Evidence.LOOKUP, "R1")
    assert tally_server.posts == 1


def test_lost_request_that_limits_itself_is_sent_again_once_settled(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.apply("1001", 4990, "B")
    tally_server.faults = ["drop_before"]
    start(tally)
    [leg] = tally.register(tally.money("A", HALF, RETURN))
    done = tally.settled(leg)
    assert (done.state, done.evidence_id, tally_server.posts) == (State.CONFIRMED, "R2", 2)
    assert tally_server.gets >= 4, "looked up, looked up before the sending, and two readings"


def test_late_application_between_the_readings_is_found_and_not_repeated(
    tally: Tally, tally_server: TallyServer
) -> None:
    tally_server.faults = ["silent_late"]
    start(tally)
    [leg] = tally.register(tally.money("A", HALF, RETURN))
    tally.wait_until(lambda: tally.till.stored(leg).state is State.UNKNOWN)
    tally_server.apply_late()
    done = tally.settled(leg)
    assert (done.state, done.evidence, tally_server.posts) == (State.CONFIRMED, Evidence.LOOKUP, 1)


@pytest.mark.parametrize(("decision", "posts"), [(Decision.TRY_AGAIN, 2), (Decision.NOT_DONE, 1)])
def test_person_decides_about_a_request_without_a_trace(
    tally: Tally, tally_server: TallyServer, decision: Decision, posts: int
) -> None:
    tally_server.faults = ["drop_before"]
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally.settled(leg)
    assert state(tally, leg) == (State.REVIEW, ReviewReason.NO_TRACE)
    tally.till.expire_copies()
    tally.review.decide(leg.operation_id, decision, "Ana", "Não consta no portal")
    tally.services.outbox.wake()
    settled = tally.settled(leg)
    assert settled.state is (State.CONFIRMED if decision is Decision.TRY_AGAIN else State.NOT_APPLIED)
    assert (tally_server.posts, tally_server.cents("1001")) == (posts, [SMALL] * (posts - 1))


def test_decision_to_send_again_yields_to_a_trace_that_shows_by_now(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["silent_late"]
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    assert tally.settled(leg).state is State.REVIEW
    tally_server.apply_late()
    tally.till.expire_copies()
    tally.review.decide(leg.operation_id, Decision.TRY_AGAIN, "Ana", "Não consta no portal")
    tally.services.outbox.wake()
    assert tally.settled(leg).evidence is Evidence.LOOKUP
    assert (tally_server.posts, tally_server.cents("1001")) == (1, [SMALL])


def test_refund_of_another_client_before_the_sending_is_no_evidence(tally: Tally, tally_server: TallyServer) -> None:
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally_server.apply("1001", SMALL, "A")  # after the cashier saw the order
    tally_server.faults = ["drop_before"]
    start(tally)
    tally.settled(leg)
    tally.review.decide(leg.operation_id, Decision.TRY_AGAIN, "Ana", "É outra unidade")
    tally.services.outbox.wake()
    tally.wait_until(lambda: tally_server.posts == 1)
    tally.settled(leg)
    assert state(tally, leg) == (State.REVIEW, ReviewReason.NO_TRACE)


def test_two_candidates_go_to_a_person_who_cannot_send_again(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["silent_late"]
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally.wait_until(lambda: tally.till.stored(leg).state is State.UNKNOWN)
    tally_server.apply("1001", SMALL, "A")
    tally_server.apply_late()
    tally.settled(leg)
    assert state(tally, leg) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    tally.till.expire_copies()
    with pytest.raises(TransitionRefused):
        tally.review.decide(leg.operation_id, Decision.TRY_AGAIN, "Ana", "De novo")


def test_refusal_of_a_repeat_reads_back_before_a_person_is_asked(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["silent_late", "refuse"]
    start(tally)
    [leg] = tally.register(tally.money("A", 6000, RETURN))
    tally.wait_until(lambda: tally_server.posts == 2)
    tally_server.apply_late()
    done = tally.settled(leg)
    assert (done.state, done.evidence, tally_server.cents("1001")) == (State.CONFIRMED, Evidence.LOOKUP, [6000])


def test_refusal_of_the_first_sending_is_final_with_its_message(tally: Tally, tally_server: TallyServer) -> None:
    tally_server.faults = ["refuse"]
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    refused = tally.settled(leg)
    assert (refused.state, refused.message, tally_server.posts) == (State.REFUSED, "not refundable", 1)


# --- before the first sending


def test_line_closed_meanwhile_is_not_sent_before_a_person_decides(tally: Tally, tally_server: TallyServer) -> None:
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally_server.closed_lines = {"A"}
    start(tally)
    tally.settled(leg)
    assert (state(tally, leg), tally_server.posts) == ((State.REVIEW, ReviewReason.ORDER_CHANGED), 0)
    tally.review.decide(leg.operation_id, Decision.TRY_AGAIN, "Ana", "Combinado com o portal")
    tally.services.outbox.wake()
    assert tally.settled(leg).state is State.CONFIRMED


@pytest.mark.parametrize("cents", [SMALL, SMALL + 1])
def test_line_that_another_client_refunded_meanwhile_is_not_sent_before_a_person_decides(
    tally: Tally, tally_server: TallyServer, cents: int
) -> None:
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally_server.apply("1001", cents, "A")  # another till, or the portal; enough units are left
    start(tally)
    tally.settled(leg)
    assert (state(tally, leg), tally_server.posts) == ((State.REVIEW, ReviewReason.ORDER_CHANGED), 0)
    tally.review.decide(leg.operation_id, Decision.TRY_AGAIN, "Ana", "É outra unidade")
    tally.services.outbox.wake()
    assert tally.settled(leg).state is State.CONFIRMED
    assert tally_server.cents("1001") == [cents, SMALL]


def test_record_of_this_tills_own_earlier_return_holds_up_no_further_one(
    tally: Tally, tally_server: TallyServer
) -> None:
    first, second = tally.money("A", SMALL, RETURN), tally.money("A", SMALL, "DV-2")  # as both were seen before it
    start(tally)
    [leg] = tally.register(first)
    assert tally.settled(leg).state is State.CONFIRMED
    [leg] = tally.register(second)
    assert tally.settled(leg).state is State.CONFIRMED
    assert tally_server.cents("1001") == [SMALL, SMALL]


def test_line_of_another_leg_that_was_refunded_holds_up_no_leg(tally: Tally, tally_server: TallyServer) -> None:
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally_server.apply("1001", SMALL, "B")
    start(tally)
    assert tally.settled(leg).state is State.CONFIRMED


def test_unsent_leg_of_a_restored_ledger_has_no_baseline_and_asks_a_person(
    tally: Tally, tally_server: TallyServer
) -> None:
    [leg] = tally.register(tally.money("A", HALF, RETURN))
    ledger = tally.till.ledger
    ledger.connection.set_metadata("quarantine", "1")
    ledger.recover()
    tally_server.apply("1001", HALF, "A")
    start(tally)
    tally.settled(leg)
    assert (state(tally, leg), tally_server.posts) == ((State.REVIEW, ReviewReason.RESTORED), 0)


# --- 403


def test_forbidden_call_stops_its_connection_alone_and_says_why(
    tally: Tally, tally_server: TallyServer, server: TrainingServer
) -> None:
    tally_server.forbids = True
    start(tally)
    [leg] = tally.register(tally.money("A", 6000, RETURN))
    tally.wait_until(lambda: tally.services.outbox.stopped_by is FailureReason.FORBIDDEN)
    assert tally.till.stored(leg).failure_reason is FailureReason.FORBIDDEN
    tally.till.run_for(0.3)
    assert (tally_server.posts, tally.till.outbox.stopped_by) == (1, None)
    assert tally.till.wait_until_settled(tally.till.refund(POINTS)).state is State.CONFIRMED
    tally_server.forbids = False
    tally.services.outbox.credentials_changed()
    assert tally.settled(leg).state is State.CONFIRMED
    assert applied(server) == [("refund", "1001", POINTS)]


# --- follow-up


def _advance(tally: Tally, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the follow-up's clock be ahead by so much."""
    loop = tally.till.run(_running())
    really = type(loop).time
    monkeypatch.setattr(loop, "time", lambda: really(loop) + seconds, raising=False)
    tally.services.outbox.wake()


async def _running() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def test_remote_state_of_accepted_money_is_followed_until_it_is_final(
    tally: Tally, tally_server: TallyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    done = tally.settled(leg)
    _advance(tally, monkeypatch, INTERVAL + 1)
    tally.wait_until(lambda: tally.till.stored(leg).remote_state == "WAITING_REFUND")
    tally_server.refund_state = "REFUNDED"
    gets = tally_server.gets
    tally.services.outbox.wake()
    tally.till.run(asyncio.sleep(0.2))
    assert tally_server.gets == gets, "not twice in fifteen minutes"
    _advance(tally, monkeypatch, 2 * INTERVAL + 2)
    tally.wait_until(lambda: tally.till.stored(leg).remote_state == "REFUNDED")
    assert tally.till.stored(leg) == replace(done, remote_state="REFUNDED"), "the final state stays"
    assert "REFUNDED" in {heard.remote_state for heard in tally.till.published}
    gets = tally_server.gets
    _advance(tally, monkeypatch, 3 * INTERVAL + 3)
    tally.till.run(asyncio.sleep(0.2))
    assert tally_server.gets == gets, "what is final is read no more"


def test_accepted_money_without_a_state_yet_is_followed_until_it_has_one(
    tally: Tally, tally_server: TallyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = ReturnTallyConnector.send

    async def send_without_id(
        connector: ReturnTallyConnector, operation: Operation, request: SerializedRequest
    ) -> Done:
        await send(connector, operation, request)
        return Done()  # as the cancellation of a whole order in a marketplace

    monkeypatch.setattr(ReturnTallyConnector, "send", send_without_id)
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally.settled(leg)
    gets = tally_server.gets
    _advance(tally, monkeypatch, INTERVAL + 1)
    tally.wait_until(lambda: tally_server.gets > gets)
    tally.till.run(asyncio.sleep(0.1))
    gets = tally_server.gets
    _advance(tally, monkeypatch, 2 * INTERVAL + 2)
    tally.wait_until(lambda: tally_server.gets > gets)


def test_follow_up_leaves_what_another_address_accepted_alone(
    tally: Tally, tally_server: TallyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally.settled(leg)
    other = TallyServer(refund_state="REFUNDED")
    other.apply("1001", SMALL, "A")  # another order, with the same numbers
    with other.listening() as url:
        tally.till.run(tally.connection.configure(url, CREDENTIALS, "OTHER SHOP"))
        _advance(tally, monkeypatch, INTERVAL + 1)
        tally.till.run(asyncio.sleep(0.2))
    assert (other.gets, tally.till.stored(leg).remote_state) == (0, "")


def test_follow_up_of_an_unreachable_system_waits_for_the_next_round(
    tally: Tally, tally_server: TallyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(tally)
    [leg] = tally.register(tally.money("A", SMALL, RETURN))
    tally.settled(leg)
    tally_server.lets_in = False
    _advance(tally, monkeypatch, INTERVAL + 1)
    gets = tally_server.gets
    tally.wait_until(lambda: tally_server.gets == gets + 1)
    tally.till.run(asyncio.sleep(0.2))
    assert (tally_server.gets, tally.till.stored(leg).remote_state) == (gets + 1, "")
