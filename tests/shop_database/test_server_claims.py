"""claim_v1 in a real PostgreSQL: an order belongs to one till until the outcome is told or a person takes it over."""

import threading
from random import Random

import psycopg
import pytest

from bonifiq_desktop.domain.shop_database import Claim, ClaimedOrder, Outcome
from bonifiq_desktop.shop_database import protocol
from tests.support.postgres import ShopDatabaseServer
from tests.support.shop_log import ACCOUNT, ORDER, SYSTEM, TillLog, sqlstate

GRANTED = Claim()
MARKET_ORDER = ClaimedOrder("mirakl", "0A0A0A0A", ORDER)
FINAL = ("confirmed", "refused", "withdrawn", "not_applied")


@pytest.fixture(name="tills")
def two_tills(shop_base: ShopDatabaseServer) -> tuple[TillLog, TillLog]:
    return TillLog(shop_base.add_till("CAIXA1")), TillLog(shop_base.add_till("CAIXA2"))


def held_by(claim: Claim) -> str:
    """The holder of an order that is not granted, by the outcome of the claim."""
    assert claim.holder
    return claim.holder


def _claim_two(till: TillLog) -> None:
    """Tell of two operations on the order, and claim it for both."""
    for uid in ("u1", "u2"):
        till.operation(uid, "queued")
        till.push()
        assert till.claim(uid) == GRANTED


def test_claim_of_a_free_order_is_granted_and_again(tills: tuple[TillLog, TillLog]) -> None:
    one, _ = tills
    assert one.claim("u1") == GRANTED
    assert one.claim("u1") == GRANTED


