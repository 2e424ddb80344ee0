"""Warning of what this till does not know of the other tills, from the moment when its knowledge grows old."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from bonifiq_desktop.ui.messages.message import join_sentences
from bonifiq_desktop.ui.messages.shop_database import is_fresh, message_for_old_knowledge
from bonifiq_desktop.ui.widgets.banner import Notice

if TYPE_CHECKING:
    from PySide6.QtCore import QTimerEvent

    from bonifiq_desktop.worker.client import WorkerClient

_UPDATE_MS = 5000


class OldKnowledge(Notice):
    """Hidden while the other tills are heard, and at a till without a shop database."""

    def __init__(self, client: "WorkerClient") -> None:
        super().__init__("refundOldKnowledge")
        self.fit_text()
        self._client = client
        client.shopDatabaseChanged.connect(self._refresh)
        self._refresh()
        if client.shop_database is not None:
            self.startTimer(_UPDATE_MS)

    @Slot()
    def _refresh(self) -> None:
        shop = self._client.shop_database
        if shop is None or is_fresh(shop):
            self.clear()
            return
        old = message_for_old_knowledge(shop)
        self.say(old.tone, old.title, join_sentences(old.effect, old.action), code=old.code)

    def timerEvent(self, event: "QTimerEvent") -> None:
        del event
        self._refresh()
