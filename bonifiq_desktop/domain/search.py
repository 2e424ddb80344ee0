"""Results of a search at the counter, the figures of the home page, and a customer's balance."""

from dataclasses import dataclass
from datetime import datetime
from enum import Flag, StrEnum, auto

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import State
from bonifiq_desktop.domain.orders import OrderState
from bonifiq_desktop.domain.rewards import Reward


class QueryKind(Flag):
    """Meanings of a typed or scanned text; it may have several."""

    NOTHING = 0
    ORDER_NUMBER = auto()
    ACCESS_KEY = auto()
    DOCUMENT = auto()
    PHONE = auto()
    EMAIL = auto()
    AMOUNT = auto()
    DATE = auto()
    NAME = auto()
    SLIP = auto()


class SlipMatch(StrEnum):
    """What a slip number means that leads to no order here."""

    TEST_PAGE = "test_page"
    """Of this till: the scanner works."""
    OTHER_TILL = "other_till"
    UNKNOWN = "unknown"
    """Of this till, whose history does not hold the operation."""


class HitKind(StrEnum):
    """What this till last did with an order."""

    SALE = "sale"
    REFUND = "refund"
    CANCEL = "cancel"
    SEEN = "seen"


@dataclass(frozen=True)
class OrderHit:
    """One order of the shop, as its newest operation left it, or as it was last seen.

    - `first_name`, `masked_document`: of its customer; empty when not kept. `customer`: equal for the orders of one
      customer, 0 without one.
    - `value`: cents of the operation, or the order's total. `at`: its registration, or the last look-up.
    - `state`: of the operation, or of the order for HitKind.SEEN; None where BonifiQ named none.
    """

    order_id: str
    first_name: str
    masked_document: str
    value: Cents
    at: datetime
    kind: HitKind
    state: State | OrderState | None
    customer: int = 0


@dataclass(frozen=True)
class SearchResult:
    """Orders found for a text, newest first.

    - `order_id`: the order number to look up when the person presses Enter; empty for a text that does not go out by
      itself, because it may be personal data, a name, an amount or a date.
    - `index_ready`: False while names and parts of phone numbers are not found yet.
    - `customers_kept`: False on a PC without a usable keyring, where customers are known for this run only.
    - `slip`: set for a slip number without an order here; with one, `kind` is SLIP and the order is found.
    """

    kind: QueryKind
    hits: tuple[OrderHit, ...]
    index_ready: bool
    order_id: str = ""
    customers_kept: bool = True
    slip: SlipMatch | None = None


@dataclass(frozen=True)
class DayTotal:
    """Number and sum (cents) of today's operations of one kind that are not closed negatively."""

    count: int = 0
    value: Cents = 0


@dataclass(frozen=True)
class Draft:
    """A half-typed screen. `screen`: `sale`, `refund`, `cancel` or `review`. `value`: cents typed so far, or None."""

    screen: str
    order_id: str = ""
    value: Cents | None = None


@dataclass(frozen=True)
class OpenCheckout:
    """A redemption that has neither a sale nor a reversal, and no draft that holds it.

    `customer`: the first name. `amount`: cents that it takes off. `title`: of the reward.
    `can_continue`: a sale may use it; else its code is not known, and it can only be undone.
    """

    checkout_id: str
    customer: str
    title: str
    amount: Cents
    redeemed_at: datetime
    can_continue: bool = True


@dataclass(frozen=True)
class Home:
    """The home page. `points`: estimated by BonifiQ for today's confirmed sales. `pending`: unfinished operations.

    `review`: those of them that wait for a person's decision. `open_checkouts`: redemptions left without a sale.
    """

    recent: tuple[OrderHit, ...] = ()
    sales: DayTotal = DayTotal()
    refunds: DayTotal = DayTotal()
    points: int = 0
    pending: int = 0
    drafts: tuple[Draft, ...] = ()
    review: int = 0
    open_checkouts: tuple[OpenCheckout, ...] = ()


@dataclass(frozen=True)
class Balance:
    """A customer's balance in the loyalty programme. `name`: first name only. `cashback`: cents.

    `rewards`: as BonifiQ tells them for an empty basket.
    """

    name: str
    tier: str
    points: int
    cashback: Cents
    enrolled: bool | None = None
    rewards: tuple[Reward, ...] = ()


class CustomerUnknown(Exception):
    """Neither BonifiQ nor this till knows a customer by the typed text."""


class BalanceNotOffered(Exception):
    """This shop's BonifiQ does not answer the request for a balance."""
