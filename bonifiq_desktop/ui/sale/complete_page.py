"""Page that completes a pending sale."""

from datetime import UTC, datetime
from secrets import token_hex

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.completions import CompletionRequest
from bonifiq_desktop.domain.moments import MomentError, read_moment
from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.messages.field_errors import message_for_field
from bonifiq_desktop.ui.messages.formats import customer_lines, date_and_time
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.forms import limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, label, set_invalid
from bonifiq_desktop.ui.widgets.operation_page import OperationPage
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, RegisterCompletion

_MAX_ITEMS = 12  # lines; the sum stands beside them


class CompletePage(OperationPage):
    """Shows the sale and its total. The completion date is now unless one is typed."""

    def __init__(self, client: WorkerClient, found: LookupResult, parent: QWidget) -> None:
        heading = translate("CompletePage", "Concluir a venda  ·  pedido {0}").format(found.order.order_id)
        super().__init__(client, "complete", heading, "primary", parent)
        self._found = found
        self._intent_id = token_hex(8)
        self._date = limited_text_field("completeDate", hint=self.tr("agora (ou 19/11 14:30)"))
        caption = label(self.tr("Paga em"), "figureName")
        caption.setBuddy(self._date)
        self._date.setAccessibleName(self.tr("Data e hora em que a venda foi paga"))
        self._lay_out_sale()
        self._lay_out_summary(caption)
        self.confirm_button.set_label(self.tr("Concluir {0}").format(format_reais(found.order.total)))
        EnterChain(self, self._date, self.confirm_button)
        self.first_field = self._date

    def _lay_out_sale(self) -> None:
        order = self._found.order
        name, details = customer_lines(order.customer)
        placed = self.tr("Vendida em {0}").format(date_and_time(order.placed_at)) if order.placed_at else ""
        more = "  ·  ".join(part for part in (placed, order.sales_person, order.payment_method) if part)
        lines = [UntrustedLabel("section", text=name), UntrustedLabel("muted", text=details)]
        lines += [UntrustedLabel("muted", text=more)] if more else []
        for product in order.products[:_MAX_ITEMS]:
            price = "" if product.price is None else format_reais(product.price)
            lines.append(UntrustedLabel("field", text="  ·  ".join(part for part in (product.title, price) if part)))
        hidden = len(order.products) - _MAX_ITEMS
        if hidden > 0:
            lines.append(UntrustedLabel("muted", text=self.tr("e mais {0}").format(hidden)))
        lay_out(self.form, *lines, spacing=px(8)).addStretch(1)

    def _lay_out_summary(self, caption: QWidget) -> None:
        total = label(format_reais(self._found.order.total), "hero", "completeValue")
        effect = paragraph(self.tr("A venda estava pendente. Concluída, ela dá os pontos e o cashback ao cliente."))
        payment = paragraph(self.tr("O pagamento é na maquininha ou na gaveta, não por aqui."), "muted")
        heading = label(self.tr("Valor da venda"), "figureName")
        lay_out(self.summary, heading, total, effect, payment, caption, self._date, spacing=px(8))

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

    def is_half_typed(self) -> bool:
        return super().is_half_typed() and bool(self._date.text().strip())
