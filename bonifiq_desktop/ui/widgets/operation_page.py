"""Base of the pages that register one operation: a form at the left; at the right its summary, then the outcome."""

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind, Operation, State
from bonifiq_desktop.domain.slips import subject_of
from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import kind_name
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.money_legs import joined_names
from bonifiq_desktop.ui.printing.preview import open_preview
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, lay_out
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.keys import ENTER
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, card
from bonifiq_desktop.ui.widgets.outcome_panel import OutcomePanel
from bonifiq_desktop.ui.widgets.toast import Toast
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, NeedsApproval, Outcome, WithdrawOperation, WithdrawReturn

_SIDE_WIDTH, _NARROW_SIDE_WIDTH, _WIDE = 360, 348, 1000  # pixels at 100 %
_MAX_HEADING = 160  # characters


class OperationPage(QWidget):
    """A form that registers one operation. Subclasses fill `form` and `summary`, and implement `command`.

    Object names: `<prefix>Dialog`, `<prefix>Confirm`, `<prefix>Cancel`, `<prefix>Message`, `<prefix>Outcome`,
    `<prefix>Key`. `finished`: the person leaves the page. A subclass sets `first_field`.
    """

    finished = Signal()
    undoable = False
    """Whether the worker holds the operation for the time to undo."""

    def __init__(self, client: WorkerClient, prefix: str, heading: str, confirm_look: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}Dialog")
        self.setAccessibleName(heading)
        self._client = client
        self._is_registered = False
        self._confirm_label = ""
        self._is_waiting = False
        self._is_abandoned = False
        self.first_field: QWidget | None = None
        self.form, self.summary = QWidget(), QWidget()
        self.message = Notice(f"{prefix}Message")
        self.outcome = OutcomePanel(prefix)
        self.outcome.undoPressed.connect(self._undo)
        self.outcome.printPressed.connect(self._open_preview)
        client.statusChanged.connect(self.outcome.set_status)
        self.confirm_button = ActionButton(
            f"{prefix}Confirm", "", "Enter", self._confirmed, look=confirm_look, tall=True
        )
        self.back_button = ActionButton(
            f"{prefix}Cancel", self.tr("Voltar"), "Esc", self.reject, look="ghost", icon="arrow-left"
        )
        self._title = UntrustedLabel("title", max_length=_MAX_HEADING, text=heading)
        self._arrange_page()
        client.operationChanged.connect(self._operation_changed)
        self._user = client.session.current_user
        client.sessionChanged.connect(self._session_changed)

    def _arrange_page(self) -> None:
        form_card, form_layout = card()
        form_layout.addWidget(_scrolling(self.form))
        side_card, side_layout = card()
        self._side_layout = side_layout
        self._side = side_card
        content = QWidget()
        content_layout = lay_out(content, self.summary, self.message, self.outcome, spacing=px(12))
        content_layout.addStretch(1)  # a message takes its room here, and no field or button moves
        side_layout.addWidget(_scrolling(content), 1)
        add_all(side_layout, self.confirm_button, self.back_button)
        for button in (self.confirm_button, self.back_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        columns.addWidget(form_card, 1)
        columns.addWidget(side_card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(16), px(24), px(16))
        layout.setSpacing(px(12))
        layout.addWidget(self._title)
        layout.addLayout(columns, 1)

    def insert_above_buttons(self, part: QWidget) -> None:
        """Keep a part of the form in sight, below the summary that scrolls."""
        self._side_layout.insertWidget(1, part)

    def command(self) -> Command[Operation] | Command[tuple[Operation, ...]] | None:
        """The operation, or the legs of a return, to register; None when the form is incomplete and says so itself."""
        raise NotImplementedError

    def registered(self) -> None:
        """Called when the operation is on disk."""

    def not_registered(self, error: Exception) -> None:
        """Called with the reason when nothing was registered; the message is already visible."""

    def settled(self, operation: Operation) -> None:
        """Called when the system confirmed the operation."""

    def undone(self) -> None:
        """Called when the operation was withdrawn before its first byte; the form is open again."""

    def is_half_typed(self) -> bool:
        """Whether leaving the page now gives up input."""
        return not self._is_registered

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the form more room on a small screen."""
        super().resizeEvent(event)
        self._side.setFixedWidth(px(_SIDE_WIDTH if self.width() >= px(_WIDE) else _NARROW_SIDE_WIDTH))

    # --- keys

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the first field. Not a focus proxy: behind one, Tab would skip the buttons."""
        if self.first_field is None:
            super().setFocus(reason)
        else:
            self.first_field.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        """Focus the field that had the focus; Qt gives it to none when the look-up field is covered."""
        super().showEvent(event)
        focused: QWidget | None = self.focusWidget()
        (focused or self).setFocus()

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window does, whose Esc shows the look-up page."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.accept()  # each field and button handles its own Enter
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        else:
            super().keyPressEvent(event)

    # --- registering

    @Slot()
    def _confirmed(self) -> None:
        if self._is_waiting:
            return  # a second press registers nothing
        if self._is_registered:
            self.reject()
            return
        command = self.command()
        if command is None:
            return
        self._set_waiting(waiting=True)
        self.message.clear()
        if isinstance(command, NeedsApproval):
            self._client.submit_with_approval(command, self._outcome_received, asker=self)
        else:
            self._client.submit(command, self._outcome_received)

    def _set_waiting(self, *, waiting: bool) -> None:
        """Disable the form until the outcome, but not the button: its focus would go to the side bar."""
        self._is_waiting = waiting
        self.form.setEnabled(not waiting and not self._is_registered)
        self.summary.setEnabled(not waiting)
        self.back_button.setEnabled(not waiting)

    @Slot()
    def reject(self) -> None:
        """Leave, except during the milliseconds between the confirmation and its outcome."""
        if self._is_waiting:
            return
        if not self._is_abandoned:
            self._offer_undo_in_window()
        self.finished.emit()

    @Slot(object)
    def _session_changed(self, session: Session) -> None:
        """Leave when the till locks or another person signs in; a draft stays."""
        if session.current_user != self._user:
            self._is_abandoned = True
            self.reject()

    def _outcome_received(self, outcome: Outcome[Any]) -> None:
        # Enable the buttons first: an error below must not leave the page with disabled buttons.
        self._set_waiting(waiting=False)
        if outcome.value is not None:
            self._show_registered(outcome.value if isinstance(outcome.value, tuple) else (outcome.value,))
        elif outcome.error is not None:
            self.message.show_message(message_for_error(outcome.error, self._client.shop_database))
            if not self._is_registered:
                self.confirm_button.setFocus()  # the form was disabled, and took no focus back
                self.not_registered(outcome.error)
        if self._is_abandoned:
            self.reject()

    def _show_registered(self, operations: tuple[Operation, ...]) -> None:
        self._is_registered = True
        self.form.setEnabled(False)
        self.summary.hide()
        self.back_button.hide()
        self._confirm_label = self.confirm_button.accessibleName()
        self._confirm_look = str(self.confirm_button.property("look"))
        self.confirm_button.set_label(self.tr("Fechar"))
        self.confirm_button.set_look("primary")
        self.confirm_button.setFocus()
        self.registered()
        self.outcome.show_registered(*operations, undoable=self.undoable)

    @Slot(object)
    def _operation_changed(self, operation: Operation) -> None:
        before = self.outcome.followed(operation)
        if before is None:
            return
        self.outcome.show_operation(operation)
        if operation.state is State.CONFIRMED and before.state is not State.CONFIRMED:
            self.settled(operation)

    @Slot()
    def _open_preview(self) -> None:
        if self.outcome.operation is not None:
            open_preview(self._client, subject_of(self.outcome.operation), self)

    # --- undo

    @Slot()
    def _undo(self) -> None:
        operation = self.outcome.operation
        if operation is not None and not self._is_waiting:
            self._set_waiting(waiting=True)
            self._client.submit(self._withdrawal(operation), self._undo_received)

    def _withdrawal(self, operation: Operation) -> Command[Any]:
        if self.outcome.is_return:
            return WithdrawReturn(operation.return_id)
        return WithdrawOperation(operation.operation_id)

    def _undo_received(self, outcome: Outcome[Any]) -> None:
        self._set_waiting(waiting=False)
        if outcome.error is not None:
            self.message.show_error(outcome.error)
        else:
            self._reopen()

    def _offer_undo_in_window(self) -> None:
        """Keep the undo in reach for the rest of its time."""
        operation, seconds = self.outcome.operation, self.outcome.seconds_to_undo()
        if operation is None or seconds <= 0:
            return
        client, window, withdrawal = self._client, self.window(), self._withdrawal(operation)

        def show_result(outcome: Outcome[Any]) -> None:
            error = outcome.error
            Toast.show_in(window, undone_text() if error is None else message_for_error(error).title)

        def undo() -> None:
            client.submit(withdrawal, show_result)

        if self.outcome.is_return:
            registered = self.tr("Devolução em {0}: na fila para enviar.").format(
                joined_names([each.connection for each in self.outcome.operations if each.kind is Kind.RETURN])
            )
        else:
            registered = self.tr("{0} de {1}: na fila para enviar.").format(
                kind_name(operation.kind), format_reais(operation.value)
            )
        Toast.show_in(window, registered, undo, round(seconds * 1000))

    def _reopen(self) -> None:
        """Show the form as it was confirmed."""
        self._is_registered = False
        self.outcome.clear_operation()
        self.summary.show()
        self.back_button.show()
        self.form.setEnabled(True)
        self.confirm_button.set_label(self._confirm_label)  # a button called "close" would register again
        self.confirm_button.set_look(self._confirm_look)
        self.setFocus()
        self.message.say("info", undone_text())
        self.undone()


class _Column(QScrollArea):
    """Scrolls downwards only: never narrower than its content."""

    def minimumSizeHint(self) -> QSize:
        content: QWidget | None = self.widget()
        width = content.minimumSizeHint().width() if content is not None else 0
        return QSize(width + self.verticalScrollBar().sizeHint().width(), super().minimumSizeHint().height())


def _scrolling(content: QWidget) -> QScrollArea:
    content.setObjectName("page")
    scroll = _Column()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    return scroll


def undone_text() -> str:
    return translate("OperationPage", "Desfeito: nada foi enviado.")


class PageWithDraft(OperationPage):
    """Keeps its form as a draft, through Esc and a power cut. A subclass sets `_draft`."""

    _draft: DraftKeeper

    def registered(self) -> None:
        self._draft.discard()

    def undone(self) -> None:
        self._draft.changed()

    def reject(self) -> None:
        if not self._is_waiting and not self._is_registered:
            self._draft.flush()
        super().reject()
