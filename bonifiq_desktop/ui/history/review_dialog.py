"""Dialog in which a person decides about an operation in review. Nothing is preselected."""

import math
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.decisions import must_outlive_copies
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Decision, Operation
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.history.detail import timeline
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import customer_lines, kind_name, order_state
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.operations import decision_text, message_for_operation
from bonifiq_desktop.ui.widgets.dialog_frame import add_all, paragraph
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.forms import limit_length, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, card, label
from bonifiq_desktop.ui.widgets.operation_dialog import DialogWithDraft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, DecideReview, LookUp, Outcome, ReadOperationDetails

_MAX_TEXT = 200
_SIDE_HEIGHT, _LOW_SIDE_HEIGHT = 130, 80
_LOW_SCREEN = 700
_BUTTON_NAMES = {
    Decision.TRY_AGAIN: "reviewAgain",
    Decision.WAS_DONE: "reviewDone",
    Decision.ANOTHER_RETURN: "reviewAnother",
    Decision.NOT_DONE: "reviewNotDone",
}


class ReviewDialog(DialogWithDraft):
    """Shows what this till sent and saw, what BonifiQ says now, and the decisions."""

    def __init__(self, client: WorkerClient, details: OperationDetails, parent: QWidget) -> None:
        operation = details.operation
        heading = translate("ReviewDialog", "Decidir: {0} de {1} no pedido {2}").format(
            kind_name(operation.kind).lower(), format_reais(operation.value), operation.order_id
        )
        super().__init__(client, "review", heading, "main", parent)
        self.setMinimumWidth(820)
        self._operation = operation
        self._decided_by_pin = bool(client.session.managers)  # the approval names the manager
        asking = translate("ReviewDialog", "Consultando o BonifiQ…")
        self._bonifiq_side = UntrustedLabel(name="reviewTheirs", text=asking)
        self._choices = QButtonGroup(self)
        self._buttons: dict[Decision, QRadioButton] = {}
        self._name, self._reason = text_field("reviewName"), text_field("reviewReason")
        for field in (self._name, self._reason):
            limit_length(field, _MAX_TEXT)
        self._wait_note = paragraph("", "muted", "reviewWait")
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._refresh_wait)
        self._arrange(details)
        self._hold_until_copies_expire(details.copy_lifetime.total_seconds())
        EnterChain(self, self._name, self._reason, self.confirm_button)
        self._choices.buttonToggled.connect(self._check)
        self._name.textChanged.connect(self._check)
        self._reason.textChanged.connect(self._check)
        self._draft = DraftKeeper(client, "review", self._read_draft, self._restore_draft, self)
        self._name.textEdited.connect(self._draft.changed)
        self._reason.textEdited.connect(self._draft.changed)
        self.confirm_button.set_label(translate("ReviewDialog", "Gravar a decisão"))
        self._check()
        self._refresh_wait()
        client.submit(LookUp(operation.order_id, is_order_number=True), self._looked_up)

    def _arrange(self, details: OperationDetails) -> None:
        reason = UntrustedLabel(text=message_for_operation(self._operation).effect)
        form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        add_all(form, reason, self._both_sides(details))
        for decision in spec_of(self._operation.kind).decisions_for(self._operation.review_reason):
            button = QRadioButton(decision_text(decision, self._operation))
            button.setObjectName(_BUTTON_NAMES[decision])
            self._choices.addButton(button)
            self._buttons[decision] = button
            form.addWidget(button)
        form.addWidget(self._wait_note)
        why = (translate("ReviewDialog", "Por quê"), self._reason)
        who = (translate("ReviewDialog", "Quem decide"), self._name)
        fields = QGridLayout()
        for column, (caption, field) in enumerate((why,) if self._decided_by_pin else (who, why)):
            fields.addWidget(label(caption, "figureName"), 0, column)
            fields.addWidget(field, 1, column)
            fields.setColumnStretch(column, column + 1)
            field.setAccessibleName(caption)
        form.addLayout(fields)

    def _both_sides(self, details: OperationDetails) -> QHBoxLayout:
        height = _SIDE_HEIGHT if self.screen().availableGeometry().height() > _LOW_SCREEN else _LOW_SIDE_HEIGHT
        ours = QPlainTextEdit("\n".join(timeline(details)))
        ours.setObjectName("reviewOurs")
        ours.setReadOnly(True)
        ours.setTabChangesFocus(True)
        ours.setFixedHeight(height)
        ours.moveCursor(QTextCursor.MoveOperation.End)  # the newest event in sight
        theirs = QScrollArea()  # texts from outside may be long
        theirs.setWidgetResizable(True)
        theirs.setFixedHeight(height)
        theirs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theirs.setFrameShape(QFrame.Shape.NoFrame)
        theirs.setWidget(self._bonifiq_side)
        self._bonifiq_side.setAlignment(Qt.AlignmentFlag.AlignTop)
        sides = QHBoxLayout()
        for heading, side in (
            (translate("ReviewDialog", "O que este caixa fez e viu"), ours),
            (translate("ReviewDialog", "O que o BonifiQ diz agora"), theirs),
        ):
            frame, layout = card()
            layout.addWidget(label(heading, "section"))
            layout.addWidget(side)
            sides.addWidget(frame, 1)
        return sides

    def _hold_until_copies_expire(self, seconds: float) -> None:
        """Disable the decisions that allow a second request while a copy of the first may still arrive."""
        held = [b for d, b in self._buttons.items() if must_outlive_copies(d, self._operation.review_reason)]
        for button in held:
            button.setEnabled(seconds <= 0)
        self._wait_note.setVisible(bool(held) and seconds > 0)
        if seconds > 0:
            until = datetime.now().astimezone() + timedelta(seconds=seconds)
            self._wait_note.setText(
                translate(
                    "ReviewDialog",
                    "Até {0} uma cópia do envio ainda pode chegar ao BonifiQ: fechar como não feita, ou enviar com "
                    "outro protocolo, só depois.",
                ).format(f"{until:%H:%M:%S}")
            )
            self._timer.start(math.ceil(seconds * 1000))
        self.fit_height()

    @Slot()
    def _refresh_wait(self) -> None:
        """Read the remaining time again: the details may be old, and the worker's clock decides."""
        self._client.submit(ReadOperationDetails(self._operation.operation_id), self._wait_refreshed)

    def _wait_refreshed(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.value is not None:
            self._hold_until_copies_expire(outcome.value.copy_lifetime.total_seconds())

    def _looked_up(self, outcome: Outcome[LookupResult]) -> None:
        found, error = outcome.value, outcome.error
        if found is not None and found.cached_at is not None:
            error = LookupFailed(found.failure_reason)  # a cached order is not what BonifiQ says now
        if error is not None:
            message = message_for_error(error)
            self._bonifiq_side.setText("\n".join(filter(None, (message.title, message.action))))
        elif found is not None:
            order = found.order
            lines = [
                translate("ReviewDialog", "Pedido {0}: {1}").format(order.order_id, order_state(order)[0]),
                translate("ReviewDialog", "Total no BonifiQ: {0}").format(format_reais(order.total)),
                *customer_lines(order.customer),
                translate("ReviewDialog", "O BonifiQ pode não mostrar devoluções parciais no total."),
            ]
            self._bonifiq_side.setText("\n".join(filter(None, lines)))

    @Slot()
    def _check(self) -> None:
        named = self._decided_by_pin or plain(self._name.text())
        complete = self._chosen() is not None and named and plain(self._reason.text())
        self.confirm_button.setEnabled(bool(complete))

    def _chosen(self) -> Decision | None:
        return next((decision for decision, button in self._buttons.items() if button.isChecked()), None)

    def command(self) -> Command[Operation] | None:
        decision = self._chosen()
        if decision is None:
            return None
        self._draft.flush()  # a draft saved after the decision would restore it
        return DecideReview(
            self._operation.operation_id, decision, plain(self._name.text()), plain(self._reason.text())
        )

    def _read_draft(self) -> dict[str, Any]:
        return {
            "operation_id": self._operation.operation_id,
            "name": self._name.text(),
            "reason": self._reason.text(),
        }

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        """Restore name and reason, not the decision: the sides may say something else now."""
        if draft.get("operation_id") == self._operation.operation_id:
            self._name.setText(str(draft.get("name", "")))
            self._reason.setText(str(draft.get("reason", "")))
