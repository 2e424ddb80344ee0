"""Customers' data at this till: how long they are kept, and the way to one customer's."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.storage.settings import SettingsError
from bonifiq_desktop.ui.settings.personal_data_dialog import PersonalDataDialog
from bonifiq_desktop.ui.widgets.forms import captions_left, text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label
from bonifiq_desktop.worker.client import WorkerClient


class PrivacyCard(QWidget):
    """A card of the settings page."""

    def __init__(self, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self.days_field = text_field("settingsKeepDays")
        self._customer = KeyButton("settingsCustomer", self.tr("Dados de um cliente (LGPD)"))
        self._customer.clicked.connect(self._open)
        frame, inside = card()
        inside.addWidget(label(self.tr("Dados pessoais"), "section"))
        inside.addLayout(captions_left((self.tr("Guardar dados de clientes por quantos dias"), self.days_field)))
        about = self.tr("Depois disso o nome e o CPF mascarado somem do histórico e das cópias; os registros ficam.")
        note = label(about, "muted")
        note.setWordWrap(True)
        inside.addWidget(note)
        inside.addWidget(self._customer, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def show_days(self, days: int) -> None:
        """The setting in force."""
        self.days_field.setText(str(days))

    def days(self) -> int:
        """The setting that is typed. Raises SettingsError."""
        typed = self.days_field.text().strip()
        if not (typed.isascii() and typed.isdecimal()):
            raise SettingsError("keep_personal_days")
        return int(typed)

    @Slot()
    def _open(self) -> None:
        if self.findChild(PersonalDataDialog) is None:
            PersonalDataDialog(self._client, self).open()
