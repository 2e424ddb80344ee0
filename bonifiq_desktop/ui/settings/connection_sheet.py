"""Sheet of one connection to a marketplace or web shop: address, secret, what it may do, and its reasons."""

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QWidget

from bonifiq_desktop.domain.returns import AKINON, MIRAKL, RemoteAccount, RemoteReason
from bonifiq_desktop.storage.remote_settings import MAX_NAME, Learnable, RemoteSettings
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.settings.reason_map import ReasonMap
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, limited_text_field, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import (
    ConnectionInfo,
    FetchReasons,
    Outcome,
    SaveConnection,
    TestRemoteConnection,
)

_WIDTH = 820


class ConnectionSheet(Sheet):
    """`info`: the connection to change; None adds one. `saved` carries all connections as they are now."""

    saved = Signal(object)

    def __init__(
        self, client: WorkerClient, info: ConnectionInfo | None, parent: QWidget, *, keyring_usable: bool
    ) -> None:
        heading = self.tr("Mudar {0}").format(info.settings.name) if info else self.tr("Nova conexão")
        super().__init__(parent, "connectionSheet", heading, _WIDTH)
        self._client = client
        self._info = info
        self._test_id = 0
        self._before = info.settings if info else RemoteSettings("", MIRAKL, "")
        self._system = Choice("connectionSystem", [(MIRAKL, "Mirakl"), (AKINON, "Akinon")])
        self._system.setAccessibleName(self.tr("Sistema"))
        self._name = limited_text_field("connectionName", max_length=MAX_NAME, hint=self.tr("Como o balcão a chama"))
        self._url = text_field("connectionUrl")
        self._user = text_field("connectionUser")
        self._secret = text_field("connectionSecret")
        self._secret.setEchoMode(QLineEdit.EchoMode.Password)
        self._number = text_field("connectionNumber")
        self._lines = Choice(
            "connectionLines",
            [
                (Learnable.LEARN, self.tr("Descobrir")),
                (Learnable.YES, self.tr("Sim")),
                (Learnable.NO, self.tr("Não")),
            ],
        )
        self._lines.setAccessibleName(self.tr("Cancelar só alguns itens antes do envio"))
        self._shipping = QCheckBox(self.tr("Devolver o frete também, se ninguém disser o contrário"))
        self._return_flow = QCheckBox(self.tr("Abrir a devolução no marketplace em vez de reembolsar direto"))
        self._send_id = QCheckBox(self.tr("Mandar o número da devolução como nota de devolução"))
        self._bank = QCheckBox(self.tr("Pedir os dados do banco quando o cliente pagou por transferência"))
        self._plain_file = QCheckBox(self.tr("Guardar a senha num arquivo que só este usuário do computador pode ler"))
        if keyring_usable:
            self._plain_file.hide()  # `setVisible(True)` would open a window, as long as it has no parent
        for box, name in (
            (self._shipping, "connectionShipping"),
            (self._return_flow, "connectionReturnFlow"),
            (self._send_id, "connectionSendId"),
            (self._bank, "connectionBank"),
            (self._plain_file, "connectionConsent"),
        ):
            box.setObjectName(name)
        self._reasons = ReasonMap()
        self._fetch = ActionButton("connectionFetch", self.tr("Buscar motivos"), action=self._fetch_reasons)
        self._test = ActionButton("connectionTest", self.tr("Testar"), action=self._test_connection)
        self._message = Notice("connectionMessage")
        self._confirm = ActionButton(
            "connectionConfirm", self.tr("Salvar"), "Enter", self._save, look="primary", tall=True
        )
        self._leave = ActionButton("connectionCancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._advice = paragraph("", "muted", "connectionAdvice")
        self._arrange()
        self._show(self._before)
        (self._url if info else self._name).setFocus()
        self._system.changed.connect(self._system_chosen)
        self._system.changed.connect(self._forget_test)
        for field in (self._url, self._user, self._secret, self._number):
            field.textEdited.connect(self._forget_test)

    def _arrange(self) -> None:
        captions = captions_left(
            (self.tr("Sistema"), self._system),
            (self.tr("Nome"), self._name),
            (self.tr("Endereço"), self._url),
            (self.tr("Usuário"), self._user),
            (self.tr("Chave ou senha"), self._secret),
            (self.tr("Número da loja"), self._number),
            (self.tr("Cancelar só alguns itens"), self._lines),
        )
        self._captions = captions
        ticks = QWidget()
        lay_out(ticks, self._shipping, self._return_flow, self._send_id, self._bank, self._plain_file)
        self.fill(
            label(self.windowTitle(), "title"),
            self._advice,
            captions,
            ticks,
            label(self.tr("Motivos"), "section"),
            self._reasons,
            button_row(self._fetch, self._test),
            self._message,
            button_row(self._leave, right=(self._confirm,)),
        )
        EnterChain(self, self._name, self._url, self._user, self._secret, self._number, self._confirm)

    # --- shown values

    def _show(self, settings: RemoteSettings) -> None:
        is_new = self._info is None
        self._system.set_value(settings.system)
        self._system.setEnabled(is_new)
        self._name.setText(settings.name)
        self._name.setReadOnly(not is_new)
        self._url.setText(settings.url)
        self._user.setText(settings.user)
        number = settings.shop_id if settings.system == MIRAKL else settings.channel
        self._number.setText("" if number is None else str(number))
        self._lines.set_value(settings.cancel_lines)
        self._shipping.setChecked(settings.shipping_back)
        self._return_flow.setChecked(settings.by_return_flow)
        self._send_id.setChecked(settings.send_return_id)
        self._bank.setChecked(settings.ask_bank_account)
        if self._info is not None and self._info.has_secret:
            self._secret.setPlaceholderText(self.tr("guardada; digite só para trocar"))
        self._reasons.show_mappings(settings.reasons)
        self._show_system()

    @Slot()
    def _system_chosen(self) -> None:
        self._show_system()

    def _show_system(self) -> None:
        """Show the fields of the chosen system."""
        is_mirakl = self._system.value() == MIRAKL
        self._url.setPlaceholderText("https://….mirakl.net" if is_mirakl else "https://…")
        number = self.tr("Número da loja") if is_mirakl else self.tr("Número do canal")
        self._number.setAccessibleName(number)
        caption = self._caption_of(self._number)
        if caption is not None:
            caption.setText(number)
        for widgets, shown in (
            ((self._user, self._send_id, self._bank), not is_mirakl),
            ((self._lines, self._return_flow), is_mirakl),
        ):
            for widget in widgets:
                widget.setVisible(shown)
                caption = self._caption_of(widget)
                if caption is not None:
                    caption.setVisible(shown)
        self._advice.setText(
            self.tr(
                "No portal do marketplace, crie um usuário só para o caixa, com leitura de pedidos, cancelamento e "
                "reembolso. Uma chave nova do usuário do seu integrador (ANYMARKET, Plugg.to, Tiny, Bling…) desliga "
                "o integrador."
            )
            if is_mirakl
            else self.tr("Usuário e senha do Omnitron; sem usuário, a senha é o token. O canal é opcional.")
        )

    def _caption_of(self, field: QWidget) -> QLabel | None:
        """The caption at the left of a field; None for one without."""
        place = self._captions.indexOf(field)
        if place < 0:
            return None
        row: int = self._captions.getItemPosition(place)[0]  # type: ignore[index]
        item = self._captions.itemAtPosition(row, 0)
        caption = item.widget() if item is not None else None
        return caption if isinstance(caption, QLabel) else None

    # --- reading

    def _read(self) -> RemoteSettings | None:
        """The settings as they stand in the fields, or None after showing what is wrong."""
        for field in (self._name, self._url, self._number):
            set_invalid(field, wrong=False)
        is_mirakl = self._system.value() == MIRAKL
        typed = self._number.text().strip()
        if typed and not (typed.isascii() and typed.isdecimal()):
            self._show_field_error(SettingsError("connections.shop_id" if is_mirakl else "connections.channel"))
            return None
        number = int(typed) if typed else None
        return replace(
            self._before,
            name=self._name.text().strip(),
            system=str(self._system.value()),
            url=self._url.text().strip(),
            user="" if is_mirakl else self._user.text().strip(),
            shop_id=number if is_mirakl else None,
            channel=None if is_mirakl else number,
            cancel_lines=Learnable(str(self._lines.value())),
            shipping_back=self._shipping.isChecked(),
            by_return_flow=is_mirakl and self._return_flow.isChecked(),
            send_return_id=not is_mirakl and self._send_id.isChecked(),
            ask_bank_account=not is_mirakl and self._bank.isChecked(),
            reasons=self._reasons.mappings(),
        )

    def _typed_secret(self) -> str | None:
        return self._secret.text().strip() or None

    def _show_field_error(self, error: Exception) -> None:
        self._message.show_error(error)
        if isinstance(error, SettingsError):
            fields = {"name": self._name, "url": self._url, "shop_id": self._number, "channel": self._number}
            field = fields.get(error.field.rpartition(".")[2])
            if field is not None:
                set_invalid(field, wrong=True)
                field.setFocus()

    # --- commands

    @Slot()
    def _test_connection(self) -> None:
        settings = self._read()
        if settings is not None:
            self._test.setEnabled(False)
            self._message.say("info", self._testing_text())
            self._test_id = self._client.submit(TestRemoteConnection(settings, self._typed_secret()), self._tested)

    def _testing_text(self) -> str:
        return self.tr("Testando a conexão…")

    @Slot()
    def _forget_test(self) -> None:
        """Drop the answer of a test that runs: it would vouch for what is typed now."""
        self._test_id = 0
        if self._message.text() == self._testing_text():
            self._message.clear()

    def _tested(self, outcome: Outcome[RemoteAccount]) -> None:
        self._test.setEnabled(True)
        if outcome.request_id != self._test_id:
            return
        account = outcome.value
        if account is None:
            self._show_field_error(outcome.error or RuntimeError("outcome without value"))
            return
        missing = ", ".join(account.missing)
        self._message.say(
            "warning" if missing else "success",
            self.tr("Conexão certa: {0}.").format(account.name or settings_name(self._name.text())),
            self.tr("O teste não muda nada lá."),
            self.tr("Faltam direitos a este usuário: {0}.").format(missing) if missing else "",
        )

    @Slot()
    def _fetch_reasons(self) -> None:
        settings = self._read()
        if settings is not None:
            self._fetch.setEnabled(False)
            self._message.say("info", self.tr("Buscando os motivos…"))
            self._client.submit(FetchReasons(settings, self._typed_secret()), self._reasons_received)

    def _reasons_received(self, outcome: Outcome[tuple[RemoteReason, ...]]) -> None:
        self._fetch.setEnabled(True)
        if outcome.value is None:
            self._show_field_error(outcome.error or RuntimeError("outcome without value"))
            return
        lost = self._reasons.offer(outcome.value)
        if lost:
            self._message.say(
                "warning",
                self.tr("%n motivo(s) escolhido(s) não existe(m) mais lá.", "", lost),
                self.tr("Sem motivo, a devolução lá fica desligada."),
                self.tr("Escolha de novo."),
            )
            return
        self._message.say("success", self.tr("Motivos recebidos: escolha um para cada motivo do balcão."))

    @Slot()
    def _save(self) -> None:
        settings = self._read()
        if settings is not None and not self.is_waiting:
            self.set_waiting(self._leave, waiting=True)
            command = SaveConnection(settings, self._typed_secret(), self._plain_file.isChecked())
            self._client.submit_with_approval(command, self._stored, asker=self)

    def _stored(self, outcome: Outcome[tuple[ConnectionInfo, ...]]) -> None:
        self.set_waiting(self._leave, waiting=False)
        if outcome.value is None:
            self._show_field_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._secret.setText("")  # clear() could be undone
        self.saved.emit(outcome.value)
        self.accept()


def settings_name(typed: str) -> str:
    """The name of the connection in a sentence."""
    return typed.strip() or "—"
