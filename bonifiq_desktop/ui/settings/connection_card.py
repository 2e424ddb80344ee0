"""Settings card: BonifiQ's address, and the token and key for it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit

from bonifiq_desktop.security.credentials import Credentials, KeyStorage
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.settings.api_keys_picture import ApiKeysPicture
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, text_field
from bonifiq_desktop.worker.commands import CurrentSettings


class ConnectionCard(SettingsCard):
    """Stored credentials are never shown; typed ones stay until they are saved or the page is left."""

    credentialsDiscarded = Signal()

    def __init__(self, *, training: bool) -> None:
        super().__init__(self.tr("Conexão com o BonifiQ"))
        self._training = training
        self._url = self.bind("url", text_field("settingsUrl"))
        self._token = text_field("settingsToken")
        self._key = text_field("settingsKey")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._stored_in_file = self._was_shown = False
        self._picture = ApiKeysPicture()
        self._plain_file = QCheckBox(self.tr("Guardar a chave num arquivo que só este usuário do computador pode ler"))
        self._plain_file.setObjectName("settingsConsent")
        self._plain_file.hide()
        self.forget_button = ActionButton("settingsForget", self.tr("Apagar token e chave"), look="dangerGhost")
        self.forget_button.hide()
        self.fields["credentials"] = (self._token, self._key)
        for widget in (self._token, self._key, self._plain_file):
            self.watch(widget)
        self.enter_chain = [self._url, self._token, self._key]
        where = self.tr("O token e a chave são criados no painel do BonifiQ, menu “API Keys”.")
        self.inside.addWidget(paragraph(where, "muted"))
        captions = self.tr("Endereço"), self.tr("Token"), self.tr("Chave")
        self.inside.addLayout(captions_left(*zip(captions, self.enter_chain, strict=True)))
        self.inside.addWidget(self._plain_file)
        self.inside.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignRight)
        self.inside.addWidget(self._picture)
        self._url.textChanged.connect(self._address_edited)

    def focus_token(self) -> None:
        """Move the focus to the first field that a new till needs."""
        self._token.setFocus()

    def show_values(self, current: CurrentSettings) -> None:
        """Show the address and the end of the token; clear what was typed, except before the first settings came."""
        if self._was_shown or not self._url.text():
            super().show_values(current)
        if self._was_shown:
            self.clear_credentials()
        self._was_shown = True
        in_environment = current.key_storage is KeyStorage.ENVIRONMENT
        self.forget_button.setVisible(current.has_key and not self._training and not in_environment)
        suffix = self.tr("guardado (…{0}); digite só para trocar").format(current.token_suffix)
        self._token.setPlaceholderText(suffix if current.has_key else "")
        self._key.setPlaceholderText(self.tr("guardada; digite só para trocar") if current.has_key else "")
        self._plain_file.setVisible(not current.keyring_usable and not self._training)
        self._plain_file.setChecked(current.key_storage is KeyStorage.FILE)
        self._stored_in_file = self._plain_file.isChecked()
        self._picture.setVisible(not current.has_key)
        for field in self.enter_chain:
            field.setEnabled(not self._training)

    def is_changed(self) -> bool:
        typed = bool(self._token.text() or self._key.text())
        return typed or self._plain_file.isChecked() is not self._stored_in_file or super().is_changed()

    def credentials(self) -> Credentials | None:
        """Return the typed pair; None keeps the stored one. Raises SettingsError for half a pair."""
        token, key = self._token.text().strip(), self._key.text().strip()
        if bool(token) != bool(key):
            raise SettingsError("credentials")
        return Credentials(token, key) if token else None

    def allows_plain_file(self) -> bool:
        """Return whether the key may be stored in a file that only this user can read."""
        return self._plain_file.isChecked()

    @Slot()
    def _address_edited(self) -> None:
        """Discard the typed pair: credentials for one address are never sent to another."""
        if self._was_shown and (self._token.text() or self._key.text()):
            self.clear_credentials()
            self.credentialsDiscarded.emit()

    def clear_credentials(self) -> None:
        """Empty both fields and their undo history."""
        for field in (self._token, self._key):
            field.setText("")  # clear() could be undone
