"""A shop whose server, pooler, replica or till copies do what servers, poolers, replicas and people do."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from bonifiq_desktop.ledger.backups import make_backup, restore
from tests.support.pgbouncer import pgbouncer_before
from tests.support.postgres import PostgresServer, ShopDatabaseServer, running_postgres
from tests.support.postgres_standby import standby_of
from tests.support.shop_days import ShopDay
from tests.support.shop_of_tills import Shop, shop_of
from tests.support.shop_tills import TillFailed, TillProcess


def trouble_of(till: TillProcess) -> str | None:
    """The trouble of a till after an exchange that it is asked for."""
    try:
        status = till.ask("sync")
    except TillFailed:
        status = till.ask("status")
    trouble: str | None = status["trouble"]
    return trouble


def settled_refund(shop: Shop, till: TillProcess, order: str, value: int = 1000) -> None:
    """Register a refund and wait until BonifiQ applied it."""
    before = len(shop.service.applied)
    till.register("refund", order=order, value=value)
    shop.wait_until(lambda: len(shop.service.applied) > before)
    shop.wait_until(lambda: all(each["state"] == "confirmed" for each in till.ask("operations")))


def test_shop_behind_a_pooler_in_transaction_mode_keeps_every_promise(tmp_path: Path, postgres: PostgresServer) -> None:
    with pgbouncer_before(postgres) as port, shop_of(tmp_path / "shop", 3, postgres, [port]) as shop:
        result = ShopDay(21, shop, with_partitions=False, actions=20).run()
        assert result.findings == []
        assert result.states["confirmed"] > 0
        assert shop.claims() == []


def test_changes_lost_by_a_fail_over_are_told_again(tmp_path: Path) -> None:
    with (
        running_postgres(durable=True) as primary,
        standby_of(primary) as standby,
        shop_of(tmp_path / "shop", 3, primary, [primary.port, standby.port]) as shop,
    ):
        settled_refund(shop, shop.tills[0], "1001")
        shop.sync()
        standby.catch_up()
        standby.stop()
        settled_refund(shop, shop.tills[1], "1002")
        settled_refund(shop, shop.tills[0], "1003")
        shop.sync()
        told = shop.log()
        primary.kill()
        standby.start()
        standby.promote()
        assert shop.database is not None
        name = shop.database.name
        shop.server, shop.database = standby, ShopDatabaseServer(standby, name)
        assert len(shop.log()) < len(told), "the fail-over lost nothing, so that it proves nothing"
        shop.settle()
        assert shop.find_violations() == []
        assert shop.log() == told
        shop.database = None


def test_copied_folder_is_found_when_both_tell_something(tmp_path: Path, postgres: PostgresServer) -> None:
    with shop_of(tmp_path / "shop", 2, postgres) as shop:
        one, other = shop.tills
        settled_refund(shop, one, "1001")
        shop.settle()
        one.close()
        shutil.copytree(one.folder, tmp_path / "shop" / "copy")
        one.start()
        copy = TillProcess(one.name, tmp_path / "shop" / "copy", shop.service, one.server)
        try:
            copy.start()
            settled_refund(shop, one, "1002")
            assert trouble_of(one) is None
            before = len(shop.service.applied)
            copy.register("refund", order="1003", value=1000)
            shop.wait_until(lambda: len(shop.service.applied) > before)  # it works on, and says what is wrong
            assert trouble_of(copy) == "fork"
            assert copy.ask("begin_incarnation")["trouble"] is None
            assert trouble_of(one) == "fork", "the older history must not go on beside the newer one"
            one.close()
            told = {each["uid"] for each in copy.ask("operations")}
            other.ask("sync")
            assert told <= {each["uid"] for order in ("1001", "1003") for each in known_of(other, order)}
            assert known_of(other, "1002"), "what the ended history told stays known"
        finally:
            copy.stop()


def known_of(till: TillProcess, order: str) -> list[dict[str, str]]:
    """The operations of an order that a till's card shows."""
    operations: list[dict[str, str]] = till.ask("look_up", order=order)["operations"]
    return operations


def test_restored_till_begins_anew_and_the_others_keep_what_it_told(tmp_path: Path, postgres: PostgresServer) -> None:
    with shop_of(tmp_path / "shop", 3, postgres) as shop:
        one = shop.tills[0]
        settled_refund(shop, one, "1001")
        shop.settle()
        one.close()
        backup = make_backup(one.ledger, datetime.now(UTC))
        assert backup is not None
        one.start()
        settled_refund(shop, one, "1002")
        shop.settle()
        one.close()
        restore(one.ledger, backup, decided_by="Ana", now=datetime.now(UTC))
        shop.earlier = list(one.folder.glob("ledger-set-aside-*.db"))
        assert shop.earlier
        one.start()
        assert trouble_of(one) == "fork"
        assert one.ask("begin_incarnation")["trouble"] is None
        assert known_of(one, "1002"), "its lost operation is known from the shop database"
        settled_refund(shop, one, "1003")
        shop.settle()
        assert shop.find_violations() == []
        for till in shop.tills[1:]:
            assert known_of(till, "1002")


def test_database_killed_while_five_tills_work_loses_nothing(tmp_path: Path, postgres: PostgresServer) -> None:
    with shop_of(tmp_path / "shop", 5, postgres) as shop:
        for till, order in zip(shop.tills, ("1001", "1002", "1003", "1009", "1001"), strict=True):
            till.send("refund", order=order, value=1000 if till is shop.tills[0] else 1500)
        shop.kill_database()
        for till in shop.tills:
            till.promised.append(till.receive()["id"])
        shop.wait_until(lambda: len(shop.service.applied) == sum(len(till.promised) for till in shop.tills))
        shop.start_database()
        shop.settle()
        assert shop.find_violations() == []
