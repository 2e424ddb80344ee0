"""A shop database that forgot: it was restored from an older backup, or a fail-over lost its newest rows."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Decision, ReviewReason, State
from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.ledger.backups import make_backup, restore
from bonifiq_desktop.ledger.errors import AlreadyRegistered
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import credentials_of, posted_requests
from tests.support.postgres import ShopDatabaseServer
from tests.support.rewarded_sales import AMOUNT, redeem, redemptions
from tests.support.shop_till import ShopTill


def _forget(shop_base: ShopDatabaseServer, till: str, *, after: int) -> None:
    """Take a till's log back to a change; to before its first incarnation with -1."""
    with shop_base.admin() as admin:
        admin.execute("ALTER TABLE bonifiq.changes DISABLE TRIGGER log_stays")
        admin.execute("DELETE FROM bonifiq.changes WHERE till = %s AND seq > %s", (till, after))
        admin.execute("ALTER TABLE bonifiq.changes ENABLE TRIGGER log_stays")
        if after < 0:
            admin.execute("DELETE FROM bonifiq.incarnations WHERE till = %s", (till,))
        else:
            admin.execute(
                "UPDATE bonifiq.incarnations AS i SET head_seq = c.seq, head_hash = c.hash FROM bonifiq.changes AS c"
                " WHERE i.till = %s AND c.till = i.till AND c.seq = %s",
                (till, after),
            )


def _mirrored(till: ShopTill) -> list[State]:
    return [each.state for each in till.ledger.queries.history_of("1001").operations if each.till]


@pytest.mark.parametrize("after", [-1, 1])
def test_till_tells_a_restored_database_what_it_forgot(
    open_shop_till: OpenShopTill, shop_base: ShopDatabaseServer, after: int
) -> None:
    """The mirror at the other till is ahead of the database meanwhile, and stays right."""
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2")
    first.wait_until_settled(first.refund(1000))
    first.sync()
    second.sync()
    assert _mirrored(second) == [State.CONFIRMED]
    head = first.ledger.changes.head()
    _forget(shop_base, "CAIXA1", after=after)
    second.sync()
    assert _mirrored(second) == [State.CONFIRMED]

    first.sync()
    assert first.ledger.changes.incarnation == 1
    first.wait_until_settled(first.refund(500))
    first.sync()
    assert first.ledger.changes.head()[0] > head[0]
    second.sync()
    assert _mirrored(second) == [State.CONFIRMED, State.CONFIRMED]
    assert second.shop_statuses[-1].trouble is None


def test_till_begins_anew_above_a_number_that_the_database_forgot(
    open_shop_till: OpenShopTill, shop_base: ShopDatabaseServer
) -> None:
    first, second = open_shop_till("CAIXA1"), open_shop_till("CAIXA2")
    first.wait_until_settled(first.refund(1000))
    first.sync()
    second.sync()
    _forget(shop_base, "CAIXA1", after=-1)
    first.run(first.shop_exchange.begin_incarnation())
    assert first.ledger.changes.incarnation == 2
    first.sync()
    second.sync()
    assert _mirrored(second) == [State.CONFIRMED]
    assert second.shop_statuses[-1].trouble is None


def test_copy_of_a_till_is_found_at_first_contact(open_shop_till: OpenShopTill, shop_base: ShopDatabaseServer) -> None:
    first = open_shop_till("CAIXA1")
    first.sync()
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.incarnations SET head_seq = 7, head_hash = sha256('other')")
    with pytest.raises(ShopDatabaseError) as caught:
        first.run(first.shop_exchange.greet())
    assert caught.value.trouble is Trouble.FORK


@pytest.mark.parametrize("begins_anew", [False, True])
def test_restored_refund_that_was_told_as_done_is_not_sent_again(
    open_shop_till: OpenShopTill,
    server: TrainingServer,
    shop_base: ShopDatabaseServer,
    tmp_path: Path,
    *,
    begins_anew: bool,
) -> None:
    first = open_shop_till("CAIXA1")
    first.connection.credentials = None
    refund = first.refund(1000)
    first.sync()
    backup = make_backup(first.path, datetime.now(UTC))
    assert backup is not None
    first.run(first.connection.configure(server.url, credentials_of(server), SETTINGS.account))
    first.outbox.credentials_changed()
    assert first.wait_until_settled(refund).state is State.CONFIRMED
    first.sync()
    path = first.path
    first.close()
    restore(path, backup, decided_by="Ana", now=datetime.now(UTC))
    again = ShopTill(tmp_path / "CAIXA1", server.url, credentials_of(server), first.access_to_shop, settings=SETTINGS)
    try:
        if begins_anew:
            again.run(again.shop_exchange.begin_incarnation())
        again.review.decide(refund.operation_id, Decision.TRY_AGAIN, "Ana", "conferido")
        again.outbox.wake()
        settled = again.wait_until_settled(refund)
    finally:
        again.close()
    expected = (State.CONFIRMED, None) if begins_anew else (State.REVIEW, ReviewReason.RESTORED)
    assert (settled.state, settled.review_reason) == expected
    assert len(posted_requests(server)) == 1


def test_redemption_that_a_restored_ledger_lost_is_repeated_by_the_same_choice_alone(
    open_shop_till: OpenShopTill, server: TrainingServer, shop_base: ShopDatabaseServer, tmp_path: Path
) -> None:
    first = open_shop_till("CAIXA1")
    first.sync()
    backup = make_backup(first.path, datetime.now(UTC))
    assert backup is not None
    first.start_outbox()
    made = first.wait_until_settled(redeem(first))
    first.sync()
    first.close()
    restore(first.path, backup, decided_by="Ana", now=datetime.now(UTC))
    again = ShopTill(tmp_path / "CAIXA1", server.url, credentials_of(server), first.access_to_shop, settings=SETTINGS)
    try:
        again.run(again.shop_exchange.begin_incarnation())
        again.sync()
        with pytest.raises(AlreadyRegistered) as known:
            redeem(again, amount=AMOUNT - 100)
        assert known.value.operation.evidence_id == made.evidence_id
        done = again.wait_until_settled(redeem(again))
        assert (done.external_code, len(redemptions(server))) == (made.external_code, 1)
    finally:
        again.close()
