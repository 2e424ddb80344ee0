"""Who may do what at a till under test, and people with their PINs."""

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
    """The access of a data folder; without people in it, everybody may do everything."""
    return AccessControl(StaffFile(folder / "people.json"), AuditLog(folder))


class FakeLedgerMetadata:
    """What a ledger remembers."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    def metadata(self, name: str) -> str | None:
        """What was remembered."""
        return self.facts.get(name)

    def set_metadata(self, name: str, value: str) -> None:
        """Remember."""
        self.facts[name] = value


def run(work: Coroutine[Any, Any, T]) -> T:
    """Wait for it."""
    return asyncio.run(work)


def add_ana_and_bia(access: AccessControl) -> None:
    """Ana is the manager, Bia a cashier."""
    run(access.save_person("Ana", Role.MANAGER, ANA.pin))
    run(access.save_person("Bia", Role.CASHIER, BIA.pin, run(access.approve(ANA))))


def audit_log_of(folder: Path) -> list[dict[str, Any]]:
    """The lines of the trail, checked."""
    verify_audit_log(folder, ChainHead())
    return [json.loads(line) for line in (folder / "audit.jsonl").read_text().splitlines()]
