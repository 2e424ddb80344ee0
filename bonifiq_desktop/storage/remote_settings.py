"""Settings of one connection to a marketplace or web shop, without its secret."""

from dataclasses import dataclass
from enum import StrEnum


class Learnable(StrEnum):
    """A capability that no field of the system tells: the first refusal does."""

    YES = "yes"
    NO = "no"
    LEARN = "learn"


@dataclass(frozen=True)
class ReasonMapping:
    """A counter reason (`CounterReason` value) and the system's codes for it, with their labels; "": not mapped."""

    reason: str
    cancel_code: str = ""
    cancel_label: str = ""
    refund_code: str = ""
    refund_label: str = ""


@dataclass(frozen=True)
class RemoteSettings:
    """One connection. `name`: as the window shows it and the ledger stores it; it never changes.

    Mirakl: `shop_id` for a user with several shops; `cancel_lines`: whether OR30 is on; `by_return_flow`: debited
    orders go back through the operator's return flow and not through OR28, never both.
    Akinon: `user` with a password as the secret, or no user and a token; `channel`; `prefixes`: `i1` or `v1` by call
    (`orders`, `items`, `cancel`, `reasons`); `send_return_id`: as refund invoice number, where the shop has no other;
    `ask_bank_account`: for orders paid by transfer.
    Both: `shipping_back`: freight goes back unless the cashier says otherwise.
    Assumptions that only a real system can prove: `repeat_limited`: a request that asks for more than half of what
    was left cannot be applied twice, so that it is repeated when no trace of it is found (Mirakl); `repeat_items`: a
    second cancellation of an item is refused (Akinon). Off: a person decides.
    """

    name: str
    system: str
    url: str
    user: str = ""
    shop_id: int | None = None
    channel: int | None = None
    currency: str = ""
    cancel_lines: Learnable = Learnable.LEARN
    by_return_flow: bool = False
    shipping_back: bool = False
    send_return_id: bool = False
    ask_bank_account: bool = False
    repeat_limited: bool = True
    repeat_items: bool = True
    prefixes: tuple[tuple[str, str], ...] = ()
    reasons: tuple[ReasonMapping, ...] = ()

    def mapping(self, reason: str) -> ReasonMapping:
        """The system's codes of a counter reason."""
        return next((each for each in self.reasons if each.reason == reason), ReasonMapping(reason))

    def prefix(self, call: str, default: str) -> str:
        """The path's version of a call."""
        return dict(self.prefixes).get(call, default)
