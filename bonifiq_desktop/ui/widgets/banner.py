"""Notice: an icon, a title and the lines below it; readable from a metre away."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.operations import message_for_operation, with_stop_reason
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.chip import TONE_TOKENS
from bonifiq_desktop.ui.widgets.icon_view import IconView
from bonifiq_desktop.ui.widgets.labels import breakable, label
from bonifiq_desktop.ui.widgets.message_code import MessageCode
from bonifiq_desktop.ui.widgets.sounds import play_for
from bonifiq_desktop.worker.commands import Status

_ICONS = {"success": "done", "info": "info", "warning": "alert", "danger": "alert"}
_RESERVED = 64  # pixels at 100 %: the title and one line


class Notice(QFrame):
    """Shows a Message; hidden while it has none. `text()` is the message as plain text.

    `reserved`: the notice keeps the room of two lines while it is hidden, so that nothing moves when it comes.
    """

    def __init__(self, name: str, parent: QWidget | None = None, *, reserved: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._plain_text = ""
        self._waits_for_parent = False
        self.is_quiet = False  # another widget announces its text
        self.setProperty("look", "notice")
        self._icon = IconView(pixels=24)
        self._title = _text("noticeTitle")
        self._body = _text("noticeBody")
        lines = QVBoxLayout()
        lines.setSpacing(px(2))
        lines.addWidget(self._title)
        lines.addWidget(self._body)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(8), px(12), px(8))
        row.setSpacing(px(12))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        self._code = MessageCode()
        row.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        policy.setRetainSizeWhenHidden(reserved)
        self.setSizePolicy(policy)
        if reserved:
            self.setMinimumHeight(px(_RESERVED))
        self.hide()

    def fit_text(self) -> None:
        """Take the height of the text at the notice's own width; Qt reserves what a narrow column would need."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add_at_the_right(self, buttons: QLayout) -> None:
        """Add the buttons of what can be done about the message."""
        self._row.addLayout(buttons)

    def show_message(self, message: Message) -> None:
        rest = [part for part in (message.effect, message.action) if part]
        is_new = self._plain_text != "\n".join([message.title, *rest])
        self._plain_text = "\n".join([message.title, *rest])
        self._title.setText(breakable(message.title))
        self._body.setText(breakable("\n".join(rest)))
        self._body.setVisible(bool(rest))
        self._code.show_code(message.code)
        self._icon.show_icon(_ICONS.get(message.tone, "info"), TONE_TOKENS.get(message.tone, "text2"))
        self.setAccessibleName(self._plain_text)
        set_variant(self, tone=message.tone)
        set_variant(self._title, tone=message.tone)
        self._come_into_sight()
        if is_new and self.isVisible() and not self.is_quiet:
            announce(self, " ".join(map(_sentence, [message.title, *rest])), urgent=message.tone == "danger")
            play_for(message.tone)

    def _come_into_sight(self) -> None:
        """Wait for a parent: without one, the notice would be a window of its own and take the keys from the page."""
        self._waits_for_parent = self.parentWidget() is None
        if not self._waits_for_parent:
            self.show()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange and self._waits_for_parent:
            self._come_into_sight()
        return super().event(event)

    def say(self, tone: str, title: str, effect: str = "", action: str = "", *, code: str = "") -> None:
        self.show_message(Message(tone, title, effect, action, code))

    def show_error(self, error: Exception) -> None:
        self.show_message(message_for_error(error))

    def clear(self) -> None:
        self._plain_text = ""
        self._title.clear()
        self._body.clear()
        self._code.show_code("")
        self.setAccessibleName("")
        self._waits_for_parent = False
        self.hide()

    def text(self) -> str:
        return self._plain_text


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…", ":")) else f"{text}."


def _text(look: str) -> QLabel:
    made = label("", look)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class OutcomeBanner(Notice):
    """Follows one operation; its dynamic property `state` is the operation's state."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.operation: Operation | None = None
        self._status: Status | None = None

    def follows(self, operation: Operation) -> bool:
        return self.operation is not None and self.operation.operation_id == operation.operation_id

    def use_status(self, status: Status) -> None:
        """Show the next operation with this status."""
        self._status = status

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
