"""Save a form's unfinished input on disk, shortly after each change."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import LoadDraft, Outcome, SaveDraft

_PAUSE_MS = 300


class DraftKeeper(QObject):
    """Saves `read()` after changes. Passes the stored draft to `restore` once, unless input came first."""

    def __init__(
        self,
        client: WorkerClient,
        screen: str,
        read: Callable[[], dict[str, Any]],
        restore: Callable[[dict[str, Any]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._screen = screen
        self._read = read
        self._restore = restore
        self._is_edited = False
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._save)
        client.submit(LoadDraft(screen), self._loaded)

    @Slot()
    def changed(self) -> None:
        self._is_edited = True
        self._timer.start()

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._save()

    def discard(self) -> None:
        """Delete the stored draft: its operation is registered, or was given up."""
        self._timer.stop()
        self._client.submit(SaveDraft(self._screen, {}))

    @Slot()
    def _save(self) -> None:
        self._client.submit(SaveDraft(self._screen, self._read()), self._saved)

    def _saved(self, outcome: Outcome[None]) -> None:
        self._client.draftSaved.emit(outcome.error)

    def _loaded(self, outcome: Outcome[dict[str, Any]]) -> None:
        if outcome.value and not self._is_edited:
            self._restore(outcome.value)
