"""The whole program in this process with a training server in another one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer

from bonifiq_desktop.app import App, build
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.worker.commands import Command, Outcome
from tests.support.separate_training_server import SeparateTrainingServer, separate_training_server

T = TypeVar("T")
_PATIENCE_MS = 60_000


@contextmanager
def running_program(folder: Path) -> Iterator[tuple[App, SeparateTrainingServer]]:
    """Start the program and a server, wait until it is ready, and stop both at the block's end."""
    with separate_training_server() as server:
        os.environ |= {TOKEN_VARIABLE: server.credentials.token, KEY_VARIABLE: server.credentials.key}
        app = build(["--data-dir", str(folder), "--api-url", server.url])
        wait_for_signal(app.client.statusChanged.connect, app.start)
        try:
            yield app, server
        finally:
            app.stop()


def wait_for_signal(connect: Callable[[Callable[..., None]], object], begin: Callable[[], object]) -> None:
    """Do something and run the event loop until the signal."""
    loop = QEventLoop()
    connect(lambda *_told: loop.quit())
    QTimer.singleShot(_PATIENCE_MS, loop, lambda: loop.exit(1))
    begin()
    if loop.exec():
        raise RuntimeError("nothing was told")


def ask(app: App, command: Command[T]) -> None:
    """Submit a command that must succeed and return its answer."""
    loop = QEventLoop()
    outcomes: list[Outcome[T]] = []

    def answered(outcome: Outcome[T]) -> None:
        outcomes.append(outcome)
        loop.quit()

    app.client.submit(command, answered)
    loop.exec()
    if outcomes[0].error is not None:
        raise outcomes[0].error
