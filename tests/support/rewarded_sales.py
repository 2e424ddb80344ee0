"""What a cashier does with a reward at a till without a window: find, redeem, sell, undo."""

from dataclasses import replace
from typing import Any

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.orders import Customer, Product
from bonifiq_desktop.domain.rewards import Basket, RedemptionRequest, Reward, RewardKind
from bonifiq_desktop.domain.sales import Sale
from bonifiq_desktop.training_server.rewards.models import Redemption
from bonifiq_desktop.training_server.server import TrainingServer
from tests.support.headless_till import Till
from tests.support.ledger_actions import START

MARIA = Customer(name="Maria Souza", document="52998224725")
BASKET = Basket(MARIA, 6000, products=(Product("CAM-01", "Camiseta básica algodão", 6000),))
CHECKOUT = "9f86d081884c7d65"
AMOUNT = 1000
NET = 5000


def cashback_request(till: Till, checkout_id: str = CHECKOUT, **changes: Any) -> RedemptionRequest:
    """A confirmed use of 10,00 of Maria's cashback in a sale of 60,00."""
    found = till.run(till.rewards.find(BASKET))
    reward = next(each for each in found.rewards if each.kind is RewardKind.CASHBACK)
    return replace(RedemptionRequest(checkout_id, BASKET, reward, AMOUNT), **changes)


def redeem(till: Till, checkout_id: str = CHECKOUT, **changes: Any) -> Operation:
    """Register the redemption; nothing is sent before the outbox works."""
    operation = till.run(till.checkouts.redeem(cashback_request(till, checkout_id, **changes)))
    till.outbox.wake()
    return operation


def sell(till: Till, checkout_id: str = CHECKOUT, *, intent_id: str | None = None, **changes: Any) -> Operation:
    """Register the sale of a checkout, net of its reward."""
    sale = replace(Sale(MARIA, NET, START), **changes)
    operation = till.registration.sell(sale, intent_id or checkout_id, checkout_id=checkout_id)
    till.outbox.wake()
    return operation


def undo(till: Till, checkout_id: str = CHECKOUT) -> Operation:
    """End the checkout without a sale."""
    operation = till.checkouts.undo(checkout_id)
    till.outbox.wake()
    return operation


def redemptions(server: TrainingServer) -> list[Redemption]:
    """What the server has redeemed."""
    return server.service.rewards.redemptions


def cashback_of_maria(server: TrainingServer) -> int:
    """Her balance in cents."""
    customer = server.service.find_customer("", MARIA.document, "")
    assert customer is not None
    return customer.cashback_cents


def product_reward(till: Till, product_id: str) -> Reward:
    """A product reward of Maria."""
    found = till.run(till.rewards.find(BASKET))
    return next(each for each in found.rewards if each.product and each.product.product_id == product_id)
