"""Drafts of the screens, with and without a usable ledger."""

from typing import TYPE_CHECKING, Any

from bonifiq_desktop.storage import drafts
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import Mode, handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend

_BOTH = Mode.NORMAL | Mode.RECOVERY


# Drafts are saved and loaded while the till is locked: the locked window shows none of them.
@handles(c.SaveDraft, mode=_BOTH, needs_sign_in=False)
def save_draft(backend: "Backend | RecoveryBackend", command: c.SaveDraft) -> None:
    drafts.save_draft(backend.paths.drafts, command.screen, command.content)


@handles(c.LoadDraft, mode=_BOTH, needs_sign_in=False)
def load_draft(backend: "Backend | RecoveryBackend", command: c.LoadDraft) -> dict[str, Any]:
    return drafts.load_draft(backend.paths.drafts, command.screen)
