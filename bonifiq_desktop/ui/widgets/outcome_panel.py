"""Outcome of what was registered: an icon, one sentence, what it means, the time to undo it, its key."""

from math import ceil
from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget

from bonifiq_desktop.domain import undo
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.messages.money_legs import customer_sentence, main_leg
from bonifiq_desktop.ui.messages.operations import message_for_operation, with_stop_reason
from bonifiq_desktop.ui.printing.print_button import print_button
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.announcer import announce
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.chip import TONE_TOKENS
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.icon_view import IconView
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label
from bonifiq_desktop.ui.widgets.leg_outcomes import LegOutcomes
from bonifiq_desktop.ui.widgets.message_code import MessageCode
from bonifiq_desktop.ui.widgets.sounds import play_for
from bonifiq_desktop.worker.commands import Status

_TICK_MS = 100
_ICON_SIZE = 56  # pixels at 100 %
_ICONS = {
    State.QUEUED: "clock",
    State.SENDING: "clock",
    State.UNKNOWN: "question",
    State.CONFIRMED: "done",
    State.WITHDRAWN: "info",
}


class OutcomePanel(QFrame):
    """Follows one operation, or all legs of a return. Dynamic properties: `state` of the operation, `tone`.

    Of a return, the operation is BonifiQ's leg, or the worst leg without it.

    `undoPressed`: the person takes the operation back; offered for `undo.UNDO_SECONDS` while it is queued.
    """

    undoPressed = Signal()
    printPressed = Signal()

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}Outcome")
        self.setProperty("look", "outcome")
        self.operation: Operation | None = None
        self._message = Message("info", "")
        self._status: Status | None = None
        self._undo_until = 0.0
        self._followed: dict[int, Operation] = {}
        self._legs = LegOutcomes()
        self._icon = IconView(pixels=_ICON_SIZE)
        self._title = UntrustedLabel("outcomeTitle", f"{prefix}Sentence")
        self._details = UntrustedLabel("", f"{prefix}Details")
        self._code = MessageCode()
        self._balance = UntrustedLabel("strong", f"{prefix}Balance")
        self._key_caption = label(self.tr("Protocolo"), "caption")
        self._key = label("", "key", f"{prefix}Key")
        self._key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._key_caption.setBuddy(self._key)
        self._copy = ActionButton(f"{prefix}Copy", self.tr("Copiar"), "", self._copy_key, look="ghost", icon="copy")
        self._undo_button = ActionButton(f"{prefix}Undo", "", "Ctrl+Z", self.undoPressed, has_shortcut=True)
        self._print = print_button(f"{prefix}Print", self.printPressed.emit)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._count_down)
        top_row = QHBoxLayout()
        top_row.addWidget(self._icon)
        top_row.addStretch(1)
        top_row.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        key_row = QHBoxLayout()
        key_row.addWidget(self._key_caption, 1)
        key_row.addWidget(self._copy)
        lay_out(
            self,
            top_row,
            self._title,
            self._details,
            self._legs,
            self._undo_button,
            self._balance,
            key_row,
            self._key,
            self._print,
            spacing=px(12),
        )
        for optional in (self._undo_button, self._balance, self._key_caption, self._key, self._copy):
            optional.hide()
        self.hide()

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What is followed: the operation, or all legs of a return."""
        return tuple(self._followed.values())

    @property
    def is_return(self) -> bool:
        """Whether a marketplace or web shop has a part in it."""
        return any(operation.kind is Kind.RETURN for operation in self.operations)

    def follows(self, operation: Operation) -> bool:
        return operation.operation_id in self._followed

    def followed(self, operation: Operation) -> Operation | None:
        """The operation as it was shown before; None for one that is not followed."""
        return self._followed.get(operation.operation_id)

    def text(self) -> str:
        """Return the whole message as plain text."""
        parts = (self._message.title, self._message.effect, self._message.action)
        return "\n".join(filter(None, (*parts, self._legs.text())))

    def show_registered(self, *operations: Operation, undoable: bool = False) -> None:
        """Show newly registered operations; `undoable`: the worker holds them for the time to undo."""
        self._undo_until = monotonic() + undo.UNDO_SECONDS if undoable else 0.0
        self._followed = {operation.operation_id: operation for operation in operations}
        self.show_operation(operations[0])

    def show_operation(self, operation: Operation) -> None:
        if operation.operation_id not in self._followed:
            self._followed = {}
        self._followed[operation.operation_id] = operation
        self.operation = main_leg(self.operations)
        self.setProperty("state", self.operation.state.value)
        if self.is_return:
            self._legs.show_legs(self.operations, self._status)
            self._show_message(customer_sentence(self.operations))
        else:
            self._show_message(with_stop_reason(message_for_operation(operation), operation, self._status))
        self._icon.setVisible(not self.is_return)  # each banner has its own, and a small screen has no room
        self._icon.show_icon(_ICONS.get(operation.state, "alert"), TONE_TOKENS.get(self._message.tone, "text2"))
        key = self.operation.cancel_key or ""
        self._key.setText(key)
        for part in (self._key_caption, self._key, self._copy):
            part.setVisible(bool(key))
        self._count_down()
        self.show()

    @Slot(object)
    def set_status(self, status: Status) -> None:
        self._status = status
        if self.operation is not None:
            self.show_operation(self.operation)

    def _show_message(self, message: Message) -> None:
        text = "\n".join(filter(None, (message.title, message.effect, message.action, self._legs.text())))
        if text == self.accessibleName():
            return
        self._message = message
        self._title.setText(message.title)
        details = "\n".join(filter(None, (message.effect, message.action)))
        self._details.setText(details)
        self._details.setVisible(bool(details))
        self._code.show_code(message.code)
        set_variant(self, tone=message.tone)
        set_variant(self._title, tone=message.tone)
        self.setAccessibleName(self.text())
        announce(self, self.text(), urgent=message.tone == "danger")
        play_for(message.tone)

    def show_balance(self, text: str) -> None:
        self._balance.setText(text)
        self._balance.setVisible(bool(text))

    def clear_operation(self) -> None:
        self.operation = None
        self._followed = {}
        self._legs.clear()
        self.setAccessibleName("")
        self._message = Message("info", "")
        self.setProperty("state", "")
        self._timer.stop()
        self.show_balance("")
        self.hide()

    def seconds_to_undo(self) -> float:
        """Seconds in which the operation can be taken back; 0 for none."""
        is_queued = bool(self._followed) and all(each.state is State.QUEUED for each in self.operations)
        return max(0.0, self._undo_until - monotonic()) if is_queued else 0.0

    @Slot()
    def _count_down(self) -> None:
        remaining = self.seconds_to_undo()
        self._undo_button.setVisible(remaining > 0)
        if remaining > 0:
            self._undo_button.set_label(self.tr("Desfazer ({0} s)").format(ceil(remaining)))
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _copy_key(self) -> None:
        if self.operation is not None and self.operation.cancel_key:
            QApplication.clipboard().setText(self.operation.cancel_key)
            self._copy.set_label(self.tr("Copiado"))
