"""Replication with a real PostgreSQL that is down, hangs, is far away, lost changes, or knows another history."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.shop_database import ShopDatabaseError, Trouble
from bonifiq_desktop.domain.verdicts import FailureReason
from bonifiq_desktop.services.shop_exchange import CLAIM_SECONDS
from bonifiq_desktop.shop_database.errors import ShopDatabaseUnreachable
from bonifiq_desktop.training_server.server import TrainingServer
from tests.services.conftest import SETTINGS, OpenShopTill
from tests.support.headless_till import applied, credentials_of
from tests.support.postgres import ShopDatabaseServer, TillAccess
from tests.support.shop_till import ShopTill
from tests.support.tcp_proxy import TcpProxy, tcp_proxy


@dataclass
class Line:
    """A till that reaches the database through a line with faults, and one that reaches it without."""

    till: ShopTill
    other: ShopTill
    proxy: TcpProxy


@pytest.fixture(name="line")
def till_behind_a_line(open_shop_till: OpenShopTill, shop_base: ShopDatabaseServer) -> Iterator[Line]:
    """CAIXA1 behind a proxy, CAIXA2 without one."""
    with tcp_proxy(shop_base.server.port) as proxy:
        yield Line(open_shop_till("CAIXA1", port=proxy.port), open_shop_till("CAIXA2"), proxy)


def _seen(till: ShopTill, order_id: str = "1001") -> list[tuple[str, int, State]]:
    return [(o.till, o.value, o.state) for o in till.ledger.queries.history_of(order_id).operations]


def _trouble(till: ShopTill) -> Trouble:
    with pytest.raises(ShopDatabaseError) as failed:
        till.sync()
    return failed.value.trouble


def _heads(shop_base: ShopDatabaseServer) -> dict[str, int]:
    with shop_base.admin() as admin:
        return dict(admin.execute("SELECT till, head_seq FROM bonifiq.incarnations").fetchall())


def _refund(till: ShopTill, value: int, order_id: str = "1001") -> Operation:
    return till.wait_until_settled(till.refund(value, order_id))


MANY = 10  # changes, more than a slow line carries in one call
FAULTS: dict[str, Callable[[TcpProxy], None]] = {
    "down": TcpProxy.refuse,
    "cut": TcpProxy.reset,
    "hanging": TcpProxy.go_silent,
    "answers lost": TcpProxy.lose_answers,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_operation_is_sent_without_the_database_and_told_later(
    line: Line, server: TrainingServer, shop_base: ShopDatabaseServer, fault: str
) -> None:
    FAULTS[fault](line.proxy)
    assert _refund(line.till, 2000).state is State.CONFIRMED
    assert line.till.look_up().refundable < line.other.look_up().refundable
    line.proxy.heal()
    line.till.sync()
    line.other.sync()
    assert _seen(line.other) == [("CAIXA1", 2000, State.CONFIRMED)]
    assert _heads(shop_base)["CAIXA1"] == line.till.ledger.changes.head()[0]
    assert applied(server) == [("refund", "1001", 2000)]


def test_database_far_away_still_grants_the_claim(line: Line, server: TrainingServer) -> None:
    line.proxy.delay = 0.1
    server.faults.add("error_500", only="refund", times=100)
    refund = line.till.refund(2000)
    line.till.wait_for_state(refund, State.UNKNOWN)
    other = line.other.refund(1000)
    line.other.wait_until(lambda: line.other.stored(other).failure_reason is not None)
    assert line.other.stored(other).attempts == 0, "the till far away has the order"


def test_changes_that_a_fail_over_lost_are_told_again(line: Line, shop_base: ShopDatabaseServer) -> None:
    _refund(line.till, 2000)
    line.till.sync()
    head = _heads(shop_base)["CAIXA1"]
    with shop_base.admin() as admin:
        admin.execute("SET session_replication_role = replica")  # without the triggers that protect the log
        admin.execute("DELETE FROM bonifiq.changes WHERE till = 'CAIXA1' AND seq > 1")
        admin.execute(
            """UPDATE bonifiq.incarnations i SET head_seq = 1, head_hash = (SELECT hash FROM bonifiq.changes c
               WHERE c.till = i.till AND c.seq = 1) WHERE till = 'CAIXA1'"""
        )
    _refund(line.till, 1000)
    line.till.sync()
    line.other.sync()
    assert _heads(shop_base)["CAIXA1"] > head
    assert sorted(value for _till, value, _state in _seen(line.other)) == [1000, 2000]


def test_database_restored_from_before_the_till_joined_is_told_anew(line: Line, shop_base: ShopDatabaseServer) -> None:
    _refund(line.till, 2000)
    line.till.sync()
    line.other.sync()
    with shop_base.admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("DELETE FROM bonifiq.changes WHERE till = 'CAIXA1'")
        admin.execute("DELETE FROM bonifiq.incarnations WHERE till = 'CAIXA1'")
    _refund(line.till, 1000)
    line.till.sync()
    line.other.sync()
    assert line.other.shop_statuses[-1].trouble is None
    assert sorted(value for _till, value, _state in _seen(line.other)) == [1000, 2000]


@pytest.mark.parametrize(
    ("statement", "trouble"),
    [
        ("UPDATE bonifiq.members SET removed_at = now() WHERE till = 'CAIXA1'", Trouble.REMOVED),
        ("UPDATE bonifiq.contract SET newest = 2, oldest_supported = 2", Trouble.NEWER),
    ],
    ids=["removed", "newer"],
)
def test_till_that_may_not_exchange_says_why_and_sends_on(
    line: Line, shop_base: ShopDatabaseServer, statement: str, trouble: Trouble
) -> None:
    with shop_base.admin() as admin:
        admin.execute(statement)
    assert _trouble(line.till) is trouble
    assert line.till.shop_statuses[-1].trouble is trouble
    assert _refund(line.till, 2000).state is State.CONFIRMED


def test_copied_till_is_found_at_its_first_exchange(
    tmp_path: Path, server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    access = shop_base.add_till("CAIXA1")
    first = _open(tmp_path / "first", server, access)
    first.sync()
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    first, copy = _open(tmp_path / "first", server, access), _open(tmp_path / "copy", server, access)
    try:
        assert _refund(first, 2000).state is State.CONFIRMED
        first.sync()
        _refund(copy, 1000, "1002")
        assert _trouble(copy) is Trouble.FORK
        copy.run(copy.shop_exchange.begin_incarnation())
        copy.sync()
        assert _trouble(first) is Trouble.FORK, "the copy is the till from now on"
        assert _seen(copy) == [("CAIXA1", 2000, State.CONFIRMED)]
    finally:
        first.close()
        copy.close()


def test_copied_till_does_not_send_beside_its_original(
    tmp_path: Path, server: TrainingServer, shop_base: ShopDatabaseServer
) -> None:
    access = shop_base.add_till("CAIXA1")
    first = _open(tmp_path / "first", server, access)
    first.sync()
    first.close()
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    first, copy = _open(tmp_path / "first", server, access), _open(tmp_path / "copy", server, access)
    try:
        one, other = first.refund(2000), copy.refund(1000)
        server.faults.add("close", only="refund")
        first.wait_for_state(one, State.UNKNOWN)
        copy.wait_until(lambda: copy.stored(other).failure_reason is FailureReason.OTHER_TILL)
        assert copy.stored(other).attempts == 0
    finally:
        first.close()
        copy.close()


def _open(folder: Path, server: TrainingServer, access: TillAccess) -> ShopTill:
    return ShopTill(folder, server.url, credentials_of(server), access, settings=SETTINGS)


def test_broken_changes_of_one_till_leave_the_others_alone(
    line: Line, open_shop_till: OpenShopTill, shop_base: ShopDatabaseServer
) -> None:
    third = open_shop_till("CAIXA3")
    _refund(line.other, 2000)
    line.other.sync()
    _refund(third, 1000)
    third.sync()
    with shop_base.admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE bonifiq.changes SET body = '{}' WHERE till = 'CAIXA2'")
    line.till.sync()
    assert [till for till, _value, _state in _seen(line.till)] == ["CAIXA3"]
    assert line.till.shop_statuses[-1].trouble is Trouble.FAILED


def test_changes_before_a_broken_one_are_applied(line: Line, shop_base: ShopDatabaseServer) -> None:
    _refund(line.other, 2000)
    _refund(line.other, 1000, "1002")
    line.other.sync()
    with shop_base.admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE bonifiq.changes SET body = '[]' WHERE till = 'CAIXA2' AND body LIKE '%1002%'")
    line.till.sync()
    assert _seen(line.till) == [("CAIXA2", 2000, State.CONFIRMED)]
    assert _seen(line.till, "1002") == []
    assert line.till.shop_statuses[-1].trouble is Trouble.FAILED


def test_slow_line_carries_changes_in_smaller_batches(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in range(100, 700, 100):
        _refund(line.other, value)
    line.other.sync()
    call = line.till.database.call

    async def call_slowly(function: Any, deadline: float) -> Any:
        if getattr(function, "keywords", {}).get("limit", 0) > MANY:
            raise ShopDatabaseUnreachable("no answer before the deadline")
        return await call(function, deadline)

    monkeypatch.setattr(line.till.database, "call", call_slowly)
    for _ in range(MANY):
        with suppress(ShopDatabaseUnreachable):
            line.till.sync()
    assert len(_seen(line.till)) == 6


def test_pull_before_a_sending_waits_for_no_call_longer_than_for_a_claim(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refund(line.other, 2000)
    line.other.sync()
    call, waits = line.till.database.call, []

    async def call_noted(function: Any, deadline: float) -> Any:
        waits.append(deadline)
        return await call(function, deadline)

    monkeypatch.setattr(line.till.database, "call", call_noted)
    assert line.till.run(line.till.shop_exchange.pull_all())
    assert len(waits) == 2
    assert max(waits) <= CLAIM_SECONDS


def test_replication_goes_on_by_itself_after_an_outage(line: Line) -> None:
    till = line.till
    till.start_replication()
    line.proxy.refuse()
    refund = till.refund(2000)
    till.wait_until_settled(refund)
    till.replication.wake()
    till.wait_until_external(lambda: till.shop_statuses[-1].unpushed > 0)
    assert till.shop_statuses[-1].trouble is Trouble.UNREACHABLE
    line.proxy.heal()
    till.wait_until_external(lambda: till.shop_statuses[-1].trouble is None)
    assert till.shop_statuses[-1].unpushed == 0


def test_age_of_the_knowledge_survives_a_restart(
    tmp_path: Path, server: TrainingServer, shop_base: ShopDatabaseServer, line: Line
) -> None:
    line.other.sync()
    access = shop_base.add_till("CAIXA3")
    till = _open(tmp_path / "third", server, access)
    till.sync()
    synced_at = till.ledger.shop.synced_at()
    till.close()
    again = _open(tmp_path / "third", server, access)
    assert again.replication.status.synced_at == synced_at
    assert synced_at is not None
    again.close()


def test_look_up_does_not_wait_for_a_hanging_database(line: Line) -> None:
    line.proxy.go_silent()
    refund = line.till.refund(2000)
    line.till.start_outbox()
    assert line.till.look_up("1002").order.order_id == "1002"
    assert line.till.stored(refund).state is State.QUEUED, "its claim still waits for the database"
    assert line.till.wait_until_settled(refund).state is State.CONFIRMED
