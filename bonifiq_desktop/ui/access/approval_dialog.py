"""A manager allows one command, with name and PIN, in front of whatever asked for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from bonifiq_desktop.domain.staff import Approval, Task
from bonifiq_desktop.services.errors import ApprovalNeeded, PinLocked, PinWrong
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.formats import translate
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import NeedsApproval, Outcome

T = TypeVar("T")
_WIDTH = 520
_PIN_ERRORS = (ApprovalNeeded, PinLocked, PinWrong)


def submit_with_approval(
    parent: QWidget, client: WorkerClient, command: NeedsApproval[T], on_outcome: Callable[[Outcome[T]], None]
) -> int:
    """Hand a command over; where only a manager may allow it, ask for one first. `then` gets the last outcome, with
    the ticket that is returned here; ManagerNeeded when nobody allowed it.
    """
    return _Asking(parent, client, command, on_outcome).ticket


class _Asking(QObject):
    """One command, from the first answer to the last; gone with the widget that asked."""

    def __init__(
        self, parent: QWidget, client: WorkerClient, command: NeedsApproval[Any], then: Callable[[Outcome[Any]], None]
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._command = command
        self._then: Callable[[Outcome[Any]], None] | None = then
        self.ticket = client.submit(command, self._answered)

    def _answered(self, outcome: Outcome[Any]) -> None:
        error = outcome.error
        if not isinstance(error, ApprovalNeeded) or not error.managers:
            self._end(outcome)
            return
        dialog = ApprovalDialog(self._client, self._command, error, cast("QWidget", self.parent()))
        dialog.answered.connect(self._end)
        dialog.open()

    @Slot(object)
    def _end(self, outcome: Outcome[Any]) -> None:
        if self._then is not None:
            self._then(replace(outcome, request_id=self.ticket))  # whoever breaks on it is told once more, of that
        # Let go of: a widget and what it waits for, each holding the other, would be freed on any thread.
        self._then = None
        self.deleteLater()


class ApprovalDialog(QDialog):
    """`answered` tells the outcome of the command, once; the refusal when nobody allowed it."""

    answered = Signal(object)

    def __init__(
        self, client: WorkerClient, command: NeedsApproval[Any], needed: ApprovalNeeded, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("approvalDialog")
        self.setWindowTitle(self.tr("Precisa do responsável"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._client = client
        self._command = command
        self._needed = needed
        self._waiting = False
        self._outcome: Outcome[Any] = Outcome(0, error=needed)
        self._name = combo_box("approvalName", [(name, name) for name in needed.managers])
        self._pin = PinField("approvalPin")
        self._message = Banner("approvalMessage")
        self._confirm = KeyButton("approvalConfirm", self.tr("Autorizar"), "Enter", look="main", tall=True)
        self._leave = KeyButton("approvalCancel", self.tr("Voltar"), "Esc", tall=True)
        self._confirm.clicked.connect(self._submit)
        self._pin.entered.connect(self._submit)
        self._leave.clicked.connect(self.reject)
        self.finished.connect(self._tell)
        self._pin.removeEventFilter(EnterChain(self, self._name, self._pin))
        self._arrange()
        self._pin.setFocus()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._leave)
        buttons.addStretch(1)
        buttons.addWidget(self._confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(12)
        title = label(task_text(self._needed.task), "title")
        title.setWordWrap(True)
        layout.addWidget(title)
        layout.addWidget(label(self.tr("O PIN vale só para esta vez.")))
        layout.addLayout(captions_left((self.tr("Responsável"), self._name), (self.tr("PIN"), self._pin)))
        layout.addWidget(self._message)
        layout.addLayout(buttons)

    @Slot()
    def _submit(self) -> None:
        if self._waiting or not self._pin.text():
            return
        self._set_waiting(waiting=True)
        approval = Approval(str(self._name.currentData()), self._pin.text())
        self._pin.clear()
        self._client.submit(replace(self._command, approval=approval), self._answered)

    def _set_waiting(self, *, waiting: bool) -> None:
        self._waiting = waiting
        for widget in (self._name, self._pin, self._confirm, self._leave):
            widget.setEnabled(not waiting)

    def _answered(self, outcome: Outcome[Any]) -> None:
        self._set_waiting(waiting=False)
        if isinstance(outcome.error, _PIN_ERRORS):
            self._message.show_message(message_for_error(outcome.error))
            self._pin.setFocus()
            self.adjustSize()
            return
        self._outcome = outcome
        self.accept()

    def reject(self) -> None:
        """Esc: nobody allowed it. Not between a press and what became of it."""
        if not self._waiting:
            super().reject()

    @Slot()
    def _tell(self) -> None:
        self.answered.emit(self._outcome)


def task_text(task: Task) -> str:
    """What somebody wants to do, as a sentence that names who may allow it."""
    return {
        Task.OVER_LIMIT: translate("approval", "Esta devolução passa do limite da loja: o responsável autoriza?"),
        Task.CANCEL_ORDER: translate("approval", "Cancelar o pedido inteiro: o responsável autoriza?"),
        Task.DECIDE: translate("approval", "Gravar esta decisão: o responsável autoriza?"),
        Task.ACKNOWLEDGE: translate("approval", "Dar este registro por verificado: o responsável autoriza?"),
        Task.SETTINGS: translate("approval", "Mudar os ajustes: o responsável autoriza?"),
        Task.PEOPLE: translate("approval", "Mudar as pessoas deste caixa: o responsável autoriza?"),
        Task.REVEAL: translate("approval", "Mostrar o CPF do cliente: o responsável autoriza?"),
        Task.EXPORT_CUSTOMER: translate("approval", "Salvar os dados do cliente: o responsável autoriza?"),
        Task.ERASE_CUSTOMER: translate("approval", "Apagar os dados do cliente: o responsável autoriza?"),
        Task.RESTORE: translate("approval", "Trocar o arquivo do histórico: o responsável autoriza?"),
    }[task]
