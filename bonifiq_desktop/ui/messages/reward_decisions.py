"""User messages for decisions about a redemption, its reversal, and a sale whose reward was not redeemed."""

from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason
from bonifiq_desktop.domain.recommendations import Because
from bonifiq_desktop.ui.messages.message import translate


def reward_decision(decision: Decision, operation: Operation) -> tuple[str, str] | None:
    """Title and effect of a decision that is about a reward; None for every other one."""
    if operation.review_reason is ReviewReason.REWARD_NOT_REDEEMED:
        return _about_sale(decision)
    match operation.kind:
        case Kind.REDEMPTION:
            return _about_redemption(decision)
        case Kind.REVERSAL:
            return _about_reversal(decision)
        case _:
            return None


def _about_sale(decision: Decision) -> tuple[str, str] | None:
    return {
        Decision.TRY_AGAIN: (
            translate("ReviewPage", "Enviar sem o benefício"),
            translate(
                "ReviewPage",
                "Confere o número no BonifiQ e envia a venda pelo valor que o cliente pagou; a loja dá o desconto.",
            ),
        ),
        Decision.NOT_DONE: (
            translate("ReviewPage", "A venda não aconteceu"),
            translate("ReviewPage", "Fecha sem enviar nada: o cliente não ganha os pontos desta venda."),
        ),
    }.get(decision)


def _about_redemption(decision: Decision) -> tuple[str, str] | None:
    return {
        Decision.TRY_AGAIN: (
            translate("ReviewPage", "Tentar de novo"),
            translate("ReviewPage", "Envia com o mesmo protocolo: o BonifiQ não usa o benefício duas vezes."),
        ),
        Decision.WAS_DONE: (
            translate("ReviewPage", "Foi usado"),
            translate(
                "ReviewPage", "Fecha como usado. Sem o código do BonifiQ ele não entra na venda; só dá para desfazê-lo."
            ),
        ),
        Decision.NOT_DONE: (
            translate("ReviewPage", "Não foi usado, e não será"),
            translate(
                "ReviewPage", "Fecha sem enviar nada. Se uma venda espera por ele, ela precisa de outra decisão."
            ),
        ),
    }.get(decision)


def _about_reversal(decision: Decision) -> tuple[str, str] | None:
    return {
        Decision.TRY_AGAIN: (
            translate("ReviewPage", "Tentar de novo"),
            translate("ReviewPage", "Pede de novo ao BonifiQ que desfaça este benefício, e nenhum outro."),
        ),
        Decision.WAS_DONE: (
            translate("ReviewPage", "Já foi desfeito"),
            translate("ReviewPage", "Fecha como desfeito: o painel do BonifiQ mostra isso. Nada é enviado."),
        ),
        Decision.NOT_DONE: (
            translate("ReviewPage", "Não foi desfeito"),
            translate("ReviewPage", "Fecha sem enviar nada: ele continua usado, e aparece em Consultar (F2)."),
        ),
    }.get(decision)


def reward_recommendation(because: Because, kind: Kind) -> str:
    """Why a decision about a redemption or a reversal is recommended, or why none is."""
    match because:
        case Because.KEY_IS_SPENT:
            return translate("ReviewPage", "o protocolo já foi usado, e só este benefício o tem")
        case Because.SAME_KEY if kind is Kind.REVERSAL:
            return translate("ReviewPage", "pedir de novo é seguro: só este benefício é desfeito")
        case Because.SAME_KEY:
            return translate("ReviewPage", "repetir com o mesmo protocolo é seguro")
        case _:
            return translate("ReviewPage", "Confira o saldo do cliente no painel do BonifiQ antes de decidir.")