def test_claim_of_a_held_order_names_its_holder(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    assert two.claim("u2") == Claim(holder="CAIXA1")


def test_answer_to_a_claim_of_a_held_order_has_the_holders_ages(
    tills: tuple[TillLog, TillLog], shop_base: ShopDatabaseServer
) -> None:
    """The program reads no ages; they are part of contract 1."""
    one, two = tills
    one.claim("u1")
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.claims SET since = since - interval '11 min'")
        admin.execute("UPDATE bonifiq.incarnations SET last_seen = now() - interval '9 min' WHERE till = 'CAIXA1'")
    statement = "SELECT bonifiq.claim_v1(1, %s, %s, %s, 'u2', '{}')"
    row = two.connection.execute(statement, (SYSTEM, ACCOUNT, ORDER)).fetchone()
    assert row is not None
    assert (row[0]["since_seconds"] // 60, row[0]["silent_seconds"] // 60) == (11, 9)


def test_claim_of_another_order_system_or_account_is_free(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    protocol.claim(one.connection, 1, MARKET_ORDER, "u1", ())
    for order in (
        MARKET_ORDER._replace(order_key="4712"),
        MARKET_ORDER._replace(system="akinon"),
        MARKET_ORDER._replace(account="0B0B0B0B"),
    ):
        assert protocol.claim(two.connection, 1, order, "u2", ()) == GRANTED
    assert held_by(protocol.claim(two.connection, 1, MARKET_ORDER, "u2", ())) == "CAIXA1"


def test_claim_under_another_name_of_the_connection_is_held(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    place = {"system": MARKET_ORDER.system, "account": MARKET_ORDER.account}
    protocol.claim(one.connection, 1, MARKET_ORDER, "u1", ())
    one.operation("u1", "queued", **place, connection="Mirakl da Ana")
    two.operation("u2", "queued", **place, connection="Marketplace")
    one.push()
    two.push()
    assert held_by(protocol.claim(two.connection, 1, MARKET_ORDER, "u2", ())) == "CAIXA1"
    one.state("u1", "confirmed")
    one.push()
    granted = protocol.claim(two.connection, 1, MARKET_ORDER, "u2", ())
    assert granted == Claim(outcomes=(Outcome("CAIXA1", 1, 2),))


def test_claim_of_bonifiq_holds_for_each_account_of_it(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    with_another_token = ClaimedOrder(SYSTEM, "OTHER", ORDER)
    assert held_by(protocol.claim(two.connection, 1, with_another_token, "u2", ())) == "CAIXA1"


def test_claim_of_another_shop_is_free(tills: tuple[TillLog, TillLog], shop_base: ShopDatabaseServer) -> None:
    tills[0].claim("u1")
    assert TillLog(shop_base.add_till("CAIXA1", shop="OUTRA")).claim("u2") == GRANTED


def test_claim_never_ends_by_time_alone(tills: tuple[TillLog, TillLog], shop_base: ShopDatabaseServer) -> None:
    one, two = tills
    one.operation("u1", "unknown")
    one.push()
    one.claim("u1")
    with shop_base.admin() as admin:
        admin.execute("UPDATE bonifiq.claims SET since = since - interval '10 years'")
        admin.execute("UPDATE bonifiq.incarnations SET last_seen = last_seen - interval '10 years'")
    assert held_by(two.claim("u2")) == "CAIXA1"


@pytest.mark.parametrize("state", FINAL)
def test_claim_ends_with_the_told_outcome_and_names_it(tills: tuple[TillLog, TillLog], state: str) -> None:
    one, two = tills
    one.claim("u1")
    one.operation("u1", "queued")
    one.state("u1", "sending")
    one.push()
    assert held_by(two.claim("u2")) == "CAIXA1"
    one.state("u1", state)
    one.push()
    assert two.claim("u2") == Claim(outcomes=(Outcome("CAIXA1", 1, 3),))


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "review"])
def test_claim_of_an_unfinished_operation_stays(tills: tuple[TillLog, TillLog], state: str) -> None:
    one, two = tills
    one.claim("u1")
    one.operation("u1", state)
    one.push()
    assert held_by(two.claim("u2")) == "CAIXA1"


def test_outcome_of_another_operation_leaves_the_claim(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    one.operation("u1", "queued")
    one.operation("other", "confirmed", order="5")
    one.operation("earlier", "confirmed")
    one.push()
    assert held_by(two.claim("u2")) == "CAIXA1"


def test_claim_for_two_operations_ends_with_the_last(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    _claim_two(one)
    one.state("u1", "confirmed")
    one.push()
    assert held_by(two.claim("u3")) == "CAIXA1"
    one.state("u2", "confirmed")
    one.push()
    assert two.claim("u3").outcomes == (Outcome("CAIXA1", 1, 4),)


def test_claim_of_a_copy_that_told_nothing_does_not_join_its_tills_own(tills: tuple[TillLog, TillLog]) -> None:
    one, _ = tills
    one.operation("u1", "unknown")
    one.push()
    assert one.claim("u1") == GRANTED
    assert held_by(one.claim("of another history")) == "CAIXA1"
    assert one.claim("u1") == GRANTED
    assert one.claim("of another history", over=("u1",)) == GRANTED, "it knows that the first one is finished"


def test_claim_of_a_copy_that_told_nothing_is_not_joined_by_its_till(tills: tuple[TillLog, TillLog]) -> None:
    one, _ = tills
    assert one.claim("of another history") == GRANTED
    one.operation("u1", "queued")
    one.push()
    assert held_by(one.claim("u1")) == "CAIXA1"
    assert one.claim("of another history") == GRANTED


def test_outcome_of_an_operation_never_claimed_is_named_too(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.operation("offline", "confirmed")
    one.push()
    assert two.claim("u2").outcomes == (Outcome("CAIXA1", 1, 1),)


def test_outcomes_of_all_others_are_named_newest_first(shop_base: ShopDatabaseServer) -> None:
    logs = [TillLog(shop_base.add_till(f"CAIXA{number}")) for number in range(3)]
    for log in (logs[1], logs[2], logs[1]):
        log.operation(f"u{len(log.changes)}-{log.access.till}", "confirmed")
        log.push()
    logs[0].operation("mine", "confirmed")
    logs[0].push()
    assert logs[0].claim("new").outcomes == (Outcome("CAIXA1", 1, 2), Outcome("CAIXA2", 1, 1))


def test_takeover_of_every_held_operation_hands_the_order_over(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    _claim_two(one)
    assert held_by(two.claim("u3", over=("u1",))) == "CAIXA1"
    assert two.claim("u3", over=("u2", "u1", "unrelated")) == GRANTED
    assert two.claim("u3") == GRANTED
    assert one.claim("u1").was_ours
    assert one.claim("u2").was_ours


def test_till_learns_of_a_takeover_even_after_the_takers_outcome(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    two.claim("u2", over=("u1",))
    two.operation("u2", "confirmed")
    two.push()
    lost = one.claim("u1")
    assert lost.was_ours
    assert lost.outcomes == (Outcome("CAIXA2", 1, 1),)
    assert one.claim("u1").was_ours  # asked twice, the answer is the same
    assert two.claim("u4") == GRANTED  # the asking has claimed nothing


def test_taken_operation_that_a_person_sends_again_claims_anew(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    two.claim("u2", over=("u1",))
    assert held_by(one.claim("u1", over=("u1",))) == "CAIXA2"
    two.operation("u2", "refused")
    two.push()
    assert one.claim("u1", over=("u1",)) == Claim(outcomes=(Outcome("CAIXA2", 1, 1),))
    assert held_by(two.claim("u3")) == "CAIXA1"


def test_till_takes_its_own_operations_over_under_another_name(tills: tuple[TillLog, TillLog]) -> None:
    one, renamed = tills
    _claim_two(one)
    for uid in ("u1", "u2"):
        renamed.operation(uid, "unknown")
    renamed.push()
    assert held_by(renamed.claim("u1")) == "CAIXA1"
    for uid in ("u1", "u2"):
        assert renamed.claim(uid, over=("u1", "u2")) == GRANTED
        assert renamed.claim(uid) == GRANTED, "its own operation is not lost to it"


def test_outcome_told_after_a_takeover_leaves_the_takers_claim(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.operation("u1", "unknown")
    one.push()
    one.claim("u1")
    two.claim("u2", over=("u1",))
    one.state("u1", "confirmed")
    one.push()
    assert held_by(one.claim("u3")) == "CAIXA2"
    assert two.claim("u2").outcomes == (Outcome("CAIXA1", 1, 2),)


def test_claim_arriving_after_the_outcome_leaves_no_claim(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.operation("u0", "confirmed")
    one.operation("u1", "confirmed")
    one.operation("u2", "withdrawn")
    one.push()
    assert all(one.claim(late).is_finished for late in ("u0", "u1", "u2"))
    assert two.claim("u3").holder == ""


def test_restored_till_goes_on_with_its_own_operation_only(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.operation("u1", "queued")
    one.push()
    one.claim("u1")
    restored = TillLog(one.access, "f" * 32)
    assert held_by(restored.claim("fresh")) == "CAIXA1"
    assert restored.claim("u1") == GRANTED
    restored.operation("u1", "confirmed")
    restored.push()
    assert two.claim("u2").outcomes == (Outcome("CAIXA1", 2, 1),)


def test_claim_for_what_was_never_told_ends_when_its_till_begins_anew(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.claim("u1")
    assert held_by(two.claim("u2")) == "CAIXA1"
    TillLog(one.access, "f" * 32)
    assert two.claim("u2") == GRANTED


def test_restored_till_claims_what_its_earlier_self_finished(tills: tuple[TillLog, TillLog]) -> None:
    one, two = tills
    one.operation("u1", "confirmed")
    one.push()
    restored = TillLog(one.access, "f" * 32)
    assert restored.claim("u1").outcomes == (Outcome("CAIXA1", 1, 1),)
    assert held_by(two.claim("u2")) == "CAIXA1"
    restored.operation("u1", "confirmed")
    restored.push()
    assert two.claim("u2").holder == ""


@pytest.mark.parametrize("uid", ["", None])
def test_claim_without_an_operation_is_refused(tills: tuple[TillLog, TillLog], uid: str | None) -> None:
    with pytest.raises(psycopg.Error) as caught:
        tills[0].connection.execute("SELECT bonifiq.claim_v1(1, 'bonifiq', '', '1', %s::text, '{}')", (uid,))
    assert sqlstate(caught.value) == "BQ005"


def test_claims_at_once_grant_the_order_to_one(shop_base: ShopDatabaseServer) -> None:
    logs = [TillLog(shop_base.add_till(f"CAIXA{number}")) for number in range(6)]
    for turn in range(10):
        start, answers = threading.Barrier(len(logs)), dict[str, Claim]()

        def claim(log: TillLog, order: str, start: threading.Barrier, answers: dict[str, Claim]) -> None:
            start.wait(30)
            answers[log.access.till] = log.claim(f"{order}-{log.access.till}", order=order)

        threads = [threading.Thread(target=claim, args=(log, f"order{turn}", start, answers)) for log in logs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (winner,) = [till for till, answer in answers.items() if answer == GRANTED]
        assert {answer.holder for till, answer in answers.items() if till != winner} == {winner}


def test_random_claims_and_pushes_at_once_never_share_an_order(shop_base: ShopDatabaseServer) -> None:
    """Each till works on few orders; a granted order must be its alone until its outcome is told or taken over."""
    inside: dict[str, set[str]] = {f"order{number}": set() for number in range(4)}
    guard, failures = threading.Lock(), list[BaseException]()

    def work(log: TillLog, random: Random) -> None:
        for turn in range(25):
            order, uid = random.choice(list(inside)), f"{log.access.till}-{turn}"
            if log.claim(uid, order=order).holder:
                continue
            with guard:
                assert not inside[order], order
                inside[order].add(uid)
            log.operation(uid, "queued", order=order)
            log.push(log.changes[-1])
            with guard:
                inside[order].remove(uid)
            log.state(uid, random.choice(FINAL))
            log.push(log.changes[-1])

    def guarded(log: TillLog, random: Random) -> None:
        try:
            work(log, random)
        except BaseException as error:
            failures.append(error)

    logs = [TillLog(shop_base.add_till(f"CAIXA{number}")) for number in range(5)]
    threads = [threading.Thread(target=guarded, args=(log, Random(number))) for number, log in enumerate(logs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(len(log.changes) for log in logs) > 50
    with shop_base.admin() as admin:
        assert admin.execute("SELECT count(*) FROM bonifiq.claims").fetchone() == (0,)
        assert admin.execute("SELECT count(*) FROM bonifiq.open_operations").fetchone() == (0,)
