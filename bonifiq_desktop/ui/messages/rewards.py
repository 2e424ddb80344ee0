"""User messages for rewards: what they take off, why one cannot be used, and what became of a redemption."""

from decimal import Decimal

from PySide6.QtCore import QLocale

from bonifiq_desktop.domain.connections import OffLine
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.rewards import (
    AvailableRewards,
    CannotUseReason,
    ProductPricing,
    ProductReward,
    Reward,
    RewardKind,
    RewardsNotOffered,
)
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.ledger.errors import CheckoutEnded, CheckoutUnknown
from bonifiq_desktop.ui.messages.formats import joined, points_text
from bonifiq_desktop.ui.messages.message import Message, join_sentences, rejection, translate
from bonifiq_desktop.ui.messages.order_errors import failure_title, quote_bonifiq

NO_LINE = frozenset({FailureReason.NO_CONNECTION, FailureReason.TIMED_OUT, FailureReason.CONNECTION_LOST})


def effect_text(reward: Reward) -> str:
    """What a reward gives, in a few words."""
    match reward.kind:
        case RewardKind.PERCENT:
            return translate("rewards", "{0} % de desconto").format(_number(reward.value))
        case RewardKind.CASHBACK:
            return translate("rewards", "até {0} de cashback").format(format_reais(reward.maximum))
        case RewardKind.PRODUCT if reward.product is not None:
            return _product_text(reward.product)
        case _ if reward.value:
            return translate("rewards", "{0} de desconto").format(format_reais(int(reward.value)))
        case _:
            return translate("rewards", "benefício da loja")


def _product_text(product: ProductReward) -> str:
    name = product.name or product.product_id
    match product.pricing:
        case ProductPricing.FREE:
            return translate("rewards", "1 × {0} de graça").format(name)
        case ProductPricing.FIXED_PRICE:
            return translate("rewards", "1 × {0} por {1}").format(name, format_reais(int(product.value)))
        case ProductPricing.PERCENT:
            return translate("rewards", "1 × {0} com {1} % de desconto").format(name, _number(product.value))
        case _:
            return translate("rewards", "1 × {0} com {1} de desconto").format(name, format_reais(int(product.value)))


def _number(value: Decimal) -> str:
    """`12,5`, in the language's digits."""
    return QLocale().toString(int(value)) if value == int(value) else f"{value.normalize():f}".replace(".", ",")


def conditions_text(reward: Reward) -> str:
    """What a reward costs and demands, in one line; empty where it costs and demands nothing."""
    cost = translate("rewards", "custa {0}").format(points_text(reward.points)) if reward.points else ""
    alone = "" if reward.is_cumulative else translate("rewards", "não vale junto com outro desconto")
    return joined(cost, alone, reward.requirements)


def cannot_use_text(reward: Reward) -> str:
    """Why a reward cannot be used, with BonifiQ's own words about its conditions."""
    texts = {
        CannotUseReason.NOT_ENOUGH_POINTS: translate("rewards", "Faltam pontos."),
        CannotUseReason.MINIMUM_VALUE: translate("rewards", "A compra é menor que o mínimo."),
        CannotUseReason.NO_CASHBACK: translate("rewards", "O cliente não tem cashback."),
        CannotUseReason.NO_CUSTOMER: translate("rewards", "Falta identificar o cliente."),
        CannotUseReason.EXCEEDS_PURCHASE: translate("rewards", "Vale mais que a compra."),
        CannotUseReason.MINIMUM_PERCENT: translate("rewards", "Passa da parte da compra que aceita este benefício."),
        CannotUseReason.NOT_ENROLLED: translate("rewards", "O cliente não participa do programa."),
        CannotUseReason.NOT_CUMULATIVE: translate("rewards", "Não vale junto com outro desconto."),
        CannotUseReason.NO_PRODUCT: translate("rewards", "Falta na compra um produto que dê direito a ele."),
        CannotUseReason.USAGE_LIMIT: translate("rewards", "O cliente já usou este benefício o máximo de vezes."),
        CannotUseReason.NEEDS_CHECKOUT: translate("rewards", "Só vale na loja virtual."),
        CannotUseReason.MISCONFIGURED: translate("rewards", "Falta configurar este benefício no painel do BonifiQ."),
    }
    unnamed = translate("rewards", "Não pode ser usado nesta venda.")
    reason = texts.get(reward.reason, unnamed) if reward.reason is not None else unnamed
    return join_sentences(reason, reward.requirements)


