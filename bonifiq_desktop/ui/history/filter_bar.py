"""Filters of the history: period, kind, what waits, person, system, till."""

from datetime import datetime, timedelta

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from bonifiq_desktop.domain.moments import day_bounds
from bonifiq_desktop.domain.operations import BONIFIQ, Kind, Scope
from bonifiq_desktop.ledger.history_filter import HistoryFilter, Waiting
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.date_field import DateRange
from bonifiq_desktop.ui.widgets.flow_layout import FlowLayout
from bonifiq_desktop.worker.commands import HistoryChoices, Status

_KINDS = {
    "": frozenset[Kind](),
    "sales": frozenset({Kind.SALE, Kind.COMPLETION}),
    "refunds": frozenset({Kind.REFUND, Kind.RETURN}),
    "cancels": frozenset({Kind.CANCEL}),
    "rewards": frozenset({Kind.REDEMPTION, Kind.REVERSAL}),
}
_ALWAYS, _TODAY, _WEEK, _MONTH, _RANGE = "", "today", "week", "month", "range"
_EVERY_TILL, _TILL = "", "till:"
_GAP = 8  # pixels at 100 %


class FilterBar(QWidget):
    """`changed`: the filter selects something else now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._own_scope = Scope(BONIFIQ, BONIFIQ)
        self._period = Choice(
            "historyPeriod",
            [
                (_ALWAYS, self.tr("Qualquer data")),
                (_TODAY, self.tr("Hoje")),
                (_WEEK, self.tr("7 dias")),
                (_MONTH, self.tr("Mês")),
                (_RANGE, self.tr("Período")),
            ],
        )
        self._period.setAccessibleName(self.tr("Período"))
        self._range = DateRange(("historyFrom", "historyTo"))
        self._person = Choice("historyPerson", [("", self.tr("Todas as pessoas"))], segments=False)
        self._person.setAccessibleName(self.tr("Quem registrou"))
        self._system = Choice("historySystem", [("", self.tr("Todos os sistemas"))], segments=False)
        self._system.setAccessibleName(self.tr("Sistema"))
        self._till = Choice("historyTill", [(_EVERY_TILL, "")], segments=False)
        self._till.setAccessibleName(self.tr("Caixa"))
        self._kinds = Choice(
            "historyKinds",
            [
                ("", self.tr("Tudo")),
                ("sales", self.tr("Vendas")),
                ("refunds", self.tr("Devoluções")),
                ("cancels", self.tr("Cancelamentos")),
                ("rewards", self.tr("Benefícios")),
            ],
        )
        self._kinds.setAccessibleName(self.tr("O que mostrar"))
        self._pending = self._toggle("historyPending", "clock")
        self._review = self._toggle("historyReview", "alert")
        self._arrange()
        self.reset()
        self.show_counts(None)
        self.show_choices(HistoryChoices())
        for choice in (self._kinds, self._person, self._system, self._till):
            choice.changed.connect(self.changed)
        self._period.changed.connect(self._period_changed)
        self._range.changed.connect(self.changed)

    def _toggle(self, name: str, icon: str) -> ActionButton:
        button = ActionButton(name, "", look="filter", icon=icon)
        button.setCheckable(True)
        button.clicked.connect(self._waiting_clicked)
        return button

    def _arrange(self) -> None:
        self._range.hide()
        layout = FlowLayout(self, spacing=px(_GAP))
        lists = (self._person, self._system, self._till)
        for part in (self._period, self._range, *lists, self._kinds, self._pending, self._review):
            layout.addWidget(part)

    # --- what is chosen

    @property
    def filter(self) -> HistoryFilter:
        since, until = self._bounds()
        waiting = Waiting.PENDING if self._pending.isChecked() else Waiting.ANYTHING
        system = str(self._system.value())
        return HistoryFilter(
            since,
            until,
            _KINDS[str(self._kinds.value())],
            Waiting.PERSON if self._review.isChecked() else waiting,
            str(self._person.value()),
            Scope(*system.split("\0")) if system else None,
            self._chosen_till(),
        )

    def _chosen_till(self) -> str | None:
        chosen = str(self._till.value())
        return None if chosen == _EVERY_TILL else chosen.removeprefix(_TILL)

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        """The chosen days in this PC's time zone, from midnight until before the last midnight."""
        today = datetime.now().astimezone().date()
        match self._period.value():
            case "range":
                first, last = self._range.days
            case "today" | "week" | "month" as chosen:
                days = {_TODAY: 0, _WEEK: 6, _MONTH: today.day - 1}[chosen]
                first, last = today - timedelta(days=days), today
            case _:
                return None, None
        return day_bounds(first, last)

    def show_waiting(self, waiting: Waiting) -> None:
        """Show what waits, of every period, kind, person and system."""
        self.reset()
        self._pending.setChecked(waiting is Waiting.PENDING)
        self._review.setChecked(waiting is Waiting.PERSON)
        self.changed.emit()

    def reset(self) -> None:
        """Select everything, without a signal."""
        was_blocked = self.blockSignals(True)
        for choice in (self._period, self._kinds, self._person, self._system, self._till):
            choice.set_value("")
        for button in (self._pending, self._review):
            button.setChecked(False)
        self._range.hide()
        self.blockSignals(was_blocked)

    @Slot()
    def _waiting_clicked(self) -> None:
        other = self._review if self.sender() is self._pending else self._pending
        other.setChecked(False)
        self.changed.emit()

    @Slot()
    def _period_changed(self) -> None:
        is_range = self._period.value() == _RANGE
        self._range.setVisible(is_range)
        if is_range:
            self._range.setFocus()
        self.changed.emit()

    # --- what can be chosen

    def show_counts(self, status: Status | None) -> None:
        pending = status.pending if status else 0
        to_decide = status.review + status.contradictions if status else 0
        self._pending.set_label(self.tr("Pendentes ({0})").format(pending))
        self._review.set_label(self.tr("Decidir ({0})").format(to_decide))

    def show_choices(self, choices: HistoryChoices) -> None:
        """Offer people, systems and tills where there is more than one to choose from."""
        people = [("", self.tr("Todas as pessoas")), *((name, name) for name in choices.people)]
        own = "\0".join(self._own_scope)
        systems = [("", self.tr("Todos os sistemas")), (own, "BonifiQ")]
        systems += [("\0".join(scope), scope.connection) for scope in choices.scopes]
        self._person.set_entries(people)
        self._system.set_entries(systems)
        tills = [(_EVERY_TILL, self.tr("Todos os caixas")), (_TILL, self.tr("Este caixa"))]
        self._till.set_entries([*tills, *((f"{_TILL}{till}", till) for till in choices.tills)])
        self._till.setVisible(bool(choices.tills))
        self._person.setVisible(bool(choices.people))
        self._system.setVisible(bool(choices.scopes))
