"""A till with a checkout that can die: forked by `tests/support/fork_server.py`.

The job is that of a till without a window. `redeem`: redeem a reward. `end`: "sale", "reversal" or "", and `early`:
registered while the redemption is unfinished. `tidy`: a person undoes what the home page offers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Set
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bonifiq_desktop.connectors.bonifiq.connector import BonifiqConnector
from bonifiq_desktop.domain.operations import FINAL, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import Basket, RedemptionRequest
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.ledger.checkouts import Checkouts
from bonifiq_desktop.ledger.errors import LedgerError
from bonifiq_desktop.ledger.ledger import Ledger
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.security.customer_keys import CustomerKeys
from bonifiq_desktop.services.checkouts import open_checkouts
from bonifiq_desktop.services.connection import Connection
from bonifiq_desktop.services.connection_services import ConnectionServices
from tests.support.fork_server import POLICY, PROMISED, SETTINGS, KillSwitch
from tests.support.ledger_actions import START
from tests.support.staff import access_control_in

CHECKOUT_STEPS = ("put_reward", "address_reversal")
CHECKOUT = "venda 1"
GROSS = 12990
_CUSTOMER = Customer(name="Maria", document="52998224725")
_REWARD = "R$ 20 de desconto"
AMOUNT = 2000
_SETTLED = FINAL | {State.REVIEW}
_LEFT = _SETTLED | {State.SENDING, State.UNKNOWN}


def run(job: dict[str, Any], kill_switch: KillSwitch) -> None:
    """Run a till with one checkout."""
    kill_switch.install()
    for name in CHECKOUT_STEPS:
        setattr(Checkouts, name, kill_switch.wrap(name, getattr(Checkouts, name)))
    asyncio.run(_run(job))


async def _run(job: dict[str, Any]) -> None:
    folder = Path(job["folder"])
    ledger = Ledger(folder / "ledger.db", customer_keys=CustomerKeys(b"h" * 32))
    ledger.recover()
    connection = Connection(BonifiqConnector, lambda: None)
    access = access_control_in(folder)
    services = ConnectionServices(
        ledger, connection, lambda: SETTINGS, lambda _operation: None, access=access, policy=POLICY
    )
    await connection.configure(job["url"], Credentials(job["token"], job["key"]))
    till = _Till(services, folder)
    async with _sending(services):
        if job.get("redeem"):
            await till.redeem()
            await till.wait_for(lambda: till.has_redemption(_LEFT if job["early"] else _SETTLED))
            till.end(job["end"])
        await till.wait_for(till.is_settled)
        if job.get("tidy"):
            till.undo_what_is_offered()
            await till.wait_for(till.is_settled)
    await connection.aclose()
    ledger.close()


@asynccontextmanager
async def _sending(services: ConnectionServices) -> AsyncIterator[None]:
    task = asyncio.get_running_loop().create_task(services.outbox.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class _Till:
    """The cashier of one checkout."""

    def __init__(self, services: ConnectionServices, folder: Path) -> None:
        self._services = services
        self._folder = folder

    def has_redemption(self, states: Set[State]) -> bool:
        return all(each.state in states for each in self._services.checkouts.operations(CHECKOUT))

    async def redeem(self) -> None:
        basket = Basket(_CUSTOMER, GROSS)
        offered = await self._services.rewards.find(basket)
        reward = next(each for each in offered.rewards if each.title == _REWARD)
        request = RedemptionRequest(CHECKOUT, basket, reward, AMOUNT)
        self._promise((await self._services.checkouts.redeem(request)).operation_id)

    def end(self, end: str) -> None:
        try:
            if end == "sale":
                sale = Sale(replace(_CUSTOMER), GROSS - AMOUNT, START)
                self._promise(self._services.registration.sell(sale, CHECKOUT, checkout_id=CHECKOUT).operation_id)
            elif end == "reversal":
                self._promise(self._services.checkouts.undo(CHECKOUT).operation_id)
        except LedgerError:  # the redemption came to nothing
            return

    def undo_what_is_offered(self) -> None:
        for checkout in open_checkouts(self._services.ledger, ()):
            self._promise(self._services.checkouts.undo(checkout.checkout_id).operation_id)

    def is_settled(self) -> bool:
        return self._services.ledger.queries.counts().pending == 0

    async def wait_for(self, is_so: Callable[[], bool]) -> None:
        self._services.outbox.wake()
        while not is_so():  # noqa: ASYNC110 - what is waited for publishes nothing
            await asyncio.sleep(0.005)

    def _promise(self, number: int) -> None:
        with (self._folder / PROMISED).open("a", encoding="utf-8") as notes:
            notes.write(f"{number}\n")
