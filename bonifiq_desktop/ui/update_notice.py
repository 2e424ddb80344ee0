"""That a newer version exists, said quietly: in the side bar, where it covers nothing and moves nothing."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel

from bonifiq_desktop.background.commands import Status
from bonifiq_desktop.background.worker import Desk
from bonifiq_desktop.domain.updates import Release


class UpdateNotice(QLabel):
    """Shown while the office tells of one; once read, not again until the program is started anew.

    Where to get it stands on the settings page (`ui/updates_card.py`).
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("updateNotice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.hide()
        self._told: Release | None = None
        self._read: Release | None = None
        desk.statusChanged.connect(self._follow)

    @Slot(object)
    def _follow(self, status: Status) -> None:
        self._told = status.newer
        if self._told is not None:
            self.setText(self.tr("Versão nova: {0}\nVeja Ajustes (F9).").format(self._told.name))
        self.setVisible(self._told not in {None, self._read})

    def was_read(self) -> None:
        """A person went to where it is told in full."""
        self._read = self._told
        self.hide()
