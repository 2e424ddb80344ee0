"""Estimates of the points and cashback that a refund takes back. The system alone decides, by rules not known here."""

from dataclasses import dataclass

from bonifiq_desktop.domain.money import Cents
from bonifiq_desktop.domain.verdicts import Bonus


@dataclass(frozen=True)
class Earned:
    """What a confirmed sale of `total` cents earned, by the system's answer."""

    bonus: Bonus
    total: Cents

    def share_of(self, value: Cents) -> Bonus:
        """Estimate the bonus of `value` cents, in proportion and rounded down."""
        return Bonus(self.bonus.points * value // self.total, self.bonus.cashback * value // self.total)
