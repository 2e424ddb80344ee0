"""The words for what is wrong with the PC under the program."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.security.credentials import CredentialsError, CredentialsTimeout, KeyStorage
from bonifiq_desktop.services.clock_check import ClockDoubt
from bonifiq_desktop.services.errors import ClockDoubted
from bonifiq_desktop.storage.files import InsideDataFolder
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.messages.message import Message, nothing_registered
from bonifiq_desktop.worker.commands import CurrentSettings

translate = QCoreApplication.translate


def message_for_clock_doubt(doubt: ClockDoubt) -> Message:
    """The words for a clock of this PC that is wrong, where something is to carry its date."""
    title = (
        translate("words", "O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.")
        if doubt.server_time
        else translate("words", "O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.")
    )
    return Message(
        "warning",
        title.format(date_and_time(doubt.pc_time), date_and_time(doubt.server_time or doubt.not_before)),
        nothing_registered(),
        translate("words", "Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo."),
    )


def message_for_pc_error(error: Exception) -> Message:
    """User messages for errors of this PC: its clock, its keyring, its disk."""
    match error:
        case ClockDoubted(doubt=doubt):
            return message_for_clock_doubt(doubt)
        case CredentialsTimeout():
            return Message(
                "danger",
                translate("words", "O cofre de senhas deste computador não responde."),
                nothing_registered(),
                translate(
                    "words", "Feche o programa e abra de novo; se continuar, digite o token e a chave em Ajustes (F9)."
                ),
            )
        case CredentialsError():
            return Message(
                "danger",
                translate("words", "A chave do BonifiQ guardada neste PC não pôde ser lida."),
                nothing_registered(),
                translate("words", "Digite o token e a chave de novo em Ajustes (F9)."),
            )
        case InsideDataFolder():
            return Message(
                "danger",
                translate("words", "Escolha outra pasta: esta é a do próprio programa."),
                translate("words", "Nada foi salvo."),
            )
        case _:
            return Message(
                "danger",
                translate("words", "Não foi possível gravar neste PC."),
                nothing_registered(),
                translate("words", "Veja se o disco está cheio ou protegido e tente de novo."),
            )


def key_storage_text(setup: CurrentSettings) -> str:
    """Where the key is kept, and for how long."""
    match setup.key_storage:
        case KeyStorage.KEYRING:
            return translate("SettingsPage", "A chave está guardada no cofre de senhas deste computador.")
        case KeyStorage.FILE:
            return translate("SettingsPage", "A chave está num arquivo que só este usuário do computador pode ler.")
        case KeyStorage.MEMORY if setup.keyring_timed_out:
            return translate(
                "SettingsPage",
                "O cofre de senhas deste computador não responde: a chave vale até fechar o programa. "
                "Marque a opção abaixo da chave para guardá-la num arquivo.",
            )
        case KeyStorage.MEMORY:
            return translate(
                "SettingsPage",
                "Este computador não tem cofre de senhas: a chave vale até fechar o programa. "
                "Marque a opção abaixo da chave para guardá-la num arquivo.",
            )
        case KeyStorage.ENVIRONMENT:
            return translate(
                "SettingsPage", "O token e a chave vêm da configuração deste computador e valem no lugar dos digitados."
            )
        case None if setup.credentials_withheld:
            return translate(
                "SettingsPage", "O endereço mudou: digite o token e a chave dele. Os de antes não valem mais aqui."
            )
        case None:
            return ""
