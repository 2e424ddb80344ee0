"""Returns in several systems over a real backend: one intent, its legs together or not at all, money before points."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import FINAL, Kind, Operation, State
from bonifiq_desktop.domain.remote_orders import Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import ChosenLine, CounterReason, RemoteAccount, ReturnChoice
from bonifiq_desktop.domain.staff import ApprovalNeeded, Role, Task
from bonifiq_desktop.ledger.errors import AlreadyRegistered, OrderBusy, TransitionRefused
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.return_requests import RemoteRequest, ReturnRequest
from bonifiq_desktop.services.returns import NothingToReturn
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.remote_settings import Learnable, RemoteSettings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from tests.support.fake_keyring import FakeKeyring
from tests.support.remote_till import NAME, SECRET, RemoteTill
from tests.support.staff import ANA
from tests.support.tally_returns import tally_settings
from tests.support.tally_system import TallyServer

ORDER = "1001"
CHOICE = ReturnChoice((ChosenLine("L1", 2),), CounterReason.DEFECT)
LONG = 3600.0

Tally = tuple[TallyServer, str]


@pytest.fixture(name="shop")
def till_with_marketplace(till: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch) -> RemoteTill:
    """A till with one marketplace; nothing is sent before the test lets it."""
    monkeypatch.setattr(undo, "UNDO_SECONDS", LONG)
    till.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    return till


def money(till: RemoteTill, choice: ReturnChoice = CHOICE, name: str = NAME, order_id: str = ORDER) -> RemoteRequest:
    """What goes back in the marketplace, of an order as it is looked up there."""
    return RemoteRequest(name, till.ask(c.LookUpElsewhere(name, order_id)).order, choice)


def points(till: RemoteTill, value: int = 2000) -> RefundRequest:
    """What BonifiQ takes back."""
    return RefundRequest(till.ask(c.LookUp(ORDER)).order, value, "Defeito")


def register(till: RemoteTill, request: ReturnRequest) -> tuple[Operation, ...]:
    """Register a return; its legs."""
    legs: tuple[Operation, ...] = till.ask(c.RegisterReturn(request))
    return legs


def legs_of(till: RemoteTill, return_id: str) -> tuple[Operation, ...]:
    """The legs as the ledger has them."""
    return till.backend.ledger.queries.legs(return_id)


def test_return_registers_its_legs_together_with_the_money_first(shop: RemoteTill) -> None:
    legs = register(shop, ReturnRequest(points(shop), (money(shop),)))
    assert [(leg.kind, leg.connection, leg.value, leg.after_money) for leg in legs] == [
        (Kind.RETURN, NAME, 2000, False),
        (Kind.REFUND, "bonifiq", 2000, True),
    ]
    assert len({leg.return_id for leg in legs}) == 1
    assert [leg.reason for leg in legs] == ["Defeito", "Defeito"]
    assert {leg.operation_id for leg in legs} <= {
        each.operation_id for each in shop.published if isinstance(each, Operation)
    }


def test_every_leg_is_held_for_the_time_to_undo(
    shop: RemoteTill, tally: Tally, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    legs = register(shop, ReturnRequest(points(shop), (money(shop),)))
    before = len(server.service.requests)
    shop.let_work(0.3)
    assert tally[0].posts == 0
    assert len(server.service.requests) == before
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    shop.release(legs)
    shop.wait_until(lambda: all(leg.state in FINAL for leg in legs_of(shop, legs[0].return_id)))
    assert {leg.state for leg in legs_of(shop, legs[0].return_id)} == {State.CONFIRMED}
    assert tally[0].cents(ORDER) == [2000]


def test_withdrawn_return_leaves_nothing_to_send(shop: RemoteTill, tally: Tally) -> None:
    legs = register(shop, ReturnRequest(points(shop), (money(shop),)))
    withdrawn = shop.ask(c.WithdrawReturn(legs[0].return_id))
    assert [leg.state for leg in withdrawn] == [State.WITHDRAWN, State.WITHDRAWN]
    with pytest.raises(TransitionRefused):
        shop.ask(c.WithdrawReturn(legs[0].return_id))
    again = register(shop, ReturnRequest(points(shop), (money(shop),)))
    assert {leg.state for leg in again} == {State.QUEUED}
    assert tally[0].posts == 0


def test_sent_return_is_not_withdrawn_in_part(shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch) -> None:
    tally[0].faults = ["late"]
    legs = register(shop, ReturnRequest(points(shop), (money(shop),)))
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    shop.release(legs)
    shop.wait_until(lambda: legs_of(shop, legs[0].return_id)[0].state is State.UNKNOWN)
    with pytest.raises(TransitionRefused):
        shop.ask(c.WithdrawReturn(legs[0].return_id))
    assert all(leg.state is not State.WITHDRAWN for leg in legs_of(shop, legs[0].return_id))


def test_return_of_which_one_leg_was_sent_keeps_its_other_legs(
    shop: RemoteTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    gone = TallyServer()
    with gone.listening() as url:
        shop.ask(c.SaveConnection(tally_settings("Leroy", url), SECRET))
        first = money(shop, name="Leroy")
    legs = register(shop, ReturnRequest(None, (first, money(shop))))
    shop.wait_until(lambda: legs_of(shop, legs[0].return_id)[1].state is State.CONFIRMED)
    with pytest.raises(TransitionRefused):
        shop.ask(c.WithdrawReturn(legs[0].return_id))
    assert legs_of(shop, legs[0].return_id)[0].state is State.QUEUED


def test_unknown_return_elsewhere_does_not_hold_bonifiqs_address(
    shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    tally[0].faults = ["late"]
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    shop.wait_until(lambda: legs_of(shop, leg.return_id)[0].state is State.UNKNOWN)
    settings = shop.ask(c.ReadSettings()).settings
    moved = c.SaveSettings(replace(settings, url="https://api.exemplo.com.br"))
    assert shop.refused_field(moved) == "url_fixed", "only the pair of the environment holds it"


@pytest.mark.parametrize(
    ("choice", "obstacle"),
    [(replace(CHOICE, reason=CounterReason.SIZE), Obstacle.REASON_NOT_MAPPED)],
)
def test_reason_without_a_code_registers_nothing(shop: RemoteTill, choice: ReturnChoice, obstacle: Obstacle) -> None:
    with pytest.raises(ReturnImpossible) as refused:
        register(shop, ReturnRequest(points(shop), (money(shop, choice),)))
    assert refused.value.obstacle is obstacle
    assert shop.backend.ledger.queries.counts().pending == 0


def test_money_leg_waits_for_the_unfinished_return_of_its_order(shop: RemoteTill) -> None:
    register(shop, ReturnRequest(None, (money(shop),)))
    with pytest.raises(OrderBusy):
        register(shop, ReturnRequest(points(shop), (money(shop, replace(CHOICE, lines=(ChosenLine("L1", 1),))),)))
    assert shop.backend.ledger.queries.counts().pending == 1


def test_return_of_a_draft_is_registered_once(shop: RemoteTill) -> None:
    first = ReturnRequest(None, (money(shop),), intent_id="draft-1")
    legs = register(shop, first)
    shop.ask(c.WithdrawReturn(legs[0].return_id))
    with pytest.raises(AlreadyRegistered):
        register(shop, first)


def test_return_without_goods_is_refused(shop: RemoteTill) -> None:
    with pytest.raises(NothingToReturn):
        register(shop, ReturnRequest())
    with pytest.raises(NothingToReturn):
        register(shop, ReturnRequest(None, (money(shop, replace(CHOICE, lines=())),)))


def test_return_in_bonifiq_alone_is_a_refund_as_always(shop: RemoteTill) -> None:
    (leg,) = register(shop, ReturnRequest(points(shop)))
    assert (leg.kind, leg.return_id, leg.after_money, leg.cancel_key is not None) == (Kind.REFUND, "", False, True)


def test_two_tills_make_the_same_id_for_the_same_goods(
    shop: RemoteTill, tally: Tally, server: TrainingServer, keyring: FakeKeyring, paths: Paths
) -> None:
    other = RemoteTill(Paths(paths.folder.with_name("other")), server.url)
    try:
        other.ask(c.SaveConnection(tally_settings("Other name", tally[1]), "another user's key"))
        ours = register(shop, ReturnRequest(points(shop), (money(shop),)))
        theirs = register(other, ReturnRequest(points(other), (money(other, name="Other name"),)))
        assert ours[0].return_id == theirs[0].return_id
        assert ours[1].cancel_key == theirs[1].cancel_key
        lines = (ChosenLine("L1", 1),)
        other.ask(c.WithdrawReturn(theirs[0].return_id))
        (fewer,) = register(other, ReturnRequest(None, (money(other, replace(CHOICE, lines=lines), "Other name"),)))
        assert fewer.return_id != ours[0].return_id
    finally:
        other.close()


def test_return_beyond_the_limit_needs_a_manager_once(shop: RemoteTill) -> None:
    settings = shop.ask(c.ReadSettings()).settings
    shop.ask(c.SaveSettings(replace(settings, refund_limit=2999)))
    shop.ask(c.SavePerson("Ana", Role.MANAGER, ANA.pin))
    legs = register(shop, ReturnRequest(points(shop), (money(shop),)))
    assert len(legs) == 2
    shop.ask(c.WithdrawReturn(legs[0].return_id))
    larger = ReturnRequest(None, (money(shop, replace(CHOICE, lines=(ChosenLine("L1", 3),))),))
    with pytest.raises(ApprovalNeeded):
        register(shop, larger)
    assert shop.backend.ledger.queries.counts().pending == 0
    (leg,) = shop.ask(c.RegisterReturn(larger, approval=ANA))
    assert leg.value == 3000


def test_limit_in_reais_lets_no_other_currency_pass_without_a_manager(shop: RemoteTill, tally: Tally) -> None:
    shop.ask(c.SaveConnection(tally_settings(NAME, tally[1], currency="CLP"), SECRET))
    request = ReturnRequest(None, (money(shop),))
    shop.ask(c.SavePerson("Ana", Role.MANAGER, ANA.pin))
    (without_limit,) = register(shop, request)
    assert (without_limit.currency, without_limit.value) == ("CLP", 20)
    shop.ask(c.WithdrawReturn(without_limit.return_id))
    settings = shop.ask(c.ReadSettings()).settings
    shop.ask(c.SaveSettings(replace(settings, refund_limit=2999), approval=ANA))
    with pytest.raises(ApprovalNeeded) as needed:
        register(shop, request)
    assert needed.value.task is Task.OTHER_CURRENCY
    (leg,) = shop.ask(c.RegisterReturn(request, approval=ANA))
    assert leg.value == 20


def test_sum_in_another_currency_is_not_compared_with_the_limit(shop: RemoteTill, tally: Tally) -> None:
    shop.ask(c.SaveConnection(tally_settings("Falabella", tally[1], currency="USD"), SECRET))
    shop.ask(c.SavePerson("Ana", Role.MANAGER, ANA.pin))
    settings = shop.ask(c.ReadSettings()).settings
    shop.ask(c.SaveSettings(replace(settings, refund_limit=2999), approval=ANA))
    larger = replace(CHOICE, lines=(ChosenLine("L1", 3),))
    with pytest.raises(ApprovalNeeded) as needed:
        register(shop, ReturnRequest(None, (money(shop, larger, "Falabella"),)))
    assert needed.value.task is Task.OTHER_CURRENCY, "30 dollars are not 30 reais"


def test_refused_lines_are_learnt_shown_and_forgotten_on_saving(
    shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tally_settings(NAME, tally[1], user="no-lines")
    shop.ask(c.SaveConnection(settings, SECRET))
    tally[0].faults = ["refuse"]
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    shop.wait_until(lambda: shop.backend.ledger.queries.operation(leg.operation_id).state in FINAL)
    shop.reopen()
    (info,) = shop.ask(c.ReadConnections())
    assert info.lines_refused
    assert info.settings.cancel_lines is Learnable.LEARN
    part = money(shop)
    with pytest.raises(ReturnImpossible) as refused:
        shop.ask(c.PlanReturn(NAME, part.order, part.choice))
    assert refused.value.obstacle is Obstacle.FEATURE_OFF
    (info,) = shop.ask(c.SaveConnection(settings))
    assert not info.lines_refused
    assert shop.ask(c.PlanReturn(NAME, part.order, part.choice))


@pytest.mark.parametrize(
    "change",
    [
        lambda _url: c.RemoveConnection(NAME),
        lambda url: c.SaveConnection(tally_settings(NAME, url.replace("127.0.0.1", "localhost")), SECRET),
        lambda url: c.SaveConnection(tally_settings(NAME, url, shop_id=9), SECRET),
    ],
)
def test_connection_with_an_unfinished_return_keeps_its_place(
    shop: RemoteTill, tally: Tally, change: Callable[[str], c.Command[Any]]
) -> None:
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    assert shop.refused_field(change(tally[1])) == "connections.busy"
    assert shop.ask(c.LookUpElsewhere(NAME, ORDER)).unfinished.operation_id == leg.operation_id
    shop.ask(c.WithdrawReturn(leg.return_id))
    shop.ask(change(tally[1]))


def forget_connections(till: RemoteTill) -> None:
    """Lose the settings, as after a damaged file or a move to another PC, and start again."""
    till.paths.settings.unlink()
    till.reopen()


def test_leg_of_a_connection_that_the_settings_lost_says_that_it_waits(shop: RemoteTill) -> None:
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    forget_connections(shop)
    assert shop.ask(c.ReadOperationDetails(leg.operation_id)).waits_elsewhere


def test_connection_set_up_anew_by_mistake_is_refused_and_rightly_goes_on(
    shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    tally[0].apply(ORDER, 500)  # an earlier record, so that the baseline is not empty
    tally[0].faults = ["late"]
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    shop.release([leg])
    shop.wait_until(lambda: legs_of(shop, leg.return_id)[0].state is State.UNKNOWN)
    forget_connections(shop)
    wrong = c.SaveConnection(tally_settings(NAME, tally[1], shop_id=9), SECRET)
    assert shop.refused_field(wrong) == "connections.busy"
    shop.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    tally[0].apply_late()
    shop.wait_until(lambda: legs_of(shop, leg.return_id)[0].state is State.CONFIRMED)


def test_connection_that_points_elsewhere_may_come_back_to_its_unfinished_return(
    shop: RemoteTill, tally: Tally
) -> None:
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    stored = json.loads(shop.paths.settings.read_bytes())
    stored["connections"][0]["shop_id"] = 9  # as in a file that was restored or typed by hand
    shop.paths.settings.write_text(json.dumps(stored))
    shop.reopen()
    assert shop.ask(c.ReadOperationDetails(leg.operation_id)).waits_elsewhere
    shop.ask(c.SaveConnection(tally_settings(NAME, tally[1]), SECRET))
    assert not shop.ask(c.ReadOperationDetails(leg.operation_id)).waits_elsewhere


def test_return_registered_while_a_connection_is_being_moved_stops_the_move(
    shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = money(shop)
    connections = shop.backend.connections
    asked = connections.describe

    async def slow(settings: RemoteSettings, secret: str | None) -> RemoteAccount:
        shop.backend.returns.register(ReturnRequest(None, (part,)))
        return await asked(settings, secret)

    monkeypatch.setattr(connections, "describe", slow)
    moved = tally_settings(NAME, tally[1].replace("127.0.0.1", "localhost"))
    assert shop.refused_field(c.SaveConnection(moved, SECRET)) == "connections.busy"


def test_key_of_another_shop_is_refused_while_a_return_is_unfinished(shop: RemoteTill, tally: Tally) -> None:
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    theirs = tally[0].totals
    tally[0].totals = {"7007": 1000}  # what a key of another shop shows at the same address
    settings = tally_settings(NAME, tally[1])
    assert shop.refused_field(c.SaveConnection(settings, "another-shops-key")) == "connections.other_shop"
    tally[0].totals = theirs
    shop.ask(c.SaveConnection(settings, "renewed-key-0123"))
    shop.ask(c.WithdrawReturn(leg.return_id))


def test_details_of_a_return_open_after_its_connection_was_removed(shop: RemoteTill) -> None:
    (leg,) = register(shop, ReturnRequest(None, (money(shop),)))
    shop.ask(c.WithdrawReturn(leg.return_id))
    shop.ask(c.RemoveConnection(NAME))
    details = shop.ask(c.ReadOperationDetails(leg.operation_id))
    assert (details.operation.connection, details.waits_elsewhere) == (NAME, False)


def test_secret_that_is_refused_stops_only_its_own_queue(
    shop: RemoteTill, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "UNDO_SECONDS", 0.0)
    request = ReturnRequest(None, (money(shop),))
    tally[0].lets_in = False
    (leg,) = register(shop, request)
    shop.wait_until(lambda: shop.elsewhere[NAME].stopped_by_credentials)
    refund = shop.ask(c.RegisterRefund(points(shop)))
    shop.wait_until(lambda: shop.backend.ledger.queries.operation(refund.operation_id).state is State.CONFIRMED)
    assert not shop.backend.outbox.stopped_by_credentials
    tally[0].lets_in = True
    shop.ask(c.SaveConnection(tally_settings(NAME, tally[1]), "renewed"))
    shop.wait_until(lambda: shop.backend.ledger.queries.operation(leg.operation_id).state is State.CONFIRMED)
    assert tally[0].cents(ORDER) == [2000]
