"""User messages for the stored credentials: where the key is, and what a till without credentials needs."""

from bonifiq_desktop.domain.connections import ShopUncertain
from bonifiq_desktop.security.credentials import CredentialsTimeout, KeyStorage
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message, translate
from bonifiq_desktop.worker.commands import CurrentSettings


def key_storage_text(current: CurrentSettings) -> str:
    match current.key_storage:
        case KeyStorage.KEYRING:
            return translate("SettingsPage", "A chave está guardada no cofre de senhas deste computador.")
        case KeyStorage.FILE:
            return translate("SettingsPage", "A chave está num arquivo que só este usuário do computador pode ler.")
        case KeyStorage.MEMORY if current.keyring_timed_out:
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
        case None if current.credentials_withheld:
            return translate(
                "SettingsPage", "O endereço mudou: digite o token e a chave dele. Os de antes não valem mais aqui."
            )
    return ""


def message_for_missing_credentials(current: CurrentSettings) -> Message:
    if current.shop_unconfirmed:
        return message_for_error(ShopUncertain())
    if current.credentials_withheld:
        return Message(
            "warning",
            translate("SettingsPage", "O endereço do BonifiQ mudou neste computador."),
            translate(
                "SettingsPage", "O token e a chave guardados são de outro endereço e não foram enviados a ninguém."
            ),
            translate("SettingsPage", "Confira o endereço e digite o token e a chave de novo."),
            code="CHAVE-07",
        )
    return message_for_error(CredentialsTimeout())
