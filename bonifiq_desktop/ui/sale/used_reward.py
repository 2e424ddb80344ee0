"""The reward that a sale uses, as the screen and the draft hold it."""

from dataclasses import dataclass
from typing import Any

from bonifiq_desktop.domain.money import MAX_CENTS, Cents
from bonifiq_desktop.domain.orders import Product


@dataclass(frozen=True)
class UsedReward:
    """`amount`: cents that it takes off. `line`: the one unit of a product reward, at the price to pay.

    The line adds to the total; the amount of a product reward is contained in its price.
    """

    title: str
    amount: Cents
    line: Product | None = None

    def net(self, total: Cents) -> Cents:
        """What the customer pays for a purchase of `total`."""
        return total - self.amount if self.line is None else total + (self.line.price or 0)

    def read_draft(self) -> dict[str, Any]:
        line = self.line
        product = {} if line is None else {"code": line.product_id, "name": line.title, "price": line.price}
        return {"title": self.title, "amount": self.amount, "product": product}


def from_draft(draft: object) -> UsedReward | None:
    """The reward of `read_draft`; None for a draft without one, or of another shape."""
    match draft:
        case {"title": str(title), "amount": int(amount), "product": dict(product)} if 0 <= amount <= MAX_CENTS:
            pass
        case _:
            return None
    match product:
        case {"code": str(code), "name": str(name), "price": int(price)} if 0 <= price <= MAX_CENTS:
            return UsedReward(title, amount, Product(code, name, price, 1))
        case _:
            return UsedReward(title, amount)
