"""User messages for errors of this PC: clock, keyring, disk."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.security.credentials import CredentialsError, CredentialsTimeout
from bonifiq_desktop.services.clock_check import ClockDoubt, ClockDoubted
from bonifiq_desktop.services.installed_versions import VersionNotUsable
from bonifiq_desktop.storage.files import InsideDataFolder
from bonifiq_desktop.ui.messages.formats import date_and_time
from bonifiq_desktop.ui.messages.message import Message, rejection

translate = QCoreApplication.translate


def clock_title(doubt: ClockDoubt) -> str:
    """Return the sentence that compares this PC's clock with BonifiQ's, or with a date that has passed."""
    title = (
        translate("errors", "O relógio deste PC está errado: marca {0}, e no BonifiQ são {1}.")
        if doubt.server_time
        else translate("errors", "O relógio deste PC parece errado: marca {0}, antes de {1}, que já passou.")
    )
    return title.format(date_and_time(doubt.pc_time), date_and_time(doubt.server_time or doubt.not_before))


def message_for_pc_error(error: Exception) -> Message | None:
    """Convert an error of this PC into a message; None for any other error."""
    match error:
        case ClockDoubted(doubt=doubt):
            return rejection(
                clock_title(doubt),
                translate(
                    "errors", "Acerte a data e a hora do computador e registre de novo, ou registre assim mesmo."
                ),
                "warning",
            )
        case VersionNotUsable():
            return Message(
                "warning",
                translate("errors", "A outra versão do programa não está mais aqui, ou não lê o histórico de agora."),
                translate("errors", "Nada mudou."),
                translate("errors", "Chame o suporte se esta versão não servir."),
            )
        case CredentialsTimeout():
            return rejection(
                translate("errors", "O cofre de senhas deste computador não responde."),
                translate(
                    "errors", "Feche o programa e abra de novo; se continuar, digite o token e a chave em Ajustes (F9)."
                ),
            )
        case CredentialsError():
            return rejection(
                translate("errors", "A chave do BonifiQ guardada neste PC não pôde ser lida."),
                translate("errors", "Digite o token e a chave de novo em Ajustes (F9)."),
            )
        case InsideDataFolder():
            return Message(
                "danger",
                translate("errors", "Escolha outra pasta: esta é a do próprio programa."),
                translate("errors", "Nada foi salvo."),
            )
        case OSError():
            return rejection(
                translate("errors", "Não foi possível gravar neste PC."),
                translate("errors", "Veja se o disco está cheio ou protegido e tente de novo."),
            )
    return None
