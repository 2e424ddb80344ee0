"""Handlers of returns in several systems, and of the connections to marketplaces and web shops."""

from dataclasses import replace
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.returns import Leg, RemoteAccount, RemoteReason
from bonifiq_desktop.domain.staff import ApprovalGrant, Task
from bonifiq_desktop.services.return_requests import RemoteLookup
from bonifiq_desktop.storage.remote_settings import RemoteSettings
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers import Handler, follow_up

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


# --- returns


@Handler(c.LookUpElsewhere, needs_credentials=True)
async def look_up_elsewhere(backend: "Backend", command: c.LookUpElsewhere) -> RemoteLookup:
    return await backend.remote_lookup.look_up(
        command.connection, command.text, command.also, is_order_number=command.is_order_number
    )


@Handler(c.PlanReturn, needs_credentials=True)
def plan_return(backend: "Backend", command: c.PlanReturn) -> tuple[Leg, ...]:
    return backend.returns.plan(command.connection, command.order, command.choice)


@Handler(c.RegisterReturn, needs_credentials=True)
def register_return(backend: "Backend", command: c.RegisterReturn, grant: ApprovalGrant) -> tuple[Operation, ...]:
    legs = backend.returns.register(command.request, grant)
    # No outbox runs before the last leg is held: nothing here waits.
    return tuple(follow_up(backend, leg, "refund", screens=("refund",), undoable=True) for leg in legs)


@Handler(c.WithdrawReturn)
def withdraw_return(backend: "Backend", command: c.WithdrawReturn) -> tuple[Operation, ...]:
    return tuple(follow_up(backend, leg, "withdraw") for leg in backend.returns.withdraw(command.return_id))


# --- connections


@Handler(c.ReadConnections, needs_sign_in=False, needs_credentials=True)
def read_connections(backend: "Backend", _command: c.ReadConnections) -> tuple[c.ConnectionInfo, ...]:
    return _infos(backend)


@Handler(c.SaveConnection, needs_credentials=True)
async def save_connection(
    backend: "Backend", command: c.SaveConnection, grant: ApprovalGrant
) -> tuple[c.ConnectionInfo, ...]:
    settings = _validated(backend, command.settings)
    is_new = backend.settings_store.settings.connection(settings.name) is None
    backend.access.require(
        Task.SETTINGS,
        grant,
        connection=settings.name,
        change="added" if is_new else "changed",
        address=settings.url,
        secret="new" if command.secret else "same",
    )
    await backend.connections.save(settings, command.secret or None, allow_plain_file=command.allow_plain_file)
    backend.publish_counts()
    return _infos(backend)


@Handler(c.RemoveConnection, needs_credentials=True)
async def remove_connection(
    backend: "Backend", command: c.RemoveConnection, grant: ApprovalGrant
) -> tuple[c.ConnectionInfo, ...]:
    backend.access.require(Task.SETTINGS, grant, connection=command.name, change="removed")
    await backend.connections.remove(command.name)
    backend.publish_counts()
    return _infos(backend)


@Handler(c.TestRemoteConnection, needs_credentials=True)
async def test_remote_connection(backend: "Backend", command: c.TestRemoteConnection) -> RemoteAccount:
    return await backend.connections.describe(_validated(backend, command.settings), command.secret or None)


@Handler(c.FetchReasons, needs_credentials=True)
async def fetch_reasons(backend: "Backend", command: c.FetchReasons) -> tuple[RemoteReason, ...]:
    return await backend.connections.reasons(_validated(backend, command.settings), command.secret or None)


def _validated(backend: "Backend", typed: RemoteSettings) -> RemoteSettings:
    """A typed connection, tidied, under the name of the connection that it changes. Raises SettingsError."""
    (settings,) = replace(backend.settings_store.settings, connections=(typed,)).validated().connections
    known = backend.settings_store.settings.connection(settings.name)
    return replace(settings, name=known.name) if known else settings


def _infos(backend: "Backend") -> tuple[c.ConnectionInfo, ...]:
    return tuple(
        c.ConnectionInfo(
            each.settings,
            each.connection.status,
            has_secret=each.connection.credentials is not None,
            key_storage=each.key_storage,
            status_at=each.connection.status_at,
            stopped_by_credentials=each.services.outbox.stopped_by_credentials,
            lines_refused=each.lines_refused,
        )
        for each in backend.connections
    )
