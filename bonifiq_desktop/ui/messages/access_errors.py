"""The words for a PIN, a permit or a name that does not do."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.staff import PersonError
from bonifiq_desktop.services.errors import (
    ApprovalNeeded,
    LastManager,
    OwnershipNotProved,
    PinLocked,
    PinWrong,
    SignInNeeded,
)
from bonifiq_desktop.ui.messages.message import Message, nothing_registered

translate = QCoreApplication.translate


def message_for_access_error(error: Exception) -> Message:
    """The words for one of these errors; raises any other one."""
    match error:
        case ApprovalNeeded(managers=()):
            return Message(
                "danger",
                translate(
                    "words", "Só o responsável pode fazer isso, e a lista de pessoas deste caixa não pode ser lida."
                ),
                nothing_registered(),
                translate("people_words", "O dono resolve em Ajustes (F9), “Esqueci o PIN”."),
            )
        case ApprovalNeeded():
            return Message(
                "warning",
                translate("people_words", "Só o responsável pode fazer isso."),
                nothing_registered(),
                translate("people_words", "Chame o responsável e tente de novo."),
            )
        case SignInNeeded():
            return Message(
                "warning",
                translate("people_words", "Ninguém entrou no caixa."),
                nothing_registered(),
                translate("people_words", "Entre com nome e PIN e tente de novo."),
            )
        case PinWrong(attempts_remaining=None):  # nobody of that name: there is no PIN to wait for
            return Message(
                "danger",
                translate("people_words", "O PIN não confere."),
                nothing_registered(),
                translate("people_words", "Confira o nome e tente de novo."),
            )
        case PinWrong(attempts_remaining=left, person=person):
            wrong = translate("people_words", "O PIN não confere.")
            tries = translate("people_words", "Tentativas que restam antes de esperar: {0}.").format(left)
            to_do = tries if left else translate("people_words", "Agora é preciso esperar antes de tentar de novo.")
            return Message("danger", _with_name(person, wrong), nothing_registered(), to_do)
        case PinLocked(wait=wait, person=person):
            locked = translate("people_words", "Este PIN foi digitado errado vezes demais.")
            minutes = translate("people_words", "Espere {0} min com o programa aberto.").format((wait + 59) // 60)
            return Message(
                "danger",
                _with_name(person, locked),
                nothing_registered(),
                minutes,
            )
        case LastManager():
            return Message(
                "danger",
                translate("people_words", "É o último responsável da lista."),
                translate("people_words", "Nada mudou."),
                translate("people_words", "Inclua antes outro responsável, ou tire antes os caixas."),
            )
        case OwnershipNotProved():
            return Message(
                "danger",
                translate("people_words", "O token e a chave não são os deste caixa."),
                translate("people_words", "Nada mudou."),
                translate("people_words", "Confira os dois no painel do BonifiQ e tente de novo."),
            )
        case PersonError(field=field):
            return _message_for_person_error(field)
        case _:
            raise error


def _with_name(person: str, sentence: str) -> str:
    """A sentence about a PIN that says whose PIN it is."""
    return f"{person}: {sentence[:1].lower()}{sentence[1:]}" if person else sentence


def _message_for_person_error(field: str) -> Message:
    titles = {
        "name": translate("people_words", "Falta o nome, ou ele é longo demais."),
        "again": translate("people_words", "Os dois PINs não são iguais."),
        "role": translate("people_words", "A primeira pessoa da lista precisa ser um responsável."),
    }
    weak = translate("people_words", "O PIN precisa de 4 a 8 números, nem todos iguais nem em sequência.")
    to_do = translate("people_words", "Corrija e tente de novo.")
    return Message("danger", titles.get(field, weak), translate("people_words", "Nada mudou."), to_do)
