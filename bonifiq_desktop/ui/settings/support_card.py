"""Card that saves the support file; on the settings page and on the recovery page."""

from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, lay_out, paragraph
from bonifiq_desktop.ui.widgets.labels import card
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, SaveSupportFile


class SupportCard(QWidget):
    """`page`: first part of the object names."""

    def __init__(self, page: str, client: WorkerClient) -> None:
        super().__init__()
        self._page = page
        self._client = client
        self._path = ""
        button = self.tr("Arquivo para o suporte")
        self._save = ActionButton(f"{page}Support", button, "Ctrl+G", self._choose_file, has_shortcut=True)
        self._message = Notice(f"{page}SupportMessage")
        what = self.tr("Diz ao suporte como está este caixa. Não leva dados de clientes, nem token e chave.")
        row = QHBoxLayout()
        row.addWidget(paragraph(what, "muted"), 1)
        row.addWidget(self._save)
        frame, inside = card()
        inside.addLayout(row)
        inside.addWidget(self._message)
        lay_out(self, frame)

    @Slot()
    def _choose_file(self) -> None:
        ask_where_to_save(
            self,
            f"{self._page}SupportDialog",
            self.tr("Salvar o arquivo para o suporte"),
            file_name=f"suporte-bonifiq-{datetime.now().astimezone():%Y-%m-%d}.zip",
            filters={self.tr("Arquivo (*.zip)"): "zip"},
            save=self._save_to,
        )

    @Slot(str)
    def _save_to(self, path: str) -> None:
        self._path = path
        self._save.setEnabled(False)
        self._client.submit(SaveSupportFile(path), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        self._save.setEnabled(True)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
            return
        self._message.say(
            "success",
            self.tr("Arquivo para o suporte salvo."),
            self.tr("Ele não tem dados de clientes, nem token e chave."),
            self.tr("Envie ao suporte: {0}").format(self._path),
        )
