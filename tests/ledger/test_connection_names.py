"""The other tills' operations appear under this till's names of the shops in remote systems, whatever theirs are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bonifiq_desktop.domain.operations import Kind, Operation, Scope
from bonifiq_desktop.domain.requests import Intent, SerializedRequest
from bonifiq_desktop.ledger.connection_names import RemoteShop
from bonifiq_desktop.ledger.errors import OrderBusy
from bonifiq_desktop.ledger.ledger import Ledger
from tests.support.ledger_actions import KEYS, Clock, confirm, refund
from tests.support.shop_teller import Teller

ORDER_ID = "1006/B"
ONE, OTHER = RemoteShop("mirakl", "0A0A0A0A"), RemoteShop("mirakl", "0B0B0B0B")


@pytest.fixture(name="second")
def open_second_till(tmp_path: Path) -> Iterator[Teller]:
    """Another till of the shop, whose connection has a name of its own."""
    ledger = Ledger(tmp_path / "second.db", clock=Clock(), customer_keys=KEYS)
    yield Teller(ledger)
    ledger.close()


def _return_at(ledger: Ledger, shop: RemoteShop, name: str, key: str = "k") -> Operation:
    intent = Intent(Kind.REFUND, ORDER_ID, 2590, "Veio errado", account=shop.account, scope=Scope(shop.system, name))
    return ledger.enqueue(intent, lambda _index: SerializedRequest("/api/refund", b"{}", key))


def _seen(ledger: Ledger, name: str) -> list[str]:
    return [each.uid for each in ledger.queries.history_of(ORDER_ID, Scope("mirakl", name)).operations]


def test_return_under_another_name_keeps_the_order_busy_here(ledger: Ledger, second: Teller) -> None:
    ledger.shop.use_names({ONE: "Marketplace"})
    made = _return_at(second.ledger, ONE, "Mirakl da Ana")
    second.tell_to(ledger)
    assert _seen(ledger, "Marketplace") == [made.uid]
    with pytest.raises(OrderBusy):
        _return_at(ledger, ONE, "Marketplace")


def test_return_in_another_shop_of_the_same_name_blocks_nothing(ledger: Ledger, second: Teller) -> None:
    ledger.shop.use_names({ONE: "Marketplace"})
    made = _return_at(second.ledger, OTHER, "Marketplace")
    second.tell_to(ledger)
    assert _seen(ledger, "Marketplace") == []
    assert _seen(ledger, "Marketplace (0B0B0B0B)") == [made.uid]
    assert _return_at(ledger, ONE, "Marketplace").state.value == "queued"


def test_later_change_leaves_the_name_of_this_till(ledger: Ledger, second: Teller) -> None:
    ledger.shop.use_names({ONE: "Marketplace"})
    made = _return_at(second.ledger, ONE, "Mirakl da Ana")
    second.tell_to(ledger)
    confirm(second.ledger, made)
    second.tell_to(ledger)
    anew = Teller(second.ledger, incarnation=2)
    anew.tell_to(ledger)
    assert _seen(ledger, "Marketplace") == [made.uid]


def test_connection_that_comes_later_or_is_renamed_renames_what_is_stored(ledger: Ledger, second: Teller) -> None:
    made = _return_at(second.ledger, ONE, "Mirakl da Ana")
    second.tell_to(ledger)
    for name in ("Marketplace", "Mirakl"):
        ledger.shop.use_names({ONE: name})
        assert _seen(ledger, name) == [made.uid]
    assert _seen(ledger, "Marketplace") == []


def test_name_given_to_another_shop_later_leaves_its_rows_behind(ledger: Ledger, second: Teller) -> None:
    one, other = _return_at(second.ledger, ONE, "Loja A"), _return_at(second.ledger, OTHER, "Loja B", "k2")
    second.tell_to(ledger)
    ledger.shop.use_names({ONE: "Loja A"})
    ledger.shop.use_names({OTHER: "Loja A"})
    assert _seen(ledger, "Loja A") == [other.uid]
    ledger.shop.use_names({ONE: "Loja B", OTHER: "Loja A"})
    assert (_seen(ledger, "Loja A"), _seen(ledger, "Loja B")) == ([other.uid], [one.uid])
    ledger.shop.use_names({ONE: "Loja A", OTHER: "Loja B"})
    assert (_seen(ledger, "Loja A"), _seen(ledger, "Loja B")) == ([one.uid], [other.uid])


def test_names_hold_after_a_restart(ledger: Ledger, second: Teller, tmp_path: Path) -> None:
    third = Ledger(tmp_path / "third.db", clock=Clock(), customer_keys=KEYS)
    third.shop.use_names({ONE: "Marketplace"})
    third.close()
    third = Ledger(tmp_path / "third.db", clock=Clock(), customer_keys=KEYS)
    made = _return_at(second.ledger, ONE, "Mirakl da Ana")
    second.tell_to(third)
    assert _seen(third, "Marketplace") == [made.uid]
    third.close()


def test_operation_of_bonifiq_keeps_its_name(ledger: Ledger, second: Teller) -> None:
    made = refund(second.ledger)
    ledger.shop.use_names({RemoteShop("mirakl", made.account): "bonifiq"})
    second.tell_to(ledger)
    assert [each.uid for each in ledger.queries.history_of(made.order_id).operations] == [made.uid]
