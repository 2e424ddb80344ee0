"""The window that the tour drives: it finds widgets by object name and acts by keys, like a cashier."""

import json
import os
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.app import App
from bonifiq_desktop.security.credentials import KEY_VARIABLE, TOKEN_VARIABLE
from bonifiq_desktop.training_server.server import TrainingServer
from bonifiq_desktop.ui.widgets.key_strip import press_key

_STEP_TIMEOUT = float(os.environ.get("BONIFIQ_TOUR_PATIENCE", "30"))  # seconds that a step may take
_LAYOUT_TURNS = 10
_SETTLE_SECONDS = 0.12  # seconds for the window to settle

W = TypeVar("W", bound=QWidget)


class TourError(Exception):
    """A step did not find what it expects."""


def _process_events() -> None:
    """Process window events, then let the worker run."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only an event loop that ends does it itself
    time.sleep(0.005)


class TourTill:
    """The running program with its window. `api_url`: of another training server. Methods raise TourError."""

    def __init__(self, app: App, out: Path, api_url: str | None) -> None:
        self._app = app
        self._window = app.window
        self._out = out
        self.api_url = api_url
        self.step = "start"
        self.pictures = 0

    @property
    def training_server(self) -> TrainingServer | None:
        """The embedded training server, once it runs."""
        return self._app.training_server

    def start(self) -> None:
        self._app.start()
        self.settle()

    def enter(self, name: str, text: str, then: Qt.Key | None = None) -> None:
        field = self.find(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = Qt.Key(ord(letter.upper()))
                QCoreApplication.sendEvent(field, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter))
        if then is not None:
            self.press(then, name)
        self.settle()

    def press(self, key: Qt.Key, name: str | None = None) -> None:
        """Press a key in a field, or anywhere in the window. QtTest would do it, but does not travel in a package."""
        field = self.find(QWidget, name) if name else None
        if field is not None:
            field.setFocus()
        press_key(self._window, key, field)

    def has(self, name: str) -> bool:
        """Whether the window has a widget of that name."""
        return self._window.findChild(QWidget, name) is not None

    def all(self, name: str) -> list[QWidget]:
        """Every widget of that name."""
        return self._window.findChildren(QWidget, name)

    def find(self, kind: type[W], name: str) -> W:
        found = self._window.findChild(kind, name)
        if found is None:
            raise TourError(f"there is no {name}")
        return found

    def text(self, name: str) -> str:
        return str(getattr(self.find(QWidget, name), "text", str)())

    def wait_for_outcome(self, name: str, state: str) -> None:
        outcome = self.find(QWidget, name)
        self.wait(f"{name} {state}", lambda: outcome.property("state") == state, name)

    def wait(self, what: str, seen: Callable[[], bool], message_in: str | None = None) -> None:
        end = time.monotonic() + _STEP_TIMEOUT
        while not seen():
            if time.monotonic() > end:
                said = f"; the window says: {self.text(message_in)}" if message_in else ""
                raise TourError(f"waited in vain for {what}{said}")
            _process_events()

    @staticmethod
    def settle() -> None:
        end = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < end:
            _process_events()

    def picture(self, name: str) -> None:
        """Save a picture of the window. Nested layouts need some turns until a new text has its room."""
        for _ in range(_LAYOUT_TURNS):
            _process_events()
        shot = self._window.grab()
        self.pictures += 1
        if not shot.save(str(self._out / f"{self.pictures:02}-{name}.png")):
            raise TourError(f"the picture {name} could not be saved")

    def call_server(self, method: str, path: str, body: object = None) -> dict[str, list[dict[str, str]]]:
        import httpx

        server = self._app.training_server
        if server is not None:
            url, token, key = server.url, server.token, server.key
        else:
            url, token, key = self.api_url or "", os.environ[TOKEN_VARIABLE], os.environ[KEY_VARIABLE]
        answer = httpx.request(method, url + path, json=body, auth=(token, key), timeout=_STEP_TIMEOUT, trust_env=False)
        if not answer.is_success:
            raise TourError(f"{path} answered {answer.status_code}")
        data: dict[str, list[dict[str, str]]] = json.loads(answer.text, parse_float=Decimal)
        return data
