"""Notice of a newer version of the program."""

from PySide6.QtCore import Slot

from bonifiq_desktop.domain.updates import Release
from bonifiq_desktop.ui.widgets.banner import Notice
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class UpdateNotice(Notice):
    """Shows the newer version that the worker's status names, and how to install it."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__("settingsUpdateNotice")
        self._announced: Release | None = None
        client.statusChanged.connect(self._show_release)

    @Slot(object)
    def _show_release(self, status: Status) -> None:
        release = status.newer_release
        if release == self._announced:
            return
        self._announced = release
        if release is None:
            self.clear()
            return
        day = f"{release.published:%d/%m/%Y}"
        self.say(
            "info",
            self.tr("Há uma versão nova do programa: {0}, de {1}.").format(release.name, day),
            self.tr("Nada muda sozinho: o programa não baixa nem instala nada."),
            self.tr("Para instalar, feche o programa e siga: {0}").format(release.page),
        )
