"""push_v1 and the functions around it in a real PostgreSQL: one unbroken chain for each incarnation."""

import threading
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from bonifiq_desktop.domain.shop_database import NO_HASH, change_hash
from bonifiq_desktop.shop_database import protocol
from bonifiq_desktop.shop_database.listen import channel_of
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_log import TillLog, sqlstate

FORK, HOLE, NOT_A_MEMBER, OLDER, MALFORMED = "BQ001", "BQ002", "BQ003", "BQ004", "BQ005"


@pytest.fixture(name="till")
def till_with_incarnation(shop_base: ShopDatabaseServer) -> TillLog:
    return TillLog(shop_base.add_till("CAIXA1"))


def refused(call: Callable[[], object]) -> str | None:
    """The SQLSTATE with which the database refuses a call."""
    with pytest.raises(psycopg.Error) as caught:
        call()
    return sqlstate(caught.value)


def test_hello_of_a_new_till_knows_no_incarnation(shop_base: ShopDatabaseServer) -> None:
    till = shop_base.add_till("CAIXA1", shop="PADARIA")
    hello = protocol.hello(till.connect(), 0)
    assert (hello.shop, hello.till, hello.newest_incarnation) == ("PADARIA", "CAIXA1", 0)
    assert (hello.head_seq, hello.head_hash) == (0, NO_HASH)


def test_incarnation_begun_twice_with_one_id_has_one_number(till: TillLog) -> None:
    assert till.incarnation == 1
    assert protocol.begin_incarnation(till.connection, "0123456789abcdef") == 1
    assert protocol.begin_incarnation(till.connection, "f" * 32) == 2
    assert protocol.begin_incarnation(till.connection, "0123456789abcdef") == 1
    assert protocol.hello(till.connection, 1).newest_incarnation == 2


def test_incarnations_begun_at_once_have_different_numbers(till: TillLog) -> None:
    numbers: list[int] = []
    connections = [till.access.connect() for _ in range(6)]

    def begin(place: int) -> None:
        numbers.append(protocol.begin_incarnation(connections[place], f"{place:032x}"))

    threads = [threading.Thread(target=begin, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [2, 3, 4, 5, 6, 7]


def test_incarnation_keeps_the_number_that_a_restored_database_forgot(till: TillLog) -> None:
    assert protocol.begin_incarnation(till.connection, "a" * 32, number=5) == 5
    assert protocol.begin_incarnation(till.connection, "a" * 32, number=9) == 5
    assert protocol.begin_incarnation(till.connection, "b" * 32, number=2) == 6
    assert refused(lambda: protocol.begin_incarnation(till.connection, "c" * 32, number=2_000_000)) == MALFORMED


@pytest.mark.parametrize("wrong", ["", "xyz", "A" * 32, "0" * 15, "0" * 65])
def test_incarnation_with_an_unusable_id_is_refused(till: TillLog, wrong: str) -> None:
    assert refused(lambda: protocol.begin_incarnation(till.connection, wrong)) == MALFORMED


def test_pushed_changes_are_read_as_they_were_told(till: TillLog) -> None:
    till.operation("u1", "queued", note="ação ☕ \\ \" '")
    till.customer(7, b"\x00sealed\xff")
    till.state("u1", "confirmed")
    assert till.push() == 3
    assert till.stored() == till.changes
    hello = protocol.hello(till.connection, 1)
    assert (hello.head_seq, hello.head_hash) == (3, till.changes[-1].hash)
    assert protocol.pull(till.connection, "CAIXA1", 1, 1, 1) == till.changes[1:2]


def test_pull_of_large_changes_ends_before_it_is_long(till: TillLog) -> None:
    for _ in range(3):
        till.add({"kind": "note", "text": "x" * 600_000})
    till.push()
    assert [change.seq for change in protocol.pull(till.connection, "CAIXA1", 1, 0, 100)] == [1, 2]
    assert [change.seq for change in protocol.pull(till.connection, "CAIXA1", 1, 2, 100)] == [3]


def test_change_larger_than_any_order_is_refused(till: TillLog) -> None:
    till.add({"kind": "note", "text": "x" * 2**24})
    assert refused(till.push) == MALFORMED
    assert till.stored() == []


def test_repeated_push_changes_nothing_and_may_go_on(till: TillLog) -> None:
    till.operation("u1", "queued")
    till.state("u1", "sending")
    assert till.push() == 2
    assert till.push() == 2
    till.state("u1", "confirmed")
    assert till.push(*till.changes[1:]) == 3  # the last one that was stored, and a new one
    assert till.push(till.changes[0]) == 3
    assert till.stored() == till.changes


@pytest.mark.parametrize(
    "changed",
    [
        {"body": '{"kind":"note"}'},
        {"version": 2},
        {"sealed_sha256": bytes([1]) * 32},
        {"hash": bytes([1]) * 32},
    ],
)
def test_stored_change_told_otherwise_is_a_fork(till: TillLog, changed: dict[str, object]) -> None:
    first = till.operation("u1", "queued")
    till.push()
    assert refused(lambda: till.push(replace(first, **changed))) == FORK  # type: ignore[arg-type]
    assert till.stored() == [first]


def test_restored_copy_that_goes_on_alone_is_a_fork(till: TillLog) -> None:
    till.operation("u1", "queued")
    till.push()
    till.state("u1", "confirmed")
    till.push()
    del till.changes[1:]  # the backup ends before the outcome
    till.operation("u2", "queued", order="5")
    assert refused(lambda: till.push(till.changes[-1])) == FORK
    till.state("u2", "confirmed")
    assert refused(lambda: till.push(till.changes[-1])) == FORK  # the numbers fit, the chain does not


def test_push_that_skips_a_change_is_a_hole(till: TillLog) -> None:
    for number in range(3):
        till.operation(f"u{number}", "queued", order=str(number))
    assert refused(lambda: till.push(till.changes[1])) == HOLE
    till.push(till.changes[0])
    assert refused(lambda: till.push(till.changes[2])) == HOLE
    assert till.stored() == till.changes[:1]


def test_change_with_a_hash_of_its_own_is_refused(till: TillLog) -> None:
    change = till.operation("u1", "queued")
    assert refused(lambda: till.push(replace(change, body=change.body.replace("queued", "confirmed")))) == FORK
    assert till.stored() == []


def test_half_of_a_refused_push_is_not_stored(till: TillLog) -> None:
    till.operation("u1", "confirmed")
    bad = replace(till.operation("u2", "queued", order="5"), hash=bytes(32))
    assert refused(lambda: till.push(till.changes[0], bad)) == FORK
    assert till.stored() == []
    assert protocol.hello(till.connection, 1).head_seq == 0


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        '{"kind":"operation","uid":"u1"',
        '{"kind":"operation","state":"queued","row":{"system":"","account":"","order_key":""}}',
        '{"kind":"operation","uid":"u1","state":"queued","row":{"system":"bonifiq","account":""}}',
        '{"kind":"operation","uid":"u1","row":{"system":"","account":"","order_key":""}}',
        '{"kind":"state","uid":"u1"}',
        '{"kind":"customer","id":"seven"}',
        '{"kind":"customer_erased","id":{}}',
        '{"kind":"erasure","records":{}}',
        '{"kind":"erasure","records":[["CAIXA1","x",7]]}',
        "[1,2]",
    ],
)
def test_malformed_body_is_refused(till: TillLog, body: str) -> None:
    till.add(body)
    if body == "[1,2]":  # valid JSON that says nothing: kept for programs that understand it
        assert till.push() == 1
        return
    assert refused(till.push) == MALFORMED
    assert till.stored() == []


