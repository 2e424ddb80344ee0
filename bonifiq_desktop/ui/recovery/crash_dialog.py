"""Something unexpected happened: what is safe, where the report is, and how to go on."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.ui.processes import open_folder
from bonifiq_desktop.ui.widgets.forms import text_field
from bonifiq_desktop.ui.widgets.labels import KeyButton, label

_WIDTH = 600


class CrashDialog(QDialog):
    """`report`: where it was kept; None when it could not be."""

    def __init__(self, report: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._report = report
        self.setObjectName("crashDialog")
        self.setWindowTitle(self.tr("Aconteceu algo que o programa não esperava"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        go_on = KeyButton("crashContinue", self.tr("Continuar"), "Enter", look="main", tall=True)
        go_on.clicked.connect(self.accept)
        folder = KeyButton("crashFolder", self.tr("Abrir a pasta"), "Ctrl+O", has_shortcut=True, tall=True)
        folder.clicked.connect(self._open_folder)
        buttons = QHBoxLayout()
        if report is not None:
            buttons.addWidget(folder)
        buttons.addStretch(1)
        buttons.addWidget(go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        title = label(self.windowTitle(), "title")
        title.setWordWrap(True)
        layout.addWidget(title)
        for sentence in self._sentences():
            shown = label(sentence)
            shown.setWordWrap(True)
            layout.addWidget(shown)
        if report is not None:
            layout.addWidget(self._where(report))
        layout.addLayout(buttons)
        go_on.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.adjustSize()  # only now it is known how high the wrapped lines are

    def _sentences(self) -> list[str]:
        kept = self.tr("Um relatório para o suporte foi salvo, sem dados de clientes:")
        lost = self.tr("O relatório para o suporte não pôde ser salvo neste PC. Veja se o disco está cheio.")
        return [
            self.tr("O que já estava registrado continua guardado; confira o Histórico (F4) antes de repetir."),
            self.tr("Se acontecer de novo, feche o programa, abra outra vez e avise o suporte."),
            lost if self._report is None else kept,
        ]

    def _where(self, report: Path) -> QWidget:
        """A field, so that a long path can be read, marked and copied."""
        field = text_field("crashReport")
        field.setText(str(report))
        field.setReadOnly(True)
        field.setCursorPosition(0)
        field.setAccessibleName(self.tr("Relatório"))
        return field

    @Slot()
    def _open_folder(self) -> None:
        if self._report is not None:
            open_folder(str(self._report.parent))
