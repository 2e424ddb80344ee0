"""Age of what this till knows of the other tills: a chip that follows the time."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot

from bonifiq_desktop.ui.messages.shop_database import is_fresh, knowledge_text
from bonifiq_desktop.ui.widgets.chip import Chip

if TYPE_CHECKING:
    from PySide6.QtCore import QTimerEvent

    from bonifiq_desktop.worker.client import WorkerClient

_UPDATE_MS = 5000


class ShopAge(Chip):
    """Hidden while the till takes part in no shop database. `ticked`: an age that is on the screen may have changed."""

    ticked = Signal()

    def __init__(self, name: str, client: "WorkerClient") -> None:
        super().__init__(name)
        self._client = client
        self._timer = 0
        client.shopDatabaseChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        shop = self._client.shop_database
        if shop is None:
            self.show_chip("neutral", "")
            return
        fresh = is_fresh(shop)
        self.show_chip("neutral" if fresh else "warning", knowledge_text(shop), "store" if fresh else "offline")
        self._timer = self._timer or self.startTimer(_UPDATE_MS)
        self.ticked.emit()

    def timerEvent(self, event: "QTimerEvent") -> None:
        del event
        self.refresh()
