"""Staff of the till under test, and the access control of a data folder."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bonifiq_desktop.domain.staff import Approval, Role
from bonifiq_desktop.security.audit_log import AuditLog, ChainHead, verify_audit_log
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import AccessControl

T = TypeVar("T")

ANA = Approval("Ana", "4862")
"""A manager."""
BIA = Approval("Bia", "7305")
"""A cashier."""


def access_control_in(folder: Path) -> AccessControl:
    """Return the access control of a data folder; without staff in it, everything is allowed."""
    return AccessControl(StaffFile(folder / "people.json"), AuditLog(folder))


class FakeLedgerMetadata:
    """Metadata of a ledger, in memory."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    def metadata(self, name: str) -> str | None:
        """Return a stored value."""
        return self.facts.get(name)

    def set_metadata(self, name: str, value: str) -> None:
        """Store a value."""
        self.facts[name] = value


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


def add_ana_and_bia(access: AccessControl) -> None:
    """Add Ana as the manager and Bia as a cashier."""
    run(access.save_person("Ana", Role.MANAGER, ANA.pin))
    run(access.save_person("Bia", Role.CASHIER, BIA.pin, run(access.approve(ANA))))


def audit_log_of(folder: Path) -> list[dict[str, Any]]:
    """Return the entries of the audit log after verifying its chain."""
    verify_audit_log(folder, ChainHead())
    return [json.loads(line) for line in (folder / "audit.jsonl").read_text().splitlines()]
