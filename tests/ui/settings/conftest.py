"""Fixture of the settings page with the real worker behind it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.access.approval_sheet import show_approval
from bonifiq_desktop.ui.settings.page import SettingsPage
from bonifiq_desktop.worker.backend import Backend
from bonifiq_desktop.worker.client import WorkerClient
from tests.support.backend import open_backend, store_settings
from tests.support.owner import Owner

OpenPage = Callable[[], Owner]


@pytest.fixture(name="open_page")
def page_opener(qtbot: QtBot, server: TrainingServer, paths: Paths) -> Iterator[OpenPage]:
    """Return a function that opens the page as a start does, after closing the previous one."""
    desks: list[WorkerClient] = []
    owners: list[Owner] = []  # keeps pages alive: a page freed on the worker's thread crashes Qt

    def open_it(*, given: Credentials | None = None) -> Owner:
        if desks:
            assert desks[-1].stop()

        async def open_office(tell: Callable[[Any], None]) -> Backend:
            if not paths.settings.exists():
                store_settings(paths, url=server.url)
            return await open_backend(paths, tell, given=given)

        desk = WorkerClient(open_office)
        desk.approvalNeeded.connect(show_approval)
        desks.append(desk)
        page = SettingsPage(desk, training=given is not None)
        qtbot.addWidget(page)
        page.show()
        owner = Owner(page, qtbot)
        owners.append(owner)
        desk.start()
        page.load()
        qtbot.waitUntil(lambda: bool(owner.changes), timeout=15_000)
        return owner

    yield open_it
    ended = [desk.stop() for desk in desks]
    for desk in desks:
        desk.deleteLater()
    assert all(ended)
