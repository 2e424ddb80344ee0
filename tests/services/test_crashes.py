"""Operations survive a crash, a full disk and the end of the program, and are applied once."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bonifiq_desktop.connectors import exact_json
from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.operations import Evidence, Kind, Operation, Resolution, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason, Verdict
from bonifiq_desktop.ledger.errors import CommitUncertain, LedgerFailed
from bonifiq_desktop.ledger.records import StartedAttempt
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.support.headless_till import (
    SETTLED_OR_REVIEW,
    Till,
    applied,
    call_kind_of,
    credentials_of,
    posted_requests,
)

ONCE = [("refund", "1001", 4990)]


def test_outcome_after_failed_write_is_stored_later_without_resending(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till("caixa1")
    operation, other = till.refund(4990), till.refund(100, "1002")
    whole_disk = till.ledger.finish_attempt
    failures = iter([LedgerFailed("full"), LedgerFailed("full")])

    def full_disk(sending: StartedAttempt, verdict: Verdict, resolution: Resolution) -> Operation:
        for failure in failures:
            raise failure
        return whole_disk(sending, verdict, resolution)

    monkeypatch.setattr(till.ledger, "finish_attempt", full_disk)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence, done.attempts) == (State.CONFIRMED, Evidence.ANSWER, 1)
    assert till.wait_until_settled(other).state is State.CONFIRMED
    assert len(posted_requests(server)) == 2


def test_outcome_stored_but_not_read_back_is_not_stored_again(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = till.refund(4990)
    really = till.ledger.finish_attempt
    failures = iter([LedgerFailed("not read back")])

    def finish(sending: StartedAttempt, verdict: Verdict, resolution: Resolution) -> Operation:
        after = really(sending, verdict, resolution)
        for failure in failures:
            raise failure
        return after

    monkeypatch.setattr(till.ledger, "finish_attempt", finish)
    till.wait_until(lambda: State.CONFIRMED in till.states(operation))
    assert till.attempt_outcomes(operation) == ["done"]


def test_failing_publish_callback_does_not_stop_the_operation(till: Till, server: TrainingServer) -> None:
    def fail(_operation: Operation) -> None:
        raise RuntimeError("the window is gone")

    till.on_published = fail
    done = till.wait_until_settled(till.refund(4990))
    assert (done.state, done.attempts) == (State.CONFIRMED, 1)


def test_attempt_with_uncertain_commit_is_not_sent_until_ledger_recovers(
    till: Till, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = till.refund(4990)
    really = till.ledger.start_attempt
    failures = iter([CommitUncertain("I/O error")])

    def start(operation_id: int, home: str) -> StartedAttempt:
        sending = really(operation_id, home)
        for failure in failures:
            assert not posted_requests(server)
            raise failure
        return sending

    monkeypatch.setattr(till.ledger, "start_attempt", start)
    done = till.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.ANSWER)
    assert till.attempt_outcomes(operation) == ["unknown", "done"]
    assert len(posted_requests(server)) == 1


def _hanging(till: Till, server: TrainingServer) -> Operation:
    server.faults.add("hang", only="refund")
    operation = till.refund(4990)
    till.wait_until_external(lambda: server.faults.wait_until_held(0.05))
    return operation


def test_request_hanging_at_close_is_unknown_and_settled_at_next_start(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    operation = _hanging(till, server)
    assert till.stored(operation).state is State.SENDING
    till.run(till._stop())
    left = till.stored(operation)
    assert (left.state, left.failure_reason) == (State.UNKNOWN, FailureReason.INTERRUPTED)
    till.ledger.close()
    again = make_till("caixa1")
    done = again.wait_until_settled(operation)
    assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.KEY)
    assert applied(server) == ONCE
    assert len({request.body for request in posted_requests(server)}) == 1


def test_close_on_full_disk_ends_and_next_start_settles_operation(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till("caixa1")
    operation = _hanging(till, server)

    def full_disk(*_arguments: object) -> Operation:
        raise LedgerFailed("full")

    monkeypatch.setattr(till.ledger, "finish_attempt", full_disk)
    till.run(asyncio.wait_for(till._stop(), 5))
    till.ledger.close()
    again = make_till("caixa1")
    assert again.wait_until_settled(operation).state is State.CONFIRMED
    assert applied(server) == ONCE


def test_credentials_changed_during_hanging_request_repeat_same_key(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    operation = _hanging(till, server)
    links: list[ConnectionStatus] = []
    till.on_published = lambda _operation: links.append(till.connection_status())
    till.run(till.connection.configure(server.url, replace(credentials_of(server), token=server.token + " ")))
    till.run(till.connection.configure(server.url, credentials_of(server)))
    till.outbox.credentials_changed()
    server.faults.release()
    done = till.wait_until_settled(operation)
    assert (done.state, applied(server)) == (State.CONFIRMED, ONCE)
    assert links[0] is ConnectionStatus.UNTRIED, "the cut call does not change the status of the new connection"


@pytest.mark.parametrize("had_arrived", [True, False])
def test_request_of_killed_process_is_repeated_with_same_key_and_body(
    make_till: MakeTill, server: TrainingServer, *, had_arrived: bool
) -> None:
    till = make_till("caixa1")
    operation = till.refund(4990)
    sending = till.ledger.start_attempt(operation.operation_id, till.connection.server_id)
    if had_arrived:
        server.service.refund("1001", exact_json.load(sending.request.body))
    till.ledger.close()  # as after a power cut: the outcome is not stored
    again = make_till("caixa1")
    found = again.stored(operation)
    assert (found.state, found.failure_reason) == (State.UNKNOWN, FailureReason.INTERRUPTED)
    done = again.wait_until_settled(operation)
    expected = Evidence.KEY if had_arrived else Evidence.ANSWER
    assert (done.state, done.evidence, done.cancel_key) == (State.CONFIRMED, expected, operation.cancel_key)
    assert applied(server) == ONCE
    assert [request.body for request in posted_requests(server)] == [sending.request.body]


@pytest.mark.parametrize("kind", [Kind.SALE, Kind.REFUND, Kind.CANCEL])
def test_answer_after_takeover_by_another_process_changes_nothing(
    make_till: MakeTill, server: TrainingServer, kind: Kind
) -> None:
    slow = make_till("caixa1")
    register = {Kind.REFUND: lambda: slow.refund(4990), Kind.SALE: slow.sell, Kind.CANCEL: slow.cancel}
    operation = register[kind]()
    only = call_kind_of(kind)
    server.faults.add("hang", only=only)
    slow.wait_until_external(lambda: server.faults.wait_until_held(0.05))
    other = make_till("caixa1")  # without the folder lock: it treats the running attempt as interrupted
    done = other.wait_until_settled(operation)
    assert done.state is State.CONFIRMED
    assert slow.states(operation) == [State.SENDING]
    server.faults.release()
    slow.wait_until(lambda: slow.states(operation)[-1] is State.CONFIRMED)
    assert slow.stored(operation) == done
    assert slow.attempt_outcomes(operation) == (["unknown", "refused"] if kind is Kind.REFUND else ["unknown"])
    assert [entry.kind for entry in server.service.applied] == [kind.value]


def test_equal_refund_after_lost_ledger_has_same_key_and_needs_review(
    make_till: MakeTill, server: TrainingServer
) -> None:
    old = make_till("caixa1")
    done = old.wait_until_settled(old.refund(4990))
    new = make_till("reinstalled")
    again = new.wait_until_settled(new.refund(4990))
    assert again.cancel_key == done.cancel_key
    assert (again.state, again.review_reason) == (State.REVIEW, ReviewReason.KEY_USED_BEFORE)
    assert applied(server) == ONCE


def test_attempt_is_on_disk_before_server_receives_request(
    make_till: MakeTill, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = make_till("caixa1")
    seen: list[tuple[int, int]] = []
    note = server.service.log_request

    def look(method: str, path: str, body: bytes, headers: list[tuple[str, str]]) -> None:
        note(method, path, body, headers)
        if method == "POST":
            seen.append((len(posted_requests(server)), _attempts_on_disk(till.path)))

    monkeypatch.setattr(server.service, "log_request", look)
    server.faults.add("lose_answer", only="refund")
    server.faults.add("error_500", only="refund")
    till.wait_until_settled(till.refund(4990))
    assert seen == [(1, 1), (2, 2), (3, 3)]


def test_attempt_is_on_disk_before_server_accepts_connection(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    operation = till.refund(4990)
    found: list[int] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The attempt is stored before the connection, so before the first byte of the request.
        found.append(_attempts_on_disk(till.path))
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def listen() -> asyncio.Server:
        listener = await asyncio.start_server(accept, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        await till.connection.configure(f"http://127.0.0.1:{port}", credentials_of(server))
        return listener

    listener = till.run(listen())
    till.mark_recently_seen(operation)
    till.wait_until(lambda: len(found) >= 2)
    listener.close()
    assert found[:2] == [1, 2]
    assert till.stored(operation).state not in SETTLED_OR_REVIEW


@pytest.mark.parametrize("turns", range(5))
def test_close_just_after_wake_ends(make_till: MakeTill, server: TrainingServer, turns: int) -> None:
    till = make_till("caixa1", pace=RetryPolicy(first_delay=60))

    async def close() -> None:
        till.outbox.wake()
        for _ in range(turns):
            await asyncio.sleep(0)
        await till._stop()

    operation = till.refund(4990)
    server.stop()
    till.wait_until(lambda: till.attempt_outcomes(operation) == ["not_sent"])
    till.run(asyncio.sleep(0))
    till.run(asyncio.wait_for(close(), 5))


def _attempts_on_disk(path: Path) -> int:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM attempts").fetchone()[0])
