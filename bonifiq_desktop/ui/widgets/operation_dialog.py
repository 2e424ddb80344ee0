"""Base of the dialogs that register one operation: a form, one confirmation, then the outcome."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.ui.theme import set_variant
from bonifiq_desktop.ui.widgets.banner import Banner, OutcomeBanner
from bonifiq_desktop.ui.widgets.dialog_frame import SmallDialog, button_row, lay_out
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import KeyButton, UntrustedLabel, label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, NeedsApproval, Outcome

_WIDTH = 700
_MARGIN = 24


class OperationDialog(SmallDialog):
    """A form that registers one operation. Subclasses fill `form` and implement `command`.

    Object names: `<prefix>Dialog`, `<prefix>Confirm`, `<prefix>Cancel`, `<prefix>Message`, `<prefix>Outcome`.
    """

    def __init__(self, client: WorkerClient, prefix: str, heading: str, confirm_look: str, parent: QWidget) -> None:
        window_title = heading.replace("[*]", "[*][*]")  # a single [*] is Qt's placeholder for modified
        super().__init__(f"{prefix}Dialog", window_title, _WIDTH, parent)
        self._client = client
        self._is_registered = False
        self._is_waiting = False
        self.form = QWidget()
        self.form.setMinimumWidth(_WIDTH - 2 * _MARGIN)  # otherwise Qt measures wrapped text for a narrower dialog
        self.message = Banner(f"{prefix}Message")
        self.outcome = OutcomeBanner(f"{prefix}Outcome")
        self._key_label = label("", "muted", f"{prefix}Key")
        self._key_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._key_label.hide()
        self.confirm_button = KeyButton(f"{prefix}Confirm", "", "Enter", self._confirmed, look=confirm_look, tall=True)
        self.back_button = KeyButton(f"{prefix}Cancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._title = UntrustedLabel("title", text=heading)
        content = (self._title, self.form, self.message, self.outcome, self._key_label)
        layout = lay_out(self, *content, margins=(_MARGIN, 18, _MARGIN, 18), spacing=12)
        layout.addStretch(1)  # a message that goes leaves its room here, not between the lines of the form
        layout.addLayout(button_row(self.back_button, right=(self.confirm_button,)))
        client.operationChanged.connect(self._operation_changed)

    def command(self) -> Command[Operation] | None:
        """The operation to register; None when the form is incomplete and says so itself."""
        raise NotImplementedError

    def registered(self) -> None:
        """Called when the operation is on disk."""

    def not_registered(self, error: Exception) -> None:
        """Called with the reason when nothing was registered; the message is already visible."""

    def is_half_typed(self) -> bool:
        """Whether closing the dialog now gives up input."""
        return not self._is_registered

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.accept()  # each field and button handles its own Enter
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit_height()

    def fit_height(self) -> None:
        """Resize to the height that the texts need. QDialog.adjustSize stops at two thirds of the screen."""
        layout = self.layout()
        if layout is None or not self.isVisible():
            return
        layout.activate()
        room = self.screen().availableGeometry().height() - (self.frameGeometry().height() - self.height())
        height = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else self.sizeHint().height()
        self.resize(self.width(), min(height, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons on the screen when a message makes the dialog higher."""
        super().resizeEvent(event)
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if self.isVisible() and frame.bottom() > room.bottom():
            self.move(self.x(), max(room.y(), self.y() - (frame.bottom() - room.bottom())))

    @Slot()
    def _confirmed(self) -> None:
        if self._is_registered:
            self.accept()
            return
        command = self.command()
        if command is None:
            return
        # Disabled until the outcome, so that a second press registers nothing.
        self._is_waiting = True
        self.form.setEnabled(False)
        self.confirm_button.setEnabled(False)
        self.back_button.setEnabled(False)
        self.message.clear()
        if isinstance(command, NeedsApproval):
            self._client.submit_with_approval(command, self._outcome_received, asker=self)
        else:
            self._client.submit(command, self._outcome_received)

    def reject(self) -> None:
        """Close, except during the milliseconds between the confirmation and its outcome."""
        if not self._is_waiting:
            super().reject()

    def _outcome_received(self, outcome: Outcome[Operation]) -> None:
        # Enable the buttons first: an error below must not leave the dialog with disabled buttons.
        self._is_waiting = False
        self.back_button.setEnabled(True)
        self.confirm_button.setEnabled(True)
        if outcome.value is not None:
            self._show_registered(outcome.value)
        elif outcome.error is not None:
            self.message.show_error(outcome.error)
            if not self._is_registered:
                self.form.setEnabled(True)
                self.not_registered(outcome.error)

    def _show_registered(self, operation: Operation) -> None:
        self._is_registered = True
        self.form.hide()
        self.back_button.hide()
        self._title.setText(self._title.text().rstrip("?"))  # no longer a question
        self.confirm_button.set_label(self.tr("Fechar"))
        set_variant(self.confirm_button, look="main")
        self.confirm_button.setFocus()
        self.registered()
        if operation.cancel_key:
            self._key_label.setText(self.tr("Protocolo: {0}").format(operation.cancel_key))
            self._key_label.show()
        self.outcome.show_operation(operation)
        self.fit_height()

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        if self.outcome.follows(operation):
            self.outcome.show_operation(operation)
            self.fit_height()


class DialogWithDraft(OperationDialog):
    """Keeps its form as a draft, through Esc and a power cut. A subclass sets `_draft`."""

    _draft: DraftKeeper

    def registered(self) -> None:
        self._draft.discard()

    def done(self, result: int) -> None:
        self._draft.flush()
        super().done(result)
