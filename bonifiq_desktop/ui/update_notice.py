"""Notice of a newer version, in the side bar."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class UpdateNotice(QLabel):
    """Shown while the worker reports a newer release, until the user dismisses it.

    The settings page says where to get the release (`ui/settings/updates_card.py`).
    """

    def __init__(self, client: WorkerClient) -> None:
        super().__init__()
        self.setObjectName("updateNotice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()
        self._newer: Release | None = None
        self._dismissed: Release | None = None
        client.statusChanged.connect(self._show_status)

    @Slot(object)
    def _show_status(self, status: Status) -> None:
        self._newer = status.newer_release
        if self._newer is not None:
            self.setText(self.tr("Versão nova: {0}\nVeja Ajustes (F9).").format(self._newer.name))
        self.setVisible(self._newer not in {None, self._dismissed})

    def dismiss(self) -> None:
        """Hide the notice until the next start: the settings page was opened."""
        self._dismissed = self._newer
        self.hide()
