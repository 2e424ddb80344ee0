"""Banners about this PC: drafts that cannot be saved, and a wrong clock."""

from PySide6.QtCore import QObject, Slot

from bonifiq_desktop.ui.messages.errors import clock_title
from bonifiq_desktop.ui.messages.message import Message
from bonifiq_desktop.ui.widgets.banner import Banner
from bonifiq_desktop.worker.client import WorkerClient
from bonifiq_desktop.worker.commands import Status


class PcNotices(QObject):
    """Show each banner for as long as its condition lasts."""

    def __init__(self, client: WorkerClient, parent: QObject) -> None:
        super().__init__(parent)
        self.draft_banner = Banner("draftNotice")
        self.clock_banner = Banner("clockNotice")
        client.draftSaved.connect(self._draft_saved)
        client.statusChanged.connect(self._status_changed)

    @Slot(object)
    def _status_changed(self, status: Status) -> None:
        if status.clock_doubt is None:
            self.clock_banner.clear()
            return
        advice = self.tr("Acerte a data e a hora do computador; até lá cada venda pergunta antes de ser registrada.")
        self.clock_banner.show_message(Message("warning", clock_title(status.clock_doubt), action=advice))

    @Slot(object)
    def _draft_saved(self, error: Exception | None) -> None:
        if error is None:
            self.draft_banner.clear()
            return
        self.draft_banner.show_message(
            Message(
                "warning",
                self.tr("O que está sendo digitado não está sendo guardado neste PC."),
                self.tr("O que já foi registrado continua guardado."),
                self.tr("Termine antes de fechar o programa, e veja se o disco está cheio ou protegido."),
            )
        )
