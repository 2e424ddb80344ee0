"""Sign-in and the staff of this till."""

from typing import TYPE_CHECKING

from bonifiq_desktop.domain.staff import ApprovalGrant, Person
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import Mode, handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend
    from bonifiq_desktop.worker.recovery import RecoveryBackend

_BOTH = Mode.NORMAL | Mode.RECOVERY


@handles(c.SignIn, mode=_BOTH, needs_sign_in=False, changes_session=True)
async def sign_in(backend: "Backend | RecoveryBackend", command: c.SignIn) -> Person:
    return await backend.access.sign_in(command.name, command.pin)


@handles(c.SignOut, mode=_BOTH, needs_sign_in=False, changes_session=True)
def sign_out(backend: "Backend | RecoveryBackend", _command: c.SignOut) -> None:
    backend.access.sign_out()


@handles(c.ResetPin, mode=_BOTH, needs_sign_in=False, needs_credentials=True, changes_session=True)
async def reset_pin(backend: "Backend | RecoveryBackend", command: c.ResetPin) -> None:
    proved = await backend.verify_owner(command.credentials)
    await backend.access.reset_pin(command.name, command.pin, proved=proved)


@handles(c.SavePerson, changes_session=True)
async def save_person(backend: "Backend", command: c.SavePerson, grant: ApprovalGrant) -> None:
    await backend.access.save_person(command.name, command.role, command.pin, grant)


@handles(c.RemovePerson, changes_session=True)
async def remove_person(backend: "Backend", command: c.RemovePerson, grant: ApprovalGrant) -> None:
    await backend.access.remove_person(command.name, grant)
