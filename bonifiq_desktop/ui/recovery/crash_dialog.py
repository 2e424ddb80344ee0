"""Sheet after an unexpected error: a code to read out, what is safe, the support file, how to continue."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from bonifiq_desktop.ui.processes import open_folder
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import ask_where_to_save, button_row, paragraph
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, SaveSupportFile

_WIDTH = 640


@dataclass(frozen=True)
class CrashReport:
    """`code`: read out to the support, the same for the same fault. `path`: None where no report could be saved."""

    code: str
    path: Path | None


class CrashDialog(Sheet):
    """The text of an exception is shown nowhere: it may hold a customer's data."""

    def __init__(self, client: WorkerClient, report: CrashReport, parent: QWidget) -> None:
        heading = self.tr("Aconteceu algo que o programa não esperava")
        super().__init__(parent, "crashDialog", heading, _WIDTH)
        self._client = client
        self._report = report
        self._code = label(report.code, "hero", "crashCode")
        self._code.setAccessibleName(self.tr("Código {0}").format(" ".join(report.code)))
        self._copy = ActionButton(
            "crashCopy", self.tr("Copiar"), "Ctrl+C", self._copy_code, icon="copy", has_shortcut=True
        )
        self._message = Notice("crashMessage")
        resume = ActionButton("crashContinue", self.tr("Continuar"), "Enter", self.accept, look="primary", tall=True)
        support = self.tr("Arquivo para o suporte")
        self._support = ActionButton(
            "crashSupport", support, "Ctrl+G", self._choose_file, icon="download", has_shortcut=True, tall=True
        )
        open_report = self.tr("Abrir a pasta")
        folder = ActionButton("crashFolder", open_report, "Ctrl+O", self._open_folder, has_shortcut=True, look="ghost")
        code = QHBoxLayout()
        code.addWidget(self._code)
        code.addWidget(self._copy)
        code.addStretch(1)
        if report.path is not None:
            code.addWidget(folder)
        self.fill(
            paragraph(heading, "title"),
            paragraph(self.tr("O que já foi registrado continua guardado; confira o Histórico (F4) antes de repetir.")),
            label(self.tr("Código para dizer ao suporte"), "caption"),
            code,
            paragraph(self._report_text(), "muted", "crashReport"),
            self._message,
            button_row(self._support, right=(resume,)),
        )
        resume.setFocus()

    def _report_text(self) -> str:
        if self._report.path is None:
            return self.tr("O relatório não pôde ser salvo neste PC. Veja se o disco está cheio.")
        return self.tr("Um relatório foi salvo, sem dados de clientes. Ele vai no arquivo para o suporte.")

    @Slot()
    def _copy_code(self) -> None:
        QApplication.clipboard().setText(self._report.code)
        self._copy.set_label(self.tr("Copiado"))

    @Slot()
    def _open_folder(self) -> None:
        if self._report.path is not None:
            open_folder(str(self._report.path.parent))

    @Slot()
    def _choose_file(self) -> None:
        ask_where_to_save(
            self,
            "crashSupportDialog",
            self.tr("Salvar o arquivo para o suporte"),
            file_name=f"suporte-bonifiq-{self._report.code}-{datetime.now().astimezone():%Y-%m-%d}.zip",
            filters={self.tr("Arquivo (*.zip)"): "zip"},
            save=self.save_to,
        )

    @Slot(str)
    def save_to(self, path: str) -> None:
        self._support.setEnabled(False)
        self._client.submit(SaveSupportFile(path), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        self._support.setEnabled(True)
        if outcome.error is not None:
            self._message.show_error(outcome.error)
        else:
            self._message.say("success", self.tr("Arquivo para o suporte salvo."))
