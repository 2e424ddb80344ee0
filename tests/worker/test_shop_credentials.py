"""Credentials new to a till: operations of one shop go to no other, and go on with a renewed key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bonifiq_desktop.domain.connections import Shop, ShopNotProved, ShopUncertain
from bonifiq_desktop.domain.operations import Operation, State
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE, Credentials
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import SettingsError, account_for_token, load_settings
from bonifiq_desktop.training_server import loyalty_service as training_shop
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.client import WorkerClient
from tests.support.backend import open_backend, store_settings
from tests.support.headless_till import applied, credentials_of, posted_requests
from tests.worker.conftest import MakeClient, OpenClient, Window


def with_pair(server: TrainingServer, pair: Credentials, *, another_shop: bool = False) -> None:
    """The same address lets only this pair in from now on; another shop's, where it is."""
    server.stop()
    server.token, server.key = pair.token, pair.key
    if another_shop:
        server.service = training_shop.LoyaltyService(clock=lambda: datetime.now(UTC) - timedelta(days=3, seconds=7))
    server.start()


NEW = Credentials("token-two", "key-two-key-two")


class Story:
    """A till with a possibly sent refund of order 1001, and its owner."""

    def __init__(self, client: WorkerClient, window: Window, server: TrainingServer) -> None:
        self.client, self.window, self.server = client, window, server
        self.old = credentials_of(server)
        self.told: list[c.Status] = []
        client.statusChanged.connect(self.told.append)
        self.settings = window.get(client, c.ReadSettings()).settings
        self.settings = self.saved(self.old).settings

    def save(self, pair: Credentials | None, shop: Shop | None = None, **changes: Any) -> c.Outcome[c.CurrentSettings]:
        wish = c.SaveSettings(replace(self.settings, **changes), pair, allow_plain_file=True, shop=shop)
        return self.window.ask(self.client, wish)

    def saved(self, pair: Credentials | None, shop: Shop | None = None, **changes: Any) -> c.CurrentSettings:
        outcome = self.save(pair, shop, **changes)
        assert outcome.error is None
        assert outcome.value is not None
        return outcome.value

    def refund(self, order_id: str = "1001") -> Operation:
        order = self.window.get(self.client, c.LookUp(order_id)).order
        return self.window.get(self.client, c.RegisterRefund(RefundRequest(order, 1000)))

    def state(self, operation: Operation) -> State:
        return self.details(operation).operation.state

    def details(self, operation: Operation) -> OperationDetails:
        found = self.window.get(self.client, c.ReadOperationDetails(operation.operation_id))
        assert found is not None
        return found

    def until_confirmed(self, operation: Operation) -> None:
        self.window.until(lambda: self.state(operation) is State.CONFIRMED)


@pytest.fixture(name="story")
def till_with_a_refund(open_bare_client: OpenClient, window: Window, server: TrainingServer) -> Story:
    """Connected, and nothing registered yet."""
    return Story(open_bare_client(), window, server)


def uncertain_refund(story: Story) -> Operation:
    story.server.faults.add("error_500_after", only="refund")
    story.server.faults.add("error_500", only="refund", times=500)
    operation = story.refund()
    story.window.until(lambda: story.state(operation) is State.UNKNOWN)
    return operation


def test_credentials_of_another_shop_send_no_possibly_sent_operation(story: Story) -> None:
    server = story.server
    operation = uncertain_refund(story)
    server.faults.clear()
    with_pair(server, NEW, another_shop=True)
    assert isinstance(story.save(NEW).error, ShopUncertain)
    assert story.saved(NEW, Shop.ANOTHER).settings.account == account_for_token(NEW.token)
    story.window.until(lambda: story.told[-1].pending_for_other_shop == 1)
    theirs = story.refund("1002")
    story.until_confirmed(theirs)
    assert applied(server) == [("refund", "1002", 1000)]
    assert story.state(operation) is State.UNKNOWN
    assert story.details(operation).waits_elsewhere
    assert not story.details(theirs).waits_elsewhere
    # The first shop's pair again: it goes on there, with its own key.
    story.settings = story.window.get(story.client, c.ReadSettings()).settings
    first = training_shop.LoyaltyService()
    server.stop()
    server.token, server.key, server.service = story.old.token, story.old.key, first
    server.start()
    assert story.saved(story.old, Shop.ANOTHER).settings.account == operation.account
    story.until_confirmed(operation)
    assert [(entry.order_id, entry.key) for entry in first.applied] == [("1001", operation.cancel_key)]


