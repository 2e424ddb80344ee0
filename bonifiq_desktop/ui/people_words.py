"""The words for a PIN, a permit or a name that does not do."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.domain.people import PersonError
from bonifiq_desktop.services.errors import LastManager, ManagerNeeded, PinLocked, PinWrong, ProofWrong, SignInNeeded
from bonifiq_desktop.ui.message import Words, nothing_moved

translate = QCoreApplication.translate


def of_people(error: Exception) -> Words:
    """The words for one of these errors; raises any other one."""
    match error:
        case ManagerNeeded(managers=()):
            return Words(
                "danger",
                translate(
                    "words", "Só o responsável pode fazer isso, e a lista de pessoas deste caixa não pode ser lida."
                ),
                nothing_moved(),
                translate("people_words", "O dono resolve em Ajustes (F9), “Esqueci o PIN”."),
            )
        case ManagerNeeded():
            return Words(
                "warning",
                translate("people_words", "Só o responsável pode fazer isso."),
                nothing_moved(),
                translate("people_words", "Chame o responsável e tente de novo."),
            )
        case SignInNeeded():
            return Words(
                "warning",
                translate("people_words", "Ninguém entrou no caixa."),
                nothing_moved(),
                translate("people_words", "Entre com nome e PIN e tente de novo."),
            )
        case PinWrong(left=None):  # nobody of that name: there is no PIN to wait for
            return Words(
                "danger",
                translate("people_words", "O PIN não confere."),
                nothing_moved(),
                translate("people_words", "Confira o nome e tente de novo."),
            )
        case PinWrong(left=left, person=person):
            wrong = translate("people_words", "O PIN não confere.")
            tries = translate("people_words", "Tentativas que restam antes de esperar: {0}.").format(left)
            to_do = tries if left else translate("people_words", "Agora é preciso esperar antes de tentar de novo.")
            return Words("danger", _of(person, wrong), nothing_moved(), to_do)
        case PinLocked(wait=wait, person=person):
            locked = translate("people_words", "Este PIN foi digitado errado vezes demais.")
            minutes = translate("people_words", "Espere {0} min com o programa aberto.").format((wait + 59) // 60)
            return Words(
                "danger",
                _of(person, locked),
                nothing_moved(),
                minutes,
            )
        case LastManager():
            return Words(
                "danger",
                translate("people_words", "É o último responsável da lista."),
                translate("people_words", "Nada mudou."),
                translate("people_words", "Inclua antes outro responsável, ou tire antes os caixas."),
            )
        case ProofWrong():
            return Words(
                "danger",
                translate("people_words", "O token e a chave não são os deste caixa."),
                translate("people_words", "Nada mudou."),
                translate("people_words", "Confira os dois no painel do BonifiQ e tente de novo."),
            )
        case PersonError(field=field):
            return _person(field)
        case _:
            raise error


def _of(person: str, sentence: str) -> str:
    """A sentence about a PIN that says whose PIN it is."""
    return f"{person}: {sentence[:1].lower()}{sentence[1:]}" if person else sentence


def _person(field: str) -> Words:
    titles = {
        "name": translate("people_words", "Falta o nome, ou ele é longo demais."),
        "again": translate("people_words", "Os dois PINs não são iguais."),
        "role": translate("people_words", "A primeira pessoa da lista precisa ser um responsável."),
    }
    weak = translate("people_words", "O PIN precisa de 4 a 8 números, nem todos iguais nem em sequência.")
    to_do = translate("people_words", "Corrija e tente de novo.")
    return Words("danger", titles.get(field, weak), translate("people_words", "Nada mudou."), to_do)
