"""Handlers of the shop database: joining, inviting and leaving, its state, taking an order over."""

from pathlib import Path
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.shop_database import Administrator, ShopDatabaseStatus
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.worker import shop_commands as c
from bonifiq_desktop.worker.handlers import Handler

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@Handler(c.JoinShopDatabase, needs_credentials=True)
async def join_shop_database(
    backend: "Backend", command: c.JoinShopDatabase, grant: ApprovalGrant
) -> ShopDatabaseStatus:
    return await backend.shop.join(Path(command.path), command.code, grant, keep_in_file=command.keep_in_file)


@Handler(c.InviteTill, needs_credentials=True)
async def invite_till(backend: "Backend", command: c.InviteTill, grant: ApprovalGrant) -> str:
    administrator = Administrator(command.user, command.password)
    return await backend.shop.invite(command.till, Path(command.path), administrator, grant, replaces=command.replaces)


@Handler(c.LeaveShopDatabase, needs_credentials=True)
async def leave_shop_database(backend: "Backend", _command: c.LeaveShopDatabase, grant: ApprovalGrant) -> None:
    await backend.shop.leave(grant)


@Handler(c.BeginIncarnation, needs_credentials=True)
async def begin_incarnation(
    backend: "Backend", _command: c.BeginIncarnation, grant: ApprovalGrant
) -> ShopDatabaseStatus:
    return await backend.shop.begin_incarnation(grant)


@Handler(c.ReadShopDatabase, needs_sign_in=False)
def read_shop_database(backend: "Backend", _command: c.ReadShopDatabase) -> ShopDatabaseStatus | None:
    return backend.shop.status


@Handler(c.ReadOrderOperations)
def read_order_operations(backend: "Backend", command: c.ReadOrderOperations) -> tuple[Operation, ...]:
    histories = (backend.ledger.queries.history_of(order_id, scope) for scope, order_id in command.orders)
    return tuple(operation for history in histories for operation in history.operations)


@Handler(c.SyncShopDatabase)
async def sync_shop_database(backend: "Backend", _command: c.SyncShopDatabase) -> None:
    await backend.shop.sync()


@Handler(c.TakeOver)
def take_over(backend: "Backend", command: c.TakeOver, grant: ApprovalGrant) -> Operation:
    return backend.shop.take_over(command.operation_id, command.reason, grant)
