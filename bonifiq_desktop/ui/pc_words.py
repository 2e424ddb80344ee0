"""The words for what is wrong with the PC under the program."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.background.commands import Setup
from bonifiq_desktop.config.credentials import CredentialsError, Keeping, KeyringUnanswered
from bonifiq_desktop.config.files import InsideDataFolder
from bonifiq_desktop.services.clock import ClockDoubt
from bonifiq_desktop.services.errors import ClockDoubted
from bonifiq_desktop.ui.formats import moment
from bonifiq_desktop.ui.message import Words, nothing_moved

translate = QCoreApplication.translate


def clock_words(doubt: ClockDoubt) -> Words:
    """The words for a clock of this PC that is wrong, where something is to carry its date."""
    title = (
        translate("words", "O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.")
        if doubt.right
        else translate("words", "O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.")
    )
    return Words(
        "warning",
        title.format(moment(doubt.pc), moment(doubt.right or doubt.after)),
        nothing_moved(),
        translate("words", "Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo."),
    )


def of_pc(error: Exception) -> Words:
    """User messages for errors of this PC: its clock, its keyring, its disk."""
    match error:
        case ClockDoubted(doubt=doubt):
            return clock_words(doubt)
        case KeyringUnanswered():
            return Words(
                "danger",
                translate("words", "O cofre de senhas deste computador não responde."),
                nothing_moved(),
                translate(
                    "words", "Feche o programa e abra de novo; se continuar, digite o token e a chave em Ajustes (F9)."
                ),
            )
        case CredentialsError():
            return Words(
                "danger",
                translate("words", "A chave do BonifiQ guardada neste PC não pôde ser lida."),
                nothing_moved(),
                translate("words", "Digite o token e a chave de novo em Ajustes (F9)."),
            )
        case InsideDataFolder():
            return Words(
                "danger",
                translate("words", "Escolha outra pasta: esta é a do próprio programa."),
                translate("words", "Nada foi salvo."),
            )
        case _:
            return Words(
                "danger",
                translate("words", "Não foi possível gravar neste PC."),
                nothing_moved(),
                translate("words", "Veja se o disco está cheio ou protegido e tente de novo."),
            )


def keeping_text(setup: Setup) -> str:
    """Where the key is kept, and for how long."""
    match setup.keeping:
        case Keeping.KEYRING:
            return translate("SettingsPage", "A chave está guardada no cofre de senhas deste computador.")
        case Keeping.FILE:
            return translate("SettingsPage", "A chave está num arquivo que só este usuário do computador pode ler.")
        case Keeping.THIS_RUN if setup.keyring_silent:
            return translate(
                "SettingsPage",
                "O cofre de senhas deste computador não responde: a chave vale até fechar o programa. "
                "Marque a opção abaixo da chave para guardá-la num arquivo.",
            )
        case Keeping.THIS_RUN:
            return translate(
                "SettingsPage",
                "Este computador não tem cofre de senhas: a chave vale até fechar o programa. "
                "Marque a opção abaixo da chave para guardá-la num arquivo.",
            )
        case Keeping.ENVIRONMENT:
            return translate(
                "SettingsPage", "O token e a chave vêm da configuração deste computador e valem no lugar dos digitados."
            )
        case None if setup.asks_again:
            return translate(
                "SettingsPage", "O endereço mudou: digite o token e a chave dele. Os de antes não valem mais aqui."
            )
        case None:
            return ""
