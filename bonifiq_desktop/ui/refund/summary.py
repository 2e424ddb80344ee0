"""Right column of a refund: the amount, an estimate of what it takes back, and where the money itself goes back."""

from PySide6.QtWidgets import QLabel, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Kind
from bonifiq_desktop.domain.orders import Customer
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.formats import balance_line, points_text
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.refund.used_reward import UsedRewardNote
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label

_CASH = ("dinheiro", "cash", "espécie")
_CARD = ("cart", "card", "pix", "débito", "debito", "crédito", "credito")


class RefundSummary:
    """Lays out the column in a widget. Object names: `<prefix>Estimate`, `<prefix>Preview`, `<prefix>Money`.

    `reward`: says what happens to a reward that was used. `given_back`: why the drawer must not pay, in place of where
    the money goes back; object name `<prefix>Danger`.
    """

    def __init__(
        self,
        prefix: str,
        found: LookupResult,
        hero: QWidget,
        column: QWidget,
        reward: UsedRewardNote,
        *,
        given_back: str = "",
    ) -> None:
        self._found = found
        self._reward = reward
        caption: QLabel = label(translate("RefundSummary", "A devolver"), "figureName")
        caption.setBuddy(hero)
        self._estimate = paragraph("", "muted", f"{prefix}Estimate")
        self._preview = UntrustedLabel("", f"{prefix}Preview")
        money: QWidget = paragraph(money_back_text(found), "", f"{prefix}Money")
        if given_back:
            money = danger = Notice(f"{prefix}Danger")
        lay_out(column, caption, hero, self._estimate, self._preview, reward, money, spacing=px(8))
        if given_back:
            danger.say("danger", given_back)

    def show_value(self, value: Cents, preview: str, *, whole: bool) -> None:
        self._estimate.setText(estimate_text(self._found, value) if value else "")
        self._preview.setText(preview)
        self._reward.show_whole(whole=whole)


def estimate_text(found: LookupResult, value: Cents) -> str:
    """Points and cashback that go back, as an estimate by what a sale here earned."""
    customer = found.order.customer
    if customer is not None and customer.enrolled is False:
        return translate("RefundSummary", "Cliente fora do programa: não há pontos a estornar.")
    if found.order.pending:
        return translate("RefundSummary", "Venda pendente: ainda não deu pontos nem cashback.")
    if found.earned is None:
        return translate("RefundSummary", "Pontos e cashback: o BonifiQ calcula.")
    share = found.earned.share_of(value)
    parts = [f"−{points_text(share.points)}"] if share.points else []
    if share.cashback:
        parts.append(translate("RefundSummary", "−{0} de cashback").format(format_reais(share.cashback)))
    if not parts:
        return translate("RefundSummary", "≈ nenhum ponto ou cashback (estimativa)")
    return translate("RefundSummary", "≈ {0} (estimativa)").format("  ".join(parts))


def money_back_text(found: LookupResult) -> str:
    """Where the money itself goes back, by the payment of the sale where this till knows it."""
    sale = next((o.order for o in found.operations if o.kind is Kind.SALE and o.order), found.order)
    paid_with = sale.payment_method.casefold()
    if any(word in paid_with for word in _CASH):
        return translate("RefundSummary", "O dinheiro volta na gaveta, não por aqui.")
    if any(word in paid_with for word in _CARD):
        return translate("RefundSummary", "O dinheiro volta na maquininha, não por aqui.")
    return translate("RefundSummary", "O dinheiro volta na maquininha ou na gaveta, não por aqui.")


def balance_text(customer: Customer | None) -> str:
    """The customer's balance as just looked up; empty where it is not answered."""
    balance = balance_line(customer)
    return translate("RefundSummary", "Saldo agora: {0}").format(balance) if balance else ""
