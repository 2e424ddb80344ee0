"""User messages for access-control errors: missing approval, wrong PIN, invalid person."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.staff import (
    ApprovalNeeded,
    LastManager,
    OwnershipNotProved,
    PersonError,
    PinLocked,
    PinWrong,
    SignInNeeded,
)
from bonifiq_desktop.ui.messages.message import Message, rejection

translate = QCoreApplication.translate


def message_for_access_error(error: Exception) -> Message | None:
    """Convert an access-control error into a message; None for any other error."""
    match error:
        case ApprovalNeeded(managers=()):
            return rejection(
                translate(
                    "errors", "Só o responsável pode fazer isso, e a lista de pessoas deste caixa não pode ser lida."
                ),
                translate("errors", "O dono resolve em Ajustes (F9), “Esqueci o PIN”."),
            )
        case ApprovalNeeded():
            return rejection(
                translate("errors", "Só o responsável pode fazer isso."),
                translate("errors", "Chame o responsável e tente de novo."),
                "warning",
            )
        case SignInNeeded():
            return rejection(
                translate("errors", "Ninguém entrou no caixa."),
                translate("errors", "Entre com nome e PIN e tente de novo."),
                "warning",
            )
        case PinWrong() | PinLocked():
            return _message_for_pin_error(error)
        case LastManager():
            return _nothing_changed(
                translate("errors", "É o último responsável da lista."),
                translate("errors", "Inclua antes outro responsável, ou tire antes os caixas."),
            )
        case OwnershipNotProved():
            return _nothing_changed(
                translate("errors", "O token e a chave não são os deste caixa."),
                translate("errors", "Confira os dois no painel do BonifiQ e tente de novo."),
            )
        case PersonError(field=field):
            return _nothing_changed(_field_title(field), translate("errors", "Corrija e tente de novo."))
    return None


def _nothing_changed(title: str, action: str) -> Message:
    return Message("danger", title, translate("errors", "Nada mudou."), action)


def _message_for_pin_error(error: PinWrong | PinLocked) -> Message:
    if isinstance(error, PinLocked):
        title = translate("errors", "Este PIN foi digitado errado vezes demais.")
        action = translate("errors", "Espere {0} min com o programa aberto.").format((error.wait + 59) // 60)
    else:
        title = translate("errors", "O PIN não confere.")
        match error.attempts_remaining:
            case None:  # the name is not on the list
                action = translate("errors", "Confira o nome e tente de novo.")
            case 0:
                action = translate("errors", "Agora é preciso esperar antes de tentar de novo.")
            case attempts:
                action = translate("errors", "Tentativas que restam antes de esperar: {0}.").format(attempts)
    if error.person:
        title = f"{error.person}: {title[:1].lower()}{title[1:]}"
    return rejection(title, action)


def _field_title(field: str) -> str:
    match field:
        case "name":
            return translate("errors", "Falta o nome, ou ele é longo demais.")
        case "again":
            return translate("errors", "Os dois PINs não são iguais.")
        case "role":
            return translate("errors", "A primeira pessoa da lista precisa ser um responsável.")
    return translate("errors", "O PIN precisa de 4 a 8 números, nem todos iguais nem em sequência.")
