"""Dialog that cancels a whole order."""

from typing import Any

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.offline_notice import cached_order_banner
from bonifiq_desktop.ui.messages.formats import customer_lines
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.forms import ReasonBox
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label
from bonifiq_desktop.ui.widgets.operation_dialog import DialogWithDraft
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, RegisterCancellation

_MAX_NAME = 90  # characters


class CancelDialog(DialogWithDraft):
    """Names the order in the question. The focus starts off the button, so that Enter confirms nothing."""

    def __init__(self, client: WorkerClient, found: LookupResult, parent: QWidget) -> None:
        heading = translate("CancelDialog", "Cancelar o pedido {0} inteiro?").format(found.order.order_id)
        super().__init__(client, "cancel", heading, "dangerMain", parent)
        self._found = found
        name, _details = customer_lines(found.order.customer)
        what = self.tr("{0}  ·  valor que ainda resta: {1}")
        self._reason = ReasonBox("cancelReason")
        shown_name = name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…"
        customer = UntrustedLabel("section", text=what.format(shown_name, format_reais(found.refundable)))
        reason_caption = label(self.tr("Motivo"), "figureName")
        form = lay_out(self.form, customer, paragraph(_effect_text(found)), reason_caption, self._reason)
        if found.cached_at is not None:
            form.insertWidget(0, cached_order_banner("cancelSeen", found))
        self.confirm_button.set_label(self.tr("Cancelar o pedido {0}").format(found.order.order_id))
        EnterChain(self, self._reason, self.confirm_button)
        self._draft = DraftKeeper(client, "cancel", self._read_draft, self._restore_draft, self)
        self._reason.currentTextChanged.connect(self._draft.changed)
        self._reason.setFocus()

    def command(self) -> Command[Operation]:
        self._draft.flush()  # before the cancel: a draft saved after it would come back
        return RegisterCancellation(self._found.order, self._reason.reason(), seen_at=self._found.cached_at)

    def _read_draft(self) -> dict[str, Any]:
        return {"order_id": self._found.order.order_id, "reason": self._reason.currentText()}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        if draft.get("order_id") == self._found.order.order_id:
            self._reason.setCurrentText(str(draft.get("reason", "")))


def _effect_text(found: LookupResult) -> str:
    if found.order.pending:
        return translate(
            "CancelDialog",
            "A venda está pendente: ainda não deu pontos nem cashback, e cancelada não dará. "
            "O que já foi pago volta na maquininha ou na gaveta, não por aqui.",
        )
    return translate(
        "CancelDialog",
        "Todos os pontos e o cashback dados por este pedido são estornados. "
        "O dinheiro volta na maquininha ou na gaveta, não por aqui.",
    )
