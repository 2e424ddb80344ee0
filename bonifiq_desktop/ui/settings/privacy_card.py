"""Settings card: how long personal data is kept, and the way to one customer's data."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot

from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.personal_data_dialog import PersonalDataDialog
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton
from bonifiq_desktop.worker.client import WorkerClient


class PrivacyCard(SettingsCard):
    """Retention in days, and a button that opens PersonalDataDialog."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(self.tr("Dados pessoais"))
        self._client = client
        self.days_field = self.bind("keep_personal_days", text_field("settingsKeepDays"))
        self.inside.addLayout(captions_left((self.tr("Guardar dados de clientes por quantos dias"), self.days_field)))
        about = self.tr("Depois disso o nome e o CPF mascarado somem do histórico e das cópias; os registros ficam.")
        self.inside.addWidget(paragraph(about, "muted"))
        customer = KeyButton("settingsCustomer", self.tr("Dados de um cliente (LGPD)"))
        customer.clicked.connect(self._open_dialog)
        self.inside.addWidget(customer, 0, Qt.AlignmentFlag.AlignRight)

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with the typed retention. Raises SettingsError."""
        typed = self.days_field.text().strip()
        if not (typed.isascii() and typed.isdecimal()):
            raise SettingsError("keep_personal_days")
        return replace(settings, keep_personal_days=int(typed))

    @Slot()
    def _open_dialog(self) -> None:
        if self.findChild(PersonalDataDialog) is None:
            PersonalDataDialog(self._client, self).open()
