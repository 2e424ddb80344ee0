"""Intents that a person confirmed, and their serialized requests."""

from dataclasses import dataclass, field
from datetime import datetime

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.operations import BONIFIQ_SCOPE, Kind, Line, Operation, Scope
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.returns import Leg
from bonifiq_desktop.domain.rewards import RedemptionRequest
from bonifiq_desktop.domain.sales import Sale


@dataclass(frozen=True)
class Intent:
    """One confirmed registration, before it is stored. Other fields: see Operation.

    - `value`: cents refunded, or the total of the sale or of the cancelled order.
    - `sale`: the sale or completion to register; the ledger stores only its request.
    - `leg`: what a marketplace or web shop is asked for; `value` is its total in the smallest unit of its currency.
    - `stated_at`: the time that a cancellation states.
    - `checkout_id`: common to a redemption and to its sale or reversal.
    - `reference`: the identifying entry in a sale's Metadatas; of a redemption, its OriginalKey.
    - `redemption`: what is redeemed.
    - `redeemed`: the confirmed or unfinished redemption that a reversal undoes.
    - `intent_id`: unique id that stops a draft from being registered again after a crash.
    - `registered_by`, `approved_by`: the user at the counter and the approving manager; empty when none was required.
    """

    kind: Kind
    order_id: str
    value: Cents
    reason: str = ""
    lines: tuple[Line, ...] = ()
    order: Order | None = None
    intent_id: str | None = None
    look_up_first: bool = False
    account: str = ""
    reference: str | None = None
    registered_by: str = ""
    approved_by: str = ""
    scope: Scope = BONIFIQ_SCOPE
    return_id: str = ""
    leg_number: int = 0
    after_money: bool = False
    leg: Leg | None = field(default=None, repr=False)
    sale: Sale | None = field(default=None, repr=False)
    stated_at: datetime | None = None
    checkout_id: str = ""
    redemption: RedemptionRequest | None = field(default=None, repr=False)
    redeemed: Operation | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SerializedRequest:
    """The request of an intent; every attempt sends exactly these bytes."""

    path: str
    body: bytes = field(repr=False)
    client_key: str | None = None
    method: str = "POST"
