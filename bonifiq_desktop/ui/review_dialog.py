"""A person decides what an operation's evidence does not: both sides in sight, nothing chosen by default."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from bonifiq_desktop.background.commands import Command, Decide, LookUp, Outcome
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Decision, Doubt, Kind, Operation
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.domain.verdicts import LookupFailed
from bonifiq_desktop.ledger.history import Details
from bonifiq_desktop.services.values import FoundOrder
from bonifiq_desktop.ui.formats import customer_lines, kind_name, order_state, translate
from bonifiq_desktop.ui.history_detail import timeline
from bonifiq_desktop.ui.operation_dialog import OperationDialog
from bonifiq_desktop.ui.outcomes import describe_operation
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.parts import card, label
from bonifiq_desktop.ui.words import describe

_MAX_TEXT = 200
_TIMELINE_HEIGHT = 130


class ReviewDialog(OperationDialog):
    """What this till sent and saw, what BonifiQ says now, and the choices in plain words."""

    def __init__(self, desk: Desk, details: Details, parent: QWidget) -> None:
        operation = details.operation
        heading = translate("ReviewDialog", "Decidir: {0} de {1} no pedido {2}").format(
            kind_name(operation.kind).lower(), format_reais(operation.value), operation.order_id
        )
        super().__init__(desk, "review", heading, "main", parent)
        self.setMinimumWidth(820)
        self._operation = operation
        self._by_pin = bool(desk.attendance.managers)
        self._theirs = label(translate("ReviewDialog", "Consultando o BonifiQ…"), name="reviewTheirs")
        self._theirs.setWordWrap(True)
        self._choices = QButtonGroup(self)
        self._buttons: dict[Decision, QRadioButton] = {}
        self._name = _line("reviewName")
        self._reason = _line("reviewReason")
        self._arrange(details)
        EnterChain(self, self._name, self._reason, self.confirm)
        self._choices.buttonToggled.connect(self._check)
        self._name.textChanged.connect(self._check)
        self._reason.textChanged.connect(self._check)
        self.confirm.set_label(translate("ReviewDialog", "Gravar a decisão"))
        self._check()
        desk.submit(LookUp(operation.order_id), self._looked_up)

    def _arrange(self, details: Details) -> None:
        doubt = label(describe_operation(self._operation).moved)
        doubt.setWordWrap(True)
        ours = QPlainTextEdit("\n".join(timeline(details)))
        ours.setObjectName("reviewOurs")
        ours.setReadOnly(True)
        ours.setTabChangesFocus(True)
        ours.setFixedHeight(_TIMELINE_HEIGHT)
        ours.moveCursor(QTextCursor.MoveOperation.End)  # the newest in sight
        sides = QHBoxLayout()
        for heading, side in (
            (translate("ReviewDialog", "O que este caixa fez e viu"), ours),
            (translate("ReviewDialog", "O que o BonifiQ diz agora"), self._theirs),
        ):
            frame, layout = card()
            layout.addWidget(label(heading, "section"))
            layout.addWidget(side)
            sides.addWidget(frame, 1)
        form = QVBoxLayout(self.form)
        form.setContentsMargins(0, 0, 0, 0)
        form.addWidget(doubt)
        form.addLayout(sides)
        for decision, name, text in self._offered():
            button = QRadioButton(text)
            button.setObjectName(name)
            self._choices.addButton(button)
            self._buttons[decision] = button
            form.addWidget(button)
        self._choices.setExclusive(True)
        fields = QGridLayout()
        why = (translate("ReviewDialog", "Por quê"), self._reason)
        who = (translate("ReviewDialog", "Quem decide"), self._name)
        # Where there are managers, the PIN says who decides.
        for column, (caption, field) in enumerate((why,) if self._by_pin else (who, why)):
            fields.addWidget(label(caption, "figureName"), 0, column)
            fields.addWidget(field, 1, column)
            fields.setColumnStretch(column, column + 1)
            field.setAccessibleName(caption)
        form.addLayout(fields)

    def _offered(self) -> list[tuple[Decision, str, str]]:
        done = translate("ReviewDialog", "Foi feita: o BonifiQ já tem esta operação. Nada será enviado.")
        another = translate(
            "ReviewDialog", "É outra devolução, além da que o BonifiQ já tem: enviar com um protocolo novo."
        )
        not_done = translate("ReviewDialog", "Não foi feita e não será: fechar sem enviar nada.")
        offered = [(Decision.WAS_DONE, "reviewDone", done), (Decision.NOT_DONE, "reviewNotDone", not_done)]
        match self._operation.doubt:
            case Doubt.KEY_USED_BEFORE:
                # Only here is it certain that no attempt of this operation was applied: a new key cannot refund twice.
                offered.insert(1, (Decision.ANOTHER_RETURN, "reviewAnother", another))
            case Doubt.UNSENDABLE:
                pass
            case _:
                offered.insert(0, (Decision.TRY_AGAIN, "reviewAgain", self._again()))
        return offered

    def _again(self) -> str:
        is_refund = self._operation.kind is Kind.REFUND
        if self._operation.doubt is Doubt.ORDER_CHANGED:  # nothing was sent yet
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

    def _looked_up(self, outcome: Outcome[FoundOrder]) -> None:
        found, error = outcome.value, outcome.error
        if found is not None and found.seen_at is not None:
            error = LookupFailed(found.trouble)  # what this till remembers is not the other side's word
        if error is not None:
            words = describe(error)
            self._theirs.setText("\n".join(part for part in (words.title, words.to_do) if part))
        elif found is not None:
            order = found.order
            lines = [
                translate("ReviewDialog", "Pedido {0}: {1}").format(order.order_id, order_state(order)[0]),
                translate("ReviewDialog", "Total no BonifiQ: {0}").format(format_reais(order.total)),
                *customer_lines(order.customer),
                translate("ReviewDialog", "O BonifiQ pode não mostrar devoluções parciais no total."),
            ]
            self._theirs.setText("\n".join(line for line in lines if line))

    @Slot()
    def _check(self) -> None:
        named = self._by_pin or plain(self._name.text())
        complete = self._chosen() is not None and named and plain(self._reason.text())
        self.confirm.setEnabled(bool(complete))

    def _chosen(self) -> Decision | None:
        return next((decision for decision, button in self._buttons.items() if button.isChecked()), None)

    def command(self) -> Command[Operation] | None:
        """The decision, once it is complete."""
        decision = self._chosen()
        if decision is None:
            return None
        return Decide(self._operation.operation_id, decision, plain(self._name.text()), plain(self._reason.text()))


def _line(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setMaxLength(_MAX_TEXT)
    return field
