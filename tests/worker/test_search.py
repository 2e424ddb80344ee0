"""Search, home page and balance behind a client, with a real backend."""

from datetime import UTC, datetime
from typing import Any

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import OrderState
from bonifiq_desktop.domain.search import DayTotal, HitKind, QueryKind
from bonifiq_desktop.domain.staff import Approval, Role, SignInNeeded
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.worker import commands as c
from tests.worker.conftest import OpenClient, Window


def test_search_finds_an_order_seen_here_and_says_that_it_goes_out(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    window.get(client, c.LookUp("1001"))
    found = window.get(client, c.Search("1001"))
    assert QueryKind.ORDER_NUMBER in found.kind
    assert found.order_id == "1001"
    (hit,) = found.hits
    assert (hit.order_id, hit.first_name, hit.masked_document) == ("1001", "Maria", "***.982.247-**")
    assert (hit.value, hit.kind, hit.state) == (12990, HitKind.SEEN, OrderState.COMPLETED)
    assert abs(hit.at - datetime.now(UTC)).total_seconds() < 60


def test_home_shows_the_newest_order_and_the_figures_of_today(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    window.get(client, c.LookUp("1002"))
    order = window.get(client, c.LookUp("1001")).order
    window.get(client, c.RegisterRefund(RefundRequest(order, 4990)))
    window.ask(client, c.SaveDraft("refund", {"order_id": "1002", "value": 700}))
    home = window.get(client, c.HomeSummary())
    assert [(hit.order_id, hit.kind) for hit in home.recent] == [("1001", HitKind.REFUND), ("1002", HitKind.SEEN)]
    assert home.recent[0].state in {State.QUEUED, State.SENDING, State.CONFIRMED}
    assert (home.sales, home.refunds) == (DayTotal(), DayTotal(1, 4990))
    assert [(draft.screen, draft.order_id, draft.value) for draft in home.drafts] == [("refund", "1002", 700)]


def test_locked_till_answers_no_search(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    window.get(client, c.LookUp("1001"))
    for name, role in (("Rita", Role.MANAGER), ("Bia", Role.CASHIER)):
        approval = Approval("Rita", "4711") if role is Role.CASHIER else None
        assert window.ask(client, c.SavePerson(name, role, "4711", approval=approval)).error is None
    commands: list[c.Command[Any]] = [c.Search("1001"), c.HomeSummary(), c.CustomerBalance("52998224725")]
    for command in commands:
        outcome = window.ask(client, command)
        assert isinstance(outcome.error, SignInNeeded)
        assert outcome.value is None
