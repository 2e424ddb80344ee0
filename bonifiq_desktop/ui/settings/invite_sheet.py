"""Sheet in which a till of the shop database invites another one: a file, and the one-time code that opens it."""

from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from bonifiq_desktop.domain.shop_database import InvitationError, InvitationTrouble
from bonifiq_desktop.storage.settings import TILL_NAME, SettingsError
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.shop_database import till_name
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, limited_text_field, path_in
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label, set_invalid
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import InviteTill, Outcome

_WIDTH, _MAX_PATH, _MAX_LOGIN, _MAX_NAME, _GAP = 720, 1000, 200, 40, 12
_ENDING = "bonifiq"
_GROUPS_IN_A_LINE = 2
_READING_MS = 2000  # that the code stays in sight, whatever is pressed


class InviteSheet(Sheet):
    """The password and the code are in no other place than the sheet, which forgets them when it closes.

    While the database is asked the sheet stays open: its answer is the only way to the code.
    `invited` carries the name of the till.
    """

    invited = Signal(str)

    def __init__(self, client: WorkerClient, parent: QWidget) -> None:
        super().__init__(parent, "inviteSheet", self.tr("Convidar outro caixa"), _WIDTH)
        self._client = client
        self._name_in_use = ""
        self._till = limited_text_field("inviteTill", max_length=_MAX_NAME, hint=self.tr("por exemplo CAIXA3"))
        self._path = limited_text_field("invitePath", max_length=_MAX_PATH)
        self._choose = ActionButton("inviteChoose", self.tr("Escolher…"), action=self._choose_file)
        self._user = limited_text_field("inviteUser", max_length=_MAX_LOGIN)
        self._password = limited_text_field("invitePassword", max_length=_MAX_LOGIN)
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._replaces = QCheckBox(self.tr("Outro computador fica com este nome; o de agora perde o acesso"))
        self._replaces.setObjectName("inviteReplace")
        self._message = Notice("inviteMessage")
        self._message.fit_text()
        self._confirm = ActionButton(
            "inviteConfirm", self.tr("Convidar"), "Enter", self._invite, look="primary", tall=True
        )
        self._back = ActionButton("inviteCancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._noted = ActionButton(
            "inviteDone", self.tr("Já anotei o código"), "Esc", self.accept, look="primary", tall=True
        )
        self._code = label("", "hero", "inviteCode")
        self._file = UntrustedLabel("", "inviteFile")
        self._form, self._result = QWidget(), QWidget()
        self._title = label(self.windowTitle(), "section")
        self._arrange()
        EnterChain(self, self._till, self._path, self._user, self._password, self._confirm)
        for field in (self._till, self._path, self._user, self._password):
            field.textChanged.connect(self._check)
        self._check()
        self._till.setFocus()

    def _arrange(self) -> None:
        file_row = QWidget()
        row = QHBoxLayout(file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self._path, 1)
        row.addWidget(self._choose)
        captions = captions_left(
            (self.tr("Nome do caixa novo"), self._till),
            (self.tr("Gravar o arquivo em"), file_row),
            (self.tr("Usuário do banco de dados"), self._user),
            (self.tr("Senha"), self._password),
        )
        self._path.setAccessibleName(self.tr("Gravar o arquivo em"))
        about = self.tr(
            "O caixa novo entra com um arquivo e um código. O usuário e a senha são do administrador do banco de "
            "dados, de quem o preparou: servem só para este convite, e o programa não os guarda."
        )
        buttons = button_row(self._back, right=(self._confirm,))
        lay_out(
            self._form, paragraph(about, "muted"), captions, self._replaces, self._message, buttons, spacing=px(_GAP)
        )
        self._arrange_result()
        self._result.hide()
        self.fill(self._title, self._form, self._result)

    def _arrange_result(self) -> None:
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        lasts = self.tr("Arquivo e código servem para um caixa, uma vez, nas próximas 24 horas.")
        ways = self.tr(
            "Leve os dois por caminhos diferentes: o arquivo num pen drive, por exemplo, e o código anotado ou por "
            "telefone. Quem tiver os dois entra no banco da loja."
        )
        there = self.tr("No caixa novo: Ajustes (F9), Banco da loja, “Entrar no banco da loja”.")
        once = Notice("inviteOnce")
        once.fit_text()
        once.say("warning", self.tr("Anote o código agora: ele não aparece de novo."))
        lay_out(
            self._result,
            self._code,
            self._file,
            paragraph(lasts),
            paragraph(ways),
            paragraph(there),
            once,
            button_row(right=(self._noted,)),
            spacing=px(_GAP),
        )

    # --- the form

    @Slot()
    def _check(self) -> None:
        for field in (self._till, self._path, self._user, self._password):
            set_invalid(field, wrong=False)
        is_known = self._typed_till() in self._names_in_use()
        self._replaces.setVisible(is_known)
        if not is_known:
            self._replaces.setChecked(False)
        filled = self._typed_till() and path_in(self._path) and self._user.text().strip() and self._password.text()
        self._confirm.setEnabled(bool(filled))

    def _names_in_use(self) -> set[str]:
        """The names that another PC can take over: of tills that this one knows, and one that the database named."""
        shop = self._client.shop_database
        known = {each.till for each in shop.tills} if shop is not None else set()
        return (known | {self._name_in_use}) - {""}

    def _typed_till(self) -> str:
        return self._till.text().strip().upper()

    @Slot()
    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Arquivo para o caixa novo"), folder)
        dialog.setObjectName("inviteFileDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # an existing file is refused
        dialog.setDefaultSuffix(_ENDING)
        till = self._typed_till()
        dialog.selectFile(f"{till.lower() if TILL_NAME.fullmatch(till) else 'caixa'}.{_ENDING}")
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    @Slot(str)
    def _file_chosen(self, path: str) -> None:
        self._path.setText(path)
        self._user.setFocus()

    # --- the invitation

    @Slot()
    def _invite(self) -> None:
        if self.is_waiting:
            return
        self.set_waiting(*self._fields(), waiting=True)
        self._message.say("info", self.tr("Convidando…"))
        command = InviteTill(
            self._typed_till(),
            path_in(self._path),
            self._user.text().strip(),
            self._password.text(),
            self._replaces.isChecked(),
        )
        self._client.submit_with_approval(command, self._answered, asker=self)

    def _fields(self) -> tuple[QWidget, ...]:
        return self._till, self._path, self._choose, self._user, self._password, self._replaces, self._back

    def _answered(self, outcome: Outcome[str]) -> None:
        self.set_waiting(*self._fields(), waiting=False)
        if outcome.value is None:
            self._show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._password.setText("")  # clear() could be undone
        self._show_code(outcome.value)
        self.invited.emit(self._typed_till())

    def _show_error(self, error: Exception) -> None:
        self._message.show_message(message_for_error(error))
        wrong: QLineEdit | None = None
        if isinstance(error, SettingsError):
            wrong = self._till
        elif isinstance(error, InvitationError):
            wrong = self._field_of(error.trouble)
            if error.trouble is InvitationTrouble.NAME_IN_USE:
                self._name_in_use = self._typed_till()
                self._check()
        if wrong is not None:
            set_invalid(wrong, wrong=True)
            wrong.setFocus()

    def _field_of(self, trouble: InvitationTrouble) -> QLineEdit | None:
        """The field to correct; None where no field is wrong."""
        return {
            InvitationTrouble.OWN_NAME: self._till,
            InvitationTrouble.NAME_IN_USE: self._till,
            InvitationTrouble.FILE_EXISTS: self._path,
            InvitationTrouble.FILE_FAILED: self._path,
            InvitationTrouble.CREDENTIALS: self._password,
            InvitationTrouble.RIGHTS: self._user,
        }.get(trouble)

    def _show_code(self, code: str) -> None:
        groups = code.split("-")
        lines = (groups[:_GROUPS_IN_A_LINE], groups[_GROUPS_IN_A_LINE:])
        self._title.setText(self.tr("Convite para o {0}").format(till_name(self._typed_till())))
        self._code.setText("\n".join(map("-".join, lines)))
        self._file.setText(self.tr("Arquivo: {0}").format(path_in(self._path)))
        self._noted.setEnabled(False)
        self.setFocus()  # with the focus nowhere, the keys would reach the page below
        QTimer.singleShot(_READING_MS, self, self._let_leave)
        self._form.hide()
        self._result.show()
        announce(self._code, self._title.text())

    @Slot()
    def _let_leave(self) -> None:
        self._noted.setEnabled(True)
        self._noted.setFocus()

    @Slot()
    def reject(self) -> None:
        """Leave, unless the code has just come: one Esc too many would lose it."""
        if self._result.isHidden() or self._noted.isEnabled():
            super().reject()

    def done(self, result: int) -> None:
        self._password.setText("")
        self._code.setText("")
        super().done(result)
