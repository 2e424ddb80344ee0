"""Rows of a customer's rewards without a sale, and what is lacking for the next one."""

from collections.abc import Sequence

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.rewards import CannotUseReason, Reward, RewardKind
from bonifiq_desktop.ui.lookup.rows import Row
from bonifiq_desktop.ui.messages.formats import points_text
from bonifiq_desktop.ui.messages.message import translate

_BY_PURCHASE = frozenset(
    {
        CannotUseReason.MINIMUM_VALUE,
        CannotUseReason.EXCEEDS_PURCHASE,
        CannotUseReason.MINIMUM_PERCENT,
        CannotUseReason.NO_PRODUCT,
        CannotUseReason.NOT_CUMULATIVE,
    }
)


def lacking_points(reward: Reward, points: int) -> int:
    """The points that a customer with `points` lacks for a reward that BonifiQ refuses for its points; else 0."""
    is_short = not reward.can_use and reward.reason is CannotUseReason.NOT_ENOUGH_POINTS
    return max(0, reward.points - points) if is_short else 0


def next_reward_text(rewards: Sequence[Reward], points: int) -> str:
    """How many points are lacking for the nearest reward; empty where the answer does not tell it."""
    lacking = [(lacking_points(reward, points), reward.title) for reward in rewards]
    nearest = min((each for each in lacking if each[0]), default=None)
    if nearest is None:
        return ""
    return translate("BalanceView", "Próximo benefício: {0} com mais {1}.").format(nearest[1], points_text(nearest[0]))


def reward_rows(rewards: Sequence[Reward], points: int) -> list[Row]:
    """The usable rewards first, then those for which the fewest points are lacking."""
    ordered = sorted(rewards, key=lambda each: (not each.can_use, lacking_points(each, points)))
    return [_row(reward, points) for reward in ordered]


def _row(reward: Reward, points: int) -> Row:
    chip, tone = _chip(reward, points)
    cost = points_text(reward.points) if reward.points else ""
    return Row(
        reward.title,
        reward.requirements,
        format_reais(reward.available) if reward.kind is RewardKind.CASHBACK else cost,
        chip=chip,
        tone=tone,
        icon="cashback" if reward.kind is RewardKind.CASHBACK else "gift",
    )


def _chip(reward: Reward, points: int) -> tuple[str, str]:
    lacking = lacking_points(reward, points)
    if reward.can_use:
        return translate("BalanceView", "Pode usar"), "success"
    if lacking:
        return translate("BalanceView", "Mais {0}").format(points_text(lacking)), "warning"
    if reward.reason in _BY_PURCHASE:
        return translate("BalanceView", "Depende da compra"), "neutral"
    texts = {
        CannotUseReason.NO_CASHBACK: translate("BalanceView", "Sem cashback"),
        CannotUseReason.NOT_ENROLLED: translate("BalanceView", "Fora do programa"),
        CannotUseReason.USAGE_LIMIT: translate("BalanceView", "Já usou o limite"),
        CannotUseReason.NEEDS_CHECKOUT: translate("BalanceView", "Só na loja virtual"),
    }
    unnamed = translate("BalanceView", "Não disponível")
    return texts.get(reward.reason, unnamed) if reward.reason else unnamed, "neutral"
