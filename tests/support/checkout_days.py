"""Random days at the counter with rewards, at one or two tills. A seed decides the actions, the faults and the deaths.

A cashier has one sale on the screen at most. Its draft is on disk, so that it may survive a death of the process; a
checkout whose draft is gone is continued or undone from the home page.
"""

from __future__ import annotations

import asyncio
import random
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from bonifiq_desktop.connectors.bonifiq import connector
from bonifiq_desktop.domain.connections import OffLine
from bonifiq_desktop.domain.operations import UNFINISHED, Kind, State
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    Basket,
    CodeRequest,
    RedemptionRequest,
    Reward,
    RewardKind,
    discount_of,
)
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.errors import (
    AlreadyRegistered,
    CheckoutEnded,
    CheckoutUnknown,
    OrderBusy,
    TransitionRefused,
)
from bonifiq_desktop.services.refundable import OrderAlreadyCancelled
from tests.support import checkout_oracle, oracle
from tests.support.checkout_decisions import decide_reviews
from tests.support.checkout_oracle import Memory, Shown
from tests.support.checkout_simulation import CheckoutSimulation
from tests.support.checkout_till import CheckoutTill
from tests.support.simulation import MAX_COPY_DELAY, Killed, VirtualLoop, simulated_client

T = TypeVar("T")

PAUSES = (0.0, 0.3, 2.0, 40.0, 150.0, 900.0)
BASKETS = (2590, 8990, 12990, 30000)
CUSTOMERS = ("52998224725", "12345678909", "12ABC34501DE35", "98765432100")
EXPECTED = (
    AlreadyRegistered,
    CheckoutEnded,
    CheckoutUnknown,
    LookupFailed,
    OffLine,
    OrderAlreadyCancelled,
    OrderBusy,
    TransitionRefused,
)
RECOVERY_ROUNDS = 20


@dataclass
class CheckoutDayResult:
    """The result of a day. `redeemed`: rewards redeemed at the service; `used`, `undone`: how they ended."""

    findings: list[oracle.Violation]
    operations: int = 0
    requests: int = 0
    kills: int = 0
    redeemed: int = 0
    used: int = 0
    undone: int = 0
    states: dict[str, int] = field(default_factory=dict)


