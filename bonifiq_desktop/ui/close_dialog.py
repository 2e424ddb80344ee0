"""Closing the window while something is unfinished: it is safe, and the person decides."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.ui.widgets.labels import KeyButton, label

_WIDTH = 560


class CloseDialog(QDialog):
    """Accepted: leave. `pending`: goes on by itself at the next start; `review`: waits for a person."""

    def __init__(self, pending: int, review: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("leaveDialog")
        self.setWindowTitle(self.tr("Fechar o programa?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        leave = KeyButton("leaveAnyway", self.tr("Fechar"), "Enter", look="main", tall=True)
        leave.clicked.connect(self.accept)
        stay = KeyButton("leaveStay", self.tr("Voltar"), "Esc", tall=True)
        stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addWidget(stay)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "title"))
        for sentence in self._sentences(pending, review):
            line = label(sentence)
            line.setWordWrap(True)
            layout.addWidget(line)
        layout.addLayout(buttons)
        leave.setFocus()

    def _sentences(self, pending: int, review: int) -> list[str]:
        sentences = []
        if pending:
            sentences.append(
                self.tr(
                    "%n registro(s) ainda não têm a confirmação do BonifiQ. "
                    "Estão guardados neste PC e seguem sozinhos quando o programa abrir de novo.",
                    "",
                    pending,
                )
            )
        if review:
            sentences.append(
                self.tr("%n registro(s) esperam decisão no Histórico. Estão guardados neste PC até lá.", "", review)
            )
        return sentences
