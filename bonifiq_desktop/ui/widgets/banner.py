"""Message banner, readable from a metre away: a bold title, and lines below it."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_operation, with_stop_reason
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.labels import breakable
from bonifiq_desktop.worker.commands import Status


class Banner(QLabel):
    """Shows a Message; hidden while it has none. `text()` is the message as plain text."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._plain_text = ""
        self.setProperty("look", "banner")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.hide()

    def show_message(self, message: Message) -> None:
        """Show a message. Its texts are escaped, because servers and customers write parts of them."""
        rest = [part for part in (message.effect, message.action) if part]
        self._plain_text = "\n".join([message.title, *rest])
        lines = "".join(f"<div style='margin-top:4px'>{escape(breakable(part))}</div>" for part in rest)
        super().setText(f"<div style='font-size:large'><b>{escape(breakable(message.title))}</b></div>{lines}")
        self.setAccessibleName(self._plain_text)
        set_variant(self, tone=message.tone)
        self.show()

    def say(self, tone: str, title: str, effect: str = "", action: str = "") -> None:
        self.show_message(Message(tone, title, effect, action))

    def show_error(self, error: Exception) -> None:
        self.show_message(message_for_error(error))

    def clear(self) -> None:
        self._plain_text = ""
        super().clear()
        self.setAccessibleName("")
        self.hide()

    def text(self) -> str:
        return self._plain_text


class OutcomeBanner(Banner):
    """Follows one operation; its dynamic property `state` is the operation's state."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.operation: Operation | None = None
        self._status: Status | None = None

    def follows(self, operation: Operation) -> bool:
        return self.operation is not None and self.operation.operation_id == operation.operation_id

    def set_status(self, status: Status) -> None:
        self._status = status
        if self.operation is not None:
            self.show_operation(self.operation)

    def show_operation(self, operation: Operation) -> None:
        self.operation = operation
        self.setProperty("state", operation.state.value)
        self.show_message(with_stop_reason(message_for_operation(operation), operation, self._status))

    def clear_operation(self) -> None:
        self.operation = None
        self.setProperty("state", "")
        self.clear()
