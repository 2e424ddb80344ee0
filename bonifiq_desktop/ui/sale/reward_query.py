"""Query for the rewards of a sale, in the background while it is typed."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bonifiq_desktop.domain.connections import ConnectionStatus
from bonifiq_desktop.domain.rewards import AvailableRewards, Basket
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import FindRewards, Outcome, Status

_PAUSE_MS = 400
"""Pause in typing before the rewards are asked: each digit of a total would be a request."""


class RewardQuery(QObject):
    """Asks for the rewards of the last basket. Only the answer to the last request counts.

    `found` or `error`: the answer; both None while it is awaited. `changed`: one of them, or the basket, changed.
    """

    changed = Signal()

    def __init__(self, client: WorkerClient, parent: QObject) -> None:
        super().__init__(parent)
        self._client = client
        self.basket: Basket | None = None
        self.found: AvailableRewards | None = None
        self.error: Exception | None = None
        self._request_id = 0
        self._was_online = True
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        client.statusChanged.connect(self._status_changed)

    def show_basket(self, basket: Basket | None) -> None:
        """Ask for a changed basket after a pause. An answer to an older basket is dropped."""
        if basket != self.basket:
            self._begin(basket)
            if basket is not None:
                self._pause.start()

    def ask_again(self) -> None:
        """Ask for the same basket at once."""
        self._begin(self.basket)
        if self.basket is not None:
            self._ask()

    def _begin(self, basket: Basket | None) -> None:
        self._pause.stop()
        self._request_id = 0
        self.basket, self.found, self.error = basket, None, None
        self.changed.emit()

    @Slot()
    def _ask(self) -> None:
        if self.basket is not None:
            self._request_id = self._client.submit(FindRewards(self.basket), self._received)

    def _received(self, outcome: Outcome[AvailableRewards]) -> None:
        if outcome.request_id == self._request_id:
            self.found, self.error = outcome.value, outcome.error
            self.changed.emit()

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        """Ask again when the line is back."""
        is_online = status.connection is ConnectionStatus.ONLINE
        came_back, self._was_online = is_online and not self._was_online, is_online
        if came_back and self.error is not None:
            self.ask_again()
