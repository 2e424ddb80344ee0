"""Registration of refunds, cancellations, sales and completions. The outbox sends what is registered."""

from contextlib import suppress
from typing import TYPE_CHECKING

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.domain.sales import SaleState
from bonifiq_desktop.domain.staff import ApprovalGrant
from bonifiq_desktop.storage.drafts import save_draft
from bonifiq_desktop.worker import commands as c
from bonifiq_desktop.worker.handlers.registry import handles

if TYPE_CHECKING:
    from bonifiq_desktop.worker.backend import Backend


@handles(c.RegisterRefund, needs_credentials=True)
def register_refund(backend: "Backend", command: c.RegisterRefund, grant: ApprovalGrant) -> Operation:
    return follow_up(backend, backend.registration.refund(command.request, grant), "refund", drafts=("refund",))


@handles(c.RegisterCancellation, needs_credentials=True)
def register_cancellation(backend: "Backend", command: c.RegisterCancellation, grant: ApprovalGrant) -> Operation:
    operation = backend.registration.cancel(command.order, command.reason, command.intent_id, command.seen_at, grant)
    return follow_up(backend, operation, "cancel", drafts=("refund", "cancel"))


@handles(c.RegisterSale, needs_credentials=True)
async def register_sale(backend: "Backend", command: c.RegisterSale, grant: ApprovalGrant) -> Operation:
    if not command.ignore_clock:
        # A cancelled sale waits for a manager before anything goes out.
        may_ask = command.sale.state is not SaleState.CANCELLED
        await backend.connection.check_clock(backend.ledger.queries.last_registered_at(), may_ask=may_ask)
    operation = backend.registration.sell(command.sale, command.intent_id, grant)
    return follow_up(backend, operation, "sell", drafts=("sale",))


@handles(c.RegisterCompletion)
async def register_completion(backend: "Backend", command: c.RegisterCompletion) -> Operation:
    return follow_up(backend, await backend.registration.complete(command.request), "complete")


@handles(c.WithdrawOperation)
def withdraw_operation(backend: "Backend", command: c.WithdrawOperation) -> Operation:
    return follow_up(backend, backend.registration.withdraw(command.operation_id), "withdraw")


def follow_up(backend: "Backend", operation: Operation, action: str, drafts: tuple[str, ...] = ()) -> Operation:
    """Record a registration in the audit log, drop its drafts, wake the outbox and publish the operation."""
    backend.access.record(action, operation=operation.operation_id, order=operation.order_id, value=operation.value)
    for draft in drafts:
        with suppress(OSError):  # a draft that stays carries its intent id, and the ledger refuses a second one
            save_draft(backend.paths.drafts, draft, {})
    backend.outbox.wake()
    backend.publish_operation(operation)
    return operation
