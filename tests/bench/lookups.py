"""A look-up through the program against the same call with a plain HTTP client."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from typing import TypeVar

import httpx
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.app import App
from bonifiq_desktop.connectors.bonifiq.classify import parse_order
from bonifiq_desktop.connectors.bonifiq.requests import order_path
from bonifiq_desktop.connectors.http_client import HttpResponse
from bonifiq_desktop.worker.commands import LookUp
from tests.bench.measure import Bench, Figure, Goal, Result, Sample, compare, milliseconds
from tests.bench.running_program import ask, running_program
from tests.support.separate_training_server import SeparateTrainingServer

_ORDERS = ("1001", "1002")
_ROUNDS = 300
_FAR_ROUNDS = 60
_LATENCY = 0.05
_WARM_UP = 5
_REST = 0.01
W = TypeVar("W", bound=QWidget)


def rows(bench: Bench) -> Iterator[Result]:
    """The figures on loopback and with a slow server."""
    near, far = bench.rounds(_ROUNDS), bench.rounds(_FAR_ROUNDS)
    with (
        tempfile.TemporaryDirectory(dir=bench.folder, prefix="calls-") as folder,
        running_program(Path(folder) / "data") as (app, server),
        DirectCall(server) as direct,
    ):
        worker, card, straight = rested(WorkerCall(app).sample), rested(LookupToCard(app).sample), rested(direct.sample)
        asked = "a look-up handed to the worker until its outcome is back in the window's thread"
        shown = "a look-up from the press of Enter until the order's card is painted"
        bare = "the GET with a shared client and the reading of the order"
        for name, what, ours, goals in (
            ("through the worker", asked, worker, (Goal(2), Goal(1.05))),
            ("from the key to the card", shown, card, (None, None)),
        ):
            figure = Figure("calls", f"{name}, loopback", f"{what}, against {bare}", goals[0])
            yield compare(figure, ours=ours, limit=straight, rounds=near, warm_up=_WARM_UP)
            server.add_faults(
                {"name": "delay", "only": "lookup", "seconds": _LATENCY, "times": 2 * (far + _WARM_UP)},
            )
            slow = f"the same from a server that takes {_LATENCY * 1000:.0f} ms"
            figure = Figure("calls", f"{name}, 50 ms away", slow, goals[1])
            yield compare(figure, ours=ours, limit=straight, rounds=far, warm_up=_WARM_UP)


def found(widget: W | None) -> W:
    """Find a widget that must exist."""
    assert widget is not None
    return widget


def rested(sample: Sample) -> Sample:
    """Wait before each sample, so that the worker has stored the previous answer."""

    def measure() -> float:
        sleep(_REST)
        return sample()

    return measure


class DirectCall:
    """The call with one reused client."""

    def __init__(self, server: SeparateTrainingServer) -> None:
        pair = (server.credentials.token, server.credentials.key)
        self._client = httpx.Client(base_url=server.url, auth=pair, trust_env=False)
        self._orders = itertools.cycle(_ORDERS)
        self.sample: Sample = milliseconds(self._call)

    def __enter__(self) -> DirectCall:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def _call(self) -> None:
        order_id = next(self._orders)
        answer = self._client.get(order_path(order_id))
        parse_order(HttpResponse(answer.status_code, answer.content), order_id)


class WorkerCall:
    """The call through the worker, as screens make it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._orders = itertools.cycle(_ORDERS)
        self.sample: Sample = milliseconds(lambda: ask(self._app, LookUp(next(self._orders))))


class LookupToCard(QObject):
    """A look-up from the key press in the field to the painted card."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self._field = found(app.window.findChild(QLineEdit, "lookupField"))
        found(app.window.findChild(QWidget, "orderCard")).installEventFilter(self)
        self._orders = itertools.cycle(_ORDERS)
        self._wanted = ""
        self._loop = QEventLoop()
        press = milliseconds(self._press)

        def sample() -> float:
            self._wanted = next(self._orders)
            self._field.setText(self._wanted)
            return press()

        self.sample: Sample = sample

    def _press(self) -> None:
        QTest.keyClick(self._field, Qt.Key.Key_Return)
        self._loop.exec()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and self._wanted and watched.property("orderId") == self._wanted:
            self._wanted = ""  # only the first paint counts; a second one would end the next sample
            QTimer.singleShot(0, self._loop.quit)  # after the other paints of this round
        return super().eventFilter(watched, event)
