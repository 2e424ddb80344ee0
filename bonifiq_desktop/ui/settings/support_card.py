"""The file that the support asks for: one press to choose where, one to save."""

from datetime import date

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.ui.messages.errors import message_for_error, message_for_saved_support_file
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.labels import KeyButton, card, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, SaveSupportFile


class SupportCard(QWidget):
    """`page`: the screen that it is on; its parts are named for it."""

    def __init__(self, page: str, client: WorkerClient, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._client = client
        self._path = ""
        self._save = KeyButton(f"{page}Support", self.tr("Arquivo para o suporte"), "Ctrl+G", has_shortcut=True)
        self._save.clicked.connect(self._choose_file)
        self._message = Banner(f"{page}SupportMessage")
        what = label(
            self.tr("Diz ao suporte como está este caixa. Não leva dados de clientes, nem token e chave."), "muted"
        )
        what.setWordWrap(True)
        frame, inside = card()
        line = QHBoxLayout()
        line.addWidget(what, 1)
        line.addWidget(self._save)
        inside.addLayout(line)
        inside.addWidget(self._message)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    @Slot()
    def _choose_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self, self.tr("Salvar o arquivo para o suporte"), folder, self.tr("Arquivo (*.zip)"))
        dialog.setObjectName(f"{self._page}SupportDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.selectFile(f"suporte-bonifiq-{date.today():%Y-%m-%d}.zip")  # noqa: DTZ011 - the day at the counter
        dialog.fileSelected.connect(self._save_to)
        dialog.open()

    @Slot(str)
    def _save_to(self, path: str) -> None:
        self._path = path
        self._save.setEnabled(False)
        self._client.submit(SaveSupportFile(path), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        self._save.setEnabled(True)
        self._message.show_message(
            message_for_saved_support_file(self._path) if outcome.error is None else message_for_error(outcome.error)
        )
