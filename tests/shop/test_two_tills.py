"""Two tills of one shop: what goes wrong for tills that share nothing ends right with the shop database.

The cases are those that an attacker proved (docs/shop-database.md, "Without the database").
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from tests.support.shop_of_tills import Shop
from tests.support.shop_oracle import find_shared_keys
from tests.support.shop_tills import TillFailed, TillProcess

VALUE = 2590
ORDER = "1001"


def refunds(shop: Shop) -> list[tuple[str, int]]:
    """The refunds that BonifiQ applied: key and cents."""
    return [(entry.key, entry.cents) for entry in shop.service.applied if entry.kind == "refund"]


def settled(shop: Shop, till: TillProcess, operation: dict[str, Any]) -> dict[str, Any]:
    """The operation once nothing more happens to it by itself."""

    def state() -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in till.ask("operations") if each["uid"] == operation["uid"])
        return found

    shop.wait_until(lambda: state()["state"] not in {"queued", "sending", "unknown"})
    return state()


def registered_at_both(
    first: TillProcess, second: TillProcess, do: str, **arguments: Any
) -> list[dict[str, Any] | str]:
    """The same registration at two tills at once: the operation, or the name of the error that refused it."""
    for till in (first, second):
        till.send(do, **arguments)
    ends: list[dict[str, Any] | str] = []
    for till in (first, second):
        try:
            ends.append(till.receive())
        except TillFailed as failed:
            ends.append(failed.name)
    return ends


def outcomes(shop: Shop, tills: list[TillProcess], ends: list[dict[str, Any] | str]) -> list[tuple[str, str | None]]:
    """State and review reason of what was registered; a refusal counts as ("", its error)."""
    found: list[tuple[str, str | None]] = []
    for till, end in zip(tills, ends, strict=True):
        if isinstance(end, str):
            found.append(("", end))
        else:
            last = settled(shop, till, end)
            found.append((last["state"], last["review"]))
    return found


def register_and_lose(shop: Shop, till: TillProcess) -> dict[str, Any]:
    """Register a refund whose requests are lost before BonifiQ applies them, until the line's faults are cleared."""
    till.server.faults.add("close", only="refund", times=1000)
    operation = till.register("refund", order=ORDER, value=VALUE)
    shop.wait_until(lambda: any(each["state"] == "unknown" for each in till.ask("operations")))
    return operation


STOPPED = {("review", "other_till"), ("", "OrderBusy")}
"""How the second till's registration of the same thing may end: nothing was sent, and a person is told why."""


@pytest.mark.parametrize("round_", range(3))
def test_second_equal_return_at_two_tills_at_once_is_applied_once(two_tills: Shop, round_: int) -> None:
    one, other = two_tills.tills
    settled(two_tills, one, one.register("refund", order=ORDER, value=VALUE))
    two_tills.sync()
    ends = outcomes(two_tills, [one, other], registered_at_both(one, other, "refund", order=ORDER, value=VALUE))
    assert ("confirmed", None) in ends, ends
    assert set(ends) - {("confirmed", None)} <= STOPPED, ends
    assert len({key for key, _ in refunds(two_tills)}) == len(refunds(two_tills)) == 1 + ends.count(("confirmed", None))
    assert ends.count(("confirmed", None)) == 1
    two_tills.settle()
    assert two_tills.find_violations() == []


def test_two_returns_of_one_value_with_one_lost_are_both_applied(two_tills: Shop) -> None:
    one, other = two_tills.tills
    first = register_and_lose(two_tills, one)
    ends: list[dict[str, Any]] = []
    with suppress(TillFailed):  # refused for as long as the first one is unfinished, if that is known there already
        ends.append(other.register("refund", order=ORDER, value=VALUE))
    two_tills.sync()
    assert refunds(two_tills) == []
    one.server.faults.clear()
    assert settled(two_tills, one, first)["state"] == "confirmed"
    two_tills.sync()
    last = settled(two_tills, other, ends[0] if ends else other.register("refund", order=ORDER, value=VALUE))
    if last["state"] == "review":
        assert last["review"] == "other_till"
        other.ask("decide", operation=last["id"], decision="another_return")
        last = settled(two_tills, other, last)
    assert last["state"] == "confirmed"
    assert [cents for _, cents in refunds(two_tills)] == [VALUE, VALUE]
    two_tills.settle()
    assert find_shared_keys(till.ledger for till in two_tills.tills) == []
    assert two_tills.find_violations() == []


def test_typed_sale_number_at_two_tills_is_one_sale(two_tills: Shop) -> None:
    """A till that sees the other one's waiting sale asks a person, and keeps the order until that person decides."""
    for till in two_tills.tills:
        till.send("sell", order="PEDIDO-1", value=9000)
    for till in two_tills.tills:
        with suppress(TillFailed):  # the other till's sale was known already
            till.receive()

    def is_done() -> bool:
        """Whether nothing waits any more. A person says of a sale that was stopped: not sent."""
        operations = [(till, each) for till in two_tills.tills for each in till.ask("operations")]
        for till, each in operations:
            if each["state"] == "review":
                assert each["review"] == "other_till"
                till.ask("decide", operation=each["id"], decision="not_done")
        return all(each["state"] in {"confirmed", "not_applied"} for _, each in operations)

    two_tills.settle(is_done)
    assert [entry.kind for entry in two_tills.service.applied] in ([], ["sale"])
    states = [each["state"] for till in two_tills.tills for each in till.ask("operations")]
    assert states.count("confirmed") == len(two_tills.service.applied)
    assert two_tills.find_violations() == []
    assert two_tills.claims() == []


def test_two_returns_without_database_are_one_as_documented(two_bare_tills: Shop) -> None:
    """The key by value cannot tell them apart: the page of the review says so, and so do the documents."""
    one, other = two_bare_tills.tills
    first = register_and_lose(two_bare_tills, one)
    second = other.register("refund", order=ORDER, value=VALUE)
    assert settled(two_bare_tills, other, second)["state"] == "confirmed"
    one.server.faults.clear()
    assert settled(two_bare_tills, one, first)["state"] == "confirmed"
    assert [cents for _, cents in refunds(two_bare_tills)] == [VALUE]
    assert len(find_shared_keys(till.ledger for till in two_bare_tills.tills)) == 1
