"""Sign-in page: covers the window until a person signs in; the outbox keeps sending."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import Person, Session
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.access.person_pin import PersonPin
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, paragraph
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, SignIn

_WIDTH = 656


class SignInPage(QWidget):
    """The last person to sign in is chosen already; at the start of the program there is none."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._person = PersonPin(
            "lock", ActionButton("lockEnter", self.tr("Entrar"), "Enter", look="primary", tall=True)
        )
        self._person.entered.connect(self._sign_in)
        self._forgot = ActionButton("lockForgot", self.tr("Esqueci o PIN"), action=self._open_reset, look="ghost")
        self._arrange()

    def _arrange(self) -> None:
        self.setObjectName("signIn")
        frame, inside = card()
        frame.setFixedWidth(px(_WIDTH))
        hint = self.tr("O que está na fila continua sendo enviado. O que estava digitado está guardado.")
        title = label(self.tr("Quem está no caixa?"), "title")
        add_all(inside, title, self._person, paragraph(hint, "muted"))
        inside.addWidget(self._forgot, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_people(self, session: Session) -> None:
        """Offer the staff; the chosen person stays, because each wrong PIN updates the session, too."""
        self._person.show_people([person.name for person in session.people])
        if session.current_user is not None:
            self._person.choose(session.current_user.name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._person.pin.clear()
        self._person.message.clear()
        self._person.take_focus()

    @Slot(str, str)
    def _sign_in(self, name: str, pin: str) -> None:
        self._client.submit(SignIn(name, pin), self._answered)

    @Slot()
    def _open_reset(self) -> None:
        self._person.message.clear()
        dialog = PinResetDialog(self._client, self)
        dialog.saved.connect(self._pin_was_reset)
        dialog.finished.connect(self._person.take_focus)
        dialog.open()

    @Slot()
    def _pin_was_reset(self) -> None:
        self._person.message.say(
            "success", self.tr("O PIN novo está guardado."), action=self.tr("Entre com ele."), code="PIN-11"
        )

    def _answered(self, outcome: Outcome[Person]) -> None:
        if outcome.error is not None:
            self._person.show_refusal(outcome.error)
        else:
            self._person.set_waiting(waiting=False)
