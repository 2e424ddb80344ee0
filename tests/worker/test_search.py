"""Search, home page and balance behind a client, with a real backend."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import OrderState
from bonifiq_desktop.domain.search import DayTotal, HitKind, QueryKind, SearchResult
from bonifiq_desktop.domain.staff import Approval, Role, SignInNeeded
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.services.customer_index import CustomerIndex
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import backend
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.handlers import dispatch
from tests.support.fake_keyring import FakeKeyring
from tests.support.secret_scanner import PlantedSecret, find_secrets
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
    window.ask(client, c.SignOut())
    commands: list[c.Command[Any]] = [c.Search("1001"), c.HomeSummary(), c.CustomerBalance("52998224725")]
    for command in commands:
        outcome = window.ask(client, command)
        assert isinstance(outcome.error, SignInNeeded)
        assert outcome.value is None


def seen(window: Window, client: WorkerClient) -> None:
    """Look up orders of Maria, João and Ana, and wait for the index."""
    for order_id in ("1001", "1002", "1003"):
        window.get(client, c.LookUp(order_id))
    window.until(lambda: window.get(client, c.Search("x")).index_ready)


def ids(result: SearchResult) -> list[str]:
    return [hit.order_id for hit in result.hits]


@pytest.mark.parametrize(
    ("typed", "order_id"),
    [
        ("maria", "1001"),
        ("APARECIDA  mar", "1001"),
        ("joao", "1002"),
        ("lucia goncalves", "1003"),
        ("529.982.247-25", "1001"),
        ("52998224725", "1001"),
        ("(11) 90000-0501", "1001"),
        ("+5511900000502", "1002"),
        ("011900000503", "1003"),
        ("900000501", "1001"),
        ("90000-0502", "1002"),
        ("0503", "1003"),
        ("Ana.Goncalves@exemplo.com.br", "1003"),
        ("129,90", "1001"),
        ("12990", "1001"),
        ("R$ 189", "1002"),
        ("100", "1003"),
    ],
)
def test_orders_are_found_by_what_a_cashier_knows(
    open_client: OpenClient, window: Window, typed: str, order_id: str
) -> None:
    client = open_client()
    seen(window, client)
    assert order_id in ids(window.get(client, c.Search(typed)))


def test_search_works_without_connection_and_after_a_restart(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    seen(window, client)
    client.stop()
    server.stop()
    again = open_client()
    window.until(lambda: window.get(again, c.Search("x")).index_ready)
    assert ids(window.get(again, c.Search("maria"))) == ["1001"]
    assert ids(window.get(again, c.Search("hoje"))) == ["1003", "1002", "1001"]
    assert [hit.order_id for hit in window.get(again, c.HomeSummary()).recent] == ["1003", "1002", "1001"]


def test_results_show_masks_only(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    seen(window, client)
    shown = repr([window.get(client, c.Search(typed)) for typed in ("maria", "52998224725", "1001")])
    assert "***.982.247-**" in shown
    for secret in ("52998224725", "Santos", "Aparecida", "900000501", "maria.santos"):
        assert secret not in shown


def test_phone_of_a_known_customer_does_not_go_out_as_an_order_number(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    window.get(client, c.LookUp("1009"))
    seen(window, client)
    assert window.get(client, c.Search("1130000006")).order_id == ""
    assert window.get(client, c.Search("1130000007")).order_id == "1130000007"
    assert window.get(client, c.Search("900000501")).order_id == ""
    assert window.get(client, c.Search("900000999")).order_id == "900000999"
    assert window.get(client, c.Search("0501")).order_id == "0501"


def test_ready_index_is_announced_and_dropped_by_the_lock(
    open_client: OpenClient, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[int, CustomerIndex] = {}
    start = CustomerIndex.start

    def start_and_note(index: CustomerIndex) -> None:
        made[id(index)] = index
        start(index)

    monkeypatch.setattr(CustomerIndex, "start", start_and_note)
    client = open_client()
    ready: list[bool] = []
    client.searchIndexReady.connect(lambda: ready.append(True))
    seen(window, client)
    assert ready == [True]
    assert window.ask(client, c.SavePerson("Rita", Role.MANAGER, "4711")).error is None
    bia = c.SavePerson("Bia", Role.CASHIER, "5822", approval=Approval("Rita", "4711"))
    assert window.ask(client, bia).error is None
    window.ask(client, c.SignOut())
    [index] = made.values()
    assert index.people is None, "no user is signed in"
    window.get(client, c.SignIn("Bia", "5822"))
    window.until(lambda: len(ready) == 2)
    assert ids(window.get(client, c.Search("maria"))) == ["1001"]
    window.ask(client, c.SignOut())
    assert index.people is None
    assert isinstance(window.ask(client, c.Search("maria")).error, SignInNeeded)


def test_without_keyring_customers_are_found_for_one_run_and_that_is_told(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    pair = Credentials(server.token, server.key)
    window.get(client, c.SaveSettings(Settings(url=server.url), pair))
    assert not window.get(client, c.ReadSettings()).customers_kept
    seen(window, client)
    found = window.get(client, c.Search("maria"))
    assert (ids(found), found.customers_kept) == (["1001"], False)
    client.stop()
    assert find_secrets(paths.folder, [PlantedSecret("name", "Maria"), PlantedSecret("cpf", "***.982.247-**")]) == {}
    again = open_bare_client()
    window.until(lambda: window.get(again, c.Search("x")).index_ready)
    assert ids(window.get(again, c.Search("maria"))) == []
    assert [hit.first_name for hit in window.get(again, c.Search("1001")).hits] == [""]


def test_with_keyring_customers_are_kept_sealed(
    open_bare_client: OpenClient,
    window: Window,
    server: TrainingServer,
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyring = FakeKeyring()
    monkeypatch.setattr(backend, "system_keyring", lambda: keyring)
    client = open_bare_client()
    window.get(client, c.SaveSettings(Settings(url=server.url), Credentials(server.token, server.key)))
    assert window.get(client, c.ReadSettings()).customers_kept
    seen(window, client)
    client.stop()
    again = open_bare_client()
    window.until(lambda: window.get(again, c.Search("x")).index_ready)
    assert ids(window.get(again, c.Search("maria"))) == ["1001"]
    again.stop()
    assert not paths.customer_key.exists()
    secrets = [PlantedSecret("name", "Maria"), PlantedSecret("cpf", "52998224725", is_number=True)]
    assert find_secrets(paths.folder, secrets) == {}


@pytest.mark.parametrize(
    "command",
    [
        c.CustomerBalance("52998224725"),
        c.LookUp("1002"),
        c.FindCustomer("52998224725"),
        c.RevealDocument("1001", approval=Approval("Rita", "4711")),
        c.FindPersonalData("52998224725"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_customer_asked_for_before_the_lock_is_not_shown_after_it(
    open_client: OpenClient, window: Window, monkeypatch: pytest.MonkeyPatch, command: c.Command[Any]
) -> None:
    client = open_client()
    window.get(client, c.LookUp("1001"))
    for name, role in (("Rita", Role.MANAGER), ("Bia", Role.CASHIER)):
        approval = Approval("Rita", "4711") if role is Role.CASHIER else None
        assert window.ask(client, c.SavePerson(name, role, "4711", approval=approval)).error is None
    window.get(client, c.SignIn("Bia", "4711"))
    let_go = threading.Event()
    delivered_by: list[type] = []

    async def slowly(running: backend.Backend, asked: c.Command[Any]) -> Any:
        value = await dispatch(running, asked)
        if type(asked) is type(command):
            delivered_by.append(type(value))
            await asyncio.to_thread(let_go.wait)  # as a slow network would
        return value

    monkeypatch.setattr(backend, "dispatch", slowly)
    outcomes: list[c.Outcome[Any]] = []
    client.submit(command, outcomes.append)
    window.until(lambda: bool(delivered_by))
    window.ask(client, c.SignOut())
    let_go.set()
    window.until(lambda: bool(outcomes))
    assert isinstance(outcomes[0].error, SignInNeeded)


def test_settings_saved_without_keyring_keep_the_customers_of_this_run(
    open_bare_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_bare_client()
    settings = Settings(url=server.url)
    window.get(client, c.SaveSettings(settings, Credentials(server.token, server.key)))
    seen(window, client)
    window.get(client, c.SaveSettings(settings, None))
    window.until(lambda: window.get(client, c.Search("x")).index_ready)
    assert ids(window.get(client, c.Search("maria"))) == ["1001"]
