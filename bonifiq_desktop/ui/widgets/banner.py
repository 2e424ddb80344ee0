"""A message that is read from a metre away: a bold first line and what it means below."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.messages.stopped_sending import with_stop_reason
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.labels import breakable
from bonifiq_desktop.worker.commands import Status


class Banner(QLabel):
    """Shows Words; hidden while it has none. `text()` is plain, whatever is in it comes out as it went in."""

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

    def show_message(self, words: Message) -> None:
        """Show a message; server and customer text in it stays plain text."""
        rest = [part for part in (words.effect, words.action) if part]
        self._plain_text = "\n".join([words.title, *rest])
        lines = "".join(f"<div style='margin-top:4px'>{escape(breakable(part))}</div>" for part in rest)
        super().setText(f"<div style='font-size:large'><b>{escape(breakable(words.title))}</b></div>{lines}")
        self.setAccessibleName(self._plain_text)
        set_variant(self, tone=words.tone)
        self.show()

    def clear(self) -> None:
        """Nothing to say."""
        self._plain_text = ""
        super().clear()
        self.setAccessibleName("")
        self.hide()

    def text(self) -> str:
        """The message as plain text, a line per part."""
        return self._plain_text


class OutcomeBanner(Banner):
    """Follows one operation; its dynamic property `state` is the operation's state."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.operation: Operation | None = None
        self._status: Status | None = None

    def set_status(self, status: Status) -> None:
        """What the worker told of the sending as a whole."""
        self._status = status
        if self.operation is not None:
            self.show_operation(self.operation)

    def show_operation(self, operation: Operation) -> None:
        """Show where an operation stands now."""
        self.operation = operation
        self.setProperty("state", operation.state.value)
        self.show_message(with_stop_reason(message_for_operation(operation), operation, self._status))

    def clear_operation(self) -> None:
        """Follow nothing."""
        self.operation = None
        self.setProperty("state", "")
        self.clear()
