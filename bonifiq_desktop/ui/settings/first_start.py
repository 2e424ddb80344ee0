"""First start of a till: connect it, name it, name its owner. Everything here stands in the settings (F9), too."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QWidget

from bonifiq_desktop.domain.staff import Session
from bonifiq_desktop.storage.appearance import Appearance
from bonifiq_desktop.ui.settings.first_steps import ConnectStep, OwnerStep, Step, TillStep
from bonifiq_desktop.ui.theme import px, set_variant
from bonifiq_desktop.ui.widgets.buttons import ActionButton
from bonifiq_desktop.ui.widgets.dialog_frame import button_row, lay_out
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import CurrentSettings

_MAX_WIDTH = 920


class FirstStartPage(QWidget):
    """Three steps. `finished`: the last one is done or was skipped. `settingsSaved`: other settings are in force."""

    finished = Signal()
    settingsSaved = Signal()
    practiceRequested = Signal()
    appearanceChosen = Signal(dict)

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.setObjectName("firstStart")
        self._client = client
        self._connect, self._till, self._owner = ConnectStep(client), TillStep(client), OwnerStep(client)
        self._steps: tuple[Step, ...] = (self._connect, self._till, self._owner)
        self._till.appearanceChosen.connect(self.appearanceChosen)
        names = self.tr("Conectar"), self.tr("Este caixa"), self.tr("Quem usa")
        self._marks = [label(f"{place}  {name}", "setupStep") for place, name in enumerate(names, 1)]
        self._stack = QStackedWidget()
        self._practise = ActionButton(
            "setupPractise",
            self.tr("Praticar sem valer"),
            "Ctrl+P",
            self.practiceRequested,
            has_shortcut=True,
            tall=True,
        )
        self._skip = ActionButton("setupSkip", "", action=self._go_on, look="ghost", tall=True)
        self._next = ActionButton("setupNext", "", "Ctrl+Enter", self._submit, look="primary", tall=True)
        self._arrange()
        for step in self._steps:
            self._stack.addWidget(step)
            step.done.connect(self._go_on)
            step.saved.connect(self._saved)
            step.submitted.connect(self._submit)
            step.busyChanged.connect(self._next.setDisabled)
        self._show_step(0)

    def _arrange(self) -> None:
        column = QWidget()
        column.setMaximumWidth(px(_MAX_WIDTH))
        steps = QHBoxLayout()
        steps.setSpacing(px(8))
        for mark in self._marks:
            steps.addWidget(mark, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._stack)
        self._stack.setObjectName("page")
        inside = lay_out(column, label(self.tr("Bem-vindo ao BonifiQ Desktop"), "title"), steps, spacing=px(12))
        inside.addWidget(scroll, 1)
        for step in self._steps:
            inside.addWidget(step.message)
        inside.addLayout(button_row(self._practise, right=(self._skip, self._next)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(24), px(16), px(24), px(12))
        layout.addStretch(1)
        layout.addWidget(column, 100)
        layout.addStretch(1)

    # --- what is known

    def use_settings(self, current: CurrentSettings) -> None:
        """Take the settings in force; credentials that were saved elsewhere end the first step."""
        for step in self._steps:
            step.use_settings(current)
        if current.has_key and self._stack.currentWidget() is self._connect and self.isVisible():
            self._go_on()

    @Slot(object)
    def show_appearance(self, appearance: Appearance) -> None:
        self._till.show_appearance(appearance)

    @Slot(object)
    def _saved(self, current: CurrentSettings) -> None:
        """Let the next step start from what was stored, however quick the next Enter is."""
        for step in self._steps:
            step.use_settings(current)
        self.settingsSaved.emit()

    # --- steps

    def take_focus(self) -> None:
        self._step().take_focus()

    def _step(self) -> Step:
        return self._steps[self._stack.currentIndex()]

    def _show_step(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        for step in self._steps:
            step.message.clear()
        for number, mark in enumerate(self._marks):
            set_variant(mark, state="done" if number < place else "current" if number == place else "next")
        step = self._step()
        self._next.set_label(step.button_text())
        self._skip.set_label(step.skip_text())
        self._skip.setVisible(bool(step.skip_text()))
        if self.isVisible():
            step.take_focus()

    @Slot()
    def _submit(self) -> None:
        if self._next.isEnabled():
            self._step().submit()

    @Slot()
    def _go_on(self) -> None:
        place = self._stack.currentIndex() + 1
        session: Session = self._client.session
        if place == len(self._steps) or (self._steps[place] is self._owner and session.people):
            self.finished.emit()
        else:
            self._show_step(place)
