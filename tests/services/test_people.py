"""Tests of changes to the staff list."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bonifiq_desktop.domain.staff import (
    NO_APPROVAL,
    Approval,
    ApprovalNeeded,
    LastManager,
    OwnershipNotProved,
    Person,
    PersonError,
    PinWrong,
    Role,
    Task,
)
from bonifiq_desktop.ledger.backups import make_backup
from bonifiq_desktop.services.access_control import AccessControl
from tests.support.headless_till import Till
from tests.support.staff import (
    ANA,
    BIA,
    FakeLedgerMetadata,
    access_control_in,
    add_ana_and_bia,
    audit_log_of,
    run,
)


def test_first_person_must_be_manager(tmp_path: Path) -> None:
    with pytest.raises(PersonError) as error:
        run(access_control_in(tmp_path).save_person("Bia", Role.CASHIER, BIA.pin))
    assert error.value.field == "role"


def test_last_manager_cannot_be_removed_before_others(access: AccessControl) -> None:
    grant = run(access.approve(ANA))
    with pytest.raises(LastManager):
        run(access.remove_person("Ana", grant))
    with pytest.raises(LastManager):
        run(access.save_person("ANA", Role.CASHIER, "", grant))
    run(access.remove_person("Bia", grant))
    run(access.remove_person("Ana", grant))
    access.require(Task.SETTINGS, NO_APPROVAL)


def test_staff_list_changes_need_approval(access: AccessControl) -> None:
    acts: list[Callable[[], object]] = [
        lambda: run(access.save_person("Eva", Role.MANAGER, "5071")),
        lambda: run(access.save_person("Bia", Role.MANAGER, "")),
        lambda: run(access.remove_person("Bia")),
    ]
    for act in acts:
        with pytest.raises(ApprovalNeeded):
            act()
    assert access.session.people == (Person("Ana", Role.MANAGER), Person("Bia", Role.CASHIER))


def test_new_pin_counts_at_once_and_after_restart(access: AccessControl, tmp_path: Path) -> None:
    run(access.save_person("Bia", Role.CASHIER, "6170", run(access.approve(ANA))))
    for each in (access, access_control_in(tmp_path)):
        with pytest.raises(PinWrong):
            run(each.sign_in(BIA.name, BIA.pin))
        run(each.sign_in(BIA.name, "6170"))


def test_owner_proved_resets_pin(access: AccessControl, tmp_path: Path) -> None:
    with pytest.raises(OwnershipNotProved):
        run(access.reset_pin("Ana", "6170", proved=False))
    run(access.approve(ANA))
    run(access.reset_pin("Ana", "6170", proved=True))
    run(access.approve(Approval("Ana", "6170")))
    assert [line["outcome"] for line in audit_log_of(tmp_path) if line["did"] == "reset"] == ["refused", "allowed"]


def test_staff_file_lost_is_recreated_by_proved_owner(access: AccessControl, tmp_path: Path) -> None:
    memory = FakeLedgerMetadata()
    access.attach(memory)
    (tmp_path / "people.json").unlink()
    again = access_control_in(tmp_path)
    again.attach(memory)
    run(again.reset_pin("Eva", "6170", proved=True))
    assert not again.session.is_unreadable
    again.require(Task.SETTINGS, run(again.approve(Approval("Eva", "6170"))))


def test_staff_file_missing_is_detected_from_ledger_copies(till: Till) -> None:
    add_ana_and_bia(till.access)
    folder = till.path.parent
    assert make_backup(till.path, datetime.now(UTC)) is not None
    till.close()
    (folder / "people.json").unlink()
    for ledger in ("there", "gone"):
        if ledger == "gone":
            till.path.unlink()
        again = access_control_in(folder)
        again.restore_from(till.path)
        with pytest.raises(ApprovalNeeded):
            again.require(Task.RESTORE, NO_APPROVAL)


def test_person_removed_during_pin_check_stays_removed(access: AccessControl, tmp_path: Path) -> None:
    run(access.save_person("Eva", Role.MANAGER, "5071", run(access.approve(ANA))))

    async def both() -> None:
        grant = await access.approve(ANA)
        await asyncio.gather(access.sign_in("Eva", "5071"), access.remove_person("Eva", grant), return_exceptions=True)

    run(both())
    assert [person.name for person in access_control_in(tmp_path).session.people] == ["Ana", "Bia"]


def test_managers_demoting_each_other_leave_one(access: AccessControl) -> None:
    run(access.save_person("Eva", Role.MANAGER, "5071", run(access.approve(ANA))))

    async def both() -> list[object]:
        permits = [await access.approve(ANA), await access.approve(Approval("Eva", "5071"))]
        demoted = (access.save_person(n, Role.CASHIER, "6170", p) for n, p in zip(("Eva", "Ana"), permits, strict=True))
        return await asyncio.gather(*demoted, return_exceptions=True)

    assert any(isinstance(outcome, ApprovalNeeded | LastManager) for outcome in run(both()))
    assert len(access.session.managers) == 1
