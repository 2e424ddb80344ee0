"""Sheet in which a till joins the shop database, with a file and its one-time code."""

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QWidget

from bonifiq_desktop.domain.shop_database import EnrolmentError, EnrolmentTrouble, ShopDatabaseError, ShopDatabaseStatus
from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.shop_database import message_for_joining_trouble
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, limited_text_field, path_in
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import JoinShopDatabase, Outcome

_WIDTH, _MAX_PATH, _MAX_CODE = 720, 1000, 60


class JoinSheet(Sheet):
    """While the till joins, the sheet stays open: what came of it would be said nowhere.

    `joined` carries the state of the exchange. `keyring_usable`: False asks for consent to secrets in a file.
    """

    joined = Signal(object)

    def __init__(self, client: WorkerClient, parent: QWidget, *, keyring_usable: bool) -> None:
        super().__init__(parent, "joinSheet", self.tr("Entrar no banco da loja"), _WIDTH)
        self._client = client
        self._path = limited_text_field("joinPath", max_length=_MAX_PATH)
        self._code = limited_text_field(
            "joinCode", max_length=_MAX_CODE, hint=self.tr("20 letras, que vieram com o arquivo")
        )
        self._choose = ActionButton("joinChoose", self.tr("Escolher…"), action=self._choose_file)
        self._consent = QCheckBox(self.tr("Guardar a senha num arquivo que só este usuário do computador pode ler"))
        self._consent.setObjectName("joinConsent")
        if keyring_usable:
            self._consent.hide()  # `setVisible(True)` would open a window, as long as it has no parent
        self._message = Notice("joinMessage")
        self._message.fit_text()
        self._confirm = ActionButton("joinConfirm", self.tr("Entrar"), "Enter", self._enter, look="primary", tall=True)
        self._back = ActionButton("joinCancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._arrange()
        EnterChain(self, self._path, self._code, self._confirm)
        for field in (self._path, self._code):
            field.textChanged.connect(self._check)
        self._check()
        self._path.setFocus()

    def _arrange(self) -> None:
        file_row = QWidget()
        row = QHBoxLayout(file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self._path, 1)
        row.addWidget(self._choose)
        captions = captions_left((self.tr("Arquivo"), file_row), (self.tr("Código"), self._code))
        self._path.setAccessibleName(self.tr("Arquivo"))
        self.fill(
            label(self.windowTitle(), "section"),
            paragraph(
                self.tr(
                    "O responsável faz um arquivo e um código para este caixa, num que já participa. Os do primeiro "
                    "caixa vêm do suporte. Cada par serve para um caixa, uma vez, por 24 horas."
                ),
                "muted",
            ),
            captions,
            self._consent,
            self._message,
            button_row(self._back, right=(self._confirm,)),
        )

    @Slot()
    def _check(self) -> None:
        for field in (self._path, self._code):
            set_invalid(field, wrong=False)
        self._confirm.setEnabled(bool(path_in(self._path) and self._code.text().strip()))

    @Slot()
    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(self, self.tr("Arquivo para entrar no banco da loja"), folder)
        dialog.setObjectName("joinFileDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    @Slot(str)
    def _file_chosen(self, path: str) -> None:
        self._path.setText(path)
        self._code.setFocus()

    @Slot()
    def _enter(self) -> None:
        if self.is_waiting:
            return
        self.set_waiting(*self._fields(), waiting=True)
        self._message.say("info", self.tr("Entrando no banco da loja…"))
        command = JoinShopDatabase(path_in(self._path), self._code.text().strip(), self._consent.isChecked())
        self._client.submit_with_approval(command, self._entered, asker=self)

    def _fields(self) -> tuple[QWidget, ...]:
        return self._path, self._code, self._choose, self._consent, self._back

    def _entered(self, outcome: Outcome[ShopDatabaseStatus]) -> None:
        self.set_waiting(*self._fields(), waiting=False)
        if outcome.value is not None:
            self._code.setText("")  # clear() could be undone
            self.accept()
            self.joined.emit(outcome.value)
            return
        error = outcome.error or RuntimeError("outcome without value")
        if isinstance(error, ShopDatabaseError):
            self._message.show_message(message_for_joining_trouble(error.trouble))
        else:
            self._message.show_message(message_for_error(error))
        if isinstance(error, SettingsError) and error.field == "shop_database.keyring":
            self._consent.show()  # the keyring failed since the settings were read
            self._consent.setFocus()
        elif isinstance(error, EnrolmentError):
            wrong = self._code if error.trouble is EnrolmentTrouble.WRONG_CODE else self._path
            set_invalid(wrong, wrong=True)
            wrong.setFocus()
