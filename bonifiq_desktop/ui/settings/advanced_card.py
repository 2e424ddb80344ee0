"""Settings card: values that only the support should change."""

from PySide6.QtWidgets import QCheckBox, QWidget

from bonifiq_desktop.ui.settings.card import SettingsCard
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box, text_field


class AdvancedCard(SettingsCard):
    """The account code enters every cancel key: it must be the same at all tills of a shop."""

    def __init__(self) -> None:
        super().__init__(self.tr("Avançado: mude só com o suporte"))
        account = self.bind("account", text_field("settingsAccount"))
        paths = [(self.tr("Balcão (POS), o normal"), "POS"), (self.tr("Pedidos (Order)"), "Order")]
        order_paths = self.bind("order_paths", combo_box("settingsOrderPaths", paths))
        self.enter_chain: tuple[QWidget, ...] = account, order_paths
        self.inside.addLayout(
            captions_left(
                (self.tr("Código da loja (igual em todos os caixas)"), account),
                (self.tr("Tipo de chamada nas devoluções"), order_paths),
            )
        )
        products = self.bind("send_refund_products", QCheckBox(self.tr("Enviar os itens junto com a devolução")))
        products.setObjectName("settingsSendProducts")
        used_key = self.tr("Protocolo já usado numa repetição quer dizer que a devolução valeu")
        trust = self.bind("trust_used_key", QCheckBox(used_key))
        trust.setObjectName("settingsTrustUsedKey")
        self.inside.addWidget(products)
        self.inside.addWidget(trust)
