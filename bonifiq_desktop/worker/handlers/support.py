"""The support file, with and without a usable ledger."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.services.support import save_support_file as write_support_file
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import Mode, handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend


@handles(c.SaveSupportFile, mode=Mode.NORMAL | Mode.RECOVERY)
async def save_support_file(backend: "Backend | RecoveryBackend", command: c.SaveSupportFile) -> None:
    await write_support_file(backend.paths, Path(command.path))
