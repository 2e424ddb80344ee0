"""Sheets that add a person, change a role or PIN, or reset a manager's forgotten PIN."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from bonifiq_desktop.domain.staff import MAX_NAME, Person, PersonError, Role, read_name, read_pin
from bonifiq_desktop.security.credentials import Credentials
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, limit_length, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ResetPin, SavePerson

_WIDTH = 560


def role_name(role: Role) -> str:
    return {
        Role.CASHIER: translate("people", "Caixa"),
        Role.MANAGER: translate("people", "Responsável"),
    }[role]


class _PinDialog(Sheet):
    """A name and a PIN typed twice. Subclasses add their fields and submit the command."""

    saved = Signal()

    def __init__(self, client: WorkerClient, prefix: str, heading: str, parent: QWidget) -> None:
        super().__init__(parent, f"{prefix}Dialog", heading, _WIDTH)
        self._client = client
        self._name = text_field(f"{prefix}Name")
        limit_length(self._name, MAX_NAME)
        self._pin = PinField(f"{prefix}Pin")
        self._repeated_pin = PinField(f"{prefix}PinAgain")
        self._message = Notice(f"{prefix}Message")
        save, back = translate("people", "Salvar"), translate("people", "Voltar")
        self._confirm = ActionButton(f"{prefix}Confirm", save, "Enter", self._submit, look="primary", tall=True)
        self._leave = ActionButton(f"{prefix}Cancel", back, "Esc", self.reject, tall=True)

    def _arrange(self, hint: str, *fields: tuple[str, QWidget]) -> None:
        self.fill(
            label(self.windowTitle(), "title"),
            paragraph(hint, "muted"),
            captions_left(*fields),
            self._message,
            button_row(self._leave, right=(self._confirm,)),
        )
        EnterChain(self, *(field for _caption, field in fields), self._confirm)

    def _read_name_and_pin(self, *, pin_optional: bool = False) -> tuple[str, str] | None:
        """Return a valid name and PIN, or None after showing the error. An empty PIN keeps the old one."""
        for field in (self._name, self._pin, self._repeated_pin):
            set_invalid(field, wrong=False)
        try:
            name = read_name(self._name.text())
            if pin_optional and not self._pin.text() + self._repeated_pin.text():
                return name, ""
            pin = read_pin(self._pin.text())
        except PersonError as error:
            self._show_field_error(error, self._name if error.field == "name" else self._pin)
            return None
        if pin != self._repeated_pin.text():
            self._show_field_error(PersonError("again"), self._repeated_pin)
            return None
        return name, pin

    def _show_field_error(self, error: PersonError, field: QLineEdit) -> None:
        set_invalid(field, wrong=True)
        self._message.show_error(error)
        field.setFocus()

    @Slot()
    def _submit(self) -> None:
        raise NotImplementedError

    def _wait(self, *, waiting: bool) -> None:
        self.set_waiting(self._name, self._pin, self._repeated_pin, self._leave, waiting=waiting)

    def _answered(self, outcome: Outcome[None]) -> None:
        self._wait(waiting=False)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        self.saved.emit()
        self.accept()


class PersonDialog(_PinDialog):
    """`person`: the person to change; None adds a new one."""

    def __init__(self, client: WorkerClient, person: Person | None, role: Role, parent: QWidget) -> None:
        heading = translate("people", "Mudar {0}").format(person.name) if person else translate("people", "Nova pessoa")
        super().__init__(client, "person", heading, parent)
        self._person = person
        self._role = combo_box("personRole", [(role_name(each), each.value) for each in Role])
        self._role.setCurrentIndex(self._role.findData(role.value))
        if person is not None:
            self._name.setText(person.name)
            self._name.setReadOnly(True)
            for field in (self._pin, self._repeated_pin):
                field.setPlaceholderText(translate("people", "em branco: continua o de antes"))
        self._arrange(
            translate("people", "O PIN tem de 4 a 8 números. Ninguém o vê depois, nem o responsável."),
            (translate("people", "Nome"), self._name),
            (translate("people", "O que faz"), self._role),
            (translate("people", "PIN"), self._pin),
            (translate("people", "PIN outra vez"), self._repeated_pin),
        )

    @Slot()
    def _submit(self) -> None:
        typed = self._read_name_and_pin(pin_optional=self._person is not None)
        if typed is not None and not self.is_waiting:
            command = SavePerson(typed[0], Role(self._role.currentData()), typed[1])
            self._wait(waiting=True)
            self._client.submit_with_approval(command, self._answered, asker=self)


class PinResetDialog(_PinDialog):
    """The owner proves ownership with the till's token and key."""

    def __init__(self, client: WorkerClient, parent: QWidget) -> None:
        super().__init__(client, "reset", translate("people", "Esqueci o PIN"), parent)
        self.asker = parent
        self._token = text_field("resetToken")
        self._key = text_field("resetKey")
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._arrange(
            translate(
                "people",
                "Quem tem o token e a chave do BonifiQ (painel do BonifiQ, menu “API Keys”) pode dar um PIN novo "
                "a um responsável. Isso fica registrado.",
            ),
            (translate("people", "Token"), self._token),
            (translate("people", "Chave"), self._key),
            (translate("people", "Nome do responsável"), self._name),
            (translate("people", "PIN novo"), self._pin),
            (translate("people", "PIN outra vez"), self._repeated_pin),
        )

    @Slot()
    def _submit(self) -> None:
        typed = self._read_name_and_pin()
        if typed is not None and not self.is_waiting:
            pair = Credentials(self._token.text().strip(), self._key.text().strip())
            self._key.clear()
            command = ResetPin(*typed, pair)
            self._wait(waiting=True)
            self._client.submit(command, self._answered)
