"""Texts of the decisions about an operation in review."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason

translate = QCoreApplication.translate


def decision_text(decision: Decision, operation: Operation) -> str:
    """Return what a decision does, with its risk."""
    match decision:
        case Decision.TRY_AGAIN if operation.review_reason is ReviewReason.ORDER_CHANGED:
            return _first_sending_text(operation.kind)
        case Decision.TRY_AGAIN:
            return _repeat_text(operation.kind)
        case Decision.WAS_DONE:
            return translate("ReviewDialog", "Foi feita: o BonifiQ já tem esta operação. Nada será enviado.")
        case Decision.NOT_DONE:
            return translate("ReviewDialog", "Não foi feita e não será: fechar sem enviar nada.")
        case Decision.ANOTHER_RETURN if operation.review_reason is ReviewReason.KEY_USED_BEFORE:
            return translate(
                "ReviewDialog", "É outra devolução, além da que o BonifiQ já tem: enviar com um protocolo novo."
            )
        case Decision.ANOTHER_RETURN:
            return translate(
                "ReviewDialog",
                "É outra devolução: enviar com um protocolo novo.\nRisco: se uma tentativa anterior valeu, "
                "os pontos são estornados duas vezes.",
            )


def _first_sending_text(kind: Kind) -> str:
    match kind:
        case Kind.SALE:
            return translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se o número estiver livre.")
        case Kind.COMPLETION:
            return translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se ainda estiver pendente.")
        case Kind.REFUND:
            return translate("ReviewDialog", "Enviar assim mesmo, com o protocolo deste registro.")
        case Kind.CANCEL:
            return translate("ReviewDialog", "Enviar assim mesmo, se o pedido ainda não estiver cancelado.")


def _repeat_text(kind: Kind) -> str:
    match kind:
        case Kind.REFUND:
            return translate("ReviewDialog", "Tentar de novo com o mesmo protocolo: não devolve duas vezes.")
        case Kind.COMPLETION:
            return translate(
                "ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver concluída, enviar outra vez."
            )
        case Kind.SALE | Kind.CANCEL:
            return translate("ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver lá, enviar outra vez.")
