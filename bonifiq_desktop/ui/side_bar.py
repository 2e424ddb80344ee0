"""The main window's left side: one button per screen, the count of unfinished operations, and the connection.

Loaded before the first paint: see `widgets/labels.py` on PySide's `Qt` class.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from bonifiq_desktop.domain.updates import Release
    from bonifiq_desktop.worker.commands import Status

_WIDTH = 210

SCREEN_KEYS = {"navLookup": "F2", "navSale": "F3", "navHistory": "F4", "navSettings": "F9"}
"""The key of each screen, by the object name of its button."""


class SideBar(QFrame):
    """`screenChosen` carries the object name of the clicked button.

    A QFrame: a subclass of QWidget would not paint the background of the style sheet.
    """

    screenChosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sideBar")
        self.setFixedWidth(_WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        self._connection = label(self.tr("● Abrindo…"), name="connectionStatus")
        self._pending = label("", name="pendingCount")
        self._update = label("", name="updateNotice")
        self._update.hide()
        self._newer_release: Release | None = None
        self._dismissed_release: Release | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(label("BonifiQ", name="programName"))
        texts = (self.tr("Consultar"), self.tr("Nova venda"), self.tr("Histórico"), self.tr("Ajustes"))
        for (name, key), text in zip(SCREEN_KEYS.items(), texts, strict=True):
            self._layout.addWidget(self._add_button(name, text, key))
        self._layout.addStretch(1)
        for text_label in (self._update, self._pending, self._connection):
            text_label.setWordWrap(True)
            self._layout.addWidget(text_label)
        self.buttons["navLookup"].setChecked(True)

    def _add_button(self, name: str, text: str, key: str) -> QPushButton:
        button = QPushButton(text)
        hint = QHBoxLayout(button)
        hint.setContentsMargins(0, 0, 14, 0)
        hint.addStretch(1)
        hint.addWidget(label(key))
        button.setObjectName(name)
        button.setProperty("look", "nav")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: self.screenChosen.emit(name))
        self.buttons[name] = button
        return button

    def insert_above_pending(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self._layout.insertWidget(self._layout.indexOf(self._pending), widget)

    def uncheck_all(self) -> None:
        for button in self.buttons.values():
            button.setAutoExclusive(False)
            button.setChecked(False)
            button.setAutoExclusive(True)

    def show_status(self, status: "Status") -> None:
        """Show the connection, the unfinished operations, and a newer release until it is dismissed."""
        self._newer_release = status.newer_release
        if self._newer_release is not None:
            self._update.setText(self.tr("Versão nova: {0}\nVeja Ajustes (F9).").format(self._newer_release.name))
        self._update.setVisible(self._newer_release not in {None, self._dismissed_release})
        self._show_connection(*self._connection_text(status))
        other_shop = status.pending_for_other_shop
        lines = []
        if status.contradictions:
            lines.append(self.tr("%n registro(s) para conferir no BonifiQ", "", status.contradictions))
        if status.review:
            lines.append(self.tr("%n registro(s) esperam decisão", "", status.review))
        if other_shop:
            lines.append(self.tr("%n registro(s) de outra loja ou endereço esperam", "", other_shop))
        if status.pending > other_shop:
            lines.append(self.tr("%n registro(s) em andamento", "", status.pending - other_shop))
        self._pending.setText("\n".join(lines) or self.tr("Nada pendente"))
        needs_person = status.review or status.contradictions
        set_variant(self._pending, tone="danger" if needs_person else "warning" if status.pending else "neutral")

    def dismiss_update(self) -> None:
        """Hide the newer release until the next start: the settings page says where to get it."""
        self._dismissed_release = self._newer_release
        self._update.hide()

    def show_ledger_unavailable(self) -> None:
        """Show that the ledger cannot be used, so that nothing is sent."""
        self._pending.setText(self.tr("Histórico fora de uso"))
        set_variant(self._pending, tone="danger")
        self._show_connection(self.tr("Nada é enviado por enquanto"), "danger")

    def show_worker_crash(self, tone: str) -> None:
        """Show that the worker ended, so that the program must be started again."""
        self._show_connection(self.tr("Parado: feche e abra o programa"), tone)

    def _show_connection(self, text: str, tone: str) -> None:
        self._connection.setText(f"● {text}")
        set_variant(self._connection, tone=tone)

    def _connection_text(self, status: "Status") -> tuple[str, str]:
        if status.stopped_by_credentials:
            return self.tr("Token ou chave recusados: envio parado. Veja Ajustes (F9)."), "danger"
        if status.shop_unconfirmed:
            return self.tr("Token novo: falta dizer de que loja é (F9)"), "danger"
        return {
            ConnectionStatus.OPENING: (self.tr("Esperando o cofre de senhas deste computador…"), "neutral"),
            ConnectionStatus.NOT_SET_UP: (self.tr("Falta configurar (F9)"), "danger"),
            ConnectionStatus.UNTRIED: (self.tr("Pronto"), "neutral"),
            ConnectionStatus.ONLINE: (self.tr("Conectado ao BonifiQ"), "success"),
            ConnectionStatus.OFFLINE: (self.tr("Sem conexão com o BonifiQ"), "danger"),
            ConnectionStatus.CREDENTIALS: (self.tr("Token ou chave recusados (F9)"), "danger"),
            ConnectionStatus.TROUBLE: (self.tr("Sem resposta clara do BonifiQ"), "danger"),
        }[status.connection]
