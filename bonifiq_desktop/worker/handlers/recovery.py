"""What a person can do while the ledger cannot be used."""

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.decisions import DecisionIncomplete
from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.ledger.backups import move_to_this_machine, restore
from bonifiq_desktop.ledger.errors import LedgerOfAnotherMachine
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import Mode, handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.recovery import RecoveryBackend

_log = logging.getLogger(__name__)


@handles(c.ReopenLedger, mode=Mode.RECOVERY)
def reopen_ledger(backend: "RecoveryBackend", _command: c.ReopenLedger) -> None:
    backend.stopped.set()


@handles(c.RestoreLedger, mode=Mode.RECOVERY)
def restore_ledger(backend: "RecoveryBackend", command: c.RestoreLedger, grant: ApprovalGrant) -> None:
    source = command.source.name if command.source else "nothing"
    name = _require_decision(backend, grant, command.decided_by, source)
    restore(backend.paths.ledger, command.source, decided_by=name, now=datetime.now(UTC))
    _log.warning("ledger restored", extra={"copy": source})
    backend.stopped.set()


@handles(c.AdoptLedger, mode=Mode.RECOVERY)
def adopt_ledger(backend: "RecoveryBackend", command: c.AdoptLedger, grant: ApprovalGrant) -> None:
    if not isinstance(backend.failure, LedgerOfAnotherMachine):
        raise backend.failure
    name = _require_decision(backend, grant, command.decided_by, "moved")
    move_to_this_machine(backend.paths.ledger, decided_by=name, now=datetime.now(UTC))
    _log.warning("ledger adopted from another machine")
    backend.stopped.set()


def _require_decision(backend: "RecoveryBackend", grant: ApprovalGrant, typed_name: str, source: str) -> str:
    """Record who decides, and return the name. Raises ApprovalNeeded, DecisionIncomplete."""
    name = grant.by.name if grant.by else typed_name.strip()
    backend.access.require(Task.RESTORE, grant, name=name, source=source)
    if not name:
        raise DecisionIncomplete
    return name
