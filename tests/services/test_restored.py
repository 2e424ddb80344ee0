"""What a till does with an older copy of its history: nothing by itself that may have been done or undone since."""

from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.domain.operations import Decision, Doubt, Evidence, Kind, State
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.training.server import TrainingServer
from tests.services.conftest import MakeTill
from tests.services.till import Till, applied, posts


def _copy(till: Till) -> Path:
    made = make_backup(till.path, datetime.now(UTC))
    assert made is not None
    return made


def _put_back(make_till: MakeTill, till: Till, copy: Path) -> Till:
    till.close()
    restore(till.path, copy, by="Ana", now=datetime.now(UTC))
    again = make_till("caixa1")
    again.open()
    return again


def test_what_was_taken_back_after_the_copy_is_never_sent(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    sale, cancel = till.sell(), till.cancel("1001")
    copy = _copy(till)
    till.counter.withdraw(sale.operation_id)
    till.counter.withdraw(cancel.operation_id)
    again = _put_back(make_till, till, copy)
    for operation in (sale, cancel):
        left = again.decided(operation)
        assert (left.state, left.doubt) == (State.REVIEW, Doubt.RESTORED)
    assert posts(server) == []
    again.counter.decide(sale.operation_id, Decision.TRY_AGAIN, "Ana", "o cliente confirma")
    again.outbox.wake()
    assert again.decided(sale).state is State.CONFIRMED
    assert applied(server) == [("sale", "2001", 9000)]


def test_what_was_sent_after_the_copy_is_confirmed_by_the_look_up_and_not_sent_again(
    make_till: MakeTill, server: TrainingServer
) -> None:
    till = make_till("caixa1")
    sale, cancel = till.sell(), till.cancel("1001")
    copy = _copy(till)
    till.open()
    assert {till.decided(operation).state for operation in (sale, cancel)} == {State.CONFIRMED}
    sent = len(posts(server))
    again = _put_back(make_till, till, copy)
    for operation in (sale, cancel):
        done = again.decided(operation)
        assert (done.state, done.evidence) == (State.CONFIRMED, Evidence.LOOKUP)
    assert len(posts(server)) == sent


def test_another_tills_return_is_not_taken_for_the_one_in_the_copy(make_till: MakeTill, server: TrainingServer) -> None:
    till = make_till("caixa1")
    waiting = till.refund(1000)
    copy = _copy(till)
    other = make_till("caixa2")
    other.open()
    assert other.decided(other.refund(1000)).state is State.CONFIRMED
    again = _put_back(make_till, till, copy)
    assert again.decided(waiting).doubt is Doubt.RESTORED
    again.counter.decide(waiting.operation_id, Decision.TRY_AGAIN, "Ana", "mesmo protocolo")
    again.outbox.wake()
    left = again.decided(waiting)
    assert (left.state, left.doubt) == (State.REVIEW, Doubt.KEY_USED_BEFORE)
    assert [entry.cents for entry in server.shop.applied] == [1000]
    assert left.kind is Kind.REFUND
