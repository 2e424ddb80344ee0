"""Handlers of rewards: queries, one-time codes, redemptions and their reversal."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.rewards import AvailableRewards, CodeChecked, CodeSent
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler, follow_up

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.FindRewards, needs_credentials=True, shows_person=True)
async def find_rewards(backend: "Backend", command: c.FindRewards) -> AvailableRewards:
    return await backend.rewards.find(command.basket)


@Handler(c.SendCode, needs_credentials=True)
async def send_code(backend: "Backend", command: c.SendCode) -> CodeSent:
    return await backend.rewards.send_code(command.request)


@Handler(c.CheckCode, needs_credentials=True)
async def check_code(backend: "Backend", command: c.CheckCode) -> CodeChecked:
    return await backend.rewards.check_code(command.request, command.code)


@Handler(c.RegisterRedemption, needs_credentials=True)
async def register_redemption(backend: "Backend", command: c.RegisterRedemption, grant: ApprovalGrant) -> Operation:
    return follow_up(backend, await backend.checkouts.redeem(command.request, grant), "redeem")


@Handler(c.UndoRedemption, needs_credentials=True)
def undo_redemption(backend: "Backend", command: c.UndoRedemption) -> Operation:
    return follow_up(backend, backend.checkouts.undo(command.checkout_id), "undo_redemption")


@Handler(c.ReadCheckout)
def read_checkout(backend: "Backend", command: c.ReadCheckout) -> tuple[Operation, ...]:
    return backend.checkouts.operations(command.checkout_id)
