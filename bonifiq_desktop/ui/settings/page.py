"""Set-up by the owner: address, credentials and their test, till, branch, lists, language."""

from dataclasses import replace
from itertools import chain

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from bonifiq_desktop.security.credentials import Credentials, CredentialsTimeout, KeyStorage
from bonifiq_desktop.services.errors import ShopUncertain
from bonifiq_desktop.services.values import Shop
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.messages.errors import message_for_error, message_for_field
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.pc_errors import key_storage_text
from bonifiq_desktop.ui.settings.lists_card import ListsCard
from bonifiq_desktop.ui.settings.privacy_card import PrivacyCard
from bonifiq_desktop.ui.settings.shop_dialog import ShopDialog, message_for_shop_error
from bonifiq_desktop.ui.settings.staff_card import StaffCard
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.settings.updates_card import UpdatesCard
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label, set_invalid
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    CurrentSettings,
    ForgetCredentials,
    Outcome,
    ReadSettings,
    SaveSettings,
    TestConnection,
)

_LANGUAGE_NAMES = {"pt_BR": "Português (Brasil)", "en": "English"}


class SettingsPage(QWidget):
    """Shows the set-up in force; nothing is stored until Save."""

    settingsChanged = Signal(object)
    practiceRequested = Signal()

    def __init__(self, client: WorkerClient, *, training: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._training = training
        self._setup: CurrentSettings | None = None
        self._url = text_field("settingsUrl")
        self._url.textChanged.connect(self._address_edited)
        self._token = text_field("settingsToken")
        self._key = text_field("settingsKey")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._consent = QCheckBox(self.tr("Guardar a chave num arquivo que só este usuário do computador pode ler"))
        self._consent.setObjectName("settingsConsent")
        self._consent.hide()
        self._forget = KeyButton("settingsForget", self.tr("Apagar token e chave"), look="danger")
        self._forget.clicked.connect(self._forget_pair)
        self._forget.hide()
        self._sure = False
        self._account = text_field("settingsAccount")
        self._till = text_field("settingsTill")
        self._branch_id = text_field("settingsBranchId")
        self._branch_name = text_field("settingsBranchName")
        self._lists = ListsCard()
        self._language = combo_box("settingsLanguage", [(_LANGUAGE_NAMES[code], code) for code in LANGUAGES])
        self._paths = combo_box(
            "settingsOrderPaths",
            [(self.tr("Balcão (POS), o normal"), "POS"), (self.tr("Pedidos (Order)"), "Order")],
        )
        self._products = QCheckBox(self.tr("Enviar os itens junto com a devolução"))
        self._products.setObjectName("settingsSendProducts")
        self._trust = QCheckBox(self.tr("Protocolo já usado numa repetição quer dizer que a devolução valeu"))
        self._trust.setObjectName("settingsTrustUsedKey")
        self._privacy = PrivacyCard(client)
        self._updates = UpdatesCard(client, training=training)
        self._test = KeyButton("settingsTest", self.tr("Testar conexão"), "Ctrl+T", has_shortcut=True, tall=True)
        self._test.clicked.connect(self._try_connection)
        self._save = KeyButton(
            "settingsSave", self.tr("Salvar ajustes"), "Ctrl+S", look="main", has_shortcut=True, tall=True
        )
        self._save.clicked.connect(self._store)
        self._practise = KeyButton(
            "settingsPractise", self.tr("Praticar sem valer"), "Ctrl+P", has_shortcut=True, tall=True
        )
        self._practise.clicked.connect(self.practiceRequested)
        self._practise.setVisible(not training)
        self._message = Banner("settingsMessage")
        self._staff = StaffCard(client)
        self._support = SupportCard("settings", client)
        self._arrange()
        EnterChain(
            self, self._url, self._token, self._key, self._till, self._branch_id, self._branch_name, self._language,
            self._privacy.days_field, self._updates.feed_field, self._account, self._paths, self._test,
        )  # fmt: skip

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setObjectName("page")
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.setSpacing(12)
        inside.addWidget(self._connection_card())
        both = QHBoxLayout()
        both.addWidget(self._till_card(), 1)
        both.addWidget(self._lists, 1)
        inside.addLayout(both)
        inside.addWidget(self._staff)
        inside.addWidget(self._privacy)
        inside.addWidget(self._updates)
        inside.addWidget(self._advanced_card())
        inside.addWidget(self._support)
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        buttons = QHBoxLayout()
        buttons.addWidget(self._test)
        buttons.addWidget(self._practise)
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 14)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Ajustes"), "title"))
        layout.addWidget(self._message)
        layout.addWidget(self._updates.notice)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def _connection_card(self) -> QWidget:
        frame, layout = card()
        layout.addWidget(label(self.tr("Conexão com o BonifiQ"), "section"))
        where = self.tr("O token e a chave são criados no painel do BonifiQ, menu “API Keys”.")
        layout.addWidget(label(where, "muted"))
        grid = captions_left(
            (self.tr("Endereço"), self._url), (self.tr("Token"), self._token), (self.tr("Chave"), self._key)
        )
        layout.addLayout(grid)
        layout.addWidget(self._consent)
        layout.addWidget(self._forget, 0, Qt.AlignmentFlag.AlignRight)
        return frame

    def _till_card(self) -> QWidget:
        frame, layout = card()
        layout.addWidget(label(self.tr("Este caixa"), "section"))
        layout.addLayout(
            captions_left(
                (self.tr("Nome do caixa"), self._till),
                (self.tr("Código da filial"), self._branch_id),
                (self.tr("Nome da filial"), self._branch_name),
                (self.tr("Idioma"), self._language),
            )
        )
        layout.addStretch(1)
        return frame

    def _advanced_card(self) -> QWidget:
        frame, layout = card()
        layout.addWidget(label(self.tr("Avançado: mude só com o suporte"), "section"))
        layout.addLayout(
            captions_left(
                (self.tr("Código da loja (igual em todos os caixas)"), self._account),
                (self.tr("Tipo de chamada nas devoluções"), self._paths),
            )
        )
        layout.addWidget(self._products)
        layout.addWidget(self._trust)
        return frame

    # --- showing

    def load(self) -> None:
        """Ask for the set-up in force."""
        self._client.submit(ReadSettings(), self._loaded)

    def _loaded(self, outcome: Outcome[CurrentSettings]) -> None:
        if outcome.value is not None:
            self._show(outcome.value)
            self.settingsChanged.emit(outcome.value)
        elif outcome.error is not None:
            self._message.show_message(message_for_error(outcome.error))

    def show_message(self, words: Message) -> None:
        """Show a message on this page."""
        self._message.show_message(words)

    def show_welcome(self) -> None:
        """Without a pair in force: say what to do. The address is there already; the token comes first."""
        if self.isVisible():
            self._token.setFocus()
        if self._setup is not None and self._setup.shop_unconfirmed:
            self._message.show_message(message_for_shop_error(ShopUncertain()))
            return
        if self._setup is not None and self._setup.credentials_withheld:
            self._message.show_message(
                Message(
                    "warning",
                    self.tr("O endereço do BonifiQ mudou neste computador."),
                    self.tr("O token e a chave guardados são de outro endereço e não foram enviados a ninguém."),
                    self.tr("Confira o endereço e digite o token e a chave de novo."),
                )
            )
            return
        if self._setup is not None and self._setup.keyring_timed_out:
            self._message.show_message(message_for_error(CredentialsTimeout()))
            return
        self._message.show_message(
            Message(
                "info",
                self.tr("Bem-vindo! Falta conectar este caixa ao BonifiQ."),
                self.tr("Preencha o token e a chave, teste a conexão e salve."),
                self.tr("Ou pratique antes, numa loja de mentira: Ctrl+P."),
            )
        )

    def _show(self, setup: CurrentSettings) -> None:
        self._setup = setup
        settings = setup.settings
        for field, text in (
            (self._url, settings.url),
            (self._account, settings.account),
            (self._till, settings.till),
            (self._branch_id, settings.branch_id),
            (self._branch_name, settings.branch_name),
            (self._updates.feed_field, settings.update_feed),
        ):
            field.setText(text)
        self._empty_pair()
        self._sure = False
        self._forget.setVisible(
            setup.has_key and not self._training and setup.key_storage is not KeyStorage.ENVIRONMENT
        )
        end = self.tr("guardado (…{0}); digite só para trocar").format(setup.token_suffix)
        self._token.setPlaceholderText(end if setup.has_key else "")
        self._key.setPlaceholderText(self.tr("guardada; digite só para trocar") if setup.has_key else "")
        self._privacy.show_days(settings.keep_personal_days)
        self._lists.show_settings(settings)
        self._language.setCurrentIndex(max(0, self._language.findData(settings.language)))
        self._paths.setCurrentIndex(max(0, self._paths.findData(settings.order_paths)))
        self._products.setChecked(settings.send_refund_products)
        self._trust.setChecked(settings.trust_used_key)
        self._staff.show_settings(settings)
        self._consent.setVisible(not setup.keyring_usable and not self._training)
        self._consent.setChecked(setup.key_storage is KeyStorage.FILE)
        for field in (self._url, self._token, self._key):
            field.setEnabled(not self._training)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a window that is minimised may be on its way to the panel with the key
            self._empty_pair()

    @Slot()
    def _address_edited(self) -> None:
        """What was typed for one address never goes to another."""
        if self._token.text() or self._key.text():
            self._empty_pair()
            self._message.show_message(Message("info", self.tr("O endereço mudou: digite o token e a chave de novo.")))

    def _empty_pair(self) -> None:
        for field in (self._token, self._key):
            field.setText("")  # unlike clear(), it cannot be undone

    # --- reading

    def _settings(self) -> Settings:
        base = self._lists.read(self._setup.settings if self._setup else Settings())
        return replace(
            base,
            url=self._url.text(),
            account=self._account.text().strip(),
            till=self._till.text(),
            branch_id=self._branch_id.text().strip(),
            branch_name=self._branch_name.text().strip(),
            language=str(self._language.currentData()),
            order_paths=str(self._paths.currentData()),
            send_refund_products=self._products.isChecked(),
            trust_used_key=self._trust.isChecked(),
            refund_limit=self._staff.refund_limit,
            lock_after=self._staff.lock_after,
            keep_personal_days=self._privacy.days(),
            update_feed=self._updates.feed_field.text(),
        ).checked()

    def _credentials(self) -> Credentials | None:
        """The pair that is typed; None: keep the one in force. Raises SettingsError when only half is there."""
        token, key = self._token.text().strip(), self._key.text().strip()
        if bool(token) != bool(key):
            raise SettingsError("credentials")
        return Credentials(token, key) if token else None

    def _read(self) -> tuple[Settings, Credentials | None] | None:
        fields = {
            "url": [self._url],
            "till": [self._till],
            "credentials": [self._token, self._key],
            "keep_personal_days": [self._privacy.days_field],
            "update_feed": [self._updates.feed_field],
        }
        for widget in chain.from_iterable(fields.values()):
            set_invalid(widget, wrong=False)
        try:
            return self._settings(), self._credentials()
        except SettingsError as error:
            for widget in fields.get(error.field, []):
                set_invalid(widget, wrong=True)
            self._message.show_message(message_for_field(error.field))
            return None

    # --- doing

    @Slot()
    def _try_connection(self) -> None:
        read = self._read()
        if read is not None:
            self._test.setEnabled(False)
            self._message.show_message(Message("info", self.tr("Testando a conexão…")))
            self._client.submit(TestConnection(read[0].url, read[1]), self._tried)

    def _tried(self, outcome: Outcome[None]) -> None:
        self._test.setEnabled(True)
        if outcome.error is not None:
            self._message.show_message(message_for_error(outcome.error))
        else:
            self._message.show_message(
                Message(
                    "success",
                    self.tr("Conexão certa: o BonifiQ aceitou o token e a chave."),
                    self.tr("O teste não muda nada lá."),
                )
            )

    @Slot()
    def _store(self) -> None:
        self._store_for(None)

    def _store_for(self, shop: Shop | None) -> None:
        read = self._read()
        if read is not None:
            self._save.setEnabled(False)
            wish = SaveSettings(read[0], read[1], self._consent.isChecked(), shop)
            self._client.submit_with_approval(wish, self._stored, asker=self)

    def _stored(self, outcome: Outcome[CurrentSettings]) -> None:
        self._save.setEnabled(True)
        if isinstance(outcome.error, ShopUncertain):
            dialog = ShopDialog(self)
            dialog.chosen.connect(self._store_for)
            dialog.open()
        if outcome.error is not None or outcome.value is None:
            self._message.show_message(message_for_error(outcome.error or RuntimeError("no outcome")))
            return
        before, setup = self._setup, outcome.value
        self._show(setup)
        self.settingsChanged.emit(setup)
        to_do = ""
        if before is not None and before.settings.language != setup.settings.language:
            to_do = self.tr("O idioma muda quando o programa for aberto de novo.")
        tone = "warning" if setup.credentials_withheld else "success"
        self._message.show_message(Message(tone, self.tr("Ajustes salvos."), key_storage_text(setup), to_do))

    @Slot()
    def _forget_pair(self) -> None:
        if not self._sure:
            self._sure = True
            self._message.show_message(
                Message(
                    "warning",
                    self.tr("Apagar o token e a chave deste caixa?"),
                    self.tr("O que está na fila fica guardado e espera por outro par."),
                    self.tr("Para apagar, aperte o botão outra vez."),
                )
            )
            return
        self._forget.setEnabled(False)
        self._client.submit_with_approval(ForgetCredentials(), self._forgotten, asker=self)

    def _forgotten(self, outcome: Outcome[CurrentSettings]) -> None:
        self._forget.setEnabled(True)
        if outcome.value is None:
            self._message.show_message(message_for_error(outcome.error or RuntimeError("no outcome")))
            return
        self._show(outcome.value)
        self.settingsChanged.emit(outcome.value)
        self._message.show_message(Message("success", self.tr("O token e a chave foram apagados deste computador.")))
