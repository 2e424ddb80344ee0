"""Mutants: clients with one plausible mistake about returns in several systems. A random day catches every one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import pytest

from bonifiq_desktop.connectors.mirakl import plan, read_back
from bonifiq_desktop.connectors.mirakl.baseline import Baseline
from bonifiq_desktop.connectors.mirakl.sent import SentRequest
from bonifiq_desktop.domain.operations import Operation, Resolution
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.read_back import Finding
from bonifiq_desktop.domain.remote_orders import RemoteOrder
from bonifiq_desktop.domain.returns import Call, Leg, ReturnChoice
from bonifiq_desktop.ledger import queries
from bonifiq_desktop.services.reconciliation import Reconciler
from bonifiq_desktop.services.turns import Turns
from bonifiq_desktop.storage.remote_settings import ReasonMapping, RemoteSettings
from tests.support import oracle
from tests.support.return_oracle import WRONG
from tests.support.return_simulation import POINTS_FIRST


def a_lost_request_is_sent_again_blind(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a lost answer means a lost request."""

    async def wrong(_self: Reconciler, leg: Operation) -> tuple[Resolution, str]:
        return Resolution(leg.state), ""

    patch.setattr(Reconciler, "_resolve_lost_return", wrong)


def a_fall_in_price_is_evidence(patch: pytest.MonkeyPatch) -> None:
    """Mistake: only this till takes something back from a line."""

    def wrong(remote: RemoteOrder, baseline: Baseline, sent: SentRequest) -> tuple[Finding, str]:
        fell = any(
            line is not None and line.amount_left < baseline.lines[line.line_id].amount_left
            for line in map(remote.line, sent.lines)
        )
        return (Finding.APPLIED if fell else Finding.ABSENT), ""

    patch.setattr(read_back, "_find_record", wrong)


def any_new_record_is_evidence(patch: pytest.MonkeyPatch) -> None:
    """Mistake: every new record of the line is the till's, whatever its amounts are."""
    patch.setattr(read_back, "_may_be_ours", lambda *_shown: True)


def one_reading_proves_an_absence(patch: pytest.MonkeyPatch) -> None:
    """Mistake: what the records do not show yet was not applied."""
    patch.setattr(Reconciler, "_wait_for_trace", lambda *_known: None)
    patch.setattr(read_back, "limits_itself", lambda *_known: True)


def an_absent_request_may_always_be_repeated(patch: pytest.MonkeyPatch) -> None:
    """Mistake: no copy of a request is still on its way once its absence was read twice."""
    patch.setattr(read_back, "limits_itself", lambda *_known: True)


def a_return_in_the_portal_and_a_refund(patch: pytest.MonkeyPatch) -> None:
    """Mistake: a return that the operator opened pays nothing by itself."""
    really = plan._Planner.legs

    def wrong(self: plan._Planner, chosen: Sequence[plan._Chosen]) -> tuple[Leg, ...]:
        doubled = [pair for pair in chosen if self._goes_by_return_flow(pair[0])]
        return (*really(self, chosen), *map(self._by_line, doubled))

    patch.setattr(plan._Planner, "legs", wrong)


def points_leave_with_the_money(patch: pytest.MonkeyPatch) -> None:
    """Mistake: the money will be given back."""
    patch.setattr(queries, "IN_TURN", "1")
    patch.setattr(Turns, "_after_money", lambda _self, points: Resolution(points.state))


def several_lines_in_one_request(patch: pytest.MonkeyPatch) -> None:
    """Mistake: several lines are all or nothing."""
    really = plan.plan

    def wrong(order: Order, choice: ReturnChoice, settings: RemoteSettings) -> tuple[Leg, ...]:
        merged: list[Leg] = []
        for call, legs in groupby(really(order, choice, settings), key=lambda leg: leg.call):
            same = list(legs)
            total = sum((leg.total for leg in same), Decimal(0))
            lines = tuple(line for leg in same for line in leg.lines)
            by_line = call in {Call.CANCEL_LINE, Call.REFUND_LINE}
            merged += [replace(same[0], lines=lines, total=total)] if by_line else same
        return tuple(merged)

    patch.setattr(plan, "plan", wrong)


def every_platform_has_prices_with_taxes(patch: pytest.MonkeyPatch) -> None:
    """Mistake: amounts are gross on every marketplace."""
    really = plan._Planner._leg

    def wrong(self: plan._Planner, *given: object, **named: object) -> Leg:
        return replace(really(self, *given, **named), tax_mode="TAX_INCLUDED")  # type: ignore[arg-type]

    patch.setattr(plan._Planner, "_leg", wrong)


def the_first_reason_of_the_list(patch: pytest.MonkeyPatch) -> None:
    """Mistake: any reason is better than none."""
    really = RemoteSettings.mapping

    def wrong(self: RemoteSettings, reason: str) -> ReasonMapping:
        found = really(self, reason)
        return found if found.cancel_code else replace(self.reasons[0], reason=reason)

    patch.setattr(RemoteSettings, "mapping", wrong)


# Mutant -> the seed of a day that catches it, where the test starts its search, and the promise broken on that day.
RETURN_MUTANTS: dict[Callable[[pytest.MonkeyPatch], None], tuple[int, str]] = {
    a_lost_request_is_sent_again_blind: (0, oracle.APPLIED_TWICE),
    a_fall_in_price_is_evidence: (0, oracle.FALSELY_CONFIRMED),
    any_new_record_is_evidence: (0, oracle.FALSELY_CONFIRMED),
    one_reading_proves_an_absence: (0, oracle.APPLIED_TWICE),
    an_absent_request_may_always_be_repeated: (0, oracle.APPLIED_TWICE),
    a_return_in_the_portal_and_a_refund: (0, WRONG),
    points_leave_with_the_money: (0, POINTS_FIRST),
    several_lines_in_one_request: (0, WRONG),
    every_platform_has_prices_with_taxes: (0, WRONG),
    the_first_reason_of_the_list: (0, WRONG),
}
