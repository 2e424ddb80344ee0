"""Checkouts: a redemption, and the sale or the reversal that ends it. When may the end be sent?"""

from enum import Enum, auto

from bonifiq_desktop.domain.operations import CLOSED_NEGATIVELY, UNFINISHED, Operation, State


class EndStep(Enum):
    """What comes next for the end of a checkout, before its first attempt."""

    WAIT = auto()
    """Its redemption is unfinished."""
    SEND = auto()
    TAKE_CODE = auto()
    """A sale takes the code of its redemption into its request, and is sent."""
    NAME_REWARD = auto()
    """A reversal takes the id of its redemption into its request, and is sent."""
    LEAVE = auto()
    """A sale is sent without its reward, which was redeemed without a code and stays open."""
    REVIEW = auto()
    """A sale has no reward, and no person has decided what becomes of it."""
    WITHDRAW = auto()
    """Nothing was redeemed, so that there is nothing to undo."""


def next_step_of_sale(sale: Operation, redemption: Operation, *, released: bool) -> EndStep:
    """The next step of a sale that waits for its redemption. `released`: a person sends it without the reward."""
    if sale.external_code:
        return EndStep.SEND
    if redemption.state in UNFINISHED:
        return EndStep.WAIT
    if can_be_sold(redemption):
        return EndStep.TAKE_CODE
    if not released:
        return EndStep.REVIEW
    return EndStep.LEAVE if redemption.state is State.CONFIRMED else EndStep.SEND


def next_step_of_reversal(reversal: Operation, redemption: Operation) -> EndStep:
    """The next step of a reversal, which is sent only for what was redeemed."""
    if redemption.state in UNFINISHED:
        return EndStep.WAIT
    if redemption.state in CLOSED_NEGATIVELY:
        return EndStep.WITHDRAW
    return EndStep.NAME_REWARD if redemption.evidence_id and not reversal.remote_line else EndStep.SEND


def can_be_sold(redemption: Operation) -> bool:
    """Whether a sale can use a finished redemption: it was confirmed with the code that the sale must bear."""
    return redemption.state is State.CONFIRMED and bool(redemption.external_code)