def test_change_larger_than_any_operation_is_refused(till: TillLog) -> None:
    till.add({"kind": "other", "text": "x" * 4_900_000})
    assert till.push() == 1
    till.add({"kind": "other", "text": "x" * 17_000_000})
    assert refused(till.push) == MALFORMED
    till.changes.pop()
    till.customer(7, b"x" * 1_048_577)
    assert refused(till.push) == MALFORMED
    assert len(till.stored()) == 1


def test_push_with_unequal_columns_or_without_changes_is_refused(till: TillLog) -> None:
    statement = "SELECT bonifiq.push_v1(1, %s, %s::int[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[])"
    good = till.operation("u1", "queued")
    columns = ([1], [good.body], [None], [NO_HASH], [good.hash])
    for first, *rest in (
        (1, [], [], [], [], []),
        (0, *columns),
        (1, [1, 1], *columns[1:]),
        (1, [None], *columns[1:]),
        (1, [0], *columns[1:]),
        (1, [1], [None], *columns[2:]),
        (1, *columns[:3], [b"short"], columns[4]),
        (1, *columns[:4], [b"short"]),
        (1, *columns[:2], [b"sealed"], [NO_HASH], columns[4]),
    ):
        assert refused(lambda: till.connection.execute(statement, (first, *rest))) == MALFORMED, rest  # noqa: B023
    till.connection.execute(statement, (1, *columns))


def test_sealed_record_erased_before_the_push_leaves_the_chain_whole(till: TillLog) -> None:
    change = till.customer(7, b"sealed")
    assert till.push(replace(change, sealed=None)) == 1
    assert till.stored() == [replace(change, sealed=None)]


def test_customer_erased_empties_each_record_of_it_and_nothing_else(till: TillLog) -> None:
    first, other, second = till.customer(7, b"one"), till.customer(8, b"other"), till.customer(7, b"two")
    till.push()
    erased = till.customer_erased(7)
    till.push(erased)
    gone = [replace(each, sealed=None) for each in (first, second)]
    assert till.stored() == [gone[0], other, gone[1], erased]
    assert till.push() == 4  # the till may still have the records when it repeats
    assert till.stored()[0].sealed is None


