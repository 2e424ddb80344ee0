"""Right column of a return over several systems: what each one gives back, and who must not pay."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.remote_orders import Charge, Obstacle, ReturnImpossible
from bonifiq_desktop.domain.returns import Call, Leg
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.money_legs import joined_names
from bonifiq_desktop.ui.messages.remote_orders import format_decimal, impossible_text
from bonifiq_desktop.ui.refund.leg_planner import Plan
from bonifiq_desktop.ui.refund.summary import RefundSummary, estimate_text
from bonifiq_desktop.ui.refund.used_reward import UsedRewardNote
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_CANCELS = {Call.CANCEL_LINE, Call.CANCEL_ORDER}


class SystemsSummary(RefundSummary):
    """Object names beside those of a refund: `refundLeg` for each other system, and `refundDanger`.

    `has_points`: BonifiQ has something to take back.
    """

    def __init__(
        self, found: LookupResult, hero: QWidget, column: QWidget, reward: UsedRewardNote, *, has_points: bool
    ) -> None:
        self._found = found
        self._reward = reward
        self._has_points = has_points
        self._legs = QVBoxLayout()
        self._legs.setSpacing(px(8))
        self._sentences: list[UntrustedLabel] = []
        caption = label(translate("SystemsSummary", "Valor no BonifiQ"), "figureName")
        caption.setBuddy(hero)
        self._estimate = paragraph("", "muted", "refundEstimate")
        self._preview = UntrustedLabel("legAmount", "refundPreview")
        self._danger = Notice("refundDanger")
        lay_out(column, self._legs, self._preview, self._danger, caption, hero, self._estimate, reward, spacing=px(8))
        for part in (caption, hero, self._estimate):  # shown before they are in the column, they would open as windows
            part.setVisible(has_points)

    def show_value(self, value: Cents, preview: str, *, whole: bool) -> None:
        self._estimate.setText(estimate_text(self._found, value) if value else "")
        self._preview.setText(preview)
        self._preview.setVisible(bool(preview))
        self._reward.show_whole(whole=whole)

    def show_plans(self, plans: Sequence[Plan]) -> None:
        """Say what each other system gives back, or why it gives nothing; and that the drawer stays shut."""
        texts = [plan_text(plan) for plan in plans if not plan.is_pending]
        paying = [plan for plan in plans if plan.legs]
        names = joined_names([plan.connection for plan in paying])
        if any(plan.is_pending for plan in plans):
            return  # the last words stay until the next ones are known
        if paying:
            self._danger.say("danger", do_not_pay_text(names, count=len(paying)))
        else:
            self._danger.clear()
        while len(self._sentences) < len(texts):
            sentence = UntrustedLabel("", "refundLeg")
            self._sentences.append(sentence)
            self._legs.addWidget(sentence)
        for place, sentence in enumerate(self._sentences):
            look, text = texts[place] if place < len(texts) else ("", "")
            set_variant(sentence, look=look)
            sentence.setText(text)
            sentence.setVisible(bool(text))


def do_not_pay_text(names: str, *, count: int) -> str:
    if count > 1:
        return translate("SystemsSummary", "Não pague na gaveta: {0} devolvem.").format(names)
    return translate("SystemsSummary", "Não pague na gaveta: {0} devolve.").format(names)


def plan_text(plan: Plan) -> tuple[str, str]:
    """A plan as look and sentence."""
    if plan.error is not None:
        reason = impossible_text(plan.error)
        if isinstance(plan.error, ReturnImpossible) and plan.error.obstacle is Obstacle.REASON_NOT_MAPPED:
            reason = translate(
                "SystemsSummary", "o motivo “{0}” não tem código lá. O responsável o liga em Ajustes (F9), Conexões."
            ).format(plan.choice.reason.value)
        if plan.stops:
            text = translate("SystemsSummary", "{0} impede esta devolução: {1}")
        else:
            text = translate("SystemsSummary", "{0} fica de fora: {1}")
        return "legProblem", text.format(plan.connection, reason)
    return "legAmount", leg_sentence(plan.connection, plan.legs)


def leg_sentence(connection: str, legs: Sequence[Leg]) -> str:
    """`Carrefour devolve R$ 49,90 + frete R$ 8,00`, in the currency of the order; `(estimado)` where it is one."""
    currency = legs[0].currency
    shipping = sum((line.shipping + _taxes(line.shipping_taxes) for leg in legs for line in leg.lines), Decimal(0))
    goods = sum((leg.total for leg in legs), Decimal(0)) - shipping
    verb = (
        translate("SystemsSummary", "{0} cancela {1}")
        if all(leg.call in _CANCELS for leg in legs)
        else translate("SystemsSummary", "{0} devolve {1}")
    )
    text = verb.format(connection, format_decimal(goods, currency))
    if shipping:
        text = translate("SystemsSummary", "{0} + frete {1}").format(text, format_decimal(shipping, currency))
    elif any(leg.shipping and leg.is_estimate for leg in legs):
        text = translate("SystemsSummary", "{0} + frete").format(text)
    return translate("SystemsSummary", "{0} (estimado)").format(text) if any(leg.is_estimate for leg in legs) else text


def _taxes(charges: Sequence[Charge]) -> Decimal:
    return sum((charge.amount for charge in charges), Decimal(0))


def points_text(value: Cents) -> str:
    return translate("SystemsSummary", "BonifiQ estorna o valor de {0}").format(format_reais(value))
