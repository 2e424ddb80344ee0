"""Dialog after an unexpected error: what is safe, where the report is, how to continue."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.ui.processes import open_folder
from bonifiq_desktop.ui.widgets.dialog_frame import SmallDialog, button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton

_WIDTH = 600


class CrashDialog(SmallDialog):
    """`report`: the crash report; None if it could not be saved."""

    def __init__(self, report: Path | None, parent: QWidget) -> None:
        super().__init__("crashDialog", self.tr("Aconteceu algo que o programa não esperava"), _WIDTH, parent)
        self._report = report
        resume = KeyButton("crashContinue", self.tr("Continuar"), "Enter", self.accept, look="main", tall=True)
        open_report = self.tr("Abrir a pasta")
        folder = KeyButton("crashFolder", open_report, "Ctrl+O", self._open_folder, has_shortcut=True, tall=True)
        saved = self.tr("Um relatório para o suporte foi salvo, sem dados de clientes:")
        lost = self.tr("O relatório para o suporte não pôde ser salvo neste PC. Veja se o disco está cheio.")
        field = text_field("crashReport")  # so that a long path can be read, selected and copied
        field.setText(str(report))
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setAccessibleName(self.tr("Relatório"))
        sentences = (
            self.tr("O que já estava registrado continua guardado; confira o Histórico (F4) antes de repetir."),
            self.tr("Se acontecer de novo, feche o programa, abra outra vez e avise o suporte."),
            saved if report else lost,
        )
        self.fill(
            paragraph(self.windowTitle(), "title"),
            *map(paragraph, sentences),
            *([field] if report else []),
            button_row(*([folder] if report else []), right=(resume,)),
        )
        resume.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.adjustSize()  # the height of wrapped lines is known only now

    @Slot()
    def _open_folder(self) -> None:
        if self._report is not None:
            open_folder(str(self._report.parent))
