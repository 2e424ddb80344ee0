"""Handlers of slips."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.slips import Slip
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.ReadSlip, needs_credentials=True, shows_person=True)
def read_slip(backend: "Backend", command: c.ReadSlip) -> Slip:
    return replace(backend.slips.make(command.subject), copy=backend.printing.next_copy(command.subject))
