"""A server that imports the program once and forks one killable till per job: `python -m tests.support.fork_server`.

A job is a line of JSON on standard input: the folder, the server, the operations to register, and the point at which
the child dies. The child runs the real ledger, HTTP client and outbox. It dies by SIGKILL at a point, or by an alarm
between any two instructions. This module wraps the points around the program, whose code does not contain them.

`python -m tests.support.fork_server MODULE` forks children that call `run(job, kill_switch)` of that module.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.connectors.http_client import HttpClient, HttpResult
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.requests import SerializedRequest
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.verdicts import Verdict
from bonifiq_desktop.ledger import connection as ledger_steps
from bonifiq_desktop.ledger.database import transaction
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.storage.settings import Settings
from tests.support.failing_disk import break_disk
from tests.support.ledger_actions import START
from tests.support.server_requests import QUESTIONS
from tests.support.staff import access_control_in

POLICY = RetryPolicy(
    not_found_interval=0.02,
    first_delay=0.01,
    max_delay=0.03,
    max_offline_delay=0.03,
    max_retry_after=0.1,
    max_attempts=30,
)
SETTINGS = Settings(account="LOJA1")
LEDGER_METHODS = ("enqueue", "start_attempt", "finish_attempt", "resolve", "recover")
PROMISED = "promised"
ERRORS = "said"
READY = "ready"
SENDERS = "sent"
"""File with the process id behind each POST."""

_TRACED = {
    "http11.send_request_headers.started": "post:connected",
    "http11.send_request_body.complete": "post:written",
    "http11.receive_response_headers.complete": "post:answered",
}
KILL_POINTS = (
    *(f"{step}:{place}" for step in LEDGER_METHODS for place in ("before", "commit", "committed")),
    "post:before",
    *_TRACED.values(),
    "post:after",
)


class KillSwitch:
    """Kill this process, or break its disk, the n-th time that it reaches a point. The point "" is never reached."""

    def __init__(self, point: str, times: int, disk_failure: str = "") -> None:
        self._point = point
        self._remaining = times
        self._disk_failure = disk_failure
        self._step = ""

    def reach(self, point: str) -> None:
        """Report that the process has reached a point."""
        if not point or point != self._point:
            return
        self._remaining -= 1
        if self._remaining:
            return
        if self._disk_failure:
            break_disk(self._disk_failure)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        """Wrap every commit and every stage of a request."""
        for name in LEDGER_METHODS:
            setattr(Ledger, name, self.wrap(name, getattr(Ledger, name)))
        really_write = HttpClient.write
        really_build = httpx.AsyncClient.build_request

        @contextmanager
        def step(db: sqlite3.Connection) -> Iterator[None]:
            with transaction(db):
                yield
                self.reach(f"{self._step}:commit")
            self.reach(f"{self._step}:committed")

        async def write(client: HttpClient, method: str, path: str, body: bytes) -> HttpResult:
            self.reach("" if path.endswith(QUESTIONS) else "post:before")
            seen = await really_write(client, method, path, body)
            self.reach("" if path.endswith(QUESTIONS) else "post:after")
            return seen

        def build(client: httpx.AsyncClient, method: str, url: str, *rest: Any, **options: Any) -> httpx.Request:
            is_write = method != "GET" and not url.endswith(QUESTIONS)
            watch: Callable[[str, dict[str, Any]], Awaitable[None]] = options["extensions"]["trace"]

            async def trace(event: str, info: dict[str, Any]) -> None:
                await watch(event, info)
                self.reach(_TRACED.get(event, "") if is_write else "")

            options["extensions"] = {"trace": trace}
            return really_build(client, method, url, *rest, **options)

        for owner, name, wrapped in (
            (ledger_steps, "transaction", step),
            (HttpClient, "write", write),
            (httpx.AsyncClient, "build_request", build),
        ):
            assert hasattr(owner, name), f"{name} has moved: nothing would be killed there"
            setattr(owner, name, wrapped)

    def wrap(self, name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        """A command of the ledger with its points: before it, before its commit and after it."""

        def step(*arguments: Any, **options: Any) -> Any:
            self._step = name
            self.reach(f"{name}:before")
            try:
                return really(*arguments, **options)
            finally:
                self._step = ""

        return step


async def run_till(job: dict[str, Any]) -> None:
    """Open the till, register, and run the outbox until nothing is pending or the time is over."""
    folder = Path(job["folder"])
    ledger = Ledger(folder / "ledger.db", customer_keys=CustomerKeys(b"h" * 32))
    ledger.recover()
    connection = Connection(BonifiqConnector, lambda: None)
    services = ConnectionServices(
        ledger,
        connection,
        lambda: SETTINGS,
        lambda _operation: None,
        access=access_control_in(folder),
        policy=POLICY,
    )
    really = connection.send

    async def send(operation: Operation, request: SerializedRequest) -> Verdict:
        _append_line(folder / SENDERS, str(os.getpid()))
        return await really(operation, request)

    connection.send = send  # type: ignore[method-assign]
    await connection.configure(job["url"], Credentials(job["token"], job["key"]))
    for action in job["actions"]:
        try:
            operation = await _register(services, *action)
        except LedgerError as error:
            _append_line(folder / ERRORS, type(error).__name__)
        else:
            _append_line(folder / PROMISED, str(operation.operation_id))
    if "together" in job:
        await _meet(folder, job["together"])
    if job["seconds"]:
        sending = asyncio.get_running_loop().create_task(services.outbox.run())
        try:
            async with asyncio.timeout(job["seconds"]):
                # Polled, because another process may settle the operations.
                while _pending(ledger):  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        except TimeoutError:
            pass
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    await connection.aclose()
    ledger.close()


async def _meet(folder: Path, processes: int) -> None:
    """Wait until so many processes are as far as this one: a busy machine may start them long after each other."""
    _append_line(folder / READY, str(os.getpid()))
    while len((folder / READY).read_text("utf-8").splitlines()) < processes:  # noqa: ASYNC110 - another process writes
        await asyncio.sleep(0.002)


def _pending(ledger: Ledger) -> bool:
    try:
        return ledger.queries.counts().pending > 0
    except LedgerError:  # the ledger cannot be read
        return True


def _append_line(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8") as notes:
        notes.write(f"{text}\n")


async def _register(
    services: ConnectionServices, kind: str, order_id: str, value: int, from_memory: bool = False
) -> Operation:
    if kind == "sale":
        customer = Customer(name="Maria", document="52998224725")
        return services.registration.sell(Sale(customer, value, START))  # a typed number would be looked up first
    order = (await services.lookup.look_up(order_id)).order
    seen_at = START if from_memory else None
    if kind == "refund":
        return services.registration.refund(RefundRequest(order, value, "Troca", cached_at=seen_at))
    return services.registration.cancel(order, "", cached_at=seen_at)


def run(job: dict[str, Any], kill_switch: KillSwitch) -> None:
    """Run a till without a window."""
    kill_switch.install()
    asyncio.run(run_till(job))


def _child(job: dict[str, Any], play: Callable[[dict[str, Any], KillSwitch], None]) -> None:
    point, _, times = str(job["kill"]).rpartition("@")
    if point == "after":
        signal.setitimer(signal.ITIMER_REAL, float(times))  # without a handler the signal ends the process
        point, times = "", "0"
    play(job, KillSwitch(point, int(times or 0), job.get("disk_failure", "")))


def main() -> None:
    """Fork a child for each job. Print its process id, then its exit status: 0, or the signal as a negative number."""
    play = importlib.import_module(sys.argv[1]).run if sys.argv[1:] else run
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                _child(json.loads(line), play)
            except BaseException as error:
                sys.stderr.write(f"{error!r}\n")
                os._exit(1)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
