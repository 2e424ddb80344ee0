"""The line under the pages: the connection and its age, that of the shop database, the till, the time.

Loaded before the first paint: see `widgets/labels.py` on PySide's `Qt` class.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from PySide6.QtCore import QTimerEvent

    from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
    from bonifiq_desktop.worker.commands import RemoteStatus, Status

_UPDATE_MS = 5000
_MINUTE, _HOUR, _DAY = 60, 3600, 86400  # seconds
_NAME = "BonifiQ"


class StatusStrip(QFrame):
    """`start` begins to follow the time."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusStrip")
        self._connection = label(self.tr("Abrindo…"), name="connectionStatus")
        self._status: Status | None = None
        self._till = label("", name="tillName")
        self._clock = label("", name="clock")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(px(16), 0, px(16), 0)
        self._row.setSpacing(px(8))
        self._row.addWidget(label(_NAME, "stripCaption"))
        self._row.addWidget(self._connection)
        self._elsewhere = label("", name="otherConnections")
        self._row.addWidget(self._elsewhere)
        self._shop = label("", name="shopDatabase")
        self._shop_status: ShopDatabaseStatus | None = None
        self._row.addWidget(self._shop)
        self._row.addStretch(1)
        self._row.addWidget(self._till)
        self._row.addWidget(self._clock)

    def start(self) -> None:
        self._show_time()
        self.startTimer(_UPDATE_MS)

    def timerEvent(self, event: "QTimerEvent") -> None:
        del event
        self._show_time()

    def take_pending(self, pending: QWidget) -> None:
        """Show what is unfinished here, where the side bar is too narrow for it."""
        self._row.removeWidget(pending)
        self._row.insertWidget(self._row.indexOf(self._till), pending)

    def set_till(self, name: str) -> None:
        self._till.setText(name)
        self._till.setAccessibleName(self.tr("Caixa {0}").format(name))

    def show_status(self, status: "Status") -> None:
        self._status = status
        self._show_time()

    def show_shop_database(self, status: "ShopDatabaseStatus") -> None:
        """Show how old the knowledge of the other tills is; nothing on a till that takes part in no shop database."""
        self._shop_status = status if status.shop else None
        self._show_time()

    def show_ledger_unavailable(self) -> None:
        """Show that the ledger cannot be used, so that nothing is sent."""
        self._show_words(self.tr("Nada é enviado por enquanto"), "danger")

    def show_worker_crash(self, tone: str) -> None:
        """Show that the worker ended; the notice says what to do."""
        self._show_words(self.tr("Parado"), tone)

    def _show_words(self, words: str, tone: str) -> None:
        self._status = None
        self._connection.setText(words)
        set_variant(self._connection, tone=tone)

    def _show_time(self) -> None:
        self._clock.setText(f"{datetime.now().astimezone():%H:%M}")
        if self._status is not None:
            words, tone = self._connection_text(self._status)
            age = self._age_text(self._status)
            self._connection.setText(f"{words} {age}" if age else words)
            set_variant(self._connection, tone=tone)
            self._show_elsewhere(self._status)
        self._show_shop()

    def _show_shop(self) -> None:
        if self._shop_status is None:
            self._shop.clear()
            return
        from bonifiq_desktop.ui.messages.shop_database import strip_text  # needed by few tills

        text, tone = strip_text(self._shop_status)
        self._shop.setText(text)
        set_variant(self._shop, tone=tone)

    def _show_elsewhere(self, status: "Status") -> None:
        """Name the marketplaces and web shops; only those in trouble while there are any."""
        troubles = [(each.name, self._trouble_text(each)) for each in status.elsewhere]
        wrong = [f"{name}: {words}" for name, words in troubles if words]
        self._elsewhere.setText("  ·  ".join(wrong or [name for name, _words in troubles]))
        is_tried = any(each.status is ConnectionStatus.ONLINE for each in status.elsewhere)
        set_variant(self._elsewhere, tone="danger" if wrong else "success" if is_tried else "neutral")

    def _trouble_text(self, remote: "RemoteStatus") -> str:
        if remote.stopped_by_credentials:
            return self.tr("recusou o acesso, envio parado (F9)")
        return {
            ConnectionStatus.NOT_SET_UP: self.tr("falta a chave ou a senha (F9)"),
            ConnectionStatus.OFFLINE: self.tr("sem conexão"),
            ConnectionStatus.CREDENTIALS: self.tr("recusou o acesso (F9)"),
            ConnectionStatus.TROUBLE: self.tr("sem resposta clara"),
        }.get(remote.status, "")

    def _age_text(self, status: "Status") -> str:
        """How long ago the connection answered last, or since when it has not."""
        has_age = status.connection in {ConnectionStatus.ONLINE, ConnectionStatus.OFFLINE, ConnectionStatus.TROUBLE}
        if not has_age or status.connection_at is None or _is_stopped(status):
            return ""
        seconds = int((datetime.now(UTC) - status.connection_at).total_seconds())
        if seconds < _MINUTE:
            return self.tr("agora") if status.connection is ConnectionStatus.ONLINE else ""
        if seconds < _HOUR:
            return self.tr("há {0} min").format(seconds // _MINUTE)
        if seconds < _DAY:
            return self.tr("há {0} h").format(seconds // _HOUR)
        return self.tr("há %n dia(s)", "", seconds // _DAY)

    def _connection_text(self, status: "Status") -> tuple[str, str]:
        if status.stopped_by_credentials:
            return self.tr("Token ou chave recusados: envio parado. Veja Ajustes (F9)."), "danger"
        if status.shop_unconfirmed:
            return self.tr("Token novo: falta dizer de que loja é (F9)"), "danger"
        return {
            ConnectionStatus.OPENING: (self.tr("Esperando o cofre de senhas deste computador…"), "neutral"),
            ConnectionStatus.NOT_SET_UP: (self.tr("Falta conectar (F9)"), "danger"),
            ConnectionStatus.UNTRIED: (self.tr("Pronto"), "neutral"),
            ConnectionStatus.ONLINE: (self.tr("Conectado"), "success"),
            ConnectionStatus.OFFLINE: (self.tr("Sem conexão"), "danger"),
            ConnectionStatus.CREDENTIALS: (self.tr("Token ou chave recusados (F9)"), "danger"),
            ConnectionStatus.TROUBLE: (self.tr("Sem resposta clara"), "danger"),
        }[status.connection]


def _is_stopped(status: "Status") -> bool:
    return status.stopped_by_credentials or status.shop_unconfirmed
