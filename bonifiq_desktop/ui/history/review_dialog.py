"""A person decides what an operation's evidence does not: both sides in sight, nothing chosen by default."""

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
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.domain.decisions import must_outlive_copies
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Decision, Kind, Operation, ReviewReason
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.services.lookup_result import LookupResult
from bonifiq_desktop.ui.history.detail import timeline
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import customer_lines, kind_name, order_state, translate
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.forms import limit_length
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
    """What this till sent and saw, what BonifiQ says now, and the choices in plain words."""

    def __init__(self, client: WorkerClient, details: OperationDetails, parent: QWidget) -> None:
        operation = details.operation
        heading = translate("ReviewDialog", "Decidir: {0} de {1} no pedido {2}").format(
            kind_name(operation.kind).lower(), format_reais(operation.value), operation.order_id
        )
        super().__init__(client, "review", heading, "main", parent)
        self.setMinimumWidth(820)
        self._operation = operation
        self._decided_by_pin = bool(client.session.managers)
        self._bonifiq_side = UntrustedLabel(name="reviewTheirs")
        self._bonifiq_side.setText(translate("ReviewDialog", "Consultando o BonifiQ…"))
        self._choices = QButtonGroup(self)
        self._buttons: dict[Decision, QRadioButton] = {}
        self._name = _text_field("reviewName")
        self._reason = _text_field("reviewReason")
        self._wait_note = label("", "muted", "reviewWait")
        self._wait_note.setWordWrap(True)
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
        doubt = UntrustedLabel()
        doubt.setText(message_for_operation(self._operation).effect)
        height = _SIDE_HEIGHT if self.screen().availableGeometry().height() > _LOW_SCREEN else _LOW_SIDE_HEIGHT
        ours = QPlainTextEdit("\n".join(timeline(details)))
        ours.setObjectName("reviewOurs")
        ours.setReadOnly(True)
        ours.setTabChangesFocus(True)
        ours.setFixedHeight(height)
        ours.moveCursor(QTextCursor.MoveOperation.End)  # the newest in sight
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
        form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(doubt)
        form.addLayout(sides)
        for decision in spec_of(self._operation.kind).decisions_for(self._operation.review_reason):
            button = QRadioButton(self._decision_text(decision))
            button.setObjectName(_BUTTON_NAMES[decision])
            self._choices.addButton(button)
            self._buttons[decision] = button
            form.addWidget(button)
        form.addWidget(self._wait_note)
        self._choices.setExclusive(True)
        fields = QGridLayout()
        why = (translate("ReviewDialog", "Por quê"), self._reason)
        who = (translate("ReviewDialog", "Quem decide"), self._name)
        # Where there are managers, the PIN says who decides.
        for column, (caption, field) in enumerate((why,) if self._decided_by_pin else (who, why)):
            fields.addWidget(label(caption, "figureName"), 0, column)
            fields.addWidget(field, 1, column)
            fields.setColumnStretch(column, column + 1)
            field.setAccessibleName(caption)
        form.addLayout(fields)

    def _decision_text(self, decision: Decision) -> str:
        match decision:
            case Decision.TRY_AGAIN:
                return self._retry_text()
            case Decision.WAS_DONE:
                return translate("ReviewDialog", "Foi feita: o BonifiQ já tem esta operação. Nada será enviado.")
            case Decision.NOT_DONE:
                return translate("ReviewDialog", "Não foi feita e não será: fechar sem enviar nada.")
            case Decision.ANOTHER_RETURN if self._operation.review_reason is ReviewReason.KEY_USED_BEFORE:
                return translate(
                    "ReviewDialog", "É outra devolução, além da que o BonifiQ já tem: enviar com um protocolo novo."
                )
            case Decision.ANOTHER_RETURN:
                return translate(
                    "ReviewDialog",
                    "É outra devolução: enviar com um protocolo novo.\nRisco: se uma tentativa anterior valeu, "
                    "os pontos são estornados duas vezes.",
                )

    def _hold_until_copies_expire(self, seconds: float) -> None:
        """Hold back what would let a second request exist beside a copy of the first, for so long."""
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
        """Ask anew how long to wait: the details may have been read a while ago, and the worker's clock decides."""
        self._client.submit(ReadOperationDetails(self._operation.operation_id), self._wait_refreshed)

    def _wait_refreshed(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.value is not None:
            self._hold_until_copies_expire(outcome.value.copy_lifetime.total_seconds())

    def _retry_text(self) -> str:
        is_refund = self._operation.kind is Kind.REFUND
        if self._operation.review_reason is ReviewReason.ORDER_CHANGED:  # nothing was sent yet
            if self._operation.kind is Kind.SALE:
                return translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se o número estiver livre.")
            if self._operation.kind is Kind.COMPLETION:
                return translate("ReviewDialog", "Conferir de novo no BonifiQ e enviar só se ainda estiver pendente.")
            if is_refund:
                return translate("ReviewDialog", "Enviar assim mesmo, com o protocolo deste registro.")
            return translate("ReviewDialog", "Enviar assim mesmo, se o pedido ainda não estiver cancelado.")
        if is_refund:
            return translate("ReviewDialog", "Tentar de novo com o mesmo protocolo: não devolve duas vezes.")
        if self._operation.kind is Kind.COMPLETION:
            return translate(
                "ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver concluída, enviar outra vez."
            )
        return translate("ReviewDialog", "Conferir de novo no BonifiQ e, se não estiver lá, enviar outra vez.")

    def _looked_up(self, outcome: Outcome[LookupResult]) -> None:
        found, error = outcome.value, outcome.error
        if found is not None and found.cached_at is not None:
            error = LookupFailed(found.failure_reason)  # what this till remembers is not the other side's word
        if error is not None:
            words = message_for_error(error)
            self._bonifiq_side.setText("\n".join(part for part in (words.title, words.action) if part))
        elif found is not None:
            order = found.order
            lines = [
                translate("ReviewDialog", "Pedido {0}: {1}").format(order.order_id, order_state(order)[0]),
                translate("ReviewDialog", "Total no BonifiQ: {0}").format(format_reais(order.total)),
                *customer_lines(order.customer),
                translate("ReviewDialog", "O BonifiQ pode não mostrar devoluções parciais no total."),
            ]
            self._bonifiq_side.setText("\n".join(line for line in lines if line))

    @Slot()
    def _check(self) -> None:
        named = self._decided_by_pin or plain(self._name.text())
        complete = self._chosen() is not None and named and plain(self._reason.text())
        self.confirm_button.setEnabled(bool(complete))

    def _chosen(self) -> Decision | None:
        return next((decision for decision, button in self._buttons.items() if button.isChecked()), None)

    def command(self) -> Command[Operation] | None:
        """The decision, once it is complete."""
        decision = self._chosen()
        if decision is None:
            return None
        self._draft.flush()  # before the decision: what is saved after it would bring it back
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
        """Name and reason; the choice itself is made anew, with what both sides say now."""
        if draft.get("operation_id") == self._operation.operation_id:
            self._name.setText(str(draft.get("name", "")))
            self._reason.setText(str(draft.get("reason", "")))


def _text_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    limit_length(field, _MAX_TEXT)
    return field
