"""A till in the simulation with a sale on its screen, which can die and restart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket, CodeRequest, RedemptionRequest
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.domain.search import OpenCheckout
from bonifiq_desktop.ledger.errors import CheckoutEnded, CheckoutUnknown
from bonifiq_desktop.ledger.history import iterate_operations
from bonifiq_desktop.services.checkouts import open_checkouts
from tests.support.killable_till import KillableTill
from tests.support.simulation import Simulation


class CheckoutTill(KillableTill):
    """A till with one sale at most. `open` and a cashier's actions may raise Killed.

    `cart`: the sale on the screen, whose draft is on disk; `carts`: what the customers of all sales wanted.
    """

    def __init__(self, simulation: Simulation, number: int, folder: Path) -> None:
        super().__init__(simulation, number, folder)
        self.cart: RedemptionRequest | None = None
        self.carts: dict[str, RedemptionRequest] = {}

    def redraft(self, cart: RedemptionRequest) -> None:
        """Show a sale whose draft is written before anything is registered."""
        self.cart = self.carts[cart.checkout_id] = cart

    @contextmanager
    def leaving(self, cart: RedemptionRequest) -> Iterator[None]:
        """End a sale that may be on the screen. Its page stays where the process dies, or the till says "not yet"."""
        with suppress(CheckoutEnded, CheckoutUnknown):  # the reward came to nothing: another sale goes on without it
            yield
        if self.cart is cart:
            self.cart = None

    async def open(self) -> None:
        """Start the program from its files. Raises Killed."""
        await super().open()
        self.rewards, self.checkouts = self.services.rewards, self.services.checkouts

    async def find_rewards(self, basket: Basket) -> AvailableRewards:
        """The rewards for a basket. Raises LookupFailed."""
        return await self.rewards.find(basket)

    async def identify(self, request: CodeRequest, code: Callable[[], str]) -> bool:
        """Let the customer be identified by the code that the service sent. Raises LookupFailed."""
        sent = await self.rewards.send_code(request)
        if sent.asks_phone or sent.asks_email:
            phone, email = ("11987654321", "") if sent.asks_phone else ("", "cliente@exemplo.com.br")
            await self.rewards.send_code(replace(request, phone=phone, email=email))
        return (await self.rewards.check_code(request, code())).is_right

    async def redeem(self, cart: RedemptionRequest) -> None:
        """Redeem the reward of the sale on the screen."""
        self.remember_registered(await self.checkouts.redeem(cart))

    def sell(self, sale: Sale, intent_id: str, checkout_id: str = "") -> None:
        """Register a sale, of a checkout or without a reward."""
        self.remember_registered(self.registration.sell(sale, intent_id, checkout_id=checkout_id))

    def undo(self, checkout_id: str) -> None:
        """End a checkout without a sale."""
        self.remember_registered(self.checkouts.undo(checkout_id))

    def open_checkouts(self) -> tuple[OpenCheckout, ...]:
        """What the home page offers."""
        assert self.ledger is not None
        return open_checkouts(self.ledger, {self.cart.checkout_id} if self.cart else ())

    def operations(self) -> list[Operation]:
        """All operations of the ledger."""
        assert self.ledger is not None
        return list(iterate_operations(self.ledger.queries.page))
