"""Map of the counter's reasons to the codes of a marketplace or web shop."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QSizePolicy, QWidget

from bonifiq_desktop.domain.returns import CounterReason, RemoteReason
from bonifiq_desktop.storage.remote_settings import ReasonMapping
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.forms import combo_box
from bonifiq_desktop.ui.widgets.labels import label

_PURPOSES = ("cancel", "refund")


class ReasonMap(QWidget):
    """One row for each counter reason: its code for a cancellation and its code for a refund.

    A reason without a code stays unmapped: no code is ever chosen for the person.
    """

    def __init__(self) -> None:
        super().__init__()
        self._boxes: dict[tuple[CounterReason, str], QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        headings = ("", self.tr("Antes do envio: cancelar"), self.tr("Depois do envio: reembolsar"))
        for column, heading in enumerate(headings):
            grid.addWidget(label(heading, "caption"), 0, column)
        for row, reason in enumerate(CounterReason, start=1):
            grid.addWidget(label(self._reason_name(reason), "muted"), row, 0)
            for column, purpose in enumerate(_PURPOSES, start=1):
                box = combo_box(f"connectionReason{reason.name.title()}{purpose.title()}", [])
                box.setAccessibleName(f"{self._reason_name(reason)}: {headings[column]}")
                box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
                self._boxes[reason, purpose] = box
                grid.addWidget(box, row, column)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        self._show((), {})

    def show_mappings(self, mappings: Sequence[ReasonMapping]) -> None:
        """Show the stored codes with the labels that were stored beside them."""
        known = [
            RemoteReason(code, text, purpose)
            for each in mappings
            for code, text, purpose in (
                (each.cancel_code, each.cancel_label, "cancel"),
                (each.refund_code, each.refund_label, "refund"),
            )
            if code
        ]
        chosen = {(each.reason, "cancel"): each.cancel_code for each in mappings}
        chosen |= {(each.reason, "refund"): each.refund_code for each in mappings}
        self._show(known, chosen)

    def offer(self, reasons: Sequence[RemoteReason]) -> int:
        """Offer the system's reasons. Return how many chosen codes the system does not know any more."""
        chosen = {(reason.value, purpose): str(box.currentData() or "") for (reason, purpose), box in self._all()}
        known = {(reason.code, reason.purpose) for reason in reasons}
        lost = sum(1 for (_reason, purpose), code in chosen.items() if code and (code, purpose) not in known)
        self._show(reasons, chosen)
        return lost

    def mappings(self) -> tuple[ReasonMapping, ...]:
        """The chosen codes with their labels; reasons without any are left out."""
        made = []
        for reason in CounterReason:
            codes = [self._chosen(reason, purpose) for purpose in _PURPOSES]
            if any(code for code, _text in codes):
                made.append(ReasonMapping(reason.value, *codes[0], *codes[1]))
        return tuple(made)

    def fields(self) -> list[QWidget]:
        """The fields, row by row."""
        return list(self._boxes.values())

    def _all(self) -> list[tuple[tuple[CounterReason, str], QComboBox]]:
        return list(self._boxes.items())

    def _chosen(self, reason: CounterReason, purpose: str) -> tuple[str, str]:
        box = self._boxes[reason, purpose]
        code = str(box.currentData() or "")
        return (code, box.currentText()) if code else ("", "")

    def _show(self, reasons: Sequence[RemoteReason], chosen: dict[tuple[str, str], str]) -> None:
        for (reason, purpose), box in self._all():
            box.clear()
            box.addItem(self.tr("— escolha —") if reasons else self.tr("— busque os motivos —"), "")
            seen: set[str] = set()
            for each in reasons:
                if each.purpose == purpose and each.code not in seen:
                    seen.add(each.code)
                    box.addItem(each.label or each.code, each.code)
            box.setCurrentIndex(max(0, box.findData(chosen.get((reason.value, purpose), ""))))

    def _reason_name(self, reason: CounterReason) -> str:
        return {
            CounterReason.REGRET: self.tr("Arrependimento"),
            CounterReason.DEFECT: self.tr("Defeito"),
            CounterReason.SIZE: self.tr("Tamanho"),
            CounterReason.WRONG_ITEM: self.tr("Produto errado"),
            CounterReason.OUT_OF_STOCK: self.tr("Sem estoque"),
            CounterReason.OTHER: self.tr("Outro"),
        }[reason]