def test_credentials_of_another_shop_send_no_queued_operation(story: Story) -> None:
    server = story.server
    order = story.window.get(story.client, c.LookUp("1001")).order
    server.stop()
    operation = story.window.get(story.client, c.RegisterRefund(RefundRequest(order, 1000)))
    assert story.save(NEW, Shop.ANOTHER).error is None
    with_pair(server, NEW, another_shop=True)
    done = story.refund("1002")
    story.until_confirmed(done)
    assert story.state(operation) is State.QUEUED
    assert [entry[1] for entry in applied(server)] == ["1002"]


def test_renewed_credentials_are_proved_by_a_lookup_and_repeat_the_same_key(story: Story) -> None:
    server = story.server
    operation = uncertain_refund(story)
    first = posted_requests(server)[0].body
    server.faults.clear()
    with_pair(server, NEW)
    assert isinstance(story.save(NEW).error, ShopUncertain)
    saved = story.saved(NEW, Shop.SAME)
    assert saved.settings.account == operation.account == account_for_token(story.old.token)
    story.until_confirmed(operation)
    assert {request.body for request in posted_requests(server)} == {first}
    assert applied(server) == [("refund", "1001", 1000)]
    assert story.told[-1].pending_for_other_shop == 0
    assert story.save(NEW).error is None, "asked once"


@pytest.mark.parametrize("known_there", [True, False])
def test_credentials_without_this_tills_orders_are_not_the_same_shops(
    story: Story, paths: Paths, *, known_there: bool
) -> None:
    server = story.server
    operation = uncertain_refund(story)
    server.faults.clear()
    with_pair(server, NEW, another_shop=True)
    if not known_there:
        server.service._orders.clear()
    before = (paths.settings.read_bytes(), paths.credentials.read_bytes())
    assert isinstance(story.save(NEW, Shop.SAME).error, ShopNotProved)
    assert (paths.settings.read_bytes(), paths.credentials.read_bytes()) == before
    assert posted_requests(server) == []
    assert story.state(operation) is State.UNKNOWN


@pytest.mark.parametrize("trouble", [FailureReason.NO_CONNECTION, FailureReason.CREDENTIALS])
def test_failed_lookup_proves_no_shop_and_saves_nothing(story: Story, paths: Paths, trouble: FailureReason) -> None:
    story.until_confirmed(story.refund())
    if trouble is FailureReason.NO_CONNECTION:
        story.server.stop()
    error = story.save(NEW, Shop.SAME).error
    assert isinstance(error, LookupFailed)
    assert error.reason is trouble
    assert load_settings(paths.settings).account == account_for_token(story.old.token)


def test_account_stays_while_an_operation_of_it_is_unfinished(story: Story) -> None:
    operation = uncertain_refund(story)
    error = story.save(None, account="OTHER").error
    assert isinstance(error, SettingsError)
    assert error.field == "account_busy"
    story.server.faults.clear()
    story.until_confirmed(operation)
    assert story.saved(None, account="OTHER").settings.account == "OTHER"


def test_new_environment_credentials_send_nothing_until_the_shop_is_known(
    make_client: MakeClient, window: Window, server: TrainingServer, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def client_with(pair: Credentials) -> WorkerClient:
        monkeypatch.setenv(TOKEN_VARIABLE, pair.token)
        monkeypatch.setenv(KEY_VARIABLE, pair.key)

        async def open_backend_for_test(tell: Callable[[Any], None]) -> Backend:
            store_settings(paths, url=server.url)
            return await open_backend(paths, tell)

        client = make_client(open_backend_for_test)
        client.start()
        return client

    story = Story(client_with(credentials_of(server)), window, server)
    operation = uncertain_refund(story)
    assert story.client.stop()
    server.faults.clear()
    sent = len(posted_requests(server))
    with_pair(server, NEW)
    again = client_with(NEW)
    setup = window.get(again, c.ReadSettings())
    assert setup.shop_unconfirmed
    order = window.get(again, c.LookUp("1002")).order
    assert isinstance(window.ask(again, c.RegisterRefund(RefundRequest(order, 1000))).error, ShopUncertain)
    assert len(posted_requests(server)) == sent
    assert isinstance(window.ask(again, c.SaveSettings(setup.settings)).error, ShopUncertain)
    saved = window.get(again, c.SaveSettings(setup.settings, shop=Shop.SAME))
    assert (saved.shop_unconfirmed, saved.settings.account) == (False, operation.account)
    story.client = again
    story.until_confirmed(operation)
    assert again.stop()
    assert not window.get(client_with(NEW), c.ReadSettings()).shop_unconfirmed
