"""Plan the cancellation or return of items: one request for each order (API docs, section 4)."""

from decimal import Decimal

from bonifiq_desktop.connectors.akinon.orders import split_amount
from bonifiq_desktop.connectors.akinon.statuses import Stage, stage_of
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Obstacle, RemoteLine, RemoteOrder, ReturnImpossible
from bonifiq_desktop.domain.returns import Call, ChosenLine, Leg, LegLine, ReturnChoice
from bonifiq_desktop.storage.remote_settings import RemoteSettings


def plan_return(order: Order, choice: ReturnChoice, settings: RemoteSettings) -> tuple[Leg, ...]:
    """The single request of a choice; none where nothing was chosen. Raises ReturnImpossible.

    The system computes the amounts, so that those of the leg are estimates.
    """
    remote = order.remote
    if remote is None or not choice.lines:
        return ()
    chosen = [_line_of(remote, each) for each in choice.lines]
    _require_different(chosen)
    stage = _common_stage(remote, chosen)
    shipping = sum((line.shipping_left for line in remote.lines), Decimal(0)) if choice.shipping else Decimal(0)
    shares = split_amount(shipping, len(chosen), remote.currency)
    lines = tuple(
        LegLine(line.line_id, 1, line.amount_left, shipping=share, title=line.title)
        for line, share in zip(chosen, shares, strict=True)
    )
    return (
        Leg(
            call=Call.CANCEL_ITEMS,
            order_key=remote.key,
            lines=lines,
            reason_code=_reason_code(stage, choice, settings),
            currency=remote.currency,
            total=sum((line.amount + line.shipping for line in lines), Decimal(0)),
            is_estimate=True,
            takes_all={line.line_id for line in lines} == {line.line_id for line in remote.lines},
            shipping=choice.shipping,
            invoice_number=choice.invoice_number or (choice.return_id if settings.send_return_id else ""),
            bank_account=choice.bank_account if settings.ask_bank_account else None,
            return_id=choice.return_id,
        ),
    )


def _line_of(remote: RemoteOrder, chosen: ChosenLine) -> RemoteLine:
    line = remote.line(chosen.line_id)
    if line is None:
        raise ReturnImpossible(Obstacle.NOT_SHOWN)
    if line.obstacle is not None:
        raise ReturnImpossible(line.obstacle, line.title)
    if chosen.units != 1:
        raise ReturnImpossible(Obstacle.FULLY_RETURNED, line.title)
    if chosen.amount is not None and chosen.amount != line.amount_left:
        raise ReturnImpossible(Obstacle.AMOUNT_FIXED, line.title)
    return line


def _require_different(chosen: list[RemoteLine]) -> None:
    for position, line in enumerate(chosen):
        if line in chosen[:position]:
            raise ReturnImpossible(Obstacle.FULLY_RETURNED, line.title)


def _common_stage(remote: RemoteOrder, chosen: list[RemoteLine]) -> Stage:
    """Whether these lines are cancelled or returned. The system forbids both in one order, also one after the other."""
    stages = {stage_of(line.state) for line in chosen}
    if len(stages) != 1:
        raise ReturnImpossible(Obstacle.MIXED)
    stage = stages.pop()
    # Statuses 50 and 100 do not tell what the item was before: there the system itself refuses.
    before = {stage_of(line.state) for line in remote.lines if line.records}
    other = Stage.AFTER_SHIPMENT if stage is Stage.BEFORE_SHIPMENT else Stage.BEFORE_SHIPMENT
    if other in before:
        raise ReturnImpossible(Obstacle.MIXED)
    return stage


def _reason_code(stage: Stage, choice: ReturnChoice, settings: RemoteSettings) -> str:
    """The key of the reason. Never another one than the owner mapped."""
    mapping = settings.mapping(choice.reason)
    code = mapping.cancel_code if stage is Stage.BEFORE_SHIPMENT else mapping.refund_code
    if not (code.isascii() and code.isdecimal()):
        raise ReturnImpossible(Obstacle.REASON_NOT_MAPPED)
    return code
