"""Tests of partial refunds that BonifiQ answers as a cancellation of the order."""

from bonifiq_desktop.domain.operations import Evidence, Operation, State
from bonifiq_desktop.domain.verdicts import CancelStatus, Done
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import QueueVerdicts
from tests.support.headless_till import Till

CANCELLED = {"OrderCancelledDate": "2026-01-01T00:00:00Z"}


def part(judged: QueueVerdicts, till: Till) -> Operation:
    judged([Done(status=CancelStatus.CANCELLED)])
    return till.wait_until_settled(till.refund(4990))


def test_refund_answered_cancelled_is_looked_up_first(
    till: Till, server: TrainingServer, judged: QueueVerdicts
) -> None:
    done = part(judged, till)
    assert (done.state, done.evidence, done.api_status) == (State.CONFIRMED, Evidence.ANSWER, CancelStatus.CANCELLED)
    assert [request.method for request in server.service.requests] == ["GET", "POST", "GET"]
    assert not till.stored(done).contradicted


def test_refund_that_cancelled_order_is_confirmed_with_alarm(
    till: Till, server: TrainingServer, judged: QueueVerdicts
) -> None:
    def cancel_all(heard: Operation) -> None:
        if heard.state is State.SENDING:
            server.service.cancel("1001", CANCELLED)

    till.on_published = cancel_all
    done = part(judged, till)
    till.wait_until(lambda: till.stored(done).contradicted)
    now = till.stored(done)
    assert (now.state, now.evidence, now.api_status) == (State.CONFIRMED, Evidence.LOOKUP, CancelStatus.CANCELLED)
    till.review.acknowledge(done.operation_id)
    till.expire_copies()
    till.look_up()
    assert not till.stored(done).contradicted, "a person has looked into it"


def test_refund_answered_cancelled_is_found_by_later_lookup(
    till: Till, server: TrainingServer, judged: QueueVerdicts
) -> None:
    operation = till.refund(4990)
    judged([Done(status=CancelStatus.CANCELLED)])
    server.faults.add("html", only="lookup")
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    server.service.cancel("1001", CANCELLED)
    till.expire_copies()
    till.look_up()
    assert till.stored(done).contradicted