class CheckoutDay:
    """One day, from the first action to the oracle."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = Random(seed)
        random.seed(seed)  # jitter of the outboxes
        self.simulation = CheckoutSimulation(self.rng, fault_rate=self.rng.choice((0.1, 0.3, 0.6)))
        self.simulation.choose_options()
        self.memory = Memory.of(self.simulation.service)
        self.tills = [CheckoutTill(self.simulation, number + 1, folder) for number in range(self.rng.choice((1, 1, 2)))]
        self._checkouts = 0

    async def run(self) -> CheckoutDayResult:
        """Run the actions, recover, and check the promises."""
        actions = (
            *((self._redeem,) * 6),
            *((self._pay,) * 4),
            *((self._pause,) * 5),
            *((self._schedule_kill,) * 3),
            *((self._undo,) * 3),
            *((self._from_home,) * 3),
            *((self._edit,) * 2),
            *((self._redeem_and_end,) * 2),
            *((self._from_an_old_page,) * 2),
            self._redeem_in_an_outage,
            self._lose_draft,
            self._sell_without_reward,
            self._cancel,
            self._withdraw,
            self._credentials,
            self._restart,
            self._decide,
        )
        for _ in range(self.rng.randint(10, 40)):
            till = self.rng.choice(self.tills)
            await self._ensure_running(till)
            with suppress(Killed, *EXPECTED):
                await self.rng.choice(actions)(till)
        for till in self.tills * 2:
            await self._leave_for_today(till)
        await self._recover()
        result = await self._check()
        for till in self.tills:
            await till.close()
        return result

    async def _ensure_running(self, till: CheckoutTill) -> None:
        """Start the till, again if it dies during the start. The draft of its sale may be lost with it."""
        while not till.is_running:
            if self.rng.random() < 0.5:
                till.cart = None
            with suppress(Killed):
                await till.open()

    # --- what people do

    async def _redeem(self, till: CheckoutTill) -> None:
        if till.cart is not None:
            await self._end(till)
        customer = Customer(name="Maria", document=self.rng.choice(CUSTOMERS))
        basket = Basket(customer, self.rng.choice(BASKETS))
        offered = await _patiently(lambda: till.find_rewards(basket))
        usable = [each for each in offered.rewards if each.can_use and each.kind is not RewardKind.PRODUCT]
        if not usable:
            return
        reward = self.rng.choice(usable)
        if offered.needs_code or offered.needs_signup_code:
            code = CodeRequest(customer, self._new_id("compra"), is_signup=offered.needs_signup_code)
            if not await _patiently(lambda: till.identify(code, lambda: self.simulation.last_code(customer))):
                return
        amount = self._amount(basket, reward, offered)
        if not 0 < amount < basket.gross:
            return
        checkout = self._new_id("venda")
        number = f"{till.name}-{self._checkouts}" if self.rng.random() < 0.2 else ""
        cart = RedemptionRequest(checkout, basket, reward, amount, number)
        till.redraft(cart)
        self.memory.shown[checkout] = _shown(cart, self._customer_of(customer))
        await till.redeem(cart)

    def _customer_of(self, customer: Customer) -> str:
        known = self.simulation.service.find_customer("", customer.document, "")
        return known.original_id if known is not None else ""

    def _amount(self, basket: Basket, reward: Reward, offered: AvailableRewards) -> int:
        chosen = 0
        if reward.can_select_value:
            highest = min(reward.maximum or offered.maximum, basket.gross)
            chosen = self.rng.choice((highest, max(1, highest // 3)))
        return discount_of(reward, basket.gross, chosen)

    def _new_id(self, name: str) -> str:
        self._checkouts += 1
        return f"{name} {self._checkouts}"

    async def _redeem_in_an_outage(self, till: CheckoutTill) -> None:
        """The network goes down right after the redemption is registered."""
        await self._redeem(till)
        line = self.simulation.connections[till.number]
        line.down_until = asyncio.get_running_loop().time() + self.rng.choice(PAUSES)

    async def _redeem_and_end(self, till: CheckoutTill) -> None:
        """The customer decides otherwise, or pays, before the answer is there."""
        await self._redeem(till)
        await asyncio.sleep(self.rng.choice((0.0, 0.3, 2.0)))
        await self._end(till)

    async def _pay(self, till: CheckoutTill) -> None:
        if till.cart is not None:
            self._sell(till, till.cart)

    def _sell(self, till: CheckoutTill, cart: RedemptionRequest) -> None:
        """The customer pays what is left; the number is the redemption's."""
        sale = Sale(cart.basket.customer, cart.basket.gross - cart.amount, self.simulation.clock())
        with till.leaving(cart):
            till.sell(sale, self._new_id("venda"), cart.checkout_id)

    async def _end(self, till: CheckoutTill) -> None:
        await self.rng.choice((self._pay, self._undo))(till)

    async def _undo(self, till: CheckoutTill) -> None:
        if till.cart is not None:
            with till.leaving(till.cart):
                till.undo(till.cart.checkout_id)

    async def _edit(self, till: CheckoutTill) -> None:
        """The basket changes after the redemption: it is undone, and another is made."""
        await self._undo(till)
        await self._redeem(till)

    async def _lose_draft(self, till: CheckoutTill) -> None:
        till.cart = None

    async def _from_home(self, till: CheckoutTill) -> None:
        """Continue or undo a sale that the home page offers."""
        for checkout in till.open_checkouts():
            if checkout.can_continue and self.rng.random() < 0.4:
                self._sell(till, till.carts[checkout.checkout_id])
            else:
                till.undo(checkout.checkout_id)

    async def _from_an_old_page(self, till: CheckoutTill) -> None:
        """A page that was left open pays or undoes what ended long ago."""
        if till.carts:
            cart = self.rng.choice(list(till.carts.values()))
            if self.rng.random() < 0.5:
                self._sell(till, cart)
            else:
                till.undo(cart.checkout_id)

    async def _sell_without_reward(self, till: CheckoutTill) -> None:
        customer = Customer(name="Maria", document=self.rng.choice(CUSTOMERS))
        till.sell(Sale(customer, self.rng.choice(BASKETS), self.simulation.clock()), self._new_id("venda"))

    async def _cancel(self, till: CheckoutTill) -> None:
        """A sale with a reward comes back whole."""
        done = [each for each in till.operations() if (each.kind, each.state) == (Kind.SALE, State.CONFIRMED)]
        if done:
            number = self.rng.choice(done).order_id
            await _patiently(lambda: till.cancel(number))

    async def _withdraw(self, till: CheckoutTill) -> None:
        for operation in till.operations():
            if operation.state is State.QUEUED:
                till.registration.withdraw(operation.operation_id)
                return

    async def _pause(self, _till: CheckoutTill) -> None:
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _schedule_kill(self, till: CheckoutTill) -> None:
        till.kill_in = self.rng.randint(0, 10)
        await asyncio.sleep(self.rng.choice(PAUSES))

    async def _credentials(self, till: CheckoutTill) -> None:
        till.outbox.credentials_changed()

    async def _restart(self, till: CheckoutTill) -> None:
        await till.close()

    async def _decide(self, till: CheckoutTill) -> None:
        if not self.simulation.copies:
            decide_reviews(self.simulation, till)

    async def _leave_for_today(self, till: CheckoutTill) -> None:
        """People end what is open, while the network is as bad as before."""
        await self._ensure_running(till)
        with suppress(Killed):
            await self._close_checkouts(till)
            await asyncio.sleep(self.rng.choice(PAUSES))

    # --- recovery and check

    async def _recover(self) -> None:
        """Let everything settle: no faults, no deaths, unlimited time. People end every checkout that is offered."""
        self.simulation.is_network_sound = True
        for _ in range(RECOVERY_ROUNDS):
            open_ends = bool(self.simulation.copies)
            for till in self.tills:
                till.kill_in = None
                await self._ensure_running(till)
                till.outbox.credentials_changed()
            await asyncio.sleep(MAX_COPY_DELAY + 1)
            for till in self.tills:
                open_ends |= await self._close_checkouts(till)
                open_ends |= decide_reviews(self.simulation, till)
                open_ends |= any(each.state in UNFINISHED for each in till.operations())
            if not open_ends:
                return

    async def _close_checkouts(self, till: CheckoutTill) -> bool:
        """End the sale on the screen and every checkout of the home page. Return whether there was one."""
        was_open = till.cart is not None or bool(till.open_checkouts())
        with suppress(*EXPECTED):
            await self._end(till)
        till.cart = None
        with suppress(*EXPECTED):
            await self._from_home(till)
        return was_open

    async def _check(self) -> CheckoutDayResult:
        ledgers = {till.name: till.path for till in self.tills}
        self.memory.promised += [(till.name, number) for till in self.tills for number in till.promised]
        simulation = self.simulation
        broken = checkout_oracle.examine(simulation.service, ledgers, self.memory, released=simulation.released)
        findings = [*simulation.violations, *broken, *await self._check_screens()]
        redeemed = self.simulation.redeemed().values()
        result = CheckoutDayResult(
            findings,
            requests=self.simulation.requests,
            redeemed=len(redeemed),
            undone=sum(each.is_undone for each in redeemed),
            used=sum(bool(self.simulation.orders_with(each.code)) for each in redeemed),
        )
        for till in self.tills:
            result.kills += till.kills
            for operation in till.operations():
                result.operations += 1
                result.states[operation.state.value] = result.states.get(operation.state.value, 0) + 1
        return result

    async def _check_screens(self) -> list[oracle.Violation]:
        """The balances that the screens show in the evening are the service's."""
        found = []
        for document in CUSTOMERS:
            offered = await self.tills[0].find_rewards(Basket(Customer(document=document), 10_000))
            customer = self.simulation.service.find_customer("", document, "")
            # A cancelled sale takes back what it gave, even if that was spent: a screen shows no less than nothing.
            has = (max(0, customer.points), max(0, customer.cashback_cents)) if customer else None
            if (offered.points, offered.cashback) != has:
                text = f"{document} is shown {offered.points}, {offered.cashback} and has {has}"
                found.append(oracle.Violation(checkout_oracle.WRONG_BALANCE, text))
        return found


def _shown(cart: RedemptionRequest, customer: str) -> Shown:
    """What the screen says that the redemption costs."""
    is_cashback = cart.reward.kind is RewardKind.CASHBACK
    return Shown(
        cart.basket.gross,
        cart.amount,
        0 if is_cashback else cart.reward.points,
        cart.amount if is_cashback else 0,
        customer,
    )


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """Repeat a question on a bad network, as cashiers do. Raises LookupFailed."""
    for _ in range(4):
        with suppress(LookupFailed):
            return await ask()
        await asyncio.sleep(1)
    return await ask()


def run_checkout_day(
    seed: int, folder: Path, change: Callable[[pytest.MonkeyPatch], None] | None = None
) -> CheckoutDayResult:
    """Run one day. `change` installs a mutant for the day."""
    folder.mkdir(parents=True)

    async def day() -> CheckoutDayResult:
        it = CheckoutDay(seed, folder)
        patch.setattr(connector, "HttpClient", simulated_client(it.simulation))
        return await it.run()

    with pytest.MonkeyPatch.context() as patch:
        if change is not None:
            change(patch)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                return runner.run(day())
        finally:
            shutil.rmtree(folder, ignore_errors=True)
