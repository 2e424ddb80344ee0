"""Sheet in which a manager approves one command with a PIN."""

from typing import cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.staff import Task
from bonifiq_desktop.ui.access.person_pin import PersonPin
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import ApprovalRequest

_WIDTH = 656


def show_approval(request: ApprovalRequest) -> None:
    """Open a sheet for a request, in the window of the widget that submitted the command."""
    ApprovalSheet(request, cast("QWidget", request.parent())).open()


class ApprovalSheet(Sheet):
    """Collects a manager's PIN until the request is finished, or declines it."""

    def __init__(self, request: ApprovalRequest, asker: QWidget) -> None:
        super().__init__(asker, "approvalDialog", self.tr("Precisa do responsável"), _WIDTH)
        approve = self.tr("Autorizar")
        self._person = PersonPin(
            "approval", ActionButton("approvalConfirm", approve, "Enter", look="primary", tall=True)
        )
        self._person.show_people(request.needed.managers)
        self._person.entered.connect(self._entered)
        self._person.entered.connect(request.approve)
        self._leave = ActionButton("approvalCancel", self.tr("Voltar"), "Esc", self.reject)
        self.rejected.connect(request.decline)
        request.refused.connect(self._show_refusal)
        request.finished.connect(self.accept)
        request.destroyed.connect(self.accept)  # with the widget that asked
        self.fill(
            paragraph(_task_text(request.needed.task), "title"),
            paragraph(self.tr("O PIN vale só para esta vez."), "muted"),
            self._person,
            button_row(self._leave),
        )

    def open(self) -> None:
        super().open()
        self._person.take_focus()

    @Slot()
    def _entered(self) -> None:
        self.set_waiting(self._leave, waiting=True)

    @Slot(object)
    def _show_refusal(self, error: Exception) -> None:
        self.set_waiting(self._leave, waiting=False)
        self._person.show_refusal(error)


def _task_text(task: Task) -> str:
    return {
        Task.OVER_LIMIT: translate("approval", "Esta devolução passa do limite da loja: o responsável autoriza?"),
        Task.REWARD_OVER_LIMIT: translate(
            "approval", "Este benefício passa do limite da loja: o responsável autoriza?"
        ),
        Task.OTHER_CURRENCY: translate(
            "approval", "O limite da loja é em reais, e esta devolução é em outra moeda: o responsável autoriza?"
        ),
        Task.CANCEL_ORDER: translate("approval", "Cancelar o pedido inteiro: o responsável autoriza?"),
        Task.DECIDE: translate("approval", "Gravar esta decisão: o responsável autoriza?"),
        Task.ACKNOWLEDGE: translate("approval", "Dar este registro por verificado: o responsável autoriza?"),
        Task.SETTINGS: translate("approval", "Mudar os ajustes: o responsável autoriza?"),
        Task.PEOPLE: translate("approval", "Mudar as pessoas deste caixa: o responsável autoriza?"),
        Task.REVEAL: translate("approval", "Mostrar o CPF do cliente: o responsável autoriza?"),
        Task.EXPORT_CUSTOMER: translate("approval", "Salvar os dados do cliente: o responsável autoriza?"),
        Task.ERASE_CUSTOMER: translate("approval", "Apagar os dados do cliente: o responsável autoriza?"),
        Task.RESTORE: translate("approval", "Trocar o arquivo do histórico: o responsável autoriza?"),
        Task.CLOSE_OPEN_DAY: translate("approval", "Fechar o dia com registros em aberto: o responsável autoriza?"),
    }[task]
