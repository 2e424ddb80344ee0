"""A till's ledger that is there twice: a copied folder, or a backup beside what the till did since.

A person at the copy, who does not know what the till sent, closes its refund as not done.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Decision, Operation, ReviewReason, State
from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import applied, credentials_of
from tests.support.postgres import ShopDatabaseServer, TillAccess
from tests.support.shop_till import ShopTill

APPLIED = [("refund", "1001", 1000)]


def _pause(till: ShopTill) -> None:
    till.connection.credentials = None


def _go_on(till: ShopTill, server: TrainingServer) -> None:
    till.run(till.connection.configure(server.url, credentials_of(server), SETTINGS.account))
    till.outbox.credentials_changed()


def _told_and_copied(till: ShopTill) -> tuple[Operation, Path]:
    """A refund that is registered, told and not sent, and a backup of that moment."""
    _pause(till)
    refund = till.refund(1000)
    till.sync()
    backup = make_backup(till.path, datetime.now(UTC))
    assert backup is not None
    return refund, backup


def _send_and_lose_the_answer(till: ShopTill, server: TrainingServer, refund: Operation) -> None:
    server.faults.add("lose_answer", only="refund", times=1)
    _go_on(till, server)
    till.wait_for_state(refund, State.UNKNOWN)
    _pause(till)


@contextmanager
def _restored(folder: Path, backup: Path, server: TrainingServer, access: TillAccess) -> Iterator[ShopTill]:
    folder.mkdir(exist_ok=True)
    restore(folder / "ledger.db", backup, decided_by="Ana", now=datetime.now(UTC))
    till = ShopTill(folder, server.url, credentials_of(server), access, settings=SETTINGS)
    try:
        yield till
    finally:
        till.close()


@contextmanager
def _copy_of_another_name(
    folder: Path, backup: Path, server: TrainingServer, shop_base: ShopDatabaseServer
) -> Iterator[ShopTill]:
    with _restored(folder, backup, server, shop_base.add_till("CAIXA3")) as copy:
        copy.ledger.changes.leave()
        copy.ledger.shop.forget()
        yield copy


def _close_as_not_done(till: ShopTill, refund: Operation) -> None:
    till.expire_copies()
    till.review.decide(refund.operation_id, Decision.NOT_DONE, "Ana", "não foi feito aqui")


def _shown(till: ShopTill) -> list[State]:
    return [each.state for each in till.ledger.queries.history_of("1001").operations]


def test_refund_that_a_copy_closes_stays_with_the_till_that_sent_it(
    open_shop_till: OpenShopTill, server: TrainingServer, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2")
    refund, backup = _told_and_copied(first)
    _send_and_lose_the_answer(first, server, refund)
    with _copy_of_another_name(tmp_path / "copy", backup, server, shop_base) as copy:
        copy.sync()
        _close_as_not_done(copy, refund)
        copy.sync()
    second.sync()
    with pytest.raises(OrderBusy):
        second.refund(900)
    _go_on(first, server)
    assert first.wait_until_settled(refund).state is State.CONFIRMED
    first.sync()
    second.sync()
    assert (_shown(second), applied(server)) == ([State.CONFIRMED], APPLIED)


def test_word_of_a_copy_does_not_end_a_restored_refund_that_was_done(
    open_shop_till: OpenShopTill, server: TrainingServer, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    first = open_shop_till("CAIXA1")
    refund, backup = _told_and_copied(first)
    _go_on(first, server)
    assert first.wait_until_settled(refund).state is State.CONFIRMED
    first.sync()
    with _copy_of_another_name(tmp_path / "copy", backup, server, shop_base) as copy:
        _close_as_not_done(copy, refund)
        copy.sync()
    first.close()
    with _restored(tmp_path / "CAIXA1", backup, server, first.access_to_shop) as again:
        with pytest.raises(ShopDatabaseError):
            again.sync()
        assert again.stored(refund).state is State.REVIEW
        again.run(again.shop_exchange.begin_incarnation())
        again.sync()
        assert again.stored(refund).state is State.CONFIRMED


def test_copy_of_the_same_name_does_not_close_what_this_till_sent(
    open_shop_till: OpenShopTill, server: TrainingServer, tmp_path: Path
) -> None:
    first = open_shop_till("CAIXA1")
    refund, backup = _told_and_copied(first)
    exchange, first.exchange = first.exchange, None  # the database is away for a moment
    _send_and_lose_the_answer(first, server, refund)
    with _restored(tmp_path / "copy", backup, server, first.access_to_shop) as copy:
        _close_as_not_done(copy, refund)
        copy.sync()
    first.exchange = exchange
    with pytest.raises(ShopDatabaseError) as fork:
        first.sync()
    assert fork.value.trouble is Trouble.FORK
    _go_on(first, server)
    left = first.wait_until_settled(refund)
    assert (left.state, left.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
    first.run(first.shop_exchange.begin_incarnation())
    first.sync()
    assert (first.stored(refund).state, applied(server)) == (State.REVIEW, APPLIED)


def test_refund_that_was_told_as_done_and_closed_after_a_restore_is_contradicted_and_stays_done_for_the_others(
    open_shop_till: OpenShopTill, server: TrainingServer, tmp_path: Path
) -> None:
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2")
    refund, backup = _told_and_copied(first)
    _go_on(first, server)
    first.wait_until_settled(refund)
    first.sync()
    first.close()
    with _restored(tmp_path / "CAIXA1", backup, server, first.access_to_shop) as again:
        with pytest.raises(ShopDatabaseError):
            again.sync()
        _close_as_not_done(again, refund)
        again.run(again.shop_exchange.begin_incarnation())
        again.sync()
        found = again.stored(refund)
        assert (found.state, found.contradicted, found.review_reason) == (
            State.NOT_APPLIED,
            True,
            ReviewReason.RESTORED,
        )
        again.ledger.acknowledge_contradiction(refund.operation_id, by="Ana")
        again.sync()
        assert not again.stored(refund).contradicted
        second.sync()
    assert _shown(second) == [State.CONFIRMED]
    assert second.ledger.queries.others.unfinished_of("1001", BONIFIQ_SCOPE) is None


def test_claim_of_a_copy_that_was_closed_ends_when_the_till_begins_anew(
    open_shop_till: OpenShopTill, server: TrainingServer, tmp_path: Path
) -> None:
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2")
    backup = make_backup(first.path, datetime.now(UTC))
    assert backup is not None
    first.wait_until_settled(first.refund(300, "1002"))
    first.sync()
    (tmp_path / "copy").mkdir()
    shutil.copy(backup, tmp_path / "copy" / "ledger.db")
    copy = ShopTill(tmp_path / "copy", server.url, credentials_of(server), first.access_to_shop, settings=SETTINGS)
    try:
        assert copy.wait_until_settled(copy.refund(1000)).state is State.CONFIRMED
        with pytest.raises(ShopDatabaseError):
            copy.sync()
    finally:
        copy.close()
    first.run(first.shop_exchange.begin_incarnation())
    first.sync()
    second.sync()
    assert second.wait_until_settled(second.refund(500)).state is State.CONFIRMED


def test_restored_till_learns_what_was_taken_back_under_its_present_name(
    open_shop_till: OpenShopTill, server: TrainingServer, tmp_path: Path
) -> None:
    first = open_shop_till("CAIXA1")
    refund, backup = _told_and_copied(first)
    first.ledger.withdraw(refund.operation_id)
    first.sync()
    first.close()
    with _restored(tmp_path / "CAIXA1", backup, server, first.access_to_shop) as again:
        again.run(again.shop_exchange.begin_incarnation())
        again.sync()
        assert again.stored(refund).state is State.NOT_APPLIED
