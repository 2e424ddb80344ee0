"""Tests of the update check."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bonifiq_desktop import __version__
from bonifiq_desktop.services import updates
from bonifiq_desktop.services.updates import FIRST_DELAY, NEXT_DELAY, UpdateChecker
from bonifiq_desktop.storage.settings import UpdateFeed, parse_update_feed
from tests.support.loopback import answer, closing_after
from tests.support.update_publisher import UpdatePublisher

NOON = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)


class Shop:
    """A till with an update check; `now` is its clock."""

    def __init__(self, folder: Path, feed: str) -> None:
        self.path = folder / "updates.json"
        self.feed: UpdateFeed | None = parse_update_feed(feed)
        self.now = NOON
        self.busy = False
        self.told = 0
        self.open()

    def open(self) -> None:
        """Start or restart the program."""
        self.updates = UpdateChecker(
            self.path, lambda: self.feed, lambda: self.busy, self._tell, clock=lambda: self.now
        )

    def _tell(self) -> None:
        self.told += 1

    def ask(self) -> str | None:
        """Run a check if due; returns the known newer version."""
        asyncio.run(self.updates.check_now())
        return self.newer

    @property
    def newer(self) -> str | None:
        """The known newer version."""
        return self.updates.newer.name if self.updates.newer else None


@pytest.fixture(name="shop")
def shop_that_may_ask(tmp_path: Path, publisher: UpdatePublisher) -> Shop:
    """A till with the publisher in its settings."""
    return Shop(tmp_path, publisher.feed)


def test_newer_version_is_known_after_check(shop: Shop, publisher: UpdatePublisher) -> None:
    assert (shop.newer, shop.told) == (None, 0)
    assert shop.ask() == "9.8.7"
    assert (shop.told, len(publisher.requests)) == (1, 1)
    assert "authorization" not in publisher.requests[0]


def test_update_check_runs_once_a_day_despite_restarts(shop: Shop, publisher: UpdatePublisher) -> None:
    for hour in range(10):
        shop.now = NOON + timedelta(hours=hour)
        shop.open()
        assert shop.newer == ("9.8.7" if hour else None)
        assert shop.ask() == "9.8.7"
    assert len(publisher.requests) == 1
    shop.now = NOON + timedelta(hours=24)
    shop.ask()
    assert len(publisher.requests) == 2


def test_update_check_ignores_future_check_time(shop: Shop, publisher: UpdatePublisher) -> None:
    shop.now = NOON + timedelta(days=3000)
    shop.ask()
    shop.now = NOON
    shop.ask()
    assert len(publisher.requests) == 2


def test_update_check_asks_new_address_next_time(shop: Shop, publisher: UpdatePublisher) -> None:
    shop.ask()
    with UpdatePublisher().publishing() as other:
        shop.feed = parse_update_feed(other.feed)
        assert shop.newer is None, "the other one did not sign it"
        other.answer = other.notice("9.9.0")
        assert shop.ask() == "9.9.0"
        assert len(other.requests) == 1


def test_update_check_turned_off_sends_nothing(shop: Shop, publisher: UpdatePublisher) -> None:
    shop.ask()
    shop.feed = None
    shop.now += timedelta(days=2)
    assert shop.ask() is None
    assert len(publisher.requests) == 1


def test_update_check_while_busy_sends_nothing(shop: Shop, publisher: UpdatePublisher) -> None:
    shop.busy = True
    assert shop.ask() is None
    assert publisher.requests == []
    shop.busy = False
    assert shop.ask() == "9.8.7"


@pytest.mark.parametrize("version", [__version__, "0.0.9", "0.0.0"])
def test_update_check_of_older_version_finds_nothing(shop: Shop, publisher: UpdatePublisher, version: str) -> None:
    publisher.answer = publisher.notice(version)
    assert shop.ask() is None
    assert len(publisher.requests) == 1


def test_update_check_compares_version_numbers(
    shop: Shop, publisher: UpdatePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "__version__", "0.9.0")
    publisher.answer = publisher.notice("0.10.0")
    assert shop.ask() == "0.10.0"
    monkeypatch.setattr(updates, "__version__", "0.11.0")
    assert shop.newer is None


UNUSABLE: dict[str, Callable[[UpdatePublisher], tuple[int, bytes]]] = {
    "signed by another key": lambda _publisher: (200, UpdatePublisher().notice("9.9.9")),
    "not signed": lambda publisher: (200, publisher.notice("9.9.9").partition(b"\n")[2]),
    "of another program": lambda publisher: (200, publisher.signed(b'{"program": "another"}')),
    "a portal's page": lambda _publisher: (200, b"<html>Wi-Fi</html>"),
    "too long": lambda publisher: (200, publisher.notice("9.9.9") + b" " * 5000),
    "not there": lambda publisher: (404, publisher.notice("9.9.9")),
    "elsewhere": lambda publisher: (302, publisher.notice("9.9.9")),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_update_check_invalid_notice_keeps_known_one(
    shop: Shop, publisher: UpdatePublisher, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    assert shop.ask() == "9.8.7"
    shop.now += timedelta(days=1)
    publisher.status, publisher.answer = UNUSABLE[what](publisher)
    assert shop.ask() == "9.8.7"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    shop.open()
    assert shop.ask() == "9.8.7"
    assert len(publisher.requests) == 2, "the day's question was asked"


def test_update_check_offline_is_not_counted(
    tmp_path: Path, publisher: UpdatePublisher, caplog: pytest.LogCaptureFixture
) -> None:
    shop = Shop(tmp_path, f"http://127.0.0.1:9/avisos.txt#{publisher.key}")
    assert shop.ask() is None
    assert not shop.path.exists()
    assert caplog.records == []


def test_update_check_with_cut_answer_is_counted(tmp_path: Path, publisher: UpdatePublisher) -> None:
    server = closing_after(answer(publisher.notice("9.9.9"))[:-10])

    async def ask() -> None:
        async with server.listening():
            shop = Shop(tmp_path, f"{server.url}/a#{publisher.key}")
            for _ in range(3):
                await shop.updates.check_now()
            assert shop.newer is None

    asyncio.run(ask())
    assert len(server.requests) == 2, "asked, and once more over a connection that may have been stale"


def test_update_check_edited_file_is_ignored(shop: Shop) -> None:
    shop.ask()
    stored = json.loads(shop.path.read_bytes())
    stored["notice"] = stored["notice"].replace("9.8.7", "9.9.9")
    shop.path.write_text(json.dumps(stored), encoding="utf-8")
    shop.open()
    assert shop.newer is None


def test_update_notice_is_known_when_not_saved(shop: Shop, publisher: UpdatePublisher) -> None:
    shop.path.mkdir()
    with pytest.raises(OSError, match="directory"):
        shop.ask()
    assert shop.ask() == "9.8.7"
    assert len(publisher.requests) == 1


def test_update_check_runs_by_itself_once(
    shop: Shop, publisher: UpdatePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.path.mkdir()  # a failure does not end the loop
    for name in ("FIRST_DELAY", "NEXT_DELAY"):
        monkeypatch.setattr(updates, name, (0.0, 0.01))
    shop.open()

    async def work() -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await shop.updates.run()

    asyncio.run(work())
    assert (shop.newer, len(publisher.requests)) == ("9.8.7", 1)


def test_update_check_waits_random_time_after_start() -> None:
    assert FIRST_DELAY[0] >= 60
    assert FIRST_DELAY[1] - FIRST_DELAY[0] >= 600
    assert NEXT_DELAY[0] >= 600
