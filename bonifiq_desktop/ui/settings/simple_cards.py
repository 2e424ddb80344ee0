"""Settings cards with few fields: till, lists, personal data, update notices, values for the support."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.personal_data_dialog import PersonalDataDialog
from bonifiq_desktop.ui.settings.version_switch import VersionSwitch
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.forms import combo_box, text_field, text_list
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status

_LANGUAGE_NAMES = {"pt_BR": "Português (Brasil)", "en": "English"}


class TillCard(SettingsCard):
    """The name of the till is part of the sale numbers that it makes."""

    def __init__(self) -> None:
        super().__init__(self.tr("Este caixa"))
        languages = [(_LANGUAGE_NAMES[code], code) for code in LANGUAGES]
        self.add_fields(
            ("till", self.tr("Nome do caixa"), text_field("settingsTill")),
            ("branch_id", self.tr("Código da filial"), text_field("settingsBranchId")),
            ("branch_name", self.tr("Nome da filial"), text_field("settingsBranchName")),
            ("language", self.tr("Idioma"), combo_box("settingsLanguage", languages)),
        )
        self.inside.addStretch(1)


class ListsCard(SettingsCard):
    """One list per field, one entry per line, with its code if it has one: `17 = Ana`."""

    def __init__(self) -> None:
        super().__init__(self.tr("Listas, uma por linha"))
        categories = text_list("settingsCategories")
        categories.setPlaceholderText(self.tr("Roupas > Blusas"))
        lists = (
            ("payment_methods", self.tr("Formas de pagamento"), text_list("settingsPaymentMethods")),
            ("sales_people", self.tr("Vendedores"), text_list("settingsSalesPeople")),
            ("brands", self.tr("Marcas"), text_list("settingsBrands")),
            ("categories", self.tr("Categorias"), categories),
        )
        grid = QGridLayout()
        for place, (setting, heading, field) in enumerate(lists):
            self.bind(setting, field)
            field.setAccessibleName(heading)
            caption = label(heading, "figureName")
            caption.setBuddy(field)
            row, column = divmod(place, 2)
            grid.addWidget(caption, 2 * row, column)
            grid.addWidget(field, 2 * row + 1, column)
        self.inside.addWidget(paragraph(self.tr("Com código, se a loja usa: 17 = Ana"), "muted"))
        self.inside.addLayout(grid)


class PrivacyCard(SettingsCard):
    """How long personal data is kept, in days, and a button that opens PersonalDataDialog."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(self.tr("Dados pessoais"))
        self._client = client
        self._days = text_field("settingsKeepDays")
        self.add_fields(("keep_personal_days", self.tr("Guardar dados de clientes por quantos dias"), self._days))
        about = self.tr("Depois disso o nome e o CPF mascarado somem do histórico e das cópias; os registros ficam.")
        self.inside.addWidget(paragraph(about, "muted"))
        customer = KeyButton("settingsCustomer", self.tr("Dados de um cliente (LGPD)"), action=self._open_dialog)
        self.inside.addWidget(customer, 0, Qt.AlignmentFlag.AlignRight)

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with the typed retention. Raises SettingsError."""
        typed = self._days.text().strip()
        if not (typed.isascii() and typed.isdecimal()):
            raise SettingsError("keep_personal_days")
        return replace(settings, keep_personal_days=int(typed))

    @Slot()
    def _open_dialog(self) -> None:
        if self.findChild(PersonalDataDialog) is None:
            PersonalDataDialog(self._client, self).open()


class UpdatesCard(SettingsCard):
    """`notice`: the banner of a newer version, for the top of the page."""

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__(self.tr("Avisos de versão nova"))
        feed = text_field("settingsUpdates")
        feed.setPlaceholderText(self.tr("https://… # chave"))
        feed.setDisabled(training)
        self.notice = Banner("settingsUpdateNotice")
        self._announced: Release | None = None
        self.add_fields(("update_feed", self.tr("Endereço dos avisos"), feed))
        about = self.tr("Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.")
        self.inside.addWidget(paragraph(about, "muted"))
        if not training:
            self.inside.addWidget(VersionSwitch("settings", client))
        client.statusChanged.connect(self._show_release)

    @Slot(object)
    def _show_release(self, status: Status) -> None:
        release = status.newer_release
        if release == self._announced:
            return
        self._announced = release
        if release is None:
            self.notice.clear()
            return
        day = f"{release.published:%d/%m/%Y}"
        self.notice.say(
            "info",
            self.tr("Há uma versão nova do programa: {0}, de {1}.").format(release.name, day),
            self.tr("Nada muda sozinho: o programa não baixa nem instala nada."),
            self.tr("Para instalar, feche o programa e siga: {0}").format(release.page),
        )


class AdvancedCard(SettingsCard):
    """The account code enters every cancel key: it must be the same at all tills of a shop."""

    def __init__(self) -> None:
        super().__init__(self.tr("Avançado: mude só com o suporte"))
        paths = [(self.tr("Balcão (POS), o normal"), "POS"), (self.tr("Pedidos (Order)"), "Order")]
        self.add_fields(
            ("account", self.tr("Código da loja (igual em todos os caixas)"), text_field("settingsAccount")),
            ("order_paths", self.tr("Tipo de chamada nas devoluções"), combo_box("settingsOrderPaths", paths)),
        )
        used_key = self.tr("Protocolo já usado numa repetição quer dizer que a devolução valeu")
        for setting, name, text in (
            ("send_refund_products", "settingsSendProducts", self.tr("Enviar os itens junto com a devolução")),
            ("trust_used_key", "settingsTrustUsedKey", used_key),
        ):
            box = self.bind(setting, QCheckBox(text))
            box.setObjectName(name)
            self.inside.addWidget(box)
