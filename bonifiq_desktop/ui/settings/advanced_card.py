"""Settings card: values that only the support should change."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QWidget

from bonifiq_desktop.storage.settings import Settings
from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, text_field
from bonifiq_desktop.worker.commands import CurrentSettings


class AdvancedCard(SettingsCard):
    """The account code enters every cancel key: it must be the same at all tills of a shop."""

    def __init__(self) -> None:
        super().__init__(self.tr("Avançado: mude só com o suporte"))
        self._account = text_field("settingsAccount")
        self._order_paths = combo_box(
            "settingsOrderPaths",
            [(self.tr("Balcão (POS), o normal"), "POS"), (self.tr("Pedidos (Order)"), "Order")],
        )
        self._send_products = QCheckBox(self.tr("Enviar os itens junto com a devolução"))
        self._send_products.setObjectName("settingsSendProducts")
        self._trust_used_key = QCheckBox(self.tr("Protocolo já usado numa repetição quer dizer que a devolução valeu"))
        self._trust_used_key.setObjectName("settingsTrustUsedKey")
        self.inside.addLayout(
            captions_left(
                (self.tr("Código da loja (igual em todos os caixas)"), self._account),
                (self.tr("Tipo de chamada nas devoluções"), self._order_paths),
            )
        )
        self.inside.addWidget(self._send_products)
        self.inside.addWidget(self._trust_used_key)

    def enter_chain(self) -> tuple[QWidget, ...]:
        """Return the fields in the order of Enter."""
        return self._account, self._order_paths

    def show_settings(self, current: CurrentSettings) -> None:
        """Show the settings in force."""
        settings = current.settings
        self._account.setText(settings.account)
        self._order_paths.setCurrentIndex(max(0, self._order_paths.findData(settings.order_paths)))
        self._send_products.setChecked(settings.send_refund_products)
        self._trust_used_key.setChecked(settings.trust_used_key)

    def apply_to(self, settings: Settings) -> Settings:
        """Return `settings` with this card's values."""
        return replace(
            settings,
            account=self._account.text().strip(),
            order_paths=str(self._order_paths.currentData()),
            send_refund_products=self._send_products.isChecked(),
            trust_used_key=self._trust_used_key.isChecked(),
        )
