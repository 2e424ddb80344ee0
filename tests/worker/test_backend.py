"""The real office behind the desk: register, look up, set up, stop, and start again."""

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
from tests.worker.conftest import MakeDesk, OpenDesk, Window


def refund(window: Window, desk: WorkerClient, value: int = 4990, order: str = "1001") -> Operation:
    """Look up and register."""
    return window.get(desk, c.RegisterRefund(RefundRequest(window.get(desk, c.LookUp(order)).order, value)))


def heard_from(desk: WorkerClient) -> list[Operation]:
    """Every operation that the desk announces from now on."""
    heard: list[Operation] = []
    desk.operationChanged.connect(heard.append)
    return heard


def test_a_refund_is_queued_at_once_and_announced_until_it_is_confirmed(
    open_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = open_desk()
    heard = heard_from(desk)
    operation = refund(window, desk)
    assert operation.state is State.QUEUED
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    assert [o.state for o in heard] == [State.QUEUED, State.SENDING, State.CONFIRMED]
    details = window.get(desk, c.ReadOperationDetails(operation.operation_id))
    assert details is not None
    assert len(details.attempts) == 1
    assert [o.state for o in window.get(desk, c.ReadHistoryPage(""))] == [State.CONFIRMED]
    assert applied(server) == [("refund", "1001", 4990)]


def test_the_window_always_knows_the_link_and_what_is_unfinished(
    open_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = open_desk()
    told: list[c.Status] = []
    desk.statusChanged.connect(told.append)
    server.faults.add("hang", only="refund")
    refund(window, desk)
    window.until(lambda: told[-1].pending == 1)
    assert (told[0].connection, told[-1].connection) == (ConnectionStatus.UNTRIED, ConnectionStatus.ONLINE)
    window.until(lambda: server.faults.wait_until_held(0))
    server.faults.release()
    window.until(lambda: told[-1].pending == 0)


def test_lookups_are_answered_while_a_refund_hangs(open_desk: OpenDesk, window: Window, server: TrainingServer) -> None:
    desk = open_desk()
    heard = heard_from(desk)
    server.faults.add("delay", only="refund", seconds=5)
    operation = refund(window, desk)
    window.until(lambda: bool(posted_requests(server)))
    start = time.monotonic()
    found = window.get(desk, c.LookUp("1002"))
    page = window.get(desk, c.ReadHistoryPage(""))
    assert time.monotonic() - start < 2, "neither the network nor the history waits behind the refund"
    assert found.order.order_id == "1002"
    assert [o.state for o in page] == [State.SENDING]
    busy = window.ask(desk, c.RegisterRefund(RefundRequest(window.get(desk, c.LookUp("1001")).order, 100)))
    assert isinstance(busy.error, OrderBusy)
    assert State.CONFIRMED not in [o.state for o in heard]
    assert operation.state is State.QUEUED


def test_stopping_while_a_request_hangs_is_prompt_and_leaves_it_uncertain_for_the_next_start(
    open_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = open_desk()
    server.faults.add("hang", only="refund")
    operation = refund(window, desk)
    window.until(lambda: server.faults.wait_until_held(0))
    assert desk.stop(timeout=5.0)
    [left] = read_operations(paths.ledger)
    assert (left.state, left.failure_reason) == (State.UNKNOWN, FailureReason.INTERRUPTED)

    again = open_desk()
    heard = heard_from(again)
    window.until(lambda: bool(heard) and heard[-1].state is State.CONFIRMED)
    assert heard[-1].cancel_key == operation.cancel_key
    assert applied(server) == [("refund", "1001", 4990)]


def test_what_a_dead_process_was_sending_goes_on_at_the_next_start(
    open_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = open_desk()
    order = window.get(desk, c.LookUp("1001")).order
    server.stop()
    operation = window.get(desk, c.RegisterRefund(RefundRequest(order, 4990)))
    assert desk.stop()
    ledger = Ledger(paths.ledger)
    ledger.start_attempt(operation.operation_id, "training")  # where credentials that are never stored belong
    ledger.close()
    server.start()
    again = open_desk()
    heard = heard_from(again)
    window.until(lambda: bool(heard) and heard[-1].state is State.CONFIRMED)
    assert heard[-1].cancel_key == operation.cancel_key


def test_stopping_while_a_lookup_hangs_is_prompt(open_desk: OpenDesk, window: Window, server: TrainingServer) -> None:
    desk = open_desk()
    answers: list[object] = []
    server.faults.add("hang", only="lookup")
    desk.submit(c.LookUp("1001"), answers.append)
    window.until(lambda: server.faults.wait_until_held(0))
    assert desk.stop(timeout=5.0)
    assert answers == []


def test_a_sale_is_registered_and_its_customer_found_again(
    open_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = open_desk()
    heard = heard_from(desk)
    window.get(desk, c.RegisterSale(SALE))
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    customer = window.get(desk, c.FindCustomer("52998224725"))
    assert isinstance(customer, Customer)
    assert window.ask(desk, c.FindCustomer("11144477735")) == c.Outcome(2 + 1)


def test_an_order_is_cancelled_whole(open_desk: OpenDesk, window: Window, server: TrainingServer) -> None:
    desk = open_desk()
    heard = heard_from(desk)
    window.get(desk, c.RegisterCancellation(window.get(desk, c.LookUp("1001")).order, "Desistência"))
    window.until(lambda: heard[-1].state is State.CONFIRMED)
    assert applied(server) == [("cancel", "1001", 12990)]


def test_what_waits_without_a_line_can_be_taken_back(
    open_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = open_desk()
    heard = heard_from(desk)
    order = window.get(desk, c.LookUp("1001")).order
    server.stop()
    operation = window.get(desk, c.RegisterRefund(RefundRequest(order, 100)))
    window.until(lambda: State.SENDING in [o.state for o in heard] and heard[-1].state is State.QUEUED)
    assert window.get(desk, c.WithdrawOperation(operation.operation_id)).state is State.WITHDRAWN


def test_the_history_is_exported_for_a_spreadsheet(open_desk: OpenDesk, window: Window, tmp_path: Path) -> None:
    desk = open_desk()
    refund(window, desk)
    out = tmp_path / "histórico.csv"
    assert window.get(desk, c.ExportHistory(str(out))) == 1
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid;kind;")
    refused = window.ask(desk, c.ExportHistory(str(tmp_path / "no" / "folder.csv")))
    assert isinstance(refused.error, OSError)


def test_what_is_half_typed_is_there_at_the_next_start(open_desk: OpenDesk, window: Window) -> None:
    desk = open_desk()
    window.ask(desk, c.SaveDraft("sale", {"total": 2590}))
    assert desk.stop()
    again = open_desk()
    assert window.get(again, c.LoadDraft("sale")) == {"total": 2590}
    window.ask(again, c.SaveDraft("sale", {}))
    assert window.get(again, c.LoadDraft("sale")) == {}


def test_a_damaged_ledger_is_told_and_left_as_it_is(open_desk: OpenDesk, window: Window, paths: Paths) -> None:
    paths.folder.mkdir()
    paths.ledger.write_bytes(b"not a database" * 1000)
    desk = open_desk()
    broken: list[c.LedgerUnavailable] = []
    desk.ledgerUnavailable.connect(broken.append)
    outcome = window.ask(desk, c.ReadHistoryPage(""))
    assert isinstance(outcome.error, LedgerDamaged)
    assert [type(told.error) for told in broken] == [LedgerDamaged]
    assert paths.ledger.read_bytes() == b"not a database" * 1000


def test_a_status_that_cannot_be_counted_does_not_turn_a_registered_refund_into_an_error(
    open_desk: OpenDesk, window: Window, server: TrainingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk()
    order = window.get(desk, c.LookUp("1001")).order

    def fail(_queries: Queries) -> None:
        raise LedgerFailed("I/O error")

    monkeypatch.setattr(Queries, "counts", fail)
    heard = heard_from(desk)
    assert window.get(desk, c.RegisterRefund(RefundRequest(order, 100))).state is State.QUEUED
    window.until(lambda: heard[-1].state is State.CONFIRMED)


# --- set-up


def secret_files(paths: Paths, secret: str) -> set[str]:
    """The files of the data folder that hold a text."""
    return {file.name for file in paths.folder.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()}


def wish(server: TrainingServer, *, file_allowed: bool = False, typed: bool = True, **changes: Any) -> c.SaveSettings:
    """A set-up for this server."""
    settings = replace(Settings(url=server.url), **changes)
    return c.SaveSettings(settings, credentials_of(server) if typed else None, file_allowed)


def test_without_keyring_the_key_lives_for_this_run_only(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    assert isinstance(window.ask(desk, c.LookUp("1001")).error, NotSetUp)
    setup = window.get(desk, wish(server))
    assert (setup.key_storage, setup.has_key, setup.keyring_usable) == (KeyStorage.MEMORY, True, False)
    assert window.get(desk, c.LookUp("1001")).order.order_id == "1001"
    assert secret_files(paths, server.key) == set()
    assert desk.stop()
    assert window.get(bare_desk(), c.ReadSettings()).has_key is False


def test_with_the_owners_consent_the_key_is_in_one_file_that_only_this_user_can_read(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    assert window.get(desk, wish(server, file_allowed=True)).key_storage is KeyStorage.FILE
    assert secret_files(paths, server.key) == {"credentials.json"}
    assert stat.S_IMODE(paths.credentials.stat().st_mode) == 0o600
    assert desk.stop()
    setup = window.get(bare_desk(), c.ReadSettings())
    assert (setup.has_key, setup.key_storage, setup.token_suffix) == (True, KeyStorage.FILE, server.token[-4:])


def test_the_owner_may_change_his_mind_about_the_file_without_typing_the_key_again(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    window.get(desk, wish(server))
    assert window.get(desk, wish(server, typed=False, file_allowed=True)).key_storage is KeyStorage.FILE
    assert secret_files(paths, server.key) == {"credentials.json"}
    assert window.get(desk, wish(server, typed=False, file_allowed=False)).key_storage is KeyStorage.MEMORY
    assert secret_files(paths, server.key) == set()
    assert window.get(desk, c.LookUp("1001")).order.order_id == "1001"


def test_the_account_is_fixed_at_the_first_set_up_and_outlives_a_change_of_token(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    first = window.get(desk, wish(server)).settings
    assert first.account == account_for_token(server.token)
    new = c.SaveSettings(
        replace(first, url=f" {first.url}/ ", till="caixa2"), Credentials("another-token", "another-key")
    )
    assert window.get(desk, new).settings == replace(first, till="CAIXA2")
    stored = load_settings(paths.settings)
    assert (stored.account, stored.till) == (first.account, "CAIXA2")


def test_settings_that_cannot_be_used_change_nothing(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    refused = window.ask(desk, wish(server, url="http://example.com"))
    assert isinstance(refused.error, SettingsError)
    assert load_settings(paths.settings) == Settings(url=server.url)
    assert not paths.credentials.exists()
    assert window.get(desk, c.ReadSettings()).has_key is False


def test_saved_credentials_let_a_stopped_outbox_go_on(
    bare_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = bare_desk()
    told: list[c.Status] = []
    desk.statusChanged.connect(told.append)
    window.get(desk, wish(server))
    order = window.get(desk, c.LookUp("1001")).order
    window.get(desk, c.SaveSettings(Settings(url=server.url), Credentials(server.token, "old")))
    window.get(desk, c.RegisterRefund(RefundRequest(order, 100)))
    window.until(lambda: told[-1].stopped_by_credentials)
    window.get(desk, wish(server))
    window.until(lambda: told[-1].pending == 0)
    assert not told[-1].stopped_by_credentials
    assert len({request.body for request in posted_requests(server)}) == 1
    assert applied(server) == [("refund", "1001", 100)]


def test_the_connection_is_tested_with_what_was_typed_or_with_what_is_in_force(
    bare_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = bare_desk()
    assert isinstance(window.ask(desk, c.TestConnection(server.url)).error, NotSetUp)
    typed = credentials_of(server)
    assert window.ask(desk, c.TestConnection(server.url, typed)).error is None
    wrong = window.ask(desk, c.TestConnection(server.url, replace(typed, key="x"))).error
    assert isinstance(wrong, LookupFailed)
    assert wrong.reason is FailureReason.CREDENTIALS
    window.get(desk, wish(server))
    assert window.ask(desk, c.TestConnection(server.url)).error is None


@pytest.fixture(name="kiosk")
def environment(server: TrainingServer, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials in the environment."""
    monkeypatch.setenv(TOKEN_VARIABLE, server.token)
    monkeypatch.setenv(KEY_VARIABLE, server.key)
    return iter(())


@pytest.mark.usefixtures("kiosk")
def test_credentials_of_the_environment_win_and_are_never_written(
    bare_desk: OpenDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    desk = bare_desk()
    assert window.get(desk, c.ReadSettings()).key_storage is KeyStorage.ENVIRONMENT
    saved = window.get(desk, wish(server, typed=False, file_allowed=True))
    assert (saved.key_storage, saved.settings.account) == (KeyStorage.ENVIRONMENT, account_for_token(server.token))
    other = c.SaveSettings(Settings(url=server.url), Credentials("typed-token", "typed-key"))
    saved = window.get(desk, other)
    assert (saved.key_storage, saved.token_suffix) == (KeyStorage.ENVIRONMENT, server.token[-4:])
    assert secret_files(paths, server.key) == set()


def test_stored_credentials_that_cannot_be_read_leave_the_till_without_any(
    bare_desk: OpenDesk, window: Window, paths: Paths
) -> None:
    paths.folder.mkdir()
    paths.credentials.write_text(json.dumps({"token": "t", "sealed_key": "rubbish"}))
    assert window.get(bare_desk(), c.ReadSettings()).has_key is False


def test_an_office_that_opens_slowly_does_not_hold_up_the_window(
    make_desk: MakeDesk, window: Window, server: TrainingServer, paths: Paths
) -> None:
    may_open = threading.Event()

    async def open_office(tell: Callable[[Any], None]) -> Backend:
        may_open.wait(5)
        return await open_backend(paths, tell, Settings(url=server.url), credentials_of(server))

    desk = make_desk(open_office)
    desk.start()
    answers: list[c.Outcome[Any]] = []
    desk.submit(c.LookUp("1001"), answers.append)
    assert answers == []
    may_open.set()
    window.until(lambda: bool(answers))
    assert answers[0].error is None


def test_the_address_stays_while_something_may_have_left_for_the_old_one(
    open_desk: OpenDesk, window: Window, server: TrainingServer
) -> None:
    desk = open_desk()
    server.faults.add("hang", only="refund")
    refund(window, desk)
    window.until(lambda: server.faults.wait_until_held(0))
    elsewhere = wish(server, url="https://127.0.0.1:9")
    outcome = window.ask(desk, elsewhere)
    assert isinstance(outcome.error, SettingsError)
    assert outcome.error.field == "url_busy"
    server.faults.release()
    window.until(lambda: window.get(desk, c.ReadHistoryPage(""))[0].state is State.CONFIRMED)
    assert window.get(desk, elsewhere).settings.url == "https://127.0.0.1:9"
