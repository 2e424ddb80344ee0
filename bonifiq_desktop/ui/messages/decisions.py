"""User messages for decisions in review: what each one is called and does, and which one is recommended and why."""

from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason
from bonifiq_desktop.domain.recommendations import Because, Recommendation
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.reward_decisions import reward_decision, reward_recommendation
from bonifiq_desktop.ui.messages.reward_operations import REWARD_KINDS

_NOT_SENT = frozenset({ReviewReason.ORDER_CHANGED, ReviewReason.OTHER_TILL})
"""The reasons of an operation that was not sent yet."""


def decision_title(decision: Decision, operation: Operation) -> str:
    about_reward = reward_decision(decision, operation)
    return about_reward[0] if about_reward else _title(decision, operation)


def decision_effect(decision: Decision, operation: Operation) -> str:
    """What the decision will do."""
    about_reward = reward_decision(decision, operation)
    if about_reward:
        return about_reward[1]
    if decision is Decision.TRY_AGAIN and operation.review_reason is ReviewReason.OTHER_TILL:
        return _sending_text(operation)
    return _effect_elsewhere(decision, operation) if operation.kind is Kind.RETURN else _effect(decision, operation)


def _title(decision: Decision, operation: Operation) -> str:
    match decision:
        case Decision.TRY_AGAIN if operation.review_reason is ReviewReason.MONEY_REFUSED:
            return translate("ReviewPage", "Estornar os pontos")
        case Decision.NOT_DONE if operation.review_reason is ReviewReason.MONEY_REFUSED:
            return translate("ReviewPage", "Manter os pontos")
        case Decision.TRY_AGAIN if operation.review_reason is ReviewReason.NO_TRACE:
            return translate("ReviewPage", "Enviar outra vez")
        case Decision.WAS_DONE if operation.kind is Kind.RETURN:
            return translate("ReviewPage", "Já foi feita: vista no portal")
        case Decision.TRY_AGAIN if operation.review_reason in _NOT_SENT:
            return translate("ReviewPage", "Enviar assim mesmo")
        case Decision.TRY_AGAIN:
            return translate("ReviewPage", "Tentar de novo")
        case Decision.WAS_DONE:
            return translate("ReviewPage", "Já foi feita")
        case Decision.NOT_DONE:
            return translate("ReviewPage", "Não foi feita, e não será")
        case Decision.ANOTHER_RETURN:
            return translate("ReviewPage", "É outra devolução")


def _effect(decision: Decision, operation: Operation) -> str:
    match decision:
        case Decision.TRY_AGAIN if operation.review_reason is ReviewReason.MONEY_REFUSED:
            return translate("ReviewPage", "Envia o estorno ao BonifiQ, embora o dinheiro não tenha saído pelo outro.")
        case Decision.NOT_DONE if operation.review_reason is ReviewReason.MONEY_REFUSED:
            return translate("ReviewPage", "Fecha sem enviar nada: o cliente fica com os pontos.")
        case Decision.TRY_AGAIN:
            return _sending_text(operation)
        case Decision.WAS_DONE:
            return translate("ReviewPage", "Fecha como feita: o BonifiQ já tem esta operação. Nada é enviado.")
        case Decision.NOT_DONE:
            return translate("ReviewPage", "Fecha sem enviar nada, e o pedido fica livre.")
        case Decision.ANOTHER_RETURN if operation.review_reason is ReviewReason.KEY_USED_BEFORE:
            return translate("ReviewPage", "Envia com um protocolo novo, além da devolução que o BonifiQ já tem.")
        case Decision.ANOTHER_RETURN if operation.review_reason is ReviewReason.OTHER_TILL:
            return translate("ReviewPage", "Envia com um protocolo novo, além do que o outro caixa devolveu.")
        case Decision.ANOTHER_RETURN:
            return translate(
                "ReviewPage",
                "Envia com um protocolo novo. Risco: se uma tentativa anterior valeu, os pontos são estornados duas "
                "vezes.",
            )