def offer_text(found: AvailableRewards) -> str:
    """The rewards that can be used now, in one line."""
    usable = [reward for reward in found.rewards if reward.can_use]
    if not usable:
        return translate("rewards", "Nenhum benefício pode ser usado nesta venda.")
    cashback = next((reward for reward in usable if reward.kind is RewardKind.CASHBACK), None)
    others = len(usable) - (cashback is not None)
    parts = [effect_text(cashback)] if cashback is not None else []
    if others == 1 and cashback is None:
        parts.append(joined(usable[0].title, effect_text(usable[0])))
    elif others == 1:
        parts.append(translate("rewards", "mais 1 benefício"))
    elif others:
        parts.append(
            translate("rewards", "mais {0} benefícios").format(others)
            if cashback is not None
            else translate("rewards", "{0} benefícios").format(others)
        )
    text = joined(*parts)
    return text[:1].upper() + text[1:]


def restricted_text(found: AvailableRewards) -> str:
    """Which part of the purchase takes no cashback; empty where all of it does."""
    if not found.restricted:
        return ""
    text = translate("rewards", "{0} da compra não aceitam cashback: ele vale sobre {1}.")
    return text.format(format_reais(found.restricted), format_reais(found.eligible))


def not_asked_message(error: Exception | None) -> Message:
    """Why the rewards are not known. The sale without a reward goes on in each case."""
    if isinstance(error, LookupFailed) and error.reason in NO_LINE:
        title = translate("rewards", "Sem conexão: nenhum benefício pode ser usado agora.")
    elif isinstance(error, LookupFailed) and error.reason is not None:
        title = translate("rewards", "Benefícios não consultados. {0}").format(failure_title(error.reason))
    else:
        said = quote_bonifiq(error.message) if isinstance(error, LookupFailed) else ""
        title = join_sentences(translate("rewards", "Os benefícios não puderam ser consultados."), said)
    return Message("warning", title, translate("rewards", "A venda sem benefício segue normalmente."), code="BENEF-15")


def checkout_state(operation: Operation | None) -> tuple[str, str]:
    """The state of a checkout's last operation as (text, tone)."""
    if operation is None:
        return translate("rewards", "Conferindo…"), "neutral"
    is_reversal = operation.kind is Kind.REVERSAL
    if operation.state is State.CONFIRMED and not is_reversal and not operation.external_code:
        return translate("rewards", "Sem código"), "danger"
    return {
        State.QUEUED: (
            translate("rewards", "Desfazendo…") if is_reversal else translate("rewards", "Usando…"),
            "info",
        ),
        State.SENDING: (
            translate("rewards", "Desfazendo…") if is_reversal else translate("rewards", "Usando…"),
            "info",
        ),
        State.UNKNOWN: (translate("rewards", "Sendo confirmado"), "warning"),
        State.REVIEW: (translate("rewards", "Precisa de decisão"), "danger"),
        State.CONFIRMED: (
            translate("rewards", "Desfeito") if is_reversal else translate("rewards", "Confirmado"),
            "neutral" if is_reversal else "success",
        ),
    }.get(operation.state, (translate("rewards", "Não usado"), "neutral"))


def refused_redemption(operation: Operation) -> Message:
    """A redemption came to nothing: the reward was not used, and the sale can be edited."""
    if operation.state is State.REFUSED:
        code, title = "BENEF-05", translate("rewards", "O BonifiQ recusou o benefício.")
    elif operation.failure_reason in NO_LINE:
        code, title = "BENEF-16", translate("rewards", "Sem conexão: o benefício não foi usado.")
    else:
        code, title = "BENEF-07", translate("rewards", "O benefício não foi usado.")
    return Message(
        "warning",
        title,
        join_sentences(quote_bonifiq(operation.message), translate("rewards", "O saldo do cliente não mudou.")),
        translate("rewards", "Escolha outro benefício ou registre a venda sem ele: o total voltou ao de antes."),
        code,
    )


def kept_reward(operation: Operation) -> Message:
    """A reversal came to nothing: the reward stays used."""
    return Message(
        "danger",
        translate("rewards", "O BonifiQ não desfez o benefício: ele continua usado."),
        quote_bonifiq(operation.message),
        translate("rewards", "Registre a venda com ele, ou tente desfazer de novo (F5)."),
        code="BENEF-12",
    )


