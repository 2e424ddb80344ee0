"""Page that cancels a whole order."""

from typing import Any

from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.money import format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult
from bonifiq_desktop.ui.lookup.offline_notice import cached_order_banner
from bonifiq_desktop.ui.lookup.purchase import Purchase
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.refund.items import RefundItems
from bonifiq_desktop.ui.refund.old_knowledge import OldKnowledge
from bonifiq_desktop.ui.refund.purchase_warnings import given_back_text, purchase_warnings
from bonifiq_desktop.ui.refund.reason_choice import ReasonChoice
from bonifiq_desktop.ui.refund.return_page import ReturnPage
from bonifiq_desktop.ui.refund.summary import RefundSummary
from bonifiq_desktop.ui.refund.used_reward import UsedRewardNote
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, RegisterCancellation

_MAX_NUMBER, _END = 10, 6  # characters on the button


class CancelPage(ReturnPage):
    """All items are ticked. The focus starts on the list, so that the first Enter confirms nothing."""

    def __init__(
        self, client: WorkerClient, found: LookupResult, parent: QWidget, purchase: Purchase | None = None
    ) -> None:
        purchase = purchase or Purchase(found.requested_id, found)
        heading = translate("CancelPage", "Cancelar inteiro  ·  pedido {0}")
        super().__init__(client, found, parent, prefix="cancel", heading=heading, look="danger")
        self._items = RefundItems(found.order.products, found.items, self, name="cancelItems")
        self._items.tick_all()
        self._items.set_locked()
        self._items.setVisible(bool(found.order.products))
        self._reason = ReasonChoice("cancelReason")
        form = lay_out(self.form, self._items, self._reason, spacing=px(12))
        form.setStretch(0, 100)  # the list takes all the room that its rows need
        form.addWidget(OldKnowledge(client))  # at the end, so that nothing under a finger moves when it comes
        form.addStretch(1)
        if found.cached_at is not None:
            form.insertWidget(0, cached_order_banner("cancelSeen", found))
        for warning in purchase_warnings(purchase):
            form.insertWidget(0, warning)
        hero = label(format_reais(found.refundable), "heroDanger", "cancelValue")
        reward = UsedRewardNote(client, "cancel", found.operations, whole=True)
        summary = RefundSummary("cancel", found, hero, self.summary, reward, given_back=given_back_text(purchase))
        summary.show_value(found.refundable, _effect_text(found), whole=True)
        number = found.order.order_id
        is_short = len(number) <= _MAX_NUMBER  # the heading shows all of a longer one
        order = self.tr("Cancelar pedido {0}") if is_short else self.tr("Cancelar …{0}")
        self.confirm_button.set_label(order.format(number[-_END:] if not is_short else number))
        self.arm_on_enter(self._items, *self._reason.fields())
        self.first_field = self._items if found.order.products else self._reason
        self._draft = DraftKeeper(client, "cancel", self._read_draft, self._restore_draft, self)
        self._reason.changed.connect(self._draft.changed)

    def missing(self) -> QWidget:
        return self._reason

    def command(self) -> Command[Operation]:
        self._draft.flush()  # before the cancel: a draft saved after it would come back
        return RegisterCancellation(
            self._found.order, self._reason.reason(), self._intent_id, seen_at=self._found.cached_at
        )

    def _read_draft(self) -> dict[str, Any]:
        return {"order_id": self._found.order.order_id, "reason": self._reason.currentText()}

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        if draft.get("order_id") == self._found.order.order_id:
            self._reason.setCurrentText(str(draft.get("reason", "")))


def _effect_text(found: LookupResult) -> str:
    if found.order.pending:
        return translate("CancelPage", "A venda está pendente: não deu pontos nem cashback, e cancelada não dará.")
    return translate("CancelPage", "Tudo o que este pedido deu é estornado. Nada fica no pedido.")
