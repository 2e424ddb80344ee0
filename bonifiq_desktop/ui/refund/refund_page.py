"""Refund page: items with a value each, a typed value, or all that remains."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bonifiq_desktop.domain.money import Cents, format_reais
from bonifiq_desktop.domain.operations import Operation
from bonifiq_desktop.services.refundable import LookupResult, RefundRequest
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
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph
from bonifiq_desktop.ui.widgets.draft_keeper import DraftKeeper
from bonifiq_desktop.ui.widgets.labels import set_invalid
from bonifiq_desktop.ui.widgets.money_field import HeroField
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Command, RegisterCancellation, RegisterRefund

_LIST_STRETCH = 100  # the list takes all the room that its rows need


class RefundPage(ReturnPage):
    """The confirm button names the amount, and is disabled while the amount cannot be refunded."""

    def __init__(
        self, client: WorkerClient, found: LookupResult, parent: QWidget, purchase: Purchase | None = None
    ) -> None:
        heading = translate("RefundPage", "Devolver  ·  pedido {0}")
        super().__init__(client, found, parent, prefix="refund", heading=heading, look="primary")
        self._refundable: Cents = found.refundable
        self._purchase = purchase or Purchase(found.requested_id, found)
        # With a parent from the start: its style decides its height.
        self._items = self._make_items()
        self._items.setVisible(self._items.rowCount() > 0)
        self._items.edited.connect(self._items_edited)
        self._items.limitReached.connect(self._item_limited)
        self._value = HeroField("refundValue")
        self._value.setAccessibleName(self.tr("Valor a devolver"))
        self._value.valueEdited.connect(self._value_typed)
        self._items.valueWanted.connect(self._value.setFocus)
        self._all_button = ActionButton(
            "refundAll", self.tr("Tudo"), "F8", self._take_all, look="ghost", has_shortcut=True
        )
        self._type_button = ActionButton(
            "refundTypeValue", self.tr("Digitar valor"), "→", self._value.setFocus, look="ghost"
        )
        self._reason = ReasonChoice("refundReason", by_counter=bool(self._purchase.elsewhere))
        self._summary = self._make_summary()
        self._arrange()
        self.arm_on_enter(self._items, self._value, *self._reason.fields(), *self._more_fields())
        self.first_field = self._items if self._items.rowCount() else self._value
        self._draft = DraftKeeper(client, "refund", self._read_draft, self._restore_draft, self)
        self._reason.changed.connect(self._edited)
        if found.id_mismatch:
            self.message.say(
                "danger",
                self.tr("Você procurou {0}; este é o pedido {1}.").format(found.requested_id, found.order.order_id),
                action=self.tr("Compare com o cupom fiscal antes de devolver."),
                code="PEDIDO-12",
            )
        self._show_value()

    # --- the parts that depend on the systems

    def _make_items(self) -> RefundItems:
        return RefundItems(self._found.order.products, self._found.items, self)

    def _make_summary(self) -> RefundSummary:
        reward, given_back = self._reward_note(), given_back_text(self._purchase)
        return RefundSummary("refund", self._found, self._value, self.summary, reward, given_back=given_back)

    def _reward_note(self) -> UsedRewardNote:
        return UsedRewardNote(self._client, "refund", self._found.operations, whole=False)

    def _more_fields(self) -> list[QWidget]:
        """Fields below the reason."""
        return []

    def _hint(self) -> str:
        return self.tr("Espaço marca  ·  dígitos mudam o valor")

    def _arrange(self) -> None:
        hint = paragraph(self._hint(), "caption")
        keys = QHBoxLayout()
        if self._items.rowCount():
            keys.addWidget(hint, 1)
        else:
            keys.addStretch(1)
        keys.addWidget(self._all_button)
        keys.addWidget(self._type_button)
        form = lay_out(self.form, self._items, keys, self._reason, spacing=px(12))
        form.setStretch(0, _LIST_STRETCH)
        form.addWidget(OldKnowledge(self._client))  # at the end, so that nothing under a finger moves when it comes
        form.addStretch(1)
        if self._found.cached_at is not None:
            form.insertWidget(0, cached_order_banner("refundSeen", self._found))
        for warning in self._purchase_warnings():
            form.insertWidget(0, warning)

    def _purchase_warnings(self) -> list[Notice]:
        return purchase_warnings(self._purchase)

    # --- what is typed

    @Slot()
    def _items_edited(self) -> None:
        self._value.set_value(self._items.total())
        self._edited()

    @Slot(int)
    def _item_limited(self, row: int) -> None:
        if self._found.id_mismatch:
            return  # the warning about the other order stays; the field shows its limit
        most = self.tr("Deste item dá para devolver no máximo {0}.")
        self.message.say(
            "warning",
            most.format(format_reais(self._items.limit_of(row))),
            action=self.tr("Para outro valor, digite em “Valor a devolver” e diga o motivo."),
            code="PEDIDO-05",
        )

    @Slot()
    def _edited(self) -> None:
        self._show_value()
        self._draft.changed()

    @Slot(object)
    def _value_typed(self, _cents: Cents) -> None:
        self._items.untick_all()
        self._edited()

    @Slot()
    def _take_all(self) -> None:
        self._items.tick_all()
        if self._items.total() == self._refundable:
            self._items_edited()
            return
        self._value.set_value(self._refundable)  # the prices do not add up to what is left
        self._value_typed(self._refundable)

    def _show_value(self) -> None:
        value = self._value.value()
        too_much = value > self._refundable
        set_invalid(self._value, wrong=too_much)
        self._reason.set_invalid(wrong=self._lacks_reason(value))
        self.confirm_button.setEnabled(0 < value <= self._refundable and not self._lacks_reason(value))
        amount = format_reais(value)
        whole = self._is_whole(value)
        self.confirm_button.set_look("danger" if whole else "primary")
        if whole:
            self.confirm_button.set_label(self.tr("Cancelar tudo ({0})").format(amount))
        elif value and not too_much:
            self.confirm_button.set_label(self.tr("Devolver {0}").format(amount))
        else:
            self.confirm_button.set_label(self.tr("Devolver"))
        preview = "" if too_much else self._preview_text(value, whole=whole)
        self._summary.show_value(0 if too_much else value, preview, whole=whole)
        if too_much:
            self.message.say(
                "danger",
                self.tr("{0} passa do que ainda pode ser devolvido.").format(amount),
                action=self.tr("Devolva no máximo {0}.").format(format_reais(self._refundable)),
                code="PEDIDO-04",
            )
        elif not self._found.id_mismatch:
            self.message.clear()

    def _is_whole(self, value: Cents) -> bool:
        return value == self._refundable and value > 0 and not self._found.total_increased

    def _lacks_reason(self, value: Cents) -> bool:
        by_hand = value > 0 and not self._items.ticked_rows() and not self._is_whole(value)
        return by_hand and not self._reason.reason()

    def _preview_text(self, value: Cents, *, whole: bool) -> str:
        if not value:
            rest = format_reais(self._refundable)
            return self.tr("Marque os itens que voltaram. Ainda pode devolver {0}.").format(rest)
        if self._lacks_reason(value):
            return self.tr("O valor foi digitado à mão: escreva o motivo.")
        if whole:
            all_of_it = self.tr("É tudo o que resta: o pedido {0} será cancelado inteiro.")
            return all_of_it.format(self._found.order.order_id)
        return self.tr("Ficam no pedido {0}").format(format_reais(self._refundable - value))

    def missing(self) -> QWidget:
        return self._reason if self._lacks_reason(self._value.value()) else self._value

    # --- registering

    def command(self) -> Command[Operation] | Command[tuple[Operation, ...]] | None:
        """The refund. A value of all that remains makes a whole cancel, as the API wants it."""
        value = self._value.value()
        if not 0 < value <= self._refundable or self._lacks_reason(value):
            return None
        self._draft.flush()  # before the refund: a draft saved after it would come back
        reason = self._reason.reason()
        if self._is_whole(value):
            return RegisterCancellation(self._found.order, reason, self._intent_id, self._found.cached_at)
        return RegisterRefund(
            RefundRequest(self._found.order, value, reason, self._items.lines(), self._intent_id, self._found.cached_at)
        )

    def is_half_typed(self) -> bool:
        return super().is_half_typed() and bool(self._value.value() or self._items.ticked_rows())

    def snapshot(self) -> Callable[[], None]:
        """Remember the input; the returned call restores it. A typed value also unticks items."""
        typed, said = self._read_draft(), self.message.text()

        def back() -> None:
            if not super(RefundPage, self).is_half_typed():
                return
            self._restore_draft(typed)
            if not said:
                self.message.clear()
            self._draft.changed()

        return back

    def _read_draft(self) -> dict[str, Any]:
        return {
            "intent_id": self._intent_id,
            "order_id": self._found.order.order_id,
            "value": self._value.value(),
            "units": self._items.units(),
            "values": self._items.values(),
            "reason": self._reason.currentText(),
        }

    def _restore_draft(self, draft: dict[str, Any]) -> None:
        if draft.get("order_id") != self._found.order.order_id:
            return
        try:
            units, values = [int(count) for count in draft["units"]], [int(cents) for cents in draft["values"]]
            value, reason, intent_id = int(draft["value"]), str(draft["reason"]), str(draft["intent_id"])
        except (KeyError, TypeError, ValueError):
            return
        self._items.restore(units, values)
        self._value.set_value(self._items.total() if any(units) else value)
        self._reason.setCurrentText(reason)
        self._intent_id = intent_id
        self._show_value()
        if not self.message.text():
            self.message.say(
                "info",
                self.tr("Esta devolução estava começada e ainda não foi registrada."),
                action=self.tr("Confira o valor antes de confirmar."),
            )
