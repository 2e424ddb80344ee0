"""The steps of the first start."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from bonifiq_desktop.domain.connections import Shop, ShopUncertain
from bonifiq_desktop.domain.staff import MAX_NAME, PersonError, Role, read_name, read_pin
from bonifiq_desktop.domain.verdicts import FailureReason, LookupFailed
from bonifiq_desktop.security.credentials import Credentials, KeyStorage
from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.settings.api_keys_picture import ApiKeysPicture
from bonifiq_desktop.ui.settings.appearance_card import LookChoice
from bonifiq_desktop.ui.settings.scanner_test import ScannerTest
from bonifiq_desktop.ui.settings.shop_dialog import ShopDialog
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, limit_length, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import card, label, set_invalid
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings, Outcome, SavePerson, SaveSettings, TestConnection


class Step(QWidget):
    """`done`: the step is over; `saved` carries the settings that were stored; `submitted`: Enter in its last field.

    `busyChanged`: whether an answer is awaited. `message`: stands below the steps.
    """

    done = Signal()
    saved = Signal(object)
    submitted = Signal()
    busyChanged = Signal(bool)

    def __init__(self, client: WorkerClient, name: str, heading: str) -> None:
        super().__init__()
        self._client = client
        self._current: CurrentSettings | None = None
        self.message = Notice(f"{name}Message")
        frame, self.inside = card()
        self.inside.addWidget(label(heading, "section"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        layout.addWidget(frame)
        layout.addStretch(1)

    def use_settings(self, current: CurrentSettings) -> None:
        self._current = current

    @property
    def settings(self) -> Settings:
        return self._current.settings if self._current else Settings()

    def button_text(self) -> str:
        raise NotImplementedError

    def skip_text(self) -> str:
        """The label of the button that goes on without this step; empty where it cannot be left out."""
        return ""

    def take_focus(self) -> None:
        raise NotImplementedError

    def submit(self) -> None:
        raise NotImplementedError


class ConnectStep(Step):
    """Tests the typed credentials by itself and stores them when they work."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(client, "setupConnect", self.tr("Conecte este caixa à sua loja no BonifiQ"))
        self._tested_pair = Credentials("", "")
        self._submit_waits = False  # for the settings in force: their address is tested, and nothing else is saved
        self._token, self._key = text_field("setupToken"), text_field("setupKey")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._plain_file = QCheckBox(self.tr("Guardar a chave num arquivo que só este usuário do computador pode ler"))
        self._plain_file.setObjectName("setupConsent")
        self._plain_file.hide()
        fields = QVBoxLayout()
        for text, field in ((self.tr("2  Token"), self._token), (self.tr("3  Chave"), self._key)):
            caption = label(text, "caption")
            caption.setBuddy(field)
            field.setAccessibleName(text.lstrip("123 "))
            add_all(fields, caption, field)
        fields.addStretch(1)
        beside = QHBoxLayout()
        beside.setSpacing(px(24))
        where = paragraph(self.tr("1  Abra o painel do BonifiQ no navegador, no menu “API Keys”, e copie os dois."))
        beside.addWidget(ApiKeysPicture())
        beside.addLayout(fields, 1)
        self.inside.addWidget(where)
        self.inside.addLayout(beside)
        self.inside.addWidget(self._plain_file)
        for field in (self._token, self._key):
            field.textChanged.connect(self._edited)
        self._token.returnPressed.connect(self._key.setFocus)
        self._key.returnPressed.connect(self.submitted)

    def button_text(self) -> str:
        return self.tr("Testar e conectar")

    def take_focus(self) -> None:
        self._token.setFocus()

    def use_settings(self, current: CurrentSettings) -> None:
        super().use_settings(current)
        self._plain_file.setVisible(not current.keyring_usable)
        waits, self._submit_waits = self._submit_waits, False
        if waits:
            self.submit()

    @Slot()
    def _edited(self) -> None:
        self.message.clear()
        for field in (self._token, self._key):
            set_invalid(field, wrong=False)

    def _credentials(self) -> Credentials | None:
        """The typed pair; None after showing what is missing."""
        token, key = self._token.text().strip(), self._key.text().strip()
        for field, text in ((self._token, token), (self._key, key)):
            set_invalid(field, wrong=not text)
        if token and key:
            return Credentials(token, key)
        self.message.say(
            "info", self.tr("Faltam o token e a chave."), action=self.tr("Copie os dois do painel."), code="CHAVE-01"
        )
        (self._key if token else self._token).setFocus()
        return None

    def submit(self) -> None:
        credentials = self._credentials()
        if credentials is None:
            return
        self.busyChanged.emit(True)
        self.message.say("info", self.tr("Testando a conexão…"), self.tr("O teste não muda nada no BonifiQ."))
        if self._current is None:
            self._submit_waits = True
            return
        self._tested_pair = credentials
        self._client.submit(TestConnection(self.settings.url, credentials), self._tested)

    def _tested(self, outcome: Outcome[None]) -> None:
        if Credentials(self._token.text().strip(), self._key.text().strip()) != self._tested_pair:
            self.busyChanged.emit(False)  # the answer is not about what is typed now
            return
        if outcome.error is None:
            self._save(None)
            return
        self.busyChanged.emit(False)
        error = outcome.error
        if isinstance(error, LookupFailed) and error.reason is FailureReason.CREDENTIALS:
            for field in (self._token, self._key):
                set_invalid(field, wrong=True)
            self.message.say(
                "danger",
                self.tr("Token ou chave errados: o BonifiQ respondeu e não aceitou."),
                self.tr("Nada foi guardado."),
                self.tr("Copie os dois de novo do painel, inteiros."),
                code="REDE-08",
            )
            self._token.setFocus()
        elif isinstance(error, LookupFailed) and error.reason is FailureReason.NO_CONNECTION:
            self.message.say(
                "warning",
                self.tr("Sem internet: o BonifiQ não foi alcançado."),
                self.tr("O token e a chave podem estar certos; nada foi guardado ainda."),
                self.tr("Confira o cabo ou o Wi-Fi e teste de novo."),
                code="REDE-01",
            )
        else:
            self.message.show_error(error)

    def _save(self, shop: Shop | None) -> None:
        credentials = self._credentials()
        if credentials is None:
            self.busyChanged.emit(False)
            return
        command = SaveSettings(self.settings, credentials, self._plain_file.isChecked(), shop)
        self._client.submit_with_approval(command, self._saved, asker=self)

    def _saved(self, outcome: Outcome[CurrentSettings]) -> None:
        self.busyChanged.emit(False)
        if isinstance(outcome.error, ShopUncertain):
            dialog = ShopDialog(self)
            dialog.chosen.connect(self._save)
            dialog.open()
        if outcome.value is None:
            self.message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._tested_pair = Credentials("", "")
        for field in (self._token, self._key):
            field.setText("")  # clear() could be undone
        self.saved.emit(outcome.value)
        self.done.emit()


