"""The installed version, and the button that lets the next start take the other one."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.services.installed_versions import VersionState
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, ReadVersions, SwitchVersion


class VersionSwitch(QWidget):
    """On the settings page and on the recovery page; empty where the program is not in version folders.

    `page`: first part of the object names.
    """

    def __init__(self, page: str, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._text = paragraph("", "muted")
        self._text.setObjectName(f"{page}Version")
        self._button = ActionButton(f"{page}OtherVersion", "", tall=True)
        self._button.clicked.connect(self._switch)
        self._message = Notice(f"{page}VersionMessage")
        row = QHBoxLayout()
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._message)
        self._show_state(None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._message.clear()
            self._client.submit(ReadVersions(), self._read)

    def _read(self, outcome: Outcome[VersionState | None]) -> None:
        if outcome.error is None:
            self._show_state(outcome.value)

    def _show_state(self, state: VersionState | None) -> None:
        self._text.setVisible(state is not None)
        self._button.setVisible(state is not None and state.is_alternative_usable)
        if state is None:
            return
        text = self.tr("Versão deste programa: {0}.").format(state.running)
        if state.following != state.running:
            text += " " + self.tr("Na próxima abertura começa a versão {0}.").format(state.following)
        if state.alternative and not state.is_alternative_usable:
            text += " " + self.tr("A versão {0} não lê o histórico de agora.").format(state.alternative)
        self._text.setText(text)
        is_retry = state.alternative == state.failed
        button = self.tr("Tentar a versão {0} de novo") if is_retry else self.tr("Voltar à versão {0}")
        self._button.set_label(button.format(state.alternative))

    @Slot()
    def _switch(self) -> None:
        self._button.setEnabled(False)
        self._client.submit_with_approval(SwitchVersion(), self._switched, asker=self)

    def _switched(self, outcome: Outcome[VersionState]) -> None:
        self._button.setEnabled(True)
        if outcome.value is None:
            self._message.show_message(message_for_error(outcome.error or RuntimeError("outcome without value")))
            return
        self._show_state(outcome.value)
        self._message.show_message(
            Message(
                "success",
                self.tr("Na próxima vez que o programa for aberto, começa a versão {0}.").format(
                    outcome.value.following
                ),
                self.tr("O histórico e os ajustes continuam os mesmos."),
                self.tr("Feche o programa e abra de novo quando o caixa estiver livre."),
            )
        )
