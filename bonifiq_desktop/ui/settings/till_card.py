"""Settings card: this till's name, its branch, the language."""

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, text_field

_LANGUAGE_NAMES = {"pt_BR": "Português (Brasil)", "en": "English"}


class TillCard(SettingsCard):
    """The name of the till is part of the sale numbers that it makes."""

    def __init__(self) -> None:
        super().__init__(self.tr("Este caixa"))
        till = self.bind("till", text_field("settingsTill"))
        branch_id = self.bind("branch_id", text_field("settingsBranchId"))
        branch_name = self.bind("branch_name", text_field("settingsBranchName"))
        languages = [(_LANGUAGE_NAMES[code], code) for code in LANGUAGES]
        language = self.bind("language", combo_box("settingsLanguage", languages))
        self.enter_chain: tuple[QWidget, ...] = till, branch_id, branch_name, language
        self.inside.addLayout(
            captions_left(
                (self.tr("Nome do caixa"), till),
                (self.tr("Código da filial"), branch_id),
                (self.tr("Nome da filial"), branch_name),
                (self.tr("Idioma"), language),
            )
        )
        self.inside.addStretch(1)
