"""What an empty list or page shows: an icon, a sentence, and what to do next."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph
from bonifiq_desktop.ui.widgets.icon_view import IconView

_ICON = 48  # pixels at 100 %


class EmptyState(QWidget):
    """In the middle of its room."""

    def __init__(self, icon: str, sentence: str, action: ActionButton | None = None) -> None:
        super().__init__()
        self._sentence = paragraph(sentence, "hint")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._icon = IconView(icon, "text2", _ICON)
        layout = QVBoxLayout(self)
        layout.setSpacing(px(16))
        layout.addStretch(1)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._sentence)
        if action is not None:
            layout.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def show_state(self, icon: str, sentence: str) -> None:
        self._icon.show_icon(icon, "text2")
        self._sentence.setText(sentence)

    def text(self) -> str:
        return self._sentence.text()
