"""A customer's rewards without a sale: what can be used, and how many points are lacking for the next one."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from bonifiq_desktop.domain.rewards import CannotUseReason, Reward, RewardKind
from bonifiq_desktop.domain.search import Balance
from bonifiq_desktop.ui.lookup.balance import BalanceView
from bonifiq_desktop.ui.lookup.reward_rows import lacking_points, next_reward_text, reward_rows

VOUCHER = Reward(
    *(1, "Vale R$ 10", RewardKind.FIXED, Decimal(1000), False),
    reason=CannotUseReason.NOT_ENOUGH_POINTS,
    points=200,
    requirements="Compra mínima de R$ 50",
)
MUG = replace(VOUCHER, reward_id=2, title="Caneca", kind=RewardKind.PRODUCT, points=150)
FREE = replace(VOUCHER, can_use=True, points=0, reason=None)
CASHBACK = replace(FREE, reward_id=3, title="Cashback", kind=RewardKind.CASHBACK)


def test_next_reward_is_the_one_for_which_the_fewest_points_are_lacking(qapp: object) -> None:
    assert next_reward_text([VOUCHER, MUG, CASHBACK], 120) == "Próximo benefício: Caneca com mais 30 pontos."
    assert next_reward_text([replace(MUG, points=121)], 120) == "Próximo benefício: Caneca com mais 1 ponto."


@pytest.mark.parametrize(
    "rewards",
    [
        [],
        [CASHBACK],
        [replace(VOUCHER, reason=CannotUseReason.MINIMUM_VALUE)],  # the purchase is what is lacking
        [replace(VOUCHER, reason=None)],  # BonifiQ does not say what is lacking
        [replace(VOUCHER, points=0)],  # nor how much it costs
    ],
)
def test_next_reward_is_not_made_up(qapp: object, rewards: list[Reward]) -> None:
    assert next_reward_text(rewards, 120) == ""


@given(cost=st.integers(0, 10_000), points=st.integers(0, 10_000), can_use=st.booleans())
def test_lacking_points_are_what_the_customer_still_has_to_earn(cost: int, points: int, *, can_use: bool) -> None:
    lacking = lacking_points(replace(VOUCHER, points=cost, can_use=can_use), points)
    assert lacking == (0 if can_use else max(0, cost - points))


def test_rows_start_with_what_can_be_used(qapp: object) -> None:
    limit = replace(VOUCHER, title="Dia das Mães", reason=CannotUseReason.USAGE_LIMIT)
    rows = reward_rows([VOUCHER, MUG, limit, CASHBACK], 120)
    assert [(row.title, row.chip) for row in rows] == [
        ("Cashback", "Pode usar"),
        ("Dia das Mães", "Já usou o limite"),
        ("Caneca", "Mais 30 pontos"),
        ("Vale R$ 10", "Mais 80 pontos"),
    ]
    assert rows[3].note == "200 pontos"
    assert rows[3].detail == "Compra mínima de R$ 50"


@pytest.mark.parametrize("reason", [*CannotUseReason, None])
def test_every_reason_has_words_for_a_customer_without_a_purchase(qapp: object, reason: CannotUseReason | None) -> None:
    assert reward_rows([replace(VOUCHER, reason=reason)], 500)[0].chip


def test_balance_shows_rewards_and_forgets_them(qtbot: QtBot) -> None:
    view = BalanceView()
    qtbot.addWidget(view)
    view.show()
    view.show_balance(Balance("Maria", "Ouro", 120, 1500, rewards=(VOUCHER, MUG)))
    assert view._next.text() == "Próximo benefício: Caneca com mais 30 pontos."
    assert [row.title for row in view._rewards.rows] == ["Caneca", "Vale R$ 10"]
    view.show_balance(Balance("Ana", "", 0, 0))
    assert not view._next.isVisible()
    assert not view._rewards.isVisible()
