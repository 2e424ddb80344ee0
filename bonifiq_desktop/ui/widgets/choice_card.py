"""Card of one choice: a radio button, a recommendation or a warning, and what the choice will do."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QRadioButton, QVBoxLayout

from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import paragraph

_GAP, _PADDING, _INDENT = 8, 12, 26  # pixels at 100 %


class _Title(QRadioButton):
    def hitButton(self, position: QPoint) -> bool:
        """Take a press in the whole row, and not on the letters alone."""
        return self.rect().contains(position)


class ChoiceCard(QFrame):
    """The whole card chooses it. Object names: `name` of the button, `<name>Advice`, `<name>Effect`."""

    def __init__(self, name: str, title: str, effect: str = "") -> None:
        super().__init__()
        self.setProperty("look", "choiceCard")
        self.button: QRadioButton = _Title(title.replace("&", "&&"))
        self.button.setObjectName(name)
        self.button.toggled.connect(self._show_chosen)
        self._effect = paragraph(effect, "muted", f"{name}Effect")
        if not effect:
            self._effect.hide()  # `setVisible(True)` would open a window, as long as it has no parent
        self._advice = paragraph("", "advice", f"{name}Advice")
        below = QVBoxLayout()
        below.setContentsMargins(px(_INDENT), 0, 0, 0)
        below.setSpacing(px(_GAP) // 2)
        below.addWidget(self._advice)
        below.addWidget(self._effect)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(_PADDING), px(_GAP) // 2, px(_PADDING), px(_GAP))
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addLayout(below)
        self.show_advice("")

    def show_advice(self, advice: str, *, tone: str = "success") -> None:
        """Recommend the choice, or warn of it with the tone `warning`; an empty text does neither."""
        mark = "✓" if tone == "success" else "⚠"
        self._advice.setText(f"{mark} {advice}" if advice else "")
        self._advice.setVisible(bool(advice))
        set_variant(self._advice, tone=tone)
        set_variant(self, recommended="true" if advice and tone == "success" else "false")
        self.button.setAccessibleDescription(" ".join(filter(None, (advice, self._effect.text()))))

    def _show_chosen(self, checked: bool) -> None:
        set_variant(self, chosen="true" if checked else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.button.isEnabled():
            self.button.setFocus()
            self.button.setChecked(True)
