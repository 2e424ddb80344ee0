"""A window that can die: forked by `tests/support/fork_server.py`, driven by the keys of a cashier.

The job is that of a till without a window. It may name a "counter": a folder in which the cashier says that he is about
to press the confirming key ("about-to-confirm") and waits for leave to do so ("confirm"). It may name a "deadline":
seconds that a call may take, and "undo": seconds in which a refund can be taken back, 0 without it. There is one more
point to die at: `confirm:pressed`, between the key and the worker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from bonifiq_desktop.app import App, build
from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.connectors.http_client import HttpClient
from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    Command,
    Outcome,
    RegisterCancellation,
    RegisterRefund,
    RegisterSale,
)
from tests.support.cashier import Cashier, let_work, wait_until
from tests.support.fork_server import PROMISED, KillSwitch

import_module("bonifiq_desktop.worker.backend")  # once, before the children are forked

ABOUT_TO_CONFIRM = "about-to-confirm"
CONFIRM = "confirm"
OUTCOMES = {"refund": "refundOutcome", "sale": "saleOutcome", "cancel": "cancelOutcome"}


def run(job: dict[str, Any], kill_switch: KillSwitch) -> None:
    """Start the program, register as a cashier does, and stay until nothing is pending or the time is over."""
    kill_switch.install()
    patch.object(undo, "UNDO_SECONDS", job.get("undo", 0.0)).start()
    _surround(kill_switch)
    patch.object(connector, "HttpClient", partial(HttpClient, timeout=job.get("deadline", CALL_TIMEOUT))).start()
    folder = Path(job["folder"])
    # The folder also for the socket that a killed program leaves behind; no word of what the platform cannot do.
    os.environ.update(BONIFIQ_API_TOKEN=job["token"], BONIFIQ_API_KEY=job["key"], TMPDIR=job["folder"])
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_LOGGING_RULES="default.warning=false")
    app = build(["--data-dir", job["folder"], "--api-url", job["url"]])
    app.client.operationChanged.connect(lambda operation: _promise(folder, operation))
    app.start()
    assert QTest.qWaitForWindowActive(app.window)
    for kind, order_id, value, *_ in job["actions"]:  # from memory or not: a window shows what it sees
        _register(app, kind, order_id, value, Path(job["counter"]) if "counter" in job else None)
    cashier, end = Cashier(app), time.monotonic() + job["seconds"]
    while time.monotonic() < end and "em andamento" in (cashier.text("pendingCount") or "em andamento"):
        let_work(0.005)
    assert app.stop()


def _promise(folder: Path, operation: Operation) -> None:
    """What the window was told of is on the screen, and must never be lost."""
    with (folder / PROMISED).open("a", encoding="utf-8") as promised:
        promised.write(f"{operation.operation_id}\n")


def _surround(kill_switch: KillSwitch) -> None:
    really_submit = WorkerClient.submit

    def submit(desk: WorkerClient, command: Command[Any], then: Callable[[Outcome[Any]], None] | None = None) -> int:
        if isinstance(command, RegisterRefund | RegisterCancellation | RegisterSale):
            kill_switch.reach("confirm:pressed")
        return really_submit(desk, command, then)

    patch.object(WorkerClient, "submit", submit).start()


def _register(app: App, kind: str, order_id: str, value: int, counter: Path | None) -> None:
    cashier = Cashier(app)
    if kind == "sale":
        cashier.fill_sale(str(value))  # under the till's own number: a typed one is looked up before it is sent
        confirm = "saleSubmit"
    else:
        cashier.look_up(order_id)
        confirm = f"{kind}Confirm"
        if kind == "refund":
            cashier.open_refund()
            cashier.type("refundValue", str(value))
        else:
            cashier.open_cancel()
    if kind != "cancel":  # there is nothing to type in it
        wait_until((app.paths.drafts / f"{kind}.json").exists, "the draft")
    if counter is not None:
        (counter / ABOUT_TO_CONFIRM).touch()
        wait_until((counter / CONFIRM).exists, "leave to confirm")
    cashier.press(Qt.Key.Key_Return, confirm)
    outcome = cashier.find(OUTCOMES[kind])
    wait_until(lambda: outcome.property("state"), "the outcome")
