"""The decisions about an operation in review: each with what it will do, one perhaps recommended. None is chosen."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QRadioButton, QVBoxLayout, QWidget

from bonifiq_desktop.domain.decisions import must_outlive_copies
from bonifiq_desktop.domain.operations import Decision, Operation
from bonifiq_desktop.domain.recommendations import Recommendation
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ui.messages.decisions import decision_effect, decision_title, recommendation_text
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph

_NAMES = {
    Decision.TRY_AGAIN: "reviewAgain",
    Decision.WAS_DONE: "reviewDone",
    Decision.ANOTHER_RETURN: "reviewAnother",
    Decision.NOT_DONE: "reviewNotDone",
}
_GAP, _PADDING, _INDENT = 8, 12, 26  # pixels at 100 %


class DecisionCards(QWidget):
    """`changed`: a decision was chosen."""

    changed = Signal()

    def __init__(self, operation: Operation) -> None:
        super().__init__()
        self._operation = operation
        self._group = QButtonGroup(self)
        self._group.buttonToggled.connect(lambda _button, _checked: self.changed.emit())
        self._advice = paragraph("", "muted", "reviewAdvice")
        self._advice.hide()
        self._cards: dict[Decision, _Card] = {}
        layout = lay_out(self, self._advice, spacing=px(_GAP))
        for decision in spec_of(operation.kind).decisions_for(operation.review_reason):
            card = self._cards[decision] = _Card(decision, operation)
            self._group.addButton(card.button)
            layout.addWidget(card)
        self.setFocusProxy(next(iter(self._cards.values())).button)

    @property
    def chosen(self) -> Decision | None:
        return next((decision for decision, card in self._cards.items() if card.button.isChecked()), None)

    def hold(self, *, held: bool) -> bool:
        """Disable the decisions that allow a second request beside a copy of the first; return whether it has any."""
        waiting = [c for d, c in self._cards.items() if must_outlive_copies(d, self._operation.review_reason)]
        for card in waiting:
            card.setEnabled(not held)
        return held and bool(waiting)

    def recommend(self, recommendation: Recommendation | None) -> None:
        """Mark the recommended decision, with the reason; without one, say why there is none."""
        text = recommendation_text(recommendation, self._operation.kind) if recommendation else ""
        decision = recommendation.decision if recommendation else None
        for other, card in self._cards.items():
            card.show_reason(text if other is decision else "")
        self._advice.setText("" if decision else text)
        self._advice.setVisible(bool(self._advice.text()))


class _Card(QFrame):
    """One decision: the whole card chooses it."""

    def __init__(self, decision: Decision, operation: Operation) -> None:
        super().__init__()
        name, self._effect = _NAMES[decision], decision_effect(decision, operation)
        self.setProperty("look", "choiceCard")
        self.button = QRadioButton(decision_title(decision, operation))
        self.button.setObjectName(name)
        self._text = paragraph(self._effect, "muted", f"{name}Effect")
        self._reason = paragraph("", "advice", f"{name}Reason")
        self._reason.hide()
        below = QVBoxLayout()
        below.setContentsMargins(px(_INDENT), 0, 0, 0)
        below.setSpacing(px(_GAP) // 2)
        below.addWidget(self._reason)
        below.addWidget(self._text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(_PADDING), px(_GAP) // 2, px(_PADDING), px(_GAP))
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addLayout(below)
        self.button.toggled.connect(self._show_chosen)
        self.show_reason("")

    def show_reason(self, reason: str) -> None:
        self._reason.setText(translate("ReviewPage", "✓ Recomendada: {0}.").format(reason) if reason else "")
        self._reason.setVisible(bool(reason))
        set_variant(self, recommended="true" if reason else "false")
        spoken = (self._reason.text().removeprefix("✓ "), self._effect)
        self.button.setAccessibleDescription(" ".join(filter(None, spoken)))

    def _show_chosen(self, checked: bool) -> None:
        set_variant(self, chosen="true" if checked else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.button.isEnabled():
            self.button.setFocus()
            self.button.setChecked(True)
