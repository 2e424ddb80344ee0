"""A till without a window as a process of its own: `python -m tests.support.shop_till_program FOLDER URL TOKEN KEY`.

It runs the worker's backend as the program does, with short waits. It reads one command per line from standard input,
as JSON with a `do` and its arguments, and answers each with one line of JSON: `{"value": …}` or `{"error": …}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bonifiq_desktop.connectors.connector import CALL_TIMEOUT
from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.decisions import COPY_LIFETIME
from bonifiq_desktop.domain.operations import Decision, Operation
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.elapsed import monotonic
from bonifiq_desktop.ledger.history import read_operations
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials, CredentialStore
from bonifiq_desktop.services.connection_services import ConnectionServices
from bonifiq_desktop.services.refundable import RefundRequest
from bonifiq_desktop.services.retry import RetryPolicy
from bonifiq_desktop.services.settings_store import Overrides
from bonifiq_desktop.storage.paths import Paths
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.worker import backend as backend_module
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker import shop_commands as s
from bonifiq_desktop.worker.backend import Backend
from tests.support.ledger_actions import START
from tests.support.staff import access_control_in

POLICY = RetryPolicy(
    not_found_interval=0.05,
    first_delay=0.05,
    max_delay=0.3,
    max_offline_delay=0.2,
    max_retry_after=0.3,
    max_attempts=200,
)


class ShopTill:
    """The backend of one till, and a cashier's actions. The process's clocks can be set forward or back."""

    def __init__(self, folder: Path, url: str, credentials: Credentials) -> None:
        self.paths = Paths(folder)
        self.skew = timedelta()
        self.elapsed = timedelta()
        self._url = url
        self._credentials = credentials
        self.backend: Backend

    async def open(self, till: str) -> None:
        """Open the backend as the worker does."""
        undo.UNDO_SECONDS = 0.0
        clock = lambda: datetime.now(UTC) + self.skew  # noqa: E731
        ledger = partial(Ledger, clock=clock, monotonic_clock=lambda: monotonic() + self.elapsed)
        vars(backend_module).update(Ledger=ledger, ConnectionServices=partial(ConnectionServices, policy=POLICY))
        is_new = not self.paths.settings.exists()
        self.backend = await Backend.open(
            self.paths,
            lambda _event: None,
            access=access_control_in(self.paths.folder),
            credential_store=CredentialStore(self.paths.credentials, None),
            overrides=Overrides(),
        )
        if is_new:
            settings = Settings(url=self._url, till=till)
            await self.ask(c.SaveSettings(settings, self._credentials, allow_plain_file=True))

    async def ask(self, command: c.Command[Any]) -> Any:
        """The value of a command; raises its error."""
        return await self.backend.handle(command)

    # --- what people do

    async def look_up(self, order: str) -> dict[str, Any]:
        """What the card of an order says."""
        found = await self.ask(c.LookUp(order))
        return {
            "refundable": found.refundable,
            "refunded": found.refunded,
            "closed": found.closed,
            "is_cached": found.cached_at is not None,
            "unfinished": found.unfinished and _told(found.unfinished),
            "operations": [_told(each) for each in found.operations],
        }

    async def refund(self, order: str, value: int) -> dict[str, Any]:
        found = await self.ask(c.LookUp(order))
        request = RefundRequest(found.order, value, "Troca", cached_at=found.cached_at)
        return _told(await self.ask(c.RegisterRefund(request)))

    async def cancel(self, order: str) -> dict[str, Any]:
        found = await self.ask(c.LookUp(order))
        return _told(await self.ask(c.RegisterCancellation(found.order, "Desistência", seen_at=found.cached_at)))

    async def sell(
        self, value: int, order: str = "", name: str = "Maria", document: str = "52998224725"
    ) -> dict[str, Any]:
        """Register a sale; without a number, under one that the till makes."""
        sale = Sale(Customer(name=name, document=document), value, START, order_id=order)
        return _told(await self.ask(c.RegisterSale(sale)))

    async def decide(self, operation: int, decision: str) -> dict[str, Any]:
        command = c.DecideReview(operation, Decision(decision), "Ana", "conferido no painel")
        return _told(await self.ask(command))

    async def take_over(self, operation: int) -> dict[str, Any]:
        return _told(await self.ask(s.TakeOver(operation, "o caixa parou")))

    # --- the shop database

    async def join(self, path: str, code: str) -> Any:
        return _status(await self.ask(s.JoinShopDatabase(path, code, keep_in_file=True)))

    async def begin_incarnation(self) -> Any:
        return _status(await self.ask(s.BeginIncarnation()))

    async def sync(self) -> Any:
        """Ask for an exchange, and return the state of the last one."""
        await self.ask(s.SyncShopDatabase())
        return _status(await self.ask(s.ReadShopDatabase()))

    async def status(self) -> Any:
        return _status(await self.ask(s.ReadShopDatabase()))

    # --- the process

    async def operations(self) -> list[dict[str, Any]]:
        """This till's own operations, oldest first."""
        return [_told(each) for each in read_operations(self.paths.ledger)]

    async def set_clock(self, seconds: float) -> None:
        """Set this PC's clock, in seconds against the true time."""
        self.skew = timedelta(seconds=seconds)
        if seconds > 0:
            self.backend.outbox.resume_after_suspend()

    async def expire_copies(self) -> None:
        """Let the time pass in which a copy of a request may still be on its way."""
        self.elapsed += timedelta(seconds=CALL_TIMEOUT) + COPY_LIFETIME

    async def retry(self) -> None:
        """Let the outbox try everything now."""
        self.backend.outbox.credentials_changed()


def _told(operation: Operation) -> dict[str, Any]:
    return {
        "id": operation.operation_id,
        "uid": operation.uid,
        "kind": operation.kind.value,
        "order": operation.order_id,
        "value": operation.value,
        "state": operation.state.value,
        "review": operation.review_reason and operation.review_reason.value,
        "failure": operation.failure_reason and operation.failure_reason.value,
        "key": operation.cancel_key,
        "till": operation.till,
    }


def _status(status: Any) -> Any:
    return None if status is None else json.loads(json.dumps(asdict(status), default=str))


async def _serve(till: ShopTill, name: str) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    await till.open(name)
    threading.Thread(target=read, daemon=True).start()
    _answer({"value": "ready"})
    while line := await lines.get():
        arguments = json.loads(line)
        command: Callable[..., Awaitable[Any]] = getattr(till, arguments.pop("do"))
        try:
            _answer({"value": await command(**arguments)})
        except Exception as error:
            _answer({"error": type(error).__name__, "text": str(error)})
    await till.backend.aclose()


def _answer(content: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(content)}\n")
    sys.stdout.flush()


def main(folder: str, name: str, url: str, token: str, key: str) -> None:
    """Run the till until standard input ends."""
    asyncio.run(_serve(ShopTill(Path(folder), url, Credentials(token, key)), name))


if __name__ == "__main__":
    main(*sys.argv[1:])
