"""Dialog in which a manager approves one command with a PIN."""

from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.ui.widgets.dialog_frame import SmallDialog, button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_left, combo_box
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import KeyButton, label
from bonifiq_desktop.ui.widgets.pin_field import PinField
from bonifiq_desktop.worker.client import ApprovalRequest

_WIDTH = 520


def show_approval_dialog(request: ApprovalRequest) -> None:
    """Open a dialog for a request, in front of the widget that submitted the command."""
    ApprovalDialog(request, cast("QWidget", request.parent())).open()


class ApprovalDialog(SmallDialog):
    """Collects a manager's PIN until the request is finished, or declines it."""

    def __init__(self, request: ApprovalRequest, parent: QWidget) -> None:
        super().__init__("approvalDialog", self.tr("Precisa do responsável"), _WIDTH, parent)
        self._request = request
        self._waiting = False
        self._name = combo_box("approvalName", [(name, name) for name in request.needed.managers])
        self._pin = PinField("approvalPin")
        self._message = Banner("approvalMessage")
        approve = self.tr("Autorizar")
        self._confirm = KeyButton("approvalConfirm", approve, "Enter", self._submit, look="main", tall=True)
        self._leave = KeyButton("approvalCancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._pin.entered.connect(self._submit)
        self.rejected.connect(request.decline)
        request.refused.connect(self._show_refusal)
        request.finished.connect(self.accept)
        self._pin.removeEventFilter(EnterChain(self, self._name, self._pin))
        self.fill(
            paragraph(_task_text(request.needed.task), "title"),
            label(self.tr("O PIN vale só para esta vez.")),
            captions_left((self.tr("Responsável"), self._name), (self.tr("PIN"), self._pin)),
            self._message,
            button_row(self._leave, right=(self._confirm,)),
        )
        self._pin.setFocus()

    @Slot()
    def _submit(self) -> None:
        if self._waiting or not self._pin.text():
            return
        self._set_waiting(waiting=True)
        name, pin = str(self._name.currentData()), self._pin.text()
        self._pin.clear()
        self._request.approve(name, pin)

    def _set_waiting(self, *, waiting: bool) -> None:
        self._waiting = waiting
        for widget in (self._name, self._pin, self._confirm, self._leave):
            widget.setEnabled(not waiting)

    @Slot(object)
    def _show_refusal(self, error: Exception) -> None:
        self._set_waiting(waiting=False)
        self._message.show_error(error)
        self._pin.setFocus()
        self.adjustSize()

    def reject(self) -> None:
        """Decline, unless the worker is checking the PIN."""
        if not self._waiting:
            super().reject()


def _task_text(task: Task) -> str:
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