def test_customer_erased_leaves_another_tills_customer_of_that_number(
    till: TillLog, shop_base: ShopDatabaseServer
) -> None:
    other = TillLog(shop_base.add_till("CAIXA2"))
    kept = other.customer(7, b"of the other till")
    other.push()
    till.customer(7, b"mine")
    till.customer_erased(7)
    till.push()
    assert other.stored() == [kept]


def test_erasure_empties_the_named_records_of_other_tills(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    other, elsewhere = TillLog(shop_base.add_till("CAIXA2")), TillLog(shop_base.add_till("CAIXA2", shop="OUTRA"))
    for log in (other, elsewhere):
        log.customer(7, b"of the person")
        log.customer(8, b"of another one")
        log.push()
    till.add({"kind": "erasure", "identity": "h", "phone_hash": None, "records": [["CAIXA2", 1, 7], ["CAIXA9", 1, 8]]})
    till.add({"kind": "erasure", "identity": "h", "phone_hash": None})  # of a program that names no records
    assert till.push() == 2
    assert [each.sealed for each in other.stored()] == [None, b"of another one"]
    assert elsewhere.stored() == elsewhere.changes


def test_new_incarnation_ends_the_older_one_and_empties_its_records(till: TillLog) -> None:
    till.customer(7, b"sealed")
    till.push()
    reborn = TillLog(till.access, "f" * 32)
    assert reborn.incarnation == 2
    till.operation("u1", "queued")
    assert refused(lambda: till.push(till.changes[-1])) == OLDER
    assert refused(lambda: till.claim("u1")) == OLDER
    assert [each.sealed for each in till.stored()] == [None]
    reborn.customer(7, b"told anew")
    assert reborn.push() == 1
    assert reborn.stored()[0].sealed == b"told anew"


def test_incarnation_that_never_began_is_refused(till: TillLog) -> None:
    till.operation("u1", "queued")
    till.incarnation = 9
    assert refused(till.push) == MALFORMED


def test_heads_name_each_incarnation_with_its_silence(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    till.operation("u1", "queued")
    till.push()
    TillLog(shop_base.add_till("CAIXA2"))
    TillLog(shop_base.add_till("CAIXA1", shop="OUTRA"))
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.incarnations SET last_seen = last_seen - interval '9 min' WHERE till = 'CAIXA1'")
    heads = protocol.heads(till.connection)
    assert [(each.till, each.incarnation, each.seq, each.hash) for each in heads] == [
        ("CAIXA1", 1, 1, till.changes[0].hash),
        ("CAIXA2", 1, 0, NO_HASH),
    ]
    assert heads[0].silent_seconds // 60 == 9
    assert heads[1].silent_seconds < 60
    protocol.hello(till.connection, 1)
    assert protocol.heads(till.connection)[0].silent_seconds < 60


def test_two_pushes_at_once_store_one_chain(till: TillLog) -> None:
    for number in range(40):
        till.operation(f"u{number}", "confirmed", order=str(number))
    ends: list[int] = []

    def push_all() -> None:
        with till.access.connect() as connection:
            head = 0
            while head < len(till.changes):
                head = protocol.push(connection, 1, till.changes[head : head + 4])
            ends.append(head)

    threads = [threading.Thread(target=push_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == [40] * 4
    assert till.stored() == till.changes


def test_push_of_new_changes_notifies_the_shop_only(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    with shop_base.add_till("CAIXA2").connect() as listener:
        listener.execute(f'LISTEN "{channel_of("LOJA")}"')
        listener.execute(f'LISTEN "{channel_of("OUTRA")}"')
        till.operation("u1", "queued")
        till.push()
        notices = list(listener.notifies(timeout=10, stop_after=1))
        assert [(each.channel, each.payload) for each in notices] == [(channel_of("LOJA"), "CAIXA1")]
        till.push()  # a repeat is no news
        assert list(listener.notifies(timeout=0.2)) == []


@pytest.mark.parametrize("body", ["", "a", "ação ☕ 𝄞", '{"x":"\\u0000"}', "x" * 10_000])
def test_server_computes_the_hash_of_the_program(shop_base: ShopDatabaseServer, body: str) -> None:
    with shop_base.admin() as admin:
        row = admin.execute(
            "SELECT bonifiq.change_hash(%s, %s, %s, %s)", (bytes([7]) * 32, 3, body, bytes([9]) * 32)
        ).fetchone()
    assert row == (change_hash(bytes([7]) * 32, 3, body, bytes([9]) * 32),)


def test_change_stays_though_its_owner_alters_or_deletes_it(till: TillLog, shop_base: ShopDatabaseServer) -> None:
    change = till.customer(7, b"sealed")
    till.push()
    with shop_base.admin() as admin:
        for statement in (
            "UPDATE bonifiq.changes SET body = '{}'",
            "UPDATE bonifiq.changes SET sealed = 'another'",
            "UPDATE bonifiq.changes SET sealed = NULL, hash = sealed_sha256",
            "DELETE FROM bonifiq.changes",
        ):
            with pytest.raises(psycopg.errors.RaiseException):
                admin.execute(statement)
    assert till.stored() == [change]
