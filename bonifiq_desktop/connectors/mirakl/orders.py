"""From OR11's answer to an order: lines with what is left of them, and what stands in the way of a return."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bonifiq_desktop.connectors.mirakl.amounts import amounts_left, charges_left
from bonifiq_desktop.connectors.mirakl.schemas import CodedAmount, LineSchema, OrderSchema, RecordSchema, ReturnSchema
from bonifiq_desktop.domain.orders import Order, Product
from bonifiq_desktop.domain.remote_orders import (
    Charge,
    Obstacle,
    RemoteLine,
    RemoteOrder,
    RemoteRecord,
    to_minor_units,
)

CANCELATION = "cancelation"
REFUND = "refund"
RETURN = "return"

RULE_NONE = "NONE"
RULE_PROPORTIONAL = "PROPORTIONAL_TO_AMOUNT"
TAX_EXCLUDED = "TAX_EXCLUDED"
CANCELED = "CANCELED"

_BEFORE_ACCEPTANCE = frozenset({"STAGING", "WAITING_ACCEPTANCE"})
_BEFORE_SHIPMENT = frozenset({"WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING"})
_AFTER_SHIPMENT = frozenset({"SHIPPED", "TO_COLLECT", "RECEIVED"})
_OPEN_RETURN = frozenset({"WAITING_ACCEPTANCE", "IN_PROGRESS", "RECEIVED"})
_UNCONFIRMED_PAYMENT = "NO_CUSTOMER_PAYMENT_CONFIRMATION"
_PAID_AT_ACCEPTANCE = "PAY_ON_ACCEPTANCE"
_OBSTACLE_OF_STATE = {
    **dict.fromkeys(_BEFORE_ACCEPTANCE, Obstacle.NOT_ACCEPTED),
    "INCIDENT_OPEN": Obstacle.INCIDENT,
    "CLOSED": Obstacle.CLOSED,
    "REFUSED": Obstacle.FULLY_RETURNED,
    CANCELED: Obstacle.FULLY_RETURNED,
    "REFUNDED": Obstacle.FULLY_RETURNED,
    "WAITING_REFUND": Obstacle.UNDER_WAY,
    "WAITING_REFUND_PAYMENT": Obstacle.UNDER_WAY,
}


def to_order(answer: OrderSchema, *, read_at: datetime | None, returns: Iterable[ReturnSchema] = ()) -> Order:
    """An order of OR11 with its lines. `returns`: RT11's, of the same basket."""
    returns = tuple(returns)
    lines = tuple(_line(answer, line, returns) for line in answer.lines)
    for_customer = answer.references.for_customer or answer.for_customer
    for_seller = answer.references.for_seller or answer.for_seller
    references = (answer.commercial_id, for_customer, for_seller)
    remote = RemoteOrder(
        currency=answer.currency.upper(),
        lines=lines,
        references=tuple(dict.fromkeys(filter(None, references))),
        state=answer.state,
        tax_mode=answer.tax_mode,
        order_level_taxes=answer.order_taxes is not None,
        can_cancel=bool(answer.can_cancel),
        paid=answer.customer_debited_at is not None or (bool(lines) and all(line.paid for line in lines)),
        changed_at=answer.changed_at,
        read_at=read_at,
        obstacle=_order_obstacle(answer, lines),
    )
    return Order(
        order_id=answer.order_id,
        total=to_minor_units(answer.price, remote.currency),
        status_text=answer.state,
        placed_at=answer.created_at,
        cancelled=answer.state in {CANCELED, "REFUSED"},
        completed=answer.state in {"RECEIVED", "CLOSED"},
        products=tuple(_product(line, remote.currency) for line in lines),
        remote=remote,
    )


def with_tax_rules(order: OrderSchema, rules: Mapping[str, str]) -> OrderSchema:
    """The order with rules by tax code (OR75) for the taxes that name none."""

    def ruled(taxes: list[CodedAmount]) -> list[CodedAmount]:
        return [tax if tax.rule else tax.model_copy(update={"rule": rules.get(tax.code, "")}) for tax in taxes]

    lines = [
        line.model_copy(update={"taxes": ruled(line.taxes), "shipping_taxes": ruled(line.shipping_taxes)})
        for line in order.lines
    ]
    return order.model_copy(update={"lines": lines})


def lacks_tax_rules(order: OrderSchema) -> bool:
    """Whether a tax of a line names no rule."""
    return any(not tax.rule for line in order.lines for tax in (*line.taxes, *line.shipping_taxes))


def forbid_cancel_and_refund(order: Order) -> Order:
    """The order of a platform that lets shops neither cancel nor refund what customers pay them directly (PC01)."""
    if order.remote is None:
        return order
    return replace(order, remote=replace(order.remote, obstacle=order.remote.obstacle or Obstacle.FEATURE_OFF))


def shipped_lines(order: Order) -> tuple[str, ...]:
    """The lines that left the shop and were paid, so that they may have a return."""
    lines = order.remote.lines if order.remote is not None else ()
    return tuple(line.line_id for line in lines if line.paid and line.shipped)


