"""Day page: its sections side by side, one of them shown."""

from datetime import date
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from bonifiq_desktop.ledger.history_filter import Waiting
from bonifiq_desktop.ui.day.sections import sections
from bonifiq_desktop.ui.theme import px
from bonifiq_desktop.ui.widgets.choice import Choice
from bonifiq_desktop.ui.widgets.dialog_frame import lay_out
from bonifiq_desktop.ui.widgets.labels import label
from bonifiq_desktop.worker.client import WorkerClient

if TYPE_CHECKING:
    from bonifiq_desktop.ui.day.day_view import DayView

_DAY = "day"
_MARGIN, _GAP = 24, 12  # pixels at 100 %


class DayPage(QWidget):
    """`orderRequested`: number of an order to look up. `historyRequested`: Waiting, and the text to search for.

    `homeRequested`: rewards without a sale are on the home of the look-up page.
    """

    orderRequested = Signal(str)
    historyRequested = Signal(Waiting, str)
    homeRequested = Signal()

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self._client = client
        self._sections = {section.name: section for section in sections()}
        self._views: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._choice = Choice("daySections", [(section.name, section.title) for section in self._sections.values()])
        self._choice.setAccessibleName(self.tr("Partes do fechamento"))
        self._choice.changed.connect(self.show_section)
        top = QHBoxLayout()
        top.setSpacing(px(_GAP))
        top.addWidget(label(self.tr("Fechamento"), "title"))
        top.addWidget(self._choice, 1)
        margins = (px(_MARGIN), px(_MARGIN) * 2 // 3, px(_MARGIN), px(_MARGIN) * 2 // 3)
        lay_out(self, top, margins=margins, spacing=px(_GAP)).addWidget(self._stack, 1)

    def open(self) -> None:
        """Show the section of the day, with the focus in it."""
        self.show_section(_DAY)
        self.day.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def show_section(self, name: object) -> None:
        self._choice.set_value(name)
        self._stack.setCurrentWidget(self.view(str(name)))

    @property
    def day(self) -> "DayView":
        """The view of one day."""
        return cast("DayView", self.view(_DAY))

    def view(self, name: str) -> QWidget:
        """The view of a section, made now if it is shown for the first time."""
        if name not in self._views:
            view = self._views[name] = self._sections[name].make(self._client)
            for signal in ("orderRequested", "historyRequested", "homeRequested"):
                if hasattr(view, signal):
                    getattr(view, signal).connect(getattr(self, signal))
            if hasattr(view, "dayChosen"):
                view.dayChosen.connect(self._show_day)
            self._stack.addWidget(view)
        return self._views[name]

    @Slot(object)
    def _show_day(self, day: date) -> None:
        """Show a day that was chosen in another section."""
        self.day.show_day(day)
        self.open()
