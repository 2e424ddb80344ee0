"""Tests of approvals, sign-in and the limit on PIN attempts."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from bonifiq_desktop.domain.operations import Decision
from bonifiq_desktop.domain.staff import (
    NO_APPROVAL,
    Approval,
    ApprovalGrant,
    ApprovalNeeded,
    Person,
    PinLocked,
    PinWrong,
    Role,
    SignInNeeded,
    Task,
)
from bonifiq_desktop.security.audit_log import AuditLog
from bonifiq_desktop.security.staff import StaffFile
from bonifiq_desktop.services.access_control import MAX_ATTEMPTS, AccessControl
from bonifiq_desktop.services.refundable import RefundRequest
from tests.services.conftest import SETTINGS, MakeTill
from tests.support.headless_till import Till
from tests.support.rights import is_private
from tests.support.staff import (
    ANA,
    BIA,
    FakeLedgerMetadata,
    access_control_in,
    add_ana_and_bia,
    audit_log_of,
    run,
)
from tests.support.sudden_death import STATUS

T = TypeVar("T")
WRONG = Approval("Ana", "9999")


# --- approvals


def test_tasks_without_managers_are_allowed(tmp_path: Path) -> None:
    access = access_control_in(tmp_path)
    access.require_sign_in()
    for task in Task:
        access.require(task, NO_APPROVAL)


@pytest.mark.parametrize("task", Task)
def test_task_without_manager_pin_is_refused_and_audited(access: AccessControl, tmp_path: Path, task: Task) -> None:
    run(access.sign_in(BIA.name, BIA.pin))
    with pytest.raises(ApprovalNeeded) as needed:
        access.require(task, run(access.approve(None)), order="1001")
    assert needed.value.managers == ("Ana",)
    last = audit_log_of(tmp_path)[-1]
    assert (last["did"], last["outcome"], last["who"], last["order"]) == (task.value, "refused", "Bia", "1001")


def test_task_with_cashier_pin_is_refused(access: AccessControl, tmp_path: Path) -> None:
    with pytest.raises(ApprovalNeeded):
        access.require(Task.DECIDE, run(access.approve(BIA)))
    assert audit_log_of(tmp_path)[-1]["outcome"] == "refused"


def test_approval_allows_one_task_and_is_audited(access: AccessControl, tmp_path: Path) -> None:
    access.require(Task.CANCEL_ORDER, run(access.approve(ANA)), order="1001")
    last = audit_log_of(tmp_path)[-1]
    assert (last["did"], last["outcome"], last["approved_by"]) == ("cancel_order", "allowed", "Ana")


def test_commands_with_cashiers_require_sign_in(access: AccessControl) -> None:
    access.sign_out()  # the manager who named the first cashier stays signed in
    with pytest.raises(SignInNeeded):
        access.require_sign_in()
    run(access.sign_in("bia ", BIA.pin))
    access.require_sign_in()
    access.sign_out()
    with pytest.raises(SignInNeeded):
        access.require_sign_in()


# --- registrations that are refused before they are stored


@pytest.fixture(name="managed")
def managed_till(make_till: MakeTill) -> Till:
    """A till with a limit of R$ 20,00 and a manager."""
    till = make_till("caixa1", settings=replace(SETTINGS, refund_limit=2000))
    add_ana_and_bia(till.access)
    return till


def test_whole_cancel_by_cashier_is_refused(managed: Till) -> None:
    order = managed.look_up("1001").order
    with pytest.raises(ApprovalNeeded):
        managed.registration.cancel(order, "Desistência")
    assert managed.ledger.queries.history_of("1001").operations == ()
    operation = managed.registration.cancel(order, "Desistência", grant=ApprovalGrant(Person("Ana", Role.MANAGER)))
    details = managed.ledger.queries.details(operation.operation_id)
    assert details is not None
    assert details.events[0].approved_by == "Ana"


def test_refunds_of_one_order_over_limit_need_approval(managed: Till) -> None:
    managed.wait_until_settled(managed.refund(2000))
    order = managed.look_up("1001").order
    with pytest.raises(ApprovalNeeded) as needed:
        managed.registration.refund(RefundRequest(order, 100, "Troca"))
    assert needed.value.task is Task.OVER_LIMIT
    managed.registration.refund(RefundRequest(order, 100, "Troca"), ApprovalGrant(Person("Ana", Role.MANAGER)))


def test_decision_is_recorded_under_name_of_approver(make_till: MakeTill) -> None:
    first, till = make_till("caixa1"), make_till("caixa2")
    first.wait_until_settled(first.refund(1000))
    operation = till.wait_until_settled(till.refund(1000))
    add_ana_and_bia(till.access)
    with pytest.raises(ApprovalNeeded):
        till.review.decide(operation.operation_id, Decision.WAS_DONE, "Ana", "Vi no painel")
    ana = ApprovalGrant(Person("Ana", Role.MANAGER))
    till.review.decide(operation.operation_id, Decision.WAS_DONE, "Bia", "Vi no painel", ana)
    details = till.ledger.queries.details(operation.operation_id)
    assert details is not None
    assert details.events[-1].note == "Ana: Vi no painel"


# --- PIN attempts


def test_pin_after_five_wrong_ones_waits_longer_each_time(tmp_path: Path) -> None:
    now = [0.0]
    access = AccessControl(StaffFile(tmp_path / "people.json"), AuditLog(tmp_path), lambda: now[0])
    add_ana_and_bia(access)
    left = []
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(PinWrong) as wrong:
            run(access.approve(WRONG))
        left.append(wrong.value.attempts_remaining)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(PinLocked) as locked:
        run(access.approve(ANA))
    now[0] += locked.value.wait
    with pytest.raises(PinWrong):
        run(access.approve(WRONG))
    with pytest.raises(PinLocked) as longer:
        run(access.approve(ANA))
    assert longer.value.wait > 1.5 * locked.value.wait
    now[0] += longer.value.wait
    assert run(access.approve(ANA)).by == Person("Ana", Role.MANAGER)
    run(access.approve(ANA))


def test_wrong_pins_of_one_person_lock_no_other(access: AccessControl) -> None:
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(PinWrong):
            run(access.approve(WRONG))
    run(access.sign_in(BIA.name, BIA.pin))


def test_concurrent_pin_attempts_count_separately(access: AccessControl) -> None:
    async def both() -> list[object]:
        return await asyncio.gather(*(access.approve(WRONG) for _ in range(8)), return_exceptions=True)

    outcomes = [type(outcome) for outcome in run(both())]
    assert outcomes.count(PinWrong) == MAX_ATTEMPTS
    assert outcomes.count(PinLocked) == 8 - MAX_ATTEMPTS


_GUESS = """
import asyncio, sys
from pathlib import Path
from bonifiq_desktop.domain.staff import Approval
from bonifiq_desktop.services import access_control as module
from bonifiq_desktop.domain.staff import PinLocked
from tests.support.staff import access_control_in
from tests.support.sudden_death import die

