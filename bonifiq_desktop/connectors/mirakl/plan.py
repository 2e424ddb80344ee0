"""Which requests a return makes of Mirakl, and their exact amounts.

A request that changes money holds one line, because Mirakl does not say whether several are all or nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bonifiq_desktop.connectors.mirakl import orders
from bonifiq_desktop.connectors.mirakl.amounts import fraction_digits, rounded, share_of_amount, share_of_units
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.remote_orders import Charge, Obstacle, RemoteLine, RemoteOrder, ReturnImpossible
from bonifiq_desktop.domain.returns import Call, ChosenLine, CounterReason, Leg, LegLine, ReturnChoice
from bonifiq_desktop.storage.remote_settings import Learnable, RemoteSettings

_ZERO = Decimal(0)

# Assumption: every operator offers these reasons of RT01, which are Mirakl's own words and not the operator's.
RETURN_REASONS = {
    CounterReason.REGRET: "RETURN_CHANGED_MIND",
    CounterReason.DEFECT: "RETURN_DEFECTIVE_ITEM",
    CounterReason.SIZE: "RETURN_PRODUCT_DOES_NOT_FIT",
    CounterReason.WRONG_ITEM: "RETURN_DELIVERED_PRODUCT_DIFFERENT",
    CounterReason.OUT_OF_STOCK: "RETURN_OTHER",
    CounterReason.OTHER: "RETURN_OTHER",
}


def plan(order: Order, choice: ReturnChoice, settings: RemoteSettings) -> tuple[Leg, ...]:
    """The requests of a choice, in the order of its lines. Pure. Raises ReturnImpossible, ValueError.

    - Not debited: OR29 where everything goes and the order can be cancelled, else OR30 by line.
    - Debited and not shipped: OR28 by line, with its units taken out of the shipment.
    - Debited and shipped: OR28 by line, or one RT01 for all lines, as the connection is set; never both.
    """
    remote = order.remote
    if remote is None or not choice.lines or len({line.line_id for line in choice.lines}) < len(choice.lines):
        raise ValueError("no order of a marketplace, or no line, or one line twice")
    if remote.obstacle is not None:
        raise ReturnImpossible(remote.obstacle)
    planner = _Planner(order.order_id, remote, choice, settings)
    return planner.legs([(_returnable(remote, chosen), chosen) for chosen in choice.lines])


def _returnable(remote: RemoteOrder, chosen: ChosenLine) -> RemoteLine:
    line = remote.line(chosen.line_id)
    if line is None:
        raise ReturnImpossible(Obstacle.NOT_SHOWN)
    if line.obstacle is not None:
        raise ReturnImpossible(line.obstacle, line.title)
    if chosen.units > line.units_left:
        raise ReturnImpossible(Obstacle.FULLY_RETURNED, line.title)
    if chosen.units < 1:
        raise ValueError("no units")
    return line


_Chosen = tuple[RemoteLine, ChosenLine]


@dataclass(frozen=True)
class _Planner:
    order_id: str
    remote: RemoteOrder
    choice: ReturnChoice
    settings: RemoteSettings

    def legs(self, chosen: Sequence[_Chosen]) -> tuple[Leg, ...]:
        takes_all = self._takes_all(chosen)
        if takes_all and self.remote.can_cancel and not any(line.paid for line, _ in chosen):
            return (self._whole_order(chosen),)
        by_return = [pair for pair in chosen if self._goes_by_return_flow(pair[0])]
        legs = [self._by_line(pair) for pair in chosen if pair not in by_return]
        if by_return:
            legs.append(self._by_return_flow(by_return))
        return tuple(replace(leg, takes_all=takes_all) for leg in legs)

    def _takes_all(self, chosen: Sequence[_Chosen]) -> bool:
        open_lines = {line.line_id for line in self.remote.lines if line.obstacle is not Obstacle.FULLY_RETURNED}
        whole = {line.line_id for line, each in chosen if each.units == line.units_left and each.amount is None}
        return whole == open_lines

    def _goes_by_return_flow(self, line: RemoteLine) -> bool:
        return self.settings.by_return_flow and line.paid and line.shipped

    def _whole_order(self, chosen: Sequence[_Chosen]) -> Leg:
        """OR29: no amounts and no reason; the shipping goes with it."""
        lines = tuple(self._line(pair, shipping=True, names_taxes=False) for pair in chosen)
        leg = self._leg(Call.CANCEL_ORDER, lines, reason_code="")
        return replace(leg, takes_all=True, shipping=True)

    def _by_return_flow(self, chosen: Sequence[_Chosen]) -> Leg:
        """RT01: the operator refunds once the goods are found in order, and decides the amount."""
        if not self.remote.references:
            raise ReturnImpossible(Obstacle.NOT_SHOWN)
        lines = tuple(replace(self._line(pair, shipping=False, names_taxes=False), fees=()) for pair in chosen)
        leg = self._leg(Call.OPEN_RETURN, lines, RETURN_REASONS[self.choice.reason])
        return replace(leg, order_key=self.remote.references[0], is_estimate=True, shipping=False)

    def _by_line(self, chosen: _Chosen) -> Leg:
        line = chosen[0]
        mapping = self.settings.mapping(self.choice.reason.value)
        code = mapping.refund_code if line.paid else mapping.cancel_code
        if not line.paid and self.settings.cancel_lines is Learnable.NO:
            raise ReturnImpossible(
                Obstacle.WHOLE_ORDER_ONLY if self.remote.can_cancel else Obstacle.FEATURE_OFF, line.title
            )
        if not code:
            raise ReturnImpossible(Obstacle.REASON_NOT_MAPPED)
        call = Call.REFUND_LINE if line.paid else Call.CANCEL_LINE
        leg = self._leg(call, (self._line(chosen, shipping=self.choice.shipping),), code)
        return replace(leg, excluded_from_shipment=line.paid and not line.shipped)

    def _leg(self, call: Call, lines: tuple[LegLine, ...], reason_code: str) -> Leg:
        adds_taxes = self.remote.tax_mode == orders.TAX_EXCLUDED
        sent = (*(charge for line in lines for charge in line.fees),)
        if adds_taxes:
            sent += tuple(charge for line in lines for charge in (*line.taxes, *line.shipping_taxes))
        amounts = sum((line.amount + line.shipping for line in lines), _ZERO)
        return Leg(
            call=call,
            order_key=self.order_id,
            lines=lines,
            reason_code=reason_code,
            currency=self.remote.currency,
            total=amounts + sum((charge.amount for charge in sent), _ZERO),
            tax_mode=self.remote.tax_mode,
            # Taxes that Mirakl computes come on top, and are in no request.
            is_estimate=adds_taxes and self._has_computed_taxes(lines),
            shipping=any(line.shipping for line in lines),
            return_id=self.choice.return_id,
        )

    def _has_computed_taxes(self, lines: Sequence[LegLine]) -> bool:
        if self.remote.order_level_taxes:
            return True
        shown = [self.remote.line(line.line_id) for line in lines]
        taxes = [tax for line in shown if line for tax in (*line.taxes, *line.shipping_taxes)]
        return any(tax.rule != orders.RULE_NONE and tax.amount for tax in taxes)

    def _line(self, chosen: _Chosen, *, shipping: bool, names_taxes: bool = True) -> LegLine:
        line, each = chosen
        digits = fraction_digits(line, self.remote.currency)

        def units_share(left: Decimal) -> Decimal:
            return share_of_units(left, each.units, line.units_left, digits)

        share = units_share(line.amount_left)
        amount = share if each.amount is None else each.amount
        if not _ZERO < amount <= share:
            raise ReturnImpossible(Obstacle.FULLY_RETURNED, line.title)

        def with_amount(left: Decimal) -> Decimal:
            if amount == share:
                return units_share(left)
            return share_of_amount(left, amount, line.amount_left, digits)

        if names_taxes:
            self._check_tax_rules(line)
        return LegLine(
            line_id=line.line_id,
            units=each.units,
            amount=rounded(amount, digits),
            shipping=units_share(line.shipping_left) if shipping else rounded(_ZERO, digits),
            taxes=self._taxes(orders.taxes_left(line), with_amount),
            shipping_taxes=self._taxes(orders.shipping_taxes_left(line), units_share) if shipping else (),
            fees=_shares(orders.fees_left(line), with_amount),
            title=line.title,
        )

    def _names_no_taxes(self) -> bool:
        """With order level taxes in TAX_EXCLUDED, a request that names a tax is refused."""
        return self.remote.order_level_taxes and self.remote.tax_mode == orders.TAX_EXCLUDED

    def _check_tax_rules(self, line: RemoteLine) -> None:
        """Refuse a line with a tax of unknown rule: left out, it might silently not be given back."""
        known = {orders.RULE_NONE, orders.RULE_PROPORTIONAL}
        unknown = any(tax.rule not in known and tax.amount for tax in (*line.taxes, *line.shipping_taxes))
        if unknown and not self._names_no_taxes():
            raise ReturnImpossible(Obstacle.TAXES_UNKNOWN, line.title)

    def _taxes(self, left: Sequence[Charge], share: Callable[[Decimal], Decimal]) -> tuple[Charge, ...]:
        """The taxes of rule NONE: Mirakl does not compute them, and gives none back that the request does not name."""
        if self._names_no_taxes():
            return ()
        return tuple(replace(tax, amount=share(tax.amount)) for tax in left if tax.rule == orders.RULE_NONE)


def _shares(left: Sequence[Charge], share: Callable[[Decimal], Decimal]) -> tuple[Charge, ...]:
    """The share in each fee, without those that come to nothing."""
    shares = (replace(charge, amount=share(charge.amount)) for charge in left)
    return tuple(charge for charge in shares if charge.amount)
