"""The decisions about an operation in review: each with what it will do, one perhaps recommended. None is chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from bonifiq_desktop.domain.decisions import must_outlive_copies
from bonifiq_desktop.domain.operations import Decision, Operation
from bonifiq_desktop.domain.recommendations import Recommendation
from bonifiq_desktop.domain.specs import spec_of
from bonifiq_desktop.ui.messages.decisions import decision_effect, decision_title, recommendation_text
from bonifiq_desktop.ui.messages.message import translate
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice_card import ChoiceCard
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out, paragraph

_NAMES = {
    Decision.TRY_AGAIN: "reviewAgain",
    Decision.WAS_DONE: "reviewDone",
    Decision.ANOTHER_RETURN: "reviewAnother",
    Decision.NOT_DONE: "reviewNotDone",
}
_GAP = 8  # pixels at 100 %


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
        self._cards: dict[Decision, ChoiceCard] = {}
        layout = lay_out(self, self._advice, spacing=px(_GAP))
        for decision in spec_of(operation.kind).decisions_for(operation.review_reason):
            title, effect = decision_title(decision, operation), decision_effect(decision, operation)
            card = self._cards[decision] = ChoiceCard(_NAMES[decision], title, effect)
            self._group.addButton(card.button)
            layout.addWidget(card)

    @property
    def first_button(self) -> QRadioButton:
        return next(iter(self._cards.values())).button

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
            recommended = translate("ReviewPage", "Recomendada: {0}.").format(text)
            card.show_advice(recommended if other is decision else "")
        self._advice.setText("" if decision else text)
        self._advice.setVisible(bool(self._advice.text()))