def _effect_elsewhere(decision: Decision, operation: Operation) -> str:
    """What a decision about a leg of a marketplace or web shop will do."""
    text = {
        Decision.TRY_AGAIN: translate(
            "ReviewPage",
            "Lê os registros de {0} e, sem rastro lá, envia o mesmo pedido outra vez. Risco: se o primeiro ainda "
            "chegar, o dinheiro sai duas vezes.",
        ),
        Decision.WAS_DONE: translate("ReviewPage", "Fecha como feita: {0} já tem esta devolução. Nada é enviado."),
        Decision.NOT_DONE: translate("ReviewPage", "Fecha sem enviar nada a {0}, e o pedido fica livre."),
        Decision.ANOTHER_RETURN: translate("ReviewPage", "Envia a {0} além da devolução que já está lá."),
    }[decision]
    return text.format(operation.connection)


def _sending_text(operation: Operation) -> str:
    repeats_lookup = translate("ReviewPage", "Confere de novo no BonifiQ e, se não estiver lá, envia outra vez.")
    first, repeat = {
        Kind.SALE: (
            translate("ReviewPage", "Confere de novo no BonifiQ e só envia se o número estiver livre."),
            repeats_lookup,
        ),
        Kind.COMPLETION: (
            translate("ReviewPage", "Confere de novo no BonifiQ e só envia se ainda estiver pendente."),
            translate("ReviewPage", "Confere de novo no BonifiQ e, se não estiver concluída, envia outra vez."),
        ),
        Kind.REFUND: (
            translate("ReviewPage", "Envia com o protocolo deste registro."),
            translate("ReviewPage", "Envia com o mesmo protocolo: o BonifiQ não devolve duas vezes."),
        ),
        Kind.RETURN: (
            translate("ReviewPage", "Confere de novo e só envia se ainda couber no pedido."),
            translate("ReviewPage", "Confere de novo e, sem rastro lá, envia outra vez."),
        ),
        Kind.CANCEL: (
            translate("ReviewPage", "Só envia se o pedido ainda não estiver cancelado."),
            repeats_lookup,
        ),
    }[operation.kind]
    return first if operation.review_reason in _NOT_SENT else repeat


def recommendation_text(recommendation: Recommendation, kind: Kind) -> str:
    """Why a decision is recommended, or why none is."""
    if kind in REWARD_KINDS:
        return reward_recommendation(recommendation.because, kind)
    shows, lacks = _seen_in_order(kind)
    return {
        Because.ORDER_SHOWS_IT: shows,
        Because.ORDER_LACKS_IT: lacks,
        Because.ORDER_IS_ANOTHER: translate("ReviewPage", "este número já é de outro pedido no BonifiQ"),
        Because.ORDER_IS_MISSING: translate("ReviewPage", "o BonifiQ não tem este pedido"),
        Because.SAME_KEY: translate("ReviewPage", "repetir com o mesmo protocolo é seguro"),
        Because.STILL_FITS: translate("ReviewPage", "o pedido mudou, mas este valor ainda cabe nele"),
        Because.NO_LONGER_FITS: translate("ReviewPage", "este valor não cabe mais no pedido"),
        Because.ORDER_CANCELLED: translate("ReviewPage", "o pedido inteiro já está cancelado"),
        Because.KEY_IS_SPENT: translate("ReviewPage", "o protocolo já foi usado, e quase sempre por esta devolução"),
        Because.SALE_IS_PAID: translate("ReviewPage", "o cliente já pagou, e o BonifiQ ainda não tem a venda"),
        Because.UNCLEAR: translate(
            "ReviewPage", "Só com isto não dá para recomendar: confira no painel do BonifiQ antes de decidir."
        ),
    }[recommendation.because]


def _seen_in_order(kind: Kind) -> tuple[str, str]:
    """What an order shows when the operation was applied, and when it was not."""
    return {
        Kind.SALE: (
            translate("ReviewPage", "o pedido está no BonifiQ, com este valor"),
            translate("ReviewPage", "o pedido não está no BonifiQ, então enviar não duplica"),
        ),
        Kind.COMPLETION: (
            translate("ReviewPage", "a venda aparece concluída no BonifiQ"),
            translate("ReviewPage", "a venda ainda aparece pendente no BonifiQ"),
        ),
        Kind.CANCEL: (
            translate("ReviewPage", "o pedido aparece cancelado no BonifiQ"),
            translate("ReviewPage", "o pedido não aparece cancelado no BonifiQ"),
        ),
        Kind.RETURN: (
            translate("ReviewPage", "os registros de lá mostram esta devolução"),
            translate("ReviewPage", "os registros de lá não mostram esta devolução"),
        ),
        Kind.REFUND: (translate("ReviewPage", "o total do pedido baixou justamente deste valor"), ""),
    }[kind]
