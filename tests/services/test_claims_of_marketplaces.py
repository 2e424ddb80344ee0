"""Claims in a real PostgreSQL on a marketplace's orders: each till gives its connection there a name of its own."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Operation, ReviewReason, State
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import credentials_of
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_till import ShopTill
from tests.support.tally_system import ReturnTallyConnector, TallyServer
from tests.support.tally_till import Tally

HALF = 5000  # cents: two such refunds are more than order 1001 is worth
SMALL = 1000
OpenTally = Callable[..., Tally]


@pytest.fixture(name="tally_server")
def listening_tally() -> Iterator[tuple[TallyServer, str]]:
    """The made-up system, listening."""
    server = TallyServer()
    with server.listening() as url:
        yield server, url


@pytest.fixture(name="open_tally")
def tally_opener(open_shop_till: OpenShopTill, tally_server: tuple[TallyServer, str]) -> Iterator[OpenTally]:
    """Opens tills of one shop with a connection to the made-up system."""
    opened: list[Tally] = []

    def open_tally(till: str, **named: str) -> Tally:
        opened.append(Tally(open_shop_till(till), tally_server[1], **named))  # type: ignore[arg-type]
        return opened[-1]

    yield open_tally
    for tally in opened:
        tally.stop()


def _sync(tally: Tally) -> None:
    tally.till.sync()  # type: ignore[attr-defined]


def _work_for(tally: Tally, seconds: float) -> None:
    tally.till.run(asyncio.sleep(seconds))


def _lose_return(tally: Tally, server: TallyServer, return_id: str) -> Operation:
    """Register a return of line A whose request never arrives, while this till has no shop database."""
    exchange, tally.till.exchange = tally.till.exchange, None
    server.faults = ["drop_before"]
    [lost] = tally.register(tally.money("A", SMALL, return_id))
    tally.start()
    tally.wait_until(lambda: tally.till.stored(lost).state is State.UNKNOWN)
    credentials, tally.connection.credentials = tally.connection.credentials, None  # nothing is read until the answer
    _work_for(tally, 0.2)
    tally.till.exchange, tally.connection.credentials = exchange, credentials
    return lost


def _hear_of_tills(tally: Tally) -> None:
    async def hear() -> None:
        tally.services.outbox.tills_heard()

    tally.till.run(hear())


def test_order_in_one_shop_is_held_whatever_the_connections_are_named(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = open_tally("CAIXA1", name="Mirakl da Ana"), open_tally("CAIXA2", name="Marketplace")
    tally_server[0].faults = ["late"]
    one, other = first.refund(HALF), second.refund(HALF)
    first.start()
    first.wait_until(lambda: first.till.stored(one).state is State.UNKNOWN)
    second.start()
    second.wait_until(lambda: second.till.stored(other).failure_reason is FailureReason.OTHER_TILL)
    assert tally_server[0].posts == 1
    tally_server[0].apply_late()
    assert first.settled(one).state is State.CONFIRMED
    _sync(first)
    _hear_of_tills(second)
    settled = second.settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.OTHER_TILL)
    assert (settled.attempts, tally_server[0].cents("1001")) == (0, [HALF])


def test_orders_in_two_shops_of_one_name_do_not_hold_each_other(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = (
        open_tally(till, name="Marketplace", account=account) for till, account in (("CAIXA1", "A"), ("CAIXA2", "B"))
    )
    tally_server[0].faults = ["late"]
    one, other = first.refund(HALF), second.refund(HALF)
    first.start()
    first.wait_until(lambda: first.till.stored(one).state is State.UNKNOWN)
    _sync(first)
    second.start()
    assert second.settled(other).state is State.CONFIRMED


def test_record_of_another_tills_return_is_not_taken_for_a_lost_one(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = (open_tally(till, connector=ReturnTallyConnector) for till in ("CAIXA1", "CAIXA2"))
    tally_server[0].faults = ["drop_before"]
    [one] = first.register(first.money("A", SMALL, "DV-1"))
    first.start()
    first.wait_until(lambda: first.till.stored(one).state is State.UNKNOWN)
    exchange, second.till.exchange = second.till.exchange, None
    [other] = second.register(second.money("A", SMALL, "DV-1"))
    second.start()
    assert second.settled(other).evidence_id == "R1"
    second.till.exchange = exchange
    _sync(second)
    _sync(first)
    settled = first.settled(one)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert tally_server[0].lines("1001") == ["A"]


def test_record_that_another_till_has_not_told_is_not_taken_for_a_lost_one(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = (open_tally(till, connector=ReturnTallyConnector) for till in ("CAIXA1", "CAIXA2"))
    lost = _lose_return(first, tally_server[0], "DV-1")
    others = second.register(second.money("A", SMALL, "DV-2"), second.money("B", SMALL, "DV-2"))
    second.start()
    assert [second.settled(each).evidence_id for each in others] == ["R1", "R2"]
    _hear_of_tills(first)
    _work_for(first, 0.5)  # the order is the other till's, and what made its records is not known here
    assert first.till.stored(lost).state is State.UNKNOWN
    _sync(second)
    _hear_of_tills(first)
    settled = first.settled(lost)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)


def test_record_that_may_be_of_another_tills_lost_return_proves_none(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = (open_tally(till, connector=ReturnTallyConnector) for till in ("CAIXA1", "CAIXA2"))
    lost = _lose_return(first, tally_server[0], "DV-1")
    exchange, second.till.exchange = second.till.exchange, None
    tally_server[0].faults = ["drop_after"]
    [other] = second.register(second.money("A", SMALL, "DV-1"))
    second.start()
    second.wait_until(lambda: second.till.stored(other).state is State.UNKNOWN)
    second.till.exchange = exchange
    _sync(second)
    _hear_of_tills(first)
    settled = first.settled(lost)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.LOOKUP_DISAGREES)
    assert tally_server[0].lines("1001") == ["A"]


def test_line_that_another_till_took_back_meanwhile_needs_review(
    open_tally: OpenTally, tally_server: tuple[TallyServer, str]
) -> None:
    first, second = (open_tally(till, connector=ReturnTallyConnector) for till in ("CAIXA1", "CAIXA2"))
    [one] = first.register(first.money("A", SMALL, "DV-1"))
    other, rest = second.register(second.money("A", SMALL, "DV-2"), second.money("B", SMALL, "DV-2"))
    first.start()
    assert first.settled(one).state is State.CONFIRMED
    _sync(first)
    second.start()
    settled = second.settled(other)
    assert (settled.state, settled.review_reason) == (State.REVIEW, ReviewReason.ORDER_CHANGED)
    assert second.settled(rest).state is State.CONFIRMED
    assert tally_server[0].lines("1001") == ["A", "B"]
    second.review.decide(other.operation_id, Decision.NOT_DONE, "Ana", "a mesma peça")


def test_restored_return_needs_review_while_its_earlier_name_has_the_order(
    open_tally: OpenTally,
    tally_server: tuple[TallyServer, str],
    shop_base: ShopDatabaseServer,
    server: TrainingServer,
    tmp_path: Path,
) -> None:
    """No look-up resolves it there: the holder may be a till that is gone, or its original that goes on."""
    first = open_tally("CAIXA1", connector=ReturnTallyConnector)
    tally_server[0].faults = ["drop_before"]
    [lost] = first.register(first.money("A", SMALL, "DV-1"))
    first.start()
    first.wait_until(lambda: first.till.stored(lost).state is State.UNKNOWN)
    first.connection.credentials = None
    _sync(first)
    backup = make_backup(first.till.path, datetime.now(UTC))
    (tmp_path / "new").mkdir()
    restore(tmp_path / "new" / "ledger.db", backup, decided_by="Ana", now=datetime.now(UTC))
    access = shop_base.add_till("CAIXA3")
    till = ShopTill(tmp_path / "new", server.url, credentials_of(server), access, settings=SETTINGS)
    new = Tally(till, tally_server[1], ReturnTallyConnector)
    try:
        _sync(new)
        new.start()
        asked = new.settled(lost)
        assert (asked.state, asked.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
        new.till.expire_copies()
        new.review.decide(lost.operation_id, Decision.TRY_AGAIN, "Ana", "conferido")
        new.services.outbox.wake()
        assert new.settled(lost).state is State.CONFIRMED
        assert tally_server[0].lines("1001") == ["A"]
    finally:
        new.stop()
        till.close()
