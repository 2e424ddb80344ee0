"""Settings page: a list of sections, one of them shown, each saved by itself."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from bonifiq_desktop.domain.connections import Shop, ShopUncertain
from bonifiq_desktop.security.credentials import Credentials, KeyStorage
from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.setup import key_storage_text, message_for_missing_credentials
from bonifiq_desktop.ui.printing.job_list import JobList
from bonifiq_desktop.ui.settings.appearance_card import AppearanceCard
from bonifiq_desktop.ui.settings.connection_card import ConnectionCard
from bonifiq_desktop.ui.settings.connections_card import ConnectionsCard
from bonifiq_desktop.ui.settings.printer_card import PrinterCard
from bonifiq_desktop.ui.settings.scanner_test import ScannerCard
from bonifiq_desktop.ui.settings.section_list import Section, SectionList, SectionPage
from bonifiq_desktop.ui.settings.shop_database_card import ShopDatabaseCard
from bonifiq_desktop.ui.settings.shop_dialog import ShopDialog
from bonifiq_desktop.ui.settings.simple_cards import AdvancedCard, ListsCard, PrivacyCard, TillCard, UpdatesCard
from bonifiq_desktop.ui.settings.staff_card import StaffCard
from bonifiq_desktop.ui.settings.support_card import SupportCard
from bonifiq_desktop.ui.settings.update_notice import UpdateNotice
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    CurrentSettings,
    ForgetCredentials,
    Outcome,
    ReadSettings,
    SaveSettings,
    TestConnection,
)

_MAX_WIDTH = 800


class SettingsPage(QWidget):
    """Shows the settings in force; stores nothing until Save, which stores the section that is shown.

    `appearanceChosen` carries changes of the appearance, which are in force at once.
    """

    settingsChanged = Signal(object)
    practiceRequested = Signal()
    appearanceChosen = Signal(dict)

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__()
        self._client = client
        self._training = training
        self._current: CurrentSettings | None = None
        self._after_load: Callable[[], None] | None = None
        self._saved_page: SectionPage | None = None
        self._test_id = 0
        self._shown_appearance: Appearance | None = None
        self._connection = ConnectionCard(training=training)
        self._connection.forget_button.clicked.connect(self._forget_credentials)
        self._connection.credentialsDiscarded.connect(self._ask_for_credentials_again)
        self._others = ConnectionsCard(client)
        self._appearance: AppearanceCard | None = None
        self._shop: ShopDatabaseCard | None = None
        self._message = Notice("settingsMessage")
        self._second_press = SecondPress(self._message)
        self._sections = self._make_sections()
        self._pages: dict[str, SectionPage] = {}
        self._list = SectionList(self._sections)
        self._list.chosen.connect(self._section_chosen)
        self._list.entered.connect(self._focus_section)
        self._stack = QStackedWidget()
        self._test = ActionButton(
            "settingsTest", self.tr("Testar conexão"), "Ctrl+T", self._test_connection, has_shortcut=True, tall=True
        )
        self._practise = ActionButton(
            "settingsPractise",
            self.tr("Praticar sem valer"),
            "Ctrl+P",
            self.practiceRequested,
            has_shortcut=True,
            tall=True,
        )
        self._save = ActionButton(
            "settingsSave",
            self.tr("Salvar"),
            "Ctrl+S",
            self._save_settings,
            look="primary",
            has_shortcut=True,
            tall=True,
        )
        self._arrange()
        self.show_section("connections")

    def _make_sections(self) -> dict[str, Section]:
        client = self._client
        sections = (
            Section("connections", "plug", self.tr("Conexões"), lambda: [self._connection, self._others]),
            Section("till", "store", self.tr("Este caixa"), lambda: [TillCard()]),
            Section("shop", "shop", self.tr("Banco da loja"), self._make_shop),
            Section("people", "people", self.tr("Pessoas"), lambda: [StaffCard(client)]),
            Section("lists", "list", self.tr("Listas"), lambda: [ListsCard()]),
            Section("scanner", "scan", self.tr("Leitor"), lambda: [ScannerCard()]),
            Section("printer", "print", self.tr("Impressora"), lambda: [PrinterCard(client), JobList(client)]),
            Section("appearance", "sun", self.tr("Aparência"), self._make_appearance),
            Section("privacy", "shield", self.tr("Privacidade"), lambda: [PrivacyCard(client)]),
            Section("advanced", "tools", self.tr("Avançado"), self._make_advanced),
        )
        return {section.name: section for section in sections}

    def _make_shop(self) -> list[QWidget]:
        self._shop = ShopDatabaseCard(self._client, training=self._training)
        if self._current is not None:
            self._shop.set_keyring_usable(usable=self._current.keyring_usable)
        self._shop.changed.connect(self.load)
        return [self._shop]

    def _make_appearance(self) -> list[QWidget]:
        self._appearance = AppearanceCard()
        self._appearance.chosen.connect(self.appearanceChosen)
        if self._shown_appearance is not None:
            self._appearance.show_appearance(self._shown_appearance)
        return [self._appearance]

    def _make_advanced(self) -> list[QWidget]:
        updates = UpdatesCard(self._client, training=self._training)
        return [AdvancedCard(), updates, SupportCard("settings", self._client)]

    def _arrange(self) -> None:
        column = QWidget()
        column.setMaximumWidth(px(_MAX_WIDTH))
        right = lay_out(column, spacing=px(12))
        for part in (self._message, UpdateNotice(self._client)):
            right.addWidget(part)
        right.addWidget(self._stack, 1)
        right.addLayout(button_row(self._test, self._practise, right=(self._save,)))
        body = QHBoxLayout()
        body.setSpacing(px(16))
        body.addWidget(self._list)
        body.addWidget(column, 100)
        body.addStretch(1)
        margins = (px(24), px(16), px(24), px(12))
        layout = lay_out(self, label(self.tr("Ajustes"), "title"), margins=margins, spacing=px(12))
        layout.addLayout(body, 1)

    # --- sections

    def _page(self, name: str) -> SectionPage:
        """The page of a section, made now if it is shown for the first time."""
        if name not in self._pages:
            page = self._pages[name] = SectionPage(self._sections[name])
            self._stack.addWidget(page)
            fields = [field for card in page.cards for field in card.enter_chain]
            EnterChain(self, *fields, self._test if name == "connections" else self._save)
            for card in page.cards:
                if self._current is not None:
                    card.show_settings(self._current)
                # A field that changes shows its section: a screen reader, too, may set a field that is out of sight.
                card.edited.connect(partial(self._edited, page))
        return self._pages[name]

    def show_section(self, name: str) -> None:
        if self._list.current() != name:
            self._list.choose(name)
        self._section_chosen(name)

    @Slot(str)
    def _section_chosen(self, name: str) -> None:
        page = self._page(name)
        if page is not self._stack.currentWidget():
            self._message.clear()
            self._stack.setCurrentWidget(page)
        self._test.setVisible(name == "connections")
        self._practise.setVisible(name == "connections" and not self._training)
        self._save.setVisible(bool(page.cards))

    def _shown_page(self) -> SectionPage:
        return self._page(self._list.current())

    @Slot()
    def _focus_section(self) -> None:
        """Move the focus from the list into the section."""
        page = self._stack.currentWidget()
        widget = page.nextInFocusChain() if page is not None else None
        while page is not None and widget is not None and page.isAncestorOf(widget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                return
            widget = widget.nextInFocusChain()

    def _edited(self, page: SectionPage) -> None:
        if self._connection in page.cards:
            self._forget_test()
        if self._list.current() != page.section.name:
            self.show_section(page.section.name)
        self._mark_unsaved(page)

    def _mark_unsaved(self, page: SectionPage) -> None:
        self._list.mark_unsaved(page.section.name, unsaved=any(card.is_changed() for card in page.cards))

    def open(self) -> None:
        """Show the first section, with the focus in the list."""
        self.show_section("connections")
        self._list.setFocus()

    @Slot(object)
    def show_appearance(self, appearance: Appearance) -> None:
        self._shown_appearance = appearance
        if self._appearance is not None:
            self._appearance.show_appearance(appearance)
        self._list.restyle()

    # --- settings in force

    def load(self) -> None:
        self._client.submit(ReadSettings(), self._loaded)

    def _loaded(self, outcome: Outcome[CurrentSettings]) -> None:
        self._show_outcome(outcome, None)

    def _show_outcome(self, outcome: Outcome[CurrentSettings], saved: SectionPage | None) -> None:
        """Show the settings, except in fields that wait to be saved with another section."""
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        is_first, self._current = self._current is None, outcome.value
        for part in (self._others, self._shop):
            if part is not None:
                part.set_keyring_usable(usable=outcome.value.keyring_usable)
        for page in self._pages.values():
            for card in page.cards:
                if is_first or page is saved or not card.is_changed():
                    card.show_settings(outcome.value)
            self._mark_unsaved(page)
        self.settingsChanged.emit(outcome.value)
        waiting, self._after_load = self._after_load, None
        if waiting is not None:
            waiting()

    def show_welcome(self) -> None:
        """Say what a till without usable credentials needs, and move the focus there."""
        self.show_section("connections")
        if self.isVisible():
            self._connection.focus_token()
        if self._current is not None:
            self._message.show_message(message_for_missing_credentials(self._current))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A minimised window keeps what is typed: the user may be copying the key from BonifiQ's panel.
        if not event.spontaneous():
            self._connection.clear_credentials()

    @Slot()
    def _ask_for_credentials_again(self) -> None:
        self._message.say("info", self.tr("O endereço mudou: digite o token e a chave de novo."))

    # --- reading, testing, saving

    def _read(self, page: SectionPage) -> tuple[Settings, Credentials | None] | None:
        """Read a section's cards; show the error of an invalid field and frame it."""
        fields = {name: widgets for card in page.cards for name, widgets in card.fields.items()}
        for widgets in fields.values():
            for widget in widgets:
                set_invalid(widget, wrong=False)
        settings = self._current.settings if self._current else Settings()
        try:
            for card in page.cards:
                settings = card.apply_to(settings)
            is_connection = self._connection in page.cards
            return settings.validated(), self._connection.credentials() if is_connection else None
        except SettingsError as error:
            for widget in fields.get(error.field, ()):
                set_invalid(widget, wrong=True)
            self._message.show_error(error)
            return None

    @Slot()
    def _test_connection(self) -> None:
        self.show_section("connections")
        if self._current is None:
            self._message.say("info", self.tr("Testando a conexão…"))
            self._after_load = self._test_connection
            return
        read = self._read(self._shown_page())
        if read is not None:
            self._test.setEnabled(False)
            self._message.say("info", self.tr("Testando a conexão…"))
            self._test_id = self._client.submit(TestConnection(read[0].url, read[1]), self._connection_tested)

    def _forget_test(self) -> None:
        """Drop the answer of a test that runs: it would vouch for what is typed now."""
        if self._test_id and self._message.text() == self.tr("Testando a conexão…"):
            self._message.clear()
        self._test_id = 0

    def _connection_tested(self, outcome: Outcome[None]) -> None:
        self._test.setEnabled(True)
        if outcome.request_id != self._test_id:
            return
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        self._message.say(
            "success",
            self.tr("Conexão certa: o BonifiQ aceitou o token e a chave."),
            self.tr("O teste não muda nada lá."),
            code="CHAVE-08",
        )

    @Slot()
    def _save_settings(self) -> None:
        self._save_for_shop(None)

    def _save_for_shop(self, shop: Shop | None) -> None:
        if self._current is None:  # a quick hand, or a program, saves before the settings came
            self._after_load = partial(self._save_for_shop, shop)
            return
        page = self._shown_page()
        read = self._read(page)
        if read is not None:
            self._save.setEnabled(False)
            command = SaveSettings(*read, self._allows_plain_file(page), shop)
            self._saved_page = page
            self._client.submit_with_approval(command, self._saved, asker=self)

    def _allows_plain_file(self, page: SectionPage) -> bool:
        """The consent to a file is the connection section's: another section leaves the key where it is."""
        if self._connection in page.cards or self._current is None:
            return self._connection.allows_plain_file()
        return self._current.key_storage is KeyStorage.FILE

    def _saved(self, outcome: Outcome[CurrentSettings]) -> None:
        self._save.setEnabled(True)
        if isinstance(outcome.error, ShopUncertain):
            dialog = ShopDialog(self)
            dialog.chosen.connect(self._save_for_shop)
            dialog.open()
        before = self._current
        self._show_outcome(outcome, self._saved_page)
        if outcome.value is None:
            return
        current, action = outcome.value, ""
        if before is not None and before.settings.language != current.settings.language:
            action = self.tr("O idioma muda quando o programa for aberto de novo.")
        tone = "warning" if current.credentials_withheld else "success"
        is_connection = self._saved_page is self._page("connections")
        storage = key_storage_text(current) if is_connection else ""
        self._message.say(tone, self.tr("Ajustes salvos."), storage, action)

    @Slot()
    def _forget_credentials(self) -> None:
        question = Message(
            "warning",
            self.tr("Apagar o token e a chave deste caixa?"),
            self.tr("O que está na fila fica guardado e espera por outro par."),
            self.tr("Para apagar, aperte o botão outra vez."),
        )
        if self._second_press.confirms("forget", question):
            self._connection.forget_button.setEnabled(False)
            self._client.submit_with_approval(ForgetCredentials(), self._credentials_forgotten, asker=self)

    def _credentials_forgotten(self, outcome: Outcome[CurrentSettings]) -> None:
        self._connection.forget_button.setEnabled(True)
        self._show_outcome(outcome, self._page("connections"))
        if outcome.value is not None:
            self._message.say("success", self.tr("O token e a chave foram apagados deste computador."), code="CHAVE-09")
