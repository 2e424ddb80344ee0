"""Commands about rewards: what a customer may use in a sale, the one-time code, redemption and reversal."""

from dataclasses import field

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    Basket,
    CodeChecked,
    CodeRequest,
    CodeSent,
    RedemptionRequest,
)
from bonifiq_desktop.worker.command import Command, NeedsApproval


class FindRewards(Command[AvailableRewards]):
    """Ask for the rewards of a basket, whose customer may be masked. Raises RewardsNotOffered, NotSetUp, LookupFailed.

    The answer's customer is masked.
    """

    basket: Basket


class SendCode(Command[CodeSent]):
    """Ask for a one-time code to be sent to the customer. Raises NotSetUp, LookupFailed."""

    request: CodeRequest


class CheckCode(Command[CodeChecked]):
    """Check the code that the customer named. Raises NotSetUp, LookupFailed."""

    request: CodeRequest
    code: str = field(repr=False)


class RegisterRedemption(NeedsApproval[Operation]):
    """Register the redemption of a reward for a sale that is not registered yet.

    Raises NotSetUp, ShopUncertain, OffLine, AlreadyRegistered, LedgerError, and ApprovalNeeded beyond the shop's limit.
    """

    request: RedemptionRequest


class UndoRedemption(Command[Operation]):
    """End a checkout without a sale: withdraw its redemption if nothing was sent, else register its reversal.

    The value is the withdrawn redemption or the reversal. Raises CheckoutEnded where a sale of it is open or confirmed.
    """

    checkout_id: str


class ReadCheckout(Command[tuple[Operation, ...]]):
    """Read the operations of a checkout, oldest first; empty for an unknown one."""

    checkout_id: str
