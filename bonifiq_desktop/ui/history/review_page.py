"""Page on which a person decides about an operation in review: both sides, the decisions, who and why."""

import math
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Kind, Operation
from bonifiq_desktop.domain.orders import Order
from bonifiq_desktop.domain.recommendations import recommend
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import LookupFailed, OrderNotFound
from bonifiq_desktop.ledger.history import OperationDetails
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.history.comparison import Comparison
from bonifiq_desktop.ui.history.decision_cards import DecisionCards
from bonifiq_desktop.ui.history.timeline import timeline
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import kind_name
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.operations import message_for_operation
from bonifiq_desktop.ui.messages.reward_operations import REWARD_KINDS, reward_text
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.forms import limit_length, text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label
from bonifiq_desktop.ui.widgets.operation_page import PageWithDraft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, DecideReview, LookUp, Outcome, ReadOperationDetails

_MAX_TEXT = 200
_GAP = 12  # pixels at 100 %
_MIN_TIMELINE = 72  # pixels at 100 %


class ReviewPage(PageWithDraft):
    """At the left the till's side and the system's; at the right the decisions. Nothing is preselected."""

    def __init__(self, client: WorkerClient, details: OperationDetails, parent: QWidget) -> None:
        operation = details.operation
        super().__init__(client, "review", _heading(operation), "primary", parent)
        self._operation = operation
        self._decided_by_pin = bool(client.session.managers)  # the approval names the manager
        self._cards = DecisionCards(operation)
        self._comparison = Comparison(operation.order)
        self._answer = UntrustedLabel("muted", "reviewTheirs")
        self._ask_again = ActionButton(
            "reviewAskAgain", self.tr("Consultar de novo"), action=self._look_up, look="ghost"
        )
        self._name, self._reason = text_field("reviewName"), text_field("reviewReason")
        for field in (self._name, self._reason):
            limit_length(field, _MAX_TEXT)
        self._name.setPlaceholderText(self.tr("Seu nome"))
        self._reason.setPlaceholderText(self.tr("Por exemplo: conferi no painel"))
        self._person = QWidget()
        self._missing = paragraph("", "muted", "reviewMissing")
        self._wait_note = paragraph("", "muted", "reviewWait")
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._refresh_wait)
        self._fill_form(details)
        self._fill_summary()
        self._hold_until_copies_expire(details.copy_lifetime.total_seconds())
        EnterChain(self, self._name, self._reason, self.confirm_button)
        self._cards.changed.connect(self._check)
        self._name.textChanged.connect(self._check)
        self._reason.textChanged.connect(self._check)
        self._draft = DraftKeeper(client, "review", self._read_draft, self._restore_draft, self)
        self._name.textEdited.connect(self._draft.changed)
        self._reason.textEdited.connect(self._draft.changed)
        self.confirm_button.set_label(self.tr("Gravar a decisão"))
        self.first_field = self._cards.first_button
        self._check()
        self._refresh_wait()
        if operation.kind in REWARD_KINDS:
            self._leave_out_order()
        else:
            self._look_up()

    def _fill_form(self, details: OperationDetails) -> None:
        why = UntrustedLabel("field", "reviewWhy", text=message_for_operation(self._operation).effect)
        done_here = QPlainTextEdit("\n".join(timeline(details)))
        done_here.setObjectName("reviewOurs")
        done_here.setAccessibleName(self.tr("O que este caixa fez e viu"))
        done_here.setReadOnly(True)
        done_here.setTabChangesFocus(True)
        done_here.setMinimumHeight(px(_MIN_TIMELINE))
        done_here.moveCursor(QTextCursor.MoveOperation.End)  # the newest event in sight
        heading = label(self.tr("O que este caixa fez e viu"), "caption")
        asked = QHBoxLayout()
        asked.addWidget(self._answer, 1)
        asked.addWidget(self._ask_again)
        lay_out(self.form, why, self._comparison, asked, heading, spacing=px(_GAP)).addWidget(done_here, 1)
        why.setVisible(bool(why.text()))  # only now: without a parent it would be a window of its own

    def _fill_summary(self) -> None:
        question = paragraph(self.tr("O que aconteceu?"), "section")
        lay_out(self.summary, question, self._cards, self._wait_note, spacing=px(_GAP) // 2)
        who, why = (self.tr("Quem decide"), self._name), (self.tr("Por quê"), self._reason)
        fields = QGridLayout()
        fields.setVerticalSpacing(px(_GAP) // 4)
        for column, (caption, field) in enumerate((why,) if self._decided_by_pin else (who, why)):
            fields.addWidget(label(caption, "caption"), 0, column)
            fields.addWidget(field, 1, column)
            fields.setColumnStretch(column, column + 1)
            field.setAccessibleName(caption)
        lay_out(self._person, fields, self._missing, spacing=px(_GAP) // 4)
        self.insert_above_buttons(self._person)

    def _leave_out_order(self) -> None:
        """No order shows a redemption: its number is a sale's that may never come."""
        self._comparison.hide()
        self._ask_again.hide()
        self._answer.setText(
            self.tr("Um pedido não mostra se um benefício foi usado: veja o saldo do cliente no painel do BonifiQ.")
        )
        self._cards.recommend(recommend(self._operation, None, 0))

    def registered(self) -> None:
        super().registered()
        self._person.hide()

    # --- the system's side

    @Slot()
    def _look_up(self) -> None:
        self._answer.setText(self.tr("Consultando o BonifiQ…"))
        self._ask_again.hide()
        self._client.submit(LookUp(self._operation.order_id, is_order_number=True), self._looked_up)

    def _looked_up(self, outcome: Outcome[LookupResult]) -> None:
        self._ask_again.show()
        found, error = outcome.value, outcome.error
        if found is not None and found.cached_at is not None:
            error = LookupFailed(found.failure_reason)  # a cached order is not what BonifiQ says now
        if isinstance(error, OrderNotFound):
            self._show_theirs(None, 0, self.tr("O BonifiQ não tem este pedido."))
        elif error is not None or found is None:
            message = message_for_error(error or LookupFailed(None))
            self._answer.setText(" ".join(filter(None, (message.title, message.action))))
            self._comparison.show_theirs(None)
            self._cards.recommend(None)
        else:
            # The refund in review counts as given back already.
            refundable = min(found.order.total, found.refundable + self._operation.value)
            note = self.tr("O BonifiQ pode não mostrar devoluções parciais no total.")
            self._show_theirs(found.order, refundable, note)

    def _show_theirs(self, order: Order | None, refundable: int, note: str) -> None:
        at = datetime.now().astimezone()
        self._answer.setText(self.tr("Consultado às {0}. {1}").format(f"{at:%H:%M}", note))
        self._comparison.show_theirs(order)
        self._cards.recommend(recommend(self._operation, order, refundable))

    # --- the time in which a copy may arrive

    def _hold_until_copies_expire(self, seconds: float) -> None:
        """Disable the decisions that allow a second request while a copy of the first may still arrive."""
        self._wait_note.setVisible(self._cards.hold(held=seconds > 0))
        if seconds > 0:
            until = datetime.now().astimezone() + timedelta(seconds=seconds)
            self._wait_note.setText(
                self.tr(
                    "Até {0} uma cópia do envio ainda pode chegar ao BonifiQ: o que está em cinza só pode ser decidido "
                    "depois."
                ).format(f"{until:%H:%M:%S}")
            )
            self._timer.start(math.ceil(seconds * 1000))

    @Slot()
    def _refresh_wait(self) -> None:
        """Read the remaining time again: the details may be old, and the worker's clock decides."""
        self._client.submit(ReadOperationDetails(self._operation.operation_id), self._wait_refreshed)

    def _wait_refreshed(self, outcome: Outcome[OperationDetails | None]) -> None:
        if outcome.value is not None:
            self._hold_until_copies_expire(outcome.value.copy_lifetime.total_seconds())

    # --- the decision

    @Slot()
    def _check(self) -> None:
        named = self._decided_by_pin or plain(self._name.text())
        missing = ""
        if self._cards.chosen is None:
            missing = self.tr("Falta escolher o que aconteceu.")
        elif not named:
            missing = self.tr("Falta dizer quem decide.")
        elif not plain(self._reason.text()):
            missing = self.tr("Falta dizer por quê.")
        self._missing.setText(missing)
        self.confirm_button.setEnabled(not missing)

    def command(self) -> Command[Operation] | None:
        decision = self._cards.chosen
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


def _heading(operation: Operation) -> str:
    match operation.kind:
        case Kind.REDEMPTION:
            return translate("ReviewPage", "Decidir: uso do {0}").format(reward_text(operation))
        case Kind.REVERSAL:
            return translate("ReviewPage", "Decidir: desfazer o {0}").format(reward_text(operation))
        case _:
            what, value = kind_name(operation.kind).lower(), format_reais(operation.value)
            return translate("ReviewPage", "Decidir: {0} de {1} no pedido {2}").format(what, value, operation.order_id)
