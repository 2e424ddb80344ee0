"""The installed versions of the program, with and without a usable ledger."""

import asyncio
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.ledger.errors import LedgerNewer
from bonifiq_desktop.ledger.schema import MIGRATIONS
from bonifiq_desktop.services.installed_versions import InstalledVersions, VersionNotUsable, VersionState
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import Mode, handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend


@handles(c.ReadVersions, mode=Mode.NORMAL | Mode.RECOVERY, needs_sign_in=False)
async def read_versions(backend: "Backend | RecoveryBackend", _command: c.ReadVersions) -> VersionState | None:
    installed = InstalledVersions.find()
    return await asyncio.to_thread(installed.state, _needed_ledger_version(backend)) if installed else None


@handles(c.SwitchVersion, mode=Mode.NORMAL | Mode.RECOVERY)
async def switch_version(
    backend: "Backend | RecoveryBackend", _command: c.SwitchVersion, grant: ApprovalGrant
) -> VersionState:
    installed = InstalledVersions.find()
    version = installed.state().alternative if installed else ""
    backend.access.require(Task.SETTINGS, grant, version=version)
    if installed is None:
        raise VersionNotUsable
    return await asyncio.to_thread(installed.switch, _needed_ledger_version(backend))


def _needed_ledger_version(backend: "Backend | RecoveryBackend") -> int:
    """The lowest version of the ledger that the other program must open."""
    return len(MIGRATIONS) + isinstance(backend.failure, LedgerNewer)
