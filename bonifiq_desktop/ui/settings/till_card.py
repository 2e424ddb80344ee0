"""Settings card: this till's name, its branch, the language."""

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, text_field
from bonifiq_desktop.worker.commands import CurrentSettings

_LANGUAGE_NAMES = {"pt_BR": "Português (Brasil)", "en": "English"}


class TillCard(SettingsCard):
    """The name of the till is part of the sale numbers that it makes."""

    def __init__(self) -> None:
        super().__init__(self.tr("Este caixa"))
        self._till = text_field("settingsTill")
        self._branch_id = text_field("settingsBranchId")
        self._branch_name = text_field("settingsBranchName")
        self._language = combo_box("settingsLanguage", [(_LANGUAGE_NAMES[code], code) for code in LANGUAGES])
        self.fields = {"till": (self._till,)}
        captions = (
            self.tr("Nome do caixa"),
            self.tr("Código da filial"),
            self.tr("Nome da filial"),
            self.tr("Idioma"),
        )
        self.inside.addLayout(captions_left(*zip(captions, self.enter_chain(), strict=True)))
        self.inside.addStretch(1)

    def enter_chain(self) -> tuple[QWidget, ...]:
        """Return the fields in the order of Enter."""
        return self._till, self._branch_id, self._branch_name, self._language

    def show_settings(self, current: CurrentSettings) -> None:
        """Show the settings in force."""
        settings = current.settings
        self._till.setText(settings.till)
        self._branch_id.setText(settings.branch_id)
        self._branch_name.setText(settings.branch_name)
        self._language.setCurrentIndex(max(0, self._language.findData(settings.language)))

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this card's values."""
        return replace(
            settings,
            till=self._till.text(),
            branch_id=self._branch_id.text().strip(),
            branch_name=self._branch_name.text().strip(),
            language=str(self._language.currentData()),
        )
