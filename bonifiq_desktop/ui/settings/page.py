"""Settings page: cards by subject, and the buttons that test, save and forget."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QWidget

from bonifiq_desktop.domain.connections import Shop, ShopUncertain
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.messages.setup import key_storage_text, message_for_missing_credentials
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.connection_card import ConnectionCard
from bonifiq_desktop.ui.settings.shop_dialog import ShopDialog
from bonifiq_desktop.ui.settings.simple_cards import AdvancedCard, ListsCard, PrivacyCard, TillCard, UpdatesCard
from bonifiq_desktop.ui.settings.staff_card import StaffCard
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, label, set_invalid
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    CurrentSettings,
    ForgetCredentials,
    Outcome,
    ReadSettings,
    SaveSettings,
    TestConnection,
)


class SettingsPage(QWidget):
    """Shows the settings in force; stores nothing until Save."""

    settingsChanged = Signal(object)
    practiceRequested = Signal()

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__()
        self._client = client
        self._current: CurrentSettings | None = None
        self._forget_pressed_once = False
        self._connection = ConnectionCard(training=training)
        self._connection.forget_button.clicked.connect(self._forget_credentials)
        self._connection.credentialsDiscarded.connect(self._ask_for_credentials_again)
        self._till, self._lists, self._advanced = TillCard(), ListsCard(), AdvancedCard()
        self._staff, self._privacy = StaffCard(client), PrivacyCard(client)
        self._updates = UpdatesCard(client, training=training)
        self._cards: tuple[SettingsCard, ...] = (
            self._connection, self._till, self._lists, self._staff, self._privacy, self._updates, self._advanced,
        )  # fmt: skip
        self._message = Banner("settingsMessage")
        test, save, practise = self.tr("Testar conexão"), self.tr("Salvar ajustes"), self.tr("Praticar sem valer")
        self._test = KeyButton("settingsTest", test, "Ctrl+T", self._test_connection, has_shortcut=True, tall=True)
        self._save = KeyButton(
            "settingsSave", save, "Ctrl+S", self._save_settings, look="main", has_shortcut=True, tall=True
        )
        self._practise = KeyButton(
            "settingsPractise", practise, "Ctrl+P", self.practiceRequested, has_shortcut=True, tall=True
        )
        self._practise.setVisible(not training)
        self._arrange()
        chained = (self._connection, self._till, self._privacy, self._updates, self._advanced)
        EnterChain(self, *(field for card in chained for field in card.enter_chain), self._test)

    def _arrange(self) -> None:
        side_by_side = QHBoxLayout()
        side_by_side.addWidget(self._till, 1)
        side_by_side.addWidget(self._lists, 1)
        inner = QWidget()
        inner.setObjectName("page")
        below = (self._staff, self._privacy, self._updates, self._advanced, SupportCard("settings", self._client))
        lay_out(inner, self._connection, side_by_side, *below, margins=(0, 0, 8, 0), spacing=12).addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        top = (label(self.tr("Ajustes"), "title"), self._message, self._updates.notice)
        layout = lay_out(self, *top, margins=(24, 16, 24, 14), spacing=10)
        layout.addWidget(scroll, 1)
        layout.addLayout(button_row(self._test, self._practise, right=(self._save,)))

    def load(self) -> None:
        self._client.submit(ReadSettings(), self._show_outcome)

    def _show_outcome(self, outcome: Outcome[CurrentSettings]) -> None:
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._current = outcome.value
        self._forget_pressed_once = False
        for card in self._cards:
            card.show_settings(outcome.value)
        self.settingsChanged.emit(outcome.value)

    def show_welcome(self) -> None:
        """Say what a till without credentials needs, and move the focus there."""
        if self.isVisible():
            self._connection.focus_token()
        self._message.show_message(message_for_missing_credentials(self._current))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A minimised window keeps what is typed: the user may be copying the key from BonifiQ's panel.
        if not event.spontaneous():
            self._connection.clear_credentials()

    @Slot()
    def _ask_for_credentials_again(self) -> None:
        self._message.say("info", self.tr("O endereço mudou: digite o token e a chave de novo."))

    def _read(self) -> tuple[Settings, Credentials | None] | None:
        """Read the cards; show the error of an invalid field and frame it."""
        fields = {name: widgets for card in self._cards for name, widgets in card.fields.items()}
        for widgets in fields.values():
            for widget in widgets:
                set_invalid(widget, wrong=False)
        settings = self._current.settings if self._current else Settings()
        try:
            for card in self._cards:
                settings = card.apply_to(settings)
            return settings.validated(), self._connection.credentials()
        except SettingsError as error:
            for widget in fields.get(error.field, ()):
                set_invalid(widget, wrong=True)
            self._message.show_error(error)
            return None

    @Slot()
    def _test_connection(self) -> None:
        read = self._read()
        if read is not None:
            self._test.setEnabled(False)
            self._message.say("info", self.tr("Testando a conexão…"))
            self._client.submit(TestConnection(read[0].url, read[1]), self._connection_tested)

    def _connection_tested(self, outcome: Outcome[None]) -> None:
        self._test.setEnabled(True)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        self._message.say(
            "success",
            self.tr("Conexão certa: o BonifiQ aceitou o token e a chave."),
            self.tr("O teste não muda nada lá."),
        )

    @Slot()
    def _save_settings(self) -> None:
        self._save_for_shop(None)

    def _save_for_shop(self, shop: Shop | None) -> None:
        read = self._read()
        if read is not None:
            self._save.setEnabled(False)
            command = SaveSettings(*read, self._connection.allows_plain_file(), shop)
            self._client.submit_with_approval(command, self._saved, asker=self)

    def _saved(self, outcome: Outcome[CurrentSettings]) -> None:
        self._save.setEnabled(True)
        if isinstance(outcome.error, ShopUncertain):
            dialog = ShopDialog(self)
            dialog.chosen.connect(self._save_for_shop)
            dialog.open()
        before = self._current
        self._show_outcome(outcome)
        if outcome.value is None:
            return
        current, action = outcome.value, ""
        if before is not None and before.settings.language != current.settings.language:
            action = self.tr("O idioma muda quando o programa for aberto de novo.")
        tone = "warning" if current.credentials_withheld else "success"
        self._message.say(tone, self.tr("Ajustes salvos."), key_storage_text(current), action)

    @Slot()
    def _forget_credentials(self) -> None:
        if self._forget_pressed_once:
            self._connection.forget_button.setEnabled(False)
            self._client.submit_with_approval(ForgetCredentials(), self._credentials_forgotten, asker=self)
            return
        self._forget_pressed_once = True
        self._message.say(
            "warning",
            self.tr("Apagar o token e a chave deste caixa?"),
            self.tr("O que está na fila fica guardado e espera por outro par."),
            self.tr("Para apagar, aperte o botão outra vez."),
        )

    def _credentials_forgotten(self, outcome: Outcome[CurrentSettings]) -> None:
        self._connection.forget_button.setEnabled(True)
        self._show_outcome(outcome)
        if outcome.value is not None:
            self._message.say("success", self.tr("O token e a chave foram apagados deste computador."))
