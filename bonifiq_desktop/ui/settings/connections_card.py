"""Settings card: the connections to marketplaces and web shops."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.returns import CounterReason
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, button_row, lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import card, label
from bonifiq_desktop.ui.widgets.second_press import SecondPress
from bonifiq_desktop.ui.widgets.tables import fit_rows, set_headings, style_table
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import ConnectionInfo, Outcome, ReadConnections, RemoveConnection

_ROW_HEIGHT, _MAX_ROWS = 44, 6
_SYSTEM_NAMES = {"mirakl": "Mirakl", "akinon": "Akinon"}


class ConnectionsCard(QWidget):
    """Each change is stored at once, so that the card has nothing to save with the section."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._keyring_usable = False
        self._connections: tuple[ConnectionInfo, ...] = ()
        self._table = QTableWidget(0, 3)
        self._table.setObjectName("connectionsTable")
        self._table.setAccessibleName(self.tr("Conexões com marketplaces e lojas on-line"))
        style_table(self._table, _ROW_HEIGHT)
        set_headings(self._table, [self.tr("Nome"), self.tr("Sistema"), self.tr("Estado")], amounts=set())
        self._message = Notice("connectionsMessage")
        self._second_press = SecondPress(self._message)
        self._add = ActionButton("connectionsAdd", self.tr("Nova conexão"), action=self._open_new)
        self._change = ActionButton("connectionsChange", self.tr("Mudar"), action=self._open_selected)
        self._remove = ActionButton(
            "connectionsRemove", self.tr("Remover"), action=self._remove_selected, look="dangerGhost"
        )
        for button in (self._add, self._change):
            button.setEnabled(False)
        frame, inside = card()
        add_all(
            inside,
            label(self.tr("Marketplaces e loja on-line"), "section"),
            paragraph(
                self.tr("Uma devolução no balcão cancela ou reembolsa também lá, onde a venda foi feita."), "muted"
            ),
            self._table,
            button_row(self._add, self._change, self._remove),
            self._message,
        )
        lay_out(self, frame)
        self._table.doubleClicked.connect(self._open_selected)
        client.statusChanged.connect(self._read)
        self._show(())

    def set_keyring_usable(self, *, usable: bool) -> None:
        """Whether a secret can be sealed here; otherwise the sheet asks for consent to a file.

        No sheet opens before this is known.
        """
        self._keyring_usable = usable
        for button in (self._add, self._change):
            button.setEnabled(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    @Slot()
    def _read(self) -> None:
        if self.isVisible():
            self._client.submit(ReadConnections(), self._received)

    def _received(self, outcome: Outcome[tuple[ConnectionInfo, ...]]) -> None:
        if outcome.value is not None:
            self._show(outcome.value)

    def _show(self, connections: Sequence[ConnectionInfo]) -> None:
        row = self._table.currentRow()
        self._connections = tuple(connections)
        self._table.setRowCount(len(connections))
        for place, info in enumerate(connections):
            texts = (info.settings.name, _SYSTEM_NAMES[info.settings.system], self._state_text(info))
            for column, text in enumerate(texts):
                self._table.setItem(place, column, QTableWidgetItem(text))
        fit_rows(self._table, _MAX_ROWS)
        if connections:
            self._table.setCurrentCell(min(max(row, 0), len(connections) - 1), 0)
        for widget in (self._table, self._change, self._remove):
            widget.setVisible(bool(connections))

    def _state_text(self, info: ConnectionInfo) -> str:
        states = {
            ConnectionStatus.ONLINE: self.tr("Conectado"),
            ConnectionStatus.OFFLINE: self.tr("Sem conexão"),
            ConnectionStatus.CREDENTIALS: self.tr("Chave ou senha recusada"),
            ConnectionStatus.TROUBLE: self.tr("Sem resposta clara"),
        }
        if not info.has_secret:
            return self.tr("Falta a chave ou a senha")
        if info.stopped_by_credentials:
            return states[ConnectionStatus.CREDENTIALS]
        unmapped = len(CounterReason) - len(info.settings.reasons)
        parts = [states.get(info.status, self.tr("Pronto"))]
        if unmapped:
            parts.append(self.tr("%n motivo(s) sem código", "", unmapped))
        if info.lines_refused:
            parts.append(self.tr("não cancela só alguns itens"))
        return " · ".join(parts)

    def _selected(self) -> ConnectionInfo | None:
        row = self._table.currentRow()
        return self._connections[row] if 0 <= row < len(self._connections) else None

    # --- actions

    @Slot()
    def _open_new(self) -> None:
        self._open(None)

    @Slot()
    def _open_selected(self) -> None:
        if self._selected() is not None and self._change.isEnabled():
            self._open(self._selected())

    def _open(self, info: ConnectionInfo | None) -> None:
        from bonifiq_desktop.ui.settings.connection_sheet import ConnectionSheet  # few starts need it

        self._message.clear()
        sheet = ConnectionSheet(self._client, info, self, keyring_usable=self._keyring_usable)
        sheet.saved.connect(self._saved)
        sheet.open()

    @Slot(object)
    def _saved(self, connections: tuple[ConnectionInfo, ...]) -> None:
        self._show(connections)
        self._message.say("success", self.tr("Conexão salva."))

    @Slot()
    def _remove_selected(self) -> None:
        info = self._selected()
        if info is None:
            return
        name = info.settings.name
        question = Message(
            "warning",
            self.tr("Remover a conexão {0}?").format(name),
            self.tr("As devoluções já feitas continuam no histórico. A chave ou senha é apagada deste computador."),
            self.tr("Para remover, aperte o botão outra vez."),
        )
        if self._second_press.confirms(name, question):
            self._client.submit_with_approval(RemoveConnection(name), self._removed, asker=self)

    def _removed(self, outcome: Outcome[tuple[ConnectionInfo, ...]]) -> None:
        if outcome.value is None:
            self._message.show_error(outcome.error or RuntimeError("outcome without value"))
            return
        self._show(outcome.value)
        self._message.say("success", self.tr("Conexão removida."))
