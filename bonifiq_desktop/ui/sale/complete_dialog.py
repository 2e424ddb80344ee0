"""Dialog that completes a pending sale."""

from datetime import UTC, datetime
from secrets import token_hex

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.completions import CompletionRequest
from bonifiq_desktop.domain.moments import MomentError, read_moment
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.field_errors import message_for_field
from bonifiq_desktop.ui.messages.formats import customer_lines
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import label, set_invalid
from bonifiq_desktop.ui.widgets.operation_dialog import OperationDialog
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, RegisterCompletion


class CompleteDialog(OperationDialog):
    """Names the order and its total. The completion date is now unless one is typed."""

    def __init__(self, client: WorkerClient, found: LookupResult, parent: QWidget) -> None:
        heading = translate("CompleteDialog", "Concluir a venda {0}?").format(found.order.order_id)
        super().__init__(client, "complete", heading, "main", parent)
        self._found = found
        self._intent_id = token_hex(8)
        name, _details = customer_lines(found.order.customer)
        total = format_reais(found.order.total)
        customer = paragraph(self.tr("{0}  ·  valor da venda: {1}").format(name, total), "section")
        effect = paragraph(
            self.tr(
                "A venda estava pendente. Concluída, ela passa a dar os pontos e o cashback ao cliente. "
                "O pagamento é na maquininha ou na gaveta, não por aqui.",
            )
        )
        caption = label(self.tr("Concluída em"), "figureName")
        self._date = limited_text_field("completeDate", caption.text(), hint=self.tr("agora (ou 19/11 14:30)"))
        caption.setBuddy(self._date)
        lay_out(self.form, customer, effect, caption, self._date)
        self.confirm_button.set_label(self.tr("Concluir a venda de {0}").format(total))
        EnterChain(self, self._date, self.confirm_button)
        self._date.setFocus()

    def command(self) -> Command[Operation] | None:
        now = datetime.now(UTC)
        placed_at = self._found.order.placed_at
        typed = self._date.text().strip()
        try:
            at = read_moment(typed, now) if typed else now
        except MomentError:
            at = None
        wrong = at is None or at > now or (bool(typed) and placed_at is not None and at < placed_at)
        set_invalid(self._date, wrong=wrong)
        if at is None or wrong:
            self.message.show_message(message_for_field("state_date"))
            self._date.setFocus()
            return None
        return RegisterCompletion(CompletionRequest(self._found.order, at, self._intent_id))
