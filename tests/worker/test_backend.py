"""Backend behind a client: registration, look-up, settings, stop and restart."""

import json
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bonifiq_desktop.domain.connections import ConnectionStatus, NotSetUp
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import LedgerDamaged, LedgerFailed, OrderBusy
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.ledger.queries import Queries
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials, KeyStorage
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings, SettingsError, account_for_token, load_settings
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.client import WorkerClient
from tests.support.backend import open_backend
from tests.support.headless_till import SALE, applied, credentials_of, posted_requests
from tests.worker.conftest import MakeClient, OpenClient, Window


def refund(window: Window, client: WorkerClient, value: int = 4990, order: str = "1001") -> Operation:
    """Look up and register."""
    return window.get(client, c.RegisterRefund(RefundRequest(window.get(client, c.LookUp(order)).order, value)))


def heard_from(client: WorkerClient) -> list[Operation]:
    """Every operation that the client announces from now on."""
    heard: list[Operation] = []
    client.operationChanged.connect(heard.append)
    return heard


def test_refund_is_queued_at_once_and_published_until_confirmed(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    heard = heard_from(client)
    operation = refund(window, client)
    assert operation.state is State.QUEUED
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    assert [o.state for o in heard] == [State.QUEUED, State.SENDING, State.CONFIRMED]
    details = window.get(client, c.ReadOperationDetails(operation.operation_id))
    assert details is not None
    assert len(details.attempts) == 1
    assert [o.state for o in window.get(client, c.ReadHistoryPage(""))] == [State.CONFIRMED]
    assert applied(server) == [("refund", "1001", 4990)]


def test_status_shows_connection_and_unfinished_operations(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    told: list[c.Status] = []
    client.statusChanged.connect(told.append)
    server.faults.add("hang", only="refund")
    refund(window, client)
    window.until(lambda: told[-1].pending == 1)
    assert (told[0].connection, told[-1].connection) == (ConnectionStatus.UNTRIED, ConnectionStatus.ONLINE)
    window.until(lambda: server.faults.wait_until_held(0))
    server.faults.release()
    window.until(lambda: told[-1].pending == 0)


def test_lookup_during_a_hanging_refund_is_answered(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    heard = heard_from(client)
    server.faults.add("delay", only="refund", seconds=8)
    operation = refund(window, client)
    window.until(lambda: bool(posted_requests(server)))
    start = time.monotonic()
    found = window.get(client, c.LookUp("1002"))
    page = window.get(client, c.ReadHistoryPage(""))
    assert time.monotonic() - start < 6, "neither the network nor the history waits behind the refund"
    assert found.order.order_id == "1002"
    assert [o.state for o in page] == [State.SENDING]
    busy = window.ask(client, c.RegisterRefund(RefundRequest(window.get(client, c.LookUp("1001")).order, 100)))
    assert isinstance(busy.error, OrderBusy)
    assert State.CONFIRMED not in [o.state for o in heard]
    assert operation.state is State.QUEUED


def test_stop_during_a_hanging_request_is_prompt_and_leaves_it_unknown(
    open_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_client()
    server.faults.add("hang", only="refund")
    operation = refund(window, client)
    window.until(lambda: server.faults.wait_until_held(0))
    assert client.stop(timeout=5.0)
    [left] = read_operations(paths.ledger)
    assert (left.state, left.failure_reason) == (State.UNKNOWN, FailureReason.INTERRUPTED)

    again = open_client()
    heard = heard_from(again)
    window.until(lambda: bool(heard) and heard[-1].state is State.CONFIRMED)
    assert heard[-1].cancel_key == operation.cancel_key
    assert applied(server) == [("refund", "1001", 4990)]


def test_operation_of_a_dead_process_continues_at_the_next_start(
    open_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_client()
    order = window.get(client, c.LookUp("1001")).order
    server.stop()
    operation = window.get(client, c.RegisterRefund(RefundRequest(order, 4990)))
    assert client.stop()
    ledger = Ledger(paths.ledger)
    ledger.start_attempt(operation.operation_id, "training")  # where credentials that are never stored belong
    ledger.close()
    server.start()
    again = open_client()
    heard = heard_from(again)
    window.until(lambda: bool(heard) and heard[-1].state is State.CONFIRMED)
    assert heard[-1].cancel_key == operation.cancel_key


def test_stop_during_a_hanging_lookup_is_prompt(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    answers: list[object] = []
    server.faults.add("hang", only="lookup")
    client.submit(c.LookUp("1001"), answers.append)
    window.until(lambda: server.faults.wait_until_held(0))
    assert client.stop(timeout=5.0)
    assert answers == []


def test_customer_of_a_registered_sale_is_found_again(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    heard = heard_from(client)
    window.get(client, c.RegisterSale(SALE))
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    customer = window.get(client, c.FindCustomer("52998224725"))
    assert isinstance(customer, Customer)
    assert window.ask(client, c.FindCustomer("11144477735")) == c.Outcome(2 + 1)


def test_cancellation_of_a_whole_order_is_confirmed(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    heard = heard_from(client)
    window.get(client, c.RegisterCancellation(window.get(client, c.LookUp("1001")).order, "Desistência"))
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    assert applied(server) == [("cancel", "1001", 12990)]


def test_queued_operation_without_connection_can_be_withdrawn(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    heard = heard_from(client)
    order = window.get(client, c.LookUp("1001")).order
    server.stop()
    operation = window.get(client, c.RegisterRefund(RefundRequest(order, 100)))
    window.until(lambda: State.SENDING in [o.state for o in heard] and heard[-1].state is State.QUEUED)
    assert window.get(client, c.WithdrawOperation(operation.operation_id)).state is State.WITHDRAWN


def test_history_export_opens_in_a_spreadsheet(open_client: OpenClient, window: Window, tmp_path: Path) -> None:
    client = open_client()
    refund(window, client)
    out = tmp_path / "histórico.csv"
    assert window.get(client, c.ExportHistory(str(out))) == 1
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid;kind;")
    refused = window.ask(client, c.ExportHistory(str(tmp_path / "no" / "folder.csv")))
    assert isinstance(refused.error, OSError)


def test_draft_is_there_at_the_next_start(open_client: OpenClient, window: Window) -> None:
    client = open_client()
    window.ask(client, c.SaveDraft("sale", {"total": 2590}))
    assert client.stop()
    again = open_client()
    assert window.get(again, c.LoadDraft("sale")) == {"total": 2590}
    window.ask(again, c.SaveDraft("sale", {}))
    assert window.get(again, c.LoadDraft("sale")) == {}


def test_damaged_ledger_is_reported_and_left_unchanged(open_client: OpenClient, window: Window, paths: Paths) -> None:
    paths.folder.mkdir()
    paths.ledger.write_bytes(b"not a database" * 1000)
    client = open_client()
    broken: list[c.LedgerUnavailable] = []
    client.ledgerUnavailable.connect(broken.append)
    outcome = window.ask(client, c.ReadHistoryPage(""))
    assert isinstance(outcome.error, LedgerDamaged)
    assert [type(told.error) for told in broken] == [LedgerDamaged]
    assert paths.ledger.read_bytes() == b"not a database" * 1000


def test_refund_with_a_failing_status_is_registered_without_an_error(
    open_client: OpenClient, window: Window, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_client()
    order = window.get(client, c.LookUp("1001")).order

    def fail(_queries: Queries) -> None:
        raise LedgerFailed("I/O error")

    monkeypatch.setattr(Queries, "counts", fail)
    heard = heard_from(client)
    assert window.get(client, c.RegisterRefund(RefundRequest(order, 100))).state is State.QUEUED
    window.until(lambda: heard[-1].state is State.CONFIRMED)


# --- set-up


def secret_files(paths: Paths, secret: str) -> set[str]:
    """The files of the data folder that hold a text."""
    return {file.name for file in paths.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()}


def wish(server: TrainingServer, *, file_allowed: bool = False, typed: bool = True, **changes: Any) -> c.SaveSettings:
    """A set-up for this server."""
    settings = replace(Settings(url=server.url), **changes)
    return c.SaveSettings(settings, credentials_of(server) if typed else None, file_allowed)


def test_key_without_keyring_stays_in_memory_only(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    assert isinstance(window.ask(client, c.LookUp("1001")).error, NotSetUp)
    setup = window.get(client, wish(server))
    assert (setup.key_storage, setup.has_key, setup.keyring_usable) == (KeyStorage.MEMORY, True, False)
    assert window.get(client, c.LookUp("1001")).order.order_id == "1001"
    assert secret_files(paths, server.key) == set()
    assert client.stop()
    assert window.get(open_bare_client(), c.ReadSettings()).has_key is False


def test_key_with_consent_is_in_one_file_for_this_user_alone(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    assert window.get(client, wish(server, file_allowed=True)).key_storage is KeyStorage.FILE
    assert secret_files(paths, server.key) == {"credentials.json"}
    assert stat.S_IMODE(paths.credentials.stat().st_mode) == 0o600
    assert client.stop()
    setup = window.get(open_bare_client(), c.ReadSettings())
    assert (setup.has_key, setup.key_storage, setup.token_suffix) == (True, KeyStorage.FILE, server.token[-4:])


def test_consent_to_a_file_changes_without_typing_the_key_again(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    window.get(client, wish(server))
    assert window.get(client, wish(server, typed=False, file_allowed=True)).key_storage is KeyStorage.FILE
    assert secret_files(paths, server.key) == {"credentials.json"}
    assert window.get(client, wish(server, typed=False, file_allowed=False)).key_storage is KeyStorage.MEMORY
    assert secret_files(paths, server.key) == set()
    assert window.get(client, c.LookUp("1001")).order.order_id == "1001"


def test_account_of_the_first_set_up_outlives_a_new_token(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    first = window.get(client, wish(server)).settings
    assert first.account == account_for_token(server.token)
    new = c.SaveSettings(
        replace(first, url=f" {first.url}/ ", till="caixa2"), Credentials("another-token", "another-key")
    )
    assert window.get(client, new).settings == replace(first, till="CAIXA2")
    stored = load_settings(paths.settings)
    assert (stored.account, stored.till) == (first.account, "CAIXA2")


def test_invalid_settings_change_nothing(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    refused = window.ask(client, wish(server, url="http://example.com"))
    assert isinstance(refused.error, SettingsError)
    assert load_settings(paths.settings) == Settings(url=server.url)
    assert not paths.credentials.exists()
    assert window.get(client, c.ReadSettings()).has_key is False


def test_saved_credentials_restart_a_stopped_outbox(
    open_bare_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_bare_client()
    told: list[c.Status] = []
    client.statusChanged.connect(told.append)
    window.get(client, wish(server))
    order = window.get(client, c.LookUp("1001")).order
    window.get(client, c.SaveSettings(Settings(url=server.url), Credentials(server.token, "old")))
    window.get(client, c.RegisterRefund(RefundRequest(order, 100)))
    window.until(lambda: told[-1].stopped_by_credentials)
    window.get(client, wish(server))
    window.until(lambda: told[-1].pending == 0)
    assert not told[-1].stopped_by_credentials
    assert len({request.body for request in posted_requests(server)}) == 1
    assert applied(server) == [("refund", "1001", 100)]


def test_connection_test_uses_typed_credentials_or_those_in_force(
    open_bare_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_bare_client()
    assert isinstance(window.ask(client, c.TestConnection(server.url)).error, NotSetUp)
    typed = credentials_of(server)
    assert window.ask(client, c.TestConnection(server.url, typed)).error is None
    wrong = window.ask(client, c.TestConnection(server.url, replace(typed, key="x"))).error
    assert isinstance(wrong, LookupFailed)
    assert wrong.reason is FailureReason.CREDENTIALS
    window.get(client, wish(server))
    assert window.ask(client, c.TestConnection(server.url)).error is None


@pytest.fixture(name="kiosk")
def environment(server: TrainingServer, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials in the environment."""
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    return iter(())


@pytest.mark.usefixtures("kiosk")
def test_credentials_of_the_environment_win_and_are_never_stored(
    open_bare_client: OpenClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    client = open_bare_client()
    assert window.get(client, c.ReadSettings()).key_storage is KeyStorage.ENVIRONMENT
    saved = window.get(client, wish(server, typed=False, file_allowed=True))
    assert (saved.key_storage, saved.settings.account) == (KeyStorage.ENVIRONMENT, account_for_token(server.token))
    other = c.SaveSettings(Settings(url=server.url), Credentials("typed-token", "typed-key"))
    saved = window.get(client, other)
    assert (saved.key_storage, saved.token_suffix) == (KeyStorage.ENVIRONMENT, server.token[-4:])
    assert secret_files(paths, server.key) == set()


def test_unreadable_credentials_leave_the_till_without_credentials(
    open_bare_client: OpenClient, window: Window, paths: Paths
) -> None:
    paths.folder.mkdir()
    paths.credentials.write_text(json.dumps({"token": "t", "sealed_key": "rubbish"}))
    assert window.get(open_bare_client(), c.ReadSettings()).has_key is False


def test_slow_backend_opening_does_not_block_the_window(
    make_client: MakeClient, window: Window, server: TrainingServer, paths: Paths
) -> None:
    may_open = threading.Event()

    async def open_backend_for_test(tell: Callable[[Any], None]) -> Backend:
        may_open.wait(5)
        return await open_backend(paths, tell, Settings(url=server.url), credentials_of(server))

    client = make_client(open_backend_for_test)
    client.start()
    answers: list[c.Outcome[Any]] = []
    client.submit(c.LookUp("1001"), answers.append)
    assert answers == []
    may_open.set()
    window.until(lambda: bool(answers))
    assert answers[0].error is None


def test_address_stays_while_a_request_may_have_been_sent_to_it(
    open_client: OpenClient, window: Window, server: TrainingServer
) -> None:
    client = open_client()
    server.faults.add("hang", only="refund")
    refund(window, client)
    window.until(lambda: server.faults.wait_until_held(0))
    elsewhere = wish(server, url="https://127.0.0.1:9")
    outcome = window.ask(client, elsewhere)
    assert isinstance(outcome.error, SettingsError)
    assert outcome.error.field == "url_busy"
    server.faults.release()
    window.until(lambda: window.get(client, c.ReadHistoryPage(""))[0].state is State.CONFIRMED)
    assert window.get(client, elsewhere).settings.url == "https://127.0.0.1:9"