class TillStep(Step):
    """The till's name, its colours, and a try of the scanner."""

    appearanceChosen = Signal(dict)

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(client, "setupTill", self.tr("Este caixa"))
        self._name = text_field("setupTillName")
        self._name.returnPressed.connect(self.submitted)
        self._look = LookChoice("setupLook")
        self._look.changed.connect(lambda look: self.appearanceChosen.emit({"look": look}))
        about = self.tr(
            "O nome entra no número das vendas: cada caixa da loja tem o seu. Só letras sem acento e números."
        )
        add_all(
            self.inside,
            captions_left((self.tr("Nome do caixa"), self._name), (self.tr("Cores"), self._look)),
            paragraph(about, "muted"),
            label(self.tr("Leitor de código (se houver)"), "section"),
            ScannerTest("setup"),
        )

    def button_text(self) -> str:
        return self.tr("Continuar")

    def take_focus(self) -> None:
        self._name.setFocus()
        self._name.selectAll()

    def use_settings(self, current: CurrentSettings) -> None:
        super().use_settings(current)
        if not self._name.isModified():  # the settings may come while the person types
            self._name.setText(current.settings.till)

    def show_appearance(self, appearance: Appearance) -> None:
        self._look.set_value(appearance.look)

    def submit(self) -> None:
        set_invalid(self._name, wrong=False)
        self.message.clear()
        try:
            settings = replace(self.settings, till=self._name.text()).validated()
        except SettingsError as error:
            set_invalid(self._name, wrong=True)
            self.message.show_error(error)
            self._name.setFocus()
            return
        if settings == self.settings:
            self.done.emit()
            return
        in_file = self._current is not None and self._current.key_storage is KeyStorage.FILE
        self.busyChanged.emit(True)
        command = SaveSettings(settings, None, in_file)
        self._client.submit_with_approval(command, self._saved, asker=self)

    def _saved(self, outcome: Outcome[CurrentSettings]) -> None:
        self.busyChanged.emit(False)
        if outcome.error is not None:
            self.message.show_error(outcome.error)
            return
        self.saved.emit(outcome.value)
        self.done.emit()


class OwnerStep(Step):
    """The owner becomes the first manager of the till."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(client, "setupOwner", self.tr("Quem é o responsável?"))
        self._name = text_field("setupName")
        limit_length(self._name, MAX_NAME)
        self._pin, self._again = PinField("setupPin"), PinField("setupPinAgain")
        self._again.entered.connect(self.submitted)
        self._again.removeEventFilter(EnterChain(self, self._name, self._pin, self._again))
        why = self.tr(
            "Com um responsável, cancelar um pedido inteiro, decidir e mudar ajustes pede o PIN dele. "
            "Os caixas podem ser incluídos depois, em Ajustes (F9)."
        )
        add_all(
            self.inside,
            paragraph(why, "muted"),
            captions_left(
                (self.tr("Nome"), self._name),
                (self.tr("PIN (4 a 8 números)"), self._pin),
                (self.tr("PIN outra vez"), self._again),
            ),
        )

    def button_text(self) -> str:
        return self.tr("Guardar e começar")

    def skip_text(self) -> str:
        return self.tr("Pular")

    def take_focus(self) -> None:
        self._name.setFocus()

    def submit(self) -> None:
        for field in (self._name, self._pin, self._again):
            set_invalid(field, wrong=False)
        try:
            name, pin = read_name(self._name.text()), read_pin(self._pin.text())
        except PersonError as error:
            self._show_field_error(error, self._name if error.field == "name" else self._pin)
            return
        if pin != self._again.text():
            self._show_field_error(PersonError("again"), self._again)
            return
        self.busyChanged.emit(True)
        self._client.submit_with_approval(SavePerson(name, Role.MANAGER, pin), self._answered, asker=self)

    def _show_field_error(self, error: PersonError, field: QLineEdit) -> None:
        set_invalid(field, wrong=True)
        self.message.show_error(error)
        field.setFocus()

    def _answered(self, outcome: Outcome[None]) -> None:
        self.busyChanged.emit(False)
        if outcome.error is not None:
            self.message.show_error(outcome.error)
        else:
            self.done.emit()