def unclear_redemption(title: str) -> Message:
    """The sale is to be registered while its redemption is not confirmed."""
    return Message(
        "warning",
        translate("rewards", "O BonifiQ ainda não confirmou o benefício “{0}”.").format(title),
        translate("rewards", "A venda pode ser registrada: ela espera o benefício e segue sozinha."),
        translate("rewards", "Se ele for recusado, a venda fica para o responsável decidir."),
        code="BENEF-02",
    )


def unread_checkout() -> Message:
    return Message(
        "warning",
        translate("rewards", "O benefício desta venda ainda está sendo conferido neste PC."),
        translate("rewards", "Nada foi registrado."),
        translate("rewards", "Espere um instante e registre de novo."),
        code="BENEF-17",
    )


def forgotten_reward(title: str) -> Message:
    """A draft names a reward that the ledger does not know: it was not stored, or an older ledger was restored."""
    return Message(
        "warning",
        translate("rewards", "Este PC não tem registro do benefício desta venda: {0}.").format(title),
        join_sentences(
            translate("rewards", "Se um backup foi restaurado, ele pode já estar usado."),
            translate("rewards", "Com o mesmo cliente e o mesmo valor, ele não é usado duas vezes."),
            translate("rewards", "Outro seria usado além dele."),
        ),
        translate("rewards", "Escolha o mesmo benefício de novo (F5)."),
        code="BENEF-27",
    )


def reward_without_code() -> Message:
    return Message(
        "danger",
        translate("rewards", "O BonifiQ usou o benefício, mas não informou o código dele."),
        translate("rewards", "Sem o código, a venda não pode levar o benefício."),
        translate("rewards", "Desfaça (F5) e use de novo."),
        code="BENEF-04",
    )


def another_product(product_id: str) -> Message:
    return Message(
        "danger",
        translate("rewards", "O BonifiQ deu outro produto: {0}.").format(product_id),
        translate("rewards", "O benefício está sendo desfeito."),
        translate("rewards", "Confira o cadastro do benefício no painel do BonifiQ."),
        code="BENEF-18",
    )


def undoing_message() -> Message:
    return Message(
        "info",
        translate("rewards", "Desfazendo o benefício…"),
        translate("rewards", "A venda pode ser mudada assim que o BonifiQ confirmar."),
        code="BENEF-09",
    )


def undone_message() -> Message:
    return Message(
        "success",
        translate("rewards", "Benefício desfeito: voltou para o cliente."),
        translate("rewards", "A venda pode ser mudada."),
        code="BENEF-11",
    )


def message_for_reward_error(error: Exception) -> Message | None:
    """Convert an error of a command about rewards into a message; None for any other error."""
    match error:
        case OffLine():
            return rejection(
                translate("rewards", "Sem conexão: o benefício não foi usado."),
                translate("rewards", "Registre a venda sem ele, ou use o benefício quando a conexão voltar."),
                "warning",
                code="BENEF-16",
            )
        case RewardsNotOffered():
            return rejection(
                translate("rewards", "O BonifiQ desta loja não oferece benefícios no caixa."),
                translate("rewards", "Registre a venda sem benefício."),
                "warning",
                code="BENEF-19",
            )
        case CheckoutEnded(operation=operation):
            return _ended_checkout(operation)
        case CheckoutUnknown():
            return rejection(
                translate("rewards", "Este caixa não conhece o benefício desta venda."),
                translate("rewards", "Confira no Histórico (F4)."),
                "warning",
                code="BENEF-20",
            )
    return None


def _ended_checkout(operation: Operation) -> Message:
    """What already ended a checkout: its sale, its reversal, or a redemption that no sale can use."""
    if operation.kind is Kind.SALE:
        return rejection(
            translate("rewards", "A venda com este benefício já está registrada."),
            translate("rewards", "O benefício fica com ela. Confira no Histórico (F4)."),
            "warning",
            code="BENEF-21",
        )
    if operation.kind is Kind.REVERSAL:
        return rejection(
            translate("rewards", "O benefício desta venda foi desfeito, ou está sendo."),
            translate("rewards", "Espere terminar e registre a venda sem ele, ou use outro."),
            "warning",
            code="BENEF-22",
        )
    return rejection(
        translate("rewards", "O benefício não pode ir nesta venda."),
        translate("rewards", "Desfaça o benefício (F5) e registre a venda sem ele, ou use de novo."),
        "warning",
        code="BENEF-23",
    )
