"""Sentences on slips: what is known of an operation, by the same evidence as on the screen (`ui/messages`).

An unfinished operation says so; nothing is called reversed or refunded that no answer proves.
"""

from collections.abc import Callable, Sequence
from functools import cache

from bonifiq_desktop.domain.legs import remote_progress
from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import (
    BONIFIQ,
    CLOSED_NEGATIVELY,
    Evidence,
    Kind,
    Operation,
    ReviewReason,
    State,
)
from bonifiq_desktop.domain.points_claims import points_claim
from bonifiq_desktop.domain.remote_orders import format_money
from bonifiq_desktop.domain.verdicts import CancelStatus
from bonifiq_desktop.storage.paths import resource

_SALES = frozenset({Kind.SALE, Kind.COMPLETION})
_REFUNDS = frozenset({Kind.REFUND, Kind.CANCEL})


@cache
def sentences(language: str) -> dict[str, str]:
    """The sentences of a language by their keys."""
    lines = resource(f"slips/{language}/sentences.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {key: text for key, _is, text in pairs}


class Sentences:
    """The sentences of one language, filled in for operations."""

    def __init__(self, language: str) -> None:
        self._texts = sentences(language)

    def say(self, key: str, *values: str) -> str:
        return self._texts[key].format(*values)

    # --- states

    def status(self, operation: Operation) -> str:
        """What is known of an operation, in one or two sentences."""
        system = system_name(operation)
        if operation.state is State.CONFIRMED:
            known = self._confirmed(operation)
        else:
            known = self.say(f"state.{operation.state}", system)
        return _joined(known, self.say("state.contradicted", system) if operation.contradicted else "")

    def _confirmed(self, operation: Operation) -> str:
        if operation.system != BONIFIQ:
            return self._accepted_leg(operation)
        say: dict[Kind, Callable[[Operation], str]] = {
            Kind.SALE: self._sale,
            Kind.COMPLETION: lambda _: self.say("sale.completed"),
            Kind.REFUND: self._refund,
            Kind.CANCEL: lambda _: self.say("cancel.done"),
            Kind.RETURN: self._accepted_leg,
            Kind.REDEMPTION: self._redemption,
            Kind.REVERSAL: self._reversal,
        }
        return say[operation.kind](operation)

    def _sale(self, operation: Operation) -> str:
        if operation.order is not None and operation.order.cancelled:
            return self.say("sale.cancelled")
        if operation.order is not None and operation.order.pending:
            return self.say("sale.pending")
        return self.say("sale.by_person" if operation.evidence is Evidence.PERSON else "sale.done")

    def _refund(self, operation: Operation) -> str:
        if operation.evidence is Evidence.LOOKUP:
            key = "refund.order_cancelled"
        elif operation.after_money and operation.evidence is not Evidence.PERSON:
            key = "refund.after_money"
        elif operation.api_status is CancelStatus.COMPLETED or operation.evidence is Evidence.PERSON:
            key = "refund.done"
        else:
            key = "refund.accepted"
        return self.say(key, self.value(operation))

    def _redemption(self, operation: Operation) -> str:
        if operation.evidence is Evidence.PERSON:
            return self.say("reward.by_person")
        return self.say("reward.used" if operation.external_code else "reward.no_code")

    def _reversal(self, operation: Operation) -> str:
        return self.say("reward.by_person" if operation.evidence is Evidence.PERSON else "reward.undone")

    def _accepted_leg(self, leg: Operation) -> str:
        if leg.evidence is Evidence.PERSON and not leg.remote_state:
            return self.say("leg.by_person", system_name(leg))
        return self.say(f"leg.{remote_progress(leg)}", leg.remote_state.strip())

    def return_status(self, legs: Sequence[Operation]) -> str:
        """What is known of a return with its legs."""
        states = {leg.state for leg in legs}
        if states == {State.WITHDRAWN}:
            return self.say("return.withdrawn")
        if State.REVIEW in states or any(leg.contradicted for leg in legs):
            return self.say("return.check")
        if states & CLOSED_NEGATIVELY:
            return self.say("return.failed")
        money = {leg.state for leg in legs if leg.kind is Kind.RETURN} or states
        return self.say("return.accepted" if money == {State.CONFIRMED} else "return.unknown")

    # --- points and rewards

    def points(self, operation: Operation) -> str:
        """What becomes of points, cashback and reward by an operation of BonifiQ."""
        if operation.system != BONIFIQ:
            return ""
        if operation.kind in _SALES:
            return self._points_of_sale(operation)
        return self._points_of_refund(operation) if operation.kind in _REFUNDS else self._reward(operation)

    def _points_of_refund(self, operation: Operation) -> str:
        if operation.state is State.CONFIRMED:
            return self.say(f"points.{points_claim(operation)}")
        if operation.state in CLOSED_NEGATIVELY:
            return self.say("points.none")
        if operation.state is State.REVIEW and operation.review_reason is ReviewReason.MONEY_REFUSED:
            return self.say("points.kept")
        waits = operation.after_money and operation.state is State.QUEUED and not operation.attempts
        return self.say("points.waiting" if waits else "points.later")

    def _points_of_sale(self, sale: Operation) -> str:
        if sale.state in CLOSED_NEGATIVELY:
            return self.say("points.none")
        if sale.state is not State.CONFIRMED:
            return self.say("points.later")
        is_sale = sale.kind is Kind.SALE and sale.order is not None
        if is_sale and sale.order is not None and sale.order.cancelled:
            return self.say("sale.no_points")
        if is_sale and sale.order is not None and sale.order.pending:
            return self.say("sale.no_points_yet")
        bonus = sale.bonus
        if bonus is None:
            earned = self.say("sale.known")
        elif bonus.points or bonus.cashback:
            earned = self.say("sale.bonus", self.loyalty(bonus.points, bonus.cashback))
        else:
            earned = self.say("sale.no_bonus")
        used = sale.kind is Kind.SALE and sale.checkout_id
        return _joined(earned, self.say("sale.reward") if used else "")

    def _reward(self, operation: Operation) -> str:
        undoes = operation.kind is Kind.REVERSAL
        if operation.state in CLOSED_NEGATIVELY:
            return self.say("reward.still_used" if undoes else "reward.nothing_used")
        if operation.state is not State.CONFIRMED:
            return self.say("reward.back_later" if undoes else "reward.later")
        return self.say("reward.given_back") if undoes and operation.evidence is not Evidence.PERSON else ""

    def loyalty(self, points: int, cashback: Cents) -> str:
        """`1.234 pontos e R$ 5,00 de cashback`; empty where both are 0."""
        parts = [self.count(points)] if points else []
        parts += [self.say("text.cashback", format_reais(cashback))] if cashback else []
        return self.say("text.and", *parts) if len(parts) > 1 else "".join(parts)

    def count(self, points: int) -> str:
        """`1.234 pontos`."""
        return self.say("text.point") if points == 1 else self.say("text.points", self.number(points))

    def number(self, number: int) -> str:
        """`1.234`, with the language's digits."""
        return f"{number:,}".replace(",", self._texts["text.thousands"])

    # --- money

    def value(self, operation: Operation) -> str:
        """The value of an operation in its currency, marked where its system computes it; empty for none."""
        if not operation.value and operation.kind in {Kind.REDEMPTION, Kind.REVERSAL}:
            return ""
        value = format_money(operation.value, operation.currency)
        return self.say("text.estimate", value) if operation.is_estimate else value

    def money(self, operations: Sequence[Operation]) -> str:
        """By which way the money of a refund, a cancel or a return goes back; the slip never claims that it did."""
        gone_back = [each for each in operations if each.state not in CLOSED_NEGATIVELY]
        there = [leg for leg in gone_back if leg.kind is Kind.RETURN]
        if there:
            names = self.listed([leg.connection for leg in there])
            is_accepted = all(leg.state is State.CONFIRMED for leg in there)
            return self.say("money.there" if is_accepted else "money.not_yet", names)
        here = next((each for each in gone_back if each.kind in _REFUNDS and not each.after_money), None)
        return self.say("money.here", self.value(here)) if here else ""

    def listed(self, names: Sequence[str]) -> str:
        """`Carrefour, Magalu e Loja on-line`, each name once."""
        *others, last = list(dict.fromkeys(names)) or [""]
        return self.say("text.and", ", ".join(others), last) if others else last


def system_name(operation: Operation) -> str:
    """The name of an operation's system on a slip: BonifiQ, or that of its connection."""
    return "BonifiQ" if operation.system == BONIFIQ else operation.connection


def _joined(*texts: str) -> str:
    return " ".join(filter(None, texts))
