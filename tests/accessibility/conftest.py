"""Fixtures: the program on a virtual screen, and a screen reader beside it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bonifiq_desktop.training_server.server import TrainingServer
from tests.program.conftest import cashier_at_the_counter, credentials_of_the_server, start_programs  # noqa: F401

if TYPE_CHECKING:
    from tests.support.screen_reader import ScreenReader


@pytest.fixture(name="desktop")
def desktop_of_a_test() -> Iterator[dict[str, str]]:
    """Return the environment of a program on the virtual desktop."""
    pytest.importorskip("jeepney", reason="D-Bus, so AT-SPI, is Linux's own")
    from tests.support.screen_reader import virtual_desktop

    with virtual_desktop() as environment:
        yield environment


@pytest.fixture(name="reader")
def screen_reader(desktop: dict[str, str], server: TrainingServer, tmp_path: Path) -> "Iterator[ScreenReader]":
    """Start the program, connected to the server, and return a screen reader."""
    from tests.support.screen_reader import ScreenReader

    credentials = {"BONIFIQ_API_TOKEN": server.token, "BONIFIQ_API_KEY": server.key}
    reader = ScreenReader(desktop)
    command = [sys.executable, "-m", "bonifiq_desktop", "--data-dir", str(tmp_path / "data"), "--api-url", server.url]
    program = subprocess.Popen(command, env={**desktop, **credentials})
    try:
        reader.focus_window()
        yield reader
    finally:
        program.terminate()
        program.wait(30)
        reader.close()
