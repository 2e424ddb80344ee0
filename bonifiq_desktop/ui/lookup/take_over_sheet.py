"""Sheet in which a person releases an order to this till: another till began an operation on it and went silent."""

from datetime import UTC, datetime

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Operation
from bonifiq_desktop.domain.shop_database import ShopDatabaseStatus
from bonifiq_desktop.domain.text import plain
from bonifiq_desktop.ui.messages.errors import message_for_error
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.messages.shop_database import FRESH, message_for_other_till, till_name
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, paragraph
from bonifiq_desktop.ui.widgets.forms import captions_above, limited_text_field
from bonifiq_desktop.ui.widgets.keys import EnterChain
from bonifiq_desktop.ui.widgets.labels import UntrustedLabel, set_invalid
from bonifiq_desktop.ui.widgets.sheet import Sheet
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Outcome, TakeOver

_WIDTH, _MAX_REASON = 640, 200
_GIVES_MONEY_BACK = frozenset({Kind.REFUND, Kind.CANCEL, Kind.RETURN})


class TakeOverSheet(Sheet):
    """Accepted when the order is released. The reason is required; the answer that changes nothing has no default."""

    def __init__(self, client: WorkerClient, operation: Operation, parent: QWidget) -> None:
        heading = translate("TakeOverSheet", "Assumir o pedido {0}?").format(operation.order_id)
        super().__init__(parent, "takeOverSheet", heading, _WIDTH)
        self._client = client
        self._operation = operation
        self._reason = limited_text_field(
            "takeOverReason", max_length=_MAX_REASON, hint=self.tr("Por exemplo: o caixa está desligado")
        )
        self._message = Notice("takeOverMessage")
        self._message.fit_text()
        self._confirm = ActionButton(
            "takeOverConfirm", self.tr("Assumir"), "Enter", self._take_over, look="danger", tall=True
        )
        self._back = ActionButton("takeOverCancel", self.tr("Voltar"), "Esc", self.reject, tall=True)
        self._news = paragraph("", name="takeOverNews")
        self._alive = Notice("takeOverAlive")
        self._alive.fit_text()
        self.fill(
            UntrustedLabel("section", text=heading),
            paragraph(message_for_other_till(operation, client.shop_database).title, name="takeOverWhat"),
            self._news,
            *self._warnings(operation),
            self._alive,
            captions_above((self.tr("O que você viu ou ouviu daquele caixa"), self._reason, 0, 0, 2)),
            self._message,
            button_row(self._back, right=(self._confirm,)),
        ).setSpacing(px(12))
        EnterChain(self, self._reason, self._confirm)
        self._reason.textChanged.connect(self._check)
        self._check()
        self._show_news()
        client.shopDatabaseChanged.connect(self._show_news)
        self._reason.setFocus()

    @Slot()
    def _show_news(self) -> None:
        """Show what is known of the other till now: it may give news while the sheet is open."""
        shop, till = self._client.shop_database, self._operation.till
        self._news.setText(message_for_other_till(self._operation, shop).effect)
        if _was_heard_just_now(till, shop):
            self._alive.say(
                "warning",
                self.tr("O {0} está ligado e deu notícia agora há pouco.").format(till_name(till)),
                self.tr("Pergunte lá antes: ele pode estar terminando."),
            )
        else:
            self._alive.clear()

    def _warnings(self, operation: Operation) -> list[QWidget]:
        """When to take over, and what it does."""
        till = till_name(operation.till)
        only_if = paragraph(self.tr("Assuma só se o {0} parou: desligado, quebrado ou sem rede.").format(till))
        lines = [
            self.tr(
                "Este caixa fica livre para registrar neste pedido. O registro do {0} continua no histórico."
            ).format(till),
        ]
        if operation.system != BONIFIQ:
            lines.append(
                self.tr("Confira antes no portal de {0} se a devolução já entrou.").format(operation.connection)
            )
        elif operation.kind is Kind.REFUND:
            lines.append(
                self.tr(
                    "Se ele já enviou, a devolução do mesmo valor feita aqui não vale duas vezes: o BonifiQ recusa a "
                    "segunda. Com outro valor, valem as duas."
                )
            )
        else:
            lines.append(self.tr("Se ele já enviou, o pedido é consultado no BonifiQ antes do próximo envio daqui."))
        if operation.kind in _GIVES_MONEY_BACK:
            lines.append(self.tr("Pergunte se o cliente já recebeu o dinheiro lá."))
        return [only_if, *(paragraph(line, "muted") for line in lines)]

    @Slot()
    def _check(self) -> None:
        self._confirm.setEnabled(bool(plain(self._reason.text())))
        set_invalid(self._reason, wrong=False)

    @Slot()
    def _take_over(self) -> None:
        reason = plain(self._reason.text())
        if reason and not self.is_waiting:
            self.set_waiting(self._reason, self._back, waiting=True)
            command = TakeOver(self._operation.operation_id, reason)
            self._client.submit_with_approval(command, self._taken_over, asker=self)

    def _taken_over(self, outcome: Outcome[Operation]) -> None:
        self.set_waiting(self._reason, self._back, waiting=False)
        if outcome.error is None:
            self.accept()
            return
        self._message.show_message(message_for_error(outcome.error, self._client.shop_database))
        self._reason.setFocus()


def _was_heard_just_now(till: str, shop: ShopDatabaseStatus | None) -> bool:
    now = datetime.now(UTC)
    return shop is not None and any(each.till == till and now - each.heard_at < FRESH for each in shop.tills)
