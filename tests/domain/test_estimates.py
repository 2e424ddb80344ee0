"""Share of a sale's points and cashback, in proportion and rounded down."""

import pytest

from bonifiq_desktop.domain.estimates import Earned
from bonifiq_desktop.domain.verdicts import Bonus


@pytest.mark.parametrize(
    ("value", "share"),
    [(4990, Bonus(49, 249)), (15990, Bonus(159, 799)), (1, Bonus(0, 0)), (0, Bonus(0, 0))],
)
def test_share_of_a_value_is_rounded_down(value: int, share: Bonus) -> None:
    assert Earned(Bonus(159, 799), 15990).share_of(value) == share
