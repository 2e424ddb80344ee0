"""Settings cards: till, lists, personal data, update notices, values for the support."""

from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QStackedWidget

from bonifiq_desktop.storage.language import LANGUAGES
from bonifiq_desktop.storage.settings import Settings, SettingsError
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.settings.list_editor import ListEditor
from bonifiq_desktop.ui.settings.personal_data_dialog import PersonalDataDialog
from bonifiq_desktop.ui.settings.version_switch import VersionSwitch
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, paragraph
from bonifiq_desktop.ui.widgets.forms import combo_box, text_field
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings

_LANGUAGE_NAMES = {"pt_BR": "Português (Brasil)", "en": "English"}


class TillCard(SettingsCard):
    """The name of the till is part of the sale numbers that it makes."""

    def __init__(self) -> None:
        super().__init__(self.tr("Este caixa"))
        self._till = text_field("settingsTill")
        languages = [(_LANGUAGE_NAMES[code], code) for code in LANGUAGES]
        self.add_fields(
            ("till", self.tr("Nome do caixa"), self._till),
            ("branch_id", self.tr("Código da filial"), text_field("settingsBranchId")),
            ("branch_name", self.tr("Nome da filial"), text_field("settingsBranchName")),
            ("language", self.tr("Idioma"), combo_box("settingsLanguage", languages)),
        )
        self._fixed = paragraph(self.tr("O nome é o deste caixa no banco da loja, e só muda fora dele."), "muted")
        self.inside.addWidget(self._fixed)

    def show_values(self, current: CurrentSettings) -> None:
        super().show_values(current)
        takes_part = current.settings.shop_database.is_set_up
        self._till.setReadOnly(takes_part)
        self._fixed.setVisible(takes_part)


class ListsCard(SettingsCard):
    """One list at a time; an entry has a code where the shop's own system uses one."""

    def __init__(self) -> None:
        super().__init__(self.tr("Listas da venda"))
        hint = self.tr("Roupas > Blusas")
        lists = (
            ("payment_methods", ListEditor("settingsPaymentMethods", self.tr("Formas de pagamento"), has_codes=True)),
            ("sales_people", ListEditor("settingsSalesPeople", self.tr("Vendedores"), has_codes=True)),
            ("brands", ListEditor("settingsBrands", self.tr("Marcas"), has_codes=True)),
            ("categories", ListEditor("settingsCategories", self.tr("Categorias"), has_codes=False, hint=hint)),
        )
        self._stack = QStackedWidget()
        texts = self.tr("Pagamento"), self.tr("Vendedores"), self.tr("Marcas"), self.tr("Categorias")
        self._choice = Choice("settingsList", list(zip((setting for setting, _editor in lists), texts, strict=True)))
        self._choice.setAccessibleName(self.tr("Lista"))
        for setting, editor in lists:
            self._stack.addWidget(self.bind(setting, editor))
        self._settings = [setting for setting, _editor in lists]
        self._choice.set_value(self._settings[0])
        self._choice.changed.connect(self._show_list)
        about = self.tr("São as opções que aparecem na venda (F3). A ordem daqui é a ordem de lá.")
        add_all(self.inside, paragraph(about, "muted"), self._choice, self._stack)

    @Slot(object)
    def _show_list(self, setting: str) -> None:
        self._stack.setCurrentIndex(self._settings.index(setting))


class PrivacyCard(SettingsCard):
    """How long personal data is kept, in days, and a button that opens PersonalDataDialog."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(self.tr("Dados pessoais"))
        self._client = client
        self._days = text_field("settingsKeepDays")
        self.add_fields(("keep_personal_days", self.tr("Guardar dados de clientes por quantos dias"), self._days))
        about = self.tr("Depois disso o nome e o CPF mascarado somem do histórico e das cópias; os registros ficam.")
        self.inside.addWidget(paragraph(about, "muted"))
        customer = ActionButton("settingsCustomer", self.tr("Dados de um cliente (LGPD)"), action=self._open_dialog)
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
    """Where the till asks for newer versions, and which version starts next."""

    def __init__(self, client: WorkerClient, *, training: bool) -> None:
        super().__init__(self.tr("Avisos de versão nova"))
        feed = text_field("settingsUpdates")
        feed.setPlaceholderText(self.tr("https://… # chave"))
        feed.setDisabled(training)
        self.add_fields(("update_feed", self.tr("Endereço dos avisos"), feed))
        about = self.tr("Vazio: ninguém é consultado. O programa só avisa; quem instala é o responsável.")
        self.inside.addWidget(paragraph(about, "muted"))
        if not training:
            self.inside.addWidget(VersionSwitch("settings", client))


class AdvancedCard(SettingsCard):
    """The account code enters every cancel key: it must be the same at all tills of a shop."""

    def __init__(self) -> None:
        super().__init__(self.tr("Avançado: mude só com o suporte"))
        paths = [(self.tr("Balcão (POS), o normal"), "POS"), (self.tr("Pedidos (Order)"), "Order")]
        used_rewards = [
            (self.tr("como está no BonifiQ"), ""),
            (self.tr("volta ao saldo do cliente"), "yes"),
            (self.tr("não volta"), "no"),
        ]
        self.add_fields(
            ("account", self.tr("Código da loja (igual em todos os caixas)"), text_field("settingsAccount")),
            ("order_paths", self.tr("Tipo de chamada nas devoluções"), combo_box("settingsOrderPaths", paths)),
            (
                "return_used_reward",
                self.tr("Benefício usado, quando o pedido volta em parte"),
                combo_box("settingsReturnUsedReward", used_rewards),
            ),
        )
        used_key = self.tr("Protocolo já usado numa repetição quer dizer que a devolução valeu")
        for setting, name, text in (
            ("send_refund_products", "settingsSendProducts", self.tr("Enviar os itens junto com a devolução")),
            ("trust_used_key", "settingsTrustUsedKey", used_key),
        ):
            box = self.bind(setting, QCheckBox(text))
            box.setObjectName(name)
            self.enter_chain.append(box)
            self.inside.addWidget(box)
