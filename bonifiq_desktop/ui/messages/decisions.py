"""Texts of the decisions about an operation in review."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason

translate = QCoreApplication.translate


def decision_text(decision: Decision, operation: Operation) -> str:
    """Return what a decision does, with its risk."""
    match decision:
        case Decision.TRY_AGAIN:
            return _sending_text(operation)
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


def _sending_text(operation: Operation) -> str:
    repeats_lookup = translate("ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver lá, enviar outra vez.")
    first, repeat = {
        Kind.SALE: (
            translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se o número estiver livre."),
            repeats_lookup,
        ),
        Kind.COMPLETION: (
            translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se ainda estiver pendente."),
            translate("ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver concluída, enviar outra vez."),
        ),
        Kind.REFUND: (
            translate("ReviewDialog", "Enviar assim mesmo, com o protocolo deste registro."),
            translate("ReviewDialog", "Tentar de novo com o mesmo protocolo: não devolve duas vezes."),
        ),
        Kind.CANCEL: (
            translate("ReviewDialog", "Enviar assim mesmo, se o pedido ainda não estiver cancelado."),
            repeats_lookup,
        ),
    }[operation.kind]
    return first if operation.review_reason is ReviewReason.ORDER_CHANGED else repeat
