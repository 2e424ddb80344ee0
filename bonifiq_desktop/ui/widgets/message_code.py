"""The code of a message, small beside it: what a person reads out to support or looks up in the help."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from bonifiq_desktop.ui.widgets.labels import tooltip

_NAME = "messageCode"


class MessageCode(QLabel):
    """Shows a code such as `PIN-03`; hidden without one."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(_NAME)
        self.setProperty("look", "code")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hide()

    def show_code(self, code: str) -> None:
        self.setText(code)
        self.setAccessibleName(self.tr("Código da mensagem: {0}").format(code) if code else "")
        self.setToolTip(tooltip(self.tr("F1 explica esta mensagem") if code else ""))
        self.setVisible(bool(code))


def codes_shown(place: QWidget) -> tuple[str, ...]:
    """The codes that can be seen in a widget, each once, top down."""
    labels = [each for each in place.findChildren(MessageCode, _NAME) if each.isVisible() and each.text()]
    labels.sort(key=lambda each: each.mapTo(place, each.rect().topLeft()).y())
    return tuple(dict.fromkeys(each.text() for each in labels))