def _order_obstacle(answer: OrderSchema, lines: tuple[RemoteLine, ...]) -> Obstacle | None:
    known = _OBSTACLE_OF_STATE.get(answer.state)
    if known is not None:
        return known
    if answer.fully_refunded:
        return Obstacle.FULLY_RETURNED
    if answer.state not in _BEFORE_SHIPMENT | _AFTER_SHIPMENT:
        return Obstacle.NOT_SHOWN
    obstacles = {line.obstacle for line in lines}
    return obstacles.pop() if len(obstacles) == 1 else None


def _line(answer: OrderSchema, line: LineSchema, returns: tuple[ReturnSchema, ...]) -> RemoteLine:
    records = (
        *(_record(CANCELATION, each) for each in line.cancelations),
        *(_record(REFUND, each) for each in line.refunds),
    )
    amount_left, at_most = amounts_left(line.price, records)
    units = line.units or 0
    shown = RemoteLine(
        line_id=line.line_id,
        codes=tuple(dict.fromkeys(filter(None, (line.offer_sku, line.product_sku)))),
        title=line.title or line.offer_sku or line.line_id,
        units=units,
        units_left=max(0, units - sum(record.units or 0 for record in records)),
        price=line.price,
        amount_left=amount_left,
        amount_left_at_most=at_most,
        shipping_left=max(Decimal(0), line.shipping - sum((r.shipping for r in records), Decimal(0))),
        taxes=_charges(line.taxes),
        shipping_taxes=_charges(line.shipping_taxes),
        fees=_charges(line.fees),
        records=(*records, *_returns_of(line.line_id, returns)),
        state=line.state,
        paid=_is_paid(answer, line),
        shipped=line.shipped_at is not None or line.received_at is not None or line.state in _AFTER_SHIPMENT,
    )
    return replace(shown, obstacle=_line_obstacle(answer, line, shown))


def _line_obstacle(answer: OrderSchema, line: LineSchema, shown: RemoteLine) -> Obstacle | None:
    state = line.state or answer.state
    known = _OBSTACLE_OF_STATE.get(state)
    if known is not None:
        return known
    if shown.units_left == 0 or shown.amount_left == 0:
        return Obstacle.FULLY_RETURNED
    if state not in _BEFORE_SHIPMENT | _AFTER_SHIPMENT:
        return Obstacle.NOT_SHOWN
    if any(record.kind == RETURN and record.state in _OPEN_RETURN for record in shown.records):
        return Obstacle.OPEN_RETURN
    if shown.paid:
        # `can_refund` is about the line's full amount, so that a line of which a part was refunded may show it false.
        return None if line.can_refund is not False or line.refunds else Obstacle.NOT_SHOWN
    return None if _may_be_cancelled(answer, shown) else Obstacle.NOT_SHOWN


def _may_be_cancelled(answer: OrderSchema, line: RemoteLine) -> bool:
    """Whether a shop may cancel a line that is not debited (OR30's conditions by payment workflow).

    PAY_ON_ACCEPTANCE is not among the documented workflows; there, the order's own `can_cancel` decides.
    """
    if answer.workflow == _PAID_AT_ACCEPTANCE:
        return bool(answer.can_cancel)
    return answer.workflow != _UNCONFIRMED_PAYMENT or not line.shipped


def _is_paid(answer: OrderSchema, line: LineSchema) -> bool:
    if line.debited_at is not None or answer.customer_debited_at is not None:
        return True
    # No payment is ever confirmed in this workflow; a shipped line that may be refunded is treated as paid.
    shipped = line.shipped_at is not None or line.state in _AFTER_SHIPMENT
    return answer.workflow == _UNCONFIRMED_PAYMENT and shipped and line.can_refund is True


def _record(kind: str, answer: RecordSchema) -> RemoteRecord:
    return RemoteRecord(
        record_id=answer.record_id,
        kind=kind,
        amount=answer.amount or Decimal(0),
        shipping=answer.shipping,
        reason_code=answer.reason_code,
        units=answer.units,
        created_at=answer.created_at,
        state=answer.state,
        taxes=_charges(answer.taxes),
        shipping_taxes=_charges(answer.shipping_taxes),
        fees=_charges(answer.fees),
    )


def _returns_of(line_id: str, returns: Iterable[ReturnSchema]) -> tuple[RemoteRecord, ...]:
    zero = Decimal(0)
    return tuple(
        RemoteRecord(each.return_id, RETURN, zero, zero, line.reason_code, line.units, each.created_at, each.state)
        for each in returns
        for line in each.lines
        if line.line_id == line_id
    )


def _charges(answers: Iterable[CodedAmount]) -> tuple[Charge, ...]:
    return tuple(Charge(each.code, each.amount, each.rule.upper()) for each in answers)


def taxes_left(line: RemoteLine) -> tuple[Charge, ...]:
    """Product taxes of a line that no record took back."""
    return charges_left(line.taxes, (tax for record in line.records for tax in record.taxes))


def shipping_taxes_left(line: RemoteLine) -> tuple[Charge, ...]:
    """Taxes on the shipping of a line that no record took back."""
    return charges_left(line.shipping_taxes, (tax for record in line.records for tax in record.shipping_taxes))


def fees_left(line: RemoteLine) -> tuple[Charge, ...]:
    """Fees of a line that no record took back."""
    return charges_left(line.fees, (fee for record in line.records for fee in record.fees))


def _product(line: RemoteLine, currency: str) -> Product:
    code = line.codes[0] if line.codes else line.line_id
    return Product(code, line.title, to_minor_units(line.price, currency), quantity=max(1, line.units))
