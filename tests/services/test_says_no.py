"""A complete "no" in a form that decides nothing is repeated once; the same one again is for a person."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from bonifiq_desktop.api.client import Seen
from bonifiq_desktop.api.verdict import judge
from bonifiq_desktop.domain.operations import Decision, Doubt, Evidence, Kind, Operation, State
from bonifiq_desktop.domain.verdicts import CancelStatus, Done, Trouble, Unknown, Verdict
from bonifiq_desktop.training.faults import CallKind
from bonifiq_desktop.training.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.services.till import FAST, Till, applied, posts

NO, OTHER = Unknown(Trouble.SAYS_NO, code="409", message="Conflict"), Unknown(Trouble.SAYS_NO, code="422")
IN_PROGRESS, SICK = Unknown(Trouble.IN_PROGRESS), Unknown(Trouble.SERVER_ERROR)
ASKS: dict[Kind, Callable[[Till], Operation]] = {
    Kind.REFUND: lambda till: till.refund(4990),
    Kind.CANCEL: Till.cancel,
    Kind.SALE: Till.sell,
}
Judge = Callable[[Iterable[Verdict]], None]
SENDINGS: tuple[CallKind, ...] = ("refund", "cancel", "sale")
CANCELLED = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}


@pytest.fixture(name="judged")
def judged_so(monkeypatch: pytest.MonkeyPatch, server: TrainingServer) -> Judge:
    """The next answers to sendings are judged so, and nothing of them is applied; those after them as ever."""

    def judge_so(verdicts: Iterable[Verdict]) -> None:
        given = list(verdicts)
        for kind in SENDINGS:
            server.faults.add("nonsense", only=kind, times=len(given))

        def judge_next(kind: Kind, seen: Seen, *, order_id: str, cancel_key: str | None) -> Verdict:
            return given.pop(0) if given else judge(kind, seen, order_id=order_id, cancel_key=cancel_key)

        monkeypatch.setattr("bonifiq_desktop.services.outbox.judge", judge_next)

    return judge_so


@pytest.mark.parametrize("kind", ASKS)
def test_the_same_no_twice_is_for_a_person_with_the_answers_own_words(
    till: Till, server: TrainingServer, judged: Judge, kind: Kind
) -> None:
    judged([NO, NO])
    done = till.decided(ASKS[kind](till))
    assert (done.state, done.doubt, done.attempts) == (State.REVIEW, Doubt.SAYS_NO_TWICE, 2)
    assert (done.trouble, done.message) == (Trouble.SAYS_NO, "Conflict")
    looks = [request.method for request in server.shop.requests][-1]
    assert looks == ("POST" if kind is Kind.REFUND else "GET"), "what has no key is looked up first"
    till.pass_time(0.2)
    assert len(posts(server)) == 2


@pytest.mark.parametrize("answers", [[NO, OTHER, NO], [NO, SICK, NO], [NO, IN_PROGRESS, NO], [IN_PROGRESS] * 4])
def test_another_answer_in_between_begins_anew(
    till: Till, server: TrainingServer, judged: Judge, answers: list[Verdict]
) -> None:
    judged(answers)
    done = till.decided(till.refund(4990))
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, len(answers) + 1)
    assert applied(server) == [("refund", "1001", 4990)]


def test_a_restart_does_not_begin_anew(make_till: MakeTill, server: TrainingServer, judged: Judge) -> None:
    till = make_till("caixa1")
    judged([NO])
    operation = till.refund(4990)
    till.reaches(operation, State.UNKNOWN)
    till.run(till._stop())
    till.ledger.close()
    judged([NO])
    assert make_till("caixa1").decided(operation).doubt is Doubt.SAYS_NO_TWICE
    assert len(posts(server)) == 2


def test_a_person_may_try_again_and_the_same_no_comes_back_at_once(
    till: Till, server: TrainingServer, judged: Judge
) -> None:
    judged([NO] * 3)
    operation = till.decided(till.refund(4990))
    till.counter.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "de novo")
    till.heard.clear()
    till.outbox.wake()
    assert till.decided(operation).doubt is Doubt.SAYS_NO_TWICE
    assert len(posts(server)) == 3


def test_a_sale_that_says_no_twice_and_is_found_is_confirmed(till: Till, server: TrainingServer, judged: Judge) -> None:
    judged([NO, NO])
    server.faults.clear()  # the first one was applied
    done = till.decided(till.sell())
    assert (done.state, done.evidence, len(posts(server))) == (State.CONFIRMED, Evidence.LOOKUP, 1)


# --- a part answered as a cancellation


def part(judged: Judge, till: Till) -> Operation:
    judged([Done(status=CancelStatus.CANCELLED)])
    return till.decided(till.refund(4990))


def test_a_part_answered_as_cancelled_is_looked_up_before_it_is_told(
    till: Till, server: TrainingServer, judged: Judge
) -> None:
    done = part(judged, till)
    assert (done.state, done.evidence, done.api_status) == (State.CONFIRMED, Evidence.ANSWER, CancelStatus.CANCELLED)
    assert [request.method for request in server.shop.requests] == ["GET", "POST", "GET"]
    assert not till.now(done).contradicted


def test_a_part_that_cancelled_the_whole_order_is_confirmed_with_an_alarm(
    till: Till, server: TrainingServer, judged: Judge
) -> None:
    def cancel_all(heard: Operation) -> None:
        if heard.state is State.SENDING:
            server.shop.cancel("1001", CANCELLED)

    till.when_heard = cancel_all
    done = part(judged, till)
    till.until(lambda: till.now(done).contradicted)
    now = till.now(done)
    assert (now.state, now.evidence, now.api_status) == (State.CONFIRMED, Evidence.LOOKUP, CancelStatus.CANCELLED)
    till.counter.acknowledge(done.operation_id)
    till.let_copies_die()
    till.look_up()
    assert not till.now(done).contradicted, "a person has looked into it"


def test_where_the_look_up_brought_nothing_a_later_one_tells(till: Till, server: TrainingServer, judged: Judge) -> None:
    operation = till.refund(4990)
    judged([Done(status=CancelStatus.CANCELLED)])
    server.faults.add("html", only="lookup")
    done = till.decided(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    server.shop.cancel("1001", CANCELLED)
    till.let_copies_die()
    till.look_up()
    assert till.now(done).contradicted


# --- the wait that BonifiQ asks for


@pytest.mark.parametrize("only", ["lookup", "refund"])
def test_whatever_request_is_asked_to_wait_all_wait(
    make_till: MakeTill, server: TrainingServer, judged: Judge, only: CallKind
) -> None:
    """A look-up after a used key brings no verdict, and what it is asked counts all the same."""
    till = make_till("caixa1", pace=replace(FAST, longest_asked=900))
    first = till.refund(4990)
    if only == "lookup":
        judged([Done(status=CancelStatus.CANCELLED)])
    server.faults.add("error_503", only=only, retry_after=1)
    till.open()
    till.until(lambda: till.outbox._throttled_until > 0)
    other = till.refund(100, "1002")
    sent = len(posts(server))
    till.pass_time(0.1)
    assert len(posts(server)) == sent
    assert till.decided(other).state is State.CONFIRMED
    assert till.decided(first).state is State.CONFIRMED