def looked_at(pin, pin_hash):
    print("looked", flush=True)
    die()

module.verify_pin = looked_at
try:
    asyncio.run(access_control_in(Path(sys.argv[1])).approve(Approval("Ana", "9999")))
except PinLocked:
    print("locked", flush=True)
"""


def _guess_and_die(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _GUESS, str(folder)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode in {0, STATUS}, done.stderr
    return done.stdout.strip()


def test_pin_attempts_of_killed_programs_are_limited(access: AccessControl, tmp_path: Path) -> None:
    guesses = [_guess_and_die(tmp_path) for _ in range(MAX_ATTEMPTS + 3)]
    assert guesses == ["looked"] * MAX_ATTEMPTS + ["locked"] * 3


@pytest.mark.parametrize("jump", [3600, 86_400 * 400])
def test_pin_wait_ignores_clock_jumps(
    access: AccessControl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(PinWrong):
            run(access.approve(WRONG))
    for path in tmp_path.iterdir():
        os.utime(path, (1, 1))
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0 + jump)
    for again in (access, access_control_in(tmp_path)):
        with pytest.raises(PinLocked):
            run(again.approve(ANA))


def test_staff_file_deleted_allows_no_pin(access: AccessControl, tmp_path: Path) -> None:
    memory = FakeLedgerMetadata()
    access.attach(memory)
    (tmp_path / "people.json").unlink()
    again = access_control_in(tmp_path)
    again.attach(memory)
    assert again.session.is_unreadable
    with pytest.raises(PinWrong):
        run(again.approve(ANA))
    with pytest.raises(ApprovalNeeded):
        again.require(Task.CANCEL_ORDER, NO_APPROVAL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"people": 1}',
        b'{"people": [{}]}',
        b'{"people": [{"name": "Ana", "role": "manager", "pin": "x", "tries": -1}]}',
        b'{"people": [{"name": "Ana", "role": "king", "pin": "x", "tries": 0}]}',
    ],
)
def test_staff_file_damaged_allows_no_task(access: AccessControl, tmp_path: Path, content: bytes) -> None:
    del access
    (tmp_path / "people.json").write_bytes(content)
    again = access_control_in(tmp_path)
    assert again.session.is_unreadable
    with pytest.raises(ApprovalNeeded):
        again.require(Task.SETTINGS, NO_APPROVAL)


def test_pin_hash_changed_matches_no_pin(access: AccessControl, tmp_path: Path) -> None:
    del access
    path = tmp_path / "people.json"
    path.write_text(path.read_text().replace("$argon2id$", "$argon2ix$"))
    with pytest.raises(PinWrong):
        run(access_control_in(tmp_path).approve(ANA))


def test_pin_is_never_on_disk(access: AccessControl, tmp_path: Path) -> None:
    with pytest.raises(PinWrong):
        run(access.approve(WRONG))
    for path in tmp_path.iterdir():
        content = path.read_text()
        assert ANA.pin not in content
        assert WRONG.pin not in content
        assert is_private(path)


def test_task_is_refused_when_audit_log_is_not_writable(access: AccessControl, tmp_path: Path) -> None:
    grant = run(access.approve(ANA))
    (tmp_path / "audit.jsonl").rename(tmp_path / "before.jsonl")
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(OSError, match="directory"):
        access.require(Task.SETTINGS, grant)


def test_sign_in_works_when_audit_log_is_not_writable(access: AccessControl, tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").rename(tmp_path / "before.jsonl")
    (tmp_path / "audit.jsonl").mkdir()
    run(access.sign_in(BIA.name, BIA.pin))
    access.require_sign_in()
    with pytest.raises(PinWrong):
        run(access.approve(WRONG))
