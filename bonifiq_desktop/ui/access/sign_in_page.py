"""Sign-in page: covers the window until a person signs in; the outbox keeps sending."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import Person, Session
from bonifiq_desktop.ui.access.person_dialog import PinResetDialog
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, SignIn

_WIDTH = 460


class SignInPage(QWidget):
    """Name and PIN; the last person to sign in is preselected."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._name = combo_box("lockName", [])
        self._pin = PinField("lockPin")
        self._enter = KeyButton("lockEnter", self.tr("Entrar"), "Enter", self._submit, look="main", tall=True)
        self._message = Banner("lockMessage")
        self._forgot = KeyButton("lockForgot", self.tr("Esqueci o PIN"), action=self._open_reset)
        self._pin.entered.connect(self._submit)
        self._pin.removeEventFilter(EnterChain(self, self._name, self._pin))
        self._arrange()

    def _arrange(self) -> None:
        frame, inside = card()
        frame.setFixedWidth(_WIDTH)
        hint = self.tr("O que está na fila continua sendo enviado. O que estava digitado está guardado.")
        add_all(
            inside,
            label(self.tr("Quem está no caixa?"), "title"),
            captions_left((self.tr("Nome"), self._name), (self.tr("PIN"), self._pin)),
            self._message,
            self._enter,
            self._forgot,
            paragraph(hint, "muted"),
        )
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addWidget(frame, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_people(self, session: Session) -> None:
        """Offer the staff; keep the selection, because each wrong PIN updates the session, too."""
        names = [person.name for person in session.people]
        selected = session.current_user.name if session.current_user else str(self._name.currentData())
        if [self._name.itemText(row) for row in range(self._name.count())] != names:
            self._name.clear()
            for name in names:
                self._name.addItem(name, name)
        self._name.setCurrentIndex(max(0, self._name.findData(selected)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pin.clear()
        self._message.clear()
        self._pin.setFocus()

    @Slot()
    def _submit(self) -> None:
        if not self._enter.isEnabled() or not self._pin.text():
            return
        self._enter.setEnabled(False)
        self._client.submit(SignIn(str(self._name.currentData()), self._pin.text()), self._answered)
        self._pin.clear()

    @Slot()
    def _open_reset(self) -> None:
        self._message.clear()
        dialog = PinResetDialog(self._client, self)
        dialog.saved.connect(self._pin_was_reset)
        dialog.finished.connect(self._pin.setFocus)
        dialog.open()

    @Slot()
    def _pin_was_reset(self) -> None:
        self._message.say("success", self.tr("O PIN novo está guardado."), action=self.tr("Entre com ele."))

    def _answered(self, outcome: Outcome[Person]) -> None:
        self._enter.setEnabled(True)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            self._pin.setFocus()
