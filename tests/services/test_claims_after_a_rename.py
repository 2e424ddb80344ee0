"""Claims in a real PostgreSQL that a till made under another name than it has now, or that its dead PC made."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, Evidence, Operation, ReviewReason, State
from bonifiq_desktop.domain.shop_database import ShopDatabaseError
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.shop_database import admin as shop_admin
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import SALE, applied, credentials_of
from tests.support.postgres import ShopDatabaseServer, TillAccess
from tests.support.shop_till import ShopTill

OpenIn = Callable[[Path, TillAccess], ShopTill]


@pytest.fixture(name="open_in")
def till_opener(server: TrainingServer) -> Iterator[OpenIn]:
    """Opens tills in folders that hold a ledger already, and closes them all."""
    tills: list[ShopTill] = []

    def open_in(folder: Path, access: TillAccess) -> ShopTill:
        tills.append(ShopTill(folder, server.url, credentials_of(server), access, settings=SETTINGS))
        return tills[-1]

    yield open_in
    for till in tills:
        till.close()


def _claims(shop_base: ShopDatabaseServer) -> list[tuple[str, list[str]]]:
    with shop_base.admin() as admin:
        return admin.execute("SELECT till, uids FROM bonifiq.claims ORDER BY till, uids").fetchall()


def _remove(shop_base: ShopDatabaseServer, till: str) -> None:
    with shop_base.admin() as admin:
        for statement in shop_admin.remove_till("LOJA", till):
            admin.execute(statement)


def _begin(till: ShopTill, server: TrainingServer) -> Operation:
    """A refund of a till that is unknown, and sent no more by that till."""
    server.faults.add("close", only="refund", times=99)
    refund = till.refund(1000)
    till.wait_for_state(refund, State.UNKNOWN)
    till.connection.credentials = None
    till.sync()
    server.faults.clear()
    return till.stored(refund)


def _let_send(till: ShopTill, server: TrainingServer) -> None:
    till.run(till.connection.configure(server.url, credentials_of(server), SETTINGS.account))
    till.outbox.credentials_changed()


def _backup(till: ShopTill) -> Path:
    backup = make_backup(till.path, datetime.now(UTC))
    assert backup is not None
    return backup


def _restored(backup: Path, folder: Path) -> Path:
    """A folder with the ledger of a backup."""
    folder.mkdir(exist_ok=True)
    restore(folder / "ledger.db", backup, decided_by="Ana", now=datetime.now(UTC))
    return folder


def _leave(till: ShopTill) -> None:
    till.ledger.changes.leave()
    till.ledger.shop.forget()
    till.close()


def _decide(till: ShopTill, operation: Operation) -> None:
    assert till.stored(operation).review_reason is ReviewReason.RESTORED
    till.review.decide(operation.operation_id, Decision.TRY_AGAIN, "Ana", "conferido")
    till.outbox.wake()


def _settles(till: ShopTill, operation: Operation, shop_base: ShopDatabaseServer) -> None:
    """The operation is confirmed, told, and holds no order any more."""
    assert till.wait_until_settled(operation).state is State.CONFIRMED
    till.sync()
    assert _claims(shop_base) == []


def test_till_that_joins_under_another_name_goes_on_with_its_refund(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
) -> None:
    first, third = open_shop_till("CAIXA1"), open_shop_till("CAIXA3")
    refund = _begin(first, server)
    _leave(first)
    renamed = open_in(first.path.parent, shop_base.add_till("CAIXA2"))
    renamed.sync()
    assert renamed.wait_until_settled(refund).evidence is Evidence.ANSWER
    renamed.sync()
    assert _claims(shop_base) == []
    third.sync()
    assert [each.state for each in third.ledger.queries.history_of("1001").operations] == [State.CONFIRMED]


def test_ledger_moved_to_a_till_of_another_name_goes_on_with_its_refund(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
) -> None:
    first = open_shop_till("CAIXA1")
    refund = _begin(first, server)
    first.close()
    shutil.copytree(first.path.parent, tmp_path / "new")
    new = open_in(tmp_path / "new", shop_base.add_till("CAIXA3"))
    _settles(new, refund, shop_base)


@pytest.mark.parametrize("is_removed", [False, True])
def test_backup_of_a_dead_till_under_another_name_sends_its_refund_once_decided(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
    *,
    is_removed: bool,
) -> None:
    first = open_shop_till("CAIXA1")
    refund = _begin(first, server)
    backup = _backup(first)
    first.close()
    if is_removed:
        _remove(shop_base, "CAIXA1")
    assert _claims(shop_base) == [("CAIXA1", [refund.uid])]
    new = open_in(_restored(backup, tmp_path / "new"), shop_base.add_till("CAIXA3"))
    new.sync()
    _decide(new, refund)
    _settles(new, refund, shop_base)
    assert applied(server) == [("refund", "1001", 1000)]


def test_backup_from_before_a_rename_sends_its_refund_once_decided(
    open_shop_till: OpenShopTill, open_in: OpenIn, server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    first = open_shop_till("CAIXA1")
    refund = _begin(first, server)
    backup = _backup(first)
    _leave(first)
    access = shop_base.add_till("CAIXA5")
    renamed = ShopTill(first.path.parent, server.url, None, access, settings=SETTINGS)
    renamed.sync()
    renamed.close()
    again = open_in(_restored(backup, first.path.parent), access)
    with pytest.raises(ShopDatabaseError):
        again.sync()
    again.run(again.shop_exchange.begin_incarnation())
    again.sync()
    _decide(again, refund)
    _settles(again, refund, shop_base)
    assert applied(server) == [("refund", "1001", 1000)]


def test_backup_from_before_joining_sends_its_refund_once_decided(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
) -> None:
    """No name of the till is in the copy: its operations were claimed later."""
    alone = ShopTill(tmp_path / "alone", server.url, None, shop_base.add_till("CAIXA1"), settings=SETTINGS)
    alone.run(alone.connection.configure(server.url, credentials_of(server), SETTINGS.account))
    refund = alone.refund(1000)
    backup = _backup(alone)
    assert alone.ledger.changes.names() == []
    server.faults.add("close", only="refund", times=99)
    alone.wait_for_state(refund, State.UNKNOWN)
    alone.close()
    server.faults.clear()
    assert [till for till, _uids in _claims(shop_base)] == ["CAIXA1"]
    new = open_in(_restored(backup, tmp_path / "new"), shop_base.add_till("CAIXA3"))
    new.sync()
    _decide(new, refund)
    _settles(new, refund, shop_base)


def test_copy_under_another_name_leaves_the_originals_claim_until_a_person_decides(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
) -> None:
    """A sale has no key: a look-up alone would lead a restored one on."""
    first = open_shop_till("CAIXA1")
    server.faults.add("close", only="sale", times=99)
    sale = first.sell(SALE)
    first.wait_for_state(sale, State.UNKNOWN)
    first.connection.credentials = None
    first.sync()
    copy = open_in(_restored(_backup(first), tmp_path / "copy"), shop_base.add_till("CAIXA3"))
    copy.sync()
    asked = copy.wait_until_settled(sale)
    assert (asked.state, asked.review_reason) == (State.REVIEW, ReviewReason.RESTORED)
    assert [till for till, _uids in _claims(shop_base)] == ["CAIXA1"]
    server.faults.clear()
    _let_send(first, server)
    assert first.wait_until_settled(sale).state is State.CONFIRMED
    first.sync()
    _decide(copy, sale)
    assert copy.wait_until_settled(sale).state is State.CONFIRMED
    assert [kind for kind, _order, _cents in applied(server)] == ["sale"]


def test_refund_decided_at_a_copy_beside_its_original_is_applied_once(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
) -> None:
    first = open_shop_till("CAIXA1")
    refund = _begin(first, server)
    copy = open_in(_restored(_backup(first), tmp_path / "copy"), shop_base.add_till("CAIXA3"))
    copy.sync()
    _decide(copy, refund)
    copy.wait_until(lambda: bool(applied(server)))
    _let_send(first, server)
    first.run_for(0.3)
    assert first.stored(refund).attempts == refund.attempts, "its copy has the order now"
    assert copy.wait_until_settled(refund).state is State.CONFIRMED
    copy.sync()
    assert first.wait_until_settled(refund).evidence is Evidence.KEY
    first.sync()
    assert _claims(shop_base) == []
    assert applied(server) == [("refund", "1001", 1000)]


def test_other_till_of_another_shop_with_a_former_name_keeps_its_order(
    open_shop_till: OpenShopTill,
    open_in: OpenIn,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
) -> None:
    first = open_shop_till("CAIXA1")
    mine = _begin(first, server)
    _leave(first)
    namesake = open_in(tmp_path / "namesake", shop_base.add_till("CAIXA1", "OUTRA"))
    theirs = _begin(namesake, server)
    here = open_in(first.path.parent, shop_base.add_till("CAIXA3", "OUTRA"))
    here.sync()
    assert here.ledger.changes.names() == ["CAIXA1", "CAIXA3"]
    here.run_for(0.5)
    assert here.stored(mine).state is State.UNKNOWN
    assert here.stored(mine).attempts == mine.attempts
    assert ("CAIXA1", [theirs.uid]) in _claims(shop_base)
    assert applied(server) == []
