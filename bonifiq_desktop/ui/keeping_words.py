"""Words for how the API key is kept on this PC."""

from PySide6.QtCore import QCoreApplication

from bonifiq_desktop.background.commands import Setup
from bonifiq_desktop.config.credentials import Keeping

translate = QCoreApplication.translate


def keeping_text(setup: Setup) -> str:
    """How the key that was just saved is kept, in words."""
    match setup.keeping:
        case Keeping.KEYRING:
            return translate("SettingsPage", "A chave está guardada no cofre de senhas deste computador.")
        case Keeping.FILE:
            return translate("SettingsPage", "A chave está num arquivo que só este usuário do computador pode ler.")
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
